package dist

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// TestCopula: uniforms stay uniform, and depend as much as stated: Spearman's rank
// correlation is 6/pi asin(r/2), and the share of points that lie on the same side of both
// medians 1/2 + asin(r)/pi (Sheppard 1899).
func TestCopula(t *testing.T) {
	const n = 40_000
	key := rng.NewKey(3, "copula")
	for _, r := range []float64{-0.9, -0.3, 0.5, 0.8} {
		c, ok := NewCopula([][]float64{{1, 0, r}, {0, 1, 0}, {r, 0, 1}})
		if !ok {
			t.Fatal("refused")
		}
		var spearman, same, sum, squares, apart float64
		for i := range uint64(n) {
			u := []float64{key.Uniform(i, 0, 0), key.Uniform(i, 1, 0), key.Uniform(i, 2, 0)}
			first, second := u[0], u[1]
			c.Join(u)
			if u[0] != first || u[1] != second {
				t.Fatal("what depends on nothing before it was moved")
			}
			spearman += 12 * (u[0] - 0.5) * (u[2] - 0.5) / n
			apart += 12 * (u[1] - 0.5) * (u[2] - 0.5) / n
			sum += u[2] / n
			squares += u[2] * u[2] / n
			if (u[0] < 0.5) == (u[2] < 0.5) {
				same += 1. / n
			}
		}
		// Means of n products in -3..3 with a variance of at most 1.8 (independent: 1): five
		// standard errors.
		tolerance := 5 * math.Sqrt(1.8/n)
		for _, v := range []struct {
			what      string
			got, want float64
		}{
			{"rank correlation", spearman, 6 / math.Pi * math.Asin(r/2)}, {"on the same side", same, 0.5 + math.Asin(r)/math.Pi},
			{"rank correlation with the other one", apart, 0}, {"mean", sum, 0.5}, {"mean square", squares, 1. / 3},
		} {
			if math.Abs(v.got-v.want) > tolerance {
				t.Errorf("r = %v: %s %v, want %v", r, v.what, v.got, v.want)
			}
		}
	}
	if _, ok := NewCopula([][]float64{{1, 0.9, -0.9}, {0.9, 1, 0.9}, {-0.9, 0.9, 1}}); ok {
		t.Error("three that cannot all be true were taken")
	}
}

// What is as sure as can be stays inside 0 and 1.
func TestCopulaAtTheEnds(t *testing.T) {
	c, _ := NewCopula([][]float64{{1, 0.7}, {0.7, 1}})
	for _, u := range [][]float64{{0x1p-53, 0x1p-53}, {1 - 0x1p-53, 1 - 0x1p-53}} {
		c.Join(u)
		if !(u[1] > 0 && u[1] < 1) {
			t.Error(u)
		}
	}
}
