package stat

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// BetaCDF returns the regularised incomplete beta function I_x(a, b): the
// probability that a beta variable of the shapes a, b > 0 is at most x. It is 0
// below x = 0 and 1 above x = 1, and panics at other shapes and at NaN.
//
// It is the continued fraction BFRAC of DiDonato and Morris (1992, ACM Transactions on
// Mathematical Software 18, algorithm 708), on the side where that converges fast, times
// a leading factor by Loader's saddle-point expansion, which keeps its digits for
// shapes of millions.
func BetaCDF(x, a, b float64) float64 {
	lower, _ := (beta{x: x, y: 1 - x, a: a, b: b}).tails()
	return lower
}

// A beta is the point x = 1 - y of a beta distribution of the shapes a and b.
type beta struct{ x, y, a, b float64 }

// tails returns I_x(a, b) and its complement, the smaller one to full relative
// precision.
func (p beta) tails() (lower, upper float64) {
	switch {
	case !(p.a > 0 && p.b > 0) || math.IsInf(p.a+p.b, 1) || math.IsNaN(p.x):
		panic(fmt.Sprintf("stat: incomplete beta function at %v with shapes %v, %v", p.x, p.a, p.b))
	case p.x <= 0:
		return 0, 1
	case p.y <= 0:
		return 1, 0
	}
	if p.x > (p.a+1)/(p.a+p.b+2) {
		upper = beta{x: p.y, y: p.x, a: p.b, b: p.a}.fraction()
		return 1 - upper, upper
	}
	lower = p.fraction()
	return lower, 1 - lower
}

// fraction is I_x(a, b) for x below about the mean: Lentz's method as modified by
// Thompson and Barnett (1986). The number of steps grows as the root of the larger
// shape. Near x = 1 all digits come from y.
func (p beta) fraction() float64 {
	f := awayFromZero(float64(p.a / (p.a + 1) * (float64(p.a*p.y) - float64(p.b*p.x) + 1)))
	c, d := f, 0.0
	for m := 1.0; m < 1e6; m++ {
		numerator, denominator := p.step(m)
		d = 1 / awayFromZero(denominator+float64(numerator*d))
		c = awayFromZero(denominator + numerator/c)
		change := float64(c * d)
		f = float64(f * change)
		if math.Abs(change-1) < 0x1p-52 {
			break
		}
	}
	return min(1, p.power()/f)
}

// step is the m-th numerator and denominator of the continued fraction, m >= 1.
func (p beta) step(m float64) (numerator, denominator float64) {
	i := p.a + (m + m) - 1
	numerator = float64((p.a + m - 1) / i * (p.a + p.b + m - 1) / i * m * (p.b - m) * p.x * p.x)
	lead := float64(p.a*p.y) - float64(p.b*p.x) + 1 + float64(m*(1+p.y))
	denominator = m + m*(p.b-m)*p.x/i + float64((p.a+m)/(i+2)*lead)
	return numerator, denominator
}

func awayFromZero(x float64) float64 {
	if math.Abs(x) < 1e-300 {
		return 1e-300
	}
	return x
}

// power returns x^a y^b / B(a, b).
func (p beta) power() float64 {
	n := p.a + p.b
	exponent := stirlingError(n) - stirlingError(p.a) - stirlingError(p.b) -
		deviance(p.a, float64(n*p.x)) - deviance(p.b, float64(n*p.y))
	return float64(portable.Exp(exponent) * math.Sqrt(p.a/n*p.b/(2*math.Pi)))
}

// deviance returns x log(x/m) + m - x without cancellation where x is near m
// (Loader 2000, "Fast and accurate computation of binomial probabilities", section 4).
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return float64(x*portable.Log(x/m)) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := float64((x-m)*v), float64(2*x*v)
	for j := 3.0; ; j += 2 {
		term = float64(term * v * v)
		next := sum + term/j
		if next == sum {
			return sum
		}
		sum = next
	}
}

// stirlingError returns log Gamma(n+1) - (n + 1/2) log n + n - log(2 pi)/2 for n > 0,
// the error of Stirling's formula: its asymptotic series above 15, and below the
// recurrence that the functional equation of Gamma gives.
func stirlingError(n float64) float64 {
	sum := 0.0
	for ; n <= 15; n++ {
		sum += float64((n+0.5)*portable.Log1p(1/n)) - 1
	}
	r := 1 / (n * n)
	series := 1./1260 - float64(r*(1./1680-float64(r*(1./1188))))
	series = 1./12 - float64(r*(1./360-float64(r*series)))
	return sum + series/n
}
