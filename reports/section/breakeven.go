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

// Where single inputs turn the answer round: in sentences everywhere, and every input
// that was turned on the screen.
var (
	breakEven = Section{
		Name:  "break-even",
		Title: "When does the other one win?",
		Doc:   "What a single input would have to be for the other alternative to come out ahead, in users hurt and in cost, with all other inputs as stated.",
		Build: func(s *study.Study) []reports.Block {
			var blocks []reports.Block
			for i := range s.BreakEvens {
				e := evens{view{s}, i}
				blocks = append(blocks, e.answers()...)
			}
			return blocks
		},
	}
	levers = Section{
		Name:   "turned",
		Title:  "What each input would have to be",
		Medium: reports.ScreenOnly,
		Doc:    "Every input that was turned, how far, and where the answer turns with it.",
		Build: func(s *study.Study) []reports.Block {
			var blocks []reports.Block
			for i := range s.BreakEvens {
				e := evens{view{s}, i}
				if flipping, rest := e.tables(); len(rest.Rows) > 0 {
					if len(flipping.Rows) > 0 {
						blocks = append(blocks, flipping)
					}
					blocks = append(blocks, reports.Details{Summary: rest.Caption, Blocks: []reports.Block{rest}})
				} else {
					blocks = append(blocks, flipping)
				}
			}
			return blocks
		},
	}
)

// evens are the break-evens against one rival.
type evens struct {
	view
	i int
}

func (e evens) round() *study.BreakEvens { return &e.BreakEvens[e.i] }

func (e evens) at(field string) string { return fmt.Sprintf("break_evens[%d].%s", e.i, field) }

func (e evens) tried() reports.Span {
	return whole(len(e.round().Inputs), "len("+e.at("inputs")+")")
}

// question is one of the two things that the inputs are asked about.
type question struct {
	*study.BreakEvenOf
	field string // in the study: of the answer, and of the flips of an input
	does  string // what the first does, where it is ahead of the second
	flips func(*study.BreakEvenInput) []study.Flip
}

func (e evens) users() question {
	return question{&e.round().Users, "users", "{} hurts fewer users than {} in more changes than the other way round", func(in *study.BreakEvenInput) []study.Flip { return in.Users }}
}

func (e evens) cost() question {
	return question{&e.round().Cost, "cost", "{} costs less on average than {}", func(in *study.BreakEvenInput) []study.Flip { return in.Cost }}
}

// namedFlips is how many a sentence names: the nearest.
const namedFlips = 3

// answers are two sentences, or one where nothing turns either round.
func (e evens) answers() []reports.Block {
	users, cost := e.users(), e.cost()
	if users.firm() && cost.firm() && users.Ahead == cost.Ahead {
		users.does += ", and costs less on average"
		return []reports.Block{paragraph(reports.Body, e.answer(users))}
	}
	return []reports.Block{paragraph(reports.Body, e.answer(users)), paragraph(reports.Body, e.answer(cost))}
}

// firm says that nothing turns the answer round.
func (q question) firm() bool { return q.Known && q.Flips == 0 }

// answer says who wins at what is stated, and which inputs turn that round.
func (e evens) answer(q question) reports.Text {
	b := e.round()
	if !q.Known {
		return reports.Say("Whether "+q.does+" cannot be seen at what is stated: the difference is inside the simulation error, and there is nothing to turn round.", e.name(b.Best), e.name(b.Rival))
	}
	winner, other := b.Best, b.Rival
	if q.Ahead == b.Rival {
		winner, other = other, winner
	}
	if q.firm() {
		return reports.Say(q.does+", and no single input turns that round: each of {} was changed by a factor of {} either way, a share by its odds.",
			e.name(winner), e.name(other), e.tried(), whole(int(b.Factor), e.at("factor")))
	}
	named := e.nearest(q)
	t := reports.Say(q.does+", but not if one of these alone is otherwise: {}", e.name(winner), e.name(other), reports.Join(named, "; ", "; or "))
	if q.Flips > len(named) {
		t = append(t, reports.Say(". {} of {} inputs could turn it round; these need the least change", whole(q.Flips, e.at(q.field+".flips")), e.tried())...)
	}
	return append(t, reports.Words(".")...)
}

