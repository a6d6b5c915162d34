package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// NegativeBinomialQuantile returns the smallest k with P(X <= k) >= u for a count that
// varies more than a Poisson one: the negative binomial distribution of this mean and
// of variance mean x dispersion. In the textbook's terms it counts the failures before
// the r-th success of probability 1/dispersion, r = mean/(dispersion-1) any positive
// number; in other words, it is Poisson with a gamma-distributed mean (Greenwood and
// Yule, 1920). A dispersion of 1 is Poisson. One draw from one uniform u, never falling
// in u. It is 0 for u <= 0 or a mean of 0, and Never for u >= 1 or where it would be
// larger. It is exact up to means of 2^50. It panics on a mean that is negative,
// infinite or NaN and on a dispersion below 1, infinite or NaN.
func NegativeBinomialQuantile(u, mean, dispersion float64) int64 {
	mustBeMean("NegativeBinomialQuantile", mean)
	if !(dispersion >= 1 && dispersion <= math.MaxFloat64) {
		panic("dist: NegativeBinomialQuantile: the dispersion is below 1 or not finite")
	}
	switch {
	case !(u > 0) || mean == 0:
		return 0
	case u >= 1:
		return Never
	}
	extra := dispersion - 1
	if mean/extra > 1e30 { // Poisson in all digits, or a dispersion of 1
		return PoissonQuantile(u, mean)
	}
	return negativeBinomial{mean / extra, 1 / dispersion, extra / dispersion}.quantile(u)
}

// NegativeBinomialTrials returns the number of the trial at which the k-th failure
// occurs, the smallest n with P(k failures within n trials) >= u, where every trial
// fails with probability p on its own: how many checks a detector makes until its k-th
// bad one. One draw from one uniform u, never falling in u; at least k. It is k for
// u <= 0 or p = 1, and Never for u >= 1, p = 0 or where it would be larger. It is exact
// up to 2^50 expected trials. It panics on k < 1 or a p outside [0, 1].
func NegativeBinomialTrials(u float64, k int64, p float64) int64 {
	mustBeShare("NegativeBinomialTrials", p)
	switch {
	case k < 1:
		panic("dist: NegativeBinomialTrials: k is below 1")
	case p == 0 || u >= 1:
		return Never
	case !(u > 0) || p == 1:
		return k
	case k == 1:
		return GeometricQuantile(u, p)
	}
	more := negativeBinomial{float64(k), p, 1 - p}.quantile(u)
	if more >= Never-k {
		return Never
	}
	return k + more
}

// negativeBinomial counts the misses of probability q = 1-p before the r-th hit.
type negativeBinomial struct{ r, p, q float64 }

func (d negativeBinomial) tails(k float64) (lower, upper float64) {
	if d.q < d.p { // the smaller one has the digits
		upper, lower = portable.IncompleteBeta(k+1, d.r, d.q)
		return lower, upper
	}
	return portable.IncompleteBeta(d.r, k+1, d.p)
}

// quantile returns the smallest k with P(X <= k) >= u, for 0 < u < 1.
func (d negativeBinomial) quantile(u float64) int64 {
	mean := float64(d.r*d.q) / d.p
	if mean < summedMean {
		return summed(d, u, panjer{portable.Exp(float64(d.r * d.logP())), d.q, float64((d.r - 1) * d.q)})
	}
	if d.r >= 30 && mean <= exactMean {
		third := (1 + d.q) / d.p
		fourth := 1 + float64(6*(d.q/d.p))/d.p
		return inverted(d, u, moments{mean, math.Sqrt(mean / d.p), third, fourth})
	}
	// Nearly a gamma variable (DiDonato and Morris, 1992, the leading term of BGRAT).
	x := portable.InverseIncompleteGamma(d.r, u)/d.rate() - float64((d.r-1)/2)
	if mean > exactMean {
		return whole(math.Floor(x))
	}
	return searched(d, u, x)
}

// logP returns log p and rate returns -log q, each from the number that has the digits.
func (d negativeBinomial) logP() float64 {
	if d.q < d.p {
		return portable.Log1p(-d.q)
	}
	return portable.Log(d.p)
}

func (d negativeBinomial) rate() float64 {
	if d.p < d.q {
		return -portable.Log1p(-d.p)
	}
	return -portable.Log(d.q)
}
