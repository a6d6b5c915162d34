package stat

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Quantile is the value that a share P of the rows does not exceed.
type Quantile struct {
	P             float64   `json:"p"`              // between 0 and 1
	Value         Number    `json:"value"`          // +Inf for never
	StandardError Number    `json:"standard_error"` // NaN if a bound is absent or infinite
	Low           Number    `json:"low"`            // NaN if there are too few rows for this bound
	High          Number    `json:"high"`           // NaN if there are too few rows for this bound
	Level         float64   `json:"level"`          // at which Low to High covers the true quantile
	EffectiveRows Number    `json:"effective_rows"` // independent rows that would say as much
	Warnings      []Warning `json:"warnings,omitempty"`
}

// Quantile estimates the p-quantile of the rows as QuantileOf does. The number of
// effective rows allows for the dependence inside replications: the number of rows
// over the design effect (Kish 1965, Survey Sampling, section 8.2) of the share of
// rows at or below the estimate, which is never taken below 1, times the square of
// the ratio of t quantiles for rows and replications (Korn and Graubard 1998).
//
// It panics unless 0 < p < 1 and 0 < level < 1. Without rows there is no value,
// with rows of one replication no interval.
func (s Sample) Quantile(p, level float64) Quantile {
	if len(s.sorted) == 0 {
		return QuantileOf(nil, p, level, 0)
	}
	q := s.sorted[rankOf(p, len(s.sorted))-1]
	// Where many rows are equal, the shares below and up to q can differ in
	// dependence; the worse one counts.
	upTo := designOf(spreadOf(Indicator{s.Column, func(x float64) bool { return x <= q }}))
	below := designOf(spreadOf(Indicator{s.Column, func(x float64) bool { return x < q }}))
	d := upTo
	d.effect = max(upTo.effect, below.effect)
	return QuantileOf(s.sorted, p, level, d.effectiveRows(level))
}

// QuantileOf estimates the p-quantile of sorted values: the smallest that at least
// the share p of all does not exceed, the inverse of the empirical distribution
// function (type 1 of Hyndman and Fan 1996). It is always a value that occurred, so
// that +Inf is treated as what it is.
//
// Low and High are order statistics with the ranks of QuantileRanks for
// effectiveRows independent values, carried over to the ranks of sorted by their
// share (Woodruff 1952); no distribution is assumed. If a bound does not exist it is
// NaN, with a warning. StandardError is half of High-Low over the normal quantile.
//
// effectiveRows is at most len(sorted), and NaN if unknown: then there is no
// interval. It panics unless 0 < p < 1 and 0 < level < 1.
func QuantileOf(sorted []float64, p, level, effectiveRows float64) Quantile {
	checkShare("quantile", p)
	checkShare("level", level)
	q := Quantile{P: p, Level: level, EffectiveRows: Number(effectiveRows)}
	q.Value, q.StandardError, q.Low, q.High = absent(), absent(), absent(), absent()
	n := len(sorted)
	if n == 0 {
		q.Warnings = replicationWarnings(0)
		return q
	}
	q.Value = Number(sorted[rankOf(p, n)-1])
	if math.IsNaN(effectiveRows) {
		q.Warnings = replicationWarnings(1)
		return q
	}
	q.bounds(sorted, min(n, int(effectiveRows)))
	return q
}

// bounds sets the interval and the standard error.
func (q *Quantile) bounds(sorted []float64, effective int) {
	n := len(sorted)
	low, high := QuantileRanks(effective, q.P, q.Level)
	if low >= 1 {
		q.Low = Number(sorted[scaleRank(low-1, n, effective)])
	}
	if high <= effective {
		q.High = Number(sorted[n-1-scaleRank(effective-high, n, effective)])
	}
	if width := float64(q.High - q.Low); finite(width) {
		q.StandardError = Number(width / (2 * portable.NormalQuantile((1+q.Level)/2)))
	}
	if low < 1 || high > effective {
		q.Warnings = append(q.Warnings, warn(WarnQuantileUnbound,
			"the %s quantile has no complete interval at level %s: that needs %d independent rows, these are worth %d",
			percent(q.P), percent(q.Level), MinimumRows(max(q.P, 1-q.P), (1+q.Level)/2, 1), effective))
	}
}

// scaleRank is how many of n values correspond to some of m <= n, rounded down, so
// that the interval becomes wider rather than narrower.
func scaleRank(some, n, m int) int {
	if n == m {
		return some
	}
	return int(float64(some) * (float64(n) / float64(m)))
}

// rankOf is the smallest rank k, from 1, with k/n >= p. The product n*p is only a
// guess, since 0.1*30 is above 3 in float64; the quotients decide.
func rankOf(p float64, n int) int {
	k := min(n, max(1, int(math.Ceil(p*float64(n)))))
	for k > 1 && float64(k-1)/float64(n) >= p {
		k--
	}
	for k < n && float64(k)/float64(n) < p {
		k++
	}
	return k
}

// A design is how much a share of rows varies from replication to replication.
type design struct {
	rows, replications int
	effect             float64 // >= 1; NaN if there is one replication of several rows
}

// designOf compares the variance of a share with p(1-p)/(n-1), that of independent
// rows. A share of 0 or 1 shows no dependence: 1.
func designOf(s spread) design {
	d := design{rows: int(s.weight), replications: s.replications, effect: 1}
	free := s.mean * (1 - s.mean) / (s.weight - 1)
	switch {
	case d.replications >= d.rows: // independent rows; rounding must not cost one
	case d.replications == 1:
		d.effect = math.NaN()
	case free > 0:
		d.effect = max(1, float64(s.se*s.se)/free)
	}
	return d
}

// effectiveRows is the number of independent rows that say as much.
func (d design) effectiveRows(level float64) float64 {
	return float64(float64(d.rows) / d.effect * d.penalty(level))
}

// penalty is for a design effect from few replications: the squared ratio of the t
// quantiles for rows and for replications, at most 1.
func (d design) penalty(level float64) float64 {
	if d.replications >= d.rows || d.replications < 2 {
		return 1
	}
	ratio := StudentQuantile((1+level)/2, float64(d.rows-1)) /
		StudentQuantile((1+level)/2, float64(d.replications-1))
	return float64(ratio * ratio)
}
