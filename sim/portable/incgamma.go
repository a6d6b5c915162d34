package portable

import "math"

// IncompleteGamma returns the regularised incomplete gamma functions, lower = P(a, x)
// and upper = Q(a, x) = 1 - P(a, x), each with a relative error below 3e-13 where it
// is above 1e-250 (an error of x in its last digit can move it by more). P(a, x) is
// the probability that a gamma variable of shape a > 0 and scale 1 is at most
// x >= 0; Q(k+1, x) is the probability that a Poisson variable of mean x is at most k.
//
// Special cases: (0, 1) for x = 0, (1, 0) for x = +Inf, NaN twice for x < 0, an a
// that is not positive and finite, or a NaN.
//
// Methods: for a >= 20 near x = a, Temme's uniform expansion; else the power series
// (Abramowitz and Stegun, 1964, 6.5.29) below x = a+1 and the continued fraction
// (6.5.31) above; for a < 1 a series of Q itself.
func IncompleteGamma(a, x float64) (lower, upper float64) {
	switch {
	case !(x >= 0) || !(a > 0) || a > math.MaxFloat64:
		return math.NaN(), math.NaN()
	case x == 0:
		return 0, 1
	case x > math.MaxFloat64:
		return 1, 0
	case a >= 20 && x > 0.4*a && x < 2.2*a:
		return gammaUniform(a, x)
	case a < 1 && x < 1.5:
		upper = gammaUpperSmall(a, x)
		return gammaLowerSeries(a, x), upper
	case x < a+1:
		lower = gammaLowerSeries(a, x)
		return lower, 1 - lower
	}
	upper = gammaUpperFraction(a, x)
	return 1 - upper, upper
}

// PoissonWeight returns x^a e^-x / Gamma(a+1), for an integer a the probability that
// a Poisson variable of mean x is a; a >= 0 and x >= 0, both finite. Its relative error
// is below 3e-13 where it is above 1e-250. The form is that of Loader, "Fast and accurate computation of binomial probabilities" (2000).
func PoissonWeight(a, x float64) float64 {
	switch {
	case a == 0:
		return Exp(-x)
	case x == 0:
		return 0
	}
	return Exp(-stirlingRest(a)-deviance(a, x, x-a)) / (math.Sqrt(a) * sqrt2Pi)
}

// deviance returns a log(a/x) + x - a >= 0, given difference = x - a, which the
// caller may know better than the subtraction does.
func deviance(a, x, difference float64) float64 {
	e := difference / a
	if math.Abs(e) > 0.4 {
		return float64(a*Log(a/x)) + difference
	}
	return -float64(a * logLess(e))
}

// logLess returns log(1+e) - e for |e| <= 0.4, from the series of 2 atanh(v) with
// v = e/(2+e) (Loader, 2000).
func logLess(e float64) float64 {
	v := e / (2 + e)
	v2 := float64(v * v)
	return float64(2*float64(float64(v*v2)*polynomial(atanhTerms[:], v2))) - float64(e*v)
}

// atanhTerms are those of atanh(v) from the third power on.
var atanhTerms = [...]float64{
	1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23,
}

// gammaLowerSeries sums P(a, x) = x^a e^-x / Gamma(a+1) (1 + x/(a+1) + ...).
func gammaLowerSeries(a, x float64) float64 {
	sum, term := 1.0, 1.0
	for n := a + 1; term > 1e-17*sum; n++ {
		term = float64(term * (x / n))
		sum += term
	}
	return math.Min(1, float64(PoissonWeight(a, x)*sum))
}

// gammaUpperFraction evaluates Legendre's continued fraction of Q(a, x) by the method
// of Lentz (1976) in the form of Thompson and Barnett (1986). All denominators are
// positive for x >= a+1 or a < 1.
func gammaUpperFraction(a, x float64) float64 {
	b := x + 1 - a
	d := 1 / b
	c, h := math.Inf(1), d
	for n := 1.0; n < 100_000; n++ {
		step := float64(n * (a - n))
		b += 2
		d = 1 / (float64(step*d) + b)
		c = b + step/c
		change := float64(c * d)
		h = float64(h * change)
		if math.Abs(change-1) < 1e-16 {
			break
		}
	}
	return float64(float64(PoissonWeight(a, x)*a) * h)
}

