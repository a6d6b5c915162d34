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
	Critical float64 // log-likelihood ratio, 0 or more; at 0 it rings at any n above t
}

// MostSize is the largest probability with which the test can ring in health: that
// there are ever more errors than expected. Below it every level can be had.
func MostSize(expected float64) float64 {
	p, _ := MaxSPRT{Expected: expected}.Signal(1)
	return p
}

// CriticalValue is the critical value at which a healthy version rings with
// probability alpha, above 0 and below MostSize, before so many errors are expected.
func CriticalValue(expected, alpha float64) float64 {
	mustBePositive("alpha", alpha)
	mustBePositive("the largest possible alpha less alpha", MostSize(expected)-alpha)
	size := func(c float64) float64 { p, _ := MaxSPRT{Expected: expected, Critical: c}.Signal(1); return p }
	high := 1.0
	for size(high) > alpha {
		high *= 2
	}
	return falling(func(c float64) float64 { return size(c) - alpha }, 0, high)
}

// deadline is the number of errors expected in health at which error number n still
// rings; the ratio falls in t up to n.
func (m MaxSPRT) deadline(n float64) float64 {
	return falling(func(t float64) float64 { return ratioAt(n, t) - m.Critical }, 0, n)
}

// ratioAt is n log(n/t) - (n - t) for t up to n. Near n the logarithm is taken of the
// difference, which is exact there, since half of the digits would cancel.
func ratioAt(n, t float64) float64 {
	if away := n - t; away < n/2 {
		return float64(-n*portable.Log1p(-away/n)) - away
	}
	return float64(n*portable.Log(n/t)) - (n - t)
}

// Signal is the probability of an alarm when errors are ratio times as frequent as
// in health, and the mean time of the alarm, given that there is one, in errors
// expected in health (+Inf where an alarm is less likely than 1e-300). It is exact,
// over the times up to which each error still rings: error number n rings when it
// comes before its own deadline and after that of the error before, and every term
// is positive, so that small probabilities keep their digits.
func (m MaxSPRT) Signal(ratio float64) (p, meanTime float64) {
	mustBePositive("the errors expected", m.Expected)
	mustNotBeNegative("the critical value", m.Critical)
	mustBePositive("the ratio", ratio)
	quiet, now, sum := []float64{1}, 0.0, 0.0
	for n := 1; now < m.Expected && total(quiet) > leastOpen; n++ {
		until := math.Min(m.Expected, m.deadline(float64(n)))
		come := poissonWeights(float64(ratio * (until - now)))
		rings, later := arrivals(quiet, come, n)
		p += rings
		sum += float64(now*rings) + later/ratio
		quiet, now = grow(quiet, come, n-1), until
	}
	if p < 1e-300 {
		return p, math.Inf(1)
	}
	return p, sum / p
}

// leastOpen is the probability of no alarm yet that is as good as none.
const leastOpen = 1e-30

// poissonWeights are the probabilities of 0, 1, ... events, without the upper tail
// beyond 1e-60: its sums stay precise where an alarm is very unlikely.
func poissonWeights(mean float64) []float64 {
	var weights []float64
	for k := 0; ; k++ {
		w := poissonWeight(k, mean)
		if weights = append(weights, w); w < 1e-60 && float64(k) > mean {
			return weights
		}
	}
}

// arrivals is the probability that error number n comes in a period with so many
// errors, and the part of its mean time since the start of that, in errors: of j
// errors at the start it is m = n - j further ones, at a time G of the gamma law of
// shape m, and E[G, G <= mean] = m P(more than m errors).
func arrivals(quiet, come []float64, n int) (p, sum float64) {
	above := make([]float64, max(len(come), n)+2) // P(i errors or more)
	for i := len(come) - 1; i >= 0; i-- {
		above[i] = above[i+1] + come[i]
	}
	for j, q := range quiet {
		p += float64(q * above[n-j])
		sum += float64(q * float64(n-j) * above[n-j+1])
	}
	return p, sum
}

// grow is the distribution of the errors after a period with so many, at most most.
func grow(p, come []float64, most int) []float64 {
	next := make([]float64, most+1)
	for j, q := range p {
		for k := 0; k < len(come) && j+k <= most; k++ {
			next[j+k] += float64(q * come[k])
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
