package models

import (
	"math"
	"testing"
)

// A pipeline that is only slow is never said not to keep up: long trains, long
// bakes, huge releases, a busy environment, one very long stay.
func TestSlowIsNotOverloaded(t *testing.T) {
	year := 365.0 * 24
	slow := map[string]func(p *Pipeline){
		"half-yearly train": func(p *Pipeline) { p.Batching = Batching{Cadence: 26 * hoursPerWeek} },
		"a year of bakes": func(p *Pipeline) {
			p.Stages = append(ramp([]float64{0.01, 0.1}, []float64{0, year / 2}), p.Stages...)
			p.Stages[0].Ring.Bake, p.Stages[1].Ring.Bake = Hours(year/2), Hours(year/2)
		},
		"huge releases": func(p *Pipeline) { p.Batching = Batching{Every: 700} },
		"a busy environment": func(p *Pipeline) {
			p.Stages = append([]Stage{environment("staging", Environment{Slots: 1, Run: Hours(22)})}, p.Stages...)
		},
		"a repair of half a year": func(p *Pipeline) { p.Fix.Effort = Hours(year / 2) },
	}
	for name, change := range slow {
		c := everyDay(everyone())
		c.Changes.PerPeriod, c.Changes.Defects = 10, Known(0.02)
		c.Pipelines[0].WatchHours = 24
		c.Pipelines[0].Response = Response{Action: KillSwitch, Automatic: true}
		change(&c.Pipelines[0])
		outs, _, periods := outcomes(t, c, 0, 5)
		for i, p := range periods {
			if p.Overloaded != 0 {
				t.Errorf("%s: replication %d is called overloaded", name, i)
			}
		}
		for i := range outs {
			if math.IsInf(outs[i].LeadTime, 1) || math.IsNaN(outs[i].Cost) {
				t.Errorf("%s: change %d was never done: %+v", name, i, outs[i])
			}
		}
	}
}

// What is on its way when a replication is given up has a lead time of never
// and harm that nobody knows; the defects add up nevertheless.
func TestPendingIsUnknown(t *testing.T) {
	c := everyDay(everyone())
	c.Changes.PerPeriod = 50
	p := &c.Pipelines[0]
	p.Batching, p.Detectors, p.WatchHours = Batching{Cadence: 168}, []Detector{clockDetector{0.5}}, 300
	p.Response = Response{Action: Rollback, Automatic: true}
	outs, defs, periods := outcomes(t, c, 0, 1)
	for i, o := range outs {
		never := math.IsInf(o.LeadTime, 1)
		for _, v := range []float64{o.UsersExposed, o.UsersAffected, o.FailedRequests, o.UserMinutes, o.Cost} {
			if math.IsNaN(v) != never {
				t.Errorf("change %d: %+v", i, o)
			}
		}
		if never && !math.IsNaN(defs[i].FromMerge) && defs[i].Stop == StopPending {
			t.Errorf("defect %d is pending and known: %+v", i, defs[i])
		}
	}
	if !math.IsNaN(periods[0].Cost) || !math.IsNaN(periods[0].Escapes) {
		t.Errorf("a period with pending changes: %+v", periods[0])
	}
}

// Of a pipeline with room for two changes in three, a third of what arrives is
// added to what is on its way; one that keeps up adds nothing.
func TestGrown(t *testing.T) {
	for _, x := range []struct{ run, want float64 }{{36, 1.0 / 3}, {20, 0}} {
		c := everyDay(environment("staging", Environment{Slots: 1, Run: Hours(x.run)}), everyone())
		c.Changes.Warmup, c.Changes.PerPeriod, c.Changes.Defects = 20, 240, Known(0)
		_, _, periods := outcomes(t, c, 0, 1)
		if got := periods[0].Grown; math.Abs(got-x.want) > 1.0/100 {
			t.Errorf("runs of %v hours: %v added, want %v", x.run, got, x.want)
		}
	}
}
