package models

import (
	"time"

	"github.com/rollrisk/rollrisk/sim"
)

// alarmRang: somebody or something has noticed. What follows takes time, and
// harm goes on until it is complete.
func (r *Run) alarmRang(id int32) {
	rel, now := &r.releases[id], r.kernel.Now()
	rel.alarms++
	r.tell(AlarmRang, id, rel.alarm.defect)
	r.noteAlarm(rel, now)
	rel.responding, rel.holdFrom, rel.baking = true, maxDuration, sim.Event{}
	switch {
	case r.p.Response.Automatic:
		rel.holdFrom = now
		r.answered(id)
	case r.p.Response.Responders == 0:
		r.answered(id)
	default:
		rel.staffed = true
		if r.responders.Seize(now, id, normal) {
			r.answered(id)
			return
		}
		r.unanswered++
		r.bakeOn(rel, id)
	}
}

// answered: a machine, or somebody, has the alarm.
func (r *Run) answered(id int32) {
	rel := &r.releases[id]
	held, decided := r.decide(rel, r.kernel.Now())
	rel.holdFrom = held
	r.kernel.Cancel(rel.baking)
	r.bakeOn(rel, id)
	if r.p.Response.Action == RollForward && rel.alarm.defect >= 0 {
		r.kernel.At(r.repairedAt(rel, decided), (*Run).repairDeparts, id)
		return
	}
	act := times(r.c.Pace.Response, r.span(r.p.Response.Act, r.keys.act, rel.incident()))
	r.kernel.At(decided+duration(act), (*Run).exposureEnds, id)
}

// noteAlarm writes the alarm down with the defect, or as a false one, and
// charges the incident to the change at fault or, for a false alarm, to the
// change that leads the release.
func (r *Run) noteAlarm(rel *release, now time.Duration) {
	payer := rel.head
	if d := rel.alarm.defect; d >= 0 {
		ds := &r.defects[d]
		ds.alarm, ds.stop, ds.channel = now, int16(rel.stage), rel.alarm.detector
		payer = r.world.defects[d].Change
		rel.failed = true
	} else {
		rel.falseAlarm = true
	}
	r.changes[payer].extra += r.world.value(r.c.Service.Cost.PerIncident)
}

// decide is when the ramp is held and when it is decided what to do: at once
// when a machine does it, otherwise after people have looked.
func (r *Run) decide(rel *release, now time.Duration) (held, decided time.Duration) {
	rs := &r.p.Response
	if rs.Automatic {
		return now, now
	}
	look := times(r.c.Pace.Response, r.span(rs.Acknowledge, r.keys.acknowledge, rel.incident()))
	think := times(r.c.Pace.Response, r.span(rs.Decide, r.keys.decide, rel.incident()))
	if !rs.WorkHours {
		held = now + duration(look)
		return held, held + duration(think)
	}
	held = r.c.Work.after(r.c.Work.open(now), look)
	return held, r.c.Work.after(held, think)
}

// repairedAt is when the repair of the defect that rang is written.
func (r *Run) repairedAt(rel *release, decided time.Duration) time.Duration {
	i := r.world.defects[rel.alarm.defect].Change
	return r.c.Work.after(decided, r.effort(i, r.late()))
}

func (r *Run) late() float64 { return r.world.value(r.p.Fix.LateMultiplier) }

// repairDeparts: the repair goes through the environments, before everything
// else that waits there.
func (r *Run) repairDeparts(id int32) {
	repair := r.slot()
	rel := &r.releases[id]
	r.releases[repair] = release{monitors: r.releases[repair].monitors, head: -1, tail: -1, stage: -1,
		repairOnly: true, repairs: id, entity: rel.incident() | repairLuck}
	r.depart(repair, true)
}

// repairArrives: the repair is ready for users; it replaces the defect after
// the time to act.
func (r *Run) repairArrives(repair int32) {
	id := r.releases[repair].repairs
	act := times(r.c.Pace.Response, r.span(r.p.Response.Act, r.keys.act, r.releases[id].incident()))
	r.kernel.After(duration(act), (*Run).exposureEnds, id)
	r.idle = append(r.idle, repair)
}

