package section

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// The gates of a scenario: a table on the page, lines in a terminal.
var (
	gates = Section{
		Name:   "gates",
		Title:  "Does it hold what it must?",
		Medium: reports.ScreenOnly, // on paper the strip tells how many pass
		Doc:    "Each gate of the scenario: what it demands, what came out, and how sure the verdict is.",
		Build: func(s *study.Study) []reports.Block {
			if s.Gates == nil {
				return nil
			}
			v := view{s}
			return append([]reports.Block{v.gateTable(), paragraph(reports.Note, v.gateNote())}, v.more()...)
		},
	}
	gateLines = Section{
		Name:   "gate-lines",
		Title:  "Gates",
		Medium: reports.TerminalOnly,
		Doc:    gates.Doc,
		Build: func(s *study.Study) []reports.Block {
			if s.Gates == nil {
				return nil
			}
			return append([]reports.Block{view{s}.gateLines()}, view{s}.more()...)
		},
	}
)

// Gates is a report of nothing but the gates of a study, for CI: a table.
func Gates(s *study.Study) reports.Report { return onlyGates(s, view{s}.gateTable()) }

// GateLines is the same with a line a gate, for a terminal.
func GateLines(s *study.Study) reports.Report { return onlyGates(s, view{s}.gateLines()) }

func onlyGates(s *study.Study, b reports.Block) reports.Report {
	v := view{s}
	return reports.Report{Title: "Gates", Summary: Verdict(s), Parts: []reports.Part{{Name: "gates", Title: fullName(s), Blocks: []reports.Block{
		b, paragraph(reports.Note, reports.Say("{}, seed {}.", counted(s.Size.Changes, "change", "size.changes"), seed(s))),
		paragraph(reports.Note, v.gateNote())}}}}
}

func (v view) gateLines() reports.List {
	var l reports.List
	for i, g := range v.Gates.Results {
		l.Items = append(l.Items, reports.Say("{} {}: {}; it is {}", v.mark3(i), reports.Name(g.Name), v.demand(i), v.finding(i)))
	}
	return l
}

// Demand is what gate i of a study demands, in words: "rings: P95 of users affected at
// most 50 k".
func Demand(s *study.Study, i int) string { return view{s}.demand(i).Plain() }

// Finding is what came out for gate i, in words: "38 k, 21 standard errors inside".
func Finding(s *study.Study, i int) string { return view{s}.finding(i).Plain() }

// Tally counts gates by their state.
type Tally struct{ Pass, Fail, Undecided int }

// TallyOf counts the gates of studies.
func TallyOf(all ...*study.Study) Tally {
	var t Tally
	for _, s := range all {
		if s.Gates == nil {
			continue
		}
		for i := range s.Gates.Results {
			switch s.Gates.Results[i].State {
			case study.GatePass:
				t.Pass++
			case study.GateFail:
				t.Fail++
			default:
				t.Undecided++
			}
		}
	}
	return t
}

