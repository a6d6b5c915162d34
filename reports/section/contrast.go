package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// mostInputs is how many changed inputs are listed. A page of them is read by nobody; the
// forms for machines hold all.
const mostInputs = 20

// Contrast is two studies against each other: what to say first, every number, and what
// changed in the question.
func Contrast(c *study.Contrast) reports.Report {
	v := versus{c}
	r := reports.Report{Title: v.name(c.New), Summary: v.headline().Plain()}
	r.Parts = append(r.Parts, reports.Part{Name: "change", Blocks: v.opening()})
	if !c.Same {
		r.Parts = append(r.Parts, reports.Part{Name: "numbers", Title: "Before and now", Blocks: v.numbers()})
	}
	if len(c.Gates) > 0 && !c.Same {
		r.Parts = append(r.Parts, reports.Part{Name: "gates", Title: "Gates", Blocks: v.gates()})
	}
	if len(c.Inputs) > 0 {
		r.Parts = append(r.Parts, reports.Part{Name: "inputs", Title: "What was changed", Blocks: v.inputs()})
	}
	return r
}

// versus reads a contrast for people.
type versus struct{ *study.Contrast }

func (v versus) name(p study.Party) string {
	if p.Title != "" {
		return p.Title
	}
	return p.Name
}

// of is the name of alternative i.
func (v versus) of(i int) reports.Span {
	title := v.Alternatives[i].Title
	if title == "" {
		title = v.Alternatives[i].Name
	}
	return reports.NameOf(title, i)
}

// opening is the change in one sentence, what the two studies are, and the decision.
func (v versus) opening() []reports.Block {
	strip := reports.Say("{} · {} to {} · {} · {}", reports.Hard(v.name(v.New)), v.source(v.Old), v.source(v.New), v.sizes(), string(v.Pairing))
	blocks := []reports.Block{paragraph(reports.Headline, v.headline()), paragraph(reports.Strip, strip)}
	if v.Same {
		return blocks
	}
	for _, t := range []reports.Text{v.decision(), v.comings()} {
		if len(t) > 0 {
			blocks = append(blocks, paragraph(reports.Lead, t))
		}
	}
	return append(blocks, paragraph(reports.Note, reports.Words(capital(v.Why)+".")))
}

func (v versus) source(p study.Party) reports.Span {
	if p.File == "" {
		return reports.Name(p.Name)
	}
	return reports.Name(p.File)
}

// sizes are those of both, once where they agree.
func (v versus) sizes() reports.Text {
	size := func(p study.Party, at string) reports.Text {
		return reports.Say("{}, seed {}", counted(p.Size.Changes, "change", at+".size.changes"), fmt.Sprint(p.Seed))
	}
	if v.Old.Seed == v.New.Seed && v.Old.Size.Changes == v.New.Size.Changes {
		return append(size(v.New, "new"), reports.Words(" each")...)
	}
	return reports.Say("{} to {}", size(v.Old, "old"), size(v.New, "new"))
}

// headline is the change in one sentence.
func (v versus) headline() reports.Text {
	better, worse, other := v.counts()
	switch {
	case v.Same:
		return reports.Words("Nothing changed: the same inputs and the same numbers.")
	case v.Turned:
		return reports.Say("The decision turned: {} hurts fewer users now, {} did before.", reports.Name(v.New.Winner), reports.Name(v.Old.Winner))
	case v.flipped() > 0:
		return reports.Say("{} flipped: {}.", plural(v.flipped(), "gate"), reports.Join(v.flips(), ", ", " and "))
	case (v.New.Decision.State == study.DecisionStuck) != (v.Old.Decision.State == study.DecisionStuck):
		if v.New.Decision.State == study.DecisionStuck {
			return reports.Words("There is no answer any more: an alternative does not keep up with its changes now.")
		}
		return reports.Words("There is an answer now: every alternative keeps up with its changes.")
	case better+worse+other == 0 && v.Changed:
		return reports.Words("Other alternatives or gates are in it; no number of the others moved visibly.")
	case better+worse+other == 0:
		return reports.Words("No difference is visible.")
	}
	list := []reports.Text{}
	for _, n := range [...]struct {
		n    int
		word string
	}{{worse, "worse"}, {better, "better"}, {other, "different"}} {
		if n.n > 0 {
			list = append(list, reports.Say("{} "+n.word, fmt.Sprint(n.n)))
		}
	}
	return reports.Say("Of {} numbers some moved visibly: {}.", fmt.Sprint(len(v.Moves)), reports.Join(list, ", ", " and "))
}

// counts are the numbers that moved visibly.
func (v versus) counts() (better, worse, other int) {
	for _, m := range v.Moves {
		switch m.Verdict {
		case study.MoveBetter:
			better++
		case study.MoveWorse:
			worse++
		case study.MoveMoved:
			other++
		}
	}
	return better, worse, other
}

