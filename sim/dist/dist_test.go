package dist

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// example is one distribution with what is known of it from elsewhere.
type example struct {
	family     string
	parameters []float64
	mean       float64
	variance   float64
	cdf        func(float64) float64 // nil if no other library has it
}

// examples holds at least one distribution of every family, the extreme ones too.
func examples() []example {
	logn := func(mu, s float64) (float64, float64) {
		m := math.Exp(mu + s*s/2)
		return m, m * m * math.Expm1(s*s)
	}
	m1, v1 := logn(0.5, 0.8)
	s2 := (math.Log(120) - math.Log(10)) / (2 * 1.6448536269514722)
	m2, v2 := logn((math.Log(10)+math.Log(120))/2, s2)
	s3 := math.Log(9.0/2) / 1.2815515655446004
	m3, v3 := logn(math.Log(2), s3)
	weib := func(k, l float64) (float64, float64) {
		g1, g2 := math.Gamma(1+1/k), math.Gamma(1+2/k)
		return l * g1, l * l * (g2 - g1*g1)
	}
	wm1, wv1 := weib(0.7, 3)
	wm2, wv2 := weib(4, 3)
	return []example{
		{"constant", []float64{3}, 3, 0, nil},
		{"uniform", []float64{-1, 3}, 1, 16.0 / 12, distuv.Uniform{Min: -1, Max: 3}.CDF},
		{"triangular", []float64{1, 2, 6}, 3, (1 + 4 + 36 - 2 - 6 - 12) / 18.0, distuv.NewTriangle(1, 6, 2, nil).CDF},
		{"triangular", []float64{1, 1, 6}, 8.0 / 3, 25.0 / 18, distuv.NewTriangle(1, 6, 1, nil).CDF},
		{"triangular", []float64{1, 6, 6}, 13.0 / 3, 25.0 / 18, distuv.NewTriangle(1, 6, 6, nil).CDF},
		{"exponential", []float64{4}, 4, 16, distuv.Exponential{Rate: 0.25}.CDF},
		{"gamma", []float64{0.3, 2}, 0.6, 1.2, distuv.Gamma{Alpha: 0.3, Beta: 0.5}.CDF},
		{"gamma", []float64{2.5, 2}, 5, 10, distuv.Gamma{Alpha: 2.5, Beta: 0.5}.CDF},
		{"gamma", []float64{250, 0.5}, 125, 62.5, distuv.Gamma{Alpha: 250, Beta: 2}.CDF},
		{"erlang", []float64{3, 12}, 12, 48, distuv.Gamma{Alpha: 3, Beta: 0.25}.CDF},
		{"weibull", []float64{0.7, 3}, wm1, wv1, distuv.Weibull{K: 0.7, Lambda: 3}.CDF},
		{"weibull", []float64{4, 3}, wm2, wv2, distuv.Weibull{K: 4, Lambda: 3}.CDF},
		{"lognormal", []float64{0.5, 0.8}, m1, v1, distuv.LogNormal{Mu: 0.5, Sigma: 0.8}.CDF},
		{"lognormal-interval", []float64{10, 120}, m2, v2, nil},
		{"lognormal-median", []float64{2, 9}, m3, v3, nil},
		{"normal", []float64{-2, 3}, -2, 9, distuv.Normal{Mu: -2, Sigma: 3}.CDF},
		{"beta", []float64{0.5, 0.5}, 0.5, 0.125, distuv.Beta{Alpha: 0.5, Beta: 0.5}.CDF},
		{"beta", []float64{3, 40}, 3.0 / 43, 120.0 / (43 * 43 * 44), distuv.Beta{Alpha: 3, Beta: 40}.CDF},
		{"logitnormal", []float64{0, 1.5}, 0.5, math.NaN(), nil},
		{"logitnormal-interval", []float64{0.35, 0.6}, math.NaN(), math.NaN(), nil},
		{"empirical", []float64{4, 1, 1, 2}, 2, 1.5, nil},
		{"interpolated", []float64{4, 1, 2}, 2.25, math.NaN(), nil},
		{"interpolated", []float64{7}, 7, 0, nil},
	}
}

