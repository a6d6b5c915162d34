package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// The shapes of a plan of looks.
const (
	shapePocock        = "pocock"
	shapeOBrienFleming = "obrien-fleming"
	shapeSpendPocock   = "spend-like-pocock"
	shapeSpendOBF      = "spend-like-obrien-fleming"
)

// maxLooks is the most looks of a plan. Beyond some ten, a test that may be
// looked at any time costs hardly more.
const maxLooks = 20

// lookBounds are the bounds of a plan, 0 after its last look.
type lookBounds [maxLooks]float64

// plan is a number of looks at equal steps of information that share a level.
type plan struct {
	looks int
	alpha float64 // of all looks together, one-sided, 0..0.5
	shape string
}

// bounds are those of the standard normal statistic at each look, to 1e-6.
func (p plan) bounds() lookBounds {
	switch p.shape {
	case shapePocock:
		return p.family(func(int) float64 { return 1 })
	case shapeOBrienFleming:
		return p.family(func(k int) float64 { return math.Sqrt(float64(p.looks) / float64(k)) })
	}
	var b lookBounds
	w := walk{}
	spent := 0.0
	for k := 1; k <= p.looks; k++ {
		target := p.spent(float64(k) / float64(p.looks))
		b[k-1] = solve(func(z float64) float64 { return w.crosses(k, z) }, target-spent)
		w = w.step(k, b[k-1])
		spent = target
	}
	return b
}

// spent is the part of the level spent at a share t of the information (Lan and
// DeMets, 1983, section 2), on one side of a test that has two.
func (p plan) spent(t float64) float64 {
	if p.shape == shapeSpendPocock {
		return float64(p.alpha * portable.Log1p(float64((math.E-1)*t)))
	}
	z := portable.NormalQuantile(1 - p.alpha/2)
	return 2 * portable.NormalCDF(-z/math.Sqrt(t))
}

// family is the bounds of a shape times the constant that keeps the level.
func (p plan) family(shape func(look int) float64) lookBounds {
	level := func(c float64) float64 {
		w, crossed := walk{}, 0.0
		for k := 1; k <= p.looks; k++ {
			z := float64(c * shape(k))
			crossed += w.crosses(k, z)
			w = w.step(k, z)
		}
		return crossed
	}
	c := solve(level, p.alpha)
	var b lookBounds
	for k := 1; k <= p.looks; k++ {
		b[k-1] = float64(c * shape(k))
	}
	return b
}

// farBound is the largest bound, in standard deviations: the probability of reaching it
// is 1e-350, below the least number that there is.
const farBound = 40

// solve finds the bound at which a falling probability is the target, to 1e-9 of it: by
// the method of Illinois (Dowell and Jarratt, 1971) on logarithms, which are nearly
// parabolas, and by halves where a probability is too small to have one.
func solve(probability func(z float64) float64, target float64) float64 {
	f := func(z float64) float64 { return portable.Log(probability(z) / target) }
	a, b := 0.0, float64(farBound)
	fa, fb, last := f(a), f(b), 0
	if !(fa > 0) {
		return a
	}
	for range 200 {
		if fb >= 0 || b-a < 1e-12*b {
			break
		}
		c := a + float64((b-a)/2)
		if !math.IsInf(fb, -1) {
			c = a + float64(fa*(b-a))/(fa-fb)
		}
		switch fc := f(c); {
		case math.Abs(fc) < 1e-9:
			return c
		case fc > 0:
			if a, fa = c, fc; last > 0 {
				fb /= 2
			}
			last = 1
		default:
			if b, fb = c, fc; last < 0 {
				fa /= 2
			}
			last = -1
		}
	}
	return b
}

// walk is the density of a sum of standard normal steps that has stayed below
// its bounds, on a grid of Simpson's rule; without points, before the first
// step (Armitage, McPherson and Rowe, 1969).
type walk struct {
	low, width float64
	density    []float64
}

const (
	gridStep = 0.1 // of standard deviations of one step; the rule then errs by less than 1e-8
	gridLow  = 8   // standard deviations below zero that are kept
)

// crosses is the probability of being at or above z standard deviations at look
// k, for the first time.
func (w walk) crosses(k int, z float64) float64 {
	bound := float64(z * math.Sqrt(float64(k)))
	if w.density == nil {
		return portable.NormalCDF(-bound)
	}
	sum := 0.0
	for i, d := range w.density {
		sum += float64(w.weight(i) * d * portable.NormalCDF(w.at(i)-bound))
	}
	return sum
}

// step is the walk after look k, at which it stayed below z.
func (w walk) step(k int, z float64) walk {
	root := math.Sqrt(float64(k))
	low, high := -gridLow*root, float64(z*root)
	points := 2*int(math.Ceil((high-low)/(2*gridStep))) + 1
	next := walk{low: low, width: (high - low) / float64(points-1), density: make([]float64, points)}
	for i := range next.density {
		next.density[i] = w.arrives(next.at(i))
	}
	return next
}

// arrives is the density after one more step.
func (w walk) arrives(x float64) float64 {
	if w.density == nil {
		return normalDensity(x)
	}
	first := max(0, int((x-gridLow-w.low)/w.width))
	last := min(len(w.density)-1, int((x+gridLow-w.low)/w.width)+1)
	sum := 0.0
	for i := first; i <= last; i++ {
		sum += float64(w.weight(i) * w.density[i] * normalDensity(x-w.at(i)))
	}
	return sum
}

func (w walk) at(i int) float64 { return w.low + float64(float64(i)*w.width) }

// weight is that of Simpson's rule.
func (w walk) weight(i int) float64 {
	switch {
	case i == 0 || i == len(w.density)-1:
		return w.width / 3
	case i%2 == 1:
		return 4 * w.width / 3
	}
	return 2 * w.width / 3
}

func normalDensity(x float64) float64 {
	return portable.Exp(-float64(x*x)/2) / math.Sqrt(2*math.Pi)
}
