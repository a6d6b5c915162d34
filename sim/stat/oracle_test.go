package stat

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// oracle reads the outputs of one known answer.
func oracle(t testing.TB, id string, outputs any) {
	t.Helper()
	var all []struct {
		ID      string
		Outputs json.RawMessage
	}
	readJSON(t, "oracles.json", &all)
	for _, o := range all {
		if o.ID == id {
			if err := json.Unmarshal(o.Outputs, outputs); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no oracle %s", id)
}

// TestQuantileRanksOracle kills: ranks off by one on either side, one tail with the
// whole miss, <= for <.
func TestQuantileRanksOracle(t *testing.T) {
	var want map[string]struct {
		Low      int `json:"lower_rank"`
		High     int `json:"upper_rank"`
		Coverage float64
	}
	oracle(t, "QUANTILE_CI", &want)
	if len(want) != 5 {
		t.Fatalf("%d cases", len(want))
	}
	for name, w := range want {
		number, share, _ := strings.Cut(strings.TrimPrefix(name, "n"), "_q")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		p, err := strconv.ParseFloat(share, 64)
		if err != nil {
			t.Fatal(err)
		}
		low, high := QuantileRanks(n, p, 0.95)
		if low != w.Low || high != w.High {
			t.Errorf("%s: ranks %d and %d, want %d and %d", name, low, high, w.Low, w.High)
		}
		covers := func(low, high int) float64 { return BinomialCDF(high-1, n, p) - BinomialCDF(low-1, n, p) }
		near(t, name, covers(low, high), w.Coverage, 1e-9)
		if covers(low+1, high) == w.Coverage || covers(low, high-1) == w.Coverage {
			t.Errorf("%s: a rank off by one would not be seen", name)
		}
		// The interval holds the order statistics of these ranks.
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = float64(i + 1)
		}
		q := QuantileOf(xs, p, 0.95, float64(n))
		if q.Low != Number(w.Low) || q.High != Number(w.High) || float64(q.Value) != math.Round(p*float64(n)) {
			t.Errorf("%s: %+v", name, q)
		}
	}
}

func TestWilksOracle(t *testing.T) {
	var want struct {
		One    int `json:"one_sided_95_95"`
		Two    int `json:"two_sided_95_95"`
		Strict int `json:"one_sided_99_95"`
		Second int `json:"second_order_95_95"`
	}
	oracle(t, "WILKS_min_n", &want)
	for _, c := range []struct {
		p, level    float64
		order, want int
	}{
		{0.95, 0.95, 1, want.One}, {0.95, 0.95, 2, want.Two}, {0.99, 0.95, 1, want.Strict}, {0.95, 0.95, 2, want.Second},
		{0.5, 0.49, 1, 1}, {0.5, 0.9, 1, 4},
	} {
		if got := MinimumRows(c.p, c.level, c.order); got != c.want {
			t.Errorf("MinimumRows(%v, %v, %d) = %d, want %d", c.p, c.level, c.order, got, c.want)
		}
	}
}

func TestZeroFailureOracle(t *testing.T) {
	var want struct {
		Exact float64 `json:"upper_exact"`
		Three float64 `json:"rule3"`
	}
	oracle(t, "ZERO_FAILURE", &want)
	near(t, "exact", ZeroFailureBound(1000, 0.95), want.Exact, 1e-12)
	near(t, "rule of three", RuleOfThree(1000), want.Three, 1e-15)
	near(t, "one trial", ZeroFailureBound(1, 0.95), 0.95, 1e-15)
	if ZeroFailureBound(0, 0.9) != 1 || RuleOfThree(0) != 1 || RuleOfThree(2) != 1 {
		t.Error("a bound of nothing is not 1")
	}
	// At the bound, no failure has exactly the probability that is left.
	near(t, "inverse", BinomialCDF(0, 1000, ZeroFailureBound(1000, 0.95)), 0.05, 1e-12)
}

// TestTailErrorOracle builds rows of which the tail has exactly the moments of the
// exponential distribution: variance 1 at a mean of 1 above the quantile. Kills: the
// term of the quantile's own uncertainty left out of the variance, its weight 1-p.
func TestTailErrorOracle(t *testing.T) {
	var want struct{ Se float64 }
	oracle(t, "CVAR_se_exp1", &want)
	xs := make([]float64, 10_000)
	for i := 9950; i < len(xs); i++ {
		xs[i] = 2
	}
	_, se := TailMeanOf(xs, 0.99)
	near(t, "standard error", se, want.Se*math.Sqrt(10_000./9_999), 1e-12)
}

// TestTailErrorBySimulation: the spread of the estimate, and the mean of the squared
// standard errors, are the oracle's for exponential data.
func TestTailErrorBySimulation(t *testing.T) {
	var want struct{ Se float64 }
	oracle(t, "CVAR_se_exp1", &want)
	s := draws(11)
	var squares, errors meanOf
	var scratch Scratch
	xs := make([]float64, 10_000)
	for range repeats(60) {
		for i := range xs {
			xs[i] = s.Exponential()
		}
		tail := NewSample(Column{xs, Independent(len(xs))}, &scratch).TailMean(0.99, 0.9)
		truth := 1 - portable.Log(0.01)
		squares.add((float64(tail.Value) - truth) * (float64(tail.Value) - truth))
		errors.add(float64(tail.StandardError * tail.StandardError))
	}
	// Both are asymptotic: at 100 rows in the tail the relative error is of order 1/100.
	for what, m := range map[string]meanOf{"spread": squares, "estimate": errors} {
		mean, se := m.estimate()
		if off := math.Abs(mean - want.Se*want.Se); off > 5*se+0.02*want.Se*want.Se {
			t.Errorf("%s: variance %v, want %v", what, mean, want.Se*want.Se)
		}
	}
}

// TestPairingOracle gives both sides exactly the correlation of the oracle. Kills:
// the covariance ignored (factor 1), the factor upside down, half of it.
func TestPairingOracle(t *testing.T) {
	one := []float64{1, 1, -1, -1, 1, 1, -1, -1}
	two := []float64{1, -1, 1, -1, 1, -1, 1, -1}
	for _, rho := range []float64{0, 0.9, 0.99} {
		var want struct {
			Ratio float64 `json:"var_ratio"`
		}
		oracle(t, fmt.Sprint("CRN_rho", rho), &want)
		a, b := make([]float64, 8), make([]float64, 8)
		for i := range a {
			a[i] = 5 + one[i]
			b[i] = 7 + rho*one[i] + math.Sqrt(1-rho*rho)*two[i]
		}
		c := Compare(Column{a, Independent(8)}, Column{b, Independent(8)}, CompareOptions{Level: 0.9, Comparisons: 1})
		near(t, fmt.Sprint("rho ", rho), float64(c.VarianceReduction), want.Ratio, 1e-12)
		near(t, "difference", float64(c.Difference), 2, 1e-14)
		near(t, "standard error", float64(c.StandardError), math.Sqrt(2*(1-rho)/7), 1e-12)
	}
}

// TestBonferroniIsSafe: the level of each interval is never looser than the exact
// constants of Dunnett for independent alternatives, and close to them. With common
// random numbers the correlations are others, so that his constants are not used.
func TestBonferroniIsSafe(t *testing.T) {
	var want map[string]float64
	oracle(t, "DUNNETT_onesided_inf", &want)
	for name, dunnett := range want {
		m, err := strconv.Atoi(strings.TrimPrefix(name, "k-1="))
		if err != nil {
			t.Fatal(err)
		}
		// One side at 0.95 is both sides at 0.9.
		each := CompareOptions{Level: 0.9, Comparisons: m}.each()
		z := portable.NormalQuantile((1 + each) / 2)
		if m == 1 {
			near(t, name, z, dunnett, 1e-12)
		} else if !(z > dunnett && z < 1.06*dunnett) {
			t.Errorf("%s: Bonferroni %v, Dunnett %v", name, z, dunnett)
		}
	}
}

// TestContestOracle: how often the alternative wins, for pairs with independent luck
// and for a comonotone one. Kills: the winner upside down, ties as wins.
func TestContestOracle(t *testing.T) {
	var want struct {
		Exp struct {
			P float64 `json:"P_X_lt_Y"`
		}
		Normal  struct{ P float64 }
		Weibull struct {
			P float64 `json:"P_X_lt_Y"`
		} `json:"weibull_same_shape2_scales_1_2"`
		Same float64 `json:"lognormal_pair_comonotone"`
	}
	oracle(t, "PSUP", &want)
	const n = 40_000
	x, y := draws(21), draws(22)
	weibull := func(s *rng.Stream, scale float64) float64 { return scale * math.Sqrt(s.Exponential()) }
	for name, c := range map[string]struct {
		want float64
		draw func() (x, y float64)
	}{
		"exponential": {want.Exp.P, func() (float64, float64) { return x.Exponential() / 2, y.Exponential() }},
		"normal":      {want.Normal.P, func() (float64, float64) { return normal(x), 1 + 2*normal(y) }},
		"weibull":     {want.Weibull.P, func() (float64, float64) { return weibull(x, 1), weibull(y, 2) }},
		"comonotone":  {want.Same, func() (float64, float64) { z := normal(x); return portable.Exp(z), portable.Exp(z + 0.1) }},
	} {
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = c.draw()
		}
		r := Compete(Column{b, Independent(n)}, Column{a, Independent(n)}, Rule{}, 0.9)
		if off := math.Abs(float64(r.Wins.Share) - c.want); off > 5*math.Sqrt(c.want*(1-c.want)/n) {
			t.Errorf("%s: %v wins, want %v", name, r.Wins.Share, c.want)
		}
	}
}

