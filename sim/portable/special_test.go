package portable

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// same compares bits, with all NaN alike: 0 and -0 differ.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

func TestSpecialCases(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	cases := []struct {
		name string
		f    func(float64) float64
		io   [][2]float64
	}{
		{"Exp", Exp, [][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0}, {nan, nan}, {709.7828, inf}, {-745.2, 0}, {-745.1, 5e-324}, {5e-324, 1}}},
		{"Log", Log, [][2]float64{{0, -inf}, {zero, -inf}, {-1, nan}, {-inf, nan}, {inf, inf}, {nan, nan}, {1, 0}, {5e-324, -0x1.74385446d71c3p+09}}},
		{"Log1p", Log1p, [][2]float64{{0, 0}, {zero, zero}, {-1, -inf}, {-1.5, nan}, {-inf, nan}, {inf, inf}, {nan, nan}, {5e-324, 5e-324}}},
		{"Expm1", Expm1, [][2]float64{{0, 0}, {zero, zero}, {inf, inf}, {-inf, -1}, {-50, -1}, {710, inf}, {nan, nan}, {5e-324, 5e-324}}},
		{"Erf", Erf, [][2]float64{{0, 0}, {zero, zero}, {inf, 1}, {-inf, -1}, {nan, nan}, {30, 1}, {-30, -1}, {5e-324, 5e-324}}},
		{"Erfc", Erfc, [][2]float64{{0, 1}, {inf, 0}, {-inf, 2}, {nan, nan}, {30, 0}, {-30, 2}}},
		{"NormalCDF", NormalCDF, [][2]float64{{0, 0.5}, {inf, 1}, {-inf, 0}, {nan, nan}, {50, 1}, {-50, 0}}},
		{"NormalQuantile", NormalQuantile, [][2]float64{{0.5, 0}, {0, -inf}, {1, inf}, {-0.1, nan}, {1.1, nan}, {nan, nan}, {inf, nan}}},
		{"Lgamma", Lgamma, [][2]float64{{0, inf}, {1, 0}, {2, 0}, {inf, inf}, {-1, nan}, {nan, nan}}},
	}
	for _, c := range cases {
		for _, p := range c.io {
			if got := c.f(p[0]); !same(got, p[1]) {
				t.Errorf("%s(%v) = %v, want %v", c.name, p[0], got, p[1])
			}
		}
	}
}

// TestPowSpecialCasesAreThoseOfMath compares all pairs of the numbers that matter:
// package math errs by several ulp, never in the cases.
func TestPowSpecialCasesAreThoseOfMath(t *testing.T) {
	inf := math.Inf(1)
	numbers := []float64{0, 1, 2, 3, 0.5, 1.5, 4, 1 << 52, 1<<53 - 1, 1 << 53, 1 << 54, 5e-324, math.MaxFloat64, inf, math.NaN()}
	for _, x := range numbers {
		numbers = append(numbers, -x)
	}
	for _, x := range numbers {
		for _, y := range numbers {
			got, want := Pow(x, y), math.Pow(x, y)
			if !same(got, want) && !(math.Abs(got-want) <= 0x1p-48*math.Abs(want)) {
				t.Errorf("Pow(%v, %v) = %v, math has %v", x, y, got, want)
			}
		}
	}
}

func TestPowAgainstBig(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 31))
	worst, worstX, worstY := 0.0, 0.0, 0.0
	for range points() {
		x := either(logBetween(5e-324, math.MaxFloat64), between(0, 3), near1)(random)
		y := either(between(-3, 3), logBetween(1e-9, 1e17), negated(logBetween(1e-9, 1e17)))(random)
		log := times(number(y), bigLog(number(x)))
		if f, _ := log.Float64(); f > 709.7 || f < -708 {
			continue
		}
		if e := ulps(Pow(x, y), bigExp(log)); e > worst {
			worst, worstX, worstY = e, x, y
		}
	}
	t.Logf("worst %.3f ulp at Pow(%v, %v)", worst, worstX, worstY)
	if worst > 1 {
		t.Errorf("%.3f ulp at Pow(%v, %v), the documentation says 1", worst, worstX, worstY)
	}
}

// TestNormalQuantileAgainstBig measures the error as that of one step of Newton's
// iteration on the exact distribution function.
func TestNormalQuantileAgainstBig(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 32))
	worst, at := 0.0, 0.0
	for range points() {
		u := either(between(0, 1), logBetween(1e-300, 1))(random)
		if math.Abs(u-0.5) < 1e-9 {
			continue
		}
		x := NormalQuantile(u)
		miss := minus(bigNormal(number(x)), number(u))
		density := bigExp(number(-x * x / 2))
		root := fresh().Sqrt(plus(bigPi(), bigPi()))
		step, _ := over(times(miss, root), density).Float64()
		if e := math.Abs(step / x); e > worst {
			worst, at = e, u
		}
	}
	t.Logf("worst relative error %.3g at %v", worst, at)
	if worst > 1e-15 {
		t.Errorf("relative error %.3g at %v, the documentation says 1e-15", worst, at)
	}
}

