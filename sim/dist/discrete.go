package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Never is the count that stands for infinity: a quantile that is larger, or that is
// never reached.
const Never = math.MaxInt64

const (
	summedMean = 10      // means below are inverted by adding up probabilities
	exactMean  = 1 << 50 // means above are inverted as if the count were continuous
	farTail    = 0x1p-20 // upper tails below are searched: a sum has not the digits
)

// panjer is a distribution on 0, 1, 2, ... whose probabilities follow from one another:
// P(k)/P(k-1) = slope + part/k (Panjer, "Recursive evaluation of a family of compound
// distributions", 1981). The Poisson, binomial and negative binomial are all there are.
type panjer struct {
	first, slope, part float64 // first is P(0)
}

// quantile returns the smallest k with P(X <= k) >= u, by adding up. It needs a u that
// the rounded sum must reach, at most 1 - farTail.
func (d panjer) quantile(u float64) int64 {
	p, sum := d.first, d.first
	k := int64(0)
	for sum < u {
		k++
		p = float64(p * (d.slope + d.part/float64(k)))
		sum += p
	}
	return k
}

// tailed is a distribution on whole numbers whose two tails are known.
type tailed interface {
	// tails returns P(X <= k) and P(X > k), for a whole k >= 0.
	tails(k float64) (lower, upper float64)
}

// reached tells whether P(X <= k) >= u, from the tail that has the digits.
func reached[D tailed](d D, u, k float64) bool {
	lower, upper := d.tails(k)
	if u <= 0.5 {
		return lower >= u
	}
	return upper <= 1-u
}

// searched returns the smallest k >= 0 with P(X <= k) >= u, looking from the guess on
// in steps that double, and then halving. The guess decides only how long it takes.
func searched[D tailed](d D, u, guess float64) int64 {
	high := math.Max(0, math.Floor(guess))
	low := high - 1 // not reached at low, reached at high
	if reached(d, u, high) {
		for step := 1.0; low >= 0 && reached(d, u, low); step = float64(2 * step) {
			low, high = math.Max(-1, low-step), low
		}
	} else {
		low, high = high, high+1
		for step := 1.0; high < exactMean*8 && !reached(d, u, high); step = float64(2 * step) {
			low, high = high, high+step
		}
	}
	for high-low > 1 {
		if middle := math.Floor(float64((low + high) / 2)); reached(d, u, middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return whole(high)
}

// moments are what the Cornish-Fisher expansion needs of a distribution on whole
// numbers: skewness = third/sd and excess kurtosis = fourth/sd².
type moments struct {
	mean, sd, third, fourth float64
}

// expanded returns an X whose whole part is the quantile for the normal deviate z,
// unless X is within doubt of a whole number. It is the expansion of Cornish and
// Fisher (1938) to the third cumulant's square, for a lattice (Abramowitz and Stegun,
// 1964, 26.2.49 with Sheppard's correction of the variance, -1/12). The doubt is twice
// the bound of the error that Giles found for the Poisson distribution ("Algorithm 955:
// approximation of the inverse Poisson cumulative distribution function", 2016), times
// the cube of 0.8 third where that is above 1; a test holds it.
func (m moments) expanded(z float64) (x, doubt float64) {
	z2 := float64(z * z)
	first := float64(m.third * (z2 - 1) / 6)
	second := float64(m.fourth*(z2-3)/24) - float64(float64(m.third*m.third)*(float64(2*z2)-5)/36) - 1.0/24
	x = m.mean + 0.5 + float64(m.sd*z) + first + float64(z*second/m.sd)
	shape := 1.0/20 + z2/40 + float64(z2*z2)/80
	skew := math.Max(1, math.Abs(float64(0.8*m.third)))
	return x, float64(shape*float64(skew*float64(skew*skew))) / float64(m.sd*m.sd)
}

// summed returns the quantile of a distribution with a small mean, by adding up from
// 0 unless u is too near to 1.
func summed[D tailed](d D, u float64, p panjer) int64 {
	if 1-u < farTail {
		return searched(d, u, summedMean)
	}
	return p.quantile(u)
}

// inverted returns the quantile from the expansion where that is beyond doubt, else
// from the tails.
func inverted[D tailed](d D, u float64, m moments) int64 {
	x, doubt := m.expanded(portable.NormalQuantile(u))
	k := math.Floor(x)
	if m.mean > exactMean || k > 0 && x-k > doubt && k+1-x > doubt {
		return whole(k)
	}
	return searched(d, u, k)
}

// whole converts a count that is a whole number, between 0 and Never.
func whole(k float64) int64 {
	if k >= Never {
		return Never
	}
	return int64(math.Max(0, k))
}

// mustBeShare and mustBeMean stop a programmer's mistake.
func mustBeShare(function string, p float64) {
	if !(p >= 0 && p <= 1) {
		panic("dist: " + function + ": the probability is not in [0, 1]")
	}
}

func mustBeMean(function string, mean float64) {
	if !(mean >= 0 && mean <= math.MaxFloat64) {
		panic("dist: " + function + ": the mean is negative or not finite")
	}
}
