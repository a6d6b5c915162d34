package analytic

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// drawBurn plays a BurnCount error by error: the times at which old errors leave the
// window, and the new ones, up to the one that is too much.
func drawBurn(b BurnCount, s *rng.Stream) float64 {
	before, after := b.rates()
	var leave []float64
	for t := s.Exponential() / before; t < b.Burn.Window; t += s.Exponential() / before {
		leave = append(leave, t)
	}
	in, k, t := len(leave), b.Needed(), 0.0
	for in < k {
		t += s.Exponential() / after
		for len(leave) > 0 && leave[0] < t {
			leave = leave[1:]
			in--
		}
		in++
	}
	return t
}

// TestBurnCountSimulated: the law of the alarm with a baseline against a play of every
// single error. The mutants are the formulas that take the count for a random walk,
// with the leaving errors independent of those that were there, and that forget them.
func TestBurnCountSimulated(t *testing.T) {
	page := Burn{Objective: 0.999, Rate: 14.4, Window: 3600}
	var trials []trial
	for name, b := range map[string]BurnCount{
		"example":         {page, 1, 0.0005, 0.05},
		"high baseline":   {page, 1, 0.01, 0.02},
		"few errors":      {page, 0.1, 0.005, 0.1},
		"beyond a window": {page, 1, 0.002, 0.015},
	} {
		before, after := b.rates()
		w, n := b.Burn.Window, float64(b.Needed())
		walk := (n - before*w) / (after - before)
		mean, sd := b.Mean(), b.SD()
		mutants := map[string]float64{"the old ones stay": n / (after - before)}
		if name == "high baseline" {
			mutants["walk"] = walk
		}
		median := b.Quantile(0.5)
		trials = append(trials,
			trial{name + ", mean", 40000, func(s *rng.Stream) float64 { return drawBurn(b, s) }, mean, mutants},
			trial{name + ", square", 20000, func(s *rng.Stream) float64 { d := drawBurn(b, s) - mean; return d * d }, sd * sd, nil},
			trial{name + ", median", 20000, func(s *rng.Stream) float64 { return is(drawBurn(b, s) <= median) }, 0.5, nil})
		if p := b.Within(); p < 0.99 {
			trials = append(trials, trial{name + ", within", 40000, func(s *rng.Stream) float64 { return is(drawBurn(b, s) <= w) }, p, nil})
		}
	}
	runTrials(t, trials)
}

// TestBurnCountLaws: what holds without numbers. A small baseline is as good as none;
// certain alarms ring at once.
func TestBurnCountLaws(t *testing.T) {
	for _, page := range []Burn{{0.999, 14.4, 3600, 0}, {0.9995, 10, 3600, 300}, {0.99, 2, 600, 60}} {
		for _, rps := range []float64{0.05, 1, 20} {
			none := BurnCount{page, rps, 0, 1.05 * page.Threshold()}
			some := BurnCount{page, rps, 1e-13, none.Errors}
			for what, x := range map[string][2]float64{"mean": {some.Mean(), none.Mean()}, "deviation": {some.SD(), none.SD()},
				"within": {some.Within(), none.Within()}, "quantile": {some.Quantile(0.05), none.Quantile(0.05)}} {
				if !near(x[0], x[1], 1e-8) {
					t.Errorf("%+v at %v: %s %v with hardly a baseline, %v without", page, rps, what, x[0], x[1])
				}
			}
		}
	}
	// Where nothing rings before and all within a window, Wald's identity gives the mean.
	for _, b := range []BurnCount{{Burn{0.999, 14.4, 3600, 0}, 1, 0.0005, 0.05}, {Burn{0.999, 14.4, 3600, 0}, 100, 0.01, 0.02}, {Burn{0.99, 6, 21600, 0}, 0.5, 0.03, 0.2}} {
		before, after := b.rates()
		want := (float64(b.Needed()) - before*b.Burn.Window - before/(after-before)) / (after - before)
		if got := b.Mean(); !near(got, want, 1e-10) {
			t.Errorf("%+v: mean %v, want %v", b, got, want)
		}
	}
	loud := BurnCount{Burn{0.999, 14.4, 3600, 0}, 1, 0.05, 0.06}
	if m, w, q := loud.Mean(), loud.Within(), loud.Quantile(0.5); !(m < 1e-9 && w > 1-1e-12 && q == 0) {
		t.Errorf("an alarm that rang before rings after %v s, within the window with %v, median %v", m, w, q)
	}
	late := BurnCount{Burn{0.999, 14.4, 3600, 0}, 1, 0.001, 0.0145}
	if q := late.Quantile(0.999); !math.IsInf(q, 1) {
		t.Errorf("a quantile after the window is %v", q)
	}
}

// TestBurnDecimal: a budget of which floating point makes a little less allows what it
// says: an objective of 99.95 % burnt ten times too fast is 0.5 %, and 0.5 % is not
// above that; of 3,600 requests 18 are 0.5 % too, and it takes 19.
func TestBurnDecimal(t *testing.T) {
	for _, c := range []struct {
		objective, rate, share float64
		needed                 int
	}{
		{0.9995, 10, 0.005, 19}, {0.999, 10, 0.01, 37}, {0.999, 5, 0.005, 19}, {0.9999, 100, 0.01, 37},
		{0.99, 2, 0.02, 73}, {0.9, 1, 0.1, 361}, {0.95, 14, 0.7, 2521}, {0.995, 3, 0.015, 55}, {0.99995, 100, 0.005, 19},
	} {
		b := Burn{Objective: c.objective, Rate: c.rate, Window: 3600}
		if at := b.Time(0, c.share); !math.IsInf(at, 1) {
			t.Errorf("%+v: %v is above itself after %v s", b, c.share, at)
		}
		if at := b.Time(c.share, c.share); at == 0 {
			t.Errorf("%+v: a baseline of %v burns too fast", b, c.share)
		}
		if at := b.Time(0, c.share*1.0001); math.IsInf(at, 1) {
			t.Errorf("%+v: more than %v never rings", b, c.share)
		}
		if n := (BurnCount{Burn: b, Requests: 1, Errors: 1}).Needed(); n != c.needed {
			t.Errorf("%+v: %d errors of 3600 ring, want %d", b, n, c.needed)
		}
	}
}
