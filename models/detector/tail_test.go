package detector

import (
	"math"
	"math/big"
	"testing"
)

// exactTail is P(Bin(n, p) > c) in 300-bit arithmetic, by the definition.
func exactTail(n int, p float64, c int) float64 {
	const bits = 300
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	q := new(big.Float).SetPrec(bits).Sub(number(1), number(p))
	power := func(x *big.Float, k int) *big.Float {
		y := number(1)
		for range k {
			y.Mul(y, x)
		}
		return y
	}
	sum, term := number(0), power(q, n)
	for x := 0; x <= n; x++ {
		if x > c {
			sum.Add(sum, term)
		}
		term.Mul(term, number(float64(n-x)))
		term.Quo(term, number(float64(x+1)))
		term.Mul(term, number(p))
		term.Quo(term, q)
	}
	f, _ := sum.Float64()
	return f
}

// TestBinomialTail: against the definition, over small and large counts, both
// sides of the mean and the shortcuts.
func TestBinomialTail(t *testing.T) {
	for _, n := range []int{1, 2, 7, 20, 500, 3000} {
		for _, p := range []float64{1e-9, 0.001, 0.02, 0.3, 0.5, 0.97} {
			for _, at := range []float64{0, 0.001, 0.01, 0.02, 0.1, 0.31, 0.5, 0.96, 1} {
				c := math.Floor(at * float64(n))
				got, want := binomialTail(float64(n), p, c), exactTail(n, p, int(c))
				if c == float64(n) {
					want = 0
				}
				if d := math.Abs(got - want); d > 1e-12*math.Min(want, 1-want) && d > 1e-16 {
					t.Errorf("n %d, p %v, c %v: %v, want %v", n, p, c, got, want)
				}
			}
		}
	}
	for _, c := range []struct{ n, p, c, want float64 }{
		{10, 0, 0, 0}, {10, 1, 9, 1}, {10, 1, 10, 0}, {10, 0.5, -1, 1}, {0, 0.5, 0, 0}, {1e9, 0.01, 2e7, 0}, {1e9, 0.03, 2e7, 1},
	} {
		if got := binomialTail(c.n, c.p, c.c); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	// Half of a symmetric distribution lies above its middle, whatever n.
	if got := binomialTail(999_999_999, 0.5, 499_999_999); math.Abs(got-0.5) > 1e-11 {
		t.Errorf("middle of a billion: %v", got)
	}
}

// exactMixture is P(X/N > threshold and N >= least) for Poisson N, by the
// definition.
func exactMixture(mean, p, threshold float64, least int) float64 {
	d := threshold2(threshold)
	sum, log := 0.0, -mean
	for n := 1; n < int(mean)+2000; n++ {
		log += math.Log(mean) - math.Log(float64(n))
		if n >= least && log > -60 {
			sum += math.Exp(log) * exactTail(n, p, int(d.allowed(float64(n))))
		}
	}
	return sum
}

func threshold2(x float64) *threshold {
	return &threshold{Threshold: x, Failures: 1, MinRequests: 1, NoData: noDataPasses, Poisson: true, Intervals: 1}
}

// TestPoissonTail: against the mixture by the definition.
func TestPoissonTail(t *testing.T) {
	for _, mean := range []float64{0.3, 4, 20, 150} {
		for _, p := range []float64{0.001, 0.01, 0.2, 1} {
			for _, x := range []float64{0, 0.02, 0.1, 0.5} {
				for _, least := range []int{1, 5, 25} {
					d := threshold2(x)
					d.MinRequests = float64(least)
					if p == 1 && least > 1 {
						continue
					}
					want := 0.0
					if p < 1 {
						want = exactMixture(mean, p, x, least)
					} else {
						want = 1 - math.Exp(-mean)
					}
					if got := d.chance(mean, p).fail; math.Abs(got-want) > 1e-12 {
						t.Errorf("mean %v, p %v, threshold %v, at least %d: %v, want %v", mean, p, x, least, got, want)
					}
				}
			}
		}
	}
}

// TestSure: where the bound makes a check certain, the sum agrees.
func TestSure(t *testing.T) {
	d := threshold2(0.02)
	for _, c := range []struct {
		mean, p, want float64
		sure          bool
	}{
		{20000, 0.01, 0, true}, {5000, 0.05, 1, true}, {1e6, 0.019, 0, false}, {3e6, 0.0187, 0, true}, {3e6, 0.0213, 1, true},
		{100, 0.01, 0, false}, {5000, 0.02, 0, false},
	} {
		f, sure := d.sure(c.mean, c.p)
		if sure != c.sure || f != c.want {
			t.Errorf("%+v: %v, %v", c, f, sure)
		}
		if sum := d.mixture(c.mean, c.p); sure && math.Abs(sum-f) > 1e-13 {
			t.Errorf("%+v: the sum is %v", c, sum)
		}
	}
}

// TestAllowed: strictly above fails, in the arithmetic of a division.
func TestAllowed(t *testing.T) {
	for _, c := range []struct{ threshold, n, want float64 }{
		{0.02, 500, 10}, {0.02, 499, 9}, {0.29, 100, 29}, {0.07, 100, 7}, {0, 10, 0}, {1, 10, 10}, {0.02, 1, 0}, {0.1, 30, 3}, {1.0 / 3, 3, 1},
	} {
		if got := threshold2(c.threshold).allowed(c.n); got != c.want {
			t.Errorf("threshold %v, n %v: %v errors pass, want %v", c.threshold, c.n, got, c.want)
		}
	}
}

// TestSmallCanary: 1 % of a small service, 20 requests a window, 1 % errors, a
// threshold of 2 %: the first error fails unless there are fifty requests, so
// that 18.1 % of healthy windows fail.
func TestSmallCanary(t *testing.T) {
	if f := threshold2(0.02).chance(20, 0.01).fail; math.Abs(f-0.181) > 0.0005 || math.Abs(f-(1-math.Exp(-0.2))) > 1e-6 {
		t.Errorf("%v of healthy windows fail", f)
	}
	least := threshold2(0.02)
	least.MinRequests = 50
	if f := least.chance(20, 0.01).fail; f > 1e-7 {
		t.Errorf("with at least 50 requests %v fail", f)
	}
}

// TestNoData: what a check without data is.
func TestNoData(t *testing.T) {
	for _, c := range []struct {
		policy     string
		fail, skip float64
	}{{noDataPasses, 0, 0}, {noDataFails, 1, 0}, {noDataSkips, 0, 1}} {
		for _, poisson := range []bool{false, true} {
			d := threshold2(0.02)
			d.NoData, d.MinRequests, d.Poisson = c.policy, 1000, poisson
			got := d.chance(20, 0.5)
			if math.Abs(got.fail-c.fail) > 1e-12 || math.Abs(got.skip-c.skip) > 1e-12 {
				t.Errorf("%s, poisson %v: %+v", c.policy, poisson, got)
			}
			var memory chances
			if got := memory.of(d, 0, 0.5); got.fail != c.fail || got.skip != c.skip {
				t.Errorf("%s, no traffic: %+v", c.policy, got)
			}
		}
	}
	// Poisson: the rest of the probability is shared as if there were no policy.
	d := threshold2(0.02)
	d.MinRequests, d.NoData = 3, noDataFails
	few := math.Exp(-4) * (1 + 4 + 8)
	d.NoData = noDataPasses
	pass := d.chance(4, 0.3).fail
	d.NoData = noDataFails
	if got := d.chance(4, 0.3).fail; math.Abs(got-(pass+few)) > 1e-12 {
		t.Errorf("failing no data: %v, want %v", got, pass+few)
	}
	d.NoData = noDataSkips
	if got := d.chance(4, 0.3); math.Abs(got.skip-few) > 1e-12 || math.Abs(got.fail-pass) > 1e-12 {
		t.Errorf("skipping no data: %+v, want %v and %v", got, pass, few)
	}
}

// TestMemory: the table answers what the arithmetic answers.
func TestMemory(t *testing.T) {
	var memory chances
	d := threshold2(0.02)
	for round := range 2 {
		for i := range 1000 {
			mean, p := float64(i%300)+0.5, 0.001*float64(1+i%7)
			if got, want := memory.of(d, mean, p), d.chance(mean, p); got != want {
				t.Fatalf("round %d: mean %v, p %v: %v, want %v", round, mean, p, got, want)
			}
		}
	}
}
