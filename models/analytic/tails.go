package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// binomialTails returns P(X <= c) and P(X > c) for X successes in n trials of
// probability p (NIST Digital Library of Mathematical Functions, 8.17.5).
func binomialTails(c, n int, p float64) (atMost, above float64) {
	switch {
	case c < 0:
		return 0, 1
	case c >= n:
		return 1, 0
	}
	above, atMost = portable.IncompleteBeta(float64(c)+1, float64(n-c), p)
	return atMost, above
}

// poissonTails returns P(X <= c) and P(X > c) for a Poisson X (NIST Digital
// Library of Mathematical Functions, 8.4.10).
func poissonTails(c int, mean float64) (atMost, above float64) {
	if c < 0 {
		return 0, 1
	}
	above, atMost = portable.IncompleteGamma(float64(c)+1, mean)
	return atMost, above
}

// erlangTails returns P(G <= x) and P(G > x) for a sum G of k exponential times
// of mean 1, k at least 1 and x at least 0.
func erlangTails(k int, x float64) (atMost, above float64) {
	return portable.IncompleteGamma(float64(k), x)
}

// negligible is the probability below which a tail is left out of a sum that is
// wanted to 1e-9.
const negligible = 1e-20

// poissonRange returns the counts that a Poisson variable takes but for a
// probability of about negligible on either side. It goes by Chernoff's bound
// P(X >= k), P(X <= k) <= exp(-(k log(k/mean) - k + mean)).
func poissonRange(mean float64) (from, to int) {
	spread := 10*math.Sqrt(mean) + 50
	return max(0, int(mean-spread)), int(mean + spread)
}
