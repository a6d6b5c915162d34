package models

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// meets is the probability of at least one event of a Poisson process of the
// given rate within the dose: 1 - exp(-rate x dose).
func meets(perHour, dose float64) float64 {
	return -portable.Expm1(-float64(perHour * dose))
}

// closeChange: nothing more will happen to change i. If it counts, its Outcome
// and those of its defects are written.
func (r *Run) closeChange(i int32) {
	cs := &r.changes[i]
	if cs.closed {
		return
	}
	cs.closed = true
	r.setDelivered(i, 0)
	r.present--
	if !r.isCounted(i) {
		return
	}
	r.open--
	if r.open == 0 {
		r.kernel.Stop()
	}
	r.writeOutcome(i)
	first := r.world.changes[r.c.Changes.Warmup].First
	for k := range r.world.changes[i].Count {
		d := r.world.changes[i].First + k
		r.sample.Defects[d-first] = r.defectOutcome(d)
	}
}

func (r *Run) writeOutcome(i int32) {
	ch, cs := r.world.changes[i], &r.changes[i]
	out := &r.sample.Outcomes[int(i)-r.c.Changes.Warmup]
	*out = cs.out
	out.LeadTime = cs.leadTime
	for k := range ch.Count {
		def, ds := &r.world.defects[ch.First+k], &r.defects[ch.First+k]
		if ds.first >= 0 {
			out.Escapes++
		}
		if ds.channel >= 0 {
			out.Detected++
		}
		out.FailedRequests += float64(float64(def.Reach*def.Strength)*(ds.shown-ds.spared)) + float64(def.Strength*ds.lingered)
		out.UserMinutes += float64(def.Reach*ds.userTime) + ds.lingers
	}
	out.FailedRequests = float64(out.FailedRequests * r.window.Requests)
	out.UserMinutes = float64(out.UserMinutes * float64(60*r.window.Users))
	if out.Escapes > 0 {
		out.UsersExposed = float64(r.window.Users * r.exposedShare(i))
		out.UsersAffected = float64(r.window.Users * r.affected(i, everyDefect))
	}
	out.Cost = cs.extra + r.cost(i, out)
	if math.IsInf(out.LeadTime, 1) {
		out.unknown()
	}
	if cs.passed {
		r.tally.period.PassedChanges++
		r.tally.period.PassedChangesHurting += is(out.FailedRequests > 0)
	}
}

// cost prices the harm and the delay of a change, without incidents.
func (r *Run) cost(i int32, out *Outcome) float64 {
	c, w := &r.c.Service.Cost, r.world
	sum := float64(w.value(c.PerFailedReq) * out.FailedRequests)
	sum += float64(w.value(c.PerAffectedUser) * out.UsersAffected)
	sum += float64(w.value(c.PerUserHour) * (out.UserMinutes / 60))
	sum += float64(w.value(c.PerChangeDay) * (out.LeadTime / hoursPerDay))
	if price := w.value(c.PerIrreversible); price > 0 {
		sum += float64(price * float64(r.window.Users*r.affected(i, r.irreversible(i))))
	}
	return sum
}

// irreversible is the set of the defects of change i that no rollback heals.
func (r *Run) irreversible(i int32) defectSet {
	set, ch := defectSet(0), r.world.changes[i]
	for k := range ch.Count {
		if r.world.defects[ch.First+k].Irreversible {
			set |= 1 << uint(k)
		}
	}
	return set
}

// linger counts what an irreversible defect of change i goes on doing, from a
// rollback until its repair, to the users whom it has hurt. They are counted
// as affected already.
func (r *Run) linger(i, defect int32, from, until time.Duration) {
	ds := &r.defects[defect]
	share := r.affected(i, 1<<uint(defect-r.world.changes[i].First))
	ds.lingered += float64(share * r.clock.Between(from, until))
	ds.lingers += float64(share * hours(until-from))
	ds.ended = until
}

// defectOutcome is the end of one defect.
func (r *Run) defectOutcome(d int32) DefectOutcome {
	ds, def := &r.defects[d], &r.world.defects[d]
	o := DefectOutcome{Class: def.Class, Stop: ds.stop, Channel: ds.channel, Escaped: ds.first >= 0,
		Detect: math.NaN(), FromMerge: math.Inf(1), Restore: math.NaN()}
	arrived := r.world.changes[def.Change].Arrives
	if ds.alarm >= 0 {
		o.FromMerge = hours(ds.alarm - arrived)
	}
	switch {
	case ds.channel >= 0:
		o.Detect = hours(ds.alarm - ds.first)
		if ds.showed >= 0 {
			o.Restore = hours(ds.ended - ds.showed)
		}
	case ds.stop == StopPending && r.tally.period.Overloaded > 0:
		o.FromMerge = math.NaN()
	case ds.stop == StopPending && ds.showed < 0:
		o.Stop = StopHarmless
	case ds.first >= 0:
		o.Detect = math.Inf(1)
		if ds.stop == StopPending {
			o.Stop = StopNever
		}
	}
	return o
}
