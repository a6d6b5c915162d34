package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Cholesky is the lower triangle L of a positive definite matrix A = LL', given by its rows;
// false for a matrix that is none, or so nearly none that rounding decides.
func Cholesky(a [][]float64) (lower [][]float64, ok bool) {
	lower = make([][]float64, len(a))
	for i := range a {
		lower[i] = make([]float64, len(a))
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= float64(lower[i][k] * lower[j][k])
			}
			if i != j {
				lower[i][j] = sum / lower[j][j]
				continue
			}
			if !(sum > 1e-10*a[i][i]) {
				return nil, false
			}
			lower[i][i] = math.Sqrt(sum)
		}
	}
	return lower, true
}

// Copula makes independent uniforms depend on one another as the ranks of normal variables
// do (a Gaussian copula). Each stays uniform by itself. The zero value changes nothing.
type Copula struct{ lower [][]float64 }

// NewCopula takes the correlations of the normal variables, by rows, with ones on the
// diagonal; false unless they are positive definite. The rank correlation of two uniforms
// is 6/pi asin(r/2), a little less than r (Pearson 1907).
func NewCopula(correlation [][]float64) (Copula, bool) {
	lower, ok := Cholesky(correlation)
	return Copula{lower}, ok
}

// Join replaces the independent uniforms in u, each above 0 and below 1, by dependent ones.
func (c Copula) Join(u []float64) {
	if c.lower == nil {
		return
	}
	z := make([]float64, len(u))
	for i, p := range u {
		z[i] = portable.NormalQuantile(p)
	}
	for i, row := range c.lower {
		alone := true // a row without correlations leaves its uniform as it is, to the last bit
		x := 0.0
		for j := range i + 1 {
			x += float64(row[j] * z[j])
			alone = alone && (j == i || row[j] == 0)
		}
		if !alone {
			u[i] = math.Min(1-0x1p-53, math.Max(0x1p-60, portable.NormalCDF(x)))
		}
	}
}
