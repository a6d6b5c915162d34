package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// BinomialQuantile returns the smallest k with P(X <= k) >= u for the number of
// successes in n independent trials of success probability p: one draw from one
// uniform u, never falling in u. It is 0 for u <= 0, n = 0 or p = 0, and n for u >= 1
// or p = 1. It is exact where both n p and n (1-p) are below 2^50; beyond, it is right
// to within 1e-7 standard deviations. It panics on a negative n or a p outside [0, 1].
func BinomialQuantile(u float64, n int64, p float64) int64 {
	mustBeShare("BinomialQuantile", p)
	if n < 0 {
		panic("dist: BinomialQuantile: a negative number of trials")
	}
	switch {
	case !(u > 0) || n == 0 || p == 0:
		return 0
	case u >= 1 || p == 1:
		return n
	}
	return min(n, binomial{float64(n), p}.quantile(u))
}

// binomial is the binomial distribution.
type binomial struct{ trials, p float64 }

// quantile returns the smallest k with P(X <= k) >= u, for 0 < u < 1 and 0 < p < 1.
func (d binomial) quantile(u float64) int64 {
	p, q := d.p, 1-d.p
	hits, misses := float64(d.trials*p), float64(d.trials*q)
	switch {
	case p <= 0.5 && hits < summedMean:
		odds := p / q
		first := portable.Exp(float64(d.trials * portable.Log1p(-p)))
		return summed(d, u, panjer{first, -odds, float64((d.trials + 1) * odds)})
	case p > 0.5 && misses < summedMean && u >= farTail:
		return whole(d.trials - d.fewMisses(1-u))
	}
	third, fourth := q-p, 1-float64(6*float64(p*q))
	return inverted(d, u, moments{hits, math.Sqrt(float64(hits * q)), third, fourth})
}

// fewMisses returns the largest m with P(m or more misses) >= 1-v, which is the
// number of misses in the (1-v)-quantile of the hits, by adding up from 0. It needs a
// v that the rounded sum must pass, at most 1 - farTail.
func (d binomial) fewMisses(v float64) float64 {
	odds := (1 - d.p) / d.p
	weight := portable.Exp(float64(d.trials * portable.Log(d.p)))
	m := 0.0
	for sum := weight; sum <= v; sum += weight {
		weight = float64(weight * float64((d.trials-m)/(m+1)*odds))
		m++
	}
	return m
}

func (d binomial) tails(k float64) (lower, upper float64) {
	if k >= d.trials {
		return 1, 0
	}
	upper, lower = portable.IncompleteBeta(k+1, d.trials-k, d.p)
	return lower, upper
}
