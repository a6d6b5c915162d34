package models

import (
	"time"

	"github.com/rollrisk/rollrisk/sim"
)

// changeArrives: a change is merged. The next one is called, until every
// counted change has come to its end.
func (r *Run) changeArrives(i int32) {
	r.markPeriod(i) // before it is on its way
	ch := r.world.Change(int(i))
	r.changes = append(r.changes, changeState{next: -1})
	cs := &r.changes[i]
	r.present++
	cs.live = uint32(1)<<uint(ch.Count) - 1
	cs.out.Defects = uint16(ch.Count)
	for range ch.Count {
		r.defects = append(r.defects, defectState{first: -1, showed: -1, alarm: -1, maxRing: -1, stop: StopPending, channel: -1})
		for range r.rings() {
			r.doses = append(r.doses, 0)
		}
	}
	r.tellChange(ChangeArrived, i, -1, -1)
	if r.hopeless(int(i)) {
		r.giveUp()
		return
	}
	r.kernel.At(r.world.Change(int(i)+1).Arrives, (*Run).changeArrives, i+1)
	r.wait(i)
}

// wait puts a change into the queue for the next release.
func (r *Run) wait(i int32) {
	if r.changes[i].hotfix {
		r.depart(r.gather([]int32{i}), true)
		return
	}
	r.waiting = append(r.waiting, i)
	r.fillRelease()
}

// fillRelease forms releases for as long as the batching rule lets it.
func (r *Run) fillRelease() {
	b := &r.p.Batching
	for b.Every > 0 && len(r.waiting) >= b.Every {
		r.departFirst(b.Every)
	}
	if b.WhenFree && len(r.waiting) > 0 && r.hasRoom() {
		r.departFirst(len(r.waiting))
	}
}

// hasRoom says whether a release formed now would start its first stage at
// once.
func (r *Run) hasRoom() bool {
	first := &r.ramp
	if r.firstRing > 0 {
		first = &r.stages[0]
	}
	return first.Capacity() == 0 || first.Busy() < first.Capacity()
}

// trainDeparts: the release train takes all that waits.
func (r *Run) trainDeparts(int32) {
	if len(r.waiting) > 0 {
		r.departFirst(len(r.waiting))
	}
	r.kernel.After(duration(r.p.Batching.Cadence), (*Run).trainDeparts, 0)
}

// departFirst sends the first n waiting changes off as one release.
func (r *Run) departFirst(n int) {
	id := r.gather(r.waiting[:n])
	r.waiting = append(r.waiting[:0], r.waiting[n:]...)
	r.depart(id, false)
}

// gather makes a release of the given changes, in a slot that may have been
// used before.
func (r *Run) gather(changes []int32) int32 {
	id := r.slot()
	rel := &r.releases[id]
	lead := changes[0]
	r.changes[lead].attempts++
	*rel = release{monitors: rel.monitors, head: lead, tail: lead, stage: -1, repairs: -1,
		entity: uint64(lead)<<24 | uint64(r.changes[lead].attempts)<<8}
	for _, i := range changes {
		r.changes[i].next = -1
		if i != lead {
			r.changes[rel.tail].next = i
			rel.tail = i
		}
		rel.counted = rel.counted || r.isCounted(i)
	}
	for _, m := range rel.monitors {
		m.Reset()
	}
	return id
}

func (r *Run) slot() int32 {
	if n := len(r.idle); n > 0 {
		id := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return id
	}
	r.releases = append(r.releases, release{monitors: r.newMonitors()})
	return int32(len(r.releases) - 1)
}

func (r *Run) depart(id int32, priority bool) {
	r.releases[id].priority = priority
	r.tell(ReleaseFormed, id, -1)
	r.advance(id)
}

// advance moves a release to its next stage, waiting for room where it must.
func (r *Run) advance(id int32) {
	rel := &r.releases[id]
	rel.stage++
	rel.reruns = 0
	if int(rel.stage) < r.firstRing {
		if r.stages[rel.stage].Seize(r.kernel.Now(), id, priority(rel)) {
			r.environmentStarts(id)
		}
		return
	}
	if rel.repairOnly {
		r.repairArrives(id)
		return
	}
	if r.skipsRamp(rel) {
		rel.stage = r.lastStage()
		r.ringStarts(id)
		return
	}
	if int(rel.stage) == r.firstRing && r.firstRing < len(r.p.Stages)-1 && r.p.RampSlots > 0 && !rel.ramping {
		rel.ramping = true
		if !r.ramp.Seize(r.kernel.Now(), id, priority(rel)) {
			return
		}
	}
	r.ringStarts(id)
}

// skipsRamp says whether the rollout of the release fails in such a way that
// everyone meets it at once.
func (r *Run) skipsRamp(rel *release) bool {
	p := r.world.share(r.p.SkipsRamp)
	return p > 0 && rel.stage != r.lastStage() && r.uniform(r.keys.skips, rel.entity) < p
}

// The priorities in every queue.
const (
	urgent sim.Priority = iota // repairs and repaired changes
	normal
)

func priority(rel *release) sim.Priority {
	if rel.priority {
		return urgent
	}
	return normal
}

// environmentStarts: the release has a slot; set-up and the first pass begin.
func (r *Run) environmentStarts(id int32) {
	rel := &r.releases[id]
	env := &r.p.Stages[rel.stage].Environment
	setup := times(r.c.Pace.Environments, r.span(env.Setup, r.keys.stages[rel.stage].setup, rel.entity))
	r.tell(EnvironmentStarted, id, -1)
	r.kernel.After(duration(setup)+r.pass(rel), (*Run).environmentRan, id)
}

