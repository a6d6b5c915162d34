package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// NormalCusum is a one-sided CUSUM of normal observations with standard deviation 1:
// S = max(0, S + X - Reference), and the alarm rings above Limit.
type NormalCusum struct {
	Reference float64 // k, 0 or more
	Limit     float64 // h, above 0
	HeadStart float64 // where the sum starts, 0 or more and at most Limit
}

// nodes of Gauss and Legendre for charts of normal observations; beyond 60 nothing
// changes in the tenth digit of the tables.
const nodes = 120

// normalChart is the chain of a chart on the nodes of a quadrature: state 0 is a sum
// of zero, or the head start; the others are nodes.
type normalChart struct {
	chart
	at []float64
}

// chart replaces the integral equation of the run length by a linear system on
// nodes of a quadrature (Nyström; Goel and Wu, 1971). State 0 is a sum of 0, state 1
// one of the head start, which nothing reaches.
func (n NormalCusum) chart(shift float64) normalChart {
	mustNotBeNegative("the reference", n.Reference)
	mustBePositive("the limit", n.Limit)
	mustNotBeNegative("the head start", n.HeadStart)
	mustNotBeNegative("the limit less the head start", n.Limit-n.HeadStart)
	x, w := make([]float64, nodes), make([]float64, nodes)
	quad.Legendre{}.FixedLocations(x, w, 0, n.Limit)
	at := append([]float64{0, n.HeadStart}, x...)
	c := chart{stay: mat.NewDense(len(at), len(at), nil), start: 1}
	for i, z := range at {
		c.stay.Set(i, 0, portable.NormalCDF(n.Reference-z-shift))
		for j := range x {
			c.stay.Set(i, j+2, w[j]*normalDensity(x[j]-z+n.Reference-shift))
		}
	}
	return normalChart{c, at}
}

// RunLength is the number of observations to the alarm when their mean is shift.
func (n NormalCusum) RunLength(shift float64) (RunLength, error) { return n.chart(shift).runLength() }

// TwoSided is the mean run length of two such charts, one above and one below, on
// the same observations: 1/ARL = 1/ARL+ + 1/ARL- (van Dobben de Bruyn, 1968, exact
// when the head starts are so small that both charts are never up at once).
func (n NormalCusum) TwoSided(shift float64) (float64, error) {
	above, err := n.RunLength(shift)
	if err != nil {
		return 0, err
	}
	below, err := n.RunLength(-shift)
	if err != nil {
		return above.Mean, nil // it hardly ever rings
	}
	if n.HeadStart == 0 {
		return above.Mean * below.Mean / (above.Mean + below.Mean), nil
	}
	return n.headStarts(above.Mean, below.Mean, shift)
}

// headStarts combines two charts that both have a head start (Lucas and Crosier,
// 1982, appendix): L = (L+(s) L-(0) + L-(s) L+(0) - L+(0) L-(0)) / (L+(0) + L-(0)).
func (n NormalCusum) headStarts(above, below, shift float64) (float64, error) {
	plain := NormalCusum{Reference: n.Reference, Limit: n.Limit}
	up, err := plain.RunLength(shift)
	if err != nil {
		return 0, err
	}
	down, err := plain.RunLength(-shift)
	if err != nil {
		return above, nil
	}
	return (above*down.Mean + below*up.Mean - up.Mean*down.Mean) / (up.Mean + down.Mean), nil
}

// SteadyDelay is the mean number of observations to the alarm after the mean changes
// to shift, when the chart has been silent for long at a mean of 0.
func (n NormalCusum) SteadyDelay(shift float64) (float64, error) {
	times, _, err := n.chart(shift).moments()
	if err != nil {
		return 0, err
	}
	return mat.Dot(n.chart(0).settled(), times), nil
}

// Siegmund is his approximation of the mean run length, on one side: a continuous
// path whose limit is 1.166 higher (Siegmund, "Sequential analysis", 1985, equation
// 2.57).
func (n NormalCusum) Siegmund(shift float64) float64 {
	b, drift := n.Limit+1.166, shift-n.Reference
	if drift == 0 {
		return float64(b * b)
	}
	step := float64(2 * drift * b)
	return (portable.Expm1(-step) + step) / float64(2*drift*drift)
}

func normalDensity(x float64) float64 {
	return portable.Exp(-float64(x*x)/2) / math.Sqrt(2*math.Pi)
}
