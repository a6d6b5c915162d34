package analytic

import (
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// looksUntil counts looks up to the k-th failing one, in all or in a row.
func looksUntil(s *rng.Stream, k int, look func(s *rng.Stream) bool, inARow bool) float64 {
	for n, failed := 1, 0; ; n++ {
		if look(s) {
			failed++
		} else if inARow {
			failed = 0
		}
		if failed == k {
			return float64(n)
		}
	}
}

func TestSimulatedWindows(t *testing.T) {
	w := Window{Requests: 500, Threshold: 0.02, Rate: 0.02}
	fail := w.FailFixed()
	look := func(s *rng.Stream) bool { return float64(binomial(s, 500, 0.02))/500 > 0.02 }
	_, atLeast := binomialTails(9, 500, 0.02)
	third, row := Checks{Fail: fail, Failures: 3}, Runs{Fail: fail, Failures: 3}
	square := func(s *rng.Stream) float64 { x := looksUntil(s, 3, look, false) - third.Mean(); return x * x }
	traffic := Window{Requests: 50, Threshold: 0.04, Rate: 0.05}
	busy := func(s *rng.Stream) bool {
		n := poisson(s, 50)
		return n > 0 && float64(binomial(s, n, 0.05))/float64(n) > 0.04
	}
	fixed := traffic
	fixed.Requests = 50
	rare := Window{Requests: 2, Threshold: 0.4, Rate: 0.5}
	quiet := func(s *rng.Stream) float64 {
		n := poisson(s, 2)
		return is(n > 0 && float64(binomial(s, n, 0.5))/float64(n) > 0.4)
	}
	runTrials(t, []trial{
		{"window fails", 100_000, func(s *rng.Stream) float64 { return is(look(s)) }, fail, map[string]float64{">= for >": atLeast}},
		{"third failing look", 20_000, func(s *rng.Stream) float64 { return looksUntil(s, 3, look, false) }, third.Mean(),
			map[string]float64{"k off by one": Checks{Fail: fail, Failures: 4}.Mean(), "consecutive for cumulative": row.Mean(), ">= for >": 3 / atLeast}},
		{"spread of the third failing look", 30_000, square, third.SD() * third.SD(),
			map[string]float64{"k off by one": 4 * third.SD() * third.SD() / 3}},
		{"third within 10 looks", 20_000, func(s *rng.Stream) float64 { return is(looksUntil(s, 3, look, false) <= 10) }, third.Within(10),
			map[string]float64{"k off by one": Checks{Fail: fail, Failures: 4}.Within(10), "consecutive for cumulative": row.Within(10)}},
		{"at most 10 looks", 20_000, func(s *rng.Stream) float64 { return min(10, looksUntil(s, 3, look, false)) }, third.MeanWithin(10),
			map[string]float64{"never cut short": third.Mean()}},
		{"three in a row", 5_000, func(s *rng.Stream) float64 { return looksUntil(s, 3, look, true) }, row.Mean(),
			map[string]float64{"cumulative for consecutive": third.Mean(), "k off by one": Runs{Fail: fail, Failures: 4}.Mean()}},
		{"three in a row within 10", 20_000, func(s *rng.Stream) float64 { return is(looksUntil(s, 3, look, true) <= 10) }, row.Within(10),
			map[string]float64{"cumulative for consecutive": third.Within(10)}},
		{"Poisson traffic", 400_000, func(s *rng.Stream) float64 { return is(busy(s)) }, traffic.FailPoisson(),
			map[string]float64{"fixed traffic": fixed.FailFixed()}},
		{"little Poisson traffic", 200_000, quiet, rare.FailPoisson(),
			map[string]float64{"empty windows fail": rare.FailPoisson() + rare.NoRequests(), "fixed traffic": rare.FailFixed()}},
	})
}

func TestSimulatedSlidingWindows(t *testing.T) {
	s3 := SlidingChecks{Window: Window{Requests: 100, Threshold: 0.02, Rate: 0.015}, Intervals: 3, Failures: 1}
	again := s3
	again.Failures = 3
	one, three := solve(t, s3), solve(t, again)
	within, err := again.Within(30)
	if err != nil {
		t.Fatal(err)
	}
	full := s3.Full().FailFixed()
	wide := s3
	wide.Intervals = 4
	looks := func(k int) func(s *rng.Stream) float64 {
		return func(s *rng.Stream) float64 {
			var last [3]int
			i := 0
			return looksUntil(s, k, func(s *rng.Stream) bool {
				last[i%3] = binomial(s, 100, 0.015)
				i++
				return float64(last[0]+last[1]+last[2])/300 > 0.02
			}, false)
		}
	}
	runTrials(t, []trial{
		{"first failing look", 50_000, looks(1), one.Mean, map[string]float64{
			"windows apart": 1 / full, "one interval more": solve(t, wide).Mean}},
		{"spread", 50_000, func(s *rng.Stream) float64 { x := looks(1)(s) - one.Mean; return x * x }, one.SD * one.SD,
			map[string]float64{"windows apart": (1 - full) / full / full}},
		{"third failing look", 50_000, looks(3), three.Mean, map[string]float64{
			"windows apart": 3 / full, "three times the first": 3 * one.Mean}},
		{"spread of the third", 50_000, func(s *rng.Stream) float64 { x := looks(3)(s) - three.Mean; return x * x }, three.SD * three.SD,
			map[string]float64{"three times the first": 3 * one.SD * one.SD}},
		{"third within 30", 50_000, func(s *rng.Stream) float64 { return is(looks(3)(s) <= 30) }, within,
			map[string]float64{"windows apart": Checks{Fail: full, Failures: 3}.Within(30)}},
	})
}

func solve(t *testing.T, s SlidingChecks) SlidingAnswer {
	t.Helper()
	a, err := s.Solve()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSimulatedTests(t *testing.T) {
	s := TwoSamples{Canary: 500, Baseline: 2000, Level: 0.05}
	rejects := func(test Test, p1 float64) func(s *rng.Stream) float64 {
		return func(s *rng.Stream) float64 { return is(test(binomial(s, 500, p1), binomial(s, 2000, 0.01))) }
	}
	chance := func(test Test, p1 float64) float64 { return s.Rejects(test, p1, 0.01) }
	share := ShareTest{Requests: 20000, Share: 0.1, Rate: 0.001, Level: 0.05}
	conditional := func(s *rng.Stream) float64 {
		x, y := poisson(s, 4), poisson(s, 18)
		_, above := binomialTails(x-1, x+y, 0.1)
		return is(above <= 0.05)
	}
	p := PoissonTest{Expected: 5, Level: 0.01}
	runTrials(t, []trial{
		{"pooled z", 30_000, rejects(s.PooledZ(), 0.02), chance(s.PooledZ(), 0.02), map[string]float64{
			"unpooled": chance(s.UnpooledZ(), 0.02), "two-sided": s2(s).Rejects(s2(s).PooledZ(), 0.02, 0.01)}},
		{"pooled z, false alarms", 50_000, rejects(s.PooledZ(), 0.01), chance(s.PooledZ(), 0.01), map[string]float64{
			"unpooled": chance(s.UnpooledZ(), 0.01), "exact": chance(s.Exact(), 0.01)}},
		{"unpooled z", 30_000, rejects(s.UnpooledZ(), 0.02), chance(s.UnpooledZ(), 0.02), map[string]float64{
			"pooled": chance(s.PooledZ(), 0.02)}},
		{"exact", 50_000, rejects(s.Exact(), 0.02), chance(s.Exact(), 0.02), map[string]float64{
			"pooled": chance(s.PooledZ(), 0.02)}},
		{"conditional binomial", 50_000, conditional, share.Rejects(2), map[string]float64{
			"ratio ignored": share.Rejects(1)}},
		{"exact Poisson", 50_000, func(s *rng.Stream) float64 { return is(poisson(s, 10) >= p.Least()) }, p.Power(2), map[string]float64{
			"> for >=": p.rejects(p.Least()+1, 10), "false alarms": p.Size()}},
	})
}

// s2 is the test at half the level, which a two-sided one would be.
func s2(s TwoSamples) TwoSamples {
	s.Level /= 2
	return s
}

func TestSimulatedComplaints(t *testing.T) {
	third := Complaints{Rate: 2, Reports: 3}
	ramp := RampComplaints{Ramp: Ramp{Starts: []float64{0, 2, 6, 12}, Shares: []float64{0.01, 0.1, 0.5, 1}}, FullRate: 20, Reports: 3}
	onRamp := func(s *rng.Stream) float64 {
		seen := 0
		for i, start := range ramp.Ramp.Starts {
			for at := start; ; {
				at += s.Exponential() / (ramp.FullRate * ramp.Ramp.Shares[i])
				if i+1 < len(ramp.Ramp.Starts) && at >= ramp.Ramp.Starts[i+1] {
					break
				}
				if seen++; seen == ramp.Reports {
					return at
				}
			}
		}
		panic("the last ring has no end")
	}
	second := ramp
	second.Reports = 2
	trials := []trial{
		{"third report", 100_000, func(s *rng.Stream) float64 { return erlang(s, 3) / 2 }, third.Mean(),
			map[string]float64{"k off by one": Complaints{Rate: 2, Reports: 4}.Mean()}},
		{"third within an hour", 100_000, func(s *rng.Stream) float64 { return is(erlang(s, 3) <= 2) }, third.Within(1),
			map[string]float64{"k off by one": Complaints{Rate: 2, Reports: 4}.Within(1), "hazards added to probabilities": 2.0 / 3}},
		{"third on a ramp", 100_000, onRamp, ramp.MeanTime(),
			map[string]float64{"k off by one": second.MeanTime(), "full exposure at once": 3.0 / 20}},
		{"third in the second ring", 100_000, func(s *rng.Stream) float64 { return is(ring(ramp.Ramp, onRamp(s)) == 1) }, ramp.RingProbabilities()[1],
			map[string]float64{"k off by one": second.RingProbabilities()[1], "ring off by one": ramp.RingProbabilities()[0]}},
	}
	for _, c := range []struct {
		name    string
		reports int
	}{{"2 in a cluster", 2}, {"3 in a cluster", 3}, {"4 in a cluster", 4}, {"5 in a cluster", 5}} {
		trials = append(trials, clusterTrial(t, c.name, ReportCluster{Rate: 2, Reports: c.reports, Within: 0.75}))
	}
	runTrials(t, trials)
}

func clusterTrial(t *testing.T, name string, r ReportCluster) trial {
	mean := func(r ReportCluster) float64 {
		m, err := r.MeanTime()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	more := r
	more.Reports++
	draw := func(s *rng.Stream) float64 {
		times := make([]float64, r.Reports) // of the last reports
		at := 0.0
		for n := 1; ; n++ {
			at += s.Exponential() / r.Rate
			times[n%r.Reports] = at
			if oldest := times[(n+1)%r.Reports]; n >= r.Reports && at-oldest <= r.Within {
				return at
			}
		}
	}
	return trial{name, 60_000, draw, mean(r), map[string]float64{
		"k off by one": mean(more), "time within ignored": float64(r.Reports) / r.Rate}}
}
