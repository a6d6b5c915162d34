package scenarios

import (
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/dist"
)

// entry is one decoded place of a scenario, written or not.
type entry struct {
	path     string
	name     string // its key, or the name of a thing
	label    string // for people, with the names of the things it is in
	at       place
	key      place // of the key that it stands at, when written
	written  bool  // false: the scenario is silent
	bad      bool  // a fault has been told about it; what it holds means nothing
	isInput  bool  // a leaf that a simulation can depend on
	text     string
	input    Basis     // where the value comes from
	stated   string    // Key.Stated
	group    Basis     // where the values of the group come from that do not say so
	number   float64   // of a Number: the value, or the middle of the interval, in the base of its unit
	doubt    string    // of a Number: known, unknown or varies
	dist     dist.Dist // of a Number in doubt
	word     string    // of a Choice, a Text; "yes" or "no" of a Flag
	form     int       // of a Phrase: which form
	parts    []string  // of a Phrase: what the groups of its form hold
	variant  string    // of a Variants: the name of the kind
	children []*entry
	format   func(x float64) string // of a Number: prints one like it
	unit     Unit                   // of a Number
	whole    bool                   // of a Number: only whole ones
}

// The doubts of a Number, as study.Input names them.
const (
	known   = "known"
	unknown = "unknown"
	varies  = "varies"
)

// get is the child of that name; an absent entry when there is none, so that a
// reader need not ask.
func (e *entry) get(name string) *entry {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return &entry{path: strings.TrimPrefix(e.path+"."+name, "."), name: name, at: e.at, bad: e.bad}
}

// here reports that there is a value to read: written, or a default.
func (e *entry) here() bool { return !e.bad && (e.written || e.text != "" || len(e.children) > 0) }

// clean reports that no fault has been told about e or anything in it.
func (e *entry) clean() bool {
	if e.bad {
		return false
	}
	for _, c := range e.children {
		if !c.clean() {
			return false
		}
	}
	return true
}

// or is e when the scenario says something there, otherwise the other.
func (e *entry) or(other *entry) *entry {
	if e.written {
		return e
	}
	return other
}

// yes is the value of a Flag.
func (e *entry) yes() bool { return e.word == "yes" }

// asInput is the entry as the page shows it.
func (e *entry) asInput() study.Input {
	doubt := e.doubt
	if doubt == "" {
		doubt = known
	}
	basis := e.input
	if e.written && e.input == e.group && e.stated != "" {
		basis = Basis{Source: e.stated}
	}
	if e.written && basis == (Basis{}) {
		basis.Source = "stated without a source"
	}
	if basis.Provenance == "" {
		basis.Provenance = study.Assumption
	}
	return study.Input{Path: e.path, Label: e.label, Value: e.text, Doubt: doubt,
		Provenance: basis.Provenance, Source: basis.Source, Default: !e.written}
}
