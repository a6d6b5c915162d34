package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Burn is one tier of a multi-window alert on an error budget (Beyer, Murphy, Rensin,
// Kawahara and Thorne, "The site reliability workbook", 2018, chapter 5), evaluated
// all the time at constant traffic.
type Burn struct {
	Objective float64 // share of requests promised to succeed, from 0 and below 1
	Rate      float64 // burn rate above which the alarm rings, above 0
	Window    float64 // seconds of the long window, above 0
	Short     float64 // seconds of the short window, 0 (none) to Window
}

// Threshold is the failing share above which a window burns too fast.
func (b Burn) Threshold() float64 {
	mustBeShare("the objective", b.Objective)
	mustBePositive("1 less the objective", 1-b.Objective)
	mustBePositive("the burn rate", b.Rate)
	mustBePositive("the window", b.Window)
	mustNotBeNegative("the short window", b.Short)
	mustNotBeNegative("the window less the short one", b.Window-b.Short)
	return (1 - b.Objective) * b.Rate
}

// Time is the seconds from when the failing share rises from baseline to errors
// until both windows burn too fast: each holds (t errors + (W - t) baseline) / W. It
// is 0 where the baseline burns too fast by itself, and +Inf where errors do not.
func (b Burn) Time(baseline, errors float64) float64 {
	threshold := b.Threshold()
	mustBeShare("the baseline", baseline)
	mustBeShare("the failing share", errors)
	switch {
	case baseline > threshold:
		return 0
	case errors <= threshold:
		return math.Inf(1)
	}
	// The same share of either window: the long one is later.
	return b.Window * (threshold - baseline) / (errors - baseline)
}

// Diluted is the failing share of the whole service when a part of the traffic fails
// in addition to the baseline.
func Diluted(baseline, errors, share float64) float64 {
	mustBeShare("the baseline", baseline)
	mustBeShare("the failing share", errors)
	mustBeShare("the share of traffic", share)
	return baseline + share*(errors-baseline)
}

// Spent is the share of the budget of a period, in seconds, that so many seconds at a
// failing share use up.
func (b Burn) Spent(errors, seconds, period float64) float64 {
	b.Threshold()
	return errors * seconds / (period * (1 - b.Objective))
}

// BurnCount is a Burn of thin traffic: errors come one by one, as a Poisson process,
// into a window that held none, and the requests in the window are as many as
// expected. The alarm is the first error that makes them too many.
type BurnCount struct {
	Burn     Burn
	Requests float64 // per second, above 0
	Errors   float64 // failing share, above 0 and at most 1
}

// Needed is the number of errors in the window that rings.
func (b BurnCount) Needed() int {
	mustBePositive("requests per second", b.Requests)
	return int(math.Floor(b.Allowed())) + 1
}

// Allowed is the number of errors that the window allows.
func (b BurnCount) Allowed() float64 { return b.Burn.Threshold() * b.Requests * b.Burn.Window }

// arrivals are the errors, as complaints that need no user.
func (b BurnCount) arrivals() Complaints {
	mustBePositive("the failing share", b.Errors)
	return Complaints{Rate: b.Requests * b.Errors, Reports: b.Needed()}
}

// Mean, SD and Quantile are those of the time to the alarm in seconds, an Erlang
// time. They hold as far as it is shorter than the window; Within says how often.
func (b BurnCount) Mean() float64 { return b.arrivals().Mean() }

// SD is the standard deviation in seconds.
func (b BurnCount) SD() float64 { return b.arrivals().SD() }

// Quantile is the time by which the alarm has rung with probability p, in seconds.
func (b BurnCount) Quantile(p float64) float64 { return b.arrivals().Quantile(p) }

// Within is the probability that the alarm rings within one window.
func (b BurnCount) Within() float64 { return b.arrivals().Within(b.Burn.Window) }

// FixedTest is one look at the errors of a ring: is their number too large for a
// known baseline? The number of errors is Poisson.
type FixedTest struct {
	Baseline float64 // failing share in health, above 0
	Rise     float64 // by which it is higher when the release is bad, above 0
	Alpha    float64 // largest probability of a false alarm, above 0 and below 1
}

// Power is the probability to notice the rise within so many requests, and the errors
// that it takes: the least number that health brings with probability Alpha at most.
func (f FixedTest) Power(requests float64) (power float64, errors int) {
	f.mustHold()
	mustBePositive("requests", requests)
	mean := requests * f.Baseline
	low, high := 0, int(mean+20*math.Sqrt(mean)+200)
	for low < high {
		middle := (low + high) / 2
		if _, more := poissonTails(middle-1, mean); more <= f.Alpha {
			high = middle
		} else {
			low = middle + 1
		}
	}
	_, power = poissonTails(low-1, requests*(f.Baseline+f.Rise))
	return power, low
}

func (f FixedTest) mustHold() {
	mustBePositive("the baseline", f.Baseline)
	mustBePositive("the rise", f.Rise)
	mustBeShare("the baseline and the rise", f.Baseline+f.Rise)
	mustBePositive("alpha", f.Alpha)
	mustBePositive("1 less alpha", 1-f.Alpha)
}

// Requests is the least whole number of requests from which on the power is never
// below the given one, 0 to 1, exclusive. Power is no smooth function: an error more
// that it takes lowers it, so the search starts where the normal approximation is far
// above and comes down.
func (f FixedTest) Requests(power float64) float64 {
	f.mustHold()
	mustBePositive("the power", power)
	mustBePositive("1 less the power", 1-power)
	high := 2*f.normal(power) + 50/(f.Baseline+f.Rise)
	// Between two errors needed, power grows with the requests: its low points are
	// where one more becomes needed.
	_, errors := f.Power(high)
	for ; errors > 0; errors-- {
		start := f.allows(errors - 1) // up to here errors-1 are enough
		if p, _ := f.Power(math.Floor(start) + 1); p < power {
			return f.within(errors, math.Floor(start)+1, power)
		}
	}
	return f.within(1, 1, power)
}

// allows is the largest number of requests at which so many errors ring.
func (f FixedTest) allows(errors int) float64 {
	if errors == 0 {
		return 0
	}
	return portable.InverseIncompleteGamma(float64(errors), f.Alpha) / f.Baseline
}

// within is the first number of requests from some on at which so many errors have
// the power.
func (f FixedTest) within(errors int, from, power float64) float64 {
	need := portable.InverseIncompleteGamma(float64(errors), power) / (f.Baseline + f.Rise)
	return math.Max(from, math.Ceil(need))
}

// normal is the number of requests by the normal approximation.
func (f FixedTest) normal(power float64) float64 {
	a, b := portable.NormalQuantile(1-f.Alpha), portable.NormalQuantile(power)
	root := math.Abs(a)*math.Sqrt(f.Baseline) + math.Abs(b)*math.Sqrt(f.Baseline+f.Rise)
	return root * root / (f.Rise * f.Rise)
}
