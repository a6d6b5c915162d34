package analytic

import "math"

// Burn is one tier of a multi-window alert on an error budget (Beyer, Murphy, Rensin,
// Kawahara and Thorne, "The site reliability workbook", 2018, chapter 5), evaluated
// all the time at constant traffic.
type Burn struct {
	Objective float64 // share of requests promised to succeed, from 0 and below 1
	Rate      float64 // burn rate above which the alarm rings, above 0
	Window    float64 // seconds of the long window, above 0
	Short     float64 // seconds of the short window, 0 (none) to Window
}

// Budget is the failing share that the objective leaves. It is worked out in decimal
// digits, of which an objective has 15 at most: in floating point 1 - 0.9995 is below
// 0.0005, and a rule of "more than" would ring at what it just allows.
func (b Burn) Budget() float64 {
	mustBeShare("the objective", b.Objective)
	mustBePositive("1 less the objective", 1-b.Objective)
	budget := math.Round((1-b.Objective)*1e15) / 1e15
	mustBePositive("1 less the objective, to 15 digits,", budget)
	return budget
}

// Threshold is the failing share above which a window burns too fast.
func (b Burn) Threshold() float64 {
	mustBePositive("the burn rate", b.Rate)
	mustBePositive("the window", b.Window)
	mustNotBeNegative("the short window", b.Short)
	mustNotBeNegative("the window less the short one", b.Window-b.Short)
	return b.Budget() * b.Rate
}

// exceeds reports whether x is above what is allowed by more than the rounding of a
// product or two.
func exceeds(x, allowed float64) bool { return x > allowed*(1+1e-14) }

// Time is the seconds from when the failing share rises from baseline to errors
// until both windows burn too fast: each holds (t errors + (W - t) baseline) / W. It
// is 0 where the baseline burns too fast by itself, and +Inf where errors do not.
func (b Burn) Time(baseline, errors float64) float64 {
	threshold := b.Threshold()
	mustBeShare("the baseline", baseline)
	mustBeShare("the failing share", errors)
	switch {
	case exceeds(baseline, threshold):
		return 0
	case !exceeds(errors, threshold):
		return math.Inf(1)
	}
	// The same share of either window: the long one is later.
	return b.Window * math.Max(0, threshold-baseline) / (errors - baseline)
}

// Look is the number of the look, 1 or more, at which the alarm rings when it looks
// once an interval, in seconds, the first time one interval after the rise; +Inf where
// it never does. A look at exactly the threshold does not ring.
func (b Burn) Look(baseline, errors, interval float64) float64 {
	mustBePositive("the interval", interval)
	looks := b.Time(baseline, errors) / interval
	if looks == 0 || math.IsInf(looks, 1) {
		return math.Max(1, looks)
	}
	return math.Floor(looks*(1+1e-14)) + 1
}

// FirstBurn is the time of the first alarm of several tiers, in seconds as Burn.Time:
// the workbook's rule is that any of them rings.
func FirstBurn(tiers []Burn, baseline, errors float64) float64 {
	mustCount("tiers", len(tiers))
	first := math.Inf(1)
	for _, b := range tiers {
		first = math.Min(first, b.Time(baseline, errors))
	}
	return first
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
	mustBeShare("the failing share", errors)
	mustBePositive("the period", period)
	return errors * seconds / (period * b.Budget())
}

// Exhausted is how many seconds at a failing share, above 0, use up the budget of a
// period in seconds.
func (b Burn) Exhausted(errors, period float64) float64 {
	mustBePositive("the failing share", errors)
	mustBePositive("the period", period)
	return period * b.Budget() / errors
}