func make1(t *testing.T, e example) Dist {
	t.Helper()
	for _, f := range All() {
		if f.Name == e.family {
			d, err := f.New(e.parameters)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	}
	t.Fatalf("no family %q", e.family)
	return nil
}

// each runs a test for every example.
func each(t *testing.T, test func(*testing.T, example, Dist)) {
	for _, e := range examples() {
		t.Run(e.family, func(t *testing.T) { test(t, e, make1(t, e)) })
	}
}

func TestEveryFamilyIsDocumentedAndTried(t *testing.T) {
	tried := map[string]bool{}
	for _, e := range examples() {
		tried[e.family] = true
	}
	seen := map[string]bool{}
	for _, f := range All() {
		if f.Name != strings.ToLower(f.Name) || seen[f.Name] || f.Doc == "" || len(f.Parameters) == 0 {
			t.Errorf("family %q: the name or the documentation is wrong", f.Name)
		}
		if !tried[f.Name] {
			t.Errorf("family %q has no example in this test", f.Name)
		}
		seen[f.Name] = true
	}
}

// TestEveryFamilyIsListed fails when a file makes a Family that All forgets.
func TestEveryFamilyIsListed(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made, listed := map[string]bool{}, map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.FuncDecl:
				if x.Recv == nil && strings.HasSuffix(x.Name.Name, "Family") {
					made[x.Name.Name] = true
				}
			case *ast.CallExpr:
				if f, ok := x.Fun.(*ast.Ident); ok && path == "all.go" {
					listed[f.Name] = true
				}
			}
			return true
		})
	}
	for name := range made {
		if !listed[name] {
			t.Errorf("%s is not in all.go", name)
		}
	}
	if len(made) != len(All()) {
		t.Errorf("%d families are made, %d listed", len(made), len(All()))
	}
}

func TestMean(t *testing.T) {
	each(t, func(t *testing.T, e example, d Dist) {
		if !math.IsNaN(e.mean) && math.Abs(d.Mean()-e.mean) > 1e-13*math.Abs(e.mean) {
			t.Errorf("mean %v, want %v", d.Mean(), e.mean)
		}
	})
}

// TestMoments draws 200,000 numbers and holds their mean, and where it is known their
// variance, to 5 standard errors.
func TestMoments(t *testing.T) {
	const n = 200_000
	each(t, func(t *testing.T, e example, d Dist) {
		s := rng.NewKey(1, "moments/"+e.family).Stream(0, 0, 0)
		var sum, squares, fourth float64
		for range n {
			x := d.Quantile(s.Uniform()) - d.Mean()
			sum += x
			squares += x * x
			fourth += x * x * x * x
		}
		variance := squares / n
		if !math.IsNaN(e.variance) {
			if se := math.Sqrt((fourth/n - variance*variance) / n); math.Abs(variance-e.variance) > 5*se+1e-15 {
				t.Errorf("variance %v, want %v, standard error %v", variance, e.variance, se)
			}
			variance = e.variance
		}
		if se := math.Sqrt(variance / n); math.Abs(sum/n) > 5*se {
			t.Errorf("mean is off by %v, standard error %v", sum/n, se)
		}
	})
}

func TestQuantileNeverFalls(t *testing.T) {
	each(t, func(t *testing.T, e example, d Dist) {
		rapid.Check(t, func(t *rapid.T) {
			u, v := drawU(t, "u"), drawU(t, "v")
			if u > v {
				u, v = v, u
			}
			a, b := d.Quantile(u), d.Quantile(v)
			if math.IsNaN(a) || a > b+1e-13*math.Abs(b) {
				t.Fatalf("quantiles %v at %v and %v at %v", a, u, b, v)
			}
		})
	})
}

// drawU draws from the grid of sim/rng, often next to an end.
func drawU(t *rapid.T, name string) float64 {
	w := rapid.Uint64Range(0, 1<<52-1).Draw(t, name)
	u := (float64(w) + 0.5) * 0x1p-52
	if rapid.Bool().Draw(t, name+" from the top") {
		u = 1 - u
	}
	return u
}

