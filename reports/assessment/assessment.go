// Package assessment shows what package assess says: as a Report for the renderers of
// text, Markdown and HTML, and as JSON, SARIF and commands for GitHub.
//
// It refuses to know manifests, and computes nothing that is not in the assessment.
package assessment

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
)

// Schema names the form of an Answer in JSON.
const Schema = "rollrisk.assess/1"

// Answer is all that one command says.
type Answer struct {
	Schema   string              `json:"schema"`
	Version  string              `json:"version"`
	Command  string              `json:"command"`
	Context  assess.Context      `json:"context"`
	Rollouts []assess.Assessment `json:"rollouts"`
	Residue  []Left              `json:"residue"` // fields that are not in the numbers
	Skipped  []string            `json:"skipped"` // resources that are no rollout
	Alone    []string            `json:"alone"`   // templates that no rollout refers to

	Texts map[string][]string `json:"-"` // lines of the files, for the changes
}

// Left is a field that is not in the numbers.
type Left struct {
	Place assess.Place `json:"place"`
	Path  string       `json:"path"`
	Risk  bool         `json:"risk"`
	Why   string       `json:"why"`
}

// Report is the answer for people.
func (a *Answer) Report() reports.Report {
	r := reports.Report{Title: "rollrisk assess", Summary: a.headline()}
	r.Parts = append(r.Parts, reports.Part{Name: "answer", Blocks: []reports.Block{
		reports.Paragraph{Role: reports.Headline, Text: reports.Words(a.headline())}, // first: it is the first line of a comment
		reports.Paragraph{Role: reports.Strip, Text: reports.Words(a.strip())},
	}})
	if len(a.Rollouts) > 1 {
		r.Parts = append(r.Parts, a.compared())
	}
	for i := range a.Rollouts {
		r.Parts = append(r.Parts, a.rollout(i)...)
	}
	r.Parts = append(r.Parts, a.rests())
	if p, any := a.left(); any {
		r.Parts = append(r.Parts, p)
	}
	return r
}

