package analytic

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"gonum.org/v1/gonum/integrate/quad"
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
// integral equation of Crowder (1987, equation 1) on nodes of Gauss and Legendre. It
// returns an error where that takes too many nodes, since the weight is small and the
// average goes far, and where the chart rings so rarely that no number holds its run
// length.
func (e EWMA) RunLength(shift float64) (RunLength, error) {
	low, high := e.silence(shift)
	count := nodes(high-low, e.Weight)
	if count >= mostChartStates {
		return RunLength{}, fmt.Errorf("the quadrature would need %d nodes; fewer than %d: raise the weight, or take a shift nearer to 0", count, mostChartStates)
	}
	x, w := make([]float64, count), make([]float64, count)
	quad.Legendre{}.FixedLocations(x, w, low, high)
	c := newChart(count+1, 0)
	for i, u := range append([]float64{0}, x...) {
		kept := float64((1-e.Weight)*u) + float64(e.Weight*shift)
		for j := range x {
			c.stay.Set(i, j+1, float64(w[j]/e.Weight*normalDensity((x[j]-kept)/e.Weight)))
		}
		c.alarm[i] = portable.NormalCDF((kept - high) / e.Weight)
		if !e.OneSided {
			c.alarm[i] += portable.NormalCDF((low - kept) / e.Weight)
		}
	}
	return c.runLength()
}

// silence is the range of the average without an alarm. On one side it is followed
// down to 12 standard deviations below its mean, where it stays.
func (e EWMA) silence(shift float64) (low, high float64) {
	mustBePositive("the weight", e.Weight)
	mustBeShare("the weight", e.Weight)
	mustBePositive("the limit", e.Limit)
	sd := math.Sqrt(e.Weight / (2 - e.Weight))
	high = e.Limit * sd
	if !e.OneSided {
		return -high, high
	}
	return math.Min(0, shift) - float64(12*sd), high
}
