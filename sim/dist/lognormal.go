package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Standard normal deviates exceeded with probability 0.05 and 0.1.
const (
	z95 = 1.6448536269514727
	z90 = 1.2815515655446004
)

// LogNormal is a positive number whose logarithm is normal: the usual shape of how
// long people take. The zero value is the constant 1.
type LogNormal struct {
	mu, sigma float64 // of the natural logarithm
}

func logNormalFamily() Family {
	return two(Family{
		Name:       "lognormal",
		Doc:        "A positive number whose natural logarithm is normal with mean mu and standard deviation sigma.",
		Parameters: []string{"mu", "sigma"},
	}, NewLogNormal)
}

func logNormalIntervalFamily() Family {
	return two(Family{
		Name:       "lognormal-interval",
		Doc:        "A lognormal with 5 % below low and 5 % above high.",
		Parameters: []string{"low", "high"},
	}, NewLogNormalInterval)
}

func logNormalMedianFamily() Family {
	return two(Family{
		Name:       "lognormal-median",
		Doc:        "A lognormal with half below median and 10 % above p90.",
		Parameters: []string{"median", "p90"},
	}, NewLogNormalMedian)
}

// NewLogNormal returns the distribution of e^X where X is normal with mean mu and
// standard deviation sigma; mu finite, sigma above 0, the mean finite.
func NewLogNormal(mu, sigma float64) (LogNormal, error) {
	const name = "lognormal"
	if err := firstOf(finite(name, "mu", mu), positive(name, "sigma", sigma)); err != nil {
		return LogNormal{}, err
	}
	d := LogNormal{mu, sigma}
	if err := finite(name, "mean", d.Mean()); err != nil {
		return LogNormal{}, err
	}
	return d, nil
}

// NewLogNormalInterval returns the lognormal distribution whose 90 % interval is low
// to high: low is its 5th percentile and high its 95th; 0 < low < high.
func NewLogNormalInterval(low, high float64) (LogNormal, error) {
	const name = "lognormal-interval"
	err := firstOf(
		positive(name, "low", low), positive(name, "high", high),
		below(ParameterError{Family: name, Parameter: "low", Value: low}, "high", high))
	if err != nil {
		return LogNormal{}, err
	}
	a, b := portable.Log(low), portable.Log(high)
	return NewLogNormal(float64((a+b)/2), (b-a)/(2*z95))
}

// NewLogNormalMedian returns the lognormal distribution with this median and this
// 90th percentile; 0 < median < p90.
func NewLogNormalMedian(median, p90 float64) (LogNormal, error) {
	const name = "lognormal-median"
	err := firstOf(
		positive(name, "median", median), positive(name, "p90", p90),
		below(ParameterError{Family: name, Parameter: "median", Value: median}, "p90", p90))
	if err != nil {
		return LogNormal{}, err
	}
	mu := portable.Log(median)
	return NewLogNormal(mu, (portable.Log(p90)-mu)/z90)
}

// Quantile returns e^(mu + sigma z(u)).
func (d LogNormal) Quantile(u float64) float64 {
	return portable.Exp(d.mu + float64(d.sigma*portable.NormalQuantile(u)))
}

// Mean returns e^(mu + sigma²/2).
func (d LogNormal) Mean() float64 {
	return portable.Exp(d.mu + float64(d.sigma*d.sigma/2))
}

// CDF returns P(X <= x).
func (d LogNormal) CDF(x float64) float64 {
	return portable.NormalCDF((portable.Log(math.Max(0, x)) - d.mu) / d.sigma)
}

// Survival returns P(X > x).
func (d LogNormal) Survival(x float64) float64 {
	return portable.NormalCDF((d.mu - portable.Log(math.Max(0, x))) / d.sigma)
}
