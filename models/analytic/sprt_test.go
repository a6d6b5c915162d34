package analytic

import (
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// TestWaldAtTheSlope: where the log-likelihood does not drift, the exponent is 0 and
// the approximations are limits; they join those to either side.
func TestWaldAtTheSlope(t *testing.T) {
	s := SPRT{Healthy: 0.01, Broken: 0.03, Alpha: 0.02, Beta: 0.1, Batch: 1}
	_, _, slope := s.Lines()
	pass, mean, h := s.Wald(slope)
	a, b := portable.Log(0.9/0.02), portable.Log(0.98/0.1)
	// A martingale that stops at a or -b is below with probability a/(a+b).
	if h != 0 || !near(pass, a/(a+b), 1e-9) {
		t.Errorf("passes with %v, exponent %v", pass, h)
	}
	const aside = 1e-4
	lowPass, lowMean, _ := s.Wald(slope * (1 - aside))
	highPass, highMean, _ := s.Wald(slope * (1 + aside))
	// What is left between the limit and the mean of both sides is of second order:
	// -0.28 and -2.5 times the square of the relative distance.
	if !near((lowPass+highPass)/2, pass, 3*aside*aside) || !near((lowMean+highMean)/2, mean, 3*aside*aside) {
		t.Errorf("%v, %v at the slope; %v, %v below and %v, %v above", pass, mean, lowPass, lowMean, highPass, highMean)
	}
	if !(lowPass > pass && pass > highPass) {
		t.Errorf("passes with %v, %v, %v", lowPass, pass, highPass)
	}
}
