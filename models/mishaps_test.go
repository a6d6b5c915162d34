package models

import (
	"math"
	"testing"
	"time"
)

// afterDetector rings for every signal a fixed time after it shows.
type afterDetector struct{ hours float64 }

func (d afterDetector) Monitor(uint64) Monitor { return d }
func (d afterDetector) Reset()                 {}

func (d afterDetector) Observe(w *Window) Verdict {
	best := Verdict{At: w.End, Signal: -1}
	for i, s := range w.Signals {
		at := s.From + duration(d.hours-s.Age)
		if s.From < w.End && at < best.At {
			best = Verdict{Finding: Fail, At: at, Signal: i}
		}
	}
	return best
}

// rung is everyDay with an alarm an hour after a defect shows.
func rung(stages ...Stage) *Case {
	c := everyDay(stages...)
	c.Classes[0].Exercised = Known(0)
	p := &c.Pipelines[0]
	p.Detectors, p.Batching, p.WatchHours = []Detector{afterDetector{1}}, Batching{Every: 1}, 100
	p.Response = Response{Action: Rollback, Acknowledge: Hours(0.5), Decide: Hours(0.25), Act: Hours(0.25)}
	p.Fix = Fix{Effort: Hours(2), LateMultiplier: Known(3), Hotfix: true}
	return c
}

// A rollback that fails is noticed when it was to be over; then the repair is
// written and passes the environments, and takes the time to act once more.
func TestRollbackFails(t *testing.T) {
	for _, a := range []Action{Rollback, KillSwitch} {
		c := rung(environment("review", Environment{Slots: 1, Run: Hours(5)}), everyone())
		c.Pipelines[0].Response.Action, c.Pipelines[0].Response.Fails = a, Known(1)
		outs, defs, _ := outcomes(t, c, 0, 1)
		for i, d := range defs {
			near(t, "time to restore", d.Restore, 1+0.5+0.25+0.25+3*2+5+0.25)
			near(t, "lead time", outs[i].LeadTime, 5)
			if outs[i].Withdrawals != 1 {
				t.Errorf("change %d: %+v", i, outs[i])
			}
		}
	}
	c := rung(everyone())
	c.Changes.PerPeriod, c.Pipelines[0].Response.Fails = 30_000, Known(0.25)
	_, defs, _ := outcomes(t, c, 0, 1)
	failed := 0.0
	for _, d := range defs {
		failed += is(d.Restore > 2+1e-9)
	}
	n := float64(len(defs))
	if off := math.Abs(failed/n - 0.25); off > 5*math.Sqrt(0.25*0.75/n) {
		t.Errorf("%v of %v rollbacks failed, want a quarter", failed, n)
	}
}

// With one responder the second of two alarms of the same moment waits until
// the first incident is over, and its ramp goes on meanwhile.
func TestResponders(t *testing.T) {
	c := rung(ramp([]float64{0.1, 0.2, 1}, []float64{0, 2, 100})...)
	c.Changes.Every, c.Changes.At, c.Changes.AtCycle = Span{}, []float64{9, 9}, 500
	c.Changes.Warmup, c.Changes.PerPeriod = 0, 20
	p := &c.Pipelines[0]
	p.RampSlots, p.Response.Responders = 0, 1
	outs, defs, _ := outcomes(t, c, 0, 1)
	for i := range defs {
		first := 1.0 + 1
		near(t, "time to restore", defs[i].Restore, first+float64(i%2))
		exposed := 100.0
		if i%2 == 1 {
			exposed = 200 // the next ring began at 2 h, half an hour before somebody held the ramp
		}
		near(t, "users exposed", outs[i].UsersExposed, exposed)
	}
	p.Response.Responders = 2
	_, defs, _ = outcomes(t, c, 0, 1)
	for i := range defs {
		near(t, "time to restore with two", defs[i].Restore, 2)
	}
}

