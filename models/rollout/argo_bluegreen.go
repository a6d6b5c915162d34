package rollout

import "time"

// BlueGreen describes the blue-green strategy of a Rollout. Pods are ready at once.
type BlueGreen struct {
	// PrePromotion and PostPromotion say whether there are analyses before and after
	// the switch.
	PrePromotion, PostPromotion bool
	// ByHand is autoPromotionEnabled: false; a person switches.
	ByHand bool
	// AutoPromotion is autoPromotionSeconds, from the end of the analysis before the
	// switch to the switch; ByHand overrules it.
	AutoPromotion time.Duration
	// ScaleDownDelay is how long the old pods are kept after the end; nil: 30 s.
	ScaleDownDelay *time.Duration
	// Initial is a first revision: it gets all traffic at once and unseen.
	Initial bool
}

// Check lists negative times.
func (b *BlueGreen) Check() []Fault {
	var all faults
	all.notNegative("autoPromotionSeconds", b.AutoPromotion)
	if b.ScaleDownDelay != nil {
		all.notNegative("scaleDownDelaySeconds", *b.ScaleDownDelay)
	}
	return all
}

// BlueGreenStatus is what can be seen of a blue-green rollout.
type BlueGreenStatus struct {
	State    State
	Switched bool // all traffic is on the new revision; before, none is
	Since    time.Duration
	Until    time.Duration // end of the wait for autoPromotionSeconds; else Forever
	Watch    Watch         // which analysis is to run since Since, when Measuring
	// OldPodsUntil is how long the old pods are kept, to go back to at once: Forever
	// before the rollout is Promoted, because they are the stable ones till then.
	OldPodsUntil time.Duration
}

// BlueGreenRun is one blue-green rollout. Times are since its start and never go back.
type BlueGreenRun struct {
	spec   BlueGreen
	status BlueGreenStatus
	clock  time.Duration
}

// NewBlueGreen starts a rollout at time 0.
func NewBlueGreen(b BlueGreen) *BlueGreenRun {
	r := &BlueGreenRun{spec: b}
	r.Reset()
	return r
}

// Reset starts the rollout again, without new memory.
func (r *BlueGreenRun) Reset() {
	*r = BlueGreenRun{spec: r.spec}
	switch {
	case r.spec.Initial:
		r.become(Promoted, 0)
		r.status.Switched = true
	case r.spec.PrePromotion:
		r.measure(PrePromotion, 0)
	default:
		r.wait(0)
	}
}

// Status is how the rollout stands.
func (r *BlueGreenRun) Status() BlueGreenStatus { return r.status }

func (r *BlueGreenRun) become(s State, at time.Duration) {
	r.status.State, r.status.Since, r.status.Until, r.status.OldPodsUntil = s, at, Forever, Forever
	if s == Promoted {
		r.status.OldPodsUntil = at + scaleDownDelay
		if d := r.spec.ScaleDownDelay; d != nil {
			r.status.OldPodsUntil = at + *d
		}
	}
}

func (r *BlueGreenRun) measure(w Watch, at time.Duration) {
	r.become(Measuring, at)
	r.status.Watch = w
}

// wait is between the analysis before the switch and the switch.
func (r *BlueGreenRun) wait(at time.Duration) {
	switch {
	case r.spec.ByHand:
		r.become(PausedForPerson, at)
	case r.spec.AutoPromotion > 0:
		r.become(Paused, at)
		r.status.Until = at + r.spec.AutoPromotion
	default:
		r.change(at)
	}
}

// change switches all traffic at once.
func (r *BlueGreenRun) change(at time.Duration) {
	r.status.Switched = true
	if r.spec.PostPromotion {
		r.measure(PostPromotion, at)
		return
	}
	r.become(Promoted, at)
}

func (r *BlueGreenRun) move(at time.Duration) {
	if at < r.clock {
		panic("rollout: time goes back")
	}
	r.clock = at
}

// Advance lets time pass: a wait that is over ends in the switch, at Until.
func (r *BlueGreenRun) Advance(at time.Duration) BlueGreenStatus {
	r.move(at)
	if r.status.State == Paused && r.status.Until <= at {
		r.change(r.status.Until)
	}
	return r.status
}

// Decide tells how the analysis that runs has ended. Failed and Error abort: traffic
// goes back, or never came. Inconclusive waits for a person. It panics if no analysis
// runs or its phase is not final.
func (r *BlueGreenRun) Decide(p Phase, at time.Duration) BlueGreenStatus {
	if r.status.State != Measuring || !p.Completed() {
		panic("rollout: the end of an analysis that does not run, or has not ended")
	}
	r.move(at)
	switch {
	case p == Failed || p == Error:
		r.abort(at)
	case p == Inconclusive:
		r.become(Undecided, at)
	case r.status.Watch == PrePromotion:
		r.wait(at)
	default:
		r.become(Promoted, at)
	}
	return r.status
}

// Promote is what a person does: it switches a rollout that waits for it, and lets an
// Inconclusive analysis begin anew. Otherwise it changes nothing.
func (r *BlueGreenRun) Promote(at time.Duration) BlueGreenStatus {
	r.move(at)
	switch r.status.State {
	case Paused, PausedForPerson:
		r.change(at)
	case Undecided:
		r.measure(r.status.Watch, at)
	}
	return r.status
}

// Abort is what a person does too. A rollout that is over stays as it is.
func (r *BlueGreenRun) Abort(at time.Duration) BlueGreenStatus {
	r.move(at)
	if !r.status.State.Final() {
		r.abort(at)
	}
	return r.status
}

func (r *BlueGreenRun) abort(at time.Duration) {
	r.become(Aborted, at)
	r.status.Switched = false
}
