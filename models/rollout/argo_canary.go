package rollout

import (
	"fmt"
	"time"
)

// State is how a rollout stands.
type State uint8

// The states of a rollout. Promoted and Aborted are final.
const (
	Paused          State = iota // until Status.Until
	PausedForPerson              // until somebody promotes
	Measuring                    // an analysis holds the rollout
	Undecided                    // an analysis was Inconclusive: until somebody promotes
	Promoted
	Aborted
)

// String is the state in a word or two.
func (s State) String() string {
	names := [...]string{"paused", "paused for a person", "measuring", "undecided", "promoted", "aborted"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// Final says whether nothing will happen any more.
func (s State) Final() bool { return s == Promoted || s == Aborted }

// Watch names an analysis of a rollout.
type Watch uint8

// The analyses of a rollout.
const (
	Inline        Watch = iota // that of a step
	Background                 // that of the canary
	PrePromotion               // before the switch of a blue-green rollout
	PostPromotion              // after it
)

// CanaryStatus is what can be seen of a canary.
type CanaryStatus struct {
	State  State
	Step   int           // index in Steps; their number when Promoted, 0 when Aborted
	Weight int           // asked for, in percent; Canary.Share says what it really is
	Since  time.Duration // when the state or the step began
	Until  time.Duration // end of a Pause; else Forever
	// Whether the analyses are to run, and since when. A caller starts them, and
	// terminates the one that is no longer wanted.
	Inline, Background           bool
	InlineSince, BackgroundSince time.Duration
	// PodsUntil is how long the pods of an Aborted canary are kept.
	PodsUntil time.Duration
}

// CanaryRun is one rollout by steps. Times are since its start and never go back.
type CanaryRun struct {
	spec            Canary
	status          CanaryStatus
	clock           time.Duration
	started         bool  // the background analysis has begun
	inconclusive    Watch // who asked for a person, when Undecided
	inline          Phase // how an analysis ended while a person was awaited
	backgroundEnded Phase
}

// NewCanary starts a rollout at time 0.
func NewCanary(c Canary) *CanaryRun {
	r := &CanaryRun{spec: c}
	r.Reset()
	return r
}

// Reset starts the rollout again, without new memory.
func (r *CanaryRun) Reset() {
	*r = CanaryRun{spec: r.spec}
	if r.spec.Initial {
		r.enter(len(r.spec.Steps), 0)
		return
	}
	r.enter(0, 0)
}

// Status is how the rollout stands.
func (r *CanaryRun) Status() CanaryStatus { return r.status }

// enter goes to a step and on through those that take no time. Background analysis
// begins at its starting step and is terminated with the last.
func (r *CanaryRun) enter(step int, at time.Duration) {
	s := &r.status
	s.Since, s.Until, s.Inline = at, Forever, false
	r.inline = Running
	for ; step < len(r.spec.Steps); step++ {
		s.Step = step
		if b := r.spec.Background; b != nil && !r.started && step >= *b {
			r.started, s.Background, s.BackgroundSince = true, true, at
		}
		switch now := r.spec.Steps[step]; now.Kind {
		case SetWeight:
			s.Weight = now.Weight
			continue
		case Pause:
			s.State, s.Until = Paused, at+now.Duration
		case PauseForPerson:
			s.State = PausedForPerson
		case InlineAnalysis:
			s.State, s.Inline, s.InlineSince = Measuring, true, at
		}
		return
	}
	s.Step, s.State, s.Weight, s.Background = step, Promoted, total, false
}

func (r *CanaryRun) move(at time.Duration) {
	if at < r.clock {
		panic("rollout: time goes back")
	}
	r.clock = at
}

// Advance lets time pass: a Pause that is over ends the step, at Until.
func (r *CanaryRun) Advance(at time.Duration) CanaryStatus {
	r.move(at)
	for r.status.State == Paused && r.status.Until <= at {
		r.enter(r.status.Step+1, r.status.Until)
	}
	return r.status
}

// Decide tells how an analysis ended. Failed and Error abort the rollout, Inconclusive
// holds it for a person, Successful ends the step of an inline analysis. What is told
// while a person is awaited waits too: the controller does not look. It panics if the
// analysis does not run or its phase is not final.
func (r *CanaryRun) Decide(w Watch, p Phase, at time.Duration) CanaryStatus {
	s := &r.status
	running := w == Inline && s.Inline || w == Background && s.Background
	if !running || !p.Completed() {
		panic("rollout: the end of an analysis that does not run, or has not ended")
	}
	r.move(at)
	if w == Inline {
		s.Inline, r.inline = false, p
	} else {
		s.Background, r.backgroundEnded = false, p
	}
	if s.State != Undecided && !s.State.Final() {
		r.judge(at)
	}
	return r.status
}

// judge acts on how the analyses have ended.
func (r *CanaryRun) judge(at time.Duration) {
	for _, end := range []struct {
		watch Watch
		phase Phase
	}{{Inline, r.inline}, {Background, r.backgroundEnded}} {
		switch end.phase {
		case Failed, Error:
			r.abort(at)
			return
		case Inconclusive:
			r.inconclusive = end.watch
			r.status.State, r.status.Since, r.status.Until = Undecided, at, Forever
			return
		}
	}
	if r.inline == Successful {
		r.enter(r.status.Step+1, at)
	}
}

// Promote is what a person does: it ends a pause, skips an analysis that holds the
// rollout, and goes on after an Inconclusive one. The step of an inconclusive inline
// analysis is done with; an inconclusive background analysis begins anew, and a pause
// under it is over. A rollout that is over stays as it is.
func (r *CanaryRun) Promote(at time.Duration) CanaryStatus {
	r.move(at)
	s := &r.status
	if s.State.Final() {
		return r.status
	}
	if s.State != Undecided || r.inconclusive == Inline {
		r.enter(s.Step+1, at)
		if s.State != Promoted && r.backgroundEnded.Completed() {
			r.judge(at)
		}
		return r.status
	}
	s.Background, s.BackgroundSince, r.backgroundEnded = true, at, Running
	if r.spec.Steps[s.Step].Kind != InlineAnalysis {
		r.enter(s.Step+1, at)
		return r.status
	}
	s.State, s.Since = Measuring, at
	if r.inline.Completed() {
		r.judge(at)
	}
	return r.status
}

// Abort is what a person does too: the weight goes back to 0. A rollout that is over
// stays as it is.
func (r *CanaryRun) Abort(at time.Duration) CanaryStatus {
	r.move(at)
	if !r.status.State.Final() {
		r.abort(at)
	}
	return r.status
}

func (r *CanaryRun) abort(at time.Duration) {
	r.status = CanaryStatus{State: Aborted, Since: at, Until: Forever, PodsUntil: at}
	switch d := r.spec.AbortScaleDownDelay; {
	case !r.spec.Router: // its pods are its traffic
	case d == nil:
		r.status.PodsUntil += scaleDownDelay
	case *d == 0:
		r.status.PodsUntil = Forever
	default:
		r.status.PodsUntil += *d
	}
}
