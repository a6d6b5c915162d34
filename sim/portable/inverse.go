package portable

import "math"

// InverseIncompleteGamma returns the x with P(a, x) = u: the u-quantile of the gamma
// distribution of shape a > 0 and scale 1. Putting it back into IncompleteGamma gives
// u, or for u above 1/2 the upper tail 1-u, to a relative 1e-12, with more error only
// where one last digit of x moves it by more.
//
// Special cases: 0 for u = 0, +Inf for u = 1, NaN for u outside [0, 1], an a that is
// not positive and finite, or a NaN.
//
// The method is Halley's iteration on the logarithm of the smaller tail, from the
// approximation of Wilson and Hilferty (1931) or, for small x, from P = x^a /
// Gamma(a+1). Two or three steps are the rule.
func InverseIncompleteGamma(a, u float64) float64 {
	switch {
	case !(u >= 0 && u <= 1) || !(a > 0) || a > math.MaxFloat64:
		return math.NaN()
	case u == 0:
		return 0
	case u == 1:
		return math.Inf(1)
	}
	x, low, high := gammaGuess(a, u), 0.0, math.Inf(1)
	for range 200 {
		if x < 0x1p-1000 { // here P = x^a / Gamma(a+1) is exact
			return x
		}
		change, below := gammaStep(a, u, x)
		if math.Abs(change)*math.Sqrt(a+1) <= 1e-5*x {
			return x + change
		}
		if below {
			low = x
		} else {
			high = x
		}
		if x += change; !(x > low && x < high) { // or NaN, far outside
			x = inside(low, high)
		}
	}
	return x
}

// inside returns a number between low and high, of which low may still be 0 or high
// infinite: the geometric mean, as the order of magnitude is what is unknown.
func inside(low, high float64) float64 {
	switch {
	case low == 0:
		return float64(high * 0x1p-10)
	case high > math.MaxFloat64:
		return float64(low * 0x1p10)
	}
	return float64(math.Sqrt(low) * math.Sqrt(high))
}

// gammaGuess returns a first approximation to the quantile.
func gammaGuess(a, u float64) float64 {
	small := Exp((Log(u) + lgammaNext(a)) / a)
	if a < 1 {
		if small < 0.3 {
			return small
		}
		return math.Max(0.3, -Log(1-u)-Lgamma(a)) // Q is about e^-x / Gamma(a)
	}
	w := 1 - 1/float64(9*a) + NormalQuantile(u)/float64(3*math.Sqrt(a))
	if w < 0.3 {
		return math.Max(small, math.SmallestNonzeroFloat64)
	}
	return float64(a * float64(w*float64(w*w)))
}

// lgammaNext returns Lgamma(a+1).
func lgammaNext(a float64) float64 {
	if a <= 1 {
		return lgamma1pSmall(a)
	}
	return Lgamma(a + 1)
}

// gammaStep returns one step of Halley's iteration for the logarithm of the smaller
// tail, and whether x is below the quantile. For log P in log x the derivatives are h
// = x p(x)/P and h (a - x - h); for -log Q in log x they are h = x p(x)/Q and h (a - x
// + h), in x they are h/x and h/x ((a-1+h)/x - 1).
func gammaStep(a, u, x float64) (change float64, below bool) {
	lower, upper := IncompleteGamma(a, x)
	weight := float64(PoissonWeight(a, x) * a)
	if u <= 0.5 {
		h := weight / lower
		return float64(x * Expm1(halley(Log(u/lower)/h, a-x-h))), lower < u
	}
	h := weight / upper
	newton := Log(upper/(1-u)) / h
	if x < 0.3 {
		return float64(x * Expm1(halley(newton, a-x+h))), upper > 1-u
	}
	return halley(float64(newton*x), (a-1+h)/x-1), upper > 1-u
}

// halley corrects a step of Newton's iteration by the ratio of the second to the
// first derivative, at most by a factor of 2.
func halley(newton, ratio float64) float64 {
	return newton / math.Max(0.5, math.Min(2, 1+float64(0.5*float64(newton*ratio))))
}

// InverseIncompleteBeta returns the x with I_x(a, b) = u: the u-quantile of the beta
// distribution of shapes a > 0 and b > 0, to a relative 3e-12 of the smaller of u and
// 1-u when put back, with more error only where one last digit of x moves it by more
// (as it does where x is next to 1).
//
// Special cases: 0 for u = 0, 1 for u = 1, NaN for u outside [0, 1], shapes that are
// not positive and finite, or a NaN.
func InverseIncompleteBeta(a, b, u float64) float64 {
	switch {
	case !(u >= 0 && u <= 1) || !(a > 0 && b > 0) || a+b > math.MaxFloat64:
		return math.NaN()
	case u == 0 || u == 1:
		return u
	case u > 0.5:
		_, y := betaQuantile(b, a, 1-u)
		return y
	}
	x, _ := betaQuantile(a, b, u)
	return x
}

// betaQuantile returns the x with I_x(a, b) = u <= 1/2 and 1-x. It is Halley's
// iteration for log I in w = log(x/y), where its derivatives are h = x^a y^b / B(a, b)
// / I and h (a y - b x - h), with bisection where that leaves what is known.
func betaQuantile(a, b, u float64) (x, y float64) {
	low, high := -745.0, 745.0
	w := betaGuess(a, b, u)
	for range 100 {
		x, y = logistic(w), logistic(-w)
		lower, _ := betaTails(a, b, x, y)
		if lower < u {
			low = w
		} else {
			high = w
		}
		h := betaWeight(a, b, x, y) / lower
		change := halley(Log(u/lower)/h, float64(a*y)-float64(b*x)-h)
		if next := w + change; !(next >= low && next <= high) {
			w = float64(0.5 * (low + high))
			continue
		}
		w += change
		if math.Abs(change)*math.Sqrt(float64(a*(b/(a+b)))+1) <= 1e-5 {
			break
		}
	}
	return logistic(w), logistic(-w)
}

// logistic returns 1/(1+e^-w).
func logistic(w float64) float64 { return 1 / (1 + Exp(-w)) }

// betaGuess returns a first approximation to log(x/(1-x)) of the quantile: normal, or
// for a small shape from I = x^a / (a B(a, b)), which is never above the truth.
func betaGuess(a, b, u float64) float64 {
	if a < 1 {
		logBeta := lgammaNext(a) + Lgamma(b) - Lgamma(a+b) // of a B(a, b)
		return math.Max(-700, (Log(u)+logBeta)/a)
	}
	return Log(a/b) + float64(NormalQuantile(u)*math.Sqrt(1/a+1/b))
}
