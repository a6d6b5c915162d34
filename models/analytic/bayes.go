package analytic

import "github.com/rollrisk/rollrisk/sim/portable"

// BetaShare is what is known about a share: a Beta distribution (Bayes, 1763; Gelman
// and others, "Bayesian data analysis", 2013, section 2.4). A and B are above 0.
type BetaShare struct{ A, B float64 }

// After is what is known after so many hits in a number of trials.
func (b BetaShare) After(hits, trials int) BetaShare {
	b.mustHold()
	mustNotBeNegative("hits", float64(hits))
	mustNotBeNegative("trials less hits", float64(trials-hits))
	return BetaShare{b.A + float64(hits), b.B + float64(trials-hits)}
}

func (b BetaShare) mustHold() {
	mustBePositive("A", b.A)
	mustBePositive("B", b.B)
}

// Mean is the mean of the share.
func (b BetaShare) Mean() float64 { b.mustHold(); return b.A / (b.A + b.B) }

// Quantile is the share that is not exceeded with probability p, 0 to 1.
func (b BetaShare) Quantile(p float64) float64 {
	b.mustHold()
	mustBeShare("a probability", p)
	return portable.InverseIncompleteBeta(b.A, b.B, p)
}

// Hits is the probability of exactly so many hits in the next trials.
func (b BetaShare) Hits(hits, trials int) float64 {
	after := b.After(hits, trials)
	k, n := float64(hits), float64(trials)
	ways := portable.Lgamma(n+1) - portable.Lgamma(k+1) - portable.Lgamma(n-k+1)
	return portable.Exp(ways + logBeta(after.A, after.B) - logBeta(b.A, b.B))
}
