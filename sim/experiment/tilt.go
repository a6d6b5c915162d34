package experiment

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// RareSum is the question how often a year's losses add up to more than a bound: a
// Poisson number of exponential losses.
type RareSum struct {
	Number float64 // mean number of losses, positive
	Loss   float64 // mean loss, positive
	Bound  float64 // above Number*Loss
}

// Rare is an estimate of a small probability, with what the way of drawing was worth.
type Rare struct {
	Probability   float64 // 0..1
	StandardError float64 // of Probability, 0 or more
	Factor        float64 // plain draws that one such draw replaces: p(1-p) over the variance of a draw
	Tilt          float64 // of the loss, between 0 and 1/Loss
}

// Estimate draws n (2 or more) sums under the law that is tilted so that its mean is the
// bound, and weighs each by its likelihood ratio: exponential tilting (Asmussen and Glynn,
// "Stochastic Simulation", 2007, VI.2). The relative error grows with the square root of
// the logarithm of 1/p only, where that of plain draws grows with 1/sqrt(p).
func (r RareSum) Estimate(key rng.Key, n int) Rare {
	if !(r.Number > 0 && r.Loss > 0 && r.Bound > float64(r.Number*r.Loss)) || n < 2 {
		panic(fmt.Sprintf("experiment: rare sum %+v from %d draws", r, n))
	}
	u := r.Bound / r.Loss // in mean losses
	tilt := 1 - math.Sqrt(r.Number/u)
	number, lift := r.Number/(1-tilt), r.Number*tilt/(1-tilt) // tilted mean number; the cumulant at the tilt
	sum, squares := 0.0, 0.0
	for i := range n {
		draw := key.Stream(uint64(i), 0, 0)
		total := 0.0
		for t := -portable.Log(draw.Uniform()); t < number; t -= portable.Log(draw.Uniform()) {
			total -= portable.Log(draw.Uniform()) / (1 - tilt)
		}
		if total > u {
			x := portable.Exp(lift - float64(tilt*total))
			sum += x
			squares += float64(x * x)
		}
	}
	p := sum / float64(n)
	variance := (squares/float64(n) - float64(p*p)) * float64(n) / float64(n-1)
	return Rare{Probability: p, StandardError: math.Sqrt(variance / float64(n)), Factor: p * (1 - p) / variance, Tilt: tilt / r.Loss}
}
