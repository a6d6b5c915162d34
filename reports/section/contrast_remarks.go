package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// RemarkKind says what a Remark is about. The kinds never change, so that a machine knows
// a remark again.
type RemarkKind string

// The kinds of remarks.
const (
	RemarkTurned RemarkKind = "decision-turned"
	RemarkFails  RemarkKind = "gate-fails-now"
	RemarkPasses RemarkKind = "gate-passes-now"
	RemarkInput  RemarkKind = "input-changed"
	RemarkWorse  RemarkKind = "number-worse"
	RemarkBetter RemarkKind = "number-better"
	RemarkMoved  RemarkKind = "number-moved"
)

// Remark is one thing that a contrast has to say, for machines that show it on a line.
type Remark struct {
	Kind RemarkKind
	Name string // of what it is about, the same each time
	Text string // a sentence without markup
	Line int    // of the new scenario, from 1; 0 where it belongs to no line
	Col  int    // from 1; 0 where Line is
}

// Remarks are the things that a contrast has to say, what matters most first: a decision
// that turned, gates that flipped, inputs that were changed, and numbers that moved
// visibly. There is none where nothing changed.
func Remarks(c *study.Contrast) []Remark {
	v := versus{c}
	all := []Remark{}
	if c.Same {
		return all
	}
	if c.Turned {
		all = append(all, Remark{Kind: RemarkTurned, Name: "decision", Text: v.headline().Plain()})
	}
	for _, g := range c.Gates {
		switch {
		case g.Flipped && g.New == study.GateFail:
			all = append(all, Remark{RemarkFails, g.Name, reports.Say("gate {} fails now; it passed before", reports.Name(g.Name)).Plain(), g.Line, g.Column})
		case g.Flipped:
			all = append(all, Remark{RemarkPasses, g.Name, reports.Say("gate {} passes now; it failed before", reports.Name(g.Name)).Plain(), g.Line, g.Column})
		}
	}
	for i := range c.Inputs {
		in := &c.Inputs[i]
		all = append(all, Remark{RemarkInput, in.Path, v.input(i).Plain(), in.Line, in.Column})
	}
	for n := range c.Moves {
		if kind := kinds[c.Moves[n].Verdict]; kind != "" {
			all = append(all, v.moved(n, kind))
		}
	}
	return all
}

// kinds are those of the verdicts that are worth a remark.
var kinds = map[string]RemarkKind{study.MoveWorse: RemarkWorse, study.MoveBetter: RemarkBetter, study.MoveMoved: RemarkMoved}

// moved is a number that moved. It belongs to the line of the one changed input, where
// there is but one: which of several moved it is not known.
func (v versus) moved(n int, kind RemarkKind) Remark {
	m := &v.Moves[n]
	r := Remark{Kind: kind, Name: v.Alternatives[m.Alternative].Name + ": " + label(m), Text: v.sentence(n)}
	if len(v.Inputs) == 1 {
		r.Line, r.Col = v.Inputs[0].Line, v.Inputs[0].Column
	}
	return r
}

// sentence says a number before and now: "all at once: users affected P95 1 k, was 400
// (+600 ± 10), worse".
func (v versus) sentence(n int) string {
	m := &v.Moves[n]
	u, at := v.unit(m.Unit), fmt.Sprintf("moves[%d]", n)
	gap := v.gap(m.Comparison, u, at).Plain()
	return reports.Say("{}: {} {}, was {} ({}), {}", v.of(m.Alternative), label(m), value{m.New, m.NewError, u, at + ".new"}.say(),
		value{m.Old, m.OldError, u, at + ".old"}.say(), gap, m.Verdict).Plain()
}

// MoveSentence is number n of a contrast before and now, in words.
func MoveSentence(c *study.Contrast, n int) string { return versus{c}.sentence(n) }

// MoveName is the alternative and the number that move n of a contrast is about.
func MoveName(c *study.Contrast, n int) (alternative, name string) {
	m := &c.Moves[n]
	return c.Alternatives[m.Alternative].Name, label(m)
}

// ContrastHeadline is the change in one sentence.
func ContrastHeadline(c *study.Contrast) string { return versus{c}.headline().Plain() }