// TestQuantilePutBack holds CDF and Survival to the quantile, in both tails.
func TestQuantilePutBack(t *testing.T) {
	each(t, func(t *testing.T, e example, d Dist) {
		if e.family == "constant" || e.family == "empirical" || len(e.parameters) == 1 && e.family == "interpolated" {
			return // they jump
		}
		c := d.(CDFer)
		scale := 0.0 // of the numbers that a quantile is computed from
		for _, end := range []float64{d.Quantile(0), d.Quantile(1)} {
			if !math.IsInf(end, 0) {
				scale = math.Max(scale, math.Abs(end))
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			u := drawU(t, "u")
			x := d.Quantile(u)
			// x is rounded: four last digits to either side of it must bracket u.
			step := 0x1p-50 * math.Max(scale, math.Abs(x))
			below, above := x-step, x+step
			slack := 1e-12
			if u <= 0.5 && (c.CDF(below) > u*(1+slack) || c.CDF(above) < u*(1-slack)) {
				t.Fatalf("CDF(%v) = %v, u = %v", x, c.CDF(x), u)
			}
			if v := 1 - u; u > 0.5 && (c.Survival(above) > v*(1+slack) || c.Survival(below) < v*(1-slack)) {
				t.Fatalf("Survival(%v) = %v, 1-u = %v", x, c.Survival(x), v)
			}
		})
	})
}

func TestCDFAgainstGonum(t *testing.T) {
	each(t, func(t *testing.T, e example, d Dist) {
		if e.cdf == nil {
			return
		}
		c := d.(CDFer)
		for i := range 999 {
			x := d.Quantile(float64(i+1) / 1000)
			if got, want := c.CDF(x), e.cdf(x); math.Abs(got-want) > 1e-12 {
				t.Errorf("CDF(%v) = %v, gonum has %v", x, got, want)
			}
			if sum := c.CDF(x) + c.Survival(x); math.Abs(sum-1) > 1e-15 {
				t.Errorf("CDF and Survival of %v add to %v", x, sum)
			}
		}
	})
}

// TestOutsideTheSupport asks far below and far above, and at the ends.
func TestOutsideTheSupport(t *testing.T) {
	each(t, func(t *testing.T, e example, d Dist) {
		c := d.(CDFer)
		for _, far := range []float64{1e300, math.Inf(1)} {
			if got := [4]float64{c.CDF(-far), c.Survival(-far), c.CDF(far), c.Survival(far)}; got != [4]float64{0, 1, 1, 0} {
				t.Errorf("at %v: %v", far, got)
			}
		}
		low, high := d.Quantile(0), d.Quantile(1)
		if !math.IsInf(low, -1) && (math.IsNaN(low) || c.CDF(math.Nextafter(low, -1e300)) != 0) {
			t.Errorf("lower end %v", low)
		}
		if !math.IsInf(high, 1) && (math.IsNaN(high) || c.Survival(high) != 0) {
			t.Errorf("upper end %v", high)
		}
	})
}

func TestIntervals(t *testing.T) {
	close := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-13*want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		low := math.Exp(rapid.Float64Range(-9, 9).Draw(r, "log low"))
		high := low * (1 + rapid.Float64Range(0.001, 20).Draw(r, "excess"))
		d, err := NewLogNormalInterval(low, high)
		if err != nil {
			r.Fatal(err)
		}
		close("5 %", d.Quantile(0.05), low)
		close("95 %", d.Quantile(0.95), high)
		m, err := NewLogNormalMedian(low, high)
		if err != nil {
			r.Fatal(err)
		}
		close("50 %", m.Quantile(0.5), low)
		close("90 %", m.Quantile(0.9), high)
		s, err := NewLogitNormalInterval(low/(1+low), high/(1+high))
		if err != nil {
			r.Fatal(err)
		}
		close("5 % of a share", s.Quantile(0.05), low/(1+low))
		close("95 % of a share", s.Quantile(0.95), high/(1+high))
	})
}

