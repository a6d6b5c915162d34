package analytic

import (
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Ranks compares two samples by the test of Wilcoxon (1945) and Mann and Whitney
// (1947). Where a method has an exact form too, the plain one is the normal
// approximation with the correction for continuity and for ties, as R's wilcox.test
// with exact = FALSE. Both samples have at least one value; none is NaN.
type Ranks struct{ Canary, Baseline []float64 }

// Statistic is W: the pairs in which the canary is larger, those that tie counted
// half.
func (r Ranks) Statistic() float64 { return r.shifted(0) }

// shifted is the statistic with the canary lowered by d.
func (r Ranks) shifted(d float64) float64 {
	sum := 0.0
	for _, x := range r.Canary {
		for _, y := range r.Baseline {
			switch {
			case x-d > y:
				sum++
			case x-d == y:
				sum += 0.5
			}
		}
	}
	return sum
}

func (r Ranks) mustHold() (m, n float64) {
	mustCount("values of the canary", len(r.Canary))
	mustCount("values of the baseline", len(r.Baseline))
	return float64(len(r.Canary)), float64(len(r.Baseline))
}

// score is the statistic in standard deviations when the canary is lowered by d,
// drawn half a unit towards 0.
func (r Ranks) score(d float64) float64 {
	m, n := r.mustHold()
	away := r.shifted(d) - m*n/2
	sigma := math.Sqrt(m * n / 12 * (m + n + 1 - r.ties(d)/((m+n)*(m+n-1))))
	if away == 0 || sigma == 0 {
		return 0
	}
	return (away - math.Copysign(0.5, away)) / sigma
}

// ties is the sum of t^3 - t over groups of t equal values.
func (r Ranks) ties(d float64) float64 {
	var all []float64
	for _, x := range r.Canary {
		all = append(all, x-d)
	}
	all = append(all, r.Baseline...)
	slices.Sort(all)
	sum := 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		t := float64(j - i)
		sum += t*t*t - t
		i = j
	}
	return sum
}

// P is the two-sided probability of such a statistic, or one further out, where the
// samples are of one distribution.
func (r Ranks) P() float64 {
	return math.Min(1, 2*portable.NormalCDF(-math.Abs(r.score(0))))
}

// Shift is the estimate of Hodges and Lehmann (1963) of by how much the canary is
// higher: where the statistic of the lowered canary is in the middle.
func (r Ranks) Shift() float64 {
	low := r.limit(func(d float64) bool { return r.uncorrected(d) > 0 })
	high := r.limit(func(d float64) bool { return r.uncorrected(d) >= 0 })
	return (low + high) / 2
}

func (r Ranks) uncorrected(d float64) float64 {
	m, n := r.mustHold()
	return r.shifted(d) - m*n/2
}

// Interval is the confidence interval of the shift of the given level, 0 to 1,
// exclusive: the shifts that the test would not reject.
func (r Ranks) Interval(level float64) (low, high float64) {
	mustBePositive("the level", level)
	mustBePositive("1 less the level", 1-level)
	z := portable.NormalQuantile((1 + level) / 2)
	low = r.limit(func(d float64) bool { return r.score(d) > z })
	high = r.limit(func(d float64) bool { return r.score(d) > -z })
	return low, high
}

// limit is the shift at which a condition that holds for small ones ceases to.
func (r Ranks) limit(holds func(d float64) bool) float64 {
	r.mustHold()
	low := slices.Min(r.Canary) - slices.Max(r.Baseline)
	high := slices.Max(r.Canary) - slices.Min(r.Baseline)
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return r.next(low)
}

// hair is how far, relative to both values, the difference of two floating-point numbers
// may be from the shift that makes them equal: a few times 2^-53.
const hair = 1e-15

