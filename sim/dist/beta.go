package dist

import "github.com/rollrisk/rollrisk/sim/portable"

// Beta is a share between 0 and 1: what is known of a probability after a-1 hits and
// b-1 misses. The zero value is not a distribution.
type Beta struct {
	a, b float64
}

func betaFamily() Family {
	return two(Family{
		Name:       "beta",
		Doc:        "A share between 0 and 1 of mean a/(a+b); the larger a+b, the less it varies.",
		Parameters: []string{"a", "b"},
	}, NewBeta)
}

// NewBeta returns the beta distribution of shapes a and b, both above 0.
func NewBeta(a, b float64) (Beta, error) {
	if err := firstOf(positive("beta", "a", a), positive("beta", "b", b), finite("beta", "a+b", a+b)); err != nil {
		return Beta{}, err
	}
	return Beta{a, b}, nil
}

// Quantile inverts the incomplete beta function, in about 1 microsecond.
func (d Beta) Quantile(u float64) float64 { return portable.InverseIncompleteBeta(d.a, d.b, u) }

// Mean returns a/(a+b).
func (d Beta) Mean() float64 { return d.a / (d.a + d.b) }

// CDF returns the incomplete beta function I_x(a, b).
func (d Beta) CDF(x float64) float64 {
	lower, _ := portable.IncompleteBeta(d.a, d.b, clamp01(x))
	return lower
}

// Survival returns 1 - I_x(a, b).
func (d Beta) Survival(x float64) float64 {
	_, upper := portable.IncompleteBeta(d.a, d.b, clamp01(x))
	return upper
}