// nearest are the conditions under which the answer turns round, least change first.
func (e evens) nearest(q question) []reports.Text {
	type found struct {
		step float64
		says reports.Text
	}
	var all []found
	for k := range e.round().Inputs {
		in := &e.round().Inputs[k]
		for n, f := range q.flips(in) {
			all = append(all, found{math.Abs(f.Step), reports.Say("{} {} ({})", reports.Name(in.Label), e.flip(q, k, n), e.stated(k))})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.step, b.step) })
	var texts []reports.Text
	for _, f := range all[:min(len(all), namedFlips)] {
		texts = append(texts, f.says)
	}
	return texts
}

// flip is where input k turns the answer round.
func (e evens) flip(q question, k, n int) reports.Text {
	in := &e.round().Inputs[k]
	f := q.flips(in)[n]
	side := "below"
	if f.Above {
		side = "above"
	}
	return reports.Say("{} {}", side, e.amount(k, f.At, (f.High-f.Low)/4, fmt.Sprintf("%s[%d].at", q.field, n)))
}

// stated is what the scenario says of input k.
func (e evens) stated(k int) reports.Text {
	in := &e.round().Inputs[k]
	t := reports.Say("stated: {}", reports.Name(in.Value))
	if in.Value == differs {
		t = reports.Say("stated: on average {}", e.amount(k, in.At, 0, "at"))
	}
	for _, flips := range [...][]study.Flip{in.Users, in.Cost} {
		for _, f := range flips {
			if in.Low < f.At && f.At < in.High {
				return append(t, reports.Words(", which allows it")...)
			}
		}
	}
	return t
}

// differs is what a study states of an input that is another one for each class.
const differs = "different for each class"

// amount is a value of input k, in its unit.
func (e evens) amount(k int, x, err float64, field string) reports.Text {
	unit, words := number.Plain, ""
	switch u := e.round().Inputs[k].Unit; u {
	case "hours", "share", "count":
		unit = number.Unit(u)
	case "money":
		unit = number.Money(e.Currency)
	case "plain":
	default:
		words = " " + u
	}
	return reports.Say("{}{}", value{stat.Number(x), stat.Number(err), unit, fmt.Sprintf("%s[%d].%s", e.at("inputs"), k, field)}.say(), words)
}

// tables are the inputs that turn the answer round, and those that do not.
func (e evens) tables() (flipping, rest reports.Table) {
	b := e.round()
	columns := func(more ...string) []reports.Column {
		all := []reports.Column{{Title: reports.Words("input")}, {Title: reports.Words("stated")}}
		for _, c := range more {
			all = append(all, reports.Column{Title: reports.Words(c)})
		}
		return all
	}
	flipping = reports.Table{Columns: columns("users: turns round", "cost: turns round", "taken from, to"),
		Caption: reports.Say("Inputs that alone turn round how {} and {} compare, with {} simulated changes for each value.", e.name(b.Best), e.name(b.Rival), whole(b.Changes, e.at("changes")))}
	rest = reports.Table{Columns: columns("taken from, to"),
		Caption: reports.Say("Inputs that turn nothing round between {} and {}, as far as they were taken", e.name(b.Best), e.name(b.Rival))}
	for k := range b.Inputs {
		in := &b.Inputs[k]
		row := []reports.Text{{reports.Name(in.Label)}, {reports.Name(in.Value)}}
		reached := reports.Say("{}, {}", e.amount(k, in.From, 0, "from"), e.amount(k, in.To, 0, "to"))
		if len(in.Users)+len(in.Cost) == 0 {
			rest.Rows = append(rest.Rows, reports.Row{Cells: append(row, reached)})
			continue
		}
		flipping.Rows = append(flipping.Rows, reports.Row{Cells: append(row, e.all(e.users(), k), e.all(e.cost(), k), reached)})
	}
	return flipping, rest
}

// all are the values at which input k turns the answer round, with their simulation error.
func (e evens) all(q question, k int) reports.Text {
	var texts []reports.Text
	for n, f := range q.flips(&e.round().Inputs[k]) {
		at := func(x float64, field string) reports.Text {
			return e.amount(k, x, (f.High-f.Low)/4, fmt.Sprintf("%s[%d].%s", q.field, n, field))
		}
		texts = append(texts, reports.Say("{} ({} to {})", e.flip(q, k, n), at(f.Low, "low"), at(f.High, "high")))
	}
	if len(texts) == 0 {
		return reports.Words("no")
	}
	return reports.Join(texts, "; ", "; ")
}
