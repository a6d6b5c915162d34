package analytic

import (
	"fmt"
	"math"
)

// LinearSteps are the shares of a linear deployment of AWS AppConfig: growth, twice
// growth and so on, up to all (AWS AppConfig, user guide, "deployment strategy").
// growth is from 0.01 to 1, as there.
func LinearSteps(growth float64) []float64 {
	mustGrow(growth)
	var steps []float64
	for n := 1.0; n*growth < 1-1e-12; n++ { // 49 times a 49th is a little less than 1
		steps = append(steps, n*growth)
	}
	return append(steps, 1)
}

// ExponentialSteps are the shares of an exponential one: growth times 2 to the N, up
// to all (the same).
func ExponentialSteps(growth float64) []float64 {
	mustGrow(growth)
	var steps []float64
	for share := growth; share < 1-1e-12; share *= 2 {
		steps = append(steps, share)
	}
	return append(steps, 1)
}

func mustGrow(growth float64) {
	if !(growth >= 0.01 && growth <= 1) {
		panic(fmt.Sprintf("analytic: the growth is %v; it must be from 0.01 to 1", growth))
	}
}

// EvenSteps is the ramp of such steps over a time in hours, each as long, the first at
// once. Another page of the documentation lets the first step come after one step's
// time: then the exposure by t is that by t less hours / len(steps).
func EvenSteps(steps []float64, hours float64) Ramp {
	mustCount("steps", len(steps))
	mustBePositive("the time", hours)
	r := Ramp{Shares: steps}
	for i := range steps {
		r.Starts = append(r.Starts, hours/float64(len(steps))*float64(i))
	}
	return r
}

// FlaggerPlan is the analysis of a canary of Flagger, which its documentation times by
// two products (Flagger, "Deployment strategies"). Weights are percentages.
type FlaggerPlan struct {
	Interval   float64 // between checks, any unit of time, above 0
	MaxWeight  float64 // at which it ends, above 0
	StepWeight float64 // by which the weight grows, above 0; not for A/B tests
	Iterations int     // checks of an A/B test or of a blue-green switch; 0 for a canary
	Threshold  int     // failed checks that roll it back, 1 or more
}

// Checks is how many intervals there are from the first traffic to the promotion when
// every check passes: one for each weight, or iteration. A last step may overshoot.
func (f FlaggerPlan) Checks() int {
	if f.Iterations > 0 {
		return f.Iterations
	}
	mustBePositive("the largest weight", f.MaxWeight)
	mustBePositive("the step", f.StepWeight)
	return max(1, int(math.Ceil(f.MaxWeight/f.StepWeight*(1-1e-14))))
}

// Promotion is the least time to the promotion.
func (f FlaggerPlan) Promotion() float64 {
	mustBePositive("the interval", f.Interval)
	return f.Interval * float64(f.Checks())
}

// Rollback is the time to the rollback when every check fails, as documented. The
// scheduler takes Interval more: it looks at the number of failed checks on the tick
// after the last (see Flagger).
func (f FlaggerPlan) Rollback() float64 {
	mustBePositive("the interval", f.Interval)
	mustCount("the failed checks", f.Threshold)
	return f.Interval * float64(f.Threshold)
}

// Weights are the shares that its checks see one after the other, for Canary.
func (f FlaggerPlan) Weights() []float64 {
	var weights []float64
	for n := range f.Checks() {
		if f.Iterations > 0 {
			weights = append(weights, 1)
			continue
		}
		weights = append(weights, math.Min(100, f.StepWeight*float64(n+1))/100)
	}
	return weights
}