// TestWindowOracle: a fixed threshold window fails with a binomial tail.
func TestWindowOracle(t *testing.T) {
	for _, p := range []float64{0.01, 0.02, 0.05} {
		var want struct{ F float64 }
		oracle(t, fmt.Sprint("W1_fixed_n500_theta.02_p", p), &want)
		near(t, fmt.Sprint("p ", p), BinomialTail(10, 500, p), want.F, 1e-12)
	}
}

// TestCoverageOracle: how often t intervals of few and skewed observations cover.
// Kills: a normal quantile for Student's, n for n-1 in the variance, a two-sided
// level taken for a one-sided one.
func TestCoverageOracle(t *testing.T) {
	var want map[string]float64
	oracle(t, "CI_COVERAGE_90", &want)
	if len(want) != 10 {
		t.Fatalf("%d cases", len(want))
	}
	s := draws(31)
	for name, w := range want {
		family, number, _ := strings.Cut(name, "_n")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		truth, draw := 1.0, s.Exponential
		if family == "lognormal01" {
			truth, draw = portable.Exp(0.5), func() float64 { return portable.Exp(normal(s)) }
		}
		var c coverage
		xs := make([]float64, n)
		for range repeats(4000) {
			for i := range xs {
				xs[i] = draw()
			}
			e := EstimateOf(Column{xs, Independent(n)}, 0.9)
			c.see(e.Low, e.High, truth)
		}
		c.between(t, name, w, w, 0.0005)
	}
}
