package analytic

import (
	"math"
	"math/cmplx"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// LogNormal is a positive amount whose logarithm is normal.
type LogNormal struct {
	MuLog    float64 // mean of the logarithm
	SigmaLog float64 // standard deviation of the logarithm, positive
}

// Above is the probability of more than x, precise where it is small.
func (l LogNormal) Above(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return math.Erfc((math.Log(x)-l.MuLog)/(l.SigmaLog*math.Sqrt2)) / 2
}

// Quantile is the amount that is not exceeded with probability p, 0 < p < 1.
func (l LogNormal) Quantile(p float64) float64 {
	return math.Exp(l.MuLog + l.SigmaLog*portable.NormalQuantile(p))
}

// Mean is exp(MuLog + SigmaLog²/2).
func (l LogNormal) Mean() float64 { return math.Exp(l.MuLog + l.SigmaLog*l.SigmaLog/2) }

// Square is the mean of the square, exp(2 MuLog + 2 SigmaLog²).
func (l LogNormal) Square() float64 { return math.Exp(2*l.MuLog + 2*l.SigmaLog*l.SigmaLog) }

// Largest is the largest of a Poisson number of independent amounts, 0 when there
// is none: P(largest <= x) = exp(-Events P(amount > x)) (Embrechts, Klüppelberg and
// Mikosch, "Modelling extremal events", 1997, chapter 4).
type Largest struct {
	Events float64 // mean number, positive
	Amount LogNormal
}

// AtMost is the probability that no amount is above x.
func (l Largest) AtMost(x float64) float64 { return math.Exp(-l.Events * l.Amount.Above(x)) }

// Quantile is the amount that the largest does not exceed with probability p,
// 0 <= p < 1; 0 where no event at all is that likely.
func (l Largest) Quantile(p float64) float64 {
	mustBeLevel(p)
	mustBePositive("the mean number of events", l.Events)
	if above := -math.Log(p) / l.Events; above < 1 {
		return l.Amount.Quantile(1 - above)
	}
	return 0
}

// Grid is the law of a sum of Count independent amounts, worked out on points that
// are Step apart. Errors are of the order of (Step / scale of the amounts)², plus
// what the sum has beyond the end of the grid.
type Grid struct {
	step    float64
	none    float64   // probability of 0, an atom
	between []float64 // probability of at most i steps, by halves of the masses
	sums    []float64 // expectation of the loss up to i steps
	mean    float64   // exact
}

// NewGrid works out a Grid of so many points, a power of two for speed. Amounts
// are rounded to the next point.
func NewGrid(count Count, amount LogNormal, step float64, points int) Grid {
	mustBePositive("a step", step)
	mustCount("points", points)
	mass := make([]float64, points)
	last := 1.0
	for i := range mass {
		above := amount.Above((float64(i) + 0.5) * step)
		mass[i], last = last-above, above
	}
	g := Grid{step: step, none: count.None(), mean: count.Mean * amount.Mean(),
		between: make([]float64, points), sums: make([]float64, points)}
	sum, loss := 0.0, 0.0
	for i, m := range compoundFFT(count, mass) {
		x := float64(i) * step
		g.between[i], g.sums[i] = sum+m/2, loss+m*x/2
		sum, loss = sum+m, loss+m*x
	}
	g.between[0] = g.none
	return g
}

// generatingAt is the generating function of a Count on the complex plane.
func (c Count) generatingAt(z complex128) complex128 {
	excess := c.Dispersion - 1
	if excess == 0 {
		return cmplx.Exp(complex(c.Mean, 0) * (z - 1))
	}
	return cmplx.Exp(complex(-c.Mean/excess, 0) * cmplx.Log(1+complex(excess, 0)*(1-z)))
}

// Above is the probability of a sum above x >= 0, as far as the grid goes.
func (g Grid) Above(x float64) float64 { return 1 - g.at(g.between, x/g.step) }

// at reads a table between its points, by a straight line.
func (g Grid) at(table []float64, i float64) float64 {
	below := min(int(i), len(table)-2)
	return table[below] + (i-float64(below))*(table[below+1]-table[below])
}

// Quantile is the sum that is not exceeded with probability p, 0 <= p < 1.
func (g Grid) Quantile(p float64) float64 {
	mustBeLevel(p)
	i := sort.SearchFloat64s(g.between, p)
	switch {
	case i == 0:
		return 0
	case i == len(g.between):
		return math.Inf(1)
	}
	return g.step * (float64(i-1) + (p-g.between[i-1])/(g.between[i]-g.between[i-1]))
}

// TailMean is the mean of the worst 1-p, 0 <= p < 1 (Acerbi and Tasche, 2002,
// definition 2.6); above the atom at 0 the law is continuous.
func (g Grid) TailMean(p float64) float64 {
	q := g.Quantile(p)
	below, sum := g.at(g.between, q/g.step), g.at(g.sums, q/g.step)
	return (g.mean - sum + q*(below-p)) / (1 - p)
}