// Verdict is the tally of studies as one line: "FAIL: 1 of 6 gates fails, 2 are undecided".
func Verdict(all ...*study.Study) string {
	t := TallyOf(all...)
	of := fmt.Sprintf("of %d gates", t.Pass+t.Fail+t.Undecided)
	switch undecided := fmt.Sprintf("%d %s", t.Undecided, verb(t.Undecided, "is undecided", "are undecided")); {
	case t.Fail > 0 && t.Undecided > 0:
		return fmt.Sprintf("FAIL: %d %s %s, %s", t.Fail, of, verb(t.Fail, "fails", "fail"), undecided)
	case t.Fail > 0:
		return fmt.Sprintf("FAIL: %d %s %s", t.Fail, of, verb(t.Fail, "fails", "fail"))
	case t.Undecided > 0:
		return fmt.Sprintf("UNDECIDED: %d %s %s", t.Undecided, of, verb(t.Undecided, "is undecided", "are undecided"))
	case t.Pass > 0:
		return fmt.Sprintf("PASS: %d %s %s", t.Pass, of, verb(t.Pass, "passes", "pass"))
	}
	return "there are no gates"
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// mark3 is one of three marks that differ without colour.
func (v view) mark3(i int) reports.Span {
	switch v.Gates.Results[i].State {
	case study.GatePass:
		return reports.Span{Text: "ok"}
	case study.GateFail:
		return reports.Hard("FAIL")
	}
	return reports.Hard("?")
}

// gateTable is every gate with what came out.
func (v view) gateTable() reports.Table {
	t := reports.Table{
		Caption: reports.Words("What the scenario demands, and what came out."),
		Columns: []reports.Column{{Title: reports.Words("gate")}, {Title: reports.Words("demands")}, {Title: reports.Words("verdict")}, {Title: reports.Words("came out")}},
	}
	for i, g := range v.Gates.Results {
		word := map[study.GateState]reports.Span{study.GatePass: {Text: "pass"}, study.GateFail: reports.Hard("FAIL"), study.GateUndecided: reports.Hard("undecided")}[g.State]
		demands := v.demand(i)
		if g.Why != "" {
			demands = append(demands, reports.Say(" ({})", reports.Name(g.Why))...)
		}
		t.Rows = append(t.Rows, reports.Row{Cells: []reports.Text{{reports.Name(g.Name)}, demands, {word}, v.finding(i)}})
	}
	return t
}

// gateNote is how to read a verdict.
func (v view) gateNote() reports.Text {
	confidence := value{stat.Number(v.Gates.Confidence), 0.0001, number.Share, "gates.confidence"}.say()
	confidence.Text = idle.ReplaceAllString(confidence.Text, "$1$2")
	return reports.Say("A verdict is right with a confidence of {}, however long is simulated and however often is looked; a gate whose truth is its bound stays undecided.", confidence)
}

// more says how an undecided gate is decided.
func (v view) more() []reports.Block {
	if TallyOf(v.Study).Undecided == 0 {
		return nil
	}
	return []reports.Block{paragraph(reports.Note, reports.Say("{} simulates until every gate is decided, as far as its budget goes.", reports.Typed("rollrisk check")))}
}

// demand says what a gate wants.
func (v view) demand(i int) reports.Text {
	g := &v.Gates.Results[i]
	word := "at most"
	if g.Least {
		word = "at least"
	}
	return reports.Say("{}: {} {} {}", v.name(g.Alternative), v.statistic(i), word, v.stated(i, g.Bound, "bound"))
}

// stated is a number of the scenario: up to three digits, and no idle zeros.
func (v view) stated(i int, x float64, field string) reports.Span {
	s := v.gateValue(i, stat.Number(x), field).say()
	s.Text = idle.ReplaceAllString(s.Text, "$1$2")
	return s
}

// idle are zeros at the end of a fraction.
var idle = regexp.MustCompile(`(\.\d*[1-9])0+|\.0+(\D|$)`)

// gateValue is a value of gate i in the unit of its statistic. What the scenario states
// is printed with three digits.
func (v view) gateValue(i int, x stat.Number, field string) value {
	g := &v.Gates.Results[i]
	k, _ := v.metric(g.Metric)
	y := value{x, stat.Number(math.Abs(float64(x)) / 1000), v.unit(k), fmt.Sprintf("gates.results[%d].%s", i, field)}
	if g.Statistic == study.OfProbability && field != "above" {
		y.unit = number.Share
	}
	return y
}

// statistic is what a gate takes of its metric, in words.
func (v view) statistic(i int) reports.Text {
	g := &v.Gates.Results[i]
	k, _ := v.metric(g.Metric)
	title := v.Metrics[k].Title
	switch g.Statistic {
	case study.OfQuantile:
		return reports.Say("P{} of {}", strconv.FormatFloat(math.Round(g.P*1e5)/1e3, 'f', -1, 64), title)
	case study.OfTail:
		return reports.Say("worst {} % of {}, mean", strconv.FormatFloat(math.Round((1-g.P)*1e5)/1e3, 'f', -1, 64), title)
	case study.OfProbability:
		return reports.Say("share of {} above {}", title, v.stated(i, g.Above, "above"))
	case study.OfDifference:
		return reports.Say("mean of {} less that of {},", title, v.name(0))
	}
	if v.Metrics[k].Form != "amount" {
		return reports.Words(title)
	}
	return reports.Say("mean of {}", title)
}

// finding says what came out and how sure that is.
func (v view) finding(i int) reports.Text {
	g := &v.Gates.Results[i]
	came := v.gateValue(i, g.Value, "value")
	if g.StandardError > 0 {
		came.err = g.StandardError
	}
	shown := came.say()
	if g.Statistic == study.OfDifference {
		shown = came.signed()
	}
	switch margin := float64(g.Margin); {
	case g.State == study.GateUndecided:
		return reports.Say("{}, undecided: {}", shown, v.unsure(i))
	case math.IsInf(margin, 0):
		return reports.Say("{}, without simulation error", shown)
	default:
		return reports.Say("{}, {}", shown, v.clear(i, margin))
	}
}

// clear is the margin in words.
func (v view) clear(i int, margin float64) reports.Text {
	x := value{stat.Number(margin), 0.1, number.Plain, fmt.Sprintf("gates.results[%d].margin", i)}
	if margin < 0 {
		x.v, x.from = -x.v, "0 - "+x.from
		return reports.Say("{} standard errors outside", x.say())
	}
	return reports.Say("{} standard errors inside", x.say())
}

// unsure is why a gate is undecided, and what would decide it.
func (v view) unsure(i int) reports.Text {
	g := &v.Gates.Results[i]
	t := reports.Words(g.Doubt)
	if margin := float64(g.Margin); math.Abs(margin) <= math.MaxFloat64 && g.Chance > 0 {
		t = append(reports.Say("{}; ", v.clear(i, margin)), t...)
	}
	if g.Enough > 0 {
		t = append(t, reports.Say("; about {} changes would decide it", whole(g.Enough, fmt.Sprintf("gates.results[%d].enough", i)))...)
	}
	return t
}

// tally is the strip's word on gates.
func (v view) tally() reports.Text {
	if v.Gates == nil {
		return reports.Words("no gates in this scenario")
	}
	n := TallyOf(v.Study)
	var parts []reports.Text
	for _, p := range []struct {
		n     int
		state study.GateState
		verb  string
	}{{n.Fail, study.GateFail, "fail"}, {n.Undecided, study.GateUndecided, "undecided"}, {n.Pass, study.GatePass, "pass"}} {
		if p.n > 0 {
			parts = append(parts, reports.Say("{} {}", whole(p.n, fmt.Sprintf("count(gates.results.state=%s)", p.state)), p.verb))
		}
	}
	return reports.Say("gates: {}", reports.Join(parts, ", ", ", "))
}
