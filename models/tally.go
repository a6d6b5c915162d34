package models

import (
	"math"
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
		r.tally.begun = true
		if r.firstRing > 0 {
			r.stages[r.firstRing-1].EndWarmUp(now)
		}
	}
	if int(i) == first+r.counted/2 {
		r.halfway = r.onTheirWay()
	}
	if int(i) == first+r.counted {
		r.endPeriod(now)
	}
}

// endPeriod takes the means of the last environment.
func (r *Run) endPeriod(now time.Duration) {
	p := &r.tally.period
	r.tally.ended, p.Busy, p.Queue = true, math.NaN(), math.NaN()
	p.Grown = float64(r.onTheirWay()-r.halfway) / float64(r.counted-r.counted/2)
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
