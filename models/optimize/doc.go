// Package optimize looks for the best ring plan: how many rings, which shares, how long
// each is watched, in which of several frames (with or without staging, at one threshold or
// another). Where a plan has an analytic twin, that is searched first; every plan that is
// recommended was simulated, on the same chance as those that it was chosen from.
//
// It refuses to know how a question is written, how the answer looks, and the machine.
package optimize

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Objective is what is made small.
type Objective string

// The objectives.
const (
	Cost     Objective = "cost"     // mean cost of a change
	Tail     Objective = "tail"     // mean cost of the worst 5 % of changes (Rockafellar and Uryasev, "Optimization of conditional value-at-risk", 2000)
	Weighted Objective = "weighted" // speed, quality and risk, each against the stated plan
)

// Weights weigh lead time, defects that nobody notices, and users affected.
type Weights struct {
	Speed   float64 `json:"speed"`   // 0 or more
	Quality float64 `json:"quality"` // 0 or more
	Risk    float64 `json:"risk"`    // 0 or more
}

// Limits are what a plan must hold; 0 for no limit.
type Limits struct {
	Hours float64 `json:"hours,omitempty"` // mean lead time of a change, hours
	Users float64 `json:"users,omitempty"` // 95 % quantile of the users affected by a change that carries a defect
	False float64 `json:"false,omitempty"` // share of releases that a false alarm takes back, 0..1
}

// Frame is everything about an alternative but its rings.
type Frame struct {
	Name     string                                       // of the alternative, and of what else was tried
	Pipeline int                                          // index of the alternative in the plans
	Stated   analytic.RingPlan                            // the rings it has; the last bake has no meaning
	Realise  func(analytic.RingPlan) (*study.Plan, error) // the question with other rings
}

// Question is what is asked.
type Question struct {
	Frames   []Frame // one or more; the first one's stated plan is the reference of weights
	Minimise Objective
	Weights  Weights
	Limits   Limits
	Changes  int                   // simulated for each plan of the first round, 1 or more
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many plans of the first round are done; nil for nobody
}

// Plan is one ring plan in its frame, and what it does.
type Plan struct {
	Role   string            `json:"role"` // "best", "stated", "regret", the name of a published ramp, or empty
	Frame  string            `json:"frame"`
	Rings  analytic.RingPlan `json:"rings"`
	Score  Score             `json:"score"`
	Breaks []string          `json:"breaks"` // limits that it does not hold
	Versus *Versus           `json:"versus,omitempty"`
	Regret *Regret           `json:"regret,omitempty"`
}

// Score is what a plan does, over the changes that were simulated with it.
type Score struct {
	Value  float64 `json:"value"`  // of the objective; in currency for cost and tail
	Error  float64 `json:"error"`  // standard error of Value
	Cost   float64 `json:"cost"`   // mean of a change, in currency
	Users  float64 `json:"users"`  // mean number affected by a change
	High   float64 `json:"high"`   // 95 % quantile of the users affected by a change with a defect
	Hours  float64 `json:"hours"`  // mean lead time, hours
	Never  float64 `json:"never"`  // defects that reach users and that nobody notices, a change
	False  float64 `json:"false"`  // share of releases taken back for nothing, 0..1
	Number int     `json:"number"` // changes simulated
	stuck  bool
	tail   float64 // 95 % quantile of the cost
}

// Versus is a plan against the best one, replication by replication on the same chance.
type Versus struct {
	More  float64 `json:"more"`  // Value less that of the best
	Error float64 `json:"error"` // standard error of More
}

// Regret is what a plan gives away against the best of the finalists, over worlds in
// each of which every doubted input has one value.
type Regret struct {
	Mean  stat.Number `json:"mean"`  // of Value over the worlds, 0 or more; inf where it does not keep up in one
	Worst stat.Number `json:"worst"` // in the world that is worst for it
}

// Schema names the form of Answer in JSON. It changes when a reader of the old form would
// misread the new one.
const Schema = "rollrisk.optimize/1"

// Answer is what was found.
type Answer struct {
	Schema    string    `json:"schema"`
	Name      string    `json:"name"` // of the scenario
	Minimise  Objective `json:"minimise"`
	Weights   Weights   `json:"weights"`
	Limits    Limits    `json:"limits"`
	Currency  string    `json:"currency"`
	Tried     int       `json:"tried"`               // plans simulated
	Twins     int       `json:"twins"`               // plans that the analytic twin looked at
	Twinless  []string  `json:"twinless"`            // frames without a twin, and why
	Skipped   []string  `json:"skipped"`             // frames whose rings cannot be chosen, and why
	Plans     []Plan    `json:"plans"`               // the best first, then regret, stated and published ones
	Front     []Plan    `json:"front"`               // no plan of the first round beat one of them in both lead time and value; the quickest first, eight at most, told from new chance
	Binding   []string  `json:"binding"`             // limits without which another plan would have won
	Stuck     []string  `json:"stuck"`               // published ramps that do not keep up with the changes, in the frame of the best plan
	Proven    bool      `json:"proven"`              // the selection came to its end: the best is within Zone of the best finalist at 95 %
	Zone      float64   `json:"zone"`                // difference of Value that is worth telling
	Finalists int       `json:"finalists"`           // plans in the selection
	Worlds    int       `json:"worlds"`              // drawn for regret; 0 where nothing is in doubt
	Equal     int       `json:"equal"`               // observations a finalist would have cost with equal numbers, by Rinott's procedure
	Spent     int       `json:"spent"`               // observations all finalists did cost
	Diff      string    `json:"diff,omitempty"`      // change of a manifest that makes its steps the best plan, where one was asked about
	Unwritten string    `json:"unwritten,omitempty"` // why there is no such change
}

// errNone says that no plan holds the limits.
type errNone struct{ nearest string }

func (e errNone) Error() string {
	return fmt.Sprintf("no plan that was tried holds all limits; nearest comes %s", e.nearest)
}
