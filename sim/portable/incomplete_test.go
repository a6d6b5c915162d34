package portable

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// relative returns |got/want - 1|, and 0 where want is too small to be claimed.
func relative(got float64, want *big.Float) float64 {
	if w, _ := want.Float64(); w < 1e-250 {
		return 0
	}
	e, _ := over(minus(number(got), want), want).Float64()
	return math.Abs(e)
}

// near draws around mean, mostly within six of the standard deviations sd.
func near(mean, sd float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		return math.Max(mean*r.Float64()/100, mean+sd*12*(r.Float64()-0.5))
	}
}

func TestIncompleteGammaAgainstSeries(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 27))
	worst, worstA, worstX := 0.0, 0.0, 0.0
	for range points() / 2 {
		a := either(logBetween(1e-6, 1), between(0.5, 30), logBetween(1, 500))(random)
		x := either(near(a, math.Sqrt(a)), logBetween(1e-5, 3), between(0, 4*a))(random)
		lower, upper := IncompleteGamma(a, x)
		wantLower, wantUpper := bigGamma(a, x)
		if e := math.Max(relative(lower, wantLower), relative(upper, wantUpper)); e > worst {
			worst, worstA, worstX = e, a, x
		}
	}
	t.Logf("worst relative error %.2g at a = %v, x = %v", worst, worstA, worstX)
	if worst > 3e-13 {
		t.Errorf("relative error %.2g at a = %v, x = %v, the documentation says 3e-13", worst, worstA, worstX)
	}
}

func TestIncompleteBetaAgainstSeries(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 28))
	worst, worstA, worstB, worstX := 0.0, 0.0, 0.0, 0.0
	for range points() / 4 {
		a := either(logBetween(1e-2, 1), between(0.5, 30), logBetween(1, 400))(random)
		b := either(logBetween(1e-2, 1), between(0.5, 30), logBetween(1, 400))(random)
		mean := a / (a + b)
		x := either(near(mean, math.Sqrt(mean*(1-mean)/(a+b+1))), between(0, 1))(random)
		if x < 0.03 || x > 0.97 {
			continue // the reference would take very many terms
		}
		lower, upper := IncompleteBeta(a, b, x)
		wantLower := bigBeta(a, b, number(x))
		wantUpper := bigBeta(b, a, minus(number(1), number(x)))
		if e := math.Max(relative(lower, wantLower), relative(upper, wantUpper)); e > worst {
			worst, worstA, worstB, worstX = e, a, b, x
		}
	}
	t.Logf("worst relative error %.2g at a = %v, b = %v, x = %v", worst, worstA, worstB, worstX)
	if worst > 1e-12 {
		t.Errorf("relative error %.2g at a = %v, b = %v, x = %v, the documentation says 1e-12", worst, worstA, worstB, worstX)
	}
}

// TestIncompleteGammaLargeShape covers what the series would take too long for.
func TestIncompleteGammaLargeShape(t *testing.T) {
	for _, z := range []float64{-8, 0, 0.3, 8} {
		a := 2500.0
		x := a + z*50
		lower, upper := IncompleteGamma(a, x)
		wantLower, wantUpper := bigGamma(a, x)
		if e := math.Max(relative(lower, wantLower), relative(upper, wantUpper)); e > 3e-13 {
			t.Errorf("a = %v, x = %v: relative error %.2g", a, x, e)
		}
	}
	// Q(a+1, x) - Q(a, x) = x^a e^-x / Gamma(a+1), Abramowitz and Stegun 6.5.21.
	for _, a := range []float64{1e4, 1e6, 1e9, 1e12} {
		for _, z := range []float64{-6, -1, 0, 1, 6} {
			x := a + z*math.Sqrt(a)
			lower0, upper0 := IncompleteGamma(a, x)
			lower1, upper1 := IncompleteGamma(a+1, x)
			w, smaller := PoissonWeight(a, x), math.Min(lower0, upper0)
			got := upper1 - upper0
			if z < 0 {
				got = lower0 - lower1
			}
			if math.Abs(got-w) > 1e-13*smaller {
				t.Errorf("a = %v, x = %v: step %v, weight %v, tail %v", a, x, got, w, smaller)
			}
		}
	}
}

