package models

import (
	"math"
	"slices"
	"testing"
)

// lateDetector rings when a defect has shown for so many hours, whatever the exposure.
type lateDetector struct{ after float64 }

func (d lateDetector) Monitor(uint64) Monitor { return d }
func (d lateDetector) Reset()                 {}

func (d lateDetector) Observe(w *Window) Verdict {
	best := Verdict{At: w.End, Signal: -1}
	for i, s := range w.Signals {
		if at := s.From + duration(d.after-s.Age); at < best.At {
			best = Verdict{Finding: Fail, At: at, Signal: i}
		}
	}
	return best
}

// audience runs one replication of the first pipeline and returns the steps by change.
func audience(t *testing.T, c *Case) []AudienceStep {
	t.Helper()
	if problems := c.Check(); len(problems) > 0 {
		t.Fatal(problems)
	}
	w, r, a := NewWorld(c, 1), NewRun(c, 0, 1), new(Audience)
	r.SetAudience(a)
	w.Reset(0)
	r.Replicate(w, 0, Sample{Outcomes: make([]Outcome, c.Changes.PerPeriod), Defects: make([]DefectOutcome, carried(w, c)), Period: new(Period)})
	return a.ByChange()
}

// twoRings has a change every 1000 hours with one defect, a ring of a tenth of the users
// for ten hours and then everyone; what shows is noticed after so many hours, and then a
// machine takes two.
func twoRings(after float64) *Case {
	c := oneDefectCase(1, ramp([]float64{0.1, 1}, []float64{0, 10}))
	c.Changes.Every, c.Changes.Warmup, c.Changes.PerPeriod = Hours(1000), 1, 2
	p := &c.Pipelines[0]
	p.Detectors, p.WatchHours = []Detector{lateDetector{after}}, 500
	p.Response.Act, p.Fix.Effort = Hours(2), Hours(3)
	return c
}

