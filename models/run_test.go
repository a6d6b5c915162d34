package models

import (
	"math"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
	"pgregory.net/rapid"
)

// near fails unless got is within 1e-9 of want, relatively or absolutely: the
// rounding of times to nanoseconds.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// everyDay is a case with a change every 24 hours, one defect in each, around
// the clock, and one pipeline to be filled in.
func everyDay(stages ...Stage) *Case {
	c := oneDefectCase(1e-9, nil)
	c.Changes.Every = Hours(24)
	c.Changes.Warmup, c.Changes.PerPeriod = 0, 3
	c.Pipelines[0].Stages = stages
	c.Classes[0].Reproducible, c.Classes[0].Exercised = Known(1), Known(1)
	return c
}

func environment(name string, e Environment) Stage {
	e.Fidelity, e.Coverage = Known(1), Known(1)
	return Stage{Name: name, Kind: InEnvironment, Environment: e}
}

func everyone() Stage {
	return Stage{Name: "everyone", Kind: InRing, Ring: Ring{Share: Known(1), Watch: []int{0}}}
}

// A defect that staging surely catches costs the run, the repair and a second
// run, and hurts nobody.
func TestCaughtInStaging(t *testing.T) {
	c := everyDay(environment("staging", Environment{Slots: 1, Setup: Hours(0.5), Run: Hours(4), Approval: Hours(1)}), everyone())
	c.Pipelines[0].Fix = Fix{Effort: Hours(3), LateMultiplier: Known(1), Hotfix: true}
	outs, defs, periods := outcomes(t, c, 0, 1)
	for i := range outs {
		near(t, "lead time", outs[i].LeadTime, 4.5+3+4.5+1)
		near(t, "users affected", outs[i].UsersAffected, 0)
		near(t, "catch from merge", defs[i].FromMerge, 4.5)
		if defs[i].Stop != 0 || defs[i].Escaped || !math.IsNaN(defs[i].Detect) {
			t.Errorf("defect %d: %+v", i, defs[i])
		}
	}
	near(t, "busy", periods[0].Busy, (4.5+4.5+1)/24)
	near(t, "releases", periods[0].Releases, 3)
}

// While a slot is blocked, others wait, and repaired changes go first.
func TestQueueAndHotfix(t *testing.T) {
	c := everyDay(environment("staging", Environment{Slots: 1, Run: Hours(20)}), everyone())
	c.Pipelines[0].Fix = Fix{Effort: Hours(1), LateMultiplier: Known(1), Hotfix: true}
	outs, _, _ := outcomes(t, c, 0, 1)
	// Change 0: 0-20 caught, 21 repaired, 21-41. Change 1 waits 24-41, 41-61
	// caught, change 2 (48) starts at 61; 62 repaired, goes before no one else
	// but waits for change 2 until 81, 81-101. Change 2: 61-81 caught, 82
	// repaired, waits until 101 for change 1, and is before change 3: 101-121.
	for i, want := range []float64{41, 101 - 24, 121 - 48} {
		near(t, "lead time", outs[i].LeadTime, want)
	}
}

// The train takes what waits; what is caught on it misses it.
func TestTrain(t *testing.T) {
	c := everyDay(environment("staging", Environment{Run: Hours(2)}), everyone())
	p := &c.Pipelines[0]
	p.Batching = Batching{Cadence: 168, Offset: 84}
	p.Fix = Fix{Effort: Hours(1), LateMultiplier: Known(1)}
	outs, _, periods := outcomes(t, c, 0, 1)
	for i, o := range outs {
		near(t, "lead time", o.LeadTime, 84+168+2-24*float64(i+1))
	}
	near(t, "releases while they arrive", periods[0].Releases, 0) // the first was stopped before users
	c.Changes.Defects, c.Changes.PerPeriod = Known(0), 21
	_, _, periods = outcomes(t, c, 0, 1)
	near(t, "releases in three weeks", periods[0].Releases, 3)
}

// exposureRef is the exposure (hours of full exposure) at t hours after the
// start of a ramp whose rings start at starts with the given shares.
func exposureRef(t float64, shares, starts []float64) float64 {
	sum := 0.0
	for i, s := range shares {
		end := t
		if i+1 < len(starts) {
			end = math.Min(t, starts[i+1])
		}
		sum += s * math.Max(0, end-starts[i])
	}
	return sum
}

