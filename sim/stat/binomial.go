package stat

import (
	"fmt"
	"math"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// BinomialCDF returns P(B <= k) for the number B of successes in n >= 0 trials of
// probability p, 0 to 1. It is 0 for k < 0 and 1 for k >= n. It panics at other
// n or p.
func BinomialCDF(k, n int, p float64) float64 {
	atMost, _ := binomialTails(k, n, p)
	return atMost
}

// BinomialTail returns P(B > k), precise where it is small.
func BinomialTail(k, n int, p float64) float64 {
	_, above := binomialTails(k, n, p)
	return above
}

// binomialTails returns P(B <= k) and P(B > k) by the incomplete beta function
// (NIST Digital Library of Mathematical Functions, 8.17.5).
func binomialTails(k, n int, p float64) (atMost, above float64) {
	switch {
	case n < 0 || !(p >= 0 && p <= 1):
		panic(fmt.Sprintf("stat: binomial probability of %d trials at %v", n, p))
	case k < 0:
		return 0, 1
	case k >= n:
		return 1, 0
	}
	above, atMost = beta{x: p, y: 1 - p, a: float64(k) + 1, b: float64(n - k)}.tails()
	return atMost, above
}

// QuantileRanks returns the ranks, from 1, of the two of n independent sorted
// values between which the p-quantile lies with at least the probability level: the
// narrowest ranks with at most (1-level)/2 missing on each side (David and Nagaraja
// 2003, Order Statistics, section 7.1). A low of 0 and a high of n+1 mean that there
// is no such value. It panics unless n >= 0, 0 < p < 1 and 0 < level < 1.
func QuantileRanks(n int, p, level float64) (low, high int) {
	checkShare("quantile", p)
	checkShare("level", level)
	miss := (1 - level) / 2
	low = sort.Search(n, func(k int) bool { return BinomialCDF(k, n, p) > miss })
	high = 1 + sort.Search(n, func(k int) bool { return BinomialTail(k, n, p) <= miss })
	if n == 0 {
		return 0, 1
	}
	return low, high
}

// MinimumRows returns the smallest number of independent rows of which the
// order-th largest is, with the probability level, above the p-quantile (Wilks
// 1941): 59 for p = level = 0.95 and order 1. It panics unless 0 < p < 1,
// 0 < level < 1 and order >= 1.
func MinimumRows(p, level float64, order int) int {
	checkShare("quantile", p)
	checkShare("level", level)
	if order < 1 {
		panic(fmt.Sprintf("stat: MinimumRows of order %d", order))
	}
	enough := func(n int) bool { return BinomialTail(n-order, n, p) <= 1-level }
	n := order
	for !enough(n) {
		n *= 2
	}
	return n/2 + sort.Search(n-n/2, func(i int) bool { return enough(n/2 + i) })
}

// ZeroFailureBound returns the upper bound of a probability, at confidence level,
// when none of n independent trials has failed: 1 - (1-level)^(1/n), the exact
// interval of Clopper and Pearson (1934) for no failure. It is 1 at n = 0, and
// panics if n is negative or level not between 0 and 1.
func ZeroFailureBound(n int, level float64) float64 {
	checkShare("level", level)
	switch {
	case n < 0:
		panic("stat: ZeroFailureBound of a negative number of trials")
	case n == 0:
		return 1
	}
	return -portable.Expm1(portable.Log1p(-level) / float64(n))
}

// RuleOfThree returns 3/n, the bound to compute in one's head for ZeroFailureBound
// at level 0.95 (Hanley and Lippman-Hand 1983), at most 1; 1 at n = 0.
func RuleOfThree(n int) float64 { return 3 / math.Max(3, float64(n)) }

// checkShare panics unless 0 < x < 1.
func checkShare(what string, x float64) {
	if !(x > 0 && x < 1) {
		panic(fmt.Sprintf("stat: %s of %v is not between 0 and 1", what, x))
	}
}
