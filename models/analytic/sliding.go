package analytic

import (
	"fmt"
	"math"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// SlidingChecks are looks at windows that overlap: one look after each interval,
// at the errors of the last Intervals of them. Before the release there were no
// errors (cold start), and a window always counts as full. The Failures-th failing
// look, in all, is the alarm.
//
// Looks that share intervals depend on each other, so this is no Checks: it is the
// Markov chain of the counts of the last Intervals-1 intervals (Fu and Koutras,
// "Distribution theory of runs: a Markov chain approach", 1994), solved to about
// 1e-9.
type SlidingChecks struct {
	Window    Window // Requests is for one interval, a whole number
	Intervals int    // in a window, 1 or more
	Failures  int    // failing looks that it takes, 1 or more
}

// SlidingAnswer is the number of looks to the alarm.
type SlidingAnswer struct {
	Mean float64 // +Inf when looks never fail
	SD   float64 // standard deviation; +Inf when looks never fail
}

// TooLarge is a question whose Markov chain has too many states to be solved here.
type TooLarge struct {
	What string // what the states remember
	Most int    // states that are solved
}

func (e *TooLarge) Error() string {
	return fmt.Sprintf("%s: a Markov chain of more than %d states", e.What, e.Most)
}

// mostStates is how many states are solved: in some seconds and 400 MB.
const mostStates = 6_000_000

// Full is a window of all its intervals.
func (s SlidingChecks) Full() Window {
	mustCount("intervals", s.Intervals)
	w := s.Window
	w.Requests *= float64(s.Intervals)
	return w
}

// Allowed is the most errors with which a full window passes.
func (s SlidingChecks) Allowed() int {
	full := s.Full()
	return full.Allowed(int(full.Requests))
}

// Solve works out the looks to the alarm. A question with too many states is a
// TooLarge error.
func (s SlidingChecks) Solve() (SlidingAnswer, error) {
	mustCount("failures", s.Failures)
	if apart := s.apart(); s.Intervals == 1 || apart.Fail == 0 {
		return SlidingAnswer{Mean: apart.Mean(), SD: apart.SD()}, nil
	}
	c, err := s.chain()
	if err != nil {
		return SlidingAnswer{}, err
	}
	mean, second := c.moments(s.Failures)
	return SlidingAnswer{Mean: mean, SD: math.Sqrt(math.Max(0, 2*second-mean-mean*mean))}, nil
}

// moments are the means of T and T (T+1) / 2 for the number T of looks to so many
// failures. With N the sum of all powers of the chain they are N 1 and N N 1, from
// the start (Kemeny and Snell, "Finite Markov chains", 1960, chapter 3). The chain
// goes from level to level, one a failure.
func (c *slidingChain) moments(failures int) (mean, second float64) {
	stays, twice, enter := c.vector(), c.vector(), c.start()
	c.sojourn(stays, enter)
	c.sojourn(twice, stays)
	mean, second = total(stays), total(twice)
	for range failures - 1 {
		c.step(stays, c.now, enter)
		c.sojourn(stays, enter)
		c.step(twice, c.now, enter)
		add(enter, stays, 1)
		c.sojourn(twice, enter)
		mean += total(stays)
		second += total(twice)
	}
	return mean, second
}

// Within is the probability of the alarm within n >= 0 looks.
func (s SlidingChecks) Within(n int) (float64, error) {
	if s.Intervals == 1 {
		return s.apart().Within(n), nil
	}
	alarm := 0.0
	err := s.walk(func(made int, _, rings float64) bool {
		if made >= n {
			return false
		}
		alarm += rings
		return true
	})
	return alarm, err
}

// Silent is the least number of looks after which no alarm has rung with a
// probability of at most left, positive.
func (s SlidingChecks) Silent(left float64) (int, error) {
	mustBePositive("what is left", left)
	if s.Intervals == 1 {
		return sort.Search(math.MaxInt32, func(n int) bool { return 1-s.apart().Within(n) <= left }), nil
	}
	n := 0
	err := s.walk(func(made int, silent, _ float64) bool {
		n = made
		return silent > left
	})
	return n, err
}

// apart are the looks at windows of one interval, which do not overlap.
func (s SlidingChecks) apart() Checks {
	return Checks{Fail: s.Full().FailFixed(), Failures: s.Failures}
}

// walk makes one look after the other and says before each how many were made, how
// likely it is that no alarm has rung, and that the next look rings it.
func (s SlidingChecks) walk(goOn func(made int, silent, rings float64) bool) error {
	mustCount("failures", s.Failures)
	c, err := s.chain()
	if err != nil {
		return err
	}
	levels := make([][]float64, s.Failures)
	for i := range levels {
		levels[i] = c.vector()
	}
	levels[0][0] = 1
	last := len(levels) - 1
	for made := 0; ; made++ {
		silent := 0.0
		for _, level := range levels {
			silent += total(level)
		}
		if !goOn(made, silent, c.failing(levels[last])) {
			return nil
		}
		c.stepLevels(levels)
	}
}

// stepLevels moves all levels by one look; a failing one leads to the next level.
func (c *slidingChain) stepLevels(levels [][]float64) {
	risen, pass, fail := c.vector(), c.vector(), c.vector()
	for _, level := range levels {
		c.step(level, pass, fail)
		copy(level, pass)
		add(level, risen, 1)
		risen, fail = fail, risen
	}
}

// chain makes the Markov chain, for 2 or more intervals. With one failure, only the
// states that have not failed are needed; with more, all that are likely enough to
// matter.
func (s SlidingChecks) chain() (*slidingChain, error) {
	memory, n, allowed := s.Intervals-1, int(s.Window.Requests), s.Allowed()
	cap := s.likely(memory)
	if s.Failures == 1 {
		cap = min(cap, allowed)
	}
	if simplexStates(memory, cap, mostStates) > mostStates {
		return nil, &TooLarge{What: fmt.Sprintf("windows of %d intervals", s.Intervals), Most: mostStates}
	}
	lump := s.Failures > 1 || cap < allowed
	return newLumpedChain(newSimplex(memory, cap), allowed, lump, func(y int) (weight, above float64) {
		if y <= n {
			weight = portable.BinomialWeight(float64(y), float64(n), s.Window.Rate)
		}
		_, above = binomialTails(y, n, s.Window.Rate)
		return weight, above
	}), nil
}

// likely is the number of errors in memory intervals that is exceeded so rarely
// that cutting counts down to it cannot be seen in the answer: with 1e-8 of the
// probability that a window fails, which moves the mean by some 1e-10.
func (s SlidingChecks) likely(memory int) int {
	n, fail := memory*int(s.Window.Requests), s.apart().Fail
	return sort.Search(n, func(c int) bool {
		_, above := binomialTails(c, n, s.Window.Rate)
		return above <= 1e-8*fail
	})
}
