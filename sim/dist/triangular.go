package dist

import "math"

// Triangular rises from low to its mode and falls from there to high, both in a
// straight line. The zero value is the constant 0.
type Triangular struct {
	low, mode, high float64
}

func triangularFamily() Family {
	return three(Family{
		Name:       "triangular",
		Doc:        "Between low and high, most likely at mode, falling in a straight line to both ends.",
		Parameters: []string{"low", "mode", "high"},
	}, NewTriangular)
}

// NewTriangular returns the triangular distribution; all three must be finite, low
// below high, and mode between them or equal to one of them.
func NewTriangular(low, mode, high float64) (Triangular, error) {
	const name = "triangular"
	err := firstOf(
		finite(name, "low", low), finite(name, "mode", mode), finite(name, "high", high),
		below(ParameterError{Family: name, Parameter: "low", Value: low}, "high", high),
		finite(name, "high - low", high-low))
	if err == nil && (mode < low || mode > high) {
		err = &ParameterError{name, "mode", mode, "lie between low and high"}
	}
	if err != nil {
		return Triangular{}, err
	}
	return Triangular{low, mode, high}, nil
}

// Quantile inverts the two parabolas of the distribution function (Johnson, Kotz and
// Balakrishnan, "Continuous Univariate Distributions" vol. 2, 1995, section 26.9).
func (d Triangular) Quantile(u float64) float64 {
	width, left := d.high-d.low, d.mode-d.low
	if float64(u*width) <= left {
		return d.low + float64(math.Sqrt(u)*math.Sqrt(float64(width*left)))
	}
	return d.high - float64(math.Sqrt(1-u)*math.Sqrt(float64(width*(d.high-d.mode))))
}

// Mean returns (low + mode + high)/3.
func (d Triangular) Mean() float64 {
	return d.low + ((d.mode-d.low)+(d.high-d.low))/3
}

// CDF returns P(X <= x).
func (d Triangular) CDF(x float64) float64 {
	if x > d.mode {
		return 1 - d.Survival(x)
	}
	if x <= d.low {
		return 0
	}
	return float64((x - d.low) / (d.high - d.low) * ((x - d.low) / (d.mode - d.low)))
}

// Survival returns P(X > x).
func (d Triangular) Survival(x float64) float64 {
	if x < d.mode {
		return 1 - d.CDF(x)
	}
	if x >= d.high {
		return 0
	}
	return float64((d.high - x) / (d.high - d.low) * ((d.high - x) / (d.high - d.mode)))
}
