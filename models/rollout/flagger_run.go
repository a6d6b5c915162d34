package rollout

import "fmt"

// FlaggerPhase is how a canary of Flagger stands.
type FlaggerPhase uint8

// The phases of a canary. Initialized is the zero value: a new revision has not been
// seen yet. Succeeded and FlaggerFailed are final.
const (
	Initialized FlaggerPhase = iota
	Waiting                  // for confirm-rollout
	Progressing
	WaitingPromotion // for confirm-promotion; the analysis goes on
	Promoting
	Finalising
	Succeeded
	FlaggerFailed
)

// String is the name that Flagger gives the phase.
func (p FlaggerPhase) String() string {
	names := [...]string{"Initialized", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising", "Succeeded", "Failed"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("FlaggerPhase(%d)", uint8(p))
}

// Answers are what the world answers during one tick.
type Answers struct {
	// Metrics holds the value of each metric of the description, whichever of its
	// queries asks; NaN for no values and for an error. A request-success-rate is in
	// percent; a request-duration is in milliseconds, but in seconds where Provider is
	// kubernetes or gatewayapi..., whose queries yield those.
	Metrics []float64
	// Hooks says of each webhook of the description whether it answered with success.
	Hooks []bool
}

// FlaggerStatus is what can be seen after a tick.
type FlaggerStatus struct {
	Phase FlaggerPhase
	// Primary and Canary are the weights of the routes in percent; both 0 without a
	// mesh. In an A/B test they hold for the users who match.
	Primary, Canary int
	Mirrored        bool // whether the canary also gets a copy of the traffic
	StatusWeight    int  // the weight that Flagger reports, which is not always the route's
	FailedChecks    int  // never goes down before the end
	Iterations      int  // -1 while a stepwise canary waits for its promotion
	Queries         int  // queries of metrics in this tick
}

// FlaggerRun is one new revision on its way through Flagger's scheduler.
type FlaggerRun struct {
	spec   Flagger
	status FlaggerStatus
}

// NewFlagger is a canary at rest, about to meet a new revision.
func NewFlagger(f Flagger) *FlaggerRun {
	r := &FlaggerRun{spec: f}
	r.Reset()
	return r
}

// Reset is the same canary before the next new revision, without new memory.
func (r *FlaggerRun) Reset() {
	r.status = FlaggerStatus{}
	r.route(total, 0, false)
}

// Status is what the last tick left.
func (r *FlaggerRun) Status() FlaggerStatus { return r.status }

// Done says whether the canary has succeeded or failed; ticks then change nothing.
func (r *FlaggerRun) Done() bool {
	return r.status.Phase == Succeeded || r.status.Phase == FlaggerFailed
}

// Tick is one round of the scheduler, one each Every (controller.advanceCanary). The
// first sees the new revision. It panics if there is not an answer for each metric and
// each webhook.
func (r *FlaggerRun) Tick(a Answers) FlaggerStatus {
	if len(a.Metrics) != len(r.spec.Metrics) || len(a.Hooks) != len(r.spec.Hooks) {
		panic("rollout: an answer for each metric and each webhook is needed")
	}
	r.status.Queries = 0
	switch r.status.Phase {
	case Initialized, Waiting:
		r.detect(a)
	case Progressing, WaitingPromotion:
		r.progress(a)
	case Promoting:
		r.shift()
	case Finalising:
		r.phase(Succeeded)
	}
	return r.status
}

// detect meets the new revision, or waits for somebody to let it in.
func (r *FlaggerRun) detect(a Answers) {
	if !r.approved(ConfirmRolloutHook, a) {
		r.phase(Waiting)
		return
	}
	primary, canary := r.status.Primary, r.status.Canary
	r.status = FlaggerStatus{Phase: Progressing, Primary: primary, Canary: canary}
}

// progress is a tick between detection and promotion.
func (r *FlaggerRun) progress(a Answers) {
	switch {
	case r.spec.SkipAnalysis:
		r.skip()
	case r.recalled(a) || r.status.FailedChecks >= r.spec.threshold():
		r.rollback()
	case !r.healthy(a):
		r.status.FailedChecks++
	default:
		r.advance(a)
	}
}

// healthy runs the checks of a tick. Before any traffic there is nothing to measure:
// the pre-rollout webhooks are asked instead.
func (r *FlaggerRun) healthy(a Answers) bool {
	s := &r.status
	if s.Canary == 0 && s.Iterations == 0 && !(r.spec.Mirror && s.Mirrored) {
		return r.approved(PreRolloutHook, a)
	}
	return r.approved(RolloutHook, a) && r.metrics(a)
}

// skip promotes without looking.
func (r *FlaggerRun) skip() {
	r.route(total, 0, false)
	r.phase(Succeeded)
}

func (r *FlaggerRun) rollback() {
	r.route(total, 0, false)
	s := r.status
	r.status = FlaggerStatus{Phase: FlaggerFailed, Primary: s.Primary, Canary: s.Canary, Queries: s.Queries}
}

// route sets the weights; without a mesh there are none. A route that matches headers
// cannot mirror (Istio's router, the only one that was read): a canary that asks for
// both, without iterations, mirrors for ever.
func (r *FlaggerRun) route(primary, canary int, mirrored bool) {
	if r.spec.bare() {
		return
	}
	r.status.Primary, r.status.Canary, r.status.Mirrored = primary, canary, mirrored && !r.spec.Match
}

// phase enters a phase. Most phases forget weight and iterations; waiting for the
// promotion steps back by one iteration (canary.setStatusPhase).
func (r *FlaggerRun) phase(p FlaggerPhase) {
	s := &r.status
	s.Phase = p
	switch p {
	case Progressing, Waiting, Promoting:
		return
	}
	s.StatusWeight, s.Iterations = 0, 0
	if p == WaitingPromotion {
		s.Iterations = r.spec.iterations() - 1
	}
}
