package stat

import (
	"fmt"
	"math"
)

// Comparison is the difference of an alternative from the baseline: alternative
// minus baseline.
type Comparison struct {
	Replications      int       `json:"replications"`       // pairs, with a weight above 0 on at least one side
	Difference        Number    `json:"difference"`         // NaN if a side has no value or both are infinite
	StandardError     Number    `json:"standard_error"`     // NaN below two replications
	Low               Number    `json:"low"`                // of the interval; NaN below two replications
	High              Number    `json:"high"`               // of the interval
	Level             float64   `json:"level"`              // at which all Comparisons intervals hold together
	Comparisons       int       `json:"comparisons"`        // made at once
	Visible           bool      `json:"visible"`            // the interval excludes 0
	Relative          Number    `json:"relative"`           // Difference over the size of the baseline; NaN if that is 0
	VarianceReduction Number    `json:"variance_reduction"` // by pairing; 1 is none, "inf" a constant difference, NaN unknown
	Warnings          []Warning `json:"warnings,omitempty"`
}

// CompareOptions says at which confidence things are compared.
type CompareOptions struct {
	Level       float64 // of all intervals together, between 0 and 1
	Comparisons int     // made at once, at least 1; each interval has the level 1-(1-Level)/Comparisons (Bonferroni)
}

// each is the level of each interval.
func (o CompareOptions) each() float64 {
	checkShare("level", o.Level)
	if o.Comparisons < 1 {
		panic(fmt.Sprintf("stat: %d comparisons", o.Comparisons))
	}
	if o.Comparisons == 1 {
		return o.Level // the formula below could cost a bit
	}
	return 1 - (1-o.Level)/float64(o.Comparisons)
}

// resolution is the part of a mean below which a difference is taken to be rounding.
const resolution = 1e-12

// Compare returns the difference of two means whose replications are paired:
// replication r of both has met the same chance (common random numbers). The
// standard error is that of EstimateOf for the differences of the replications'
// residuals, each over its own grand weight, so that both sides may have different
// rows; with one weight throughout it is that of a paired t test. The interval is
// Student's with R-1 degrees of freedom.
//
// VarianceReduction is the variance that independent runs would have, the sum of
// both, over that of the pairs: 1/(1-correlation) for equal variances (Law 2015,
// Simulation Modeling and Analysis, section 11.2). A difference below 1e-12 of the
// larger mean is rounding and never visible.
//
// It panics unless both have the same number of replications, 0 < o.Level < 1 and
// o.Comparisons >= 1.
func Compare(baseline, alternative Totals, o CompareOptions) Comparison {
	b, a := grand(baseline), grand(alternative)
	d := pair(b, a)
	c := Comparison{Replications: d.replications, Level: o.Level, Comparisons: o.Comparisons}
	c.setDifference(b.mean, a.mean)
	c.StandardError = Number(d.se)
	c.Low, c.High = d.interval(o.each())
	c.VarianceReduction = Number(d.reduction)
	c.judge(math.Max(math.Abs(a.mean), math.Abs(b.mean)))
	c.Warnings = append(replicationWarnings(d.replications), c.Warnings...)
	return c
}

// CompareQuantiles returns the difference of the p-quantiles of two samples. Low is
// the low bound of the alternative minus the high bound of the baseline, each at the
// level 1-(1-Level)/2, and High the other way round, so that no distribution is
// assumed and no credit is taken for the pairing: the interval holds at Level for
// any dependence, and is wider than it has to be. StandardError is the root of the
// sum of both squares; VarianceReduction is NaN. The difference of two infinite
// quantiles is NaN. It panics as Compare does, and unless 0 < p < 1.
func CompareQuantiles(baseline, alternative Sample, p float64, o CompareOptions) Comparison {
	each := (1 + o.each()) / 2
	b, a := baseline.Quantile(p, each), alternative.Quantile(p, each)
	c := Comparison{Level: o.Level, Comparisons: o.Comparisons, VarianceReduction: absent()}
	c.Replications = min(baseline.Replications(), alternative.Replications())
	c.setDifference(float64(b.Value), float64(a.Value))
	c.StandardError = Number(math.Sqrt(float64(b.StandardError*b.StandardError) + float64(a.StandardError*a.StandardError)))
	c.Low, c.High = a.Low-b.High, a.High-b.Low
	c.judge(math.Max(math.Abs(float64(a.Value)), math.Abs(float64(b.Value))))
	c.Warnings = addWarnings(addWarnings(c.Warnings, b.Warnings...), a.Warnings...)
	return c
}

// setDifference sets the difference and what it is of the baseline.
func (c *Comparison) setDifference(baseline, alternative float64) {
	d := alternative - baseline
	c.Difference, c.Relative = Number(d), absent()
	if math.IsInf(baseline, 0) || math.IsInf(alternative, 0) {
		c.Warnings = append(c.Warnings, infiniteWarning("difference"))
		return
	}
	if baseline != 0 {
		c.Relative = Number(d / math.Abs(baseline))
	} else if d != 0 {
		c.Warnings = append(c.Warnings, warn(WarnZeroBaseline,
			"the baseline is 0, so that the difference has no relative size"))
	}
}

// judge decides whether the difference can be seen beside numbers of this size.
func (c *Comparison) judge(size float64) {
	excluded := c.Low > 0 || c.High < 0 // false if a bound is NaN
	c.Visible = excluded && !(math.Abs(float64(c.Difference)) <= resolution*size)
}

// A side is a Totals beside its grand mean.
type side struct {
	Totals
	mean, weight float64
}

func grand(t Totals) side {
	sum, weight := t.Grand()
	return side{Totals: t, mean: sum / weight, weight: weight}
}

// residual is what replication r adds to the deviation of the mean.
func (s side) residual(r int) (e float64, any bool) {
	sum, weight := s.Total(r)
	return (sum - float64(s.mean*weight)) / s.weight, counts(weight)
}

// A pairing is the spread of a difference beside what pairing has gained.
type pairing struct {
	spread
	reduction float64
}

// pair computes the difference from the residuals of the pairs.
func pair(b, a side) pairing {
	if b.Replications() != a.Replications() {
		panic(fmt.Sprintf("stat: Compare of %d with %d replications", b.Replications(), a.Replications()))
	}
	var differences, alone blockwise
	d := pairing{spread: spread{mean: a.mean - b.mean}}
	for r := range b.Replications() {
		eb, anyB := b.residual(r)
		ea, anyA := a.residual(r)
		if !anyA && !anyB {
			continue
		}
		d.replications++
		differences.add(float64((ea - eb) * (ea - eb)))
		alone.add(float64(ea*ea) + float64(eb*eb))
	}
	d.se, d.reduction = math.NaN(), math.NaN()
	if finite(d.mean) {
		d.se = math.Sqrt(varianceOf(differences.value(), d.replications))
		d.reduction = alone.value() / differences.value()
	}
	return d
}
