package dist

import "github.com/rollrisk/rollrisk/sim/portable"

// Normal is the normal distribution. It has negative values: no duration is normal.
// The zero value is the constant 0.
type Normal struct {
	mean, sd float64
}

func normalFamily() Family {
	return two(Family{
		Name:       "normal",
		Doc:        "The normal distribution; it also takes negative values.",
		Parameters: []string{"mean", "sd"},
	}, NewNormal)
}

// NewNormal returns the normal distribution; mean finite, the standard deviation sd
// above 0.
func NewNormal(mean, sd float64) (Normal, error) {
	if err := firstOf(finite("normal", "mean", mean), positive("normal", "sd", sd)); err != nil {
		return Normal{}, err
	}
	return Normal{mean, sd}, nil
}

// Quantile returns mean + sd z(u).
func (d Normal) Quantile(u float64) float64 {
	return d.mean + float64(d.sd*portable.NormalQuantile(u))
}

// Mean returns the mean.
func (d Normal) Mean() float64 { return d.mean }

// CDF returns P(X <= x).
func (d Normal) CDF(x float64) float64 { return portable.NormalCDF((x - d.mean) / d.sd) }

// Survival returns P(X > x).
func (d Normal) Survival(x float64) float64 { return portable.NormalCDF((d.mean - x) / d.sd) }
