package models

import (
	"time"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Outages are faults of others, a payment provider or a network, that make
// requests of every version fail for a while. No change is to blame, but who
// watches a release sees its errors rise and may take it back for nothing.
type Outages struct {
	PerWeek Quantity `json:"per_week"` // mean number in a week, day and night; 0 when there are none
	Lasts   Span     `json:"lasts"`    // how long one lasts
	Errors  Amount   `json:"errors"`   // share of requests that fail meanwhile; 0..1
}

// Outage is one of them, the same for every pipeline.
type Outage struct {
	Start, End time.Duration
	Errors     float64 // share of requests that fail, 0..1
}

// Outage is outage i of the replication, drawing as far as needed. They begin
// as a Poisson process and do not overlap: one that would begin during another
// begins at its end.
func (w *World) Outage(i int) Outage {
	o := &w.c.Service.Outages
	for len(w.outages) <= i {
		n := uint64(len(w.outages))
		gap := -portable.Log(w.keys.outage.Uniform(n, w.replication, 0)) * hoursPerWeek / w.value(o.PerWeek)
		w.outageDue = min(maxDuration, w.outageDue+duration(gap))
		start := w.outageDue
		if n > 0 {
			start = max(start, w.outages[n-1].End)
		}
		lasts := duration(w.draft(o.Lasts, w.keys.outageLasts.Uniform(n, w.replication, 0)))
		w.outages = append(w.outages, Outage{Start: start, End: min(maxDuration, start+lasts),
			Errors: w.amount(o.Errors, w.keys.outageErrors.Uniform(n, w.replication, 0))})
	}
	return w.outages[i]
}

// outageAfter is the first outage that has not ended at t; false when there is
// none.
func (r *Run) outageAfter(t time.Duration) (Outage, int, bool) {
	if !(r.world.value(r.c.Service.Outages.PerWeek) > 0) {
		return Outage{}, 0, false
	}
	for r.nextOutage > 0 && r.world.Outage(r.nextOutage-1).End > t {
		r.nextOutage-- // stretches are watched ahead of time, each from its own start
	}
	for r.world.Outage(r.nextOutage).End <= t && t < maxDuration {
		r.nextOutage++
	}
	return r.world.Outage(r.nextOutage), r.nextOutage, true
}

// stretch is the next part of a window in which an outage holds all the time,
// or none does: from `from` until `until`, with the number of the outage or -1.
func (r *Run) stretch(from, end time.Duration) (until time.Duration, outage int) {
	o, i, ok := r.outageAfter(from)
	switch {
	case !ok || o.Start >= end:
		return end, -1
	case o.Start > from:
		return o.Start, -1
	}
	return min(o.End, end), i
}

// blameless adds an outage to the signals of the window. Its number is none of
// a defect, so an alarm that it causes is a false one; its chance is new in
// every ring, which is right for hazards, since they do not age.
func (r *Run) blameless(rel *release, outage int) {
	w := &r.window
	e := r.world.Outage(outage).Errors
	r.signals = append(r.signals, -1)
	w.Elsewhere = e
	w.Signals = append(w.Signals, Signal{Entity: outageEntity | uint64(outage)<<8 | uint64(rel.stage),
		From: w.Start, Errors: e, Reach: 1, Strength: e, Visible: true, Reported: true})
}

// outageEntity tells the chance of an outage from that of a defect.
const outageEntity = uint64(1) << 62