// Nothing new goes out in a freeze: a first ring waits, a ring lasts longer. A
// repair goes out.
func TestFreeze(t *testing.T) {
	c := everyDay(ramp([]float64{0.1, 1}, []float64{0, 10})...)
	c.Changes.Defects = Known(0)
	c.Pipelines[0].Freezes = []Freeze{{From: 24, Hours: 30, Every: 10_000}, {From: 60, Hours: 4, Every: 10_000}}
	outs, _, _ := outcomes(t, c, 0, 1)
	// Changes arrive at 24, 48 and 72; 24 and 48 wait until 54, and their second
	// ring, due at 64, is free again by then.
	for i, want := range []float64{54 + 10 - 24, 54 + 10 - 48, 10} {
		near(t, "lead time", outs[i].LeadTime, want)
	}
	c.Pipelines[0].Freezes = []Freeze{{From: 30, Hours: 10, Every: 24 * 7}}
	outs, _, _ = outcomes(t, c, 0, 1)
	near(t, "lead time of a bake that ends in a freeze", outs[0].LeadTime, 16)

	urgent := rung(everyone())
	urgent.Pipelines[0].Freezes = []Freeze{{From: 24.5, Hours: 1000, Every: 2000}}
	outs, _, _ = outcomes(t, urgent, 0, 1)
	near(t, "lead time of a repair", outs[0].LeadTime, 1+1+3*2)
	if outs[1].LeadTime < 900 {
		t.Errorf("a change in a freeze is delivered after %v hours", outs[1].LeadTime)
	}
}

// A defect that nobody in the first ring can meet is met by as many in the end,
// all of them among the others.
func TestAbsentFromTheFirstRing(t *testing.T) {
	const reach = 0.3
	for _, x := range []struct {
		rings    []float64
		detected float64 // from the start of the first ring, at 50 h a ring
		affected float64
	}{
		{[]float64{1}, 1, reach},
		{[]float64{0.2, 0.5, 1}, 51, reach * (0.5 - 0.2) / 0.8},
		{[]float64{0.2, 1}, 51, reach},
	} {
		starts := []float64{0, 50, 100}[:len(x.rings)]
		c := rung(ramp(x.rings, starts)...)
		c.Service.RequestsPerHr = Known(1e6) // whoever can meet it has met it
		c.Classes[0].Global, c.Classes[0].Reach = Known(0), Amount{Value: Known(reach)}
		c.Classes[0].Absent = Known(1)
		outs, defs, _ := outcomes(t, c, 0, 1)
		for i := range outs {
			near(t, "time to detect", defs[i].Detect, x.detected)
			near(t, "users affected", outs[i].UsersAffected, 1000*x.affected)
			near(t, "failed requests", outs[i].FailedRequests, 2*0.5*1e6*1000*x.affected)
			near(t, "user minutes", outs[i].UserMinutes, 2*60*1000*x.affected)
		}
	}
}

// A month-end defect begins to show at the end of the month in which users
// first meet it.
func TestCalendar(t *testing.T) {
	c := rung(everyone())
	c.Classes[0].Calendar = Known(720)
	outs, defs, _ := outcomes(t, c, 0, 1)
	for i, at := range []float64{24, 48, 72} {
		if defs[i].Stop != StopHarmless {
			t.Errorf("defect %d shows within the watch of 100 hours: %+v", i, defs[i])
		}
		near(t, "users affected", outs[i].UsersAffected, 0)
		_ = at
	}
	c.Pipelines[0].WatchHours = 1000
	_, defs, _ = outcomes(t, c, 0, 1)
	for i, at := range []float64{24, 48, 72} {
		near(t, "time to detect", defs[i].Detect, 720-at+1)
	}
}

