package models

import (
	"math"
	"time"
)

// ringStarts: the release meets the audience of its ring. From here to the end
// of the bake its exposure is constant, so everything that can happen in the
// ring is worked out now and at most one event is scheduled.
func (r *Run) ringStarts(id int32) {
	now, rel := r.kernel.Now(), &r.releases[id]
	if open := r.thaw(rel, now); open > now && !rel.reached {
		r.kernel.At(open, (*Run).ringStarts, id)
		return
	}
	rel.start, rel.end = now, r.bakedAt(rel, now)
	r.tally.reach(rel)
	rel.reached = true
	r.tell(RingStarted, id, -1)
	ring := int16(int(rel.stage) - r.firstRing)
	for i := rel.head; i >= 0; i = r.changes[i].next {
		r.expose(i, now, ring)
		r.meet(i, r.share[ring])
	}
	if rel.stage == r.lastStage() {
		r.deliver(id, now)
	}
	r.settleIn(id)
}

// bakedAt is the planned end of the ring: bake, then approval in working hours,
// watched all the while. The last ring is watched for WatchHours.
func (r *Run) bakedAt(rel *release, now time.Duration) time.Duration {
	if rel.stage == r.lastStage() {
		return now + duration(r.p.WatchHours)
	}
	ring, keys := &r.p.Stages[rel.stage].Ring, &r.keys.stages[rel.stage]
	end := now + duration(r.span(ring.Bake, keys.run, rel.entity))
	if !ring.Approval.IsZero() {
		end = r.c.Work.after(r.c.Work.open(end), r.span(ring.Approval, keys.approval, rel.entity))
	}
	return min(end, maxDuration)
}

// expose notes that the live defects of change i meet users of the ring.
func (r *Run) expose(i int32, now time.Duration, ring int16) {
	ch, live := r.world.changes[i], r.changes[i].live
	for k := range ch.Count {
		if live&(1<<uint(k)) == 0 {
			continue
		}
		ds := &r.defects[ch.First+k]
		if ds.first < 0 {
			ds.first = now
		}
		ds.maxRing = max(ds.maxRing, ring)
	}
}

// deliver: everyone has the release now. It makes room on the ramp.
func (r *Run) deliver(id int32, now time.Duration) {
	rel := &r.releases[id]
	for i := rel.head; i >= 0; i = r.changes[i].next {
		r.changes[i].leadTime = hours(now - r.world.changes[i].Arrives)
		r.setDelivered(i, 1)
	}
	r.leaveRamp(id)
}

// leaveRamp frees the place of a release on the ramp, if it has one.
func (r *Run) leaveRamp(id int32) {
	rel := &r.releases[id]
	if !rel.ramping {
		return
	}
	rel.ramping = false
	if next, ok := r.ramp.Release(r.kernel.Now()); ok {
		// Not at once: the caller still works on its own release.
		r.kernel.After(0, (*Run).ringStarts, next)
	}
	if r.firstRing == 0 {
		r.fillRelease()
	}
}

// settleIn decides how the present stretch of exposure ends: by an alarm, by
// the end of the bake, or, in the last ring, by the end of the watch.
func (r *Run) settleIn(id int32) {
	rel := &r.releases[id]
	last := rel.stage == r.lastStage()
	if rel.responding {
		r.bakeOn(rel, id)
		return
	}
	switch a, rings := r.watch(id); {
	case rings:
		rel.alarm = a
		r.kernel.At(a.at, (*Run).alarmRang, id)
	case last:
		r.watchEnds(id)
	default:
		r.kernel.At(rel.end, (*Run).ringBaked, id)
	}
}

// bakeOn lets the ramp of a release go on although an alarm has rung, up to the
// time at which it is held.
func (r *Run) bakeOn(rel *release, id int32) {
	if rel.end < rel.holdFrom && rel.stage != r.lastStage() {
		rel.baking = r.kernel.At(rel.end, (*Run).ringBaked, id)
	}
}

// ringBaked: the ring has been watched long enough; on to the next, unless a freeze holds:
// then the release stays and is watched until it ends.
func (r *Run) ringBaked(id int32) {
	now, rel := r.kernel.Now(), &r.releases[id]
	r.settle(id, now)
	if open := r.thaw(rel, now); open > now {
		rel.end = open
		r.settleIn(id)
		return
	}
	rel.stage++
	r.ringStarts(id)
}

