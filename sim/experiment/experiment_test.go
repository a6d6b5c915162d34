package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// oracle reads the answers of a case that is known otherwise.
func oracle(t *testing.T, id string, outputs any) {
	t.Helper()
	text, err := os.ReadFile("testdata/oracles.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct{ Outputs json.RawMessage }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all[id].Outputs, outputs); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
}

func evaluated(t *testing.T, design [][]float64, f func(x []float64) float64) []float64 {
	t.Helper()
	y, err := Evaluate(t.Context(), design, Evaluation{At: func(x []float64) ([]float64, error) { return []float64{f(x)}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return Column(y, 0)
}

// The indices of the g-function, of Ishigami's function and of a linear one are known. The
// estimates are as near as 3e-3, three digits, and four of five intervals or more hold the
// truth (90 % do on average).
func TestIndices(t *testing.T) {
	var g struct {
		V     float64
		S, ST []float64
	}
	oracle(t, "SOBOL_G", &g)
	a := []float64{0, 1, 4.5, 9, 99, 99, 99, 99}
	var linear struct{ S []float64 }
	oracle(t, "SOBOL_linear", &linear)
	for name, c := range map[string]struct {
		f            func(x []float64) float64
		first, total []float64
		base         int
	}{
		"g": {func(x []float64) float64 {
			y := 1.0
			for d := range x {
				y *= (math.Abs(4*x[d]-2) + a[d]) / (1 + a[d])
			}
			return y
		}, g.S, g.ST, 1 << 14},
		// T. Ishigami and T. Homma, 1990, with 7 and 0.1: V = 1/2 + 49/8 + pi^4/50 + pi^8/1800.
		"Ishigami": {func(x []float64) float64 {
			u := func(i int) float64 { return math.Pi * (2*x[i] - 1) }
			return math.Sin(u(0)) + 7*math.Pow(math.Sin(u(1)), 2) + 0.1*math.Pow(u(2), 4)*math.Sin(u(0))
		}, []float64{0.3139, 0.4424, 0}, []float64{0.5576, 0.4424, 0.2437}, 1 << 14},
		"linear": {func(x []float64) float64 { return 3*x[0] + 2*x[1] + x[2] }, linear.S, linear.S, 1 << 12},
	} {
		d := NewDecomposition(len(c.first), c.base, rng.NewKey(1, "test/"+name))
		got, _ := d.Indices(evaluated(t, d.Points, c.f), rng.NewKey(2, "test/"+name))
		inside := 0
		for i, x := range got {
			if math.Abs(x.First-c.first[i]) > 3e-3 || math.Abs(x.Total-c.total[i]) > 3e-3 {
				t.Errorf("%s: input %d is %.4f and %.4f, want %.4f and %.4f", name, i, x.First, x.Total, c.first[i], c.total[i])
			}
			if x.FirstLow-5e-5 <= c.first[i] && c.first[i] <= x.FirstHigh+5e-5 { // the truth has four digits
				inside++
			}
			if x.TotalLow-5e-5 <= c.total[i] && c.total[i] <= x.TotalHigh+5e-5 {
				inside++
			}
		}
		if 10*inside < 8*2*len(got) {
			t.Errorf("%s: %d of %d intervals hold the truth", name, inside, 2*len(got))
		}
	}
}

// Elementary effects of a linear function are its coefficients, without spread; those of a
// product are the other factor, uniform on the grid.
func TestMorris(t *testing.T) {
	var want struct {
		Mu     []float64
		MuStar []float64 `json:"mu_star"`
		Sigma  []float64 `json:"sigma_pop"`
	}
	oracle(t, "MORRIS_linear", &want)
	m := NewMorris(3, 10, 4, rng.NewKey(1, "test/morris"))
	for i, e := range m.Effects(evaluated(t, m.Points, func(x []float64) float64 { return 2*x[0] - 3*x[1] + 0.5*x[2] })) {
		if math.Abs(e.Mean-want.Mu[i]) > 1e-12 || math.Abs(e.Size-want.MuStar[i]) > 1e-12 || e.Sigma > 1e-12 {
			t.Errorf("linear: input %d: %+v", i, e)
		}
	}
	oracle(t, "MORRIS_product", &want)
	const n = 4000
	m = NewMorris(2, n, 4, rng.NewKey(1, "test/morris"))
	for i, e := range m.Effects(evaluated(t, m.Points, func(x []float64) float64 { return x[0] * x[1] })) {
		if math.Abs(e.Mean-want.Mu[i]) > 4*want.Sigma[i]/math.Sqrt(n) || math.Abs(e.Sigma/want.Sigma[i]-1) > 4/math.Sqrt(2*n) {
			t.Errorf("product: input %d: %+v", i, e)
		}
	}
	for _, x := range m.Points {
		for _, v := range x {
			if level := v * 3; math.Abs(level-math.Round(level)) > 1e-12 || v < -1e-12 || v > 1+1e-12 {
				t.Fatalf("%v is off the grid", x)
			}
		}
	}
}

func TestTornado(t *testing.T) {
	middle, bars := Bars(evaluated(t, Tornado(2, 0.05, 0.95), func(x []float64) float64 { return 10*x[0] - x[1] }))
	if middle != 4.5 || math.Abs(bars[0].Low-0) > 1e-12 || math.Abs(bars[0].High-9) > 1e-12 || math.Abs(bars[1].High-4.05) > 1e-12 {
		t.Errorf("%v %v", middle, bars)
	}
}

// The first error in the order of the points comes back, whatever finishes first, and an
// end of the context is one.
func TestEvaluateFails(t *testing.T) {
	design := make([][]float64, 100)
	_, err := Evaluate(t.Context(), design, Evaluation{Workers: 3, At: func(x []float64) ([]float64, error) { return nil, errors.New("no") }})
	if err == nil || err.Error() != "point 0: no" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Evaluate(ctx, design, Evaluation{At: func(x []float64) ([]float64, error) { return nil, nil }}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