// pass is the time of one pass of the tests.
func (r *Run) pass(rel *release) time.Duration {
	env, keys := &r.p.Stages[rel.stage].Environment, &r.keys.stages[rel.stage]
	return duration(times(r.c.Pace.Environments, r.span(env.Run, keys.run, rel.entity<<8|uint64(rel.reruns))))
}

// environmentRan: one pass of the tests is over.
func (r *Run) environmentRan(id int32) {
	rel := &r.releases[id]
	env, keys := &r.p.Stages[rel.stage].Environment, &r.keys.stages[rel.stage]
	entity := rel.entity<<8 | uint64(rel.reruns)
	flaky := int(rel.reruns) < env.MaxReruns && r.uniform(keys.flaky, entity) < r.world.share(env.Flaky)
	again := flaky
	if !flaky && r.catch(id) {
		if rel.head < 0 {
			r.leaveEnvironment(id)
			r.retire(id)
			return
		}
		again = r.p.Fix.Rerun && rel.reruns < maxReruns
	}
	if again {
		rel.reruns++
		r.kernel.After(r.pass(rel), (*Run).environmentRan, id)
		return
	}
	r.approve(id)
}

// maxReruns ends a row of reruns that a rate of flaky failures of nearly one
// would make endless.
const maxReruns = 250

// approve waits for a person, in working hours, where the stage wants one.
func (r *Run) approve(id int32) {
	rel := &r.releases[id]
	env, keys := &r.p.Stages[rel.stage].Environment, &r.keys.stages[rel.stage]
	now := r.kernel.Now()
	if env.Approval.IsZero() {
		r.environmentPassed(id)
		return
	}
	work := times(r.c.Pace.Environments, r.span(env.Approval, keys.approval, rel.entity))
	r.kernel.At(r.c.Work.after(r.c.Work.open(now), work), (*Run).environmentPassed, id)
}

// environmentPassed: the release leaves the environment for the next stage.
// The slot was its own until now, approval included.
func (r *Run) environmentPassed(id int32) {
	rel := &r.releases[id]
	r.tell(EnvironmentPassed, id, -1)
	if int(rel.stage) == r.firstRing-1 {
		r.passLast(rel)
	}
	r.leaveEnvironment(id)
	r.advance(id)
}

// passLast notes that nothing was found in the last environment.
func (r *Run) passLast(rel *release) {
	rel.passed = !rel.repairOnly
	for i := rel.head; i >= 0; i = r.changes[i].next {
		r.changes[i].passed = true
	}
}

// leaveEnvironment frees the slot; the next in the queue starts.
func (r *Run) leaveEnvironment(id int32) {
	stage := r.releases[id].stage
	if next, ok := r.stages[stage].Release(r.kernel.Now()); ok {
		r.environmentStarts(next)
	}
	if stage == 0 {
		r.fillRelease()
	}
}

// catch tests every defect in the release and sends the changes with a caught
// one back. It reports whether there was one.
func (r *Run) catch(id int32) bool {
	rel := &r.releases[id]
	if rel.repairOnly {
		return false
	}
	keys, row := &r.keys.stages[rel.stage], int(rel.stage)*len(r.c.Classes)
	any, prev := false, int32(-1)
	for i := rel.head; i >= 0; {
		next := r.changes[i].next
		if r.caughtIn(i, keys, row, int16(rel.stage)) {
			any = true
			r.unlink(rel, prev, i)
			r.sendBack(i, 1)
		} else {
			prev = i
		}
		i = next
	}
	return any
}

// caughtIn tests the defects of one change. The draw belongs to the defect and
// the environment: a test that has missed a defect misses it again.
func (r *Run) caughtIn(i int32, keys *stageKeys, row int, stage int16) bool {
	ch, cs := r.world.changes[i], &r.changes[i]
	for k := range ch.Count {
		if cs.live&(1<<uint(k)) == 0 {
			continue
		}
		d := ch.First + k
		def := &r.world.defects[d]
		at := row + int(def.Class)
		if def.Reproduce < r.reproduces[at] && r.uniform(keys.tests, uint64(i)*MaxDefects+uint64(k)) < r.exercised(def, r.exercises[at]) {
			cs.caught |= 1 << uint(k)
			ds := &r.defects[d]
			ds.stop, ds.alarm = stage, r.kernel.Now()
			r.tellChange(DefectCaught, i, d, stage)
		}
	}
	return cs.caught != 0
}

// unlink takes change i out of a release; prev is the change before it, or -1.
func (r *Run) unlink(rel *release, prev, i int32) {
	next := r.changes[i].next
	if prev < 0 {
		rel.head = next
	} else {
		r.changes[prev].next = next
	}
	if rel.tail == i {
		rel.tail = prev
	}
	r.changes[i].next = -1
}

// sendBack gives a change to its author, who repairs what was caught in
// factor times the usual effort, in working hours. It returns when.
func (r *Run) sendBack(i int32, factor float64) time.Duration {
	at := r.c.Work.after(r.kernel.Now(), r.effort(i, factor))
	r.kernel.At(at, (*Run).changeRepaired, i)
	return at
}

// effort is the working hours of the next repair of change i.
func (r *Run) effort(i int32, factor float64) float64 {
	r.changes[i].fixes++
	return float64(r.span(r.p.Fix.Effort, r.keys.effort, uint64(i)<<16|uint64(r.changes[i].fixes)) * factor)
}

// changeRepaired: the author is done; the change goes through the pipeline again.
func (r *Run) changeRepaired(i int32) {
	cs := &r.changes[i]
	cs.live &^= cs.caught
	cs.caught = 0
	cs.hotfix = r.p.Fix.Hotfix
	r.wait(i)
}
