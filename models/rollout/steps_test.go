package rollout

import (
	"testing"
	"time"
)

func steps() []Step {
	return []Step{{Weight: 10}, {Kind: Pause, Duration: time.Minute}, {Weight: 30}, {Kind: InlineAnalysis}, {Weight: 60}, {Kind: PauseForPerson}}
}

func TestCanaryPath(t *testing.T) {
	two := 2
	r := NewCanary(Canary{Steps: steps(), Router: true, Background: &two})
	want := func(what string, state State, step, weight int, inline, background bool) {
		t.Helper()
		s := r.Status()
		if s.State != state || s.Step != step || s.Weight != weight || s.Inline != inline || s.Background != background {
			t.Errorf("%s: %+v", what, s)
		}
	}
	want("a weight takes no time", Paused, 1, 10, false, false)
	r.Advance(time.Minute - 1)
	want("a pause does", Paused, 1, 10, false, false)
	r.Advance(time.Minute)
	want("background analysis begins at its step", Measuring, 3, 30, true, true)
	if s := r.Status(); s.InlineSince != time.Minute || s.BackgroundSince != time.Minute {
		t.Errorf("%+v", s)
	}
	r.Decide(Inline, Successful, time.Hour)
	want("analysis blocks until it ends", PausedForPerson, 5, 60, false, true)
	r.Advance(9999 * time.Hour)
	want("for ever", PausedForPerson, 5, 60, false, true)
	r.Promote(9999 * time.Hour)
	want("the last step ends the background analysis", Promoted, 6, 100, false, false)
	r.Abort(9999 * time.Hour)
	want("final", Promoted, 6, 100, false, false)
}

func TestCanaryAborts(t *testing.T) {
	zero, hour := time.Duration(0), time.Hour
	for _, c := range []struct {
		name string
		c    Canary
		keep time.Duration
	}{
		{"router", Canary{Router: true}, time.Minute + 30*time.Second},
		{"an hour", Canary{Router: true, AbortScaleDownDelay: &hour}, time.Minute + time.Hour},
		{"for ever", Canary{Router: true, AbortScaleDownDelay: &zero}, Forever},
		{"pods are traffic", Canary{Replicas: 4}, time.Minute},
	} {
		c.c.Steps, c.c.Background = steps(), new(int)
		for _, p := range []Phase{Failed, Error} {
			for _, w := range []Watch{Inline, Background} {
				r := NewCanary(c.c)
				r.Advance(time.Minute)
				if s := r.Decide(w, p, time.Minute); s.State != Aborted || s.Weight != 0 || s.PodsUntil != c.keep || s.Inline || s.Background {
					t.Errorf("%s: %+v", c.name, s)
				}
			}
		}
	}
}

func TestCanaryInconclusive(t *testing.T) {
	at := time.Minute
	fresh := func() *CanaryRun {
		r := NewCanary(Canary{Steps: steps(), Router: true, Background: new(int)})
		r.Advance(at)
		return r
	}
	r := fresh()
	if s := r.Decide(Inline, Inconclusive, at); s.State != Undecided || s.Weight != 30 {
		t.Errorf("inline: %+v", s)
	}
	if s := r.Decide(Background, Failed, at+1); s.State != Undecided {
		t.Errorf("nobody looks while a person is awaited: %+v", s)
	}
	if s := r.Promote(at + 2); s.State != Aborted {
		t.Errorf("and then somebody does: %+v", s)
	}
	r = fresh()
	r.Decide(Inline, Inconclusive, at)
	if s := r.Promote(at + 1); s.State != PausedForPerson || s.Step != 5 {
		t.Errorf("the step is done with: %+v", s)
	}
	r = fresh()
	if s := r.Decide(Background, Inconclusive, at); s.State != Undecided || !s.Inline {
		t.Errorf("background: %+v", s)
	}
	if s := r.Promote(at + 1); s.State != Measuring || !s.Background || s.BackgroundSince != at+1 {
		t.Errorf("it begins anew: %+v", s)
	}
	r.Decide(Background, Inconclusive, at+2)
	r.Decide(Inline, Successful, at+3)
	if s := r.Promote(at + 4); s.State != PausedForPerson || s.Step != 5 {
		t.Errorf("the inline analysis had ended: %+v", s)
	}
	r = NewCanary(Canary{Steps: steps(), Router: true, Background: new(int)})
	r.Decide(Background, Inconclusive, 1)
	if s := r.Advance(at); s.State != Undecided {
		t.Errorf("a pause does not end under it: %+v", s)
	}
	if s := r.Promote(at); s.State != Measuring || s.Step != 3 {
		t.Errorf("but is over with it: %+v", s)
	}
	r = fresh()
	if s := r.Promote(at); s.State != PausedForPerson || s.Inline {
		t.Errorf("promoting skips an analysis: %+v", s)
	}
	r = fresh()
	if s := r.Abort(at); s.State != Aborted || r.Promote(at).State != Aborted {
		t.Errorf("%+v", s)
	}
}

