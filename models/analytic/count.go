package analytic

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Count is how many events happen in a period: Poisson where the variance is the
// mean, negative binomial where it is more because some periods (or changes) are
// worse than others. Both belong to the class of Panjer, "Recursive evaluation of a
// family of compound distributions" (1981).
type Count struct {
	Mean       float64 // events, 0 or more
	Dispersion float64 // variance / mean, at least 1; 1 is Poisson
}

// Poisson is a Count of dispersion 1.
func Poisson(mean float64) Count { return Count{Mean: mean, Dispersion: 1} }

func (c Count) mustHold() {
	mustNotBeNegative("the mean of a count", c.Mean)
	if !(c.Dispersion >= 1) || math.IsInf(c.Dispersion, 1) {
		panic(fmt.Sprintf("analytic: the dispersion of a count is %v; it must be 1 or more", c.Dispersion))
	}
}

// Variance is that of the count.
func (c Count) Variance() float64 { return c.Mean * c.Dispersion }

// None is the probability of no event.
func (c Count) None() float64 { return c.generating(0) }

// generating is the probability generating function at z: (1 + e (1-z))^(-Mean/e)
// with e = Dispersion - 1, whose limit for e = 0 is exp(-Mean (1-z)).
func (c Count) generating(z float64) float64 {
	c.mustHold()
	excess := c.Dispersion - 1
	if excess == 0 {
		return math.Exp(-c.Mean * (1 - z))
	}
	return math.Exp(-c.Mean / excess * math.Log1p(excess*(1-z)))
}

// Above is the probability of more than k events.
func (c Count) Above(k int) float64 {
	c.mustHold()
	switch {
	case k < 0:
		return 1
	case c.Mean == 0:
		return 0
	case c.Dispersion == 1:
		_, above := poissonTails(k, c.Mean)
		return above
	}
	_, above := portable.IncompleteBeta(c.Mean/(c.Dispersion-1), float64(k)+1, 1/c.Dispersion)
	return above
}

// Thinned is the count of those events that are kept, each with probability keep,
// independently: the mean falls to keep times it, the excess of the dispersion over
// 1 too (thinning keeps both families: Kingman, "Poisson processes", 1993, section
// 5.1, for the Poisson one and, mixed over its gamma mean, for the other).
func (c Count) Thinned(keep float64) Count {
	c.mustHold()
	mustBeShare("the probability to be kept", keep)
	return Count{Mean: c.Mean * keep, Dispersion: 1 + keep*(c.Dispersion-1)}
}

// next is p(n) / p(n-1) for n >= 1. In the form of Panjer (1981) it is a + b/n with
// a = excess/Dispersion and b = (Mean - excess)/Dispersion, where excess is
// Dispersion - 1.
func (c Count) next(n int) float64 {
	return (c.Mean + (c.Dispersion-1)*float64(n-1)) / (c.Dispersion * float64(n))
}

// weights returns the probabilities of from, from+1, ... events, without those that
// are below 1e-27 of the largest. It starts at the mode, where nothing underflows,
// and scales the sum to 1.
func (c Count) weights() (from int, p []float64) {
	c.mustHold()
	if c.Mean == 0 {
		return 0, []float64{1}
	}
	const least = 1e-27
	mode := int(math.Max(0, c.Mean-c.Dispersion+1))
	var below []float64 // falling from the mode
	for n, w := mode, 1.0; n > 0; n-- {
		if w /= c.next(n); w < least {
			break
		}
		below = append(below, w)
	}
	for i := len(below) - 1; i >= 0; i-- {
		p = append(p, below[i])
	}
	for n, w := mode, 1.0; w >= least; n++ {
		p = append(p, w)
		w *= c.next(n + 1)
	}
	scaleToOne(p)
	return mode - len(below), p
}

func scaleToOne(p []float64) {
	sum := 0.0
	for _, w := range p {
		sum += w
	}
	for i := range p {
		p[i] /= sum
	}
}
