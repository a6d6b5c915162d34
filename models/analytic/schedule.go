package analytic

import "math"

// LinearSteps are the shares of a linear deployment of AWS AppConfig: growth, twice
// growth and so on, up to all (AWS AppConfig, user guide, "deployment strategy").
func LinearSteps(growth float64) []float64 {
	mustBePositive("the growth", growth)
	var steps []float64
	for n := 1; len(steps) == 0 || steps[len(steps)-1] < 1; n++ {
		steps = append(steps, math.Min(1, growth*float64(n)))
	}
	return steps
}

// ExponentialSteps are the shares of an exponential one: growth times 2 to the N, up
// to all (the same).
func ExponentialSteps(growth float64) []float64 {
	mustBePositive("the growth", growth)
	var steps []float64
	for share := growth; len(steps) == 0 || steps[len(steps)-1] < 1; share *= 2 {
		steps = append(steps, math.Min(1, share))
	}
	return steps
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
