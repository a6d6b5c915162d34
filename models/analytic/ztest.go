package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// TwoSamples compares the errors among the requests of a canary with those of a
// baseline by a one-sided test: is the canary worse?
type TwoSamples struct {
	Canary   int     // requests of the canary, 1 or more
	Baseline int     // requests of the baseline, 1 or more
	Level    float64 // probability of a false alarm that the test aims at, 0 to 1, exclusive
}

// Test decides for a number of errors of the canary and of the baseline.
type Test func(canary, baseline int) (rejects bool)

// critical is the value that z must be above.
func (s TwoSamples) critical() float64 {
	mustCount("requests of the canary", s.Canary)
	mustCount("requests of the baseline", s.Baseline)
	mustBePositive("the level", s.Level)
	mustBePositive("1 less the level", 1-s.Level)
	return portable.NormalQuantile(1 - s.Level)
}

// PooledZ is the test by the difference of the two shares over its standard error
// under equal shares (Pearson, 1900, as in Fleiss, Levin and Paik, "Statistical
// methods for rates and proportions", 2003, chapter 3, without correction). It
// does not reject where there is no error at all.
func (s TwoSamples) PooledZ() Test {
	n1, n0, z := float64(s.Canary), float64(s.Baseline), s.critical()
	return func(x, y int) bool {
		p := float64(x+y) / (n1 + n0)
		se := math.Sqrt(p * (1 - p) * (1/n1 + 1/n0))
		return se > 0 && (float64(x)/n1-float64(y)/n0)/se > z
	}
}

// UnpooledZ is the test by the difference of the two shares over a standard error
// from each share (Wald). It does not reject where that is 0.
func (s TwoSamples) UnpooledZ() Test {
	n1, n0, z := float64(s.Canary), float64(s.Baseline), s.critical()
	return func(x, y int) bool {
		p1, p0 := float64(x)/n1, float64(y)/n0
		se := math.Sqrt(p1*(1-p1)/n1 + p0*(1-p0)/n0)
		return se > 0 && (p1-p0)/se > z
	}
}

// Exact is Fisher's exact test: given the errors of both, those of the canary are
// hypergeometric under equal shares, and the test rejects when so many or more have
// a probability of at most Level (Fisher, "The design of experiments", 1935).
func (s TwoSamples) Exact() Test {
	s.critical() // checks the numbers
	least := map[int]int{}
	return func(x, y int) bool {
		c, known := least[x+y]
		if !known {
			c = s.leastExact(x + y)
			least[x+y] = c
		}
		return x >= c
	}
}

// leastExact is the least number of the canary's errors, of t in all, with which
// Exact rejects; one more than possible when there is none.
func (s TwoSamples) leastExact(t int) int {
	n1, n0 := float64(s.Canary), float64(s.Baseline)
	p, all := float64(t)/(n1+n0), float64(t)
	tail, c := 0.0, min(t, s.Canary)+1
	for x := c - 1; x >= max(0, t-s.Baseline); x-- {
		k := float64(x)
		tail += portable.BinomialWeight(k, n1, p) * portable.BinomialWeight(all-k, n0, p) / portable.BinomialWeight(all, n1+n0, p)
		if tail > s.Level {
			break
		}
		c = x
	}
	return c
}

// Rejects is the probability that a test rejects when requests of the canary fail
// with probability p1 and those of the baseline with p0: the sum over all pairs of
// numbers of errors, but for those that are negligible.
func (s TwoSamples) Rejects(test Test, p1, p0 float64) float64 {
	canary, baseline := binomialWeights(s.Canary, p1), binomialWeights(s.Baseline, p0)
	sum := 0.0
	for x, wx := range canary {
		for y, wy := range baseline {
			if wx*wy > negligible && test(x, y) {
				sum += wx * wy
			}
		}
	}
	return sum
}

func binomialWeights(n int, p float64) []float64 {
	mustBeShare("an error rate", p)
	weights := make([]float64, n+1)
	for k := range weights {
		weights[k] = portable.BinomialWeight(float64(k), float64(n), p)
	}
	return weights
}

// NormalPower is the usual approximation to the probability that PooledZ rejects
// (Fleiss, Levin and Paik, 2003, chapter 4).
func (s TwoSamples) NormalPower(p1, p0 float64) float64 {
	mustBeShare("an error rate", p1)
	mustBeShare("an error rate", p0)
	n1, n0, z := float64(s.Canary), float64(s.Baseline), s.critical()
	p := (n1*p1 + n0*p0) / (n1 + n0)
	pooled := math.Sqrt(p * (1 - p) * (1/n1 + 1/n0))
	se := math.Sqrt(p1*(1-p1)/n1 + p0*(1-p0)/n0)
	return portable.NormalCDF((p1 - p0 - z*pooled) / se)
}
