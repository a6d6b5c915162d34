package models

import (
	"fmt"
	"testing"
)

// shop is a case of the size of the default scenario: a weekly train through
// three environments, rings with a rollback, and nine classes of defects.
func shop() *Case {
	c := &Case{
		Service: Service{Users: Known(1e6), RequestsPerHr: Known(6), BaselineErrors: Known(0.001), SLO: 0.999},
		Work:    Workweek{Start: 9, End: 17, Days: 5},
		Changes: Changes{PerWeek: Known(40), Defects: Known(0.2), Warmup: 80, PerPeriod: 80},
	}
	for h := range c.Service.Shape {
		c.Service.Shape[h] = 0.4 + 1.2*float64(h%24)/24
	}
	for i := range 9 {
		c.Classes = append(c.Classes, Class{Name: fmt.Sprint(i), Share: 1, Reproducible: Known(0.1 * float64(i)), Exercised: Known(0.4),
			Visible: Known(0.6), Reported: Known(0.5), Global: Known(0.3), Reach: Amount{Value: Known(0.05)},
			Strength: Amount{Value: Known(0.2)}, Onset: Span{Varies: exponential{3}}})
	}
	env := func(name string, slots int, run float64) Stage {
		return environment(name, Environment{Slots: slots, Setup: Hours(0.5), Run: Hours(run), Approval: Hours(1), Flaky: Known(0.1), MaxReruns: 2})
	}
	watch := []Detector{clockDetector{rate: 0.2}}
	train := Pipeline{Name: "train", Batching: Batching{Cadence: 168, Offset: 34}, Detectors: watch,
		Stages:   []Stage{env("test", 1, 8), env("staging", 1, 16), everyone()},
		Response: Response{Action: RollForward, Acknowledge: Hours(0.5), Decide: Hours(0.5), Act: Hours(1)}, Fix: Fix{Effort: Hours(4), LateMultiplier: Known(1), Rerun: true, Hotfix: true},
		WatchHours: 720, Sticky: true}
	rings := train
	rings.Name, rings.Batching = "rings", Batching{Every: 1}
	rings.Stages = ramp(shares, starts)
	rings.Response = Response{Automatic: true, Act: Hours(0.1)}
	c.Pipelines = []Pipeline{train, rings}
	return c
}

// BenchmarkReplication reports the time of one counted change through one
// pipeline, warm-up and everything included.
func BenchmarkReplication(b *testing.B) {
	c := shop()
	for p := range c.Pipelines {
		b.Run(c.Pipelines[p].Name, func(b *testing.B) {
			w, r := NewWorld(c, 1), NewRun(c, p, 1)
			n := c.Changes.PerPeriod
			s := Sample{Outcomes: make([]Outcome, n), Defects: make([]DefectOutcome, n*MaxDefects)}
			b.ReportAllocs()
			events := uint64(0)
			for i := 0; b.Loop(); i++ {
				w.Reset(uint64(i))
				s.Defects = s.Defects[:carried(w, c)]
				r.Replicate(w, 0, s)
				events += r.kernel.Events()
				s.Defects = s.Defects[:cap(s.Defects)]
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/change")
			b.ReportMetric(float64(events)/float64(b.N*n), "events/change")
			b.ReportMetric(float64(len(w.changes))/float64(n), "arrivals/change")
		})
	}
}
