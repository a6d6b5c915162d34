package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// LogitNormal is a share between 0 and 1 whose logit, log(x/(1-x)), is normal: what
// is believed about a probability. The zero value is not a distribution.
type LogitNormal struct {
	mu, sigma float64 // of the logit
	mean      float64 // of the share
}

func logitNormalFamily() Family {
	return two(Family{
		Name:       "logitnormal",
		Doc:        "A share between 0 and 1 whose logit is normal with mean mu and standard deviation sigma.",
		Parameters: []string{"mu", "sigma"},
	}, NewLogitNormal)
}

func logitNormalIntervalFamily() Family {
	return two(Family{
		Name:       "logitnormal-interval",
		Doc:        "A share between 0 and 1 with 5 % below low and 5 % above high.",
		Parameters: []string{"low", "high"},
	}, NewLogitNormalInterval)
}

// NewLogitNormal returns the distribution of 1/(1 + e^-X) where X is normal with mean
// mu and standard deviation sigma; mu finite, sigma above 0 and at most 1,000 (beyond,
// the share is a coin that shows 0 or 1).
func NewLogitNormal(mu, sigma float64) (LogitNormal, error) {
	const name = "logitnormal"
	err := firstOf(finite(name, "mu", mu), positive(name, "sigma", sigma))
	if err == nil && sigma > 1000 {
		err = &ParameterError{name, "sigma", sigma, "be at most 1000"}
	}
	if err != nil {
		return LogitNormal{}, err
	}
	return LogitNormal{mu, sigma, logitNormalMean(mu, sigma)}, nil
}

// NewLogitNormalInterval returns the logit-normal distribution whose 90 % interval is
// low to high: low is its 5th percentile and high its 95th; 0 < low < high < 1.
func NewLogitNormalInterval(low, high float64) (LogitNormal, error) {
	const name = "logitnormal-interval"
	err := firstOf(
		positive(name, "low", low), positive(name, "high", high),
		below(ParameterError{Family: name, Parameter: "low", Value: low}, "high", high))
	if err == nil && high >= 1 {
		err = &ParameterError{name, "high", high, "be below 1"}
	}
	if err != nil {
		return LogitNormal{}, err
	}
	a, b := logit(low), logit(high)
	return NewLogitNormal(float64((a+b)/2), (b-a)/(2*z95))
}

// logitNormalMean integrates the share over the normal density with the trapezoidal
// rule, whose error falls exponentially in 1/step for an analytic integrand (Trefethen
// and Weideman, "The exponentially convergent trapezoidal rule", 2014, theorem 5.1):
// the nearest pole of the share is pi/sigma off the axis, the density alone asks for a
// step of 1/2.
func logitNormalMean(mu, sigma float64) float64 {
	const reach = 9.0 // standard deviations, beyond which 1e-19 is left
	n := math.Ceil(float64(2 * reach * math.Max(1, sigma)))
	sum, total := 0.0, 0.0
	for i := -n; i <= n; i++ {
		z := i * reach / n
		weight := portable.Exp(float64(-z * z / 2))
		sum += float64(weight * logistic(mu+float64(sigma*z)))
		total += weight
	}
	return sum / total
}

// logit returns log(x/(1-x)).
func logit(x float64) float64 { return portable.Log(x) - portable.Log1p(-x) }

// logistic returns 1/(1 + e^-w), the inverse of logit.
func logistic(w float64) float64 { return 1 / (1 + portable.Exp(-w)) }

// Quantile returns the share whose logit is mu + sigma z(u).
func (d LogitNormal) Quantile(u float64) float64 {
	return logistic(d.mu + float64(d.sigma*portable.NormalQuantile(u)))
}

// Mean returns the mean share, to about 1e-14; it has no closed form.
func (d LogitNormal) Mean() float64 { return d.mean }

// CDF returns P(X <= x).
func (d LogitNormal) CDF(x float64) float64 {
	return portable.NormalCDF((logit(clamp01(x)) - d.mu) / d.sigma)
}

// Survival returns P(X > x).
func (d LogitNormal) Survival(x float64) float64 {
	return portable.NormalCDF((d.mu - logit(clamp01(x))) / d.sigma)
}