// exposureEnds: the response is complete.
func (r *Run) exposureEnds(id int32) {
	rel, now := &r.releases[id], r.kernel.Now()
	r.settle(id, now)
	if r.takingBackFails(rel) {
		rel.forward = true
		r.kernel.At(r.repairedAt(rel, now), (*Run).repairDeparts, id)
		return
	}
	rel.responding = false
	r.tell(ExposureEnded, id, rel.alarm.defect)
	if rel.staffed {
		rel.staffed = false
		if next, ok := r.responders.Release(now); ok {
			r.unanswered--
			r.kernel.After(0, (*Run).answered, next)
		}
	}
	switch forward := rel.forward; {
	case forward:
		rel.forward = false
		r.repairInPlace(id, rel.alarm.defect)
	case rel.alarm.defect < 0:
		r.endFalseAlarm(id)
	case r.p.Response.Action == Rollback:
		r.rollBack(id, rel.alarm.defect)
	case r.p.Response.Action == KillSwitch:
		r.switchOff(id, rel.alarm.defect)
	default:
		r.repairInPlace(id, rel.alarm.defect)
	}
}

// takingBackFails says whether a rollback or a switch does not work, once for
// each incident with a culprit: then only a repair ends the exposure.
func (r *Run) takingBackFails(rel *release) bool {
	p := r.world.share(r.p.Response.Fails)
	return p > 0 && !rel.forward && rel.alarm.defect >= 0 && r.p.Response.Action != RollForward &&
		r.uniform(r.keys.fails, rel.incident()) < p
}

// endFalseAlarm takes the release back for nothing, or, when that has happened
// too often or the action needs a culprit, lets people dismiss the alarm: the
// detector is silent for the rest of this release.
func (r *Run) endFalseAlarm(id int32) {
	rel := &r.releases[id]
	again := 0
	for i := rel.head; i >= 0; i = r.changes[i].next {
		again = max(again, int(r.changes[i].out.FalseAlarms))
		r.changes[i].out.FalseAlarms++
	}
	if r.p.Response.Action == Rollback && again < r.p.Response.FalseRetries {
		r.requeue(id, -1)
		return
	}
	rel.silenced |= 1 << uint(rel.alarm.detector)
	r.resume(id)
}

// rollBack takes the whole release back. The change at fault is repaired; the
// others wait for the next release, good as they are.
func (r *Run) rollBack(id, defect int32) {
	culprit := r.world.defects[defect].Change
	for i := r.releases[id].head; i >= 0; i = r.changes[i].next {
		if i != culprit {
			r.changes[i].out.Innocent++
		}
	}
	r.requeue(id, culprit)
	r.withdraw(culprit, defect)
}

// requeue ends a release and lets its changes but one wait for another.
func (r *Run) requeue(id, but int32) {
	head := r.releases[id].head
	r.retire(id)
	for i := head; i >= 0; {
		next := r.changes[i].next
		r.changes[i].next = -1
		r.meet(i, 0)
		r.setDelivered(i, 0)
		if i != but {
			r.wait(i)
		}
		i = next
	}
}

// switchOff takes only the change at fault back; the rest of the release goes
// on.
func (r *Run) switchOff(id, defect int32) {
	rel, culprit := &r.releases[id], r.world.defects[defect].Change
	prev := int32(-1)
	for i := rel.head; i != culprit; i = r.changes[i].next {
		prev = i
	}
	r.unlink(rel, prev, culprit)
	r.meet(culprit, 0)
	r.setDelivered(culprit, 0)
	r.withdraw(culprit, defect)
	if r.releases[id].head < 0 {
		r.retire(id)
		return
	}
	r.resume(id)
}

// withdraw sends the change at fault to its author. Where a rollback does not
// heal the defect, those whom it has hurt go on being hurt until the repair;
// nobody else meets it any more.
func (r *Run) withdraw(i, defect int32) {
	cs := &r.changes[i]
	cs.out.Withdrawals++
	cs.caught |= 1 << uint(defect-r.world.changes[i].First)
	now := r.kernel.Now()
	repaired := r.sendBack(i, r.late())
	ds := &r.defects[defect]
	if r.world.defects[defect].Irreversible && ds.showed >= 0 {
		r.linger(i, defect, now, repaired)
	}
}

// repairInPlace: the repair has reached the users of the release, which goes on.
func (r *Run) repairInPlace(id, defect int32) {
	i := r.world.defects[defect].Change
	cs := &r.changes[i]
	cs.out.Withdrawals++
	cs.live &^= 1 << uint(defect-r.world.changes[i].First)
	if cs.live == 0 {
		r.meet(i, 0)
	}
	r.resume(id)
}

// resume lets a release go on where it stood, watched anew: what a monitor has
// counted belongs to the defect that is gone, and would ring for nothing.
func (r *Run) resume(id int32) {
	rel := &r.releases[id]
	for _, m := range rel.monitors {
		m.Reset()
	}
	if now := r.kernel.Now(); rel.end <= now {
		rel.end = now
		if rel.stage == r.lastStage() { // the response took longer than the watch: watch what it left
			rel.end = now + duration(r.p.WatchHours)
		}
	}
	r.settleIn(id)
}
