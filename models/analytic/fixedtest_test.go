package analytic

import (
	"math"
	"math/big"
	"testing"
)

// TestFixedTestRequests: the least number from which on the power is there, against a
// look at every number of requests up to far beyond.
func TestFixedTestRequests(t *testing.T) {
	for _, c := range []struct {
		f     FixedTest
		power float64
	}{
		{FixedTest{0.01, 0.02, 0.05}, 0.9}, {FixedTest{0.05, 0.03, 0.1}, 0.9}, {FixedTest{0.0001, 0.5, 0.05}, 0.9}, {FixedTest{0.5, 0.1, 0.05}, 0.9},
		{FixedTest{0.5, 0.5, 0.05}, 0.9}, {FixedTest{0.3, 0.1, 0.01}, 0.8}, {FixedTest{0.9, 0.05, 0.05}, 0.9}, {FixedTest{0.2, 0.7, 0.2}, 0.5},
		{FixedTest{0.01, 0.05, 0.4}, 0.05}, {FixedTest{0.7, 0.1, 0.001}, 0.99}, {FixedTest{0.999, 0.0005, 0.4}, 0.9},
	} {
		n := c.f.Requests(c.power)
		last := 0.0 // number of requests without the power
		for m := 1.0; m < 3*n+50; m++ {
			if p, _ := c.f.Power(m); p < c.power {
				last = m
			}
		}
		if n != last+1 {
			t.Errorf("%+v, power %v: %v requests, want %v", c.f, c.power, n, last+1)
		}
	}
}

// TestFixedTestPower: the test by sums of exact fractions.
func TestFixedTestPower(t *testing.T) {
	f := FixedTest{Baseline: 0.25, Rise: 0.125, Alpha: 0.05}
	tail := func(n, from, eighths int64) float64 { // P(X >= from), X of n with probability eighths/8
		sum := new(big.Rat)
		for k := from; k <= n; k++ {
			ways := new(big.Int).Binomial(n, k)
			ways.Mul(ways, new(big.Int).Exp(big.NewInt(eighths), big.NewInt(k), nil))
			ways.Mul(ways, new(big.Int).Exp(big.NewInt(8-eighths), big.NewInt(n-k), nil))
			sum.Add(sum, new(big.Rat).SetFrac(ways, new(big.Int).Exp(big.NewInt(8), big.NewInt(n), nil)))
		}
		x, _ := sum.Float64()
		return x
	}
	for _, n := range []int64{1, 2, 3, 10, 60, 200} {
		power, errors := f.Power(float64(n))
		c := int64(errors)
		if tail(n, c, 2) > 0.05 || tail(n, c-1, 2) <= 0.05 {
			t.Errorf("%d requests: it takes %d errors", n, errors)
		}
		if want := tail(n, c, 3); math.Abs(power-want) > 1e-12*want {
			t.Errorf("%d requests: power %v, want %v", n, power, want)
		}
	}
}
