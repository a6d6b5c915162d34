package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Weibull is a wait whose rate falls with time (shape below 1), stays (1: exponential)
// or rises (above 1). The zero value is not a distribution.
type Weibull struct {
	shape, scale, mean float64
}

func weibullFamily() Family {
	return two(Family{
		Name:       "weibull",
		Doc:        "A wait whose rate falls with time (shape below 1) or rises (above 1); 63 % are below scale.",
		Parameters: []string{"shape", "scale"},
	}, NewWeibull)
}

// NewWeibull returns the distribution with P(X > x) = exp(-(x/scale)^shape); both
// above 0, the mean finite.
func NewWeibull(shape, scale float64) (Weibull, error) {
	const name = "weibull"
	if err := firstOf(positive(name, "shape", shape), positive(name, "scale", scale)); err != nil {
		return Weibull{}, err
	}
	mean := float64(scale * portable.Exp(portable.Lgamma(1+1/shape)))
	if err := finite(name, "mean", mean); err != nil {
		return Weibull{}, err
	}
	return Weibull{shape, scale, mean}, nil
}

// Quantile returns scale (-log(1 - u))^(1/shape).
func (d Weibull) Quantile(u float64) float64 {
	return float64(d.scale * portable.Pow(-portable.Log1p(-u), 1/d.shape))
}

// Mean returns scale Gamma(1 + 1/shape).
func (d Weibull) Mean() float64 { return d.mean }

// CDF returns P(X <= x).
func (d Weibull) CDF(x float64) float64 { return -portable.Expm1(-d.hazard(x)) }

// Survival returns P(X > x).
func (d Weibull) Survival(x float64) float64 { return portable.Exp(-d.hazard(x)) }

// hazard returns the rate summed up until x, (x/scale)^shape.
func (d Weibull) hazard(x float64) float64 {
	return portable.Pow(math.Max(0, x)/d.scale, d.shape)
}
