package study

import "github.com/rollrisk/rollrisk/sim/stat"

// SchemaVersion names the form of a Study in JSON. It changes when a reader
// of the old form would misread the new one.
const SchemaVersion = "rollrisk.study/1"

// Study is the answer: everything that a report says comes from here. It is a
// plain value, and its JSON is the same bytes for the same Plan whatever the
// number of workers or shards.
type Study struct {
	Schema       string         `json:"schema"`
	Version      string         `json:"version"` // of the program
	Command      string         `json:"command"` // that repeats the study
	Seed         uint64         `json:"seed"`
	About        About          `json:"about"`
	Currency     string         `json:"currency"` // printed before amounts
	Size         Size           `json:"size"`
	Level        float64        `json:"level"`                 // of every interval, e.g. 0.9
	Metrics      []Metric       `json:"metrics"`               // what is measured, in the order of the tables
	Alternatives []Alternative  `json:"alternatives"`          // the first is the baseline
	Comparisons  []Comparison   `json:"comparisons"`           // one for each alternative but the baseline, in order
	Calibration  *Calibration   `json:"calibration,omitempty"` // to the organisation's own figures, where it states some
	Gates        *Gates         `json:"gates,omitempty"`       // what the scenario demands of the answer, where it does
	Stories      []Story        `json:"stories,omitempty"`     // of single changes: the middle case, bad luck, and one where the alternative that does worse does better
	BreakEvens   []BreakEvens   `json:"break_evens,omitempty"` // where single inputs turn the answer round, when that was looked for; one for each rival of the best
	Map          *Regions       `json:"map,omitempty"`         // where the answer flips over two inputs, when that was looked for
	Worth        *Worth         `json:"worth,omitempty"`       // of knowing better what is stated as a range, where something is and everything has a price
	Inputs       []Input        `json:"inputs"`
	Excluded     []string       `json:"not_modelled"`
	Warnings     []stat.Warning `json:"warnings"`
}

// Calibration is how the inputs were made to reproduce the organisation's own figures.
type Calibration struct {
	Alternative int   `json:"alternative"` // index of the present pipeline
	Fits        []Fit `json:"fits"`        // one for each figure stated
}

// BreakEvens says at which value of a single input, all others as stated, the answer is
// turned round.
type BreakEvens struct {
	Best    int              `json:"best"`    // index of the alternative that does best
	Rival   int              `json:"rival"`   // index of the one that it is held against
	Changes int              `json:"changes"` // simulated at each value
	Factor  float64          `json:"factor"`  // each input was taken from a Factor-th of what is stated to Factor times it; of a share the odds
	Users   BreakEvenOf      `json:"users"`   // of how often Best hurts fewer users
	Cost    BreakEvenOf      `json:"cost"`    // of what a change costs on average
	Inputs  []BreakEvenInput `json:"inputs"`  // all that were tried, the nearest flips first
}

// BreakEvenOf is what the inputs are asked about.
type BreakEvenOf struct {
	Known bool        `json:"known"` // at the stated inputs one of the two is visibly ahead
	Ahead int         `json:"ahead"` // index of the alternative that is
	By    stat.Number `json:"by"`    // wins less losses, 0..1, or the cost of a change
	Flips int         `json:"flips"` // inputs that turn it round
}

// BreakEvenInput is one input, or one of every class of defects, and what turning it does.
type BreakEvenInput struct {
	Path  string  `json:"path"`  // address in the scenario
	Label string  `json:"label"` // for people
	Value string  `json:"value"` // as stated
	Unit  string  `json:"unit"`  // of the numbers below: "hours", "share", "money", "count", "plain", "per hour" or "per week"
	At    float64 `json:"at"`    // what is stated: the middle of what is in doubt
	Low   float64 `json:"low"`   // the ends of an interval that nobody knows better, else At
	High  float64 `json:"high"`  // the upper one
	From  float64 `json:"from"`  // least value that could be tried
	To    float64 `json:"to"`    // largest
	Users []Flip  `json:"users,omitempty"`
	Cost  []Flip  `json:"cost,omitempty"`
}

// Flip is a value at which another alternative comes to be ahead.
type Flip struct {
	At    float64 `json:"at"`    // in the unit of the input
	Low   float64 `json:"low"`   // least value that the simulation error, at the level of the study, leaves possible
	High  float64 `json:"high"`  // largest such value
	Above bool    `json:"above"` // the other one is ahead above it, not below
	Step  float64 `json:"step"`  // logarithm of the factor from what is stated, of a share of the odds; its size is how far away the flip is
}

// Size says how much was simulated.
type Size struct {
	Changes      int `json:"changes"`           // counted changes, the same for every alternative
	Defective    int `json:"defective_changes"` // of those, the ones that carry at least one defect
	Defects      int `json:"defects"`
	Replications int `json:"replications"`
	PerPeriod    int `json:"changes_per_replication"`
}

// Metric is what is measured: name, unit and meaning.
type Metric struct {
	Name   string `json:"name"`   // stable key, e.g. "users_affected"
	Title  string `json:"title"`  // for people, e.g. "users affected"
	Unit   string `json:"unit"`   // "users", "requests", "minutes", "hours", "share", "money", "per_week", "releases"
	Better string `json:"better"` // "lower", "higher" or "neither"
	Per    string `json:"per"`    // what one value belongs to: "change", "defective_change", "defect", "period"
	Form   string `json:"form"`   // "amount", "event" (0 or 1: the mean is a share) or "ratio" (only the mean is given)
	Doc    string `json:"doc"`    // definition, one or two sentences
}

