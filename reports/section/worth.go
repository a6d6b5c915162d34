package section

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// What it is worth to know the ranges better: in sentences everywhere, and input by input
// on the screen.
var (
	worth = Section{
		Name:  "worth",
		Title: "What is worth finding out?",
		Doc:   "What knowing the inputs that are stated as a range would save, before an alternative is chosen by its mean cost.",
		Build: func(s *study.Study) []reports.Block {
			if s.Worth == nil || math.IsNaN(float64(s.Worth.Perfect.Value)) {
				return nil
			}
			v := view{s}
			return []reports.Block{paragraph(reports.Body, v.resting()), paragraph(reports.Body, v.saving())}
		},
	}
	knowing = Section{
		Name:   "knowing",
		Title:  "What each input is worth knowing",
		Medium: reports.ScreenOnly,
		Doc:    "For every input that is stated as a range, what knowing it exactly would save, and what 20 or 100 measurements would.",
		Build: func(s *study.Study) []reports.Block {
			if s.Worth == nil || math.IsNaN(float64(s.Worth.Perfect.Value)) {
				return nil
			}
			return []reports.Block{view{s}.knowings(), paragraph(reports.Note, reports.Words(
				"Money is of one change, with its standard error. A measurement of a share is one case looked at; one of anything else is off by a factor of e or less in two of three, an assumption. What a number is worth is at most what all of them are."))}
		},
	}
)

// sure is how many standard errors a value must be above nothing to be called one: one-sided 95 %.
const sure = 1.6448536269514722

// resting says how much of the spread rests on guesses.
func (v view) resting() reports.Text {
	w := v.Worth
	spread := value{w.Spread, 0.01, number.Share, "worth.spread"}
	if !spread.has() {
		return reports.Say("How much of the spread rests on {} cannot be told from so few replications.", v.guesses())
	}
	return reports.Say("Of the spread of what a period costs with {}, {} rests on {}; the rest is luck.", v.name(w.Best), spread.say(), v.guesses())
}

func (v view) guesses() reports.Text {
	n := len(v.Worth.Inputs)
	if n == 1 {
		return reports.Words("the one input that is stated as a range")
	}
	return reports.Say("the {} inputs that are stated as ranges", whole(n, "len(worth.inputs)"))
}

// saving says what all of them together are worth, and which single ones are.
func (v view) saving() reports.Text {
	w := v.Worth
	all := knew{w.Perfect, "worth.perfect", ""}
	if !all.visible() {
		t := reports.Say("Knowing all of them exactly before choosing would save at most {} a change ({} a year, {} changes): more cannot be seen in {}.",
			v.most(all).say(), v.yearly(v.most(all)).say(), value{stat.Number(w.PerYear), 1, number.Count, "worth.changes_per_year"}.say(), counted(w.Worlds, "replication", "worth.worlds"))
		return t
	}
	t := reports.Say("Knowing all of them exactly before choosing would save {} a change ({} a year)", v.money(all).say(), v.yearly(v.money(all)).say())
	var single []reports.Text
	for _, k := range v.known() {
		if k.visible() && len(single) < 3 {
			single = append(single, reports.Say("{} {}", reports.Name(k.label), v.money(k).say()))
		}
	}
	if len(single) == 0 {
		return append(t, reports.Words("; no single one of them visibly saves anything.")...)
	}
	return append(t, reports.Say("; one alone: {}.", reports.Join(single, ", ", " and "))...)
}

// knew is something known and what that is worth.
type knew struct {
	study.Knowing
	from  string // in the study
	label string
}

func (k knew) visible() bool { return float64(k.Value) > sure*float64(k.StandardError) }

// known are the inputs, what is worth most first.
func (v view) known() []knew {
	var all []knew
	for i, in := range v.Worth.Inputs {
		all = append(all, knew{in.Perfect, fmt.Sprintf("worth.inputs[%d].perfect", i), in.Label})
	}
	slices.SortStableFunc(all, func(a, b knew) int { return -cmp.Compare(a.Value, b.Value) })
	return all
}

func (v view) money(k knew) value {
	return value{k.Value, k.StandardError, number.Money(v.Currency), k.from + ".value"}
}

// most is the upper end of a one-sided interval.
func (v view) most(k knew) value {
	return value{stat.Number(float64(k.StandardError)*sure + float64(k.Value)), k.StandardError, number.Money(v.Currency),
		fmt.Sprintf("%s.standard_error * %v + %s.value", k.from, sure, k.from)}
}

func (v view) yearly(x value) value {
	return value{x.v * stat.Number(v.Worth.PerYear), x.err * stat.Number(v.Worth.PerYear), x.unit, x.from + " * worth.changes_per_year"}
}

// knowings is the table of all inputs.
func (v view) knowings() reports.Table {
	t := reports.Table{Caption: reports.Words("What knowing one input better would save, with standard errors."),
		Columns: []reports.Column{{Title: reports.Words("input")}, {Title: reports.Words("stated")}, {Title: reports.Words("exactly"), Align: reports.Right}}}
	for k, sample := range v.Worth.Inputs[0].Samples {
		t.Columns = append(t.Columns, reports.Column{Title: reports.Say("{} measurements", whole(sample.N, fmt.Sprintf("worth.inputs[0].samples[%d].n", k))), Align: reports.Right})
	}
	order := make([]int, len(v.Worth.Inputs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return -cmp.Compare(v.Worth.Inputs[a].Perfect.Value, v.Worth.Inputs[b].Perfect.Value)
	})
	for _, i := range order {
		in := &v.Worth.Inputs[i]
		at := fmt.Sprintf("worth.inputs[%d]", i)
		cells := []reports.Text{{reports.Name(in.Label)}, {reports.Name(in.Stated)}, v.give(knew{in.Perfect, at + ".perfect", ""})}
		for k := range in.Samples {
			cells = append(cells, v.give(knew{in.Samples[k].Knowing, fmt.Sprintf("%s.samples[%d]", at, k), ""}))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	return t
}

// give is a value with its standard error, or the sign for what is not visible.
func (v view) give(k knew) reports.Text {
	if !k.visible() {
		return reports.Say("< {}", v.most(k).say())
	}
	return reports.Say("{}"+number.NoBreak+"±"+number.NoBreak+"{}", v.money(k).say(), value{k.StandardError, k.StandardError, number.Money(v.Currency), k.from + ".standard_error"}.say())
}
