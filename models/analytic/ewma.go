package analytic

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// EWMA is an exponentially weighted moving average of normal observations with
// standard deviation 1 that rings when it is more than Limit of its own standard
// deviations, those of a long run, away from 0 (Roberts, 1959).
type EWMA struct {
	Weight   float64 // of the newest observation, above 0 and at most 1
	Limit    float64 // above 0
	OneSided bool    // it rings above only
}

// RunLength is the number of observations to the alarm when their mean is shift: the
// integral equation of Crowder (1987, equation 1) on nodes of Gauss and Legendre. On
// one side the average is followed down to 12 standard deviations.
func (e EWMA) RunLength(shift float64) (RunLength, error) {
	mustBePositive("the weight", e.Weight)
	mustBeShare("the weight", e.Weight)
	mustBePositive("the limit", e.Limit)
	bound := e.Limit * math.Sqrt(e.Weight/(2-e.Weight))
	low := -bound
	count := nodes
	if e.OneSided {
		low, count = -math.Max(bound, 12*math.Sqrt(e.Weight/(2-e.Weight))), 2*nodes
	}
	x, w := make([]float64, count), make([]float64, count)
	quad.Legendre{}.FixedLocations(x, w, low, bound)
	at := append([]float64{0}, x...)
	c := chart{stay: mat.NewDense(len(at), len(at), nil)}
	for i, u := range at {
		for j := range x {
			c.stay.Set(i, j+1, w[j]/e.Weight*normalDensity((x[j]-(1-e.Weight)*u)/e.Weight-shift))
		}
	}
	return c.runLength()
}
