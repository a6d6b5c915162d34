package analytic

import (
	"math"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// PoissonTest decides by a number of events that is Poisson of mean Expected when
// nothing is wrong, and rejects when it is Least or more.
type PoissonTest struct {
	Expected float64 // events, positive
	Level    float64 // probability of a false alarm allowed, 0 to 1, exclusive
}

// Least is the smallest number of events whose tail has at most the probability
// Level.
func (p PoissonTest) Least() int {
	mustBePositive("the expected number", p.Expected)
	mustBePositive("the level", p.Level)
	return sort.Search(math.MaxInt32, func(c int) bool { return p.rejects(c, p.Expected) <= p.Level })
}

// rejects is the probability of c or more events.
func (p PoissonTest) rejects(c int, mean float64) float64 {
	_, above := poissonTails(c-1, mean)
	return above
}

// Size is the true probability of a false alarm.
func (p PoissonTest) Size() float64 { return p.Power(1) }

// Power is the probability to reject when events are ratio times as frequent as
// expected, ratio positive.
func (p PoissonTest) Power(ratio float64) float64 { return p.rejects(p.Least(), ratio*p.Expected) }

// ShareTest compares a canary that gets a share of all requests with the rest:
// given the number of errors in all, those of the canary are binomial of that
// share when it is no worse, and the test rejects when so many or more have a
// probability of at most Level (Przyborowski and Wilenski, "Homogeneity of results
// in testing samples from Poisson series", 1940). Errors are Poisson.
type ShareTest struct {
	Requests float64 // in all, positive
	Share    float64 // of the canary, 0 to 1, exclusive
	Rate     float64 // errors per request of the rest, positive
	Level    float64 // probability of a false alarm allowed, 0 to 1, exclusive
}

// Rejects is the probability to reject when the canary's error rate is ratio times
// that of the rest.
func (s ShareTest) Rejects(ratio float64) float64 {
	mustBePositive("the share of the canary", s.Share)
	mustBePositive("the share of the rest", 1-s.Share)
	mustBePositive("the level", s.Level)
	canary, rest := s.Requests*s.Share*s.Rate*ratio, s.Requests*(1-s.Share)*s.Rate
	mustBePositive("the expected errors", math.Min(canary, rest))
	share := canary / (canary + rest)
	from, to := poissonRange(canary + rest)
	sum := 0.0
	for all := from; all <= to; all++ {
		_, above := binomialTails(s.least(all)-1, all, share)
		sum += portable.PoissonWeight(float64(all), canary+rest) * above
	}
	return sum
}

// least is the smallest number of the canary's errors, of so many in all, with
// which the test rejects; one more than possible when there is none.
func (s ShareTest) least(all int) int {
	return sort.Search(all+1, func(c int) bool {
		_, above := binomialTails(c-1, all, s.Share)
		return above <= s.Level
	})
}