func TestCanaryWithoutSteps(t *testing.T) {
	for name, c := range map[string]Canary{"first revision": {Initial: true, Steps: steps(), Background: new(int)}, "no steps": {Background: new(int)}} {
		if s := NewCanary(c).Status(); s.State != Promoted || s.Weight != 100 || s.Background {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestPods(t *testing.T) {
	for _, c := range []struct{ replicas, surge, weight, canary, stable int }{
		{4, 1, 1, 1, 4}, {4, 0, 1, 1, 3}, {4, 1, 0, 0, 4}, {4, 1, 100, 4, 0}, {4, 0, 99, 3, 1},
		{10, 1, 30, 3, 7}, {10, 0, 25, 3, 7}, {3, 0, 50, 2, 1}, {3, 1, 50, 2, 2}, {1, 0, 40, 0, 1},
		{1, 0, 60, 1, 0}, {1, 1, 5, 1, 1}, {0, 1, 50, 0, 0},
	} {
		r := Canary{Replicas: c.replicas, Surge: c.surge}
		if a, b := r.Pods(c.weight); a != c.canary || b != c.stable {
			t.Errorf("%+v: %d and %d", c, a, b)
		}
	}
	if got := (&Canary{Replicas: 4, Surge: 1}).Share(1); got != 0.2 {
		t.Errorf("1 %% of 4 pods is %v", got)
	}
	if got := (&Canary{Router: true}).Share(1); got != 0.01 {
		t.Errorf("1 %% behind a router is %v", got)
	}
	if got := (&Canary{}).Share(1); got != 0 {
		t.Errorf("no pods: %v", got)
	}
}

func TestStepsCheck(t *testing.T) {
	if got := (&Canary{Steps: steps(), Replicas: 1}).Check(); got != nil {
		t.Errorf("%v", got)
	}
	minus, early := -1, -time.Second
	bad := Canary{Steps: []Step{{Weight: 101}, {Kind: Pause, Duration: -1}, {Kind: 9}}, Background: &minus, Surge: -1, AbortScaleDownDelay: &early}
	if got := bad.Check(); len(got) != 7 {
		t.Errorf("%v", got)
	}
	if got := (&BlueGreen{AutoPromotion: -1, ScaleDownDelay: &early}).Check(); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestBlueGreen(t *testing.T) {
	m := time.Minute
	r := NewBlueGreen(BlueGreen{PrePromotion: true, PostPromotion: true, AutoPromotion: m})
	want := func(what string, state State, switched bool, until, old time.Duration) {
		t.Helper()
		if s := r.Status(); s.State != state || s.Switched != switched || s.Until != until || s.OldPodsUntil != old {
			t.Errorf("%s: %+v", what, s)
		}
	}
	want("before the switch", Measuring, false, Forever, Forever)
	r.Decide(Inconclusive, m)
	want("for a person", Undecided, false, Forever, Forever)
	r.Promote(2 * m)
	want("anew", Measuring, false, Forever, Forever)
	r.Decide(Successful, 3*m)
	want("the wait begins after it", Paused, false, 4*m, Forever)
	r.Advance(4*m - 1)
	want("not yet", Paused, false, 4*m, Forever)
	r.Advance(5 * m)
	want("all at once", Measuring, true, Forever, Forever)
	if s := r.Status(); s.Watch != PostPromotion || s.Since != 4*m {
		t.Errorf("%+v", s)
	}
	r.Decide(Error, 6*m)
	want("back", Aborted, false, Forever, Forever)
	r.Reset()
	r.Decide(Successful, 0)
	r.Promote(1)
	r.Decide(Successful, m)
	want("done", Promoted, true, Forever, m+30*time.Second)
	if r.Abort(m).State != Promoted {
		t.Error("final")
	}
	hour := time.Hour
	r = NewBlueGreen(BlueGreen{ByHand: true, AutoPromotion: m, ScaleDownDelay: &hour})
	r.Advance(hour)
	want("by hand overrules", PausedForPerson, false, Forever, Forever)
	r.Promote(hour)
	want("no analysis", Promoted, true, Forever, 2*hour)
	if s := NewBlueGreen(BlueGreen{}).Status(); s.State != Promoted || !s.Switched {
		t.Errorf("at once: %+v", s)
	}
	if s := NewBlueGreen(BlueGreen{Initial: true, PrePromotion: true, ByHand: true}).Status(); s.State != Promoted || !s.Switched {
		t.Errorf("a first revision: %+v", s)
	}
	if s := NewBlueGreen(BlueGreen{PostPromotion: true}).Abort(1); s.State != Aborted || s.Switched {
		t.Errorf("aborted: %+v", s)
	}
}

func TestRolloutPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"canary back in time":     func() { NewCanary(Canary{Steps: steps()}).Advance(-1) },
		"canary without analysis": func() { NewCanary(Canary{Steps: steps()}).Decide(Inline, Failed, 0) },
		"blue-green back in time": func() { NewBlueGreen(BlueGreen{}).Advance(-1) },
		"blue-green, not ended":   func() { NewBlueGreen(BlueGreen{PrePromotion: true}).Decide(Running, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