// next is the least difference of a canary and a baseline value that is d or more, or a
// hair less: halving stops a hair beside the one at which the statistic jumps, and a hair
// beside zero is not zero.
func (r Ranks) next(d float64) float64 {
	least := math.Inf(1)
	for _, x := range r.Canary {
		for _, y := range r.Baseline {
			if x-y >= d-hair*(math.Abs(x)+math.Abs(y)) {
				least = math.Min(least, x-y)
			}
		}
	}
	return least
}

// ways are the numbers of orders of both samples with each value of the statistic,
// as shares of all orders: the recursion of Mann and Whitney (1947) over the largest
// value.
func (r Ranks) ways() []float64 {
	m, n := len(r.Canary), len(r.Baseline)
	mustCount("2,001 less the pairs, where an exact answer is wanted,", 2001-m*n)
	// table[j] is the law for i canary values and j baseline values.
	table := make([][]float64, n+1)
	for j := range table {
		table[j] = []float64{1}
	}
	for i := 1; i <= m; i++ {
		next := make([][]float64, n+1)
		next[0] = []float64{1}
		for j := 1; j <= n; j++ {
			law := make([]float64, i*j+1)
			canary := float64(i) / float64(i+j)
			for w, p := range table[j] { // the largest is of the canary: above j
				law[w+j] += canary * p
			}
			for w, p := range next[j-1] {
				law[w] += (1 - canary) * p
			}
			next[j] = law
		}
		table = next
	}
	return table[n]
}

// ExactP is P without an approximation, for samples without ties and at most 2,000
// pairs.
func (r Ranks) ExactP() float64 {
	r.mustHold()
	w, below, above := int(r.Statistic()), 0.0, 0.0
	for v, p := range r.ways() {
		if v <= w {
			below += p
		}
		if v >= w {
			above += p
		}
	}
	return math.Min(1, 2*math.Min(below, above))
}

// ExactInterval is Interval without an approximation, for at most 2,000 pairs: order
// statistics of all differences (Hollander and Wolfe, 1999, section 4.3).
func (r Ranks) ExactInterval(level float64) (low, high float64) {
	r.mustHold()
	mustBePositive("the level", level)
	var differences []float64
	for _, x := range r.Canary {
		for _, y := range r.Baseline {
			differences = append(differences, x-y)
		}
	}
	slices.Sort(differences)
	rank, sum := 0, 0.0
	for v, p := range r.ways() {
		if sum += p; sum >= (1-level)/2 {
			rank = max(1, v)
			break
		}
	}
	return differences[rank-1], differences[len(differences)-rank]
}

// The verdicts of a Judge.
const (
	High   = "High"
	Low    = "Low"
	Pass   = "Pass"
	NoData = "Nodata"
)

// The directions in which a Judge takes a change of a metric as bad.
const (
	Either = ""
	Rises  = "increase"
	Falls  = "decrease"
)

// Judge is Kayenta's: a metric is High when the lower limit of the interval for the
// shift is above Tolerance of the estimate and the canary's mean is by the allowed
// Increase or more above the baseline's, and Low the other way round.
type Judge struct {
	Confidence float64 // of the interval, above 0 and below 1; Kayenta's is 0.98
	Tolerance  float64 // share of the estimate, 0 or more; Kayenta's is 0.25
	Increase   float64 // allowed, as a share of the baseline's mean, 0 or more
	Decrease   float64 // allowed, as a share of the baseline's mean, 0 or more
	Direction  string  // Either, Rises or Falls
}

// Verdict is High, Low, Pass or Nodata.
func (j Judge) Verdict(r Ranks) string {
	if len(r.Canary) == 0 || len(r.Baseline) == 0 {
		return NoData
	}
	low, high := r.Interval(j.Confidence)
	tolerated := j.Tolerance * math.Abs(r.Shift())
	ratio := mean(r.Canary) / mean(r.Baseline)
	switch {
	case j.Direction != Falls && low > tolerated && !(ratio < 1+j.Increase):
		return High
	case j.Direction != Rises && high < -tolerated && !(ratio > 1-j.Decrease):
		return Low
	}
	return Pass
}

func mean(xs []float64) float64 { return total(xs) / float64(len(xs)) }
