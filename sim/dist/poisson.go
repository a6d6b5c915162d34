package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// PoissonQuantile returns the smallest k with P(X <= k) >= u for a Poisson variable of
// this mean: one draw from one uniform u, never falling in u nor in the mean. It is 0
// for a mean of 0 or u <= 0, and Never for u >= 1 or where it would be larger. It is
// exact (to the 1e-13 of sim/portable) up to means of 2^50; beyond, it is right to
// within 1e-7 standard deviations. It takes 10 to 40 ns. It panics on a mean that is
// negative, infinite or NaN.
func PoissonQuantile(u, mean float64) int64 {
	mustBeMean("PoissonQuantile", mean)
	switch {
	case !(u > 0) || mean == 0:
		return 0
	case u >= 1:
		return Never
	case mean < summedMean:
		return summed(poisson{mean}, u, panjer{first: portable.Exp(-mean), part: mean})
	}
	return inverted(poisson{mean}, u, moments{mean, math.Sqrt(mean), 1, 1})
}

// poisson is the Poisson distribution of this mean.
type poisson struct{ mean float64 }

func (d poisson) tails(k float64) (lower, upper float64) {
	upper, lower = portable.IncompleteGamma(k+1, d.mean)
	return lower, upper
}
