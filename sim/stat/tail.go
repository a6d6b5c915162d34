package stat

import (
	"fmt"
	"math"
)

// Tail is the mean of the worst share 1-P of the rows: the conditional tail
// expectation, or expected shortfall, at P.
type Tail struct {
	P             float64   `json:"p"`              // from 0, the mean itself, to below 1
	Value         Number    `json:"value"`          // +Inf if a row is never
	StandardError Number    `json:"standard_error"` // NaN below two replications
	Low           Number    `json:"low"`            // of the interval; NaN below two replications
	High          Number    `json:"high"`           // of the interval
	Level         float64   `json:"level"`          // at which Low to High covers the true value
	Rows          float64   `json:"rows"`           // n(1-P), the number of rows it is the mean of
	Warnings      []Warning `json:"warnings,omitempty"`
}

// TailMean estimates the tail mean at p: with q the p-quantile,
//
//	q + mean of (x-q) over rows with x > q, 0 for the others / (1-p)
//
// (Rockafellar and Uryasev 2000, equation 4). If n*p is no whole number, or several
// rows equal q, a part of the atom at q belongs to the tail; this form takes exactly
// that part (Acerbi and Tasche 2002, definition 4.1).
//
// The variance is that of the mean on the right, since the estimate does not change
// to first order with q: from replications as in EstimateOf, and for independent
// rows (variance in the tail + p (value - q)^2) / (n (1-p)), the formula of Manistre
// and Hancock (2005). The interval is Student's. A tail of fewer than
// EnoughReplications rows is given with a warning.
//
// It panics unless 0 <= p < 1 and 0 < level < 1. Without rows there is no value.
func (s Sample) TailMean(p, level float64) Tail {
	checkTail(p)
	n := len(s.sorted)
	t := Tail{P: p, Level: level, Rows: float64(n) - float64(float64(n)*p)}
	t.Value, t.StandardError, t.Low, t.High = absent(), absent(), absent(), absent()
	if n == 0 {
		t.Warnings = replicationWarnings(0)
		return t
	}
	if never := s.sorted[n-1]; math.IsInf(never, 1) {
		t.Value = Number(never)
		t.Warnings = append(t.Warnings, infiniteWarning(t.name()))
		return t
	}
	e := s.excess(p)
	t.Value, t.StandardError = Number(e.mean), Number(e.se)
	t.Low, t.High = e.interval(level)
	t.Warnings = replicationWarnings(e.replications)
	if t.Rows < EnoughReplications {
		t.Warnings = append(t.Warnings, warn(WarnFewTailRows,
			"the %s is the mean of %.4g rows; below %d its interval may cover less often than it says",
			t.name(), t.Rows, EnoughReplications))
	}
	return t
}

// TailMeanOf is TailMean for independent sorted values: the value and its standard
// error, NaN if there are none. It panics unless 0 <= p < 1.
func TailMeanOf(sorted []float64, p float64) (value, standardError float64) {
	s := Sample{Column{sorted, Independent(len(sorted))}, sorted}
	t := s.TailMean(p, 0.5) // the level does not matter here
	return float64(t.Value), float64(t.StandardError)
}

// name is for sentences.
func (t Tail) name() string { return "mean of the worst " + percent(1-t.P) }

// excess is the tail mean with its standard error.
func (s Sample) excess(p float64) spread {
	q := s.sorted[rankOf(p, len(s.sorted))-1]
	e := spreadOf(above{s.Column, q})
	e.mean = q + e.mean/(1-p)
	e.se /= 1 - p
	return e
}

func checkTail(p float64) {
	if !(p >= 0 && p < 1) {
		panic(fmt.Sprintf("stat: tail mean at %v", p))
	}
}

// above is by how much the rows exceed a limit, 0 for those that do not, as Totals.
type above struct {
	Column
	limit float64
}

// Total implements Totals.
func (a above) Total(r int) (sum, weight float64) {
	first, end := a.Clusters.Bounds(r)
	return a.sum(a.Rows[first:end]), float64(end - first)
}

// Grand implements Totals.
func (a above) Grand() (sum, weight float64) { return a.sum(a.Rows), float64(len(a.Rows)) }

func (a above) sum(rows []float64) float64 {
	var sum blockwise
	for _, x := range rows {
		if x > a.limit {
			sum.add(x - a.limit)
		}
	}
	return sum.value()
}
