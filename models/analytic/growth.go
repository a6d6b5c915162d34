package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Growth is the model of Goel and Okumoto (1979) of faults found over time: their
// number is Poisson with mean Faults (1 - exp(-Rate t)).
type Growth struct {
	Faults float64 // that would be found in the end, mean; above 0
	Rate   float64 // at which each is found, per unit of time; above 0
}

// Mean is the mean number of faults found by time t >= 0.
func (g Growth) Mean(t float64) float64 {
	mustBePositive("the faults", g.Faults)
	mustBePositive("the rate", g.Rate)
	mustNotBeNegative("a time", t)
	return -g.Faults * portable.Expm1(-g.Rate*t)
}

// Left is the mean number of faults not found by time t.
func (g Growth) Left(t float64) float64 { return g.Faults - g.Mean(t) }

// GrowthFit is a fit by maximum likelihood.
type GrowthFit struct {
	Growth
	LogLikelihood float64 // natural, without a unit; the larger, the better
	AIC           float64 // -2 LogLikelihood + 4, for two parameters
}

// FitTimes fits the times at which faults were found, none below 0 and none before the
// one before, to the end of the observation, at or after the last and above 0. It has no
// answer, and reports so, where faults do not become rarer (their mean time is half the
// end or later: Littlewood and Verrall, 1981), and where all are found at time 0.
func FitTimes(times []float64, end float64) (fit GrowthFit, ok bool) {
	mustCount("faults", len(times))
	mustBePositive("the end", end)
	mustNotBeNegative("the first time", times[0])
	n, sum := float64(len(times)), 0.0
	for i, t := range times {
		mustNotBeNegative("the end less a time", end-t)
		if i > 0 {
			mustNotBeNegative("a time less the one before", t-times[i-1])
		}
		sum += t
	}
	// With Faults = n / (1 - exp(-b end)): n/b - sum - n end / (exp(b end) - 1) = 0.
	score := func(b float64) float64 { return n/b - sum - n*end/portable.Expm1(b*end) }
	b, ok := rootFromZero(score, 1/end)
	if !ok {
		return GrowthFit{}, false
	}
	a := -n / portable.Expm1(-b*end)
	return fitted(a, b, n*portable.Log(a*b)-b*sum-n), true
}

// FitCounts fits the number of faults found in each of equal stretches of time, of
// length 1. It reports that there is no answer as FitTimes does; so it is where all are
// found in the first stretch, which gives no rate.
func FitCounts(counts []int) (fit GrowthFit, ok bool) {
	mustCount("stretches", len(counts))
	n, end := 0.0, float64(len(counts))
	for _, c := range counts {
		mustNotBeNegative("a count", float64(c))
		n += float64(c)
	}
	mustBePositive("the faults", n)
	// The derivative of the log-likelihood, given the best Faults for each rate.
	score := func(b float64) float64 {
		sum := -n * end / portable.Expm1(b*end)
		for i, c := range counts {
			// log(exp(-b i) - exp(-b (i+1))) has the derivative -i + 1/(exp(b)-1).
			sum += float64(c) * (1/portable.Expm1(b) - float64(i))
		}
		return sum
	}
	b, ok := rootFromZero(score, 1/end)
	if !ok {
		return GrowthFit{}, false
	}
	a := -n / portable.Expm1(-b*end)
	likelihood, g := 0.0, Growth{Faults: a, Rate: b}
	for i, c := range counts {
		step := g.Mean(float64(i+1)) - g.Mean(float64(i))
		likelihood += float64(c)*portable.Log(step) - step - portable.Lgamma(float64(c)+1)
	}
	return fitted(a, b, likelihood), true
}

func fitted(a, b, likelihood float64) GrowthFit {
	return GrowthFit{Growth{Faults: a, Rate: b}, likelihood, 4 - 2*likelihood}
}

// rootFromZero finds where a falling score is 0, above 0; false when it is not
// positive near 0, or not negative at any b.
func rootFromZero(score func(b float64) float64, scale float64) (b float64, ok bool) {
	low, high := 1e-4*scale, scale
	if !(score(low) > 0) {
		return 0, false
	}
	for score(high) > 0 {
		if high *= 2; high > 1e9*scale {
			return 0, false
		}
	}
	b = falling(score, low, high)
	return b, score(2*b) < 0 // not where it only runs out of digits
}

// StopTesting is the left side of the rule of Dalal and Mallows (1988, equation 4.6):
// testing may stop at time t when it is the number of faults found or more. ratio is
// what testing costs in a unit of time over what a fault costs more in the field than
// in testing; rate is that at which a fault is found.
func StopTesting(ratio, rate, t float64) float64 {
	mustBePositive("the ratio of costs", ratio)
	mustBePositive("the rate", rate)
	mustNotBeNegative("the time", t)
	return ratio * portable.Expm1(rate*t) / rate
}

// OptimalStop is when to stop testing so that the costs are least (Okumoto and Goel,
// 1980): perTime for testing, inTest for a fault found there and inField for one found
// later, above inTest. It is 0 where testing does not pay at all.
func (g Growth) OptimalStop(perTime, inTest, inField float64) float64 {
	mustBePositive("the faults", g.Faults)
	mustBePositive("the rate", g.Rate)
	mustBePositive("the cost of testing", perTime)
	mustBePositive("the cost in the field less that in testing", inField-inTest)
	return math.Max(0, portable.Log(g.Faults*g.Rate*(inField-inTest)/perTime)/g.Rate)
}
