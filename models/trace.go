package models

import (
	"math"
	"math/bits"
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
	Detector int16   // index into Pipeline.Detectors; of an alarm, and of a Gauge
	Defect   int32   // index into World.Defects
	Changes  int     // in the release
	Live     int     // defects of the change that are not repaired
	Failed   float64 // requests that the defects of the change have made fail so far, expected
	Gauge    Gauge   // of a ring: what its detector Detector compares; zero where none says
}

// Gauged is a Detector that compares the failing share of the requests in an interval
// with a bound, so that a story can say how far a defect is from an alarm.
type Gauged interface {
	// Gauge is the interval, the share of failing requests that it allows, and the
	// least requests in an interval that it judges. The interval is 0 where it
	// compares something else.
	Gauge() (interval time.Duration, allows, least float64)
}

// Gauge is what a Gauged detector meets in a ring, in an average interval.
type Gauge struct {
	Interval time.Duration
	Requests float64 // that meet the release
	Fail     float64 // of those, once every defect shows that does so in this ring
	Seen     float64 // of those that fail, what telemetry sees
	Later    bool    // some of the defects begin to show only after the first interval
	Allows   float64 // failing ones that are no cause for alarm
	Least    float64 // requests below which it says nothing
}

// gauge asks the first detector of the ring that can tell.
func (r *Run) gauge(rel *release) (detector int16, g Gauge) {
	ring := int(rel.stage) - r.firstRing
	r.window.Share = r.share[ring]
	r.listSignals(rel, ring)
	fails, seen, last := r.window.Errors, r.window.Errors, time.Duration(0)
	for i := range r.window.Signals {
		s := &r.window.Signals[i]
		if s.From >= rel.end {
			continue
		}
		fails, last = fails+s.Errors, max(last, s.From)
		if s.Visible {
			seen += s.Errors
		}
	}
	for _, k := range r.p.Stages[rel.stage].Ring.Watch {
		if d, ok := r.p.Detectors[k].(Gauged); ok {
			interval, allows, least := d.Gauge()
			if interval == 0 {
				continue
			}
			n := float64(r.window.Requests * r.share[ring] * hours(interval))
			return int16(k), Gauge{Interval: interval, Requests: n, Fail: float64(n * math.Min(1, fails)), Seen: float64(n * math.Min(1, seen)),
				Later: last > r.kernel.Now()+interval, Allows: float64(n * allows), Least: least}
		}
	}
	return -1, Gauge{}
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
	live := r.changes[r.trace.Follow].live
	switch what {
	case ExposureEnded: // of the defect that rang, if it is one of the change
		if defect >= 0 && r.world.defects[defect].Change == r.trace.Follow {
			live &^= 1 << uint(defect-r.world.changes[r.trace.Follow].First)
		}
	case AlarmRang:
		e.Detector = rel.alarm.detector
	case RingStarted:
		e.Detector, e.Gauge = r.gauge(rel)
	}
	e.Live = bits.OnesCount32(live)
	r.trace.Events = append(r.trace.Events, e)
}

// tellChange records something about one change.
func (r *Run) tellChange(what Happening, change, defect int32, stage int16) {
	if r.trace == nil || change != r.trace.Follow {
		return
	}
	r.trace.Events = append(r.trace.Events, TraceEvent{At: r.kernel.Now(), What: what, Stage: stage, Detector: -1, Defect: defect, Changes: 1,
		Live: bits.OnesCount32(r.changes[change].live)})
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
