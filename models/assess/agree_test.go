package assess

import (
	"math"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/rollout"
)

// clean is a context in which every number of requests is whole.
func quietContext() Context {
	c := Default()
	c.Requests, c.Baseline = 100, 0.01
	return c
}

// canaryOf has one pause for each weight, and a background analysis of the share of
// failing requests, each minute.
func canaryOf(weights []int, lasts time.Duration, limit int, window time.Duration) *Rollout {
	c := &Canary{Machine: rollout.Canary{Router: true}}
	for _, w := range weights {
		c.Steps = append(c.Steps, Step{Step: rollout.Step{Kind: rollout.SetWeight, Weight: w}}, Step{Step: rollout.Step{Kind: rollout.Pause, Duration: lasts}})
	}
	for i := range c.Steps {
		c.Machine.Steps = append(c.Machine.Steps, c.Steps[i].Step)
	}
	start := 0
	c.Machine.Background = &start
	c.Background = &Analysis{Metrics: []Metric{{
		Metric: rollout.Metric{Name: "errors", Interval: time.Minute, InitialDelay: time.Minute, FailureLimit: limit,
			Conditions: rollout.Conditions{Success: "result[0] <= 0.02"}},
		Probe: Probe{Signal: Failing, Vector: true, Window: window}, Provider: "prometheus",
	}}}
	return &Rollout{Kind: "test", Name: "test", Spots: Spots{}, Canary: c}
}

// TestExactIsAnalytic: the chain is what models/analytic computes for the same looks.
func TestExactIsAnalytic(t *testing.T) {
	ctx := quietContext()
	for _, d := range []float64{0, 0.005, 0.01, 0.02, 0.1} {
		r := canaryOf([]int{10, 50}, 5*time.Minute, 1, time.Minute)
		c := r.course(&ctx)
		all := c.glances()
		if !c.isExact(all) {
			t.Fatal("not exact")
		}
		e, ok := c.exact(newLedger(&ctx, c, defect{atOnce, d}, c.end), all)
		if !ok {
			t.Fatal("errors")
		}
		// Looks at 1, 2, ... 9 minutes: five at 10 %, four at 50 %; the tenth minute is the
		// end, which terminates the run.
		want := analytic.Argo{Canary: analytic.Canary{Weights: []float64{.1, .1, .1, .1, .1, .5, .5, .5, .5}, Requests: 6000,
			Rate: ctx.Baseline + d*(1-ctx.Baseline), Threshold: 0.02}, Limit: 1, Delay: 60, Interval: 60}.Run()
		if got := sum(e); math.Abs(got-want.Abort) > 1e-12 {
			t.Errorf("defect %v: %v, analytic %v", d, got, want.Abort)
		}
		at := 0.0
		for _, x := range e {
			at += x.p * x.at.Seconds()
		}
		if got := at / sum(e); math.Abs(got-want.Time) > 1e-6 {
			t.Errorf("defect %v: after %v s, analytic %v s", d, got, want.Time)
		}
	}
}

// TestSimulationIsExact: where looks share no request, what is drawn and driven through
// the machine agrees with the chain, within five standard errors.
func TestSimulationIsExact(t *testing.T) {
	ctx := quietContext()
	for _, limit := range []int{0, 1, 3} {
		for _, d := range []float64{0, 0.005, 0.01, 0.02} {
			r := canaryOf([]int{1, 10}, 6*time.Minute, limit, time.Minute)
			c := r.course(&ctx)
			all := c.glances()
			l := newLedger(&ctx, c, defect{atOnce, d}, c.end+time.Hour)
			e, _ := c.exact(l, all)
			drawn, n := c.simulate(l, all)
			p, got := sum(e), sum(drawn)
			if off := math.Abs(got - p); off > 5*math.Sqrt(p*(1-p)/float64(n))+1e-9 {
				t.Errorf("limit %d, defect %v: %d drawn give %v, exact %v", limit, d, n, got, p)
			}
		}
	}
}

// TestOverlapIsNotExact: looks that share requests are drawn, and are correlated: more
// good releases pass three looks at the same burst than three of their own.
func TestOverlapIsNotExact(t *testing.T) {
	ctx := quietContext()
	r := canaryOf([]int{10}, 10*time.Minute, 0, 5*time.Minute)
	c := r.course(&ctx)
	if c.isExact(c.glances()) {
		t.Error("overlapping windows are taken as exact")
	}
	a := Assess(r, ctx)
	if a.Table.Exact || a.Table.Drawn < lastReleases {
		t.Errorf("%+v", a.Table)
	}
}

// flaggerOf is a canary of Flagger by steps of weight with a check of the success rate.
func flaggerOf(step, most, threshold int) *Flagger {
	least := 98.0
	return &Flagger{Machine: rollout.Flagger{Interval: time.Minute, StepWeight: step, MaxWeight: most, Threshold: threshold,
		Metrics: []rollout.FlaggerMetric{{Name: "request-success-rate", Range: &rollout.Range{Min: &least}}}},
		Probes: []Probe{{Signal: Failing, Success: true, Scale: 100, Window: time.Minute}}, Metrics: []Spots{{}}, Ranges: []Spots{{}}, Spots: Spots{}, Top: Spots{}, Sticky: true}
}

