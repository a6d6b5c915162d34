package experiment

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/points"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// worlds are n worlds of two decisions: the first costs nothing, the second what saves of
// the normal scores of the inputs says, less luck.
func worlds(n, inputs int, seed uint64, luck float64, saves func(z []float64) float64) Worlds {
	w := Worlds{Inputs: make([][]float64, inputs), Costs: make([][]float64, 2)}
	s, x := points.NewSobol(inputs+1, rng.NewKey(seed, "test/worlds")), make([]float64, inputs+1)
	z, random := make([]float64, inputs), rng.NewKey(seed, "test/random").Stream(0, 0, 0)
	for r := range uint32(n) {
		s.At(r, x)
		if luck > 0 { // worlds as a simulation draws them
			for d := range x {
				x[d] = random.Uniform()
			}
		}
		for i := range z {
			z[i] = portable.NormalQuantile(x[i])
			w.Inputs[i] = append(w.Inputs[i], x[i])
		}
		w.Costs[0] = append(w.Costs[0], 0)
		w.Costs[1] = append(w.Costs[1], -saves(z)+luck*portable.NormalQuantile(x[inputs]))
	}
	return w
}

// loss is the unit normal loss integral for a mean and a deviation: what perfect knowledge
// of a normal saving is worth.
func loss(mean, deviation float64) float64 {
	x := math.Abs(mean) / deviation
	return deviation * (math.Exp(-x*x/2)/math.Sqrt(2*math.Pi) - x*math.Erfc(x/math.Sqrt2)/2)
}

// What is known of normal and beta savings is found, to three digits without luck.
func TestPerfectInformation(t *testing.T) {
	key := rng.NewKey(1, "test/value")
	for _, id := range []string{"EVPI_normal_m1_s2", "EVPI_normal_m0_s1"} {
		var want struct{ EVPI float64 }
		oracle(t, id, &want)
		mean, deviation := 1.0, 2.0
		if id == "EVPI_normal_m0_s1" {
			mean, deviation = 0, 1
		}
		if math.Abs(loss(mean, deviation)-want.EVPI) > 1e-12 {
			t.Fatalf("%s: %v, want %v", id, loss(mean, deviation), want.EVPI)
		}
		v, ok := worlds(1<<13, 1, 1, 0, func(z []float64) float64 { return mean + deviation*z[0] }).Perfect([]int{0}, key)
		if !ok || math.Abs(v.Value-want.EVPI) > 1e-3 {
			t.Errorf("%s: %+v, want %v", id, v, want.EVPI)
		}
	}
	var want struct{ EVPI float64 }
	oracle(t, "EVPI_beta", &want)
	beta, err := dist.NewBeta(2, 38)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := worlds(1<<13, 1, 1, 0, func(z []float64) float64 { return 100 * (0.05 - beta.Quantile(portable.NormalCDF(z[0]))) }).Perfect([]int{0}, key)
	if !ok || math.Abs(v.Value/want.EVPI-1) > 0.01 { // a cubic is not quite a quantile of beta
		t.Errorf("beta: %+v, want %v", v, want.EVPI)
	}
}

// Of two inputs each is worth what its part of the saving is worth, and both what all of it
// is, with luck that is five times as large on top: on average over 40 sets of 400 worlds
// without visible bias, and as far off as the errors say.
func TestPartialInformation(t *testing.T) {
	const sets = 40
	for name, c := range map[string]struct {
		inputs []int
		want   float64
	}{"first": {[]int{0}, loss(0.5, 1.2)}, "second": {[]int{1}, loss(0.5, 1.6)}, "both": {[]int{0, 1}, loss(0.5, 2)}} {
		sum, square, errors := 0.0, 0.0, 0.0
		for k := range uint64(sets) {
			w := worlds(400, 2, 100+k, 5, func(z []float64) float64 { return 0.5 + 1.2*z[0] + 1.6*z[1] })
			v, ok := w.Perfect(c.inputs, rng.NewKey(k, "test/value"))
			if !ok {
				t.Fatal("too few worlds")
			}
			sum += v.Value / sets
			square += (v.Value - c.want) * (v.Value - c.want) / sets
			errors += v.Error * v.Error / sets
		}
		if math.Abs(sum-c.want) > 4*math.Sqrt(square/sets) {
			t.Errorf("%s: %v on average, want %v +/- %v", name, sum, c.want, math.Sqrt(square/sets))
		}
		if ratio := math.Sqrt(errors / square); ratio < 0.7 || ratio > 1.5 { // 40 sets tell a deviation to 11 %
			t.Errorf("%s: the errors are %v times what they say", name, 1/ratio)
		}
	}
}

