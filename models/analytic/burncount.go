package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"gonum.org/v1/gonum/integrate/quad"
)

// BurnCount is a Burn of thin traffic, where chance decides: errors come one by one,
// as a Poisson process, whose rate rises from Requests times Baseline to Requests
// times Errors at time 0, and the window divides by as many requests as are expected.
// The alarm is when its errors are too many: a new one is too much, or those of before
// were by themselves, at time 0. The short window must be short enough not to matter.
//
// All of it is exact as long as the alarm comes within one window. Afterwards new
// errors would leave the window again; here they stay, so that a time above Window is
// too short. Within says how often it matters.
type BurnCount struct {
	Burn     Burn
	Requests float64 // per second, above 0
	Baseline float64 // failing share before, 0 or more
	Errors   float64 // failing share from time 0 on, above Baseline and at most 1
}

// Allowed is the number of errors that the window allows, not a whole one.
func (b BurnCount) Allowed() float64 {
	mustBePositive("requests per second", b.Requests)
	return b.Burn.Threshold() * b.Requests * b.Burn.Window
}

// Needed is the number of errors in the window that rings. What is allowed may be a
// whole number but for its rounding.
func (b BurnCount) Needed() int {
	return int(math.Floor(b.Allowed()*(1+1e-14))) + 1
}

// rates are the errors per second, old and new.
func (b BurnCount) rates() (before, after float64) {
	mustBePositive("requests per second", b.Requests)
	mustBeShare("the baseline", b.Baseline)
	mustBeShare("the failing share", b.Errors)
	mustBePositive("the failing share less the baseline", b.Errors-b.Baseline)
	return b.Requests * b.Baseline, b.Requests * b.Errors
}

// erlang is the case of no baseline: errors are complaints that need no user.
func (b BurnCount) erlang() Complaints {
	_, after := b.rates()
	return Complaints{Rate: after, Reports: b.Needed()}
}

// Mean is the mean time to the alarm in seconds: that of an Erlang time where there is
// no baseline.
func (b BurnCount) Mean() float64 {
	if b.Baseline == 0 {
		return b.erlang().Mean()
	}
	mean, _ := b.moments()
	return mean
}

// SD is the standard deviation of the time to the alarm in seconds.
func (b BurnCount) SD() float64 {
	if b.Baseline == 0 {
		return b.erlang().SD()
	}
	mean, square := b.moments()
	return math.Sqrt(math.Max(0, square-float64(mean*mean)))
}

// Quantile is the time by which the alarm has rung with probability p, 0 to 1, in
// seconds. With a baseline it is +Inf where that is after one window.
func (b BurnCount) Quantile(p float64) float64 {
	mustBeShare("a probability", p)
	switch {
	case b.Baseline == 0:
		return b.erlang().Quantile(p)
	case p > b.Within():
		return math.Inf(1)
	case p <= 1-b.silent(0):
		return 0
	}
	return falling(func(t float64) float64 { return b.silent(t) - (1 - p) }, 0, b.Burn.Window)
}

// Within is the probability that the alarm rings within one window.
func (b BurnCount) Within() float64 {
	if b.Baseline == 0 {
		return b.erlang().Within(b.Burn.Window)
	}
	return 1 - b.silent(b.Burn.Window)
}

// silent is the probability of no alarm by time t, 0 to Window. With r old errors
// left in the window then, and d gone, it is that the walk of new errors less gone ones
// has stayed below k - r - d. New and gone ones are independent Poisson numbers in a
// random order, so of the walks to a new and d gone errors a share of
// C(a+d, k-r) / C(a+d, a) has not (the reflection principle: Feller, volume 1, 1968,
// section III.1). Summed over a and d, with j = k - r and q = before/after:
//
//	P(A < j) P(D < j) - (q P(A = j) P(D < j) - P(D = j) P(A < j)) / (1 - q)
func (b BurnCount) silent(t float64) float64 {
	before, after := b.rates()
	k, q := b.Needed(), before/after
	left, gone, fresh := before*(b.Burn.Window-t), before*t, after*t
	from, to := poissonRange(left)
	to = min(to, k-1)
	few, _ := poissonTails(k-to-1, fresh) // P(A < j)
	less, _ := poissonTails(k-to-1, gone) // P(D < j)
	sum := 0.0
	for r := to; r >= from; r-- {
		j := float64(k - r)
		a, d := portable.PoissonWeight(j, fresh), portable.PoissonWeight(j, gone)
		stays := float64(few*less) - (float64(q*float64(a*less))-float64(d*few))/(1-q)
		sum += float64(portable.PoissonWeight(float64(r), left) * stays)
		few, less = few+a, less+d
	}
	return math.Max(0, math.Min(1, sum))
}

// moments are the means of the time and of its square: integrals of silent up to one
// window, and what is left.
func (b BurnCount) moments() (mean, square float64) {
	from, to := b.span()
	mean, square = from, float64(from*from) // silent is 1 until then
	mean += quad.Fixed(b.silent, from, to, 200, nil, 0)
	square += 2 * quad.Fixed(func(t float64) float64 { return t * b.silent(t) }, from, to, 200, nil, 0)
	more, moreSquare := b.later()
	return mean + more, square + moreSquare
}

// span is between what times silent falls from 1 to 0: ten standard deviations of the
// number in the window on either side, and a hundred errors for where they are few.
func (b BurnCount) span() (from, to float64) {
	before, after := b.rates()
	drift, window := after-before, b.Burn.Window
	middle := (float64(b.Needed()) - float64(before*window)) / drift
	at := math.Max(0, math.Min(window, middle))
	spread := (10*math.Sqrt(float64(after*at)+float64(before*(window-at))) + 100) / drift
	return math.Max(0, math.Min(window, middle-spread)), math.Max(0, math.Min(window, middle+spread))
}

// later is what alarms after the first window add to the means of the time and of its
// square. The old errors have all left, a < k new ones are there, and k - a more make
// an Erlang time.
func (b BurnCount) later() (mean, square float64) {
	before, after := b.rates()
	window, k := b.Burn.Window, b.Needed()
	if b.silent(window) < negligible {
		return 0, 0
	}
	less, _ := poissonTails(k-1, before*window)
	reflected := portable.PoissonWeight(float64(k), after*window)
	from, to := poissonRange(after * window)
	for a := from; a <= min(to, k-1); a++ {
		fewer, _ := poissonTails(a-1, before*window)
		n := float64(k - a)
		p := float64(portable.PoissonWeight(float64(a), after*window)*less) - float64(reflected*float64(portable.Pow(before/after, n)*fewer))
		mean += float64(p * n / after)
		square += float64(p * (2*window*n/after + n*(n+1)/(after*after)))
	}
	return mean, square
}