// decision is what became of the headline.
func (v versus) decision() reports.Text {
	old, now := v.Old.Decision, v.New.Decision
	switch {
	case v.Turned:
		return nil // the first sentence has told
	case old.State == now.State && old.Ahead == now.Ahead && old.State == study.DecisionAhead:
		return reports.Say("The decision is the same: {} hurts fewer users in more changes than the other way round.", reports.Name(v.New.Winner))
	case old.State == now.State && old.State != study.DecisionAhead:
		return reports.Say("Before and now {}.", state(now.State))
	case old.State == study.DecisionAhead && now.State == study.DecisionAhead:
		return reports.Say("The headline names {} now, {} before; but no number moved visibly, so the two are close.", reports.Name(v.New.Winner), reports.Name(v.Old.Winner))
	case old.State == study.DecisionAhead:
		return reports.Say("Before, {} was visibly ahead; now {}.", reports.Name(v.Old.Winner), state(now.State))
	case now.State == study.DecisionAhead:
		return reports.Say("Before, {}; now {} is visibly ahead.", state(old.State), reports.Name(v.New.Winner))
	}
	return reports.Say("Before, {}; now {}.", state(old.State), state(now.State))
}

// state is a decision without a winner, in words.
func state(s study.DecisionState) string {
	return map[study.DecisionState]string{
		study.DecisionLevel:   "no alternative is visibly ahead",
		study.DecisionUnknown: "there are too few replications to tell who is ahead",
		study.DecisionStuck:   "an alternative does not keep up with its changes, so that there is no answer",
		study.DecisionAlone:   "there is nothing to decide",
	}[s]
}

// comings are the alternatives that came and went.
func (v versus) comings() reports.Text {
	var all []reports.Text
	for i, m := range v.Alternatives {
		if m.State != "kept" {
			all = append(all, reports.Say("{} was {}", v.of(i), m.State))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return reports.Say("{}; alternatives are matched by name.", reports.Join(all, ", ", " and "))
}

// numbers is the table of all that was compared, an alternative after the other.
func (v versus) numbers() []reports.Block {
	right := func(title string) reports.Column {
		return reports.Column{Title: reports.Words(title), Align: reports.Right}
	}
	t := reports.Table{Columns: []reports.Column{{Title: reports.Words("number")}, right("before"), right("now"), right("difference"), {Title: reports.Words("verdict")}}}
	at := -1
	for n := range v.Moves {
		m := &v.Moves[n]
		if m.Alternative != at {
			at = m.Alternative
			t.Rows = append(t.Rows, reports.Row{Cells: []reports.Text{{v.of(at)}}})
		}
		t.Rows = append(t.Rows, reports.Row{Cells: v.row(n)})
	}
	if len(t.Rows) == 0 {
		return []reports.Block{paragraph(reports.Note, reports.Words("No alternative is in both."))}
	}
	return []reports.Block{t, paragraph(reports.Note, reports.Say(
		"{}  no difference is visible. All {} numbers together, one is called better or worse without cause at most once in {} comparisons.",
		same, fmt.Sprint(len(v.Moves)), fmt.Sprint(int(math.Round(1/(1-v.Confidence))))))}
}

// row is one number before and now.
func (v versus) row(n int) []reports.Text {
	m := &v.Moves[n]
	u, at := v.unit(m.Unit), fmt.Sprintf("moves[%d]", n)
	cells := []reports.Text{reports.Words(label(m)),
		{value{m.Old, m.OldError, u, at + ".old"}.say()}, {value{m.New, m.NewError, u, at + ".new"}.say()}}
	word := m.Verdict
	switch m.Verdict {
	case study.MoveSame:
		return append(cells, reports.Words(""), reports.Words("same"))
	case study.MoveUnseen:
		return append(cells, reports.Words(same), reports.Words(""))
	case study.MoveUnknown:
		word = "cannot be told"
	}
	return append(cells, v.gap(m.Comparison, u, at), reports.Words(word))
}

// gap is a difference with its simulation error, and its size beside what it was.
func (v versus) gap(d stat.Comparison, u number.Unit, at string) reports.Text {
	x := value{d.Difference, d.StandardError, u, at + ".difference"}
	if math.IsNaN(float64(d.Difference)) || math.IsInf(float64(d.Difference), 0) {
		return reports.Words(number.Absent)
	}
	t := reports.Text{x.signed()}
	if !math.IsNaN(float64(d.StandardError)) {
		t = reports.Say("{}"+number.NoBreak+"±"+number.NoBreak+"{}", x.signed(), value{d.StandardError, d.StandardError, u, at + ".standard_error"}.say())
	}
	return t
}

// unit is how a number of a metric's unit is printed.
func (v versus) unit(name string) number.Unit {
	switch name {
	case "hours":
		return number.Hours
	case "share", "lead":
		return number.Share
	case "money":
		return number.Money(v.New.Currency)
	}
	return number.Count
}

// label names a number.
func label(m *study.Move) string {
	switch m.Statistic {
	case "lead":
		return "lead over the baseline, " + m.Title
	case "quantile":
		return fmt.Sprintf("%s P%.0f", m.Title, 100*m.P)
	}
	if m.Unit == "share" {
		return m.Title
	}
	return m.Title + " mean"
}