// An input that does nothing is worth nothing to know, as far as can be seen.
func TestWorthNothing(t *testing.T) {
	w := worlds(400, 2, 1, 1, func(z []float64) float64 { return 3 + z[0] })
	if v, ok := w.Perfect([]int{1}, rng.NewKey(1, "test/value")); !ok || v.Value > 0.02 {
		t.Errorf("%+v", v)
	}
	if _, ok := worlds(10, 2, 1, 1, func(z []float64) float64 { return z[0] }).Perfect([]int{0, 1}, rng.NewKey(1, "test/value")); ok {
		t.Error("ten worlds are enough for seven terms")
	}
}

// Ten observations of a normal quantity are worth what is known of them.
func TestSampleInformation(t *testing.T) {
	var want struct{ EVSI float64 }
	oracle(t, "EVSI_linear_normal", &want)
	const n = 1 << 14
	w := worlds(n, 1, 1, 0, func(z []float64) float64 { return 1 + 1.5*z[0] })
	s := rng.NewKey(1, "test/told").Stream(0, 0, 0)
	told := make([]float64, n)
	for r := range told {
		told[r] = portable.NormalQuantile(w.Inputs[0][r]) + 3/math.Sqrt(10)*portable.NormalQuantile(s.Uniform())
	}
	v, ok := w.Sample(told, rng.NewKey(1, "test/value"))
	if !ok || math.Abs(v.Value-want.EVSI) > 4*v.Error || v.Error > 0.1*want.EVSI {
		t.Errorf("%+v, want %v", v, want.EVSI)
	}
}

// The share of the variance that inputs account for is that of the sum they make up; with
// luck alone it is nothing, within four standard errors of an R^2.
func TestExplained(t *testing.T) {
	const n = 1000
	for name, c := range map[string]struct {
		a, luck, want float64
	}{"half": {3, 3, 0.5}, "luck": {0, 1, 0}, "all": {1, 0.01, 1 / 1.0001}} {
		w := worlds(n, 2, 7, c.luck, func(z []float64) float64 { return c.a * z[0] })
		rests, ok := w.Explained(w.Costs[1])
		got := rests.Share
		if tolerance := 4 * math.Sqrt(4*c.want*(1-c.want)*(1-c.want)/n+2/float64(n*n)*6); !ok || math.Abs(got-c.want) > tolerance {
			t.Errorf("%s: %v, want %v +/- %v", name, got, c.want, tolerance)
		}
	}
}

// Half of the variance of a normal result is ignorance: given an input at its 5 % or 95 %
// quantile, what is left is normal around that. The error of the end quantiles of 1,000
// worlds and of the share moves a chance by less than four hundredths.
func TestBandOfDoubt(t *testing.T) {
	w := worlds(1000, 2, 7, 3, func(z []float64) float64 { return 3 * z[0] })
	rests, ok := w.Explained(w.Costs[1])
	if !ok {
		t.Fatal("too few worlds")
	}
	for _, p := range []float64{0.05, 0.3, 0.5, 0.8} {
		low, high := rests.Band(p)
		bound := math.Sqrt2 * portable.NormalQuantile(1-p)
		for _, c := range [][2]float64{{low, 1 - portable.NormalCDF(bound+1.645)}, {high, 1 - portable.NormalCDF(bound-1.645)}} {
			if math.Abs(c[0]-c[1]) > 0.04 {
				t.Errorf("at %v: %v, want %v", p, c[0], c[1])
			}
		}
	}
	if low, high := rests.Band(1); low != 1 || high != 1 {
		t.Error(low, high)
	}
}

// Where an input does nothing and the two decisions cost nearly the same, the regression
// finds something in luck alone; at least a fifth of that is taken off.
func TestLuckIsNotPaidFor(t *testing.T) {
	plain, corrected := 0.0, 0.0
	for k := range uint64(100) {
		w := worlds(200, 1, 500+k, 5, func([]float64) float64 { return 0.2 })
		v, ok := w.Perfect([]int{0}, rng.NewKey(k, "test/luck"))
		f, _ := regress(basis(w.Inputs[0]), w.saved())
		if !ok {
			t.Fatal("too few worlds")
		}
		plain, corrected = plain+gain(f.fitted), corrected+v.Value
	}
	if corrected > 0.8*plain {
		t.Errorf("%v is left of %v", corrected, plain)
	}
}
