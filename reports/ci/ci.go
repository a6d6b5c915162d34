// Package ci writes the verdict on the gates of scenarios in the forms that the machines
// of continuous integration read, one form a file; all.go lists them. The same studies
// give the same bytes.
//
// It refuses to simulate, to decide (the studies say what passes), and to know which
// exit code a verdict has.
package ci

import (
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Format is one form of a verdict.
type Format struct {
	Name  string // as in -o
	Doc   string // who reads it
	Write func(w io.Writer, r Result) error
}

// Result is what is written: studies of scenarios with gates.
type Result struct {
	Studies []*study.Study
	// Undecided is what a gate that is undecided counts as; GateUndecided where empty.
	Undecided study.GateState
}

// Named is the form of that name.
func Named(name string) (Format, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// item is one gate with the words for it.
type item struct {
	study   *study.Study
	gate    *study.GateResult
	demand  string
	finding string
}

// items are the gates of all studies in order.
func (r Result) items() []item {
	var all []item
	for _, s := range r.Studies {
		all = append(all, itemsOf(s)...)
	}
	return all
}

func itemsOf(s *study.Study) []item {
	var all []item
	if s.Gates == nil {
		return nil
	}
	for i := range s.Gates.Results {
		all = append(all, item{s, &s.Gates.Results[i], plain(section.Demand(s, i)), plain(section.Finding(s, i))})
	}
	return all
}

// counts is what a gate counts as.
func (r Result) counts(g *study.GateResult) study.GateState {
	if g.State == study.GateUndecided && r.Undecided != "" {
		return r.Undecided
	}
	return g.State
}

// State is what the gates of all studies come to: they fail when one does, and are
// undecided when one is and none fails.
func (r Result) State() study.GateState {
	all := study.GatePass
	for _, x := range r.items() {
		switch r.counts(x.gate) {
		case study.GateFail:
			return study.GateFail
		case study.GateUndecided:
			all = study.GateUndecided
		}
	}
	return all
}

// message says in one line what a gate demands and what came out.
func (x item) message() string { return x.gate.Name + ": " + x.demand + "; it is " + x.finding }

// plain turns the spaces that keep numbers together, and the typographic minus, into what
// every log shows, and drops what a log should not see.
func plain(s string) string {
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2212", "-").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// file is the name of the scenario's file as a path with slashes, from where it was given.
func file(s *study.Study) string {
	name := strings.ReplaceAll(s.About.File, `\`, "/")
	if name == "" {
		return s.About.Name
	}
	return path.Clean(name)
}

// digits are a number in full, or the words for what is none.
func digits(x stat.Number) string {
	switch f := float64(x); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "+Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	default:
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
}
