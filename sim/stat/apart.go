package stat

import (
	"fmt"
	"math"
)

// Dependence is what is known of two estimates that were made apart from each other.
type Dependence uint8

// The dependences.
const (
	ShareNothing     Dependence = iota // they have no chance in common
	MayShare                           // they may have some in common; nobody knows how much
	endOfDependences                   // no dependence
)

// CompareEstimates returns the difference of two means of which nothing is left but the
// estimates. For independent ones the standard error is the root of the sum of both
// squares, and the interval is Student's with the degrees of freedom of Welch (1947),
// as Satterthwaite (1946, equation 17) gives them. For any dependence the standard error
// is the sum of both, which no correlation exceeds, with the degrees of freedom of the
// smaller one.
//
// With an estimate of fewer than two replications there is no standard error and no
// interval. Equal infinite means have the difference 0. It panics as Compare does.
func CompareEstimates(baseline, alternative Estimate, d Dependence, o CompareOptions) Comparison {
	if d >= endOfDependences {
		panic(fmt.Sprintf("stat: Dependence %d", d))
	}
	c := Comparison{Replications: min(baseline.Replications, alternative.Replications), Level: o.Level,
		Comparisons: o.Comparisons, VarianceReduction: absent()}
	each := o.each()
	c.StandardError, c.Low, c.High = absent(), absent(), absent()
	b, a := float64(baseline.Mean), float64(alternative.Mean)
	if a == b && math.IsInf(a, 0) {
		c.Relative = absent()
		return c
	}
	c.setDifference(b, a)
	if !finite(float64(c.Difference)) || c.Replications < 2 {
		return c
	}
	se, freedom := apart(baseline, alternative, d)
	c.StandardError, c.Low, c.High = Number(se), c.Difference, c.Difference
	if se > 0 {
		half := Number(StudentQuantile((1+each)/2, freedom) * se)
		c.Low, c.High = c.Difference-half, c.Difference+half
	} else if se != se {
		c.Low, c.High = absent(), absent()
	}
	c.judge(math.Max(math.Abs(a), math.Abs(b)))
	return c
}

// apart is the standard error of a difference, and its degrees of freedom.
func apart(b, a Estimate, d Dependence) (se, freedom float64) {
	vb, va := float64(b.StandardError*b.StandardError), float64(a.StandardError*a.StandardError)
	fb, fa := float64(b.Replications-1), float64(a.Replications-1)
	if d == MayShare {
		return float64(a.StandardError) + float64(b.StandardError), min(fa, fb)
	}
	v := va + vb
	spread := float64(va*va)/fa + float64(vb*vb)/fb
	if !(spread > 0) {
		return math.Sqrt(v), min(fa, fb)
	}
	return math.Sqrt(v), float64(v*v) / spread
}

// ComparePairedQuantiles returns the difference of the p-quantiles of two samples whose
// replications are paired as in Compare. The deviation of a quantile is, in large samples,
// that of the share of rows up to it over minus the density there (Bahadur 1966, theorem
// 1); the density is read off the interval of the quantile (Woodruff 1952), so that each
// quantile alone has the standard error that Quantile gives it at the level of this
// interval. The standard error is that of the differences of the replications, and the
// interval Student's.
//
// Where a quantile has no standard error, since it or a bound is infinite or there are too
// few rows, the answer is that of CompareQuantiles. It panics as Compare does, and unless
// 0 < p < 1.
func ComparePairedQuantiles(baseline, alternative Sample, p float64, o CompareOptions) Comparison {
	if baseline.Replications() != alternative.Replications() {
		panic(fmt.Sprintf("stat: ComparePairedQuantiles of %d with %d replications", baseline.Replications(), alternative.Replications()))
	}
	each := o.each()
	b, a := baseline.leaning(p, each), alternative.leaning(p, each)
	if !finite(b.scale) || !finite(a.scale) {
		return CompareQuantiles(baseline, alternative, p, o)
	}
	var differences, alone blockwise
	for r := range baseline.Replications() {
		eb, ea := b.of(r), a.of(r)
		differences.add(float64((ea - eb) * (ea - eb)))
		alone.add(float64(ea*ea) + float64(eb*eb))
	}
	n := min(baseline.Clusters.filled(), alternative.Clusters.filled())
	d := spread{mean: a.value - b.value, se: math.Sqrt(varianceOf(differences.value(), n)), replications: n}
	c := Comparison{Replications: n, Level: o.Level, Comparisons: o.Comparisons}
	c.setDifference(b.value, a.value)
	c.StandardError, c.VarianceReduction = Number(d.se), Number(alone.value()/differences.value())
	c.Low, c.High = d.interval(each)
	c.judge(math.Max(math.Abs(a.value), math.Abs(b.value)))
	c.Warnings = replicationWarnings(n)
	return c
}

// A leaning is how replications pull a quantile.
type leaning struct {
	Sample
	value float64
	upTo  float64 // share of rows up to the value
	scale float64 // of the share of rows up to the value; not finite where nothing is known
}

// leaning is that of the p-quantile, with the standard error that Quantile has at a level.
func (s Sample) leaning(p, level float64) leaning {
	q := s.Quantile(p, level)
	l := leaning{Sample: s, value: float64(q.Value), scale: math.NaN()}
	if !finite(l.value) || !finite(float64(q.StandardError)) {
		return l
	}
	share := spreadOf(Indicator{s.Column, func(x float64) bool { return x <= l.value }})
	l.upTo = share.mean
	if l.scale = 0; q.StandardError > 0 {
		l.scale = float64(q.StandardError) / share.se
	}
	return l
}

// of is what replication r adds to the deviation of the quantile.
func (l leaning) of(r int) float64 {
	first, end := l.Clusters.Bounds(r)
	above := 0
	for _, x := range l.Rows[first:end] {
		if x > l.value {
			above++
		}
	}
	all := float64(len(l.Rows))
	over := float64(above)/all - float64((1-l.upTo)*(float64(end-first)/all))
	return float64(l.scale * over)
}
