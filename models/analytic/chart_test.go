package analytic

import (
	"fmt"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// TestRareAlarms: a chart of steps up and down by one has a closed form (Feller, "An
// introduction to probability theory", volume 1, XIV.3, reflected at 0), and no digit
// is lost when it rings once in 10^47 requests.
func TestRareAlarms(t *testing.T) {
	for _, p := range []float64{0.1, 0.3, 0.7} {
		for _, limit := range []float64{2, 10, 25} {
			run, err := BernoulliCusum{M: 2, Limit: limit}.RunLength(p)
			q, h := 1-p, 2*limit
			want := h/(p-q) - q/(p-q)/(p-q)*(1-math.Pow(q/p, h))
			if err != nil || !near(run.Mean, want, 1e-12) {
				t.Errorf("p %v, limit %v: %v, %v, want %v", p, limit, run.Mean, err, want)
			}
		}
	}
	if run, err := (BernoulliCusum{M: 61, Limit: 3}).RunLength(1); err != nil || run.Mean != 4 || run.SD != 0 {
		t.Errorf("all requests fail: %v, %v, want 4 requests", run, err)
	}
}

// TestNeverRings: a run length that no number holds is an error, not a number.
func TestNeverRings(t *testing.T) {
	for name, f := range map[string]func() (RunLength, error){
		"Poisson":   func() (RunLength, error) { return PoissonCusum{Reference: 5, Limit: 1500}.RunLength(4) },
		"steady":    func() (RunLength, error) { return PoissonCusum{Reference: 5, Limit: 1500}.SteadyDelay(4, 4) },
		"Bernoulli": func() (RunLength, error) { return BernoulliCusum{M: 2, Limit: 900}.RunLength(0.1) },
		"normal":    func() (RunLength, error) { return NormalCusum{Reference: 10, Limit: 50}.RunLength(-10) },
		"both":      func() (RunLength, error) { return NormalCusum{Reference: 10, Limit: 50}.TwoSided(0) },
		"EWMA":      func() (RunLength, error) { return EWMA{Weight: 0.1, Limit: 2.8, OneSided: true}.RunLength(-10) },
		"far":       func() (RunLength, error) { return EWMA{Weight: 0.01, Limit: 2.8, OneSided: true}.RunLength(-10) },
	} {
		if run, err := f(); err == nil {
			t.Errorf("%s: %v", name, run)
		}
	}
}

// TestSteadyAfterSilence: the delay is there where health never rings at all, and it
// goes on smoothly to there; an alarm that is sure to come at once has no spread.
func TestSteadyAfterSilence(t *testing.T) {
	c := PoissonCusum{Reference: 5, Limit: 1500}
	never, hardly := must2(t)(c.SteadyDelay(2, 6)), must2(t)(c.SteadyDelay(4.7, 6))
	if slower := must2(t)(c.RunLength(6)); !(never.Mean > hardly.Mean && never.Mean < slower.Mean && slower.Mean-never.Mean < 5) {
		t.Errorf("%v, %v and %v from 0", never, hardly, slower)
	}
	if sure := must2(t)(PoissonCusum{Reference: 99.5, Limit: 2}.SteadyDelay(99, 1e5)); sure != (RunLength{1, 0}) {
		t.Errorf("%v, want 1 interval", sure)
	}
}

// TestShewhart: an average of the newest observation alone rings at each with the same
// probability.
func TestShewhart(t *testing.T) {
	for _, limit := range []float64{0.5, 3, 6} {
		for _, shift := range []float64{-5, 0, 1} {
			above, below := portable.NormalCDF(shift-limit), portable.NormalCDF(-limit-shift)
			for oneSided, p := range map[bool]float64{false: above + below, true: above} {
				run, err := EWMA{Weight: 1, Limit: limit, OneSided: oneSided}.RunLength(shift)
				if err != nil || !near(run.Mean, 1/p, 1e-10) || !near(run.SD, math.Sqrt(1-p)/p, 1e-9) {
					t.Errorf("limit %v, shift %v, one-sided %v: %v, %v, want %v", limit, shift, oneSided, run, err, 1/p)
				}
			}
		}
	}
}

// TestRareSides: where alarms are rare, the two sides of an average hardly know of each
// other, and both together ring twice as often as one; and a shift away from the side
// that rings only makes it rarer.
func TestRareSides(t *testing.T) {
	for _, weight := range []float64{0.01, 0.1, 0.4} {
		both := must2(t)(EWMA{Weight: weight, Limit: 6}.RunLength(0))
		one := must2(t)(EWMA{Weight: weight, Limit: 6, OneSided: true}.RunLength(0))
		if !near(one.Mean, 2*both.Mean, 1e-6) {
			t.Errorf("weight %v: %v on both sides, %v on one", weight, both.Mean, one.Mean)
		}
	}
	before := 0.0
	for _, shift := range []float64{1, 0, -0.1, -1, -2, -5} {
		run := must2(t)(EWMA{Weight: 0.1, Limit: 2.8, OneSided: true}.RunLength(shift))
		if !(run.Mean > before) {
			t.Errorf("shift %v: %v, not above %v", shift, run.Mean, before)
		}
		before = run.Mean
	}
}

func must2(t *testing.T) func(run RunLength, err error) RunLength {
	return func(run RunLength, err error) RunLength {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
}

// TestNormalCusumInIntervals: the chain of Brook and Evans (1972), whose states are
// intervals of the sum, extrapolated to intervals of no width (its error falls with
// the square of the width), knows nothing of nodes and says the same.
func TestNormalCusumInIntervals(t *testing.T) {
	for _, c := range []struct{ reference, limit, shift float64 }{{0, 10, -0.25}, {0, 10, 0.25}, {0.5, 3, 0}, {0.5, 4, 1}} {
		coarse, fine := intervals(200, c.reference, c.limit, c.shift), intervals(400, c.reference, c.limit, c.shift)
		run := must2(t)(NormalCusum{Reference: c.reference, Limit: c.limit}.RunLength(c.shift))
		if want := fine + (fine-coarse)/3; !near(run.Mean, want, 1e-5) {
			t.Errorf("%v: %v, in intervals %v", c, run.Mean, want)
		}
	}
}

func intervals(states int, reference, limit, shift float64) float64 {
	c, width := newChart(states, 0), limit/(float64(states)-0.5)
	below := func(i, j int) float64 { // P(from the middle of i to below the upper end of j)
		return portable.NormalCDF((float64(j-i)+0.5)*width + reference - shift)
	}
	for i := range states {
		c.stay.Set(i, 0, below(i, 0))
		for j := 1; j < states; j++ {
			c.stay.Set(i, j, below(i, j)-below(i, j-1))
		}
		c.alarm[i] = 1 - below(i, states-1)
	}
	mean, _ := c.moments()
	return mean[0]
}

// TestSettled: a step without an alarm does not change the distribution of a chart that
// has been silent for long.
func TestSettled(t *testing.T) {
	for _, mean := range []float64{0.001, 1, 4.9, 5} {
		c, err := PoissonCusum{Reference: 5, Limit: 60}.chart(mean)
		if err != nil {
			t.Fatal(err)
		}
		v := c.settled()
		next := mat.NewVecDense(len(v), nil)
		next.MulVec(c.stay.T(), mat.NewVecDense(len(v), v))
		after := next.RawVector().Data
		floats.Scale(1/floats.Sum(after), after)
		if change := floats.Distance(v, after, 1); !(change < 1e-12) || !near(floats.Sum(v), 1, 1e-12) {
			t.Errorf("mean %v: changes by %v", mean, change)
		}
	}
}

// TestSimulatedCharts: two charts on the same observations, with and without a head
// start, by their naive simulation; the square of the run length holds the standard
// deviation.
func TestSimulatedCharts(t *testing.T) {
	var trials []trial
	for _, c := range []struct {
		chart NormalCusum
		shift float64
	}{
		{NormalCusum{Reference: 0.5, Limit: 3}, 0},
		{NormalCusum{Reference: 0.5, Limit: 3, HeadStart: 2}, 0},
		{NormalCusum{Limit: 3, HeadStart: 1.5}, 0.3},
	} {
		both, one := must2(t)(c.chart.TwoSided(c.shift)), must2(t)(c.chart.RunLength(c.shift))
		run := func(s *rng.Stream) float64 { return twoCharts(s, c.chart, c.shift) }
		name := fmt.Sprint("two charts ", c)
		trials = append(trials,
			trial{name, 20000, run, both.Mean, map[string]float64{"one chart": one.Mean}},
			trial{name + ", square", 20000, func(s *rng.Stream) float64 { n := run(s); return n * n },
				both.Mean*both.Mean + both.SD*both.SD, map[string]float64{"one chart": one.Mean*one.Mean + one.SD*one.SD}})
	}
	plan := PoissonCusum{Reference: 5, Limit: 10}
	delay, err := plan.SteadyDelay(4, 7)
	if err != nil {
		t.Fatal(err)
	}
	fresh := must2(t)(plan.RunLength(7))
	run := func(s *rng.Stream) float64 { return afterLongSilence(s, 100) }
	trials = append(trials,
		trial{"steady", 20000, run, delay.Mean, map[string]float64{"from 0": fresh.Mean}},
		trial{"steady, square", 40000, func(s *rng.Stream) float64 { n := run(s); return n * n },
			delay.Mean*delay.Mean + delay.SD*delay.SD, map[string]float64{"from 0": fresh.Mean*fresh.Mean + fresh.SD*fresh.SD}})
	runTrials(t, trials)
}

func twoCharts(s *rng.Stream, c NormalCusum, shift float64) float64 {
	up, down := c.HeadStart, c.HeadStart
	for n := 1; ; n++ {
		x := portable.NormalQuantile(s.Uniform()) + shift
		up, down = math.Max(0, up+x-c.Reference), math.Max(0, down-x-c.Reference)
		if up > c.Limit || down > c.Limit {
			return float64(n)
		}
	}
}

// afterLongSilence is the delay of the chart of counts above 5 that rings at 10, from
// 4 to 7, after so many intervals without an alarm; runs with one are thrown away.
func afterLongSilence(s *rng.Stream, silent int) float64 {
	sum := 0
	for n := 0; n < silent; n++ {
		if sum = max(0, sum+poisson(s, 4)-5); sum >= 10 {
			sum, n = 0, -1
		}
	}
	for n := 1; ; n++ {
		if sum = max(0, sum+poisson(s, 7)-5); sum >= 10 {
			return float64(n)
		}
	}
}
