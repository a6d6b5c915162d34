package models

import "math"

// patience is how many times as long as its own stages take a pipeline is given
// before it is said not to keep up. In a queue that is busy 95 % of the time the
// mean wait is about ten service times (Kingman 1961, with variation as of
// Poisson arrivals).
const patience = 25.0

// MaxUnderWay bounds the changes that may be on their way or watched at a time
// on average. They, and those that come after them, stay in memory.
const MaxUnderWay = 100_000

// longestWait is the number of changes after the counted ones at which a
// replication is given up in any case.
const longestWait = 5 * MaxUnderWay

// Weekly is the mean number of changes that arrive in a week, with doubted
// inputs at the middle of their intervals.
func (c *Changes) Weekly() float64 {
	switch {
	case len(c.At) > 0 && c.AtCycle > 0:
		return float64(float64(len(c.At)) * (hoursPerWeek / c.AtCycle))
	case c.Every.Mean() > 0:
		return hoursPerWeek / c.Every.Mean()
	}
	return c.PerWeek.Value
}

// Stay is how long, in hours, a change is on its way through pipeline p, from
// its arrival until everyone has it, when it is sent back and responded to once
// and waits for no slot; the means of what varies and the middle of what
// nobody knows.
func (c *Case) Stay(p int) float64 {
	pl := &c.Pipelines[p]
	hours := pl.Batching.Cadence
	if every := pl.Batching.Every; every > 1 {
		hours += float64(float64(every) / times(c.Pace.Changes, c.Changes.Weekly()) * hoursPerWeek) // to fill a release
	}
	for i := range pl.Stages {
		hours += c.stageHours(&pl.Stages[i])
	}
	for _, f := range pl.Freezes {
		hours += f.Hours
	}
	late := math.Max(1, pl.Fix.LateMultiplier.Value)
	hours += c.workHours(float64(pl.Fix.Effort.Mean()*late)) + times(c.Pace.Response, c.workHours(pl.Response.Acknowledge.Mean()+pl.Response.Decide.Mean()))
	return hours + times(c.Pace.Response, pl.Response.Act.Mean())
}

// stageHours is the mean time in a stage, waiting for a slot apart.
func (c *Case) stageHours(s *Stage) float64 {
	if s.Kind == InRing {
		return s.Ring.Bake.Mean() + c.workHours(s.Ring.Approval.Mean())
	}
	e := &s.Environment
	passes := 1.0
	if e.MaxReruns > 0 {
		passes = math.Min(float64(1+e.MaxReruns), 1/math.Max(1e-3, 1-e.Flaky.Value))
	}
	return times(c.Pace.Environments, e.Setup.Mean()+float64(e.Run.Mean()*passes)+c.workHours(e.Approval.Mean()))
}

// workHours is the wall-clock time that so many working hours take on average,
// from a random moment on.
func (c *Case) workHours(work float64) float64 {
	if !(work > 0) {
		return 0
	}
	return float64(work*hoursPerWeek)/c.Work.hoursAWeek() + hoursPerDay
}

// hopeless says that the pipeline cannot keep up: many times the counted
// changes have arrived since, longer ago than the outlook, still a counted one
// is on its way, and of those that have arrived since, a twentieth is not done
// either, so that it is not one long stay alone.
func (r *Run) hopeless(i int) bool {
	after := i - r.c.Changes.Warmup - r.counted
	if after < 4*r.counted+500 {
		return false
	}
	if after >= longestWait {
		return true
	}
	over := r.world.Change(r.c.Changes.Warmup + r.counted).Arrives
	return hours(r.kernel.Now()-over) > r.outlook && 20*r.present > after
}

// giveUp ends a replication that would not end: what is on its way is pending
// for ever, and what it does is not known.
func (r *Run) giveUp() {
	r.tally.period.Overloaded = 1
	for i := range r.changes {
		if cs := &r.changes[i]; !cs.closed {
			cs.leadTime = math.Inf(1)
			r.closeChange(int32(i))
		}
	}
	r.kernel.Stop()
}

// unknown takes back the harm and the cost of a change that never was done:
// little was seen of it, and to call that little harm would praise the pipeline
// that delivers nothing.
func (o *Outcome) unknown() {
	nan := math.NaN()
	o.UsersExposed, o.UsersAffected, o.FailedRequests, o.UserMinutes, o.Cost = nan, nan, nan, nan, nan
}