func TestBinomialWeightIsExactForSmallNumbers(t *testing.T) {
	for n := range int64(40) {
		for k := range n + 1 {
			for _, p := range []float64{0x1p-40, 0.125, 0.5, 0.75, 1 - 0x1p-20} {
				choose := fresh().SetInt(new(big.Int).Binomial(n, k))
				want := choose
				for range k {
					want = times(want, number(p))
				}
				for range n - k {
					want = times(want, number(1-p))
				}
				if e := relative(BinomialWeight(float64(k), float64(n), p), want); e > 3e-13 {
					t.Errorf("n = %d, k = %d, p = %v: relative error %.2g", n, k, p, e)
				}
			}
		}
	}
	for _, c := range [][4]float64{{0, 5, 0, 1}, {1, 5, 0, 0}, {5, 5, 1, 1}, {4, 5, 1, 0}, {0, 0, 0.3, 1}} {
		if got := BinomialWeight(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("BinomialWeight(%v, %v, %v) = %v, want %v", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestPoissonWeight(t *testing.T) {
	for _, x := range []float64{0, 1e-9, 0.3, 4, 40} {
		want := bigExp(number(-x))
		for k := range 60 {
			if e := relative(PoissonWeight(float64(k), x), want); e > 3e-13 {
				t.Errorf("k = %d, x = %v: relative error %.2g", k, x, e)
			}
			want = over(times(want, number(x)), number(float64(k+1)))
		}
	}
}

func TestIncompleteSpecialCases(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range [][4]float64{
		{2, 0, 0, 1}, {2, inf, 1, 0}, {0, 1, nan, nan}, {-1, 1, nan, nan}, {2, -1, nan, nan},
		{nan, 1, nan, nan}, {2, nan, nan, nan}, {inf, 1, nan, nan},
	} {
		if l, u := IncompleteGamma(c[0], c[1]); !same(l, c[2]) || !same(u, c[3]) {
			t.Errorf("IncompleteGamma(%v, %v) = %v, %v", c[0], c[1], l, u)
		}
	}
	for _, c := range [][5]float64{
		{2, 3, 0, 0, 1}, {2, 3, 1, 1, 0}, {0, 3, 0.5, nan, nan}, {2, -3, 0.5, nan, nan}, {2, 3, 1.5, nan, nan},
		{2, 3, -0.5, nan, nan}, {nan, 3, 0.5, nan, nan}, {2, 3, nan, nan, nan}, {inf, 3, 0.5, nan, nan},
	} {
		if l, u := IncompleteBeta(c[0], c[1], c[2]); !same(l, c[3]) || !same(u, c[4]) {
			t.Errorf("IncompleteBeta(%v, %v, %v) = %v, %v", c[0], c[1], c[2], l, u)
		}
	}
	for _, c := range [][3]float64{{2, 0, 0}, {2, 1, inf}, {2, -0.1, nan}, {2, 1.1, nan}, {0, 0.5, nan}, {inf, 0.5, nan}, {2, nan, nan}} {
		if got := InverseIncompleteGamma(c[0], c[1]); !same(got, c[2]) {
			t.Errorf("InverseIncompleteGamma(%v, %v) = %v", c[0], c[1], got)
		}
	}
	for _, c := range [][4]float64{{2, 3, 0, 0}, {2, 3, 1, 1}, {2, 3, 1.1, nan}, {0, 3, 0.5, nan}, {2, 3, nan, nan}} {
		if got := InverseIncompleteBeta(c[0], c[1], c[2]); !same(got, c[3]) {
			t.Errorf("InverseIncompleteBeta(%v, %v, %v) = %v", c[0], c[1], c[2], got)
		}
	}
}

// tailError returns by how much the smaller of u and 1-u is missed, relatively.
func tailError(lower, upper, u float64) float64 {
	if u <= 0.5 {
		return math.Abs(lower/u - 1)
	}
	return math.Abs(upper/(1-u) - 1)
}

// drawUniform draws from (0, 1), often next to an end.
func drawUniform(random *rand.Rand) float64 {
	u := either(between(0x1p-53, 1), logBetween(1e-300, 1))(random)
	if u > 0x1p-50 && random.IntN(2) == 0 {
		u = 1 - u
	}
	return math.Min(u, 1-0x1p-53)
}

func TestInverseIncompleteGammaPutBack(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 29))
	worst, worstA, worstU := 0.0, 0.0, 0.0
	for range 20 * points() {
		a := either(logBetween(1e-4, 1), between(0.5, 30), logBetween(1, 1e9))(random)
		u := drawUniform(random)
		x := InverseIncompleteGamma(a, u)
		if x < 1e-290 {
			continue
		}
		lower, upper := IncompleteGamma(a, x)
		e := tailError(lower, upper, u)
		// What one last digit of x is worth: x p(x) / tail ulps.
		e -= 0x1p-52 * PoissonWeight(a, x) * a / math.Min(u, 1-u)
		if !(e <= worst) {
			worst, worstA, worstU = e, a, u
		}
	}
	t.Logf("worst relative error %.2g at a = %v, u = %v", worst, worstA, worstU)
	if !(worst <= 1e-12) {
		t.Errorf("relative error %.2g at a = %v, u = %v", worst, worstA, worstU)
	}
}

func TestInverseIncompleteBetaPutBack(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 30))
	worst, worstA, worstB, worstU := 0.0, 0.0, 0.0, 0.0
	for range 10 * points() {
		a := either(logBetween(1e-2, 1), between(0.5, 30), logBetween(1, 1e6))(random)
		b := either(logBetween(1e-2, 1), between(0.5, 30), logBetween(1, 1e6))(random)
		u := drawUniform(random)
		x := InverseIncompleteBeta(a, b, u)
		if x < 1e-290 || x == 1 {
			continue
		}
		lower, upper := IncompleteBeta(a, b, x)
		e := tailError(lower, upper, u)
		e -= 0x1p-52 * betaWeight(a, b, x, 1-x) / (1 - x) / math.Min(u, 1-u)
		if !(e <= worst) {
			worst, worstA, worstB, worstU = e, a, b, u
		}
	}
	t.Logf("worst relative error %.2g at a = %v, b = %v, u = %v", worst, worstA, worstB, worstU)
	if !(worst <= 3e-12) {
		t.Errorf("relative error %.2g at a = %v, b = %v, u = %v", worst, worstA, worstB, worstU)
	}
}
