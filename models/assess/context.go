package assess

import "time"

// Context is what the configuration does not say: the traffic and the people. It is
// a plain value; Default has one for all that nobody states.
type Context struct {
	Requests float64 `json:"requests_per_second"` // of the whole service, above 0
	Users    float64 `json:"users"`               // of the whole service, 1 or more
	Baseline float64 `json:"baseline"`            // share of requests that fail without any defect, 0..1
	Slow     float64 `json:"slow"`                // share of requests that are too slow without any defect, 0..1
	LoadTest float64 `json:"load_test"`           // requests per second that a load test sends to a release no user meets
	Matched  float64 `json:"matched"`             // share of the users whom a header matches, 0..1

	Respond time.Duration `json:"respond_ns"` // from a verdict until no user meets the release
	Person  time.Duration `json:"person_ns"`  // until somebody acts on a release that waits
	Notice  time.Duration `json:"notice_ns"`  // until people notice what nothing else has, once everybody has it
	Late    time.Duration `json:"late_ns"`    // after which a defect of the class late shows

	FalseAlarms float64 `json:"false_alarms"` // releases among which one false alarm is accepted
	Power       float64 `json:"power"`        // probability below which a defect of Size counts as not caught, 0..1
	Size        float64 `json:"size"`         // failing share of the defect that a rollout should catch, 0..1
	Seed        uint64  `json:"seed"`         // of what is drawn
}

// Provided lists the numbers of a Context by name, with the word for where a default
// comes from.
type Provided struct{ Name, Flag, Source string }

// Default is a service of middle size. Every number in it is an assumption.
func Default() Context {
	return Context{
		Requests: 50, Users: 200_000, Baseline: 0.001, Slow: 0.001, LoadTest: 10, Matched: 0.1,
		Respond: time.Minute, Person: time.Hour, Notice: 4 * time.Hour, Late: time.Hour,
		FalseAlarms: 50, Power: 0.5, Size: 0.05, Seed: 1,
	}
}

// Sources says where each default comes from, in the order of the answer.
func Sources() []Provided {
	return []Provided{
		{"requests", "--requests", "assumption: a service of middle size"},
		{"users", "--users", "assumption: 0.9 requests of a user in an hour"},
		{"baseline", "--baseline", "assumption: an objective of 99.9 % that is just met"},
		{"slow", "slow", "assumption: as many slow requests as failing ones"},
		{"load_test", "load_test", "assumption: a load test as examples have it"},
		{"matched", "matched", "assumption: a tenth of the users carries the header"},
		{"respond", "respond", "assumption: traffic has gone back a minute after the verdict"},
		{"person", "person", "assumption: somebody presses the button after an hour"},
		{"notice", "notice", "assumption: half a working day until people notice by themselves"},
	}
}

// perUser is how many requests a user makes in an hour.
func (c *Context) perUser() float64 { return float64(c.Requests * 3600 / c.Users) }
