// Package study turns a Plan into a Study: it runs every alternative of a Case
// on the same changes and the same defects, reduces the outcomes to summaries
// and comparisons, and keeps everything that a report needs.
//
// It refuses to know files, YAML, the command line, the wall clock and how a
// result looks.
package study

import "github.com/rollrisk/rollrisk/models"

// Plan is the whole question, ready to be run: a plain value.
type Plan struct {
	About      About       // what is asked, for people
	Case       models.Case // what is simulated
	Seed       uint64      // of every stream
	Changes    int         // counted changes in all, >= 1; rounded up to whole periods
	Precision  float64     // stop early when the relative error of the main mean is below it; 0 for never
	Level      float64     // of intervals, e.g. 0.9
	Gates      []Gate      // what the answer must hold
	Confidence float64     // with which no gate is decided wrongly, between 0 and 1
	Budget     int         // changes that may be simulated to decide the gates; 0 for Changes and no more
	Targets    Targets     // the organisation's own figures, to be met before anything is compared
	Inputs     []Input     // every input with its provenance, in the order of the scenario
	Excluded   []string    // what is not modelled, in sentences
	Command    string      // the command line that repeats the study
	Version    string      // of the program
}

// About tells people what the question is.
type About struct {
	Name     string `json:"name"`               // key, e.g. "checkout"
	Title    string `json:"title"`              // one line
	Question string `json:"question,omitempty"` // one or two sentences
	File     string `json:"file,omitempty"`     // name of the scenario file or library scenario
	Text     string `json:"text"`               // the scenario as it was read
}

// Provenance says where a number comes from.
type Provenance string

// The provenances, best first.
const (
	Measured   Provenance = "measured"   // in the organisation itself
	Elicited   Provenance = "elicited"   // asked of people who should know
	Cited      Provenance = "cited"      // published; Source says where
	Assumption Provenance = "assumption" // nobody knows; a guess
)

// Input is one number of the question with its provenance.
type Input struct {
	Path       string     `json:"path"`             // address in the scenario, e.g. "service.users"
	Label      string     `json:"label"`            // for people
	Value      string     `json:"value"`            // as written, e.g. "35% to 60%"
	Doubt      string     `json:"doubt"`            // "known", "unknown" (a 90 % interval) or "varies"
	Provenance Provenance `json:"provenance"`       //
	Source     string     `json:"source,omitempty"` // citation, or why this was assumed
	Default    bool       `json:"default"`          // true when the scenario is silent and this is the tool's own default
}