// gammaUpperSmall returns Q(a, x) for a < 1 and x < 1.5, where 1 - P would lose
// digits: with x^a / Gamma(1+a) = e^t, Q = -(e^t - 1) - e^t (P's series less 1).
func gammaUpperSmall(a, x float64) float64 {
	t := float64(a*Log(x)) - lgamma1pSmall(a)
	sum, term := 0.0, 1.0
	for n := 1.0; math.Abs(term) > 1e-18; n++ {
		term = -float64(term * (x / n))
		sum += term / (a + n)
	}
	return -Expm1(t) - float64(Exp(t)*float64(a*sum))
}

// lgamma1pSmall returns Lgamma(1+a) for 0 <= a <= 1 without rounding 1+a.
func lgamma1pSmall(a float64) float64 {
	if a <= 0.5 {
		return lgamma1p(a)
	}
	return lgamma2p(a - 1)
}

// gammaUniform is the uniform asymptotic expansion of Temme, "The asymptotic
// expansion of the incomplete gamma functions" (1979): with (eta²/2) a the deviance,
// Q = erfc(eta sqrt(a/2))/2 + e^(-a eta²/2) / sqrt(2 pi a) S(eta). Inserting a power
// series for S in the differential equation gives its terms in falling order:
// s(n-1) = d(n) + (n+1)/a s(n+1), up to the factor 1 + s(1)/a.
func gammaUniform(a, x float64) (lower, upper float64) {
	d := deviance(a, x, x-a)
	eta := math.Copysign(math.Sqrt(2*d/a), x-a)
	inverse := 1 / a
	var s, next, after float64 // next is s(n), after s(n+1)
	for n := len(temmeTerms) - 1; n > 0; n-- {
		current := temmeTerms[n] + float64(float64(float64(n+1)*inverse)*after)
		s = float64(s*eta) + current
		next, after = current, next
	}
	return tails(d, eta, s/float64((1+after/a)*(math.Sqrt(a)*sqrt2Pi)))
}

// tails returns the two tails of a distribution whose normal approximation has the
// given deviance (half the squared normal deviate) and the sign of side; correction,
// in units of e^-deviance, is what the upper tail has more than the normal one.
func tails(deviance, side, correction float64) (lower, upper float64) {
	z, factor := math.Sqrt(deviance), Exp(-deviance)
	tail := 0.5 - float64(0.5*erfSmall(z))
	if z > 0.5 {
		tail = float64(float64(factor*erfcScaled(z)) / 2)
	}
	if side < 0 {
		tail -= float64(factor * correction)
		return tail, 1 - tail
	}
	tail += float64(factor * correction)
	return 1 - tail, tail
}

// temmeTerms are the power series of eta/(lambda - 1) in eta, where eta²/2 = lambda
// - 1 - log lambda.
var temmeTerms = [...]float64{
	0x1p+00, -0x1.5555555555555p-02, 0x1.5555555555555p-04, -0x1.e573ac901e574p-07,
	0x1.2f684bda12f68p-10, 0x1.71de3a556c734p-12, -0x1.76e06fec7273bp-13, 0x1.48c5892f7cd83p-15,
	-0x1.255370652afc1p-19, -0x1.f1b22f594c6b5p-20, 0x1.bd6d21e4b4109p-21, -0x1.7b5f9a2d0465cp-23,
	0x1.ccf5ceb7f0d9fp-28, 0x1.6097d55c37c1cp-27, -0x1.2d2197c7a2faap-28, 0x1.f6e66d24d5c8ap-31,
	-0x1.c0d9b6edf2b0bp-36, -0x1.0070a87340428p-34, 0x1.ac9475c463659p-36, -0x1.61ca701fd754ap-38,
	0x1.ef98008f5eec2p-44, 0x1.7ba0759769d7cp-42, -0x1.3989bebb193cp-43, 0x1.0104fc4369a3cp-45,
	-0x1.283fe7950ad7bp-51, -0x1.1ca914d71a27cp-49, 0x1.d2e7d5ca48b9p-51, -0x1.7cfbcf3db9bfcp-53,
}
