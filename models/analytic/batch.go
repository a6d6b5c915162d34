package analytic

import "math"

// Train is a pipeline that leaves at fixed times with all changes that have arrived
// since the last one, and then tests them together.
type Train struct {
	Arrivals float64 // changes per hour, Poisson, positive
	Period   float64 // from one train to the next, hours, positive
	Test     float64 // hours that a train takes, 0 or more
}

func (t Train) mustHold() {
	mustBePositive("the arrival rate", t.Arrivals)
	mustBePositive("the period", t.Period)
	mustNotBeNegative("the test", t.Test)
}

// Batch is the number of changes on a train.
func (t Train) Batch() Count {
	t.mustHold()
	return Poisson(t.Arrivals * t.Period)
}

// BatchSeen is the mean number of changes on the train of a change, itself
// included: large trains carry more changes, and a Poisson number seen by one of its
// events is one larger (Feller, volume 2, 1971, section I.4, the inspection paradox).
func (t Train) BatchSeen() float64 { return t.Batch().Mean + 1 }

// MeanWait is the mean wait for the train: a change arrives at any time of the
// period.
func (t Train) MeanWait() float64 {
	t.mustHold()
	return t.Period / 2
}

// LeadQuantile is the time from arrival to the end of the test that is not exceeded
// with probability p, 0 to 1, in hours.
func (t Train) LeadQuantile(p float64) float64 {
	t.mustHold()
	mustBeShare("a probability", p)
	return p*t.Period + t.Test
}

// GreedySlot is one slot that takes all changes that wait when it becomes free, and
// tests them together in a constant time. A change that finds it free starts alone.
// It is never overloaded: the more wait, the more go together.
type GreedySlot struct {
	Arrivals float64 // changes per hour, Poisson, positive
	Service  float64 // hours that a run takes, constant, positive
}

// GreedyAnswer is a GreedySlot in the long run.
type GreedyAnswer struct {
	Busy          float64 // share of time, which is also the probability that a change waits
	Wait          float64 // mean wait of a change, hours
	RunsPerChange float64 // 0 to 1
	Batch         float64 // mean number of changes in a run, at least 1
}

// Solve goes by the renewal cycle from one free slot to the next (Smith, "Regenerative
// stochastic processes", 1955). With a = arrivals times service a run meets no arrival
// with probability exp(-a), so a cycle has exp(a) runs and 1 + a exp(a) changes, and is
// busy for exp(a) service times of exp(a) service + 1/arrivals. A change that arrives
// during a run waits half of it on average, since arrivals within a run are uniform.
func (s GreedySlot) Solve() GreedyAnswer {
	mustBePositive("the arrival rate", s.Arrivals)
	mustBePositive("the run", s.Service)
	a := s.Arrivals * s.Service
	batch := a + math.Exp(-a)
	return GreedyAnswer{Busy: a / batch, Wait: a / batch * s.Service / 2, RunsPerChange: 1 / batch, Batch: batch}
}

// Pool tests changes in groups: one test for all, and one for each where that fails
// (Dorfman, "The detection of defective members of large populations", 1943).
type Pool struct {
	Defective float64 // probability that a change is, 0 to 1
}

// Fails is the probability that the test of a group of n >= 1 fails.
func (p Pool) Fails(n int) float64 {
	mustBeShare("the probability of a defect", p.Defective)
	mustCount("changes in a group", n)
	return -math.Expm1(float64(n) * math.Log1p(-p.Defective))
}

// TestsPerChange is the mean number of tests: 1/n + Fails(n), and 1 for a group of
// one.
func (p Pool) TestsPerChange(n int) float64 {
	fails := p.Fails(n)
	if n == 1 {
		return 1
	}
	return 1/float64(n) + fails
}

// Best is the size of a group with the fewest tests per change, at most the given
// one; 1 where groups do not help.
func (p Pool) Best(most int) int {
	best := 1
	for n := 2; n <= most; n++ {
		if p.TestsPerChange(n) < p.TestsPerChange(best) {
			best = n
		}
	}
	return best
}
