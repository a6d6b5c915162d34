package section

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// view reads a study for people: each value comes as a piece of text that knows
// where in the study it stands.
type view struct{ *study.Study }

// value is one number with its simulation error, its unit and its place.
type value struct {
	v, err stat.Number
	unit   number.Unit
	from   string
}

// say prints the value. What the study does not have is no number but a word.
func (x value) say() reports.Span {
	if x.from == "" {
		return reports.Span{Text: number.Absent}
	}
	return reports.Span{
		Text:  number.Text(float64(x.v), float64(x.err), x.unit),
		Style: reports.Number, Value: float64(x.v), From: x.from,
	}
}

// signed prints the value with its sign: for differences.
func (x value) signed() reports.Span {
	s := x.say()
	s.Text = number.Signed(float64(x.v), float64(x.err), x.unit)
	return s
}

// whole prints an exact count.
func whole(n int, from string) reports.Span {
	return reports.Span{Text: number.Whole(n), Style: reports.Number, Value: float64(n), From: from}
}

// counted prints an exact count with the word for what is counted.
func counted(n int, word, from string) reports.Text {
	if n != 1 {
		word += "s"
	}
	return reports.Say("{} {}", whole(n, from), word)
}

// metric is the index of the metric of that name.
func (v view) metric(name string) (k int, ok bool) {
	for k := range v.Metrics {
		if v.Metrics[k].Name == name {
			return k, true
		}
	}
	return 0, false
}

// unit is how values of metric k are printed.
func (v view) unit(k int) number.Unit {
	switch v.Metrics[k].Unit {
	case "hours":
		return number.Hours
	case "share":
		return number.Share
	case "money":
		return number.Money(v.Currency)
	}
	return number.Count
}

// title is what people call alternative i.
func (v view) title(i int) string {
	if t := v.Alternatives[i].Title; t != "" {
		return t
	}
	return v.Alternatives[i].Name
}

func (v view) name(i int) reports.Span { return reports.NameOf(v.title(i), i) }

func (v view) choice(i int) chart.Choice { return chart.Choice{Name: v.title(i), Index: i} }

// place is where the summary of metric k of alternative i stands.
func place(i, k int) string { return fmt.Sprintf("alternatives[%d].summaries[%d]", i, k) }

func (v view) mean(i, k int) value {
	s := v.Alternatives[i].Summaries[k]
	return value{s.Mean, s.StandardError, v.unit(k), place(i, k) + ".mean"}
}

// quantile is the p-quantile of metric k of alternative i with its interval;
// all are NaN when the study does not have it.
func (v view) quantile(i, k int, p float64) (x value, low, high value) {
	for q, entry := range v.Alternatives[i].Summaries[k].Quantiles {
		if entry.P == p {
			at := quantileAt(i, k, q)
			u := v.unit(k)
			return value{entry.Value, entry.StandardError, u, at + ".value"},
				value{entry.Low, entry.StandardError, u, at + ".low"},
				value{entry.High, entry.StandardError, u, at + ".high"}
		}
	}
	none := value{v: stat.Number(math.NaN()), unit: v.unit(k)}
	return none, none, none
}

// point is the quantile without its interval.
func (v view) point(i, k int, p float64) value {
	x, _, _ := v.quantile(i, k, p)
	return x
}

// tail is the mean of the worst share 1-p of metric k of alternative i.
func (v view) tail(i, k int, p float64) value {
	for t, entry := range v.Alternatives[i].Summaries[k].Tails {
		if entry.P == p {
			return value{entry.Value, entry.StandardError, v.unit(k), fmt.Sprintf("%s.tails[%d].value", place(i, k), t)}
		}
	}
	return value{v: stat.Number(math.NaN()), unit: v.unit(k)}
}

// has says whether x was found in the study and exists.
func (x value) has() bool { return x.from != "" && !math.IsNaN(float64(x.v)) }

// each says something of every alternative, joined by commas and "and"; by
// semicolons where a title has commas of its own.
func (v view) each(of func(i int) reports.Text) reports.Text {
	var all []reports.Text
	between, last := ", ", " and "
	for i := range v.Alternatives {
		all = append(all, of(i))
		if strings.Contains(v.title(i), ",") {
			between, last = "; ", "; "
		}
	}
	return reports.Join(all, between, last)
}

// paragraph is a block of one role.
func paragraph(role reports.Role, t reports.Text) reports.Block {
	return reports.Paragraph{Role: role, Text: t}
}

// quantileAt is where entry q of the quantiles of metric k of alternative i stands.
func quantileAt(i, k, q int) string { return fmt.Sprintf("%s.quantiles[%d]", place(i, k), q) }

// capital begins a sentence with s.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
