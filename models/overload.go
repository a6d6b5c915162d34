package models

import "math"

// patience is how many times as long as its own stages take a pipeline is given
// before it is said not to keep up. In a queue that is busy 95 % of the time the
// mean wait is about ten service times (Kingman 1961, with variation as of
// Poisson arrivals).
const patience = 25.0

// outlook is how long, in hours, a change may be on its way in this world
// before it is asked whether the pipeline keeps up.
func (r *Run) outlook() float64 {
	own := r.p.Batching.Cadence
	if r.p.Batching.Every > 1 {
		own += float64(float64(r.p.Batching.Every)*hours(r.kernel.Now())) / float64(len(r.changes)) // to fill a release
	}
	for i := range r.p.Stages {
		own += r.stageHours(&r.p.Stages[i])
	}
	for _, f := range r.p.Freezes {
		own += f.Hours
	}
	late := math.Max(1, r.late())
	own += r.workHours(float64(r.p.Fix.Effort.Mean()*late)) + r.workHours(r.p.Response.Acknowledge.Mean()+r.p.Response.Decide.Mean())
	own += r.p.Response.Act.Mean()
	return float64(2*r.p.WatchHours) + 8*hoursPerWeek + float64(patience*own)
}

// stageHours is the mean time in a stage, waiting for a slot apart.
func (r *Run) stageHours(s *Stage) float64 {
	if s.Kind == InRing {
		return s.Ring.Bake.Mean() + r.workHours(s.Ring.Approval.Mean())
	}
	e := &s.Environment
	passes := 1.0
	if e.MaxReruns > 0 {
		passes = math.Min(float64(1+e.MaxReruns), 1/math.Max(1e-3, 1-r.world.share(e.Flaky)))
	}
	return e.Setup.Mean() + float64(e.Run.Mean()*passes) + r.workHours(e.Approval.Mean())
}

// workHours is the wall-clock time that so many working hours take on average,
// from a random moment on.
func (r *Run) workHours(work float64) float64 {
	if !(work > 0) {
		return 0
	}
	return float64(work*hoursPerWeek)/r.c.Work.hoursAWeek() + hoursPerDay
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
	over := r.world.Change(r.c.Changes.Warmup + r.counted).Arrives
	return hours(r.kernel.Now()-over) > r.outlook() && 20*r.present > after
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