// TestFlaggerIsAnalytic: the chain over the scheduler's states is what models/analytic
// computes.
func TestFlaggerIsAnalytic(t *testing.T) {
	ctx := quietContext()
	for _, d := range []float64{0, 0.005, 0.01, 0.02, 0.1} {
		for _, threshold := range []int{1, 2, 5} {
			c := newFlaggerCourse(&ctx, flaggerOf(10, 50, threshold), defect{atOnce, d})
			c.stages, _, _ = c.clean()
			stops, ok := c.chain()
			if !ok {
				t.Fatal("too many states")
			}
			want := analytic.Flagger{Canary: analytic.Canary{Weights: []float64{.1, .2, .3, .4, .5}, Requests: 6000,
				Rate: ctx.Baseline + d*(1-ctx.Baseline), Threshold: 0.02}, Failures: threshold}.Run()
			if got := back(stops); math.Abs(got-want.Rollback) > 1e-9 {
				t.Errorf("defect %v, threshold %d: %v, analytic %v", d, threshold, got, want.Rollback)
			}
			n, hours := 0.0, 0.0
			for _, s := range stops {
				n, hours = n+s.p, hours+s.p*s.hurting
			}
			if math.Abs(n-1) > 1e-9 {
				t.Errorf("probabilities add up to %v", n)
			}
			if got := hours * 360_000; d > 0 && math.Abs(got-want.Requests) > 1e-6*want.Requests {
				t.Errorf("defect %v, threshold %d: %v requests, analytic %v", d, threshold, got, want.Requests)
			}
			drawn, k := c.simulate(8)
			if p, got := back(stops), back(drawn); math.Abs(got-p) > 5*math.Sqrt(p*(1-p)/float64(k))+1e-9 {
				t.Errorf("defect %v, threshold %d: %d drawn give %v, exact %v", d, threshold, k, got, p)
			}
		}
	}
}

// TestPhases: the shares at which a phase changes are found to the last bit.
func TestPhases(t *testing.T) {
	for _, c := range []struct {
		condition rollout.Conditions
		probe     Probe
		bad, n    float64
		want      rollout.Phase
	}{
		{rollout.Conditions{Success: "result[0] >= 0.95"}, Probe{Signal: Failing, Success: true, Vector: true}, 5, 100, rollout.Successful},
		{rollout.Conditions{Success: "result[0] >= 0.95"}, Probe{Signal: Failing, Success: true, Vector: true}, 6, 100, rollout.Failed},
		{rollout.Conditions{Success: "result[0] >= 95"}, Probe{Signal: Failing, Success: true, Vector: true}, 0, 100, rollout.Failed},
		{rollout.Conditions{Failure: "result > 5"}, Probe{Signal: Failing, Scale: 100}, 5, 100, rollout.Successful},
		{rollout.Conditions{Failure: "result > 5"}, Probe{Signal: Failing, Scale: 100}, 0, 0, rollout.Successful},
		{rollout.Conditions{Success: "result < 5"}, Probe{Signal: Failing, Scale: 100}, 0, 0, rollout.Failed},
		{rollout.Conditions{Success: "result <= 0.5"}, Probe{Signal: Slow, Quantile: 0.99}, 1, 100, rollout.Successful},
		{rollout.Conditions{Success: "result <= 0.5"}, Probe{Signal: Slow, Quantile: 0.99}, 2, 100, rollout.Failed},
		{rollout.Conditions{Success: "result <= 0.01", Failure: "result > 0.1"}, Probe{Signal: Failing}, 5, 100, rollout.Inconclusive},
		{rollout.Conditions{Success: "result[0] <= 0.01"}, Probe{Signal: Failing}, 5, 100, rollout.Error},
	} {
		m := Metric{Metric: rollout.Metric{Conditions: c.condition}, Probe: c.probe}
		p := m.phases()
		if got := p.at(c.bad, c.n); got != c.want {
			t.Errorf("%+v at %v of %v: %v, want %v", c.condition, c.bad, c.n, got, c.want)
		}
		o := p.odds(c.n, 0.03)
		if total := o[0] + o[1] + o[2] + o[3]; math.Abs(total-1) > 1e-12 {
			t.Errorf("%+v: the odds add up to %v", c.condition, total)
		}
	}
}

// TestHarm: a defect that nothing notices hurts for the steps and until people notice.
func TestHarm(t *testing.T) {
	ctx := quietContext()
	r := &Rollout{Kind: "ramp", Name: "ramp", Spots: Spots{}, Sticky: true, Ramp: &Ramp{Stops: []Stop{{Share: 0.1, Lasts: time.Hour}, {Share: 1}}}}
	a := Assess(r, ctx)
	row := a.Table.at(1)
	if want := (0.1 + 4) * 100 * 3600; math.Abs(row.Failed-want) > 1e-6*want {
		t.Errorf("%v requests fail, want %v", row.Failed, want)
	}
	if want := ctx.Users * (1 - math.Exp(-ctx.perUser()*4.1)); math.Abs(row.Users-want) > 1e-6*want {
		t.Errorf("%v users are hit, want %v", row.Users, want)
	}
	if row.Caught != 0 || a.Table.False != 0 || a.Table.Lasts != time.Hour {
		t.Errorf("%+v", a.Table)
	}
}
