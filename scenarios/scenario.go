// Package scenarios is the written question: YAML files, the library of them,
// and the way from a file to a study.Plan. Decoding is strict, and all faults
// are told at once, each with its place, its path and a way out.
//
// One table, Format, holds every key with its unit, range, default and the
// source of the default. The decoder, the faults, the JSON schema and the table
// of inputs are made from it.
//
// It refuses to know how a case is simulated, what comes out, the file system
// and the command line.
package scenarios

import (
	"path"
	"strings"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
	"go.yaml.in/yaml/v4"
)

// Scenario is a question that was read and understood: it has no faults, and
// it can be simulated. It is never changed.
type Scenario struct {
	Name     string // short name, e.g. "checkout"
	Title    string // one line
	Question string // one or two sentences; may be empty
	Currency string // printed before amounts
	File     string // as given to Decode

	source     []byte
	root       *entry
	world      models.Case
	inputs     []study.Input
	targets    study.Targets
	changes    int     // counted changes to simulate
	level      float64 // of intervals
	gates      []study.Gate
	confidence float64 // of gates
}

// Source is the text of the scenario as it was read.
func (s *Scenario) Source() []byte { return append([]byte(nil), s.source...) }

// Decode reads a scenario. name is used in faults only, and for the name of a
// scenario that does not state one. When there are faults, all of them are
// told, in the order of the file and at most about a hundred, and the Scenario
// is nil.
//
// It takes less than a second and 200 MB for any data, however long or deep: at
// most 128 KiB, 24 levels and 20,000 values are read; aliases, merge keys, tags
// and a second document are refused.
func Decode(name string, data []byte) (*Scenario, []Fault) {
	faults := &faultList{file: name}
	if len(data) <= maxBytes {
		faults.lines = widths(data)
	}
	node := parse(data, faults)
	if node == nil {
		return nil, faults.sorted()
	}
	d := &decoder{faults: faults, currency: currencyOf(node)}
	root := &entry{at: place{1, 1}, written: true}
	Format().decode(d, node, root)
	s := &Scenario{File: name, source: append([]byte(nil), data...), root: root}
	s.build(faults)
	if all := faults.sorted(); len(all) > 0 {
		return nil, all
	}
	return s, nil
}

// currencyOf is the currency of a scenario, which must be known before the
// first amount is read.
func currencyOf(root *yaml.Node) string {
	if root.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(root.Content); i += 2 {
			if k, v := root.Content[i], root.Content[i+1]; k.Value == "currency" && v.Kind == yaml.ScalarNode && !isNull(v) {
				return v.Value
			}
		}
	}
	return "$"
}

// nameOf makes a name of the name of a file.
func nameOf(file string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/")))
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
	var b strings.Builder
	for _, r := range base {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || (r == '-' || r == '_') && b.Len() > 0 {
			b.WriteRune(r)
		}
		if b.Len() == 40 {
			break
		}
	}
	if b.Len() == 0 {
		return "scenario"
	}
	return b.String()
}

// Options says how a Scenario becomes a Plan.
type Options struct {
	Seed    uint64 // of all chance
	Changes int    // changes to simulate; 0 for what the scenario says
	Version string // of the program
	Command string // the command line that repeats the study
}

// Plan is the scenario as a question that can be run, with every default made
// explicit. It fails where the options do not fit the scenario.
func (s *Scenario) Plan(o Options) (study.Plan, []Fault) {
	changes := s.changes
	if o.Changes != 0 {
		changes = o.Changes
	}
	if changes < 1 || changes > maxChanges {
		return study.Plan{}, []Fault{{File: s.File, Line: 1, Column: 1, Path: "study.changes",
			Message: formatCount(float64(changes), "") + " changes are out of range", Hint: "between 1 and 20M can be simulated"}}
	}
	return study.Plan{
		About: study.About{Name: s.Name, Title: s.Title, Question: s.Question, File: s.File, Text: string(s.source)},
		Case:  s.world, Seed: o.Seed, Changes: changes, Level: s.level,
		Targets: s.targets, Gates: append([]study.Gate(nil), s.gates...), Confidence: s.confidence,
		Inputs: append([]study.Input(nil), s.inputs...), Excluded: excluded(&s.world),
		Command: o.Command, Version: o.Version,
	}, nil
}

// maxChanges is the most that can be simulated: about 3 GB of outcomes.
const maxChanges = 20_000_000
