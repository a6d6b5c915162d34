package models

import (
	"math"

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
		out.FailedRequests += float64(float64(def.Reach*def.Strength) * ds.shown)
		out.UserMinutes += float64(def.Reach * ds.userTime)
	}
	out.FailedRequests = float64(out.FailedRequests * r.window.Requests)
	out.UserMinutes = float64(out.UserMinutes * float64(60*r.window.Users))
	if out.Escapes > 0 {
		out.UsersExposed = float64(r.window.Users * r.exposedShare(i))
		out.UsersAffected = float64(r.window.Users * r.affected(i))
	}
	out.Cost = cs.extra + r.cost(i, out)
}

// cost prices the harm and the delay of a change, without incidents.
func (r *Run) cost(i int32, out *Outcome) float64 {
	c, w := &r.c.Service.Cost, r.world
	sum := float64(w.value(c.PerFailedReq) * out.FailedRequests)
	sum += float64(w.value(c.PerAffectedUser) * out.UsersAffected)
	sum += float64(w.value(c.PerUserHour) * (out.UserMinutes / 60))
	sum += float64(w.value(c.PerChangeDay) * (r.waited(i, out.LeadTime) / hoursPerDay))
	if price := w.value(c.PerIrreversible); price > 0 && r.irreversible(i) {
		sum += float64(price * out.UsersAffected)
	}
	return sum
}

// irreversible reports whether a defect of change i that showed to users is of
// the kind that no rollback heals.
func (r *Run) irreversible(i int32) bool {
	ch := r.world.changes[i]
	for k := range ch.Count {
		if r.world.defects[ch.First+k].Irreversible && r.defects[ch.First+k].showed >= 0 {
			return true
		}
	}
	return false
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
