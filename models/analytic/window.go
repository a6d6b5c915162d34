package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Window is one look at the error rate of a release: of the requests in it each
// fails with probability Rate, independently, and the look fails when errors /
// requests is above Threshold, strictly. A window without requests passes.
type Window struct {
	Requests  float64 // in a window, 0 or more; a whole number where it is fixed, a mean where it is Poisson
	Threshold float64 // share of failed requests, 0 to 1
	Rate      float64 // true probability that a request fails, 0 to 1
}

func (w Window) mustHold() {
	mustNotBeNegative("the number of requests", w.Requests)
	mustBeShare("the threshold", w.Threshold)
	mustBeShare("the error rate", w.Rate)
}

// Allowed is the most errors with which a window of n >= 0 requests passes. The
// quotient is compared as a rollout controller does, in floating point: it is
// rounded correctly, so 10 errors of 500 are not above 2 %.
func (w Window) Allowed(n int) int {
	c := min(n, int(math.Ceil(w.Threshold*float64(n)))+1)
	for c > 0 && float64(c)/float64(n) > w.Threshold {
		c--
	}
	return c
}

// FailFixed is the probability that a window of exactly Requests requests fails:
// the upper tail of a binomial.
func (w Window) FailFixed() float64 {
	w.mustHold()
	if w.Requests != math.Floor(w.Requests) || w.Requests > math.MaxInt32 {
		panic("analytic: a fixed number of requests is a whole number up to 2^31-1")
	}
	n := int(w.Requests)
	_, above := binomialTails(w.Allowed(n), n, w.Rate)
	return above
}

// FailPoisson is the probability that a window fails whose number of requests is
// Poisson of mean Requests. Errors and good requests are then independent Poisson
// numbers, so it is the sum over the number of errors of its probability times
// that of few enough good ones.
func (w Window) FailPoisson() float64 {
	w.mustHold()
	errors, good := w.Requests*w.Rate, w.Requests*(1-w.Rate)
	from, to := poissonRange(errors)
	sum := 0.0
	for x := max(1, from); x <= to; x++ {
		few, _ := poissonTails(w.most(x)-x, good)
		sum += portable.PoissonWeight(float64(x), errors) * few
	}
	return sum
}

// most is the largest number of requests of which x >= 1 errors are above the
// threshold; x - 1 when there is none.
func (w Window) most(x int) int {
	if w.Threshold == 0 {
		return math.MaxInt32
	}
	n := int(math.Min(math.MaxInt32, float64(x)/w.Threshold)) + 1
	for n >= x && !(float64(x)/float64(n) > w.Threshold) {
		n--
	}
	return n
}

// NoRequests is the probability that a window of Poisson traffic is empty.
func (w Window) NoRequests() float64 {
	w.mustHold()
	return math.Exp(-w.Requests)
}