// TestMonotone walks along neighbouring numbers where the methods change, and in
// steps everywhere else. A wobble of one last digit is within the error bounds, a
// seam is not.
func TestMonotone(t *testing.T) {
	cases := []struct {
		name   string
		f      func(float64) float64
		lo, hi float64
		seams  []float64
	}{
		{"Exp", Exp, -745, 709, []float64{0, -708, 708, 0.00270760617, 0.34657359}},
		{"Log", Log, 0x1p-1022, 1e6, []float64{1, 0.70703125, 0.99609375, 1.0078125, 2}},
		{"Log1p", Log1p, -1, 1e6, []float64{0, 0x1p-54, -0.29296875}},
		{"Expm1", Expm1, -41, 41, []float64{0, 40, -40, 0.00270760617}},
		{"Erf", Erf, -7, 7, []float64{0.5, -0.5}},
		{"NormalQuantile", NormalQuantile, 0, 1, []float64{0.075, 0.925, 0.5, 0x1p-36}},
		{"NormalCDF", NormalCDF, -38, 9, []float64{-math.Sqrt2 / 2, math.Sqrt2 / 2}},
	}
	for _, c := range cases {
		const steps = 100_000
		before := math.Inf(-1)
		for i := range steps + 1 {
			y := c.f(c.lo + (c.hi-c.lo)*float64(i)/steps)
			if y < before-0x1p-52*math.Abs(before) {
				t.Errorf("%s falls at step %d", c.name, i)
			}
			before = y
		}
		for _, seam := range c.seams {
			x := seam - 200*0x1p-52*math.Abs(seam)
			top := c.f(x)
			for range 400 {
				y := c.f(x)
				if y < top-8*0x1p-52*math.Abs(top) {
					t.Errorf("%s falls from %v to %v near %v", c.name, top, y, seam)
				}
				top = math.Max(top, y)
				x = math.Nextafter(x, math.Inf(1))
			}
		}
	}
}

// TestTables computes every tabulated number again.
func TestTables(t *testing.T) {
	quanta := func(f float64, exponent int) bool {
		return f == math.Trunc(f*math.Ldexp(1, -exponent))*math.Ldexp(1, exponent)
	}
	for i, c := range logCells {
		first := math.Float64frombits(logOffset + uint64(i)<<45)
		last := math.Float64frombits(logOffset + uint64(i+1)<<45 - 1)
		if !quanta(c.inverse, -9) || !quanta(c.high, -41) {
			t.Errorf("logarithm %d is longer than promised", i)
		}
		if math.Abs(first*c.inverse-1) > 0x1p-7 || math.Abs(last*c.inverse-1) > 0x1p-7 {
			t.Errorf("inverse %d is not near its cell", i)
		}
		log := bigLog(over(number(1), number(c.inverse)))
		if e := ulps(c.low, minus(log, number(c.high))); e > 0.5 {
			t.Errorf("logarithm %d is off by %v ulp", i, e)
		}
	}
	for i, c := range expCells {
		power := bigExp(over(times(number(float64(i)), fresh().Set(bigLn2())), number(128)))
		if e := ulps(c.power, power); e > 0.5 {
			t.Errorf("power %d is off by %v ulp", i, e)
		}
		if e := ulps(c.rest, minus(over(power, number(c.power)), number(1))); e > 0.5 {
			t.Errorf("rest of power %d is off by %v ulp", i, e)
		}
	}
	ln2 := fresh().Set(bigLn2())
	check := func(name string, got float64, want *big.Float) {
		t.Helper()
		if e := ulps(got, want); e > 0.5 {
			t.Errorf("%s is off by %v ulp", name, e)
		}
	}
	check("ln2Low", ln2Low, minus(ln2, number(ln2High)))
	check("cellLow", cellLow, minus(over(ln2, number(128)), number(cellHigh)))
	check("cellsPerUnit", cellsPerUnit, over(number(128), ln2))
	twoOverRootPi := over(number(2), fresh().Sqrt(fresh().Set(bigPi())))
	check("erfExcess", erfExcess, minus(twoOverRootPi, number(1)))
	term := twoOverRootPi
	for n, got := range erfTerms {
		term = over(term, number(-float64(n+1)))
		check("erfTerms", got, over(term, number(float64(2*n+3))))
	}
}