// Alternative is what happened in one pipeline.
type Alternative struct {
	Name      string         `json:"name"`
	Title     string         `json:"title"`
	Doc       string         `json:"doc,omitempty"`
	Stages    []StageInfo    `json:"stages"`
	Detectors []string       `json:"detectors"`
	Summaries []stat.Summary `json:"summaries"`  // one for each Metric, in order
	Stops     []Stop         `json:"stops"`      // where 1,000 defects were stopped
	Noticed   []Notice       `json:"noticed"`    // by which detector; one for each, in order
	Exceed    []ExceedCurve  `json:"exceedance"` // one for each exceedance metric
	Dots      []stat.Number  `json:"dots"`       // users affected by a defective change: 50 quantiles, each 1 change in 50
	GivenUp   float64        `json:"given_up"`   // share of the replications that were given up, since it could not keep up; 0..1
	Behind    float64        `json:"behind"`     // of the changes that arrive, the share that is added to those on their way, where that is more than chance; else 0
	Survival  stat.Survival  `json:"survival"`   // hours from first exposure to the alarm, over defects that showed to users
	Exposure  Exposure       `json:"exposure"`   // who is on a defective release, over time
}

// StageInfo names a stage for people.
type StageInfo struct {
	Name  string  `json:"name"`
	Kind  string  `json:"kind"`  // "environment" or "ring"
	Share float64 `json:"share"` // of a ring, 0..1, at the middle of its interval; 0 for an environment
}

// Stop says how many of 1,000 defects ended in one place. The stops of an
// alternative add up to 1,000 but for rounding.
type Stop struct {
	Where       string  `json:"where"`        // name of a stage; "never" (noticed by nobody); "harmless" (never showed); "pending" (the pipeline could not keep up)
	Kind        string  `json:"kind"`         // "environment", "ring", "never", "harmless" or "pending"
	PerThousand float64 `json:"per_thousand"` // defects
}

// Notice says for which share of the defects that showed to users a detector was
// the first to ring. What is left was noticed by nobody.
type Notice struct {
	By    string  `json:"by"`    // name of the detector
	Share float64 `json:"share"` // of the defects, 0..1
}

// ExceedCurve is the probability that one value of a metric exceeds x.
type ExceedCurve struct {
	Metric string      `json:"metric"` // name of a Metric
	Curve  stat.Curve  `json:"curve"`
	Doubt  []DoubtBand `json:"doubt,omitempty"` // of cost_period, where something is stated as a range and there are worlds enough: one for each point of Curve
}

// DoubtBand is where a probability lies in the middle nine of ten of the worlds that the
// ranges of the scenario allow; within each there is luck alone.
type DoubtBand struct {
	X    float64 `json:"x"`    // as in the curve
	Low  float64 `json:"low"`  // 0..1
	High float64 `json:"high"` // 0..1
}

// Exposure is the share of the users who are on a release with a live defect of a
// change, over the time since the change was ready: at each time its mean and quantiles
// over the first defective changes of the study, each time by itself. A defect that
// nobody notices stays with its users.
type Exposure struct {
	Changes int             `json:"changes"` // defective changes it is made of: the first ones, at most 1,000, without those that were given up
	Reached float64         `json:"reached"` // share of them that any user was on by the last of the hours, 0..1
	Left    float64         `json:"left"`    // share of them that users are on at the last of the hours, 0..1
	Points  []ExposurePoint `json:"points"`  // hours rise, the same for every alternative; until 99 % of the changes of each move no more, 1 day at least and 1 year at most; none without changes
}

// ExposurePoint is an Exposure at one time.
type ExposurePoint struct {
	Hours float64 `json:"hours"` // since the change was ready
	Mean  float64 `json:"mean"`  // share of users (of requests, where each is routed afresh), 0..1
	P5    float64 `json:"p5"`    // that 5 % of the changes do not exceed, 0..1
	P25   float64 `json:"p25"`   // the same of 25 %, 0..1
	P50   float64 `json:"p50"`   // the same of 50 %, the middle case, 0..1
	P75   float64 `json:"p75"`   // the same of 75 %, 0..1
	P95   float64 `json:"p95"`   // the same of 95 %, 0..1
}

// Comparison sets one alternative against the baseline.
type Comparison struct {
	Alternative int               `json:"alternative"` // index; the baseline is 0
	Differences []stat.Comparison `json:"differences"` // one for each Metric: alternative minus baseline, on common random numbers
	Contests    []Contest         `json:"contests"`
}

// Contest counts how often the alternative does better than the baseline for
// the same defective change: same causes, independent luck.
type Contest struct {
	Metric   string       `json:"metric"`   // name of a Metric
	Coupling string       `json:"coupling"` // in words: which chance the pairs share
	Overall  stat.Contest `json:"overall"`
	ByClass  []ClassCount `json:"by_class"` // the same, by the class of the change's first defect
}

// ClassCount is a contest among the changes whose first defect is of a class.
type ClassCount struct {
	Class  string `json:"class"`
	Pairs  int    `json:"pairs"`
	Wins   int    `json:"wins"`   // the alternative is better
	Losses int    `json:"losses"` // the baseline is better
	Ties   int    `json:"ties"`
}

// Coupling is how the pairs of a Contest are drawn; it is printed beside each.
const Coupling = "same changes and same defects, independent luck (test draws, alarms, response times)"
