package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"gonum.org/v1/gonum/integrate/quad"
)

// NormalCusum is a one-sided CUSUM of normal observations with standard deviation 1:
// S = max(0, S + X - Reference), and the alarm rings above Limit.
type NormalCusum struct {
	Reference float64 // k, 0 or more
	Limit     float64 // h, above 0
	HeadStart float64 // where the sum starts, 0 or more and at most Limit
}

// nodes is how many nodes of Gauss and Legendre a range needs on which normal
// densities of a standard deviation are summed up: so many that they lie closer than
// that everywhere, and a few more for short ranges. Twice as many change no mean by
// more than 1e-11 of it, for limits up to 50.
func nodes(length, sd float64) int { return 60 + int(2.5*length/sd) }

// chart replaces the integral equation of the run length by a linear system on
// nodes of a quadrature (Nyström; Goel and Wu, 1971). State 0 is a sum of 0, state 1
// one of the head start, which nothing reaches; the others are nodes.
func (n NormalCusum) chart(shift float64) chart {
	mustNotBeNegative("the reference", n.Reference)
	mustBePositive("the limit", n.Limit)
	mustNotBeNegative("the head start", n.HeadStart)
	mustNotBeNegative("the limit less the head start", n.Limit-n.HeadStart)
	count := nodes(n.Limit, 1)
	x, w := make([]float64, count), make([]float64, count)
	quad.Legendre{}.FixedLocations(x, w, 0, n.Limit)
	at := append([]float64{0, n.HeadStart}, x...)
	c := newChart(len(at), 1)
	for i, z := range at {
		c.stay.Set(i, 0, portable.NormalCDF(n.Reference-z-shift))
		for j := range x {
			c.stay.Set(i, j+2, float64(w[j]*normalDensity(x[j]-z+n.Reference-shift)))
		}
		c.alarm[i] = portable.NormalCDF(z + shift - n.Reference - n.Limit)
	}
	return c
}

// RunLength is the number of observations to the alarm when their mean is shift. It
// returns an error where the chart rings so rarely that no number holds its run length.
func (n NormalCusum) RunLength(shift float64) (RunLength, error) { return n.chart(shift).runLength() }

// TwoSided is the run length of two such charts, one above and one below, on the same
// observations. One of them rings while the other is at 0, so the transform of the
// time to the first alarm follows from theirs: with a and b one less those from 0, and
// u and v those from the head start, one less it is (u/a + v/b - 1)/(1/a + 1/b - 1).
// Its first derivative is 1/ARL = 1/ARL+ + 1/ARL- (van Dobben de Bruyn, 1968), and with
// a head start the formula of Lucas and Crosier (1982, appendix); the second gives the
// standard deviation. A head start above Limit/2 + Reference panics, since both could
// be up at the alarm. It returns an error where neither chart ever rings.
func (n NormalCusum) TwoSided(shift float64) (RunLength, error) {
	mustNotBeNegative("half of the limit, and the reference, less the head start", n.Limit/2+n.Reference-n.HeadStart)
	up, down := n.side(shift), n.side(-shift)
	rate, c := up.rate+down.rate, up.half+down.half-1
	mean := (up.share + down.share - 1) / rate
	return spread(mean, 2*(float64(mean*c)-up.slope-down.slope)/rate)
}

// side is what the run length of two charts takes from one of them, in powers of the
// argument e of the transform: a is e/rate - half e^2/rate^2, u/a is share + slope e.
type side struct{ rate, half, share, slope float64 }

// side goes by the way from the head start to the alarm or to a sum of 0, whichever
// comes first, and on from 0 as a chart does without a head start: the moments of
// charts that hardly ever ring would leave no digits of the slope.
func (n NormalCusum) side(shift float64) side {
	c := n.chart(shift)
	mean, square := c.moments()
	s := side{rate: 1 / mean[0], half: square[0] / mean[0] / mean[0] / 2}
	if math.IsInf(square[0], 0) || math.IsNaN(square[0]) {
		s.half = 1 // so rare an alarm comes after an exponential time
	}
	if n.HeadStart == 0 {
		s.share = 1
		return s
	}
	down := make([]float64, len(c.alarm))
	for i := range down {
		down[i] = c.stay.At(i, 0)
		c.alarm[i] += down[i]
		c.stay.Set(i, 0, 0)
	}
	way, wayAgain := c.moments()
	r := c.reduce()
	toZero := r.solve(down)
	s.share = toZero[c.start] + float64(way[c.start]*s.rate)
	s.slope = float64(way[c.start]*s.half) - float64(wayAgain[c.start]*s.rate)/2 - r.solve(toZero)[c.start]
	return s
}

// SteadyDelay is the number of observations to the alarm after the mean changes
// to shift, when the chart has been silent for long at a mean of 0. The head start is
// forgotten by then. It returns an error where RunLength does.
func (n NormalCusum) SteadyDelay(shift float64) (RunLength, error) {
	return n.chart(shift).steadyRun(n.chart(0))
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