// watch hands the stretch from the release's start to its end to the monitors
// of the ring. The first alarm wins; at a tie, the detector named first.
func (r *Run) watch(id int32) (alarm, bool) {
	rel := &r.releases[id]
	for from := rel.start; ; {
		until, outage := r.stretch(from, rel.end)
		a, hold, rings := r.observe(rel, from, until, outage)
		if rel.stage != r.lastStage() {
			rel.end = min(rel.end+hold, maxDuration)
		}
		if rings || until >= rel.end {
			return a, rings
		}
		from = until
	}
}

// observe hands one stretch to the monitors. Those that hold the release in its
// ring do so side by side.
func (r *Run) observe(rel *release, from, until time.Duration, outage int) (first alarm, hold time.Duration, rings bool) {
	ring := int(rel.stage) - r.firstRing
	w := &r.window
	w.Start, w.End, w.Share = from, until, r.share[ring]
	w.Luck = Luck{Replication: r.world.replication, Coupling: r.coupling, Release: rel.incident()}
	w.Elsewhere = 0
	r.listSignals(rel, ring)
	if outage >= 0 {
		r.blameless(rel, outage)
	}
	first = alarm{at: until, detector: -1, defect: -1}
	for _, d := range r.p.Stages[rel.stage].Ring.Watch {
		if rel.silenced&(1<<uint(d)) != 0 {
			continue
		}
		v := rel.monitors[d].Observe(w)
		hold = max(hold, v.Hold)
		if (v.Finding == Fail || v.Finding == Inconclusive) && v.At < first.at {
			first = alarm{at: max(v.At, from), detector: int16(d), defect: -1}
			if v.Signal >= 0 {
				first.defect = r.signals[v.Signal]
			}
		}
	}
	return first, hold, first.detector >= 0
}

// listSignals fills the window with what each live defect of the release shows.
func (r *Run) listSignals(rel *release, ring int) {
	w := &r.window
	w.Signals, r.signals = w.Signals[:0], r.signals[:0]
	for i := rel.head; i >= 0; i = r.changes[i].next {
		ch, live := r.world.changes[i], r.changes[i].live
		for k := range ch.Count {
			if live&(1<<uint(k)) == 0 {
				continue
			}
			id := ch.First + k
			def, ds := &r.world.defects[id], &r.defects[id]
			s := Signal{
				Entity: uint64(i)*MaxDefects + uint64(k), From: r.shows(def, ds, rel.start, w.Share),
				Errors: float64(def.Reach * def.Strength), Reach: def.Reach, Strength: def.Strength,
				Visible: def.Visible, Reported: def.Reported, Dose: ds.shown, Age: ds.age,
			}
			if def.Absent {
				s.Reach = r.reachIn(def, ring)
				s.Errors = float64(s.Reach * s.Strength)
				if s.Reach > 0 { // what those who can meet it have met, at the density of this ring
					s.Dose = float64((ds.shown-ds.spared)*def.Reach) / s.Reach
				}
			}
			if s.From < w.Start { // an outage has cut the stretch
				s.Dose += float64(w.Share * r.clock.Between(s.From, w.Start))
				s.Age += hours(w.Start - s.From)
				s.From = w.Start
			}
			r.signals = append(r.signals, id)
			w.Signals = append(w.Signals, s)
		}
	}
}

// shows is when, from start on, a defect shows at the given share: after its
// wall-clock onset, after its onset by exposure, and only where the share
// reaches its load bound. About 100 years means not in this ring.
func (r *Run) shows(def *Defect, ds *defectState, start time.Duration, share float64) time.Duration {
	if share < def.LoadShare || share == 0 {
		return maxDuration
	}
	if def.Absent && share == r.share[0] && r.apart() {
		return maxDuration
	}
	t := max(start, ds.first+duration(def.Onset))
	if cycle := duration(def.Calendar); cycle > 0 {
		from := ds.first
		if ds.showed < 0 { // it has met no end of a cycle yet: the next one is that of this exposure
			from = max(from, start)
		}
		t = max(t, (from+cycle-1)/cycle*cycle)
	}
	if left := def.OnsetDose - ds.exposure; left > 0 {
		t = max(t, r.clock.After(start, left/share))
	}
	return min(t, maxDuration)
}

