package scenarios

import (
	"github.com/rollrisk/rollrisk/models/study"
	"go.yaml.in/yaml/v4"
)

// Key is one key of the format. The decoder, the faults, the JSON schema, the
// reference and the table of inputs are all made from it, so that they cannot
// disagree.
type Key struct {
	Name     string
	Label    string // for people, in the table of inputs; Name where empty
	Doc      string // what it means, in one or two sentences
	Type     Type   // what may stand there
	Required bool
	Default  string // what silence means, as a scenario would write it; empty when silence means absence
	Basis    Basis  // where the default comes from
	Stated   string // why a value is what it is, when a scenario states it and does not say; empty when only the scenario could
	Example  string // as a scenario would write it; empty where the type's own will do
}

// Basis says where a number comes from.
type Basis struct {
	Provenance study.Provenance // study.Assumption where empty
	Source     string           // a citation, or why this was assumed
}

// assumed is the Basis of a guess.
func assumed(why string) Basis { return Basis{Provenance: study.Assumption, Source: why} }

// cited is the Basis of a published number.
func cited(source string) Basis { return Basis{Provenance: study.Cited, Source: source} }

// Type says what may stand at a place of a scenario. The types are Version, Text, Flag,
// Choice, Phrase, Number, Measured, Either, Mapping, Named, List and Variants.
type Type interface {
	// decode reads a node into e and tells the faults. It never fails.
	decode(d *decoder, n *yaml.Node, e *entry)
	// absent fills e where the scenario is silent.
	absent(d *decoder, e *entry)
	// schema is the type as a JSON schema.
	schema(s *schemaWriter) object
}

// Mapping is a group of known keys.
type Mapping struct {
	Keys    []Key
	Sourced bool // it may say once, with `provenance` and `source`, where the values in it come from
}

// Named is a group of things with names of the user's choice.
type Named struct {
	Of    Type   // of each thing
	Known []Key  // things that are there without being written, each with a type of its own
	What  string // "environment", "alternative" ...
	Min   int
	Max   int
}

// List is a sequence of things.
type List struct {
	Of   Type
	What string // "stage", "number" ...
	Min  int
	Max  int
}

// Variants is a mapping that comes in several kinds.
type Variants struct {
	Key string // the key whose word names the kind; empty when each kind is known by its first key
	Of  []Variant
}

// Variant is one kind of a Variants.
type Variant struct {
	Name string // the word; or the first of Keys
	Doc  string
	Keys []Key // without Variants.Key
}

// Either is a word or a list.
type Either struct {
	Word Type
	List List
}

// Text is free text; runs of white space count as one space.
type Text struct {
	Max  int  // characters
	Name bool // it is a name: small letters, digits, - and _
}

// Version is the version of the format.
type Version struct{}

// Flag is yes or no.
type Flag struct{}

// Choice is one of several words.
type Choice struct {
	Words []Word
}

// Word is one word of a Choice.
type Word struct {
	Name string
	Doc  string
}

// Phrase is a short sentence in one of several forms.
type Phrase struct {
	Wants string // what a fault asks for
	Forms []Form
}

// Form is one form of a Phrase.
type Form struct {
	Example string
	Doc     string
	Pattern string // regular expression of the whole text, without anchors
}

// Number is an amount with a unit. It may be in doubt.
type Number struct {
	Unit     Unit
	Min, Max float64 // in the base of the unit; both are allowed
	Above    bool    // Min itself is not allowed
	Whole    bool
	Zero     string // a word for 0, such as "none"; empty when there is none
	Doubts   Doubts
}

// Doubts says in which ways a Number may be in doubt.
type Doubts uint8

// The ways.
const (
	NoDoubt  Doubts = iota // it must be known
	MayDoubt               // it may be an interval: nobody knows it exactly
	MayVary                // it may also differ at each use
)

// keyNames lists the names of keys.
func keyNames(keys []Key) []string {
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].Name
	}
	return names
}

// overriding are the same keys where they only change what stands elsewhere:
// none is required and silence means no change.
func overriding(keys []Key) []Key {
	keys = append([]Key(nil), keys...)
	for i := range keys {
		keys[i].Required, keys[i].Default, keys[i].Basis = false, "", Basis{}
	}
	return keys
}
