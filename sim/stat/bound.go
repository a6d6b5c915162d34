package stat

import "math"

// Bound is what a value is held against.
type Bound struct {
	At    float64 // in the unit of the value
	Least bool    // the value is to be at least At; otherwise at most
}

// Standing is how a value stands to a Bound.
type Standing int

// The standings.
const (
	Undecided Standing = iota // the simulation error is too large to tell
	Met
	Missed
)

// Trial is what a look at the data says about a value and its Bound.
type Trial struct {
	Standing      Standing
	Value         Number // NaN if there is none
	StandardError Number // of Value; NaN if unknown
	Margin        Number // how far the value keeps clear of the bound, in standard errors; below 0 on the wrong side of it; NaN if unknown
	Chance        Number // probability of such a margin or a larger one on that side if the value were the bound; NaN if unknown
	Constant      bool   // the value was the same in every replication
}

// fewEvents is the number of replications with an event (or without one) below which
// the dependence of rows cannot be seen and the worst is assumed. An assumption.
const fewEvents = 10

// inside is how far value is on the right side of the bound, below 0 on the wrong one.
func (b Bound) inside(value float64) float64 {
	if b.Least {
		return value - b.At
	}
	return b.At - value
}

// MeanTrial holds the mean of t against a bound, with the probability err of being
// wrong on either side together. It is the t test of EstimateOf, and beside it the same
// test with the skewness of the replications taken out by Hall's transformation (1992,
// On the removal of skewness by transformation, equation 2.2); the smaller margin of the
// two counts, so that neither tail is too heavy. It rests on the central limit theorem.
//
// A mean that is infinite has a row that is never, which proves it so. A value that is
// the same in all replications has no error and stands where it stands. With fewer than
// two replications nothing is decided.
func MeanTrial(t Totals, b Bound, err float64) Trial {
	s := spreadOf(t)
	if math.IsInf(s.mean, 0) {
		return b.certain(s.mean)
	}
	return b.judge(s, skewness(residuals(t, s)), err)
}

// DifferenceTrial is MeanTrial for the difference of an alternative from the baseline,
// whose replications are paired as in Compare.
func DifferenceTrial(baseline, alternative Totals, b Bound, err float64) Trial {
	one, two := grand(baseline), grand(alternative)
	d := pair(one, two)
	var all []float64
	for r := range baseline.Replications() {
		e1, any1 := one.residual(r)
		e2, any2 := two.residual(r)
		if any1 || any2 {
			all = append(all, e2-e1)
		}
	}
	if d.se <= resolution*math.Max(math.Abs(one.mean), math.Abs(two.mean)) {
		d.se = 0 // of rounding
	}
	return b.judge(d.spread, skewness(all), err)
}

// TailTrial is MeanTrial for the tail mean at p of TailMean.
func (s Sample) TailTrial(p float64, b Bound, err float64) Trial {
	checkTail(p)
	n := len(s.sorted)
	if n == 0 {
		return nothing()
	}
	if never := s.sorted[n-1]; math.IsInf(never, 1) {
		return b.certain(never)
	}
	limit := s.sorted[rankOf(p, n)-1]
	beyond := above{s.Column, limit}
	t := b.judge(s.excess(p), skewness(residuals(beyond, spreadOf(beyond))), err)
	if float64(n)-float64(float64(n)*p) < EnoughReplications {
		t.Standing = Undecided // too few rows for the central limit theorem
	}
	return t
}

// ShareTrial holds a share, as of ProportionOf, against a bound by the exact binomial
// test for the effective number of rows (see Sample.Quantile). Where fewer than ten
// replications have an event, or fewer than ten have none, the rows of a replication
// count as one.
func ShareTrial(t Totals, b Bound, err float64) Trial {
	s := spreadOf(t)
	d := shareDesign(t, s)
	if !(s.weight > 0) || math.IsNaN(d.effect) {
		return nothing()
	}
	rows := d.effectiveRows(1 - err)
	y := Trial{Value: Number(s.mean), StandardError: Number(s.se)}
	y.Margin = Number(b.inside(s.mean) / math.Sqrt(b.At*(1-b.At)/rows))
	if s.mean == b.At {
		y.Margin = 0
	}
	low, high := binomialChances(s, d, rows, b.At)
	y.Chance = Number(min(low, high))
	return y.decide(b, low <= err/2, high <= err/2)
}

// shareDesign is the design of a share, on the safe side where events are rare.
func shareDesign(t Totals, s spread) design {
	d, with, without := designOf(s), 0, 0
	for r := range t.Replications() {
		sum, weight := t.Total(r)
		if sum > 0 {
			with++
		}
		if sum < weight {
			without++
		}
	}
	if min(with, without) < fewEvents && s.replications > 0 {
		d.effect = max(d.effect, s.weight/float64(s.replications))
	}
	return d
}