// TestAudienceByHand: shares and times of a ramp of two rings are those that can be
// worked out by hand, whatever ends the exposure.
func TestAudienceByHand(t *testing.T) {
	for name, x := range map[string]struct {
		after  float64
		change func(c *Case, p *Pipeline)
		want   []AudienceStep // of one change; both are alike
	}{
		"noticed by everyone":       {14, nil, []AudienceStep{{0, 0, 0.1}, {0, 10, 1}, {0, 16, 0}}},
		"noticed in the first ring": {7, nil, []AudienceStep{{0, 0, 0.1}, {0, 9, 0}}},
		"the ramp goes on until somebody has looked": {7, func(_ *Case, p *Pipeline) { p.Response.Automatic, p.Response.Acknowledge = false, Hours(5) },
			[]AudienceStep{{0, 0, 0.1}, {0, 10, 1}, {0, 14, 0}}},
		"a kill switch":        {14, func(_ *Case, p *Pipeline) { p.Response.Action = KillSwitch }, []AudienceStep{{0, 0, 0.1}, {0, 10, 1}, {0, 16, 0}}},
		"a repair in place":    {14, func(_ *Case, p *Pipeline) { p.Response.Action = RollForward }, []AudienceStep{{0, 0, 0.1}, {0, 10, 1}, {0, 19, 0}}},
		"noticed by nobody":    {600, nil, []AudienceStep{{0, 0, 0.1}, {0, 10, 1}}},
		"no change is harmful": {14, func(c *Case, _ *Pipeline) { c.Changes.Defects = Known(0) }, nil},
		"a release is built for four hours": {14, func(_ *Case, p *Pipeline) {
			p.Stages = append([]Stage{{Name: "build", Environment: Environment{Run: Hours(4)}}}, p.Stages...)
		}, []AudienceStep{{0, 4, 0.1}, {0, 14, 1}, {0, 20, 0}}},
		"one of two defects remains": {14, func(c *Case, p *Pipeline) {
			c.Changes.Defects, p.Response.Action = Known(2), RollForward
		}, []AudienceStep{{0, 0, 0.1}, {0, 10, 1}, {0, 24, 0}}}, // the first is repaired after 19 hours, the second is overdue then
	} {
		t.Run(name, func(t *testing.T) {
			c := twoRings(x.after)
			if x.change != nil {
				x.change(c, &c.Pipelines[0])
			}
			var want []AudienceStep
			for k := range int32(2) {
				for _, s := range x.want {
					want = append(want, AudienceStep{k, s.At, s.Share})
				}
			}
			if got := audience(t, c); !slices.EqualFunc(got, want, sameStep) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}

func sameStep(a, b AudienceStep) bool {
	return a.Change == b.Change && a.Share == b.Share && math.Abs(a.At-b.At) < 1e-9
}

// TestAudienceOfATrain: a release of two bad changes is taken back for one of them; the
// other goes out again with its defect, is noticed in its turn, and comes back mended.
func TestAudienceOfATrain(t *testing.T) {
	c := twoRings(14)
	c.Changes.Warmup = 0
	c.Pipelines[0].Batching = Batching{Every: 2}
	c.Pipelines[0].Fix.Hotfix = true
	c.Changes.PerPeriod = 4
	want := []AudienceStep{
		{0, 1000, 0.1}, {0, 1010, 1}, {0, 1016, 0}, // waits for the second, which comes 1000 hours later, and is the one that is noticed
		{1, 0, 0.1}, {1, 10, 1}, {1, 16, 0}, {1, 1000, 0.1}, {1, 1002, 0}, // out again with the third: overdue at once
		{2, 0, 0.1}, {2, 2, 0}, {2, 1000, 0.1}, {2, 1010, 1}, {2, 1014, 0}, // taken back with the second, out again with the fourth
		{3, 0, 0.1}, {3, 10, 1}, {3, 14, 0}, {3, 1000, 0.1}, {3, 1002, 0},
	}
	if got := audience(t, c); !slices.EqualFunc(got, want, sameStep) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestAudienceAgrees: the furthest share is that of users exposed, and the time from the
// first step to the last covers that from exposure to its end.
func TestAudienceAgrees(t *testing.T) {
	c := shop()
	for p := range c.Pipelines {
		w, r, a := NewWorld(c, 1), NewRun(c, p, 1), new(Audience)
		r.SetAudience(a)
		met := 0
		for rep := range uint64(30) {
			w.Reset(rep)
			n := c.Changes.PerPeriod
			o := make([]Outcome, n)
			r.Replicate(w, 0, Sample{Outcomes: o, Defects: make([]DefectOutcome, carried(w, c)), Period: new(Period)})
			most := make([]float64, n)
			for _, s := range a.ByChange() {
				most[s.Change] = max(most[s.Change], s.Share)
				if s.At < 0 {
					t.Fatalf("%+v is before the change was ready", s)
				}
			}
			for i := range o {
				near(t, "share of users exposed", most[i], o[i].UsersExposed/1e6)
				met += int(is(most[i] > 0))
			}
		}
		if met < 100 {
			t.Errorf("%s: only %d changes met anybody", c.Pipelines[p].Name, met)
		}
	}
}

// TestAudienceChangesNothing: a replication is the same with a recorder and without, and
// the recorder has room for the next one.
func TestAudienceChangesNothing(t *testing.T) {
	c := shop()
	w, r, a := NewWorld(c, 1), NewRun(c, 0, 1), new(Audience)
	run := func() ([]Outcome, Period) {
		var p Period
		o := make([]Outcome, c.Changes.PerPeriod)
		w.Reset(3)
		r.Replicate(w, 0, Sample{Outcomes: o, Defects: make([]DefectOutcome, carried(w, c)), Period: &p})
		return o, p
	}
	plain, period := run()
	r.SetAudience(a)
	followed, again := run()
	steps := a.ByChange()
	run()
	if !slices.Equal(plain, followed) || period != again {
		t.Error("to be recorded changes what happens")
	}
	if len(steps) == 0 || !slices.Equal(steps, a.ByChange()) {
		t.Errorf("%d steps, the second time %d", len(steps), len(a.Steps))
	}
	r.SetAudience(nil)
	run()
	if len(a.Steps) != len(steps) {
		t.Error("it is recorded although nobody asks")
	}
}

// TestAudienceAllocatesNothing: neither without a recorder nor, once it has grown, with one.
func TestAudienceAllocatesNothing(t *testing.T) {
	c := shop()
	w, r, a := NewWorld(c, 1), NewRun(c, 1, 1), new(Audience)
	s := Sample{Outcomes: make([]Outcome, c.Changes.PerPeriod), Defects: make([]DefectOutcome, c.Changes.PerPeriod*MaxDefects), Period: new(Period)}
	rep := uint64(0)
	once := func() {
		w.Reset(rep % 20)
		r.Replicate(w, 0, s)
		rep++
	}
	for _, recorder := range []*Audience{nil, a} {
		r.SetAudience(recorder)
		for range 40 {
			once()
		}
		if n := testing.AllocsPerRun(20, once); n != 0 {
			t.Errorf("%v allocations a replication, want 0", n)
		}
	}
	if len(a.Steps) == 0 {
		t.Error("nothing was recorded")
	}
}
