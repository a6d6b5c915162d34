package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// MaxSPRT is the maximised sequential probability ratio test of Poisson errors that
// are watched all the time (Kulldorff, Davis, Kolczak, Lewis, Lieu and Platt, 2011).
// It rings at error number n when n log(n/t) - (n - t), with t errors expected in
// health by then and n above t, is the critical value or more.
type MaxSPRT struct {
	Expected float64 // errors expected in health at which the test ends, above 0
	Critical float64 // log-likelihood ratio, above 0
}

// CriticalValue is the critical value at which a healthy version rings with
// probability alpha, above 0 and below 1, before so many errors are expected.
func CriticalValue(expected, alpha float64) float64 {
	mustBePositive("alpha", alpha)
	mustBePositive("1 less alpha", 1-alpha)
	high := 1.0
	size := func(c float64) float64 { p, _ := MaxSPRT{Expected: expected, Critical: c}.Signal(1); return p }
	for size(high) > alpha {
		high *= 2
	}
	return falling(func(c float64) float64 { return size(c) - alpha }, 1e-6, high)
}

// deadline is the number of errors expected in health at which error number n still
// rings; the ratio falls in t up to n.
func (m MaxSPRT) deadline(n float64) float64 {
	return falling(func(t float64) float64 { return float64(n*portable.Log(n/t)) - (n - t) - m.Critical }, 0, n)
}

// Signal is the probability of an alarm when errors are ratio times as frequent as
// in health, and the mean time of the alarm, given that there is one, in errors
// expected in health: exact, over the times up to which each error still rings.
func (m MaxSPRT) Signal(ratio float64) (p, meanTime float64) {
	mustBePositive("the errors expected", m.Expected)
	mustBePositive("the critical value", m.Critical)
	mustBePositive("the ratio", ratio)
	quiet, now, silent := []float64{1}, 0.0, 0.0
	for n := 1; now < m.Expected; n++ {
		until := math.Min(m.Expected, m.deadline(float64(n)))
		silent += stillQuiet(quiet, float64(ratio*(until-now)), n-1) / ratio
		quiet = grow(quiet, float64(ratio*(until-now)), n-1)
		now = until
	}
	left := total(quiet)
	return 1 - left, (silent - float64(m.Expected*left)) / (1 - left)
}

// grow is the distribution of the errors after a time in which mean errors come,
// at most so many.
func grow(p []float64, mean float64, most int) []float64 {
	next, weight := make([]float64, most+1), make([]float64, most+1)
	for k := range weight {
		weight[k] = poissonWeight(k, mean)
	}
	for j, q := range p {
		for k := j; k <= most; k++ {
			next[k] += float64(q * weight[k-j])
		}
	}
	return next
}

func poissonWeight(k int, mean float64) float64 {
	if mean == 0 {
		if k == 0 {
			return 1
		}
		return 0
	}
	return portable.PoissonWeight(float64(k), mean)
}

// stillQuiet is the integral over a time in which mean errors come, in units of
// errors, of the probability to have at most so many: for j errors at the start the
// sum over i up to most-j of P(more than i errors).
func stillQuiet(p []float64, mean float64, most int) float64 {
	above, sum := make([]float64, most+2), 0.0
	for i := range most + 1 {
		_, more := poissonTails(i, mean)
		above[i+1] = above[i] + more
	}
	for j, q := range p {
		sum += float64(q * above[most-j+1])
	}
	return sum
}
