package section

import (
	"fmt"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// What the answer rests on stands under the headline of the page, where it
// needs no title, and at the end of the terminal's text.
var (
	basis = Section{
		Name:   "basis",
		Medium: reports.PageOnly,
		Doc:    "How many inputs were measured and how many are guesses, and how far the simulation itself can be trusted.",
		Build:  func(s *study.Study) []reports.Block { return view{s}.footing() },
	}
	rests = Section{
		Name:   "rests",
		Title:  "What it rests on",
		Medium: reports.TerminalOnly,
		Doc:    basis.Doc,
		Build:  basis.Build,
	}
)

func (v view) footing() []reports.Block {
	return []reports.Block{paragraph(reports.Note, v.basis()), paragraph(reports.Note, v.doubt())}
}

// provenances are the kinds of provenance, best first, with the words for them.
func provenances() [4]struct {
	kind  study.Provenance
	words string
} {
	return [4]struct {
		kind  study.Provenance
		words string
	}{
		{study.Measured, "measured"}, {study.Elicited, "asked of people who should know"},
		{study.Cited, "published elsewhere"}, {study.Assumption, "assumed"},
	}
}

// provenance counts the inputs by where they come from.
func (v view) provenance() reports.Text {
	var parts []reports.Text
	for _, p := range provenances() {
		n := 0
		for _, in := range v.Inputs {
			if in.Provenance == p.kind {
				n++
			}
		}
		if n > 0 {
			share := value{stat.Number(float64(n) / float64(len(v.Inputs))), 0.01, number.Share, fmt.Sprintf("count(inputs.provenance=%s) / len(inputs)", p.kind)}
			parts = append(parts, reports.Say("{} {} ({})", whole(n, fmt.Sprintf("count(inputs.provenance=%s)", p.kind)), p.words, share.say()))
		}
	}
	return reports.Say("{}: {}.", counted(len(v.Inputs), "input", "len(inputs)"), reports.Join(parts, ", ", ", "))
}

// basis is what the headline rests on.
func (v view) basis() reports.Text {
	if len(v.Inputs) == 0 {
		return reports.Words("The study does not say where its inputs come from.")
	}
	n := 0
	for _, in := range v.Inputs {
		if in.Doubt == "unknown" {
			n++
		}
	}
	t := reports.Say("It rests on {}", v.provenance())
	if n == 0 {
		return append(t, reports.Words(" All of them are taken as exactly known, so the spread shown is luck alone.")...)
	}
	return append(t, reports.Say(" A range, because nobody knows better: {} of them. Each replication draws its own value from a range, so that this doubt is part of the spread.",
		whole(n, "count(inputs.doubt=unknown)"))...)
}
