// Package detector holds the ways of noticing a bad release while users meet
// it: hazards, counters of errors and complaints, windows with a threshold.
//
// It refuses to know files and YAML, pipelines, what follows an alarm and what
// harm costs. A monitor sees the Window it is handed and its own stream of
// chance, nothing else; no request is ever drawn.
package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
)

// Kind is one way of noticing, with all that a decoder, a schema and a page of
// reference need to know about it.
type Kind struct {
	Name    string                                  // what a scenario writes, e.g. "threshold-window"; unique
	Title   string                                  // for people, lower case
	Doc     string                                  // what it does, what it counts and when it rings; whole sentences
	Example string                                  // lines "name: value" in the units of a scenario, the first of them "kind: ..."
	Params  []Param                                 // everything that New looks at, in the order of the reference
	New     func(v Values) (models.Detector, error) // one detector; the error is a list of Faults (see Faults)
}

// Param is one number, choice or switch of a Kind.
type Param struct {
	Name     string
	Doc      string   // what it means, in one or two sentences
	Unit     Unit     // decides how a scenario writes it
	Required bool     // a scenario must state it; Default says nothing then
	Default  float64  // used where a scenario is silent, in the measure of Unit; of no meaning for a Choice
	Min, Max float64  // both allowed; of no meaning for Bool and Choice
	Choices  []string // the words allowed for a Choice, the default first
	Source   string   // where the default comes from: a citation, or "assumption"; empty when Required
}

// Unit is how a Param is measured.
type Unit string

// The units, and what Values holds for them.
const (
	Rate     Unit = "rate"     // events per hour
	Share    Unit = "share"    // a probability or a part of a whole, 0..1
	Duration Unit = "duration" // hours
	Count    Unit = "count"    // a whole number
	Plain    Unit = "number"   // a number without a unit
	Bool     Unit = "bool"     // 0 or 1
	Choice   Unit = "choice"   // a word, kept in Values.Choices
)

// The largest values that a scenario can ask for; they bound memory and time.
const (
	maxCount = 1000             // failures, reports, errors, intervals of a window
	maxHours = 10 * 365.25 * 24 // ten years
)

// hours turns engine time into hours.
func hours(d time.Duration) float64 { return float64(d) / float64(time.Hour) }

// span turns hours into engine time, to the nearest nanosecond, so that 5
// minutes are 5 minutes although 5/60 is no binary number. hours must be
// between 0 and 100 years.
func span(hours float64) time.Duration {
	return time.Duration(math.Floor(float64(hours*float64(time.Hour)) + 0.5))
}

// nothing is the Verdict of a monitor that heard no alarm.
var nothing = models.Verdict{Finding: models.Continue, Signal: -1}

// streamName names the chance of a detector: after its kind, which is a cause,
// and its label, so that two detectors of a kind are not one.
func streamName(kind, label string) string {
	if label == "" {
		return "detect/" + kind
	}
	return "detect/" + kind + "/" + label
}