// settle counts the exposure of the release from its start to until, and lets
// a new stretch begin there.
func (r *Run) settle(id int32, until time.Duration) {
	rel := &r.releases[id]
	ring := int(rel.stage) - r.firstRing
	share := r.share[ring]
	met := float64(share * r.clock.Between(rel.start, until))
	for i := rel.head; i >= 0; i = r.changes[i].next {
		ch, live := r.world.changes[i], r.changes[i].live
		for k := range ch.Count {
			if live&(1<<uint(k)) == 0 {
				continue
			}
			d := ch.First + k
			def, ds := &r.world.defects[d], &r.defects[d]
			if from := r.shows(def, ds, rel.start, share); from < until {
				r.hurt(d, ring, from, until)
				rel.hurt = rel.hurt || def.Reach*def.Strength > 0
			}
			ds.exposure += met
			ds.ended = until
		}
	}
	rel.start = until
}

// hurt counts the time in which defect d shows to the users of a ring.
func (r *Run) hurt(d int32, ring int, from, until time.Duration) {
	ds, share := &r.defects[d], r.share[ring]
	dose := r.clock.Between(from, until)
	r.doses[int(d)*r.rings()+ring] += dose
	ds.shown += float64(share * dose)
	if def := &r.world.defects[d]; def.Absent && ring > 0 {
		met := share
		share = r.meeting(def, ring)
		ds.spared += float64((met - share) * dose)
	}
	ds.userTime += float64(share * hours(until-from))
	ds.age += hours(until - from)
	if ds.showed < 0 {
		ds.showed = from
	}
}

// watchEnds: nothing more will be noticed about this release. Its exposure is
// counted to the end of the watch, and its changes are done.
func (r *Run) watchEnds(id int32) {
	rel := &r.releases[id]
	r.settle(id, rel.end)
	for i := rel.head; i >= 0; {
		next := r.changes[i].next
		r.closeChange(i)
		i = next
	}
	r.retire(id)
}

// retire ends a release and frees its slot.
func (r *Run) retire(id int32) {
	r.leaveRamp(id)
	r.tally.release(&r.releases[id])
	r.idle = append(r.idle, id)
}

// defectSet holds some defects of one change: bit k, its k-th.
type defectSet uint32

const everyDefect = ^defectSet(0)

// affected is the expected share of all users who met at least one failure of
// the given defects of change i. Users are in nested cohorts: cohort j joined
// at ring j and has seen every later ring, so its dose is the sum from j on.
func (r *Run) affected(i int32, of defectSet) float64 {
	if of == 0 {
		return 0
	}
	if !r.p.Sticky {
		return 1 - r.spared(i, -1, of)
	}
	sum, before := 0.0, 0.0
	for j := range r.rings() {
		if joined := r.share[j] - before; joined > 0 {
			sum += float64(joined * (1 - r.spared(i, j, of)))
		}
		before = r.share[j]
	}
	return sum
}

// spared is the probability that a user of cohort j (or, with j < 0, any user
// when each request is routed afresh) met no failure of the given defects of
// change i.
func (r *Run) spared(i int32, j int, of defectSet) float64 {
	ch, p := r.world.changes[i], 1.0
	perHour := r.world.value(r.c.Service.RequestsPerHr)
	for k := range ch.Count {
		if of&(1<<uint(k)) == 0 {
			continue
		}
		def := &r.world.defects[ch.First+k]
		reach, dose := def.Reach, r.defects[ch.First+k].shown
		if j >= 0 {
			reach = r.reachOf(def, j)
			dose = 0
			for _, x := range r.doses[int(ch.First+k)*r.rings()+j : int(ch.First+k+1)*r.rings()] {
				dose += x
			}
		}
		p = float64(p * (1 - float64(reach*meets(float64(perHour*def.Strength), dose))))
	}
	return p
}

// exposedShare is the share of users who met change i while it carried a
// defect.
func (r *Run) exposedShare(i int32) float64 {
	ch, ring, dose := r.world.changes[i], int16(-1), 0.0
	for k := range ch.Count {
		ds := &r.defects[ch.First+k]
		ring, dose = max(ring, ds.maxRing), math.Max(dose, ds.exposure)
	}
	if ring < 0 {
		return 0
	}
	if r.p.Sticky {
		return r.share[ring]
	}
	return meets(r.world.value(r.c.Service.RequestsPerHr), dose)
}