// reachedRef is the inverse of exposureRef.
func reachedRef(e float64, shares, starts []float64) float64 {
	lo, hi := 0.0, 1e6
	for range 200 {
		if mid := (lo + hi) / 2; exposureRef(mid, shares, starts) < e {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

var (
	shares = []float64{0.01, 0.1, 0.5, 1}
	starts = []float64{0, 24, 48, 96}
)

// Harm goes on until the response is complete. While people have not looked,
// the ramp goes on; from then on it is held; a machine holds it at the alarm.
func TestResponseLatency(t *testing.T) {
	const rate, look, think, act = 0.5, 6.0, 2.0, 1.5
	for _, automatic := range []bool{false, true} {
		c := oneDefectCase(rate, ramp(shares, starts))
		p := &c.Pipelines[0]
		p.Response = Response{Automatic: automatic, Acknowledge: Hours(look), Decide: Hours(think), Act: Hours(act)}
		outs, defs, _ := outcomes(t, c, 0, 20)
		key := rng.NewKey(1, "test/exposure")
		perHour := 1000 * 3 * 0.5
		for i := range outs {
			entity := uint64((c.Changes.Warmup + i%c.Changes.PerPeriod) * MaxDefects)
			e := -portable.Log(key.Uniform(entity, uint64(i/c.Changes.PerPeriod), 0)) / rate
			at := reachedRef(e, shares, starts)
			near(t, "time to detect", defs[i].Detect, at)
			held := at
			rest := act
			if !automatic {
				held, rest = at+look, think+act
			}
			share := shares[0]
			for k, s := range starts {
				if held > s {
					share = shares[k]
				}
			}
			want := exposureRef(held, shares, starts) + rest*share
			near(t, "failed requests", outs[i].FailedRequests, want*perHour)
			near(t, "time to restore", defs[i].Restore, held+rest)
			near(t, "users exposed", outs[i].UsersExposed, 1000*share)
			near(t, "user-minutes", outs[i].UserMinutes, want*60*1000)
		}
	}
}

// Users are nested cohorts: who joined at ring j has seen every later ring.
// Counting users ring by ring instead of cumulatively is a mutant this kills.
func TestUsersAffected(t *testing.T) {
	c := oneDefectCase(1e-12, ramp(shares, starts))
	c.Service.RequestsPerHr = Known(0.01)
	c.Classes[0].Global, c.Classes[0].Reach = Known(0), Amount{Value: Known(0.3)}
	c.Pipelines[0].WatchHours = 50
	outs, defs, _ := outcomes(t, c, 0, 2)
	end, want, before := 96.0+50, 0.0, 0.0
	for j, s := range shares {
		want += (s - before) * 0.3 * (1 - math.Exp(-0.01*0.5*(end-starts[j])))
		before = s
	}
	for i := range outs {
		near(t, "users affected", outs[i].UsersAffected, 1000*want)
		if defs[i].Stop != StopNever || !math.IsInf(defs[i].Detect, 1) {
			t.Fatalf("defect %d: %+v", i, defs[i])
		}
	}
	// Not sticky: each request is a new lottery over all users.
	c.Pipelines[0].Sticky = false
	outs, _, _ = outcomes(t, c, 0, 2)
	dose := exposureRef(end, shares, starts)
	for i := range outs {
		near(t, "users affected", outs[i].UsersAffected, 1000*0.3*(1-math.Exp(-0.005*dose)))
		near(t, "users exposed", outs[i].UsersExposed, 1000*(1-math.Exp(-0.01*dose)))
	}
}

// A defect shows after both its onsets, and only where the ring is large
// enough; until then it harms nobody.
func TestOnsetAndLoad(t *testing.T) {
	c := oneDefectCase(1e-12, ramp(shares, starts))
	c.Pipelines[0].WatchHours = 50
	end := 96.0 + 50
	check := func(want float64) {
		t.Helper()
		outs, _, _ := outcomes(t, c, 0, 1)
		for _, o := range outs {
			near(t, "failed requests", o.FailedRequests, want*1500)
		}
	}
	full := exposureRef(end, shares, starts)
	c.Classes[0].Onset = Hours(30)
	check(full - exposureRef(30, shares, starts))
	c.Classes[0].OnsetDose = Hours(20)
	check(full - 20)
	c.Classes[0].LoadBound, c.Classes[0].LoadShare = Known(1), Amount{Value: Known(1)}
	c.Classes[0].OnsetDose = Hours(0)
	check(50)
	c.Classes[0].Onset = Hours(1000)
	_, defs, _ := outcomes(t, c, 0, 1)
	for _, d := range defs {
		if d.Stop != StopHarmless || !math.IsNaN(d.Detect) || !d.Escaped {
			t.Fatalf("%+v", d)
		}
	}
}

// A kill switch takes the change at fault alone, a rollback everybody; rolling
// forward sends the repair through the environments first.
func TestActions(t *testing.T) {
	build := func(a Action) *Case {
		c := everyDay(environment("review", Environment{Slots: 1, Run: Hours(5)}), everyone())
		c.Classes[0].Exercised = Known(0)
		c.Changes.Warmup = 0
		p := &c.Pipelines[0]
		p.Detectors = []Detector{clockDetector{rate: 1}}
		p.Batching = Batching{Every: 3}
		p.Response = Response{Action: a, Automatic: true, Act: Hours(0.25)}
		p.Fix = Fix{Effort: Hours(2), LateMultiplier: Known(2), Hotfix: true}
		return c
	}
	for _, a := range []Action{Rollback, KillSwitch, RollForward} {
		outs, defs, _ := outcomes(t, build(a), 0, 5)
		innocent := 0
		for i := range outs {
			innocent += int(outs[i].Innocent)
			if outs[i].Withdrawals != 1 || outs[i].Detected != 1 {
				t.Errorf("action %d, change %d: %+v", a, i, outs[i])
			}
			if defs[i].Stop != 1 || defs[i].Channel != 0 {
				t.Errorf("action %d, defect %d: %+v", a, i, defs[i])
			}
			if rest := defs[i].Restore - defs[i].Detect; a == RollForward && rest < 4+5+0.25-1e-9 {
				t.Errorf("the repair took %v hours, it must be written, reviewed and taken up", rest)
			}
		}
		if (innocent > 0) != (a == Rollback) {
			t.Errorf("action %d: %d innocent changes were taken back", a, innocent)
		}
	}
}

// Nothing heals an irreversible defect but its repair: those whom it has hurt
// go on being hurt, nobody else is.
func TestIrreversible(t *testing.T) {
	run := func(p float64) []Outcome {
		c := oneDefectCase(0.5, ramp(shares, starts))
		c.Classes[0].Irreversible = Known(p)
		c.Pipelines[0].Fix.Effort = Hours(10)
		outs, _, _ := outcomes(t, c, 0, 4)
		return outs
	}
	healed, not := run(0), run(1)
	for i := range healed {
		share := healed[i].UsersAffected / 1000
		near(t, "failed requests", not[i].FailedRequests-healed[i].FailedRequests, 10*share*1500)
		near(t, "user minutes", not[i].UserMinutes-healed[i].UserMinutes, 10*60*healed[i].UsersAffected)
		near(t, "users affected", not[i].UsersAffected, healed[i].UsersAffected)
		near(t, "users exposed", not[i].UsersExposed, healed[i].UsersExposed)
	}
}

// Every defect is caught, noticed, never noticed or harmless; a change is
// delivered after it arrives; a shorter response is never worse.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := oneDefectCase(rapid.Float64Range(0.01, 5).Draw(t, "rate"), ramp(shares, starts))
		c.Changes.Defects = Known(rapid.Float64Range(0, 3).Draw(t, "defects"))
		c.Changes.Evenly = false
		c.Changes.PerPeriod = 20
		c.Classes[0].Reproducible = Known(rapid.Float64Range(0, 1).Draw(t, "r"))
		c.Classes[0].Exercised = Known(rapid.Float64Range(0, 1).Draw(t, "c"))
		p := &c.Pipelines[0]
		p.Stages = append([]Stage{environment("staging", Environment{Slots: rapid.IntRange(0, 2).Draw(t, "slots"),
			Run: Hours(rapid.Float64Range(0, 30).Draw(t, "run")), Flaky: Known(0.2), MaxReruns: 2})}, p.Stages...)
		p.Batching = []Batching{{Every: 1}, {Every: 4}, {Cadence: 50}, {WhenFree: true}}[rapid.IntRange(0, 3).Draw(t, "batching")]
		p.Response.Action = Action(rapid.IntRange(0, 2).Draw(t, "action"))
		p.RampSlots = rapid.IntRange(0, 2).Draw(t, "ramp slots")
		p.Fix = Fix{Effort: Hours(5), LateMultiplier: Known(1), Hotfix: true, Rerun: true}
		p.WatchHours = 300
		w, r := NewWorld(c, 1), NewRun(c, 0, 1)
		for rep := range uint64(2) {
			w.Reset(rep)
			var period Period
			s := Sample{Period: &period, Outcomes: make([]Outcome, 20), Defects: make([]DefectOutcome, carried(w, c))}
			r.Replicate(w, 0, s)
			carried, escaped := 0, 0
			for i, o := range s.Outcomes {
				carried += int(o.Defects)
				escaped += int(o.Escapes)
				if o.LeadTime < 0 || o.UsersAffected > o.UsersExposed+1e-9 || o.UsersExposed > 1000 {
					t.Fatalf("change %d: %+v", i, o)
				}
			}
			if carried != len(s.Defects) {
				t.Fatalf("%d defects were injected, %d ended", carried, len(s.Defects))
			}
			for i, d := range s.Defects {
				if d.Escaped {
					escaped--
				}
				if d.Stop == StopPending && period.Overloaded == 0 {
					t.Fatalf("defect %d: %+v", i, d)
				}
			}
			if escaped != 0 {
				t.Fatal("escapes of changes and of defects differ")
			}
		}
	})
}

