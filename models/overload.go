package models

import "math"

// hopeless says that the pipeline cannot keep up: many times the counted
// changes have arrived since, longer ago than anything can be watched, and
// still a counted one is on its way. Its queue would grow without end.
func (r *Run) hopeless(i int) bool {
	after := i - r.c.Changes.Warmup - r.counted
	if after < 4*r.counted+500 {
		return false
	}
	over := r.world.Change(r.c.Changes.Warmup + r.counted).Arrives
	return r.kernel.Now() > over+2*duration(r.p.WatchHours)+8*week
}

// giveUp ends a replication that would not end: what has been exposed counts
// until now, and what is on its way is pending for ever.
func (r *Run) giveUp() {
	now := r.kernel.Now()
	r.tally.period.Overloaded = 1
	for id := range r.releases {
		if r.releases[id].exposed {
			r.settle(int32(id), now)
		}
	}
	for i := range r.changes {
		if cs := &r.changes[i]; !cs.closed {
			cs.leadTime = math.Inf(1)
			r.closeChange(int32(i))
		}
	}
	r.kernel.Stop()
}

// waited is the lead time that delay is paid for: of a change that was never
// delivered, the time until the simulation gave up.
func (r *Run) waited(i int32, leadTime float64) float64 {
	if math.IsInf(leadTime, 1) {
		return hours(r.kernel.Now() - r.world.changes[i].Arrives)
	}
	return leadTime
}
