package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
	"gonum.org/v1/gonum/integrate/quad"
)

// Looks is a test whose statistic is looked at again and again: at look k it is the
// sum of k normal steps of variance 1 over the root of k, and it rings at Bounds[k-1]
// or more.
type Looks struct {
	Bounds   []float64 // in standard deviations of the statistic, above 0; one a look
	TwoSided bool      // it rings at minus the bound or less as well
}

// tailWidth is how many standard deviations of a sum are kept where there is no
// bound; beyond lies less than 1e-17.
const tailWidth = 8.6

// Crossings are the probabilities to ring at each look, for the first time, when
// steps have the mean drift: by the recursion of Armitage, McPherson and Rowe (1969)
// on nodes of Gauss and Legendre, good to 1e-12.
func (l Looks) Crossings(drift float64) []float64 {
	walk, crossed := lookWalk{}, make([]float64, len(l.Bounds))
	for i, b := range l.Bounds {
		mustBePositive("a bound", b)
		k := float64(i + 1)
		high := b * math.Sqrt(k)
		low, top := math.Min(drift*k, 0)-tailWidth*math.Sqrt(k), high
		if l.TwoSided {
			low = -high
		}
		crossed[i] = walk.beyond(high, drift)
		if l.TwoSided {
			crossed[i] += walk.beneath(low, drift)
		}
		// Far from the mean of the sum there is nothing to keep.
		low, top = math.Max(low, drift*k-tailWidth*math.Sqrt(k)), math.Min(top, drift*k+tailWidth*math.Sqrt(k))
		if top <= low { // it has rung for certain
			break
		}
		walk = walk.step(low, top, drift)
	}
	return crossed
}

// Reject is the probability to ring at any of the looks, and the mean number of
// looks taken, the last included where it never rings.
func (l Looks) Reject(drift float64) (p, looks float64) {
	looks = float64(len(l.Bounds))
	for i, c := range l.Crossings(drift) {
		p += c
		looks -= c * float64(len(l.Bounds)-i-1)
	}
	return p, looks
}

// lookWalk is the density of the sum of the steps of tests that have not rung;
// without points, before the first look.
type lookWalk struct{ at, density []float64 } // density times the weight of its node

// beyond is the probability that the next sum is at high or more.
func (w lookWalk) beyond(high, drift float64) float64 {
	return w.expect(func(x float64) float64 { return portable.NormalCDF(x + drift - high) })
}

// beneath is the probability that it is at low or less.
func (w lookWalk) beneath(low, drift float64) float64 {
	return w.expect(func(x float64) float64 { return portable.NormalCDF(low - x - drift) })
}

func (w lookWalk) expect(f func(x float64) float64) float64 {
	if w.at == nil {
		return f(0)
	}
	sum := 0.0
	for i, x := range w.at {
		sum += w.density[i] * f(x)
	}
	return sum
}

// step is the walk after one more look, between low and high.
func (w lookWalk) step(low, high, drift float64) lookWalk {
	count := 64 + int(6*(high-low))
	next := lookWalk{make([]float64, count), make([]float64, count)}
	weights := make([]float64, count)
	quad.Legendre{}.FixedLocations(next.at, weights, low, high)
	for j, y := range next.at {
		next.density[j] = weights[j] * w.expect(func(x float64) float64 { return normalDensity(y - x - drift) })
	}
	return next
}

// The shapes of a GroupSequential plan.
const (
	Pocock          = "pocock"                    // equal bounds (Pocock, 1977)
	OBrienFleming   = "obrien-fleming"            // bounds that fall as 1/sqrt(k) (O'Brien and Fleming, 1979)
	SpendLikePocock = "spend-like-pocock"         // alpha log(1 + (e-1) t) is spent by the share t of the looks (Lan and DeMets, 1983)
	SpendLikeOBF    = "spend-like-obrien-fleming" // 2 - 2 Phi(z / sqrt(t)) of each side (Lan and DeMets, 1983)

)

// mostPlannedLooks is the most looks of a plan.
const mostPlannedLooks = 200

// GroupSequential is a plan of looks that share one level.
type GroupSequential struct {
	Looks    int     // 1 to 200
	Alpha    float64 // of all looks, both sides together; above 0 and below 1
	Shape    string  // Pocock, OBrienFleming, SpendLikePocock or SpendLikeOBF
	TwoSided bool
}

// Plan works out the bounds, to ten digits.
func (g GroupSequential) Plan() Looks {
	mustCount("looks", g.Looks)
	mustCount("201 less the looks", mostPlannedLooks+1-g.Looks)
	mustBePositive("alpha", g.Alpha)
	mustBePositive("1 less alpha", 1-g.Alpha)
	switch g.Shape {
	case Pocock:
		return g.family(func(int) float64 { return 1 })
	case OBrienFleming:
		return g.family(func(k int) float64 { return math.Sqrt(float64(g.Looks) / float64(k)) })
	case SpendLikePocock, SpendLikeOBF:
		return g.spending()
	}
	panic("analytic: no plan of looks is called " + g.Shape)
}

// family is a shape times the constant that keeps the level.
func (g GroupSequential) family(shape func(k int) float64) Looks {
	plan := func(c float64) Looks {
		l := Looks{TwoSided: g.TwoSided, Bounds: make([]float64, g.Looks)}
		for i := range l.Bounds {
			l.Bounds[i] = c * shape(i+1)
		}
		return l
	}
	return plan(boundAt(func(c float64) float64 { p, _ := plan(c).Reject(0); return p }, g.Alpha))
}

// spending finds one bound after the other.
func (g GroupSequential) spending() Looks {
	l, sides := Looks{TwoSided: g.TwoSided}, 1.0
	if g.TwoSided {
		sides = 2
	}
	walk, spent := lookWalk{}, 0.0
	for k := 1; k <= g.Looks; k++ {
		target := g.spent(float64(k)/float64(g.Looks), g.Alpha/sides)
		root := math.Sqrt(float64(k))
		b := boundAt(func(b float64) float64 { return walk.beyond(b*root, 0) }, target-spent)
		spent = target
		l.Bounds = append(l.Bounds, b)
		low := -tailWidth * root
		if g.TwoSided {
			low = -b * root
		}
		walk = walk.step(low, b*root, 0)
	}
	return l
}

// spent is the part of the level of one side that is spent by the share t.
func (g GroupSequential) spent(t, alpha float64) float64 {
	if g.Shape == SpendLikePocock {
		return alpha * portable.Log1p((math.E-1)*t)
	}
	return 2 * portable.NormalCDF(-portable.NormalQuantile(1-alpha/2)/math.Sqrt(t))
}

// farthestBound is the largest bound of a plan, in standard deviations: nothing is as
// improbable as to be beyond it, 1e-350.
const farthestBound = 40

// boundAt finds the bound at which a falling probability is the target, to 1e-12 of it,
// by halves until both ends have logarithms, then by the method of Illinois (Dowell and
// Jarratt, 1971) on them.
func boundAt(probability func(b float64) float64, target float64) float64 {
	f := func(b float64) float64 { return math.Log(probability(b) / target) }
	a, b := 1e-6, float64(farthestBound)
	fa, fb, last := f(a), f(b), 0
	if fa <= 0 {
		return a
	}
	for range 200 {
		if fb >= 0 || b-a < 1e-14*b {
			break
		}
		c := a + (b-a)/2
		if !math.IsInf(fb, -1) {
			c = a + fa*(b-a)/(fa-fb)
		}
		switch fc := f(c); {
		case math.Abs(fc) < 1e-12:
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