// strip is one line of facts.
func (a *Answer) strip() string {
	bad, doubts := 0, 0
	for i := range a.Rollouts {
		for _, f := range a.Rollouts[i].Findings {
			switch f.Severity {
			case assess.Bad:
				bad++
			case assess.Doubt:
				doubts++
			}
		}
	}
	return fmt.Sprintf("%s · %s · %s · %g requests/s · %s users · baseline %s", count(len(a.Rollouts), "rollout"), count(bad, "error"), count(doubts, "warning"),
		a.Context.Requests, number.Text(a.Context.Users, math.NaN(), number.Count), share(a.Context.Baseline))
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// headline is the answer in a sentence: about the rollout that catches least.
func (a *Answer) headline() string {
	worst := -1
	for i := range a.Rollouts {
		if r := a.row(i); r != nil && (worst < 0 || r.All < a.row(worst).All) {
			worst = i
		}
	}
	if worst < 0 {
		return "No rollout here would run: the controller refuses it."
	}
	r, x := a.row(worst), &a.Rollouts[worst]
	doubt := ""
	if len(x.Blind) > 0 {
		doubt = " What is not in the numbers may change that."
	}
	return fmt.Sprintf("Of 100 releases of %s that fail %s of the requests, %s are stopped before everybody has them, and %s users are hit on average.",
		x.Name, share(r.Size), hundredths(r.All), people(r.Users)) + doubt
}

// row is the defect that a rollout should catch; nil where there is no table.
func (a *Answer) row(i int) *assess.Row {
	t := a.Rollouts[i].Table
	if t == nil {
		return nil
	}
	var best *assess.Row
	for k := range t.Rows {
		if r := &t.Rows[k]; r.Class == t.Rows[0].Class && (best == nil || math.Abs(r.Size-a.Context.Size) < math.Abs(best.Size-a.Context.Size)) {
			best = r
		}
	}
	return best
}

// rollout is the part of one rollout: its table, then its findings.
func (a *Answer) rollout(i int) []reports.Part {
	x := &a.Rollouts[i]
	name := fmt.Sprintf("rollout-%d", i+1)
	p := reports.Part{Name: name, Title: fmt.Sprintf("%s (%s, %s)", x.Name, x.Kind, at(x.Place))}
	if x.Table != nil {
		p.Blocks = append(p.Blocks, reports.Paragraph{Text: reports.Words(a.clean(x.Table))}, table(x))
	}
	for _, b := range x.Blind {
		p.Blocks = append(p.Blocks, reports.Warning{Text: reports.Words("not in the numbers: " + b)})
	}
	f := reports.Part{Name: name + "-findings", Title: "Findings about " + x.Name}
	if len(x.Findings) == 0 {
		f.Blocks = []reports.Block{reports.Paragraph{Text: reports.Words("Nothing to say against it.")}}
	}
	for k := range x.Findings {
		f.Blocks = append(f.Blocks, a.finding(&x.Findings[k])...)
	}
	return []reports.Part{p, f}
}

// clean is what happens to a good release.
func (a *Answer) clean(t *assess.Table) string {
	lasts := "a good release reaches everybody after " + duration(t.Lasts)
	if t.Never {
		lasts = "a good release never reaches everybody by itself"
	}
	false100 := fmt.Sprintf("of good releases %s are stopped", frequency(t.False))
	how := "Probabilities are exact."
	if !t.Exact {
		how = fmt.Sprintf("Looks overlap or err: %d releases were drawn for each line.", t.Drawn)
	}
	return strings.ToUpper(lasts[:1]) + lasts[1:] + "; " + false100 + ". " + how
}

// table is the table of one rollout: the shares at which the release has been stopped.
func table(x *assess.Assessment) reports.Table {
	t := reports.Table{Caption: reports.Words("Of 100 releases with a defect, how many are stopped before so much of the traffic meets them, and what users suffer on average."),
		Columns: []reports.Column{{Title: reports.Words("defect")}}}
	shown := stages(x.Table)
	for _, i := range shown {
		column := reports.Column{Title: reports.Words("before " + share(x.Table.Stages[i].Share)), Align: reports.Right, Narrow: reports.Droppable}
		if x.Table.Stages[i].Share >= 1 {
			column.Narrow = reports.Keep
		}
		t.Columns = append(t.Columns, column)
	}
	for _, title := range []string{"stopped at all", "after", "users hit", "failed requests"} {
		t.Columns = append(t.Columns, reports.Column{Title: reports.Words(title), Align: reports.Right})
	}
	for k := range x.Table.Rows {
		r := &x.Table.Rows[k]
		cells := []reports.Text{reports.Words(share(r.Size) + " " + r.Class)}
		for _, i := range shown {
			cells = append(cells, value(r.Before[i]*100, hundredths(r.Before[i])))
		}
		detect := "-"
		if r.Caught > 0 {
			detect = duration(time.Duration(r.Detect * float64(time.Hour)))
		}
		cells = append(cells, value(r.Caught*100, hundredths(r.Caught)), reports.Words(detect), value(r.Users, people(r.Users)), value(r.Failed, people(r.Failed)))
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	return t
}

// value is a number of the assessment.
func value(x float64, text string) reports.Text {
	return reports.Text{{Text: text, Style: reports.Number, Value: x}}
}

// stages are the stages that a table has room for: five, the last among them. Before
// the first that users meet, nothing can be stopped.
func stages(t *assess.Table) []int {
	var all []int
	most, first := 0.0, true
	for i := range t.Stages {
		s := t.Stages[i].Share
		if s > most && (!first || t.Stages[i].Starts > 0 && t.Stages[0].Unseen && t.Stages[0].Requests > 0) {
			all = append(all, i)
		}
		if s > 0 {
			most, first = math.Max(most, s), false
		}
	}
	for len(all) > 5 {
		all = append(all[:len(all)/2], all[len(all)/2+1:]...)
	}
	return all
}

// finding is one finding with its change.
func (a *Answer) finding(f *assess.Finding) []reports.Block {
	text := reports.Say("{} {} {}: {}. {}", reports.Hard(string(f.Severity)), reports.Typed(f.Rule), reports.Typed(at(f.Place)), f.Title, f.Evidence)
	if f.Advice != "" {
		text = append(text, reports.Soft(" Mend it: "+f.Advice+"."))
	}
	blocks := []reports.Block{reports.Paragraph{Text: text}}
	if diff := a.Diff(f.Edits); diff != "" {
		blocks = append(blocks, reports.Source{Label: "change", Text: diff})
	}
	return blocks
}

// rests is what the numbers rest on.
func (a *Answer) rests() reports.Part {
	list := reports.List{}
	given, usual := provided(&a.Context), provided(new(assess.Default()))
	for k, source := range assess.Sources() {
		why := source.Source
		if given[k] != usual[k] {
			why = "stated"
		}
		list.Items = append(list.Items, reports.Say("{} ({})", given[k], why))
	}
	return reports.Part{Name: "rests", Title: "What it rests on", Blocks: []reports.Block{list}}
}

// provided says what a context provides, in the order of assess.Sources.
func provided(c *assess.Context) []string {
	return []string{
		fmt.Sprintf("%g requests a second", c.Requests),
		people(c.Users) + " users",
		share(c.Baseline) + " of requests fail without a defect",
		share(c.Slow) + " of requests are too slow without a defect",
		fmt.Sprintf("%g requests a second from a load test where no user is", c.LoadTest),
		share(c.Matched) + " of users are matched by a header",
		duration(c.Respond) + " until traffic has gone back",
		duration(c.Person) + " until somebody acts on a release that waits",
		duration(c.Notice) + " until people notice what nothing else has",
	}
}

// left lists what was read and is not in the numbers.
func (a *Answer) left() (reports.Part, bool) {
	var list reports.List
	quiet := 0
	for _, l := range a.Residue {
		if !l.Risk && l.Why != unknownField {
			quiet++
			continue
		}
		mark := "not understood: "
		if l.Risk {
			mark = "changes the risk: "
		}
		list.Items = append(list.Items, reports.Say("{} {}{} {}", reports.Typed(at(l.Place)), mark, reports.Name(l.Path), l.Why))
	}
	for _, s := range a.Alone {
		list.Items = append(list.Items, reports.Say("no rollout among the files refers to {}", reports.Name(s)))
	}
	if quiet > 0 {
		list.Items = append(list.Items, reports.Words(count(quiet, "more field")+" that do not change the numbers: -o json lists them"))
	}
	return reports.Part{Name: "left", Title: "What is not in the numbers", Blocks: []reports.Block{list}}, len(list.Items) > 0
}

// unknownField is why a field is left that nobody knows; package importer says so.
const unknownField = "not known; not simulated"

// mostSides is how many rollouts stand side by side; more would not fit on a page.
const mostSides = 5

// compared sets several rollouts side by side on the same defects.
func (a *Answer) compared() reports.Part {
	t := reports.Table{Columns: []reports.Column{{Title: reports.Words("defect")}}}
	caption := "The same defects, all of which show at once: of 100, how many are stopped before everybody has the release; and the users hit on average."
	var shown []int
	for i := range a.Rollouts {
		if a.Rollouts[i].Table == nil || len(shown) == mostSides {
			continue
		}
		letter := string(rune('A' + len(shown)))
		caption += fmt.Sprintf(" %s is %s.", letter, a.Rollouts[i].Name)
		shown = append(shown, i)
		t.Columns = append(t.Columns, reports.Column{Title: reports.Words(letter), Align: reports.Right}, reports.Column{Title: reports.Words("users hit"), Align: reports.Right})
	}
	if more := len(a.Rollouts) - len(shown); more > 0 {
		caption += " " + count(more, "more rollout") + " below."
	}
	t.Caption = reports.Words(caption)
	for k, size := range assess.Sizes() {
		cells := []reports.Text{reports.Words(share(size))}
		for _, i := range shown {
			r := &a.Rollouts[i].Table.Rows[k]
			cells = append(cells, value(r.All*100, hundredths(r.All)), value(r.Users, people(r.Users)))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	t.Rows = append(t.Rows, a.costs(shown)...)
	return reports.Part{Name: "compared", Title: "Side by side", Blocks: []reports.Block{t}}
}

// costs are what good releases pay.
func (a *Answer) costs(shown []int) []reports.Row {
	stopped, lasts := []reports.Text{reports.Words("good ones stopped")}, []reports.Text{reports.Words("to everybody")}
	for _, i := range shown {
		t := a.Rollouts[i].Table
		stopped = append(stopped, value(t.False*100, hundredths(t.False)), reports.Words(""))
		end := duration(t.Lasts)
		if t.Never {
			end = "never"
		}
		lasts = append(lasts, reports.Words(end), reports.Words(""))
	}
	return []reports.Row{{Cells: stopped}, {Cells: lasts}}
}
