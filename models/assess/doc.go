// Package assess says what a rollout that somebody really runs would catch, how late,
// and how many users it would hurt first, and what in its configuration to change.
//
// A Rollout is a configuration as its controller understands it, with the place of
// every key in its file. Assess sends releases with defects of several sizes through
// it and looks for what Rules know: an Assessment has a Table and Findings.
//
// Analyses are judged by the machines of package rollout, which repeat the controllers.
// Where the looks at a release share no request, the probabilities are exact: a small
// chain over the failures so far. Where they do, releases are drawn and the machines
// are driven.
//
// The package refuses to know YAML, files and the form of an answer.
package assess

// Place is where something stands in a file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // from 1; 0 where there is no file
	Column int    `json:"column"` // from 1
}

// Spot is where one key of a configuration stands, with all that an edit needs.
type Spot struct {
	Place        // of the key; of an item of a list, its first key
	Value Place  // of the value
	Text  string // the value as written, where it is a word on one line; else empty
	Last  int    // line on which the value ends
}

// Spots are the keys of one group by name; the empty name is the group itself.
type Spots map[string]Spot

// At is where a key stands, or the group where the key is not written.
func (s Spots) At(key string) Spot {
	if spot, ok := s[key]; ok {
		return spot
	}
	return s[""]
}

// Has says whether a key is written.
func (s Spots) Has(key string) bool { _, ok := s[key]; return ok }

// Severity says how much a Finding matters.
type Severity string

// The severities, worst first.
const (
	Bad     Severity = "error"   // the rollout does not do what it is there for
	Doubt   Severity = "warning" // it does so badly, or not for every defect
	Worth   Severity = "note"    // worth knowing
	nothing Severity = ""
)

// Edit is one change of a file: on Line, the text Old, which begins at Column, becomes
// New; or, where Old is empty, the lines of Insert follow Line.
type Edit struct {
	File   string   `json:"file"`
	Line   int      `json:"line"`
	Column int      `json:"column,omitempty"`
	Old    string   `json:"old,omitempty"`
	New    string   `json:"new,omitempty"`
	Insert []string `json:"insert,omitempty"`
}

// Finding is one thing that a configuration does not do as it seems to.
type Finding struct {
	Rule     string   `json:"rule"`     // stable id, such as RR-A001
	Title    string   `json:"title"`    // of the rule
	Severity Severity `json:"severity"` // at most that of the rule
	Rollout  string   `json:"rollout"`  // name of the rollout
	Place    Place    `json:"place"`    // the line to look at
	Evidence string   `json:"evidence"` // one sentence, in natural frequencies where there are any
	Advice   string   `json:"advice,omitempty"`
	Edits    []Edit   `json:"edits,omitempty"` // the smallest change that mends it; none where it takes a decision
}
