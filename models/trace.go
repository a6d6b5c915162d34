package models

import "time"

// Trace is the story of one replication: what happened, when and to what. A
// nil Trace records nothing and costs one comparison.
type Trace struct {
	Events []TraceEvent
}

// TraceEvent is one line of a story. Indexes that do not apply are -1.
type TraceEvent struct {
	At      time.Duration
	What    Happening
	Release int32 // slot of the release; slots are used again
	Change  int32 // number of the change in the replication
	Defect  int32 // index into World.Defects
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
	ReleaseFinished
)

func (t *Trace) add(at time.Duration, what Happening, release, change, defect int32) {
	if t == nil {
		return
	}
	t.Events = append(t.Events, TraceEvent{At: at, What: what, Release: release, Change: change, Defect: defect})
}

// SetTrace makes the Run tell what happens from now on; nil stops it.
func (r *Run) SetTrace(t *Trace) { r.trace = t }