func TestWorkweek(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Workweek{Start: float64(rapid.IntRange(0, 12).Draw(t, "start")), Days: rapid.IntRange(1, 7).Draw(t, "days")}
		w.End = w.Start + float64(rapid.IntRange(1, 12).Draw(t, "length"))
		at := time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(t, "t"))
		work := rapid.Float64Range(0.001, 200).Draw(t, "work")
		end := w.after(at, work)
		if got := w.worked(end) - w.worked(at); math.Abs(got-work) > 1e-6 {
			t.Fatalf("%v working hours passed, want %v", got, work)
		}
		open := w.open(at)
		if open < at || w.worked(open)-w.worked(at) > 1e-9 || w.after(open, 0.0001)-open > time.Second {
			t.Fatalf("open(%v) = %v", at, open)
		}
	})
}

func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Shape
		for i := range s {
			s[i] = float64(rapid.IntRange(0, 5).Draw(t, "hour"))
		}
		s[3] = 1
		c := NewClock(&s)
		a := time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "a"))
		dose := rapid.Float64Range(0, 500).Draw(t, "dose")
		b := c.After(a, dose)
		if b < a || math.Abs(c.Between(a, b)-dose) > 1e-6 {
			t.Fatalf("After(%v, %v) = %v, exposure %v", a, dose, b, c.Between(a, b))
		}
		near := c.Between(a, a+week)
		if math.Abs(near-hoursPerWeek) > 1e-6 {
			t.Fatalf("a week has %v hours of mean traffic", near)
		}
	})
}

// A train that is taken back whole for each of its many defects, repairs one
// of them a week and takes on seven: it is given up, and says so. What was not
// delivered never was.
func TestOverload(t *testing.T) {
	c := everyDay(everyone())
	c.Changes.PerPeriod = 50
	p := &c.Pipelines[0]
	p.Batching, p.Detectors, p.WatchHours = Batching{Cadence: 168}, []Detector{clockDetector{0.5}}, 300
	p.Response = Response{Action: Rollback, Automatic: true}
	outs, defs, periods := outcomes(t, c, 0, 1)
	never, pending := 0, 0
	for i := range outs {
		never += int(is(math.IsInf(outs[i].LeadTime, 1)))
		pending += int(is(defs[i].Stop == StopPending))
	}
	if periods[0].Overloaded != 1 || never == 0 || pending == 0 || never < pending {
		t.Errorf("overloaded %v, %d never delivered, %d pending", periods[0].Overloaded, never, pending)
	}
}
