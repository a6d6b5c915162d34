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
	lower, _ := betaTails(x, 1-x, a, b)
	return lower
}

// betaTails returns I_x(a, b) and its complement, both to full relative precision,
// for y = 1 - x.
func betaTails(x, y, a, b float64) (lower, upper float64) {
	switch {
	case !(a > 0 && b > 0) || math.IsInf(a+b, 1) || math.IsNaN(x):
		panic(fmt.Sprintf("stat: incomplete beta function at %v with shapes %v, %v", x, a, b))
	case x <= 0:
		return 0, 1
	case y <= 0:
		return 1, 0
	}
	if x > (a+1)/(a+b+2) {
		upper = betaFraction(y, x, b, a)
		return 1 - upper, upper
	}
	lower = betaFraction(x, y, a, b)
	return lower, 1 - lower
}

// betaFraction is I_x(a, b) for x below about the mean: Lentz's method as modified
// by Thompson and Barnett (1986). The number of steps grows as the root of the larger
// shape. Near x = 1 all digits come from y.
func betaFraction(x, y, a, b float64) float64 {
	f := awayFromZero(a / (a + 1) * (float64(a*y) - float64(b*x) + 1))
	c, d := f, 0.0
	for m := 1.0; m < 1e6; m++ {
		i := a + 2*m - 1
		numerator := (a + m - 1) / i * (a + b + m - 1) / i * m * (b - m) * x * x
		denominator := betaDenominator(m, x, y, a, b)
		d = 1 / awayFromZero(denominator+float64(numerator*d))
		c = awayFromZero(denominator + numerator/c)
		change := float64(c * d)
		f *= change
		if math.Abs(change-1) < 0x1p-52 {
			break
		}
	}
	return min(1, betaPower(a, b, x, y)/f)
}

// betaDenominator is the m-th one, m >= 1.
func betaDenominator(m, x, y, a, b float64) float64 {
	lead := float64(a*y) - float64(b*x) + 1 + float64(m*(1+y))
	return m + m*(b-m)*x/(a+2*m-1) + float64((a+m)/(a+2*m+1)*lead)
}

func awayFromZero(x float64) float64 {
	if math.Abs(x) < 1e-300 {
		return 1e-300
	}
	return x
}

// betaPower returns x^a y^b / B(a, b) for x + y = 1.
func betaPower(a, b, x, y float64) float64 {
	n := a + b
	exponent := stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, float64(n*x)) - deviance(b, float64(n*y))
	return portable.Exp(exponent) * math.Sqrt(a/n*b/(2*math.Pi))
}

// deviance returns x log(x/m) + m - x without cancellation where x is near m
// (Loader 2000, "Fast and accurate computation of binomial probabilities", section 4).
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return float64(x*portable.Log(x/m)) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := float64((x-m)*v), 2*x*v
	for j := 3.0; ; j += 2 {
		term *= v * v
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