// An outage of somebody else takes back a good release: of those watched for w
// hours, 1 - exp(-rate (w - 1)) meet the first hour of one, for outages of an
// hour that never touch. It hurts nobody through the release.
func TestOutages(t *testing.T) {
	c := everyDay(everyone())
	c.Changes.Defects, c.Changes.PerPeriod = Known(0), 30_000
	c.Service.Outages = Outages{PerWeek: Known(14), Lasts: Hours(6), Errors: Amount{Value: Known(0.2)}}
	p := &c.Pipelines[0]
	p.Detectors, p.WatchHours = []Detector{afterDetector{0}}, 1
	p.Response = Response{Action: Rollback, Automatic: true, FalseRetries: 1}
	outs, _, _ := outcomes(t, c, 0, 1)
	n, hit := float64(len(outs)), 0.0
	for _, o := range outs {
		hit += is(o.FalseAlarms > 0)
		if o.FailedRequests != 0 || o.Escapes != 0 {
			t.Fatalf("%+v", o)
		}
	}
	// 14 a week of six hours fill half of the time: one that would begin during
	// another begins at its end, so none is lost. Met when one lasts, or begins
	// within the hour of the watch.
	rate := 14.0 / 168
	load := rate * 6
	want := load + (1-load)*(1-math.Exp(-rate))
	if math.Abs(hit/n-want) > 5*math.Sqrt(want*(1-want)/n) {
		t.Errorf("%v of the releases were taken back, want %v", hit/n, want)
	}
	w := NewWorld(c, 1)
	w.Reset(0)
	end := time.Duration(0)
	for i := range 100 {
		o := w.Outage(i)
		if o.Start < end || o.End-o.Start != 6*time.Hour || o.Errors != 0.2 {
			t.Fatalf("outage %d: %+v, the one before ended at %v", i, o, end)
		}
		end = o.End
	}
}

// Cutting a window where an outage begins and ends changes nothing for a
// detector that does not see outages.
func TestOutagesCutWindowsOnly(t *testing.T) {
	c := oneDefectCase(0.05, ramp(shares, starts))
	plain, defs, _ := outcomes(t, c, 0, 20)
	c.Service.Outages = Outages{PerWeek: Known(20), Lasts: Hours(2)}
	c.Pipelines[0].Detectors = []Detector{blindTo{clockDetector{0.05}}}
	cut, again, _ := outcomes(t, c, 0, 20)
	for i := range plain {
		if math.Abs(plain[i].FailedRequests-cut[i].FailedRequests) > 1e-6*plain[i].FailedRequests ||
			math.Abs(defs[i].Detect-again[i].Detect) > 1e-6 {
			t.Fatalf("change %d: %+v, %+v", i, plain[i], cut[i])
		}
	}
}

// blindTo hides outages from a detector.
type blindTo struct{ Detector }

type blindMonitor struct{ Monitor }

func (d blindTo) Monitor(seed uint64) Monitor { return blindMonitor{d.Detector.Monitor(seed)} }

func (m blindMonitor) Observe(w *Window) Verdict {
	own := *w
	for len(own.Signals) > 0 && own.Signals[len(own.Signals)-1].Entity >= outageEntity {
		own.Signals = own.Signals[:len(own.Signals)-1]
	}
	return m.Monitor.Observe(&own)
}

// A rollout that fails sends a release to everyone: with certainty, a ramp is a
// big bang.
func TestSkipsRamp(t *testing.T) {
	c := oneDefectCase(0.5, ramp(shares, starts), ramp([]float64{1}, []float64{0}))
	c.Pipelines[0].SkipsRamp = Known(1)
	c.Pipelines[1].WatchHours = c.Pipelines[0].WatchHours
	skipped, _, _ := outcomes(t, c, 0, 5)
	bang, _, _ := outcomes(t, c, 1, 5)
	for i := range bang {
		near(t, "failed requests", skipped[i].FailedRequests, bang[i].FailedRequests)
		near(t, "users exposed", skipped[i].UsersExposed, 1000)
		near(t, "lead time", skipped[i].LeadTime, bang[i].LeadTime)
	}
}

// Detectability may be an attribute of the defect: of those that three gates find
// with a probability of 40 % each, 0.6^3 = 21.6 % escape where gates are
// independent, and B(0.4, 3.6) / B(0.4, 0.6) = 41.6 % where it is Beta(0.4, 0.6).
func TestGatesMissTogether(t *testing.T) {
	gate := func(name string) Stage {
		return environment(name, Environment{Run: Hours(1), Fidelity: Known(1), Coverage: Known(1)})
	}
	for together, want := range map[float64]float64{0: 0.216, 0.5: 0.416} {
		c := rung(gate("one"), gate("two"), gate("three"), everyone())
		c.Changes.PerPeriod = 20_000
		c.Classes[0].Reproducible, c.Classes[0].Exercised, c.Classes[0].Together = Known(1), Known(0.4), Known(together)
		_, defs, _ := outcomes(t, c, 0, 1)
		escaped, n := 0.0, float64(len(defs))
		for _, d := range defs {
			escaped += is(d.Escaped)
		}
		if off := math.Abs(escaped/n - want); off > 5*math.Sqrt(want*(1-want)/n) {
			t.Errorf("correlation %v: %v of %v defects escape, want %v", together, escaped/n, n, want)
		}
	}
}

