package rollout

// advance moves on after a tick whose checks have passed.
func (r *FlaggerRun) advance(a Answers) {
	switch r.spec.Strategy() {
	case ABTest:
		r.advanceTest(a)
	case Switch:
		r.advanceSwitch(a)
	case StepwiseCanary:
		r.advanceCanary(a)
	}
}

// advanceTest gives those who match the canary, and counts (controller.runAB).
func (r *FlaggerRun) advanceTest(a Answers) {
	if r.spec.iterations() > r.status.Iterations {
		r.route(0, total, false)
		r.status.Iterations++
		return
	}
	if r.promotable(a) && r.spec.iterations() == r.status.Iterations {
		r.phase(Promoting)
	}
}

// advanceSwitch counts first, then sends everybody to the canary, then promotes: the
// canary is checked at full traffic at least once (controller.runBlueGreen).
func (r *FlaggerRun) advanceSwitch(a Answers) {
	n := r.spec.iterations()
	if n > r.status.Iterations {
		if r.spec.Mirror && !r.status.Mirrored {
			r.route(total, 0, true)
		}
		r.status.Iterations++
		return
	}
	if !r.promotable(a) {
		return
	}
	if n == r.status.Iterations {
		r.route(0, total, false)
		r.status.Iterations++
		return
	}
	r.phase(Promoting)
}

// advanceCanary adds a step of weight, or promotes from the greatest weight on
// (controller.runCanary). Without a step it stays for ever.
func (r *FlaggerRun) advanceCanary(a Answers) {
	s := &r.status
	step := r.spec.step(s.Canary)
	if step <= 0 {
		return
	}
	if !s.Mirrored && s.Phase != WaitingPromotion && !r.approved(ConfirmTrafficIncreaseHook, a) {
		return
	}
	if s.Canary >= r.spec.maxWeight() {
		if r.promotable(a) {
			r.phase(Promoting)
		}
		return
	}
	switch {
	case r.spec.Mirror && s.Canary == 0 && !s.Mirrored:
		r.route(total, 0, true)
	case r.spec.Mirror && s.Canary == 0:
		r.route(total-step, step, false)
	default:
		r.route(max(0, s.Primary-step), min(total, s.Canary+step), s.Mirrored)
	}
	s.StatusWeight = s.Canary
}

// promotable asks the confirm-promotion webhooks. A canary that waits already loses an
// iteration again, so that checks go on.
func (r *FlaggerRun) promotable(a Answers) bool {
	if r.approved(ConfirmPromotionHook, a) {
		return true
	}
	if r.status.Phase != WaitingPromotion {
		r.phase(WaitingPromotion)
	} else {
		r.status.Iterations = r.spec.iterations() - 1
	}
	return false
}

// shift gives the traffic to the promoted primary; nothing is checked meanwhile. With a
// step of promotion and no traffic on the canary it would stay for ever
// (controller.runPromotionTrafficShift).
func (r *FlaggerRun) shift() {
	s := &r.status
	switch step := r.spec.StepWeightPromotion; {
	case r.spec.bare():
		r.phase(Finalising)
	case step == 0:
		r.route(total, 0, false)
		r.phase(Finalising)
	case s.Canary > 0:
		r.route(min(total, s.Primary+step), max(0, s.Canary-step), false)
		if s.Primary == total {
			r.phase(Finalising)
			return
		}
		s.StatusWeight = s.Canary
	}
}
