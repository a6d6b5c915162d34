package scenarios

import (
	"math"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/models/study"
	"go.yaml.in/yaml/v4"
)

// maxGates bounds the gates of a scenario.
const maxGates = 50

// Measured is an amount in the unit of the metric that it is about, which is said beside
// it; a difference may be below 0.
type Measured struct{}

func (Measured) decode(d *decoder, n *yaml.Node, e *entry) {
	d.scalar(n, e, "an amount in the unit of the metric")
}

func (Measured) absent(*decoder, *entry) {}

func (Measured) schema(s *schemaWriter) object {
	var ways []string
	for _, u := range []Unit{Duration, Share, Count, Money, Weekly} {
		ways = append(ways, u.pattern)
	}
	return s.define("amount-of-a-metric", object{"anyOf": []any{object{"type": "number"},
		object{"type": "string", "pattern": "^ *-?(" + strings.Join(ways, "|") + `|\d+(\.\d+)?%) *$`,
			"examples": []string{"50k", "4h", "5%", "-1.5k"}}}})
}

func gateKeys() []Key {
	return []Key{
		{Name: "why", Type: Text{Max: maxText}, Example: "what the support desk can carry in a day",
			Doc: "What the gate is for, in a sentence; it stands beside the verdict."},
		{Name: "alternative", Required: true, Type: Text{Max: 40, Name: true}, Example: "rings",
			Doc: "The alternative whose answer must hold."},
		{Name: "metric", Required: true, Type: Choice{Words: metricWords()}, Example: "users_affected",
			Doc: "What is measured."},
		{Name: "statistic", Default: "mean", Basis: assumed("the usual one"), Type: statisticPhrase(),
			Doc: "What is taken of the values: their mean (of an event: its share), a quantile, the mean of the worst of them, the share of those above an amount, or the difference of the mean from the baseline's."},
		{Name: "at_most", Type: Measured{}, Example: "50k",
			Doc: "The largest value that passes, in the unit of the metric; of a `share above` a percentage. One of `at_most` and `at_least` is needed."},
		{Name: "at_least", Type: Measured{}, Example: "95%",
			Doc: "The least value that passes."},
	}
}

func metricWords() []Word {
	var all []Word
	for _, m := range metric.All() {
		all = append(all, Word{Name: m.Name})
	}
	return all
}

// The forms of a statistic, in their order.
const (
	formMean = iota
	formQuantile
	formWorst
	formShare
	formDifference
)

func statisticPhrase() Phrase {
	return Phrase{Wants: "a statistic", Forms: []Form{
		{Example: "mean", Doc: "The mean.", Pattern: `mean`},
		{Example: "p95", Doc: "What 95 % of the values do not exceed.", Pattern: `p(\d{1,2}(?:\.\d{1,3})?)`},
		{Example: "worst 5%", Doc: "The mean of the worst 5 %.", Pattern: `worst (\d{1,2}(?:\.\d{1,3})?)%`},
		{Example: "share above 4h", Doc: "How many values are above an amount in the unit of the metric.", Pattern: `share above (\S{1,40})`},
		{Example: "difference", Doc: "The mean less that of the baseline.", Pattern: `difference`},
	}}
}

// gates reads what the answer must hold.
func (b *builder) gates(e *entry) []study.Gate {
	var all []study.Gate
	for _, c := range e.children {
		if c.clean() {
			all = append(all, b.gate(c))
		}
	}
	return all
}

func (b *builder) gate(e *entry) study.Gate {
	m, ok := metric.Named(e.get("metric").word)
	if !ok {
		panic("scenarios: a gate without a metric") // it was refused
	}
	g := study.Gate{Name: e.name, Why: e.get("why").word, Metric: m.Name, Line: e.key.line, Column: e.key.column,
		Alternative: b.present(e.get("alternative"))}
	b.statistic(e.get("statistic"), &m, &g)
	if g.Statistic == study.OfDifference && g.Alternative == 0 && !e.get("alternative").bad {
		b.fault(e.get("statistic"), problemf("name another alternative", "the baseline has no difference from itself"))
	}
	most, least := e.get("at_most"), e.get("at_least")
	switch {
	case most.written == least.written:
		b.fault(e, problemf("for example `at_most: "+exampleFor(&m)+"`", "one of `at_most` and `at_least` is needed, and no more"))
	case most.written:
		g.Bound = b.bound(most, &m, g.Statistic)
	default:
		g.Least, g.Bound = true, b.bound(least, &m, g.Statistic)
	}
	return g
}

// statistic reads what is taken of the values, where the metric has that.
func (b *builder) statistic(e *entry, m *metric.Metric, g *study.Gate) {
	part := func() float64 {
		x, _ := strconv.ParseFloat(e.parts[1]+"e-2", 64) // the pattern lets only digits through
		return x
	}
	g.Statistic = study.OfMean
	switch e.form {
	case formQuantile:
		g.Statistic, g.P = study.OfQuantile, part()
	case formWorst:
		g.Statistic, g.P = study.OfTail, 1-part()
	case formShare:
		g.Statistic, g.Above = study.OfProbability, b.amountOf(e, e.parts[1], numberOf(m))
	case formDifference:
		g.Statistic = study.OfDifference
	}
	ranked := g.Statistic == study.OfQuantile || g.Statistic == study.OfTail || g.Statistic == study.OfProbability
	switch {
	case ranked && m.Form != metric.Amount:
		b.fault(e, problemf("write mean or difference", "%s is a share or a ratio and has no %s", m.Name, show(e.text)))
	case (g.Statistic == study.OfQuantile || g.Statistic == study.OfTail) && !(g.P > 0 && g.P < 1):
		b.fault(e, problemf("from p0.001 to p99.999", "%s is out of range", show(e.text)))
	}
}

// bound reads the bound of a statistic; that of a difference may be below 0.
func (b *builder) bound(e *entry, m *metric.Metric, s study.Statistic) float64 {
	text, number := e.text, numberOf(m)
	switch s {
	case study.OfProbability:
		number = Number{Unit: Share, Max: 1}
	case study.OfDifference:
		if rest, below := strings.CutPrefix(text, "-"); below {
			return -b.amountOf(e, rest, number)
		}
		text = strings.TrimPrefix(text, "+")
	}
	return b.amountOf(e, text, number)
}

// amountOf reads an amount and tells what is wrong with it.
func (b *builder) amountOf(e *entry, text string, n Number) float64 {
	x, p := n.amount(text, b.root.get("currency").word)
	b.fault(e, p)
	return x
}

// numberOf is how an amount of a metric is written.
func numberOf(m *metric.Metric) Number {
	n := Number{Max: math.Inf(1)}
	switch m.Unit {
	case "hours":
		n.Unit = Duration
	case "money":
		n.Unit = Money
	case "per_week":
		n.Unit = Weekly
	case "share":
		n.Unit = Share
		if m.Form != metric.Amount {
			n.Max = 1
		}
	default:
		n.Unit = Count
	}
	return n
}

// exampleFor is an amount of a metric.
func exampleFor(m *metric.Metric) string { return numberOf(m).Unit.Examples[1] }
