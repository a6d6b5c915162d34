package models

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyRamp draws a ramp of one to five rings that never falls and ends with
// everyone.
func anyRamp(t *rapid.T) (shares, starts []float64) {
	n := rapid.IntRange(1, 5).Draw(t, "rings")
	for i := range n {
		shares = append(shares, rapid.Float64Range(0.001, 1).Draw(t, "share"))
		starts = append(starts, float64(i)*rapid.Float64Range(1, 40).Draw(t, "bake"))
	}
	slices.Sort(shares)
	slices.Sort(starts)
	shares[n-1] = 1
	return shares, starts
}

// replay runs ten replications of pipeline 0 of the case.
func replay(c *Case) ([]Outcome, []DefectOutcome) {
	w, r := NewWorld(c, 7), NewRun(c, 0, 7)
	var outs []Outcome
	var defs []DefectOutcome
	for rep := range uint64(10) {
		w.Reset(rep)
		s := Sample{Outcomes: make([]Outcome, c.Changes.PerPeriod),
			Defects: make([]DefectOutcome, carried(w, c))}
		r.Replicate(w, 0, s)
		outs, defs = append(outs, s.Outcomes...), append(defs, s.Defects...)
	}
	return outs, defs
}

func small(t *rapid.T, stages ...Stage) *Case {
	c := oneDefectCase(rapid.Float64Range(0.02, 3).Draw(t, "rate"), stages)
	c.Changes.Warmup, c.Changes.PerPeriod = 2, 8
	c.Pipelines[0].Response = Response{Automatic: rapid.Bool().Draw(t, "automatic"),
		Acknowledge: Hours(rapid.Float64Range(0, 10).Draw(t, "look")), Act: Hours(rapid.Float64Range(0, 10).Draw(t, "act"))}
	c.Pipelines[0].WatchHours = rapid.Float64Range(10, 2000).Draw(t, "watch")
	return c
}

// sameHarm fails unless both runs hurt every change alike, the second factor
// times as much, but for the rounding of times to nanoseconds.
func sameHarm(t *rapid.T, what string, a, b []Outcome, factor float64) {
	for i := range a {
		for _, v := range [][2]float64{{a[i].FailedRequests, b[i].FailedRequests}, {a[i].UsersAffected, b[i].UsersAffected},
			{a[i].UsersExposed, b[i].UsersExposed}} {
			if math.Abs(v[0]*factor-v[1]) > 1e-6*math.Max(1, v[1]) {
				t.Fatalf("%s, change %d:\n%+v\n%+v", what, i, a[i], b[i])
			}
		}
	}
}

func TestLawSplittingARing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares, starts := anyRamp(t)
		c := small(t, ramp(shares, starts)...)
		whole, _ := replay(c)
		k := rapid.IntRange(0, len(shares)-1).Draw(t, "split")
		halves := slices.Clone(c.Pipelines[0].Stages)
		if k == len(shares)-1 { // the last is watched, not baked: a first part of 1 hour
			halves = slices.Insert(halves, k, ramp([]float64{1}, []float64{0})...)
			c.Pipelines[0].WatchHours--
		} else {
			halves[k].Ring.Bake = Hours(halves[k].Ring.Bake.Hours.Value / 2)
			halves = slices.Insert(halves, k, halves[k])
		}
		c.Pipelines[0].Stages = halves
		split, _ := replay(c)
		sameHarm(t, "split ring", whole, split, 1)
	})
}

func TestLawScalingTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares, starts := anyRamp(t)
		c := small(t, ramp(shares, starts)...)
		before, slow := replay(c)
		x := rapid.Float64Range(0.5, 4).Draw(t, "factor")
		p := &c.Pipelines[0]
		stretch := func(s *Span) { s.Hours.Value *= x }
		for i := range p.Stages {
			stretch(&p.Stages[i].Ring.Bake)
		}
		stretch(&p.Response.Acknowledge)
		stretch(&p.Response.Act)
		p.WatchHours *= x
		c.Changes.PerWeek.Value /= x
		c.Service.RequestsPerHr.Value /= x
		p.Detectors = []Detector{clockDetector{p.Detectors[0].(clockDetector).rate / x}}
		after, fast := replay(c)
		sameHarm(t, "time stretched", before, after, 1)
		for i := range slow {
			if a, b := slow[i].Detect*x, fast[i].Detect; !(math.Abs(a-b) <= 1e-6*b) && a != b {
				t.Fatalf("time to detect %v, stretched %v", a, b)
			}
		}
	})
}

func TestLawMoreUsers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares, starts := anyRamp(t)
		c := small(t, ramp(shares, starts)...)
		few, _ := replay(c)
		c.Service.Users.Value *= 3
		many, _ := replay(c)
		sameHarm(t, "three times the users", few, many, 3)
	})
}

func TestLawGates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gate := func(name string, c float64) Stage {
			st := environment(name, Environment{})
			st.Environment.Coverage = Known(c)
			return st
		}
		c := small(t, gate("one", rapid.Float64Range(0, 1).Draw(t, "c1")), gate("two", rapid.Float64Range(0, 1).Draw(t, "c2")), everyone())
		c.Classes[0].Reproducible, c.Classes[0].Exercised = Known(0.8), Known(1)
		first, _ := replay(c)
		st := c.Pipelines[0].Stages
		st[0], st[1] = st[1], st[0]
		swapped, _ := replay(c)
		sameHarm(t, "gates in another order", first, swapped, 1)
		c.Pipelines[0].Stages = slices.Insert(slices.Clone(st), 1, gate("three", 0))
		blind, _ := replay(c)
		sameHarm(t, "a gate that catches nothing", first, blind, 1)
		c.Pipelines[0].Stages[1].Environment.Coverage = Known(0.5)
		stronger, _ := replay(c)
		noWorse(t, "one gate more", first, stronger)
	})
}

// On every path a shorter response is never worse.
func TestLawResponse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares, starts := anyRamp(t)
		c := small(t, ramp(shares, starts)...)
		long, _ := replay(c)
		c.Pipelines[0].Response.Acknowledge.Hours.Value *= rapid.Float64Range(0, 1).Draw(t, "shorter")
		c.Pipelines[0].Response.Act.Hours.Value *= rapid.Float64Range(0, 1).Draw(t, "quicker")
		short, _ := replay(c)
		noWorse(t, "a shorter response", long, short)
	})
}

func noWorse(t *rapid.T, what string, before, after []Outcome) {
	for i := range before {
		if after[i].FailedRequests > before[i].FailedRequests*(1+1e-9)+1e-6 {
			t.Fatalf("%s makes change %d worse: %v, before %v", what, i, after[i].FailedRequests, before[i].FailedRequests)
		}
	}
}
