package models

import (
	"math"
	"sort"
	"time"
)

// tally gathers what belongs to the period rather than to a change.
type tally struct {
	period Period
	begun  bool // the first counted change has arrived
	ended  bool // the first change after the counted ones has arrived
}

// reach counts a release that meets its first user during the period.
func (t *tally) reach(rel *release) {
	t.period.Releases += is(t.begun && !t.ended && !rel.reached)
}

// release counts a release with a counted change that is over.
func (t *tally) release(rel *release) {
	if !rel.counted || rel.repairOnly {
		return
	}
	t.period.Failed += is(rel.failed)
	t.period.FalseAlarms += is(rel.falseAlarm)
	t.period.Passed += is(rel.passed)
	t.period.PassedHurting += is(rel.passed && rel.hurt)
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// setDelivered notes that everyone has change i (1), or no longer (0).
func (r *Run) setDelivered(i int32, now uint8) {
	cs := &r.changes[i]
	r.delivered += int(now) - int(cs.delivered)
	cs.delivered = now
}

// onTheirWay is the number of changes that have arrived and that not everyone has.
func (r *Run) onTheirWay() int { return r.present - r.delivered }

// markPeriod lets the measurement of the last environment begin when the first
// counted change arrives, and end when the first one after the counted arrives.
func (r *Run) markPeriod(i int32) {
	now, first := r.kernel.Now(), r.c.Changes.Warmup
	if int(i) == first {
		r.tally.begun, r.midway = true, r.comparable()
		if r.midway > 0 {
			r.kernel.At(r.midway, (*Run).midwayPassed, i)
		}
		if r.firstRing > 0 {
			r.stages[r.firstRing-1].EndWarmUp(now)
		}
		r.ramp.EndWarmUp(now)
	}
	if int(i) == first+r.counted {
		r.endPeriod(now)
	}
}

// midwayPassed counts those on their way, and the alarms that wait for somebody.
func (r *Run) midwayPassed(int32) { r.halfway = r.onTheirWay() + r.unanswered }

// comparable is a time in the period at which the calendar stands as it does at the end,
// whole cycles of weeks, trains and freezes before: what waits for the next train has
// not grown. It is 0 where the period is too short for that.
func (r *Run) comparable() time.Duration {
	first := r.c.Changes.Warmup
	begin, end := r.world.Change(first).Arrives, r.world.Change(first+r.counted).Arrives
	cycle := r.calendar()
	rounds := (end - begin) / (2 * cycle)
	if rounds == 0 && float64(cycle) <= 0.75*float64(end-begin) {
		rounds = 1
	}
	if rounds == 0 {
		return 0
	}
	return max(begin, end-rounds*cycle)
}

// calendar is the time after which weeks, trains and freezes stand as before.
func (r *Run) calendar() time.Duration {
	cycle := week
	join := func(hours float64) {
		if every := duration(hours); every > 0 && cycle < maxDuration/every*every {
			cycle = min(maxDuration, cycle/divisor(cycle, every)*every)
		}
	}
	join(r.p.Batching.Cadence)
	for i := range r.p.Freezes {
		join(r.p.Freezes[i].Every)
	}
	return cycle
}

// divisor is the greatest common one of two times, by Euclid, to the minute.
func divisor(a, b time.Duration) time.Duration {
	for b >= time.Minute {
		a, b = b, a%b
	}
	return max(a, time.Minute)
}

// endPeriod takes the means of the last environment.
func (r *Run) endPeriod(now time.Duration) {
	p := &r.tally.period
	r.tally.ended, p.Busy, p.Queue = true, math.NaN(), math.NaN()
	p.Grown = math.NaN()
	first := r.c.Changes.Warmup
	since := r.counted - sort.Search(r.counted, func(i int) bool { return r.world.Change(first+i).Arrives > r.midway })
	if r.midway > 0 && since > 0 {
		p.Grown = float64(r.onTheirWay()+r.unanswered-r.halfway) / float64(since)
	}
	p.RampQueue = r.ramp.WaitingMean(now)
	if r.firstRing == 0 {
		return
	}
	last := &r.stages[r.firstRing-1]
	p.Queue = last.WaitingMean(now)
	if last.Capacity() > 0 {
		p.Busy = last.Utilisation(now)
	}
}

// finish hands over the period. When every counted change was done before the
// next one arrives, nothing more happens until then.
func (r *Run) finish() {
	first := r.c.Changes.Warmup
	next := r.world.Change(first + r.counted).Arrives
	if !r.tally.ended {
		r.endPeriod(max(next, r.kernel.Now()))
	}
	r.tally.period.Hours = hours(next - r.world.Change(first).Arrives)
	for i := range r.sample.Outcomes {
		r.tally.period.Cost += r.sample.Outcomes[i].Cost
		r.tally.period.Escapes += float64(r.sample.Outcomes[i].Escapes)
	}
	if r.tally.period.Overloaded > 0 {
		r.tally.period.Escapes = math.NaN() // some are still on their way
	}
	if r.sample.Period != nil {
		*r.sample.Period = r.tally.period
	}
}
