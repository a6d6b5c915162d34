package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// MixtureSPRT is the sequential test of a normal mean that mixes over a normal
// prior: always valid (Robbins, 1970; Johari, Koomen, Pekelis and Walsh, 2022).
type MixtureSPRT struct {
	Variance float64 // V of one observation of the difference, above 0
	Prior    float64 // tau squared, above 0
}

func (m MixtureSPRT) mustHold() {
	mustBePositive("the variance", m.Variance)
	mustBePositive("the prior variance", m.Prior)
}

// Log is the logarithm of the likelihood ratio after n pairs, 0 or more, with a mean
// difference (Johari and others, 2022, equation 5).
func (m MixtureSPRT) Log(n, difference float64) float64 {
	m.mustHold()
	mustNotBeNegative("the pairs", n)
	total := m.Variance + float64(n*m.Prior)
	sum := n * difference
	return (portable.Log(m.Variance/total) + float64(sum*sum*m.Prior)/float64(m.Variance*total)) / 2
}

// HalfWidth is that of the confidence sequence of level 1 - alpha after n pairs, above
// 0: the difference at which the ratio is 1/alpha. alpha is above 0 and at most 1.
func (m MixtureSPRT) HalfWidth(n, alpha float64) float64 {
	m.mustHold()
	mustBePositive("the pairs", n)
	mustBePositive("alpha", alpha)
	mustNotBeNegative("1 less alpha", 1-alpha)
	total := m.Variance + float64(n*m.Prior)
	return math.Sqrt(m.Variance * total / (n * n * m.Prior) * (portable.Log(total/m.Variance) - 2*portable.Log(alpha)))
}

// Looks are the bounds of the test at each of the first so many pairs, 1 or more. What
// they do is known by the recursion of Looks.Crossings, with the drift in standard
// deviations of one pair.
func (m MixtureSPRT) Looks(looks int, alpha float64) Looks {
	mustCount("looks", looks)
	l := Looks{TwoSided: true}
	for k := 1; k <= looks; k++ {
		n := float64(k)
		l.Bounds = append(l.Bounds, m.HalfWidth(n, alpha)*math.Sqrt(n/m.Variance))
	}
	return l
}