// holder holds a release for half an hour in its ring, so many windows in a row, and
// rings never.
type holder struct{ left, times int }

func (d holder) Monitor(uint64) Monitor { return &holder{times: d.times} }
func (d *holder) Reset()                { d.left = d.times }

func (d *holder) Observe(*Window) Verdict {
	if d.left == 0 {
		return Verdict{Signal: -1}
	}
	d.left--
	return Verdict{Signal: -1, Hold: 30 * time.Minute}
}

// A monitor may hold a release in its ring: the ramp takes longer by so much, and the
// last ring, which has nothing to be held from, is watched no longer.
func TestHold(t *testing.T) {
	for held := range 4 {
		c := everyDay(Stage{Name: "few", Kind: InRing, Ring: Ring{Share: Known(0.1), Bake: Hours(2), Watch: []int{0}}}, everyone())
		p := &c.Pipelines[0]
		p.Detectors, p.Batching, p.WatchHours = []Detector{holder{times: held}}, Batching{Every: 1}, 100
		outs, _, _ := outcomes(t, c, 0, 1)
		for _, o := range outs {
			near(t, "lead time", o.LeadTime, 2+0.5*float64(held))
		}
	}
}

// A first ring of everyone leaves nobody out: what is absent from a smaller one shows
// there as in a single ring.
func TestAbsentFromEveryone(t *testing.T) {
	failed := func(stages ...Stage) float64 {
		c := everyDay(stages...)
		c.Changes.PerPeriod = 200
		cl := &c.Classes[0]
		cl.Exercised, cl.Absent, cl.Global, cl.Reach = Known(0), Known(1), Known(0), Amount{Value: Known(0.01)}
		p := &c.Pipelines[0]
		p.Detectors, p.Batching, p.WatchHours, p.Sticky = []Detector{afterDetector{3}}, Batching{Every: 1}, 100, true
		p.Response = Response{Action: Rollback, Automatic: true}
		sum := 0.0
		outs, _, _ := outcomes(t, c, 0, 1)
		for _, o := range outs {
			sum += o.FailedRequests
		}
		return sum
	}
	twice := everyone()
	twice.Ring.Bake = Hours(1)
	if one, two := failed(everyone()), failed(twice, everyone()); !(one > 0) || math.Abs(one-two) > 1e-9*one {
		t.Errorf("%v requests fail in one ring of everyone, %v in two", one, two)
	}
}

// A response that makes a ring longer does not carry a release over a freeze: on Friday
// at three nothing new goes out until Monday, whatever happened at half past two.
func TestFreezeAfterResponse(t *testing.T) {
	c := rung(Stage{Name: "few", Kind: InRing, Ring: Ring{Share: Known(0.1), Bake: Hours(0.9), Watch: []int{0}}}, everyone())
	c.Changes.At, c.Changes.AtCycle, c.Changes.PerWeek, c.Changes.Warmup, c.Changes.PerPeriod = []float64{4*24 + 14}, 168, Quantity{}, 1, 20
	c.Changes.Defects = Known(0)
	c.Service.Outages = Outages{PerWeek: Known(30), Lasts: Hours(1), Errors: Amount{Value: Known(0.5)}}
	p := &c.Pipelines[0]
	p.Response = Response{Action: KillSwitch, Automatic: true, Act: Hours(3)}
	p.Detectors = []Detector{afterDetector{0}}
	p.Freezes = []Freeze{{From: 4*24 + 15, Hours: 66, Every: 168}}
	outs, _, _ := outcomes(t, c, 0, 5)
	late := 0
	for _, o := range outs {
		if o.LeadTime > 1 && o.LeadTime < 66.99 {
			t.Fatalf("everyone has it %v hours after Friday at two, in the freeze", o.LeadTime)
		}
		late += int(is(o.LeadTime > 66))
	}
	if late == 0 {
		t.Error("no response made a ring longer")
	}
}

