package models

import "strconv"

// Pipeline is one way to bring changes to users: how changes are batched into
// releases, the stages a release passes, and what happens when a defect is
// found.
type Pipeline struct {
	Name       string     `json:"name"`              // key in the scenario, unique
	Title      string     `json:"title"`             // for people
	Doc        string     `json:"doc"`               // one sentence
	Batching   Batching   `json:"batching"`          //
	Stages     []Stage    `json:"stages"`            // Environments first, then at least one Ring; the last Ring reaches everyone
	Detectors  []Detector `json:"detectors"`         // everything that watches; stages refer to them by index
	Watchers   []string   `json:"watchers"`          // names of Detectors, in their order; those without one are told apart by number
	Response   Response   `json:"response"`          // what follows an alarm in production
	Fix        Fix        `json:"fix"`               // what follows a catch
	RampSlots  int        `json:"ramp_slots"`        // releases allowed between first and last ring at a time; 0 for no limit
	WatchHours float64    `json:"watch_hours"`       // how long the last ring is watched; a defect silent until then is "never detected"
	Freezes    []Freeze   `json:"freezes,omitempty"` // times in which nothing new goes out
	SkipsRamp  Quantity   `json:"skips_ramp"`        // probability that the rollout itself fails and a release meets everyone at once
	Sticky     bool       `json:"sticky"`            // true: a user stays in or out of a ring; false: each request is a new lottery
}

// Watcher is the name of detector k, or its number, counted from 1, where it has
// none.
func (p *Pipeline) Watcher(k int) string {
	if k < len(p.Watchers) {
		return p.Watchers[k]
	}
	return "detector " + strconv.Itoa(k+1)
}

// Batching says how waiting changes become a release.
type Batching struct {
	Every    int     `json:"every"`     // a release for every so many changes; 1 is continuous; 0 when another rule applies
	Cadence  float64 `json:"cadence"`   // hours between departures of a train that takes all that waits; 0 when another rule applies
	Offset   float64 `json:"offset"`    // hours after Monday 00:00 of the first departure
	WhenFree bool    `json:"when_free"` // whatever waits when the first stage has a free slot
}

// Kind tells the two sorts of Stage apart.
type Kind uint8

// The kinds of stage.
const (
	InEnvironment Kind = iota // no users: development, test, staging
	InRing                    // an audience of real users
)

// Stage is one stop on the way. A staging-gated and an audience-based pipeline
// differ only in their stages.
type Stage struct {
	Name        string      `json:"name"`
	Kind        Kind        `json:"kind"`
	Environment Environment `json:"environment"` // when Kind is InEnvironment
	Ring        Ring        `json:"ring"`        // when Kind is InRing
}

// Environment is a place without users where tests run before release.
type Environment struct {
	Slots     int        `json:"slots"`      // releases tested at a time; 0 for no limit
	Setup     Span       `json:"setup"`      // once per release
	Run       Span       `json:"run"`        // one pass of the tests, manual and automatic
	Approval  Span       `json:"approval"`   // in working hours, after a pass; zero when nobody approves
	Fidelity  Quantity   `json:"fidelity"`   // factor on a class's r: 1 is the evidence table's staging environment, 0 reproduces nothing
	ByClass   []Quantity `json:"by_class"`   // r itself for each class, overriding factor and table; nil or one per class with Value < 0 for "not stated"
	Coverage  Quantity   `json:"coverage"`   // factor on a class's c
	Flaky     Quantity   `json:"flaky"`      // probability that a pass fails for no reason and is run again
	MaxReruns int        `json:"max_reruns"` // flaky reruns after which the release goes on all the same; >= 0
}

// Ring is an audience that meets the release.
type Ring struct {
	Share    Quantity `json:"share"`    // of users (sticky) or of requests (not sticky) that have met the release by this ring; cumulative, 0..1
	Bake     Span     `json:"bake"`     // how long the ring is watched before the next; the last ring is watched for WatchHours
	Approval Span     `json:"approval"` // in working hours, before the next ring; zero when nobody approves
	Watch    []int    `json:"watch"`    // indices into Pipeline.Detectors
}

// Response is what follows an alarm in production. Harm goes on until Act is over.
type Response struct {
	Action       Action   `json:"action"`
	Automatic    bool     `json:"automatic"`     // true: no person acknowledges or decides, and the ramp is held at the alarm
	Acknowledge  Span     `json:"acknowledge"`   // alarm to somebody looking
	Decide       Span     `json:"decide"`        // looking to deciding
	WorkHours    bool     `json:"work_hours"`    // true: people look and decide in working hours only
	Act          Span     `json:"act"`           // decided to the end of the exposure
	Fails        Quantity `json:"fails"`         // probability that a rollback or a switch does not work; exposure then lasts until a repair has passed the environments
	Responders   int      `json:"responders"`    // incidents that people can answer at a time; others wait; 0 for no limit
	FalseRetries int      `json:"false_retries"` // false alarms of one change that are rolled back; the next one is looked at and dismissed
}

// Action is how an exposure is ended.
type Action uint8

// The actions.
const (
	Rollback    Action = iota // the whole release goes back to zero
	KillSwitch                // only the change at fault is switched off
	RollForward               // the ramp halts; a fix travels the pipeline's environments first, with priority
)

// Fix is the way back of a change that was caught.
type Fix struct {
	Effort         Span     `json:"effort"`          // working hours to repair it
	LateMultiplier Quantity `json:"late_multiplier"` // factor on Effort when found in production; 1 by default (Menzies et al. 2017)
	Hotfix         bool     `json:"hotfix"`          // true: repaired changes have priority in every queue
	Rerun          bool     `json:"rerun"`           // true: after a catch the rest of the release is tested again
}
