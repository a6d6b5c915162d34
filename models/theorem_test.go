package models

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// clockDetector rings when the exposure of a defect reaches its own unit
// exponential over the rate: the plainest channel that obeys the theorem.
type clockDetector struct{ rate float64 }

type clockMonitor struct {
	rate float64
	key  rng.Key
}

func (d clockDetector) Monitor(seed uint64) Monitor {
	return &clockMonitor{rate: d.rate, key: rng.NewKey(seed, "test/exposure")}
}

func (m *clockMonitor) Reset() {}

func (m *clockMonitor) Observe(w *Window) Verdict {
	best := Verdict{At: w.End, Signal: -1}
	for i, s := range w.Signals {
		e := -portable.Log(m.key.Uniform(s.Entity, w.Luck.Replication, w.Luck.Coupling)) / m.rate
		if s.From >= w.End {
			continue
		}
		at := w.Clock.After(s.From, (e-s.Dose)/w.Share)
		if at < best.At {
			best = Verdict{Finding: Fail, At: at, Signal: i}
		}
	}
	return best
}

// ramp makes the rings of a ramp: shares, and the starts in hours.
func ramp(shares, starts []float64) []Stage {
	var stages []Stage
	for i, share := range shares {
		bake := 1.0
		if i+1 < len(starts) {
			bake = starts[i+1] - starts[i]
		}
		stages = append(stages, Stage{Name: "ring", Kind: InRing,
			Ring: Ring{Share: Known(share), Bake: Hours(bake), Watch: []int{0}}})
	}
	return stages
}

// oneDefectCase has one defect in every change, that every request meets, and
// one pipeline for each ramp.
func oneDefectCase(rate float64, ramps ...[]Stage) *Case {
	c := &Case{
		Service: Service{Users: Known(1000), RequestsPerHr: Known(3)},
		Work:    Always(),
		Changes: Changes{PerWeek: Known(7), Defects: Known(1), Evenly: true, Warmup: 5, PerPeriod: 50},
		Classes: []Class{{Name: "any", Share: 1, Visible: Known(1), Global: Known(1), Strength: Amount{Value: Known(0.5)}}},
	}
	for _, r := range ramps {
		c.Pipelines = append(c.Pipelines, Pipeline{
			Name: "p", Batching: Batching{Every: 1}, Stages: r, Detectors: []Detector{clockDetector{rate: rate}},
			Response: Response{Automatic: true}, Fix: Fix{LateMultiplier: Known(1)}, WatchHours: 10000, Sticky: true,
		})
	}
	return c
}

// outcomes runs n replications of one pipeline and returns what happened to
// every counted change and defect.
func outcomes(t *testing.T, c *Case, pipeline, n int) ([]Outcome, []DefectOutcome, []Period) {
	t.Helper()
	if problems := c.Check(); len(problems) > 0 {
		t.Fatal(problems)
	}
	w, r := NewWorld(c, 1), NewRun(c, pipeline, 1)
	var outs []Outcome
	var defs []DefectOutcome
	periods := make([]Period, n)
	for rep := range n {
		w.Reset(uint64(rep))
		o, d := make([]Outcome, c.Changes.PerPeriod), make([]DefectOutcome, carried(w, c))
		r.Replicate(w, 0, Sample{Outcomes: o, Defects: d, Period: &periods[rep]})
		outs, defs = append(outs, o...), append(defs, d...)
	}
	return outs, defs, periods
}

// TestExposureClock is the first oracle: with a channel whose hazard is
// proportional to exposure and with no latency, every ramp lets the same
// exposure happen, Exp(rate). The same clocks ring in every ramp, so the
// changes agree one by one, and their mean is 1/rate.
func TestExposureClock(t *testing.T) {
	const rate = 0.5
	c := oneDefectCase(rate,
		ramp([]float64{1}, []float64{0}),
		ramp([]float64{0.01, 0.1, 0.5, 1}, []float64{0, 24, 48, 96}),
		ramp([]float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1}, []float64{0, 24, 48, 72, 96, 120, 144}),
		ramp([]float64{0.001, 1}, []float64{0, 1000}),
	)
	bang, _, _ := outcomes(t, c, 0, 400)
	perHour := c.Service.Users.Value * c.Service.RequestsPerHr.Value * 0.5
	sum := 0.0
	for _, o := range bang {
		sum += o.FailedRequests / perHour
	}
	n := float64(len(bang))
	if mean, se := sum/n, 1/rate/math.Sqrt(n); math.Abs(mean-1/rate) > 5*se {
		t.Errorf("mean exposure at detection is %v, want %v within %v", mean, 1/rate, 5*se)
	}
	for p := 1; p < len(c.Pipelines); p++ {
		got, _, _ := outcomes(t, c, p, 400)
		for i := range got {
			// One nanosecond of rounding at full exposure is 4e-13 hours.
			if d := math.Abs(got[i].FailedRequests - bang[i].FailedRequests); d > perHour*1e-11 {
				t.Fatalf("ramp %d, change %d: %v failed requests, a big bang has %v", p, i, got[i].FailedRequests, bang[i].FailedRequests)
			}
		}
	}
}

func TestReplicationAllocatesNothing(t *testing.T) {
	c := oneDefectCase(0.5, ramp([]float64{0.01, 0.1, 0.5, 1}, []float64{0, 24, 48, 96}))
	w, r := NewWorld(c, 1), NewRun(c, 0, 1)
	o, d := make([]Outcome, c.Changes.PerPeriod), make([]DefectOutcome, c.Changes.PerPeriod)
	rep := uint64(0)
	once := func() {
		w.Reset(rep % 20)
		r.Replicate(w, 0, Sample{Outcomes: o, Defects: d})
		rep++
	}
	for range 40 {
		once()
	}
	if n := testing.AllocsPerRun(20, once); n != 0 {
		t.Errorf("%v allocations a replication, want 0", n)
	}
}

// carried is the number of defects of the counted changes of a replication.
func carried(w *World, c *Case) int {
	_, n := w.Carried(c.Changes.Warmup, c.Changes.PerPeriod)
	return n
}