// binomialChances are the probabilities of at most, and of at least, the share that was
// seen if the true one were p. Of a part of a row the side counts that decides less.
func binomialChances(s spread, d design, rows, p float64) (low, high float64) {
	n := int(rows)
	least, most := int(s.sum), int(s.sum)
	if n < d.rows {
		events := float64(s.mean * float64(n))
		least, most = int(math.Floor(events)), int(math.Ceil(events))
	}
	return BinomialCDF(most, n, p), BinomialTail(least-1, n, p)
}

// QuantileTrial holds the p-quantile against a bound by the sign test: whether the share
// of rows beyond the bound is more than 1-p (see ShareTrial), which assumes no
// distribution. Value and StandardError are those of Sample.Quantile. It panics unless
// 0 < p < 1.
func (s Sample) QuantileTrial(p float64, b Bound, err float64) Trial {
	if len(s.sorted) == 0 {
		return nothing()
	}
	beyond := Indicator{s.Column, func(x float64) bool { return x > b.At }}
	if b.Least {
		beyond.Holds = func(x float64) bool { return x >= b.At }
	}
	y := ShareTrial(beyond, Bound{At: 1 - p, Least: b.Least}, err)
	q := s.Quantile(p, 1-err)
	y.Value, y.StandardError = q.Value, q.StandardError
	return y
}

// nothing is a Trial without data.
func nothing() Trial {
	return Trial{Value: absent(), StandardError: absent(), Margin: absent(), Chance: absent()}
}

// certain is the Trial of a value without any error.
func (b Bound) certain(value float64) Trial {
	y := Trial{Standing: Met, Value: Number(value), Margin: Number(math.Inf(1))}
	if inside := b.inside(value); inside < 0 && !(-inside <= resolution*math.Abs(b.At)) {
		y.Standing, y.Margin = Missed, Number(math.Inf(-1))
	}
	return y
}

// judge decides about a value from its standard error and the skewness of its
// replications.
func (b Bound) judge(s spread, skew, err float64) Trial {
	if s.replications < 2 || !finite(s.mean) {
		t := nothing()
		t.Value = Number(s.mean)
		return t
	}
	if !(s.se > resolution*math.Abs(s.mean)) {
		t := b.certain(s.mean)
		t.Constant = true
		return t
	}
	t := (s.mean - b.At) / s.se
	t = cautious(t, unskewed(t, skew, s.replications))
	tail, _ := studentTail(math.Abs(t), float64(s.replications-1))
	y := Trial{Value: Number(s.mean), StandardError: Number(s.se), Margin: Number(-t), Chance: Number(tail)}
	if b.Least {
		y.Margin = Number(t)
	}
	return y.decide(b, t < 0 && tail <= err/2, t > 0 && tail <= err/2)
}

// decide sets the standing of a value that is shown to be below the bound, or above.
func (y Trial) decide(b Bound, below, above bool) Trial {
	switch {
	case below == above:
		y.Standing = Undecided
	case above == b.Least:
		y.Standing = Met
	default:
		y.Standing = Missed
	}
	return y
}

// cautious is the one of two statistics that says less, 0 where they contradict.
func cautious(a, b float64) float64 {
	switch {
	case float64(a*b) <= 0:
		return 0
	case math.Abs(b) < math.Abs(a):
		return b
	}
	return a
}

// unskewed is Hall's transformation of a t statistic from n values of that skewness.
func unskewed(t, skew float64, n int) float64 {
	a := skew / math.Sqrt(float64(n))
	return t + float64(a/3*t*t) + float64(a*a/27*t*t*t) + a/6
}

// residuals are what the replications with a weight add to the deviation of the mean.
func residuals(t Totals, s spread) []float64 {
	var all []float64
	for r := range t.Replications() {
		if sum, weight := t.Total(r); counts(weight) {
			all = append(all, sum-float64(s.mean*weight))
		}
	}
	return all
}

// skewness is that of values around 0: the mean cube over the 3/2-th power of the mean
// square; 0 where there are none but 0.
func skewness(xs []float64) float64 {
	var squares, cubes blockwise
	for _, x := range xs {
		squares.add(float64(x * x))
		cubes.add(float64(float64(x*x) * x))
	}
	n, square := float64(len(xs)), squares.value()
	if !(square > 0) {
		return 0
	}
	return float64(cubes.value() / square * math.Sqrt(n/square))
}
