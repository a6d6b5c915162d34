package stat

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// readJSON reads a file of testdata.
func readJSON(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// near fails unless got is want within a relative tolerance.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: got %v, want %v (relative difference %.2g, allowed %.2g)", what, got, want, got/want-1, tolerance)
	}
}

// panics fails unless do panics with a text of this package.
func panics(t testing.TB, what string, do func()) {
	t.Helper()
	defer func() {
		if text, _ := recover().(string); len(text) < 6 || text[:6] != "stat: " {
			t.Errorf("%s: no panic of stat, got %q", what, text)
		}
	}()
	do()
}

// TestSpecialFunctions compares with 40-digit references. The tolerance of each is
// what its conditioning allows: the relative change of the result when an argument
// moves by its last bit is about the exponent in the leading factor.
func TestSpecialFunctions(t *testing.T) {
	var ref struct {
		Beta     []struct{ X, A, B, Want float64 }
		Student  []struct{ P, Df, Want float64 }
		Binomial []struct {
			N, K  int
			P     float64
			Most  float64 `json:"at_most"`
			Above float64
		}
	}
	readJSON(t, "special.json", &ref)
	if len(ref.Beta) == 0 || len(ref.Student) == 0 || len(ref.Binomial) == 0 {
		t.Fatal("no references")
	}
	for _, c := range ref.Beta {
		near(t, "BetaCDF", BetaCDF(c.X, c.A, c.B), c.Want, 1e-14+0x1p-52*(c.A+c.B))
	}
	for _, c := range ref.Student {
		near(t, "StudentQuantile", StudentQuantile(c.P, c.Df), c.Want, 2e-14/(1-c.P)*min(1, 1-c.P+1e-3))
		near(t, "StudentQuantile below", StudentQuantile(1-c.P, c.Df), -c.Want, 2e-14/(1-c.P)*min(1, 1-c.P+1e-3))
		near(t, "StudentCDF", StudentCDF(c.Want, c.Df), c.P, 1e-14)
		near(t, "StudentCDF below", StudentCDF(-c.Want, c.Df), 1-c.P, 1e-9)
	}
	for _, c := range ref.Binomial {
		near(t, "BinomialCDF", BinomialCDF(c.K, c.N, c.P), c.Most, 1e-13+0x1p-52*float64(c.N))
		near(t, "BinomialTail", BinomialTail(c.K, c.N, c.P), c.Above, 1e-13+0x1p-52*float64(c.N))
	}
}

// TestSpecialAgainstGonum compares with another implementation everywhere.
func TestSpecialAgainstGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := math.Exp(rapid.Float64Range(-3, 8).Draw(t, "log a"))
		b := math.Exp(rapid.Float64Range(-3, 8).Draw(t, "log b"))
		x := rapid.Float64Range(0, 1).Draw(t, "x")
		if got, want := BetaCDF(x, a, b), mathext.RegIncBeta(a, b, x); math.Abs(got-want) > 1e-10 {
			t.Fatalf("BetaCDF(%v, %v, %v): got %v, gonum %v", x, a, b, got, want)
		}
		df := math.Exp(rapid.Float64Range(0, 10).Draw(t, "log df"))
		q := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(StudentQuantile(x, df))
		if math.Abs(q-x) > 1e-9 {
			t.Fatalf("StudentQuantile(%v, %v): gonum puts it at %v", x, df, q)
		}
	})
}

// TestBinomialIsItsSum adds up exact terms, for all small n.
func TestBinomialIsItsSum(t *testing.T) {
	for n := range 13 {
		for _, p := range []float64{0, 0.125, 0.5, 0.75, 1} {
			sum, choose := 0.0, 1.0
			for k := range n + 1 {
				sum += choose * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
				choose = choose * float64(n-k) / float64(k+1)
				if math.Abs(BinomialCDF(k, n, p)-sum) > 1e-13 || math.Abs(BinomialTail(k, n, p)-(1-sum)) > 1e-13 {
					t.Errorf("n=%d k=%d p=%v: CDF %v, tail %v, sum %v", n, k, p, BinomialCDF(k, n, p), BinomialTail(k, n, p), sum)
				}
			}
		}
	}
}

func TestSpecialEdges(t *testing.T) {
	same := func(what string, got, want float64) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	same("beta below", BetaCDF(-1, 2, 3), 0)
	same("beta above", BetaCDF(2, 2, 3), 1)
	same("t at 0", StudentQuantile(0, 3), math.Inf(-1))
	same("t at 1", StudentQuantile(1, 3), math.Inf(1))
	same("t at 1/2", StudentQuantile(0.5, 3), 0)
	same("t CDF at 0", StudentCDF(0, 3), 0.5)
	same("t CDF at Inf", StudentCDF(math.Inf(1), 3), 1)
	same("binomial below", BinomialCDF(-1, 3, 0.5), 0)
	same("binomial at n", BinomialCDF(3, 3, 0.5), 1)
	same("binomial of nothing", BinomialTail(0, 0, 0.5), 0)
	panics(t, "shape", func() { BetaCDF(0.5, 0, 1) })
	panics(t, "NaN", func() { BetaCDF(math.NaN(), 1, 1) })
	panics(t, "df", func() { StudentQuantile(0.9, 0) })
	panics(t, "p", func() { StudentQuantile(math.NaN(), 3) })
	panics(t, "binomial p", func() { BinomialCDF(1, 2, 1.5) })
	panics(t, "level", func() { QuantileRanks(10, 0.5, 1) })
	panics(t, "order", func() { MinimumRows(0.5, 0.5, 0) })
	panics(t, "trials", func() { ZeroFailureBound(-1, 0.9) })
}
