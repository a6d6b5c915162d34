package portable

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"
)

// points says how many random points an accuracy test takes: 1,000 each, or 8,000
// with ROLLRISK_DEEP=1.
func points() int {
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		return 8_000
	}
	return 1_000
}

// between draws uniformly from lo to hi.
func between(lo, hi float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return lo + (hi-lo)*r.Float64() }
}

// logBetween draws uniformly in the logarithm from lo to hi.
func logBetween(lo, hi float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		return math.Max(lo, math.Min(hi, math.Exp(math.Log(lo)+(math.Log(hi)-math.Log(lo))*r.Float64())))
	}
}

// either draws from one of the ranges.
func either(ranges ...func(*rand.Rand) float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return ranges[r.IntN(len(ranges))](r) }
}

// near1 draws numbers at all distances from 1.
func near1(r *rand.Rand) float64 {
	return 1 + math.Copysign(logBetween(1e-16, 0.1)(r), r.Float64()-0.5)
}

func negated(draw func(*rand.Rand) float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return -draw(r) }
}

// TestErrorBounds holds the bounds the documentation states.
func TestErrorBounds(t *testing.T) {
	cases := []struct {
		name  string
		f     func(float64) float64
		truth func(*big.Float) *big.Float
		draw  func(*rand.Rand) float64
		bound float64
	}{
		{"Exp", Exp, bigExp, either(between(-708, 709.7), between(-1, 1), logBetween(1e-18, 1)), 0.6},
		{"Exp subnormal", Exp, bigExp, between(-745, -708), 1},
		{"Log", Log, bigLog, either(logBetween(5e-324, math.MaxFloat64), between(0, 1), between(0.9, 1.1), near1), 0.6},
		{"Log1p", Log1p, bigLog1p, either(logBetween(1e-20, 1e20), negated(logBetween(1e-20, 1)), between(-0.1, 0.1)), 1},
		{"Expm1", Expm1, bigExpm1, either(between(-45, 45), between(-0.1, 0.1), logBetween(1e-20, 1), negated(logBetween(1e-20, 1))), 1},
		{"Erf", Erf, bigErf, either(between(-6, 6), logBetween(1e-20, 1)), 2},
		{"Erfc", Erfc, bigErfc, either(between(-6, 1), between(0, 27.2), between(0, 6)), 6},
		{"NormalCDF", NormalCDF, bigNormal, either(between(-8, 8), between(-38.4, -6)), 7},
		{"Lgamma", Lgamma, bigLgamma, either(between(0, 12), between(0.9, 1.1), between(1.9, 2.1), logBetween(1e-20, 1e15)), 5},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(20, 26))
			worst, at := 0.0, 0.0
			for range points() {
				x := c.draw(random)
				if e := ulps(c.f(x), c.truth(number(x))); e > worst {
					worst, at = e, x
				}
			}
			t.Logf("worst of %d points: %.3f ulp at %v", points(), worst, at)
			if worst > c.bound {
				t.Errorf("%.3f ulp at %v, the documentation says %v", worst, at, c.bound)
			}
		})
	}
}

func bigLog1p(x *big.Float) *big.Float {
	return bigLog(new(big.Float).SetPrec(400).Add(x, big.NewFloat(1)))
}

func bigExpm1(x *big.Float) *big.Float {
	y := bigExp(new(big.Float).SetPrec(400).Set(x))
	return minus(y, number(1))
}
