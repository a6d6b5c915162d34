package dist

import "math"

// Uniform is a number somewhere between low and high, all equally likely. The zero
// value is the constant 0.
type Uniform struct {
	low, high float64
}

func uniformFamily() Family {
	return two(Family{
		Name:       "uniform",
		Doc:        "Anywhere between low and high, all equally likely.",
		Parameters: []string{"low", "high"},
	}, NewUniform)
}

// NewUniform returns the uniform distribution from low to high; both must be finite,
// low below high and their distance finite.
func NewUniform(low, high float64) (Uniform, error) {
	const name = "uniform"
	err := firstOf(
		finite(name, "low", low), finite(name, "high", high),
		below(ParameterError{Family: name, Parameter: "low", Value: low}, "high", high),
		finite(name, "high - low", high-low))
	if err != nil {
		return Uniform{}, err
	}
	return Uniform{low, high}, nil
}

// Quantile returns low + u (high - low).
func (d Uniform) Quantile(u float64) float64 {
	return math.Min(d.high, d.low+float64(u*(d.high-d.low)))
}

// Mean returns (low + high)/2.
func (d Uniform) Mean() float64 { return d.low + float64((d.high-d.low)/2) }

// CDF returns (x - low)/(high - low) within the support.
func (d Uniform) CDF(x float64) float64 { return clamp01((x - d.low) / (d.high - d.low)) }

// Survival returns (high - x)/(high - low) within the support.
func (d Uniform) Survival(x float64) float64 { return clamp01((d.high - x) / (d.high - d.low)) }

// clamp01 brings a probability back into [0, 1].
func clamp01(p float64) float64 { return math.Max(0, math.Min(1, p)) }