// TestLogitNormalMean integrates the quantile function with the midpoint rule, and
// meets the two limits: a narrow one by its Taylor series, a wide one as a coin.
func TestLogitNormalMean(t *testing.T) {
	for _, c := range [][2]float64{{0, 1}, {-3, 0.5}, {-6, 2}, {2, 12.6}, {1, 100}} {
		d, err := NewLogitNormal(c[0], c[1])
		if err != nil {
			t.Fatal(err)
		}
		const n = 200_000
		sum := 0.0
		for i := range n {
			sum += d.Quantile((float64(i) + 0.5) / n)
		}
		if got, want := d.Mean(), sum/n; math.Abs(got-want) > 1e-5*want {
			t.Errorf("mu %v sigma %v: mean %v, midpoints %v", c[0], c[1], got, want)
		}
	}
	narrow, _ := NewLogitNormal(-1, 1e-3)
	p := 1 / (1 + math.E)
	if want := p + p*(1-p)*(1-2*p)*1e-6/2; math.Abs(narrow.Mean()-want) > 1e-12 {
		t.Errorf("narrow: mean %v, want %v", narrow.Mean(), want)
	}
	wide, _ := NewLogitNormal(500, 1000)
	if want := distuv.UnitNormal.CDF(0.5); math.Abs(wide.Mean()-want) > 1e-5 {
		t.Errorf("wide: mean %v, want about %v", wide.Mean(), want)
	}
}

