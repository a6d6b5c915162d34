package models

import (
	"math"
	"time"
)

// Trace is the story of one change in one replication: what happened to it, when and
// where. A nil Trace records nothing and costs one comparison.
type Trace struct {
	Follow int32 // number of the change in the replication
	Events []TraceEvent
}

// TraceEvent is one line of a story. Indexes that do not apply are -1.
type TraceEvent struct {
	At       time.Duration
	What     Happening
	Stage    int16   // index into Pipeline.Stages
	Detector int16   // index into Pipeline.Detectors; of an alarm
	Defect   int32   // index into World.Defects
	Changes  int     // in the release
	Failed   float64 // requests that the defects of the change have made fail so far, expected
}

// Happening names what happened.
type Happening uint8

// The happenings.
const (
	ChangeArrived Happening = iota
	ReleaseFormed
	EnvironmentStarted
	DefectCaught
	EnvironmentPassed
	RingStarted
	AlarmRang
	ExposureEnded
)

// SetTrace makes the Run tell what happens from now on; nil stops it.
func (r *Run) SetTrace(t *Trace) { r.trace = t }

// tell records something about a release, where the change that is followed is in it.
func (r *Run) tell(what Happening, id, defect int32) {
	if r.trace == nil {
		return
	}
	rel, carried, n := &r.releases[id], false, 0
	for i := rel.head; i >= 0; i = r.changes[i].next {
		carried = carried || i == r.trace.Follow
		n++
	}
	if !carried {
		return
	}
	e := TraceEvent{At: r.kernel.Now(), What: what, Stage: int16(rel.stage), Detector: -1, Defect: defect, Changes: n, Failed: r.failedSoFar(rel)}
	if what == AlarmRang {
		e.Detector = rel.alarm.detector
	}
	r.trace.Events = append(r.trace.Events, e)
}

// tellChange records something about one change.
func (r *Run) tellChange(what Happening, change, defect int32, stage int16) {
	if r.trace == nil || change != r.trace.Follow {
		return
	}
	r.trace.Events = append(r.trace.Events, TraceEvent{At: r.kernel.Now(), What: what, Stage: stage, Detector: -1, Defect: defect, Changes: 1})
}

// failedSoFar is how many requests the defects of the followed change are expected to
// have made fail, the stretch that is not settled yet included.
func (r *Run) failedSoFar(rel *release) float64 {
	ch, sum := r.world.changes[r.trace.Follow], 0.0
	ring := int(rel.stage) - r.firstRing
	for k := range ch.Count {
		def, ds := &r.world.defects[ch.First+k], &r.defects[ch.First+k]
		dose := ds.shown
		if live := r.changes[r.trace.Follow].live; ring >= 0 && ring < r.rings() && rel.reached && live&(1<<uint(k)) != 0 {
			share := r.share[ring]
			if from := r.shows(def, ds, rel.start, share); from < r.kernel.Now() {
				dose += float64(share * r.clock.Between(from, r.kernel.Now()))
			}
		}
		sum += float64(r.window.Requests * def.Reach * def.Strength * math.Max(0, dose-ds.spared))
	}
	return sum
}