// A defect of the calendar that was away at the end of a cycle waits for the next one:
// after each outage the change waits for its next train, sometimes past that very moment.
func TestCalendarAfterReturn(t *testing.T) {
	const cycle = 20 * 24 * time.Hour
	c := rung(everyone())
	c.Changes.PerPeriod, c.Changes.Every, c.Changes.Defects = 60, Hours(1000), Known(1) // one at a time
	c.Classes[0].Calendar = Known(cycle.Hours())
	c.Service.Outages = Outages{PerWeek: Known(1), Lasts: Hours(1), Errors: Amount{Value: Known(0.5)}}
	p := &c.Pipelines[0]
	p.Detectors, p.WatchHours = []Detector{afterDetector{0}}, 60*24
	p.Response = Response{Action: Rollback, Automatic: true, Act: Hours(1), FalseRetries: 30}
	p.Batching = Batching{Cadence: 36}
	w, r := NewWorld(c, 1), NewRun(c, 0, 1)
	w.Reset(0)
	noticed, late := 0, 0
	outs, defs := make([]Outcome, 60), make([]DefectOutcome, carried(w, c))
	for follow := range outs {
		trace := &Trace{Follow: int32(follow)}
		r.SetTrace(trace)
		r.Replicate(w, 0, Sample{Outcomes: outs, Defects: defs, Period: &Period{}})
		for _, e := range trace.Events {
			if e.What != AlarmRang || e.Defect < 0 {
				continue
			}
			noticed++
			late += int(e.At/cycle - trace.Events[0].At/cycle - 1)
			if into := e.At % cycle; into > time.Second {
				t.Errorf("change %d: the defect shows %v into a cycle", follow, into)
			}
			break
		}
	}
	if noticed == 0 || late == 0 {
		t.Errorf("%d notice, %d cycles late: nothing is shown", noticed, late)
	}
}

// Alarms that wait for a person who never gets to them are a standstill too.
func TestNobodyAnswers(t *testing.T) {
	c := rung(everyone())
	c.Changes.PerPeriod, c.Changes.Warmup = 240, 20
	p := &c.Pipelines[0]
	p.Response = Response{Action: RollForward, Acknowledge: Hours(1), Decide: Hours(1), Act: Hours(1), Responders: 1}
	p.Fix.Effort = Hours(60)
	_, _, periods := outcomes(t, c, 0, 1)
	if !(periods[0].Grown > 0.3) {
		t.Errorf("%+v", periods[0])
	}
	p.Response.Responders = 12
	if _, _, periods = outcomes(t, c, 0, 1); math.Abs(periods[0].Grown) > 0.05 || periods[0].Overloaded > 0 {
		t.Errorf("with twelve responders %+v", periods[0])
	}
}

// luckDetector is an afterDetector that notes whose luck it was given.
type luckDetector struct {
	afterDetector
	seen map[uint64]bool
}

func (d luckDetector) Monitor(uint64) Monitor { return d }

func (d luckDetector) Observe(w *Window) Verdict {
	d.seen[w.Luck.Release] = true
	return d.afterDetector.Observe(w)
}

// What is watched again after an alarm has luck of its own: that of before, conditioned
// on an alarm, would bring the next one.
func TestLuckAfterAnAlarm(t *testing.T) {
	seen := map[uint64]bool{}
	c := rung(everyone())
	p := &c.Pipelines[0]
	p.Detectors = []Detector{luckDetector{afterDetector{1}, seen}}
	p.Response.Action = RollForward
	_, defs, _ := outcomes(t, c, 0, 1)
	if want := c.Changes.PerPeriod + len(defs); len(seen) != want || len(defs) == 0 {
		t.Errorf("%d kinds of luck for %d releases and %d alarms, want %d", len(seen), c.Changes.PerPeriod, len(defs), want)
	}
}
