package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Exponential is the wait for something that can happen at any time with the same
// rate. The zero value is the constant 0.
type Exponential struct {
	mean float64
}

func exponentialFamily() Family {
	return one(Family{
		Name:       "exponential",
		Doc:        "The wait for something that can happen at any time, with rate 1/mean.",
		Parameters: []string{"mean"},
	}, NewExponential)
}

// NewExponential returns the exponential distribution of this mean, above 0.
func NewExponential(mean float64) (Exponential, error) {
	if err := positive("exponential", "mean", mean); err != nil {
		return Exponential{}, err
	}
	return Exponential{mean}, nil
}

// Quantile returns -mean log(1 - u).
func (d Exponential) Quantile(u float64) float64 { return float64(-d.mean * portable.Log1p(-u)) }

// Mean returns the mean.
func (d Exponential) Mean() float64 { return d.mean }

// CDF returns 1 - e^(-x/mean) for x > 0.
func (d Exponential) CDF(x float64) float64 { return -portable.Expm1(-math.Max(0, x) / d.mean) }

// Survival returns e^(-x/mean) for x > 0.
func (d Exponential) Survival(x float64) float64 { return portable.Exp(-math.Max(0, x) / d.mean) }
