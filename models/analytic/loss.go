package analytic

import "math"

// Loss is the exposure that the escaped defects of a period give, in hours of full
// audience; times the number of users it is user-hours. Each escape is noticed
// after an exposure that is exponential of mean 1/Hazard, and is exposed to
// everybody for Respond more hours.
//
// The sum of n exposures is n Respond plus an Erlang time of n phases, so the loss
// is a mixture of shifted Erlang laws over the number of escapes (for Respond = 0
// the compound Poisson-exponential law: Bowers, Gerber, Hickman, Jones and Nesbitt,
// "Actuarial mathematics", 1997, chapter 12). Answers are exact up to terms that
// are together below 1e-15.
//
// Without a response no ramp with an unbounded last ring changes the law, since the
// exposure at the alarm is the same on each (see Watch). With a response, the loss
// on a ramp is less: the response is then spent at a smaller share.
type Loss struct {
	Escapes Count   // in the period
	Hazard  float64 // of the alarm for one escape, per hour at full exposure, positive
	Respond float64 // from the alarm to the end of the exposure, in hours, 0 or more
}

func (l Loss) mustHold() {
	l.Escapes.mustHold()
	mustBePositive("the hazard", l.Hazard)
	mustNotBeNegative("the response", l.Respond)
}

// Mean is the mean loss: escapes times the mean exposure of one.
func (l Loss) Mean() float64 {
	l.mustHold()
	return l.Escapes.Mean * (1/l.Hazard + l.Respond)
}

// Variance is that of a random sum: mean count times the variance of one, plus
// variance of the count times the squared mean of one.
func (l Loss) Variance() float64 {
	l.mustHold()
	one := 1/l.Hazard + l.Respond
	return l.Escapes.Mean/(l.Hazard*l.Hazard) + l.Escapes.Variance()*one*one
}

// Above is the probability of a loss above x >= 0.
func (l Loss) Above(x float64) float64 {
	above, _ := l.tail(x)
	return above
}

// Quantile is the smallest loss that is not exceeded with probability p, 0 <= p < 1
// (value at risk): 0 when no escape at all is that likely.
func (l Loss) Quantile(p float64) float64 {
	mustBeLevel(p)
	if l.Above(0) <= 1-p {
		return 0
	}
	top := l.Mean() + math.Sqrt(l.Variance())
	for l.Above(top) > 1-p {
		top *= 2
	}
	return falling(func(x float64) float64 { return l.Above(x) - (1 - p) }, 0, top)
}

// TailMean is the mean of the worst 1-p of all periods, 0 <= p < 1: tail value at
// risk, with the part of an atom at the quantile that it takes to fill the 1-p
// (Acerbi and Tasche, "On the coherence of expected shortfall", 2002, definition
// 2.6).
func (l Loss) TailMean(p float64) float64 {
	q := l.Quantile(p)
	above, sum := l.tail(q)
	return (sum + q*(1-p-above)) / (1 - p)
}

// tail returns P(L > x) and E[L; L > x]. The expectation of an Erlang time where it
// is above y is its mean times the tail of one more phase.
func (l Loss) tail(x float64) (above, mean float64) {
	l.mustHold()
	mustNotBeNegative("a loss", x)
	from, weights := l.Escapes.weights()
	for i, w := range weights {
		n := from + i
		if n == 0 {
			continue
		}
		fixed := float64(n) * l.Respond
		y := l.Hazard * math.Max(0, x-fixed)
		_, q := erlangTails(n, y)
		_, more := erlangTails(n+1, y)
		above += w * q
		mean += w * (float64(n)/l.Hazard*more + fixed*q)
	}
	return above, mean
}

// mustBeLevel panics unless p is a level of a quantile, 0 <= p < 1.
func mustBeLevel(p float64) {
	mustBeShare("a level", p)
	mustBePositive("what is above a level", 1-p)
}
