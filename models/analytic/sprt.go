package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// SPRT is Wald's sequential probability ratio test of a failing share (Wald,
// "Sequential analysis", 1947, chapter 5).
type SPRT struct {
	Healthy float64 // p0, above 0
	Broken  float64 // p1, above Healthy and below 1
	Alpha   float64 // probability aimed at of an alarm in health, above 0, below 0.5
	Beta    float64 // probability aimed at of passing a broken version, above 0, below 0.5
	Batch   int     // requests between two looks, 1 or more
}

func (s SPRT) mustHold() {
	mustBePositive("the healthy share", s.Healthy)
	mustBePositive("the broken share less the healthy one", s.Broken-s.Healthy)
	mustBePositive("1 less the broken share", 1-s.Broken)
	for _, x := range []float64{s.Alpha, s.Beta, 0.5 - s.Alpha, 0.5 - s.Beta} {
		mustBePositive("an error probability, and a half less it,", x)
	}
}

// Lines are the bounds of the test: n requests with x errors ring when x is Above +
// Slope n or more, and pass when it is Slope n - Below or less.
func (s SPRT) Lines() (above, below, slope float64) {
	s.mustHold()
	good := portable.Log1p(-s.Healthy) - portable.Log1p(-s.Broken)
	scale := portable.Log(s.Broken/s.Healthy) + good
	return portable.Log((1-s.Beta)/s.Alpha) / scale, portable.Log((1-s.Alpha)/s.Beta) / scale, good / scale
}

// Run is what the test does when each request fails with probability p, within so
// many requests.
func (s SPRT) Run(p float64, most int) Verdict {
	above, below, slope := s.Lines()
	return CountTest{Batch: s.Batch,
		Rejects: func(n, x int) bool { return float64(x) >= above+float64(slope*float64(n)) },
		Accepts: func(n, x int) bool { return float64(x) <= float64(slope*float64(n))-below },
	}.Run(p, most)
}

// Wald are his approximations, which leave out by how much the bounds are overshot:
// the probability to pass, the mean number of requests, and the exponent h at which
// the likelihood ratio has mean 1 (Wald, 1947, equations 3:43 and 3:57). p lies
// between 0 and 1, exclusive. Where it is the Slope, and h is 0, they are the limits
// a/(a+b) and ab / E[step squared] for bounds a above and b below.
func (s SPRT) Wald(p float64) (pass, mean, h float64) {
	s.mustHold()
	mustBePositive("the failing share", p)
	mustBePositive("1 less the failing share", 1-p)
	bad, good := s.logRatios()
	drift := float64(p*bad) + float64((1-p)*good)
	a, b := portable.Log((1-s.Beta)/s.Alpha), portable.Log(s.Beta/(1-s.Alpha))
	if h = s.exponent(p, drift); math.Abs(h) < 1e-7 {
		return a / (a - b), float64(-a*b) / (float64(p*bad*bad) + float64((1-p)*good*good)), 0
	}
	upper, lower := portable.Expm1(float64(h*a)), portable.Expm1(float64(h*b))
	pass = upper / (upper - lower)
	return pass, (float64(pass*b) + float64((1-pass)*a)) / drift, h
}

// logRatios are what an error and a good request add to the log-likelihood ratio.
func (s SPRT) logRatios() (bad, good float64) {
	return portable.Log(s.Broken / s.Healthy), portable.Log1p(-s.Broken) - portable.Log1p(-s.Healthy)
}

// exponent solves p r1^h + (1-p) r0^h = 1 for the root that is not 0. The left side
// is convex in h, so the root lies on the side to which it falls from 0.
func (s SPRT) exponent(p, drift float64) float64 {
	bad, good := s.logRatios()
	f := func(h float64) float64 {
		return float64(p*portable.Expm1(float64(h*bad))) + float64((1-p)*portable.Expm1(float64(h*good)))
	}
	side := -1.0
	if drift < 0 {
		side = 1
	}
	near, far := 1e-9*side, side
	for f(far) < 0 {
		near, far = far, 2*far
	}
	for range 200 {
		middle := (near + far) / 2
		if f(middle) < 0 {
			near = middle
		} else {
			far = middle
		}
	}
	return math.Copysign(math.Abs(far), side)
}