func TestEmpiricalSteps(t *testing.T) {
	d, err := NewEmpirical([]float64{30, 10, 20, 20})
	if err != nil {
		t.Fatal(err)
	}
	for u, want := range map[float64]float64{0: 10, 0.25: 10, 0.2500001: 20, 0.75: 20, 0.7500001: 30, 1: 30} {
		if got := d.Quantile(u); got != want {
			t.Errorf("Quantile(%v) = %v, want %v", u, got, want)
		}
	}
	for x, want := range map[float64]float64{9: 0, 10: 0.25, 19: 0.25, 20: 0.75, 30: 1} {
		if got := d.CDF(x); got != want || d.Survival(x) != 1-want {
			t.Errorf("CDF(%v) = %v, want %v", x, got, want)
		}
	}
	i, err := NewInterpolated([]float64{30, 10, 20, 20})
	if err != nil {
		t.Fatal(err)
	}
	for u, want := range map[float64]float64{0: 10, 1.0 / 6: 15, 0.5: 20, 5.0 / 6: 25, 1: 30} {
		if got := i.Quantile(u); math.Abs(got-want) > 1e-14*want {
			t.Errorf("interpolated Quantile(%v) = %v, want %v", u, got, want)
		}
	}
	for x, want := range map[float64]float64{9: 0, 10: 0, 15: 1.0 / 6, 20: 2.0 / 3, 25: 5.0 / 6, 30: 1} {
		if got := i.CDF(x); math.Abs(got-want) > 1e-15 {
			t.Errorf("interpolated CDF(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestEmpiricalKeepsItsOwnValues(t *testing.T) {
	values := []float64{2, 1}
	d, err := NewEmpirical(values)
	if err != nil {
		t.Fatal(err)
	}
	values[0], values[1] = 100, 100
	if d.Quantile(1) != 2 {
		t.Error("the caller's slice is shared")
	}
}

// TestWrongParameters tries, for every family, what cannot be; the error must name
// the family and the parameter.
func TestWrongParameters(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	cases := []struct {
		family     string
		parameters []float64
		message    string
	}{
		{"constant", []float64{nan}, "constant: value is NaN, must be a finite number"},
		{"constant", nil, "constant: 0 parameters given, it takes 1 (value)"},
		{"uniform", []float64{3, 1}, "uniform: low is 3, must be below high, which is 1"},
		{"uniform", []float64{1, 1}, "uniform: low is 1, must be below high, which is 1"},
		{"uniform", []float64{1}, "uniform: 1 parameters given, it takes 2 (low, high)"},
		{"uniform", []float64{-1e308, 1e308}, "uniform: high - low is +Inf, must be a finite number"},
		{"uniform", []float64{-inf, 1}, "uniform: low is -Inf, must be a finite number"},
		{"triangular", []float64{1, 5, 4}, "triangular: mode is 5, must lie between low and high"},
		{"triangular", []float64{1, 0, 4}, "triangular: mode is 0, must lie between low and high"},
		{"triangular", []float64{4, 4, 4}, "triangular: low is 4, must be below high, which is 4"},
		{"triangular", []float64{1, nan, 4}, "triangular: mode is NaN, must be a finite number"},
		{"exponential", []float64{0}, "exponential: mean is 0, must be above 0"},
		{"exponential", []float64{-1}, "exponential: mean is -1, must be above 0"},
		{"exponential", []float64{inf}, "exponential: mean is +Inf, must be a finite number"},
		{"gamma", []float64{0, 1}, "gamma: shape is 0, must be above 0"},
		{"gamma", []float64{1, -1}, "gamma: scale is -1, must be above 0"},
		{"gamma", []float64{1e200, 1e200}, "gamma: mean is +Inf, must be a finite number"},
		{"erlang", []float64{2.5, 1}, "erlang: stages is 2.5, must be a whole number"},
		{"erlang", []float64{0, 1}, "erlang: stages is 0, must be above 0"},
		{"erlang", []float64{2, 0}, "erlang: mean is 0, must be above 0"},
		{"weibull", []float64{0, 1}, "weibull: shape is 0, must be above 0"},
		{"weibull", []float64{1, nan}, "weibull: scale is NaN, must be a finite number"},
		{"weibull", []float64{0.001, 1}, "weibull: mean is +Inf, must be a finite number"},
		{"lognormal", []float64{0, 0}, "lognormal: sigma is 0, must be above 0"},
		{"lognormal", []float64{0, 50}, "lognormal: mean is +Inf, must be a finite number"},
		{"lognormal", []float64{nan, 1}, "lognormal: mu is NaN, must be a finite number"},
		{"lognormal-interval", []float64{2, 1}, "lognormal-interval: low is 2, must be below high, which is 1"},
		{"lognormal-interval", []float64{0, 1}, "lognormal-interval: low is 0, must be above 0"},
		{"lognormal-median", []float64{2, 2}, "lognormal-median: median is 2, must be below p90, which is 2"},
		{"lognormal-median", []float64{2, -2}, "lognormal-median: p90 is -2, must be above 0"},
		{"normal", []float64{0, 0}, "normal: sd is 0, must be above 0"},
		{"normal", []float64{inf, 1}, "normal: mean is +Inf, must be a finite number"},
		{"beta", []float64{0, 1}, "beta: a is 0, must be above 0"},
		{"beta", []float64{1, nan}, "beta: b is NaN, must be a finite number"},
		{"beta", []float64{1.5e308, 1.5e308}, "beta: a+b is +Inf, must be a finite number"},
		{"logitnormal", []float64{0, -1}, "logitnormal: sigma is -1, must be above 0"},
		{"logitnormal", []float64{0, 1001}, "logitnormal: sigma is 1001, must be at most 1000"},
		{"logitnormal-interval", []float64{0.2, 1}, "logitnormal-interval: high is 1, must be below 1"},
		{"logitnormal-interval", []float64{0.2, 0.1}, "logitnormal-interval: low is 0.2, must be below high, which is 0.1"},
		{"logitnormal-interval", []float64{0, 0.1}, "logitnormal-interval: low is 0, must be above 0"},
		{"empirical", nil, "empirical: no values given, it takes at least one"},
		{"empirical", []float64{1, nan}, "empirical: value 2 is NaN, must be a finite number"},
		{"interpolated", nil, "interpolated: no values given, it takes at least one"},
		{"interpolated", []float64{1, inf}, "interpolated: value 2 is +Inf, must be a finite number"},
		{"interpolated", []float64{-1e308, 1e308}, "interpolated: range of the values is +Inf, must be a finite number"},
	}
	tried := map[string]bool{}
	for _, f := range All() {
		for _, c := range cases {
			if c.family != f.Name {
				continue
			}
			tried[f.Name] = true
			d, err := f.New(c.parameters)
			if err == nil || d != nil || err.Error() != c.message {
				t.Errorf("%s %v: %v, %v, want %q", c.family, c.parameters, d, err, c.message)
			}
			var wrong *ParameterError
			if strings.Contains(c.message, ", must ") && (!errors.As(err, &wrong) || wrong.Family != f.Name) {
				t.Errorf("%s %v: the error is not a ParameterError of the family", c.family, c.parameters)
			}
		}
		if !tried[f.Name] {
			t.Errorf("no wrong parameters are tried for %s", f.Name)
		}
	}
}
