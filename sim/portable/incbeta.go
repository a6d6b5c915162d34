package portable

import "math"

// IncompleteBeta returns the regularised incomplete beta function lower = I_x(a, b)
// and upper = 1 - I_x(a, b), each with a relative error below 1e-12 where it is above
// 1e-250 (an error of x in its last digit can move it by more). I_x(a, b) is the
// probability that a beta variable of shapes a > 0 and b > 0 is at most x; for whole
// numbers I_p(k, n-k+1) is the probability of k or more successes in n trials.
//
// Special cases: (0, 1) for x = 0, (1, 0) for x = 1, NaN twice for an x outside
// [0, 1], shapes that are not positive and finite, or a NaN.
//
// The method is the continued fraction of DiDonato and Morris, "Algorithm 708:
// significant digit computation of the incomplete beta function ratios" (1992),
// equation 9, on the side of the mean where its terms are positive. It takes a few
// dozen steps, and about sqrt(min(a, b)) of them near the mean.
func IncompleteBeta(a, b, x float64) (lower, upper float64) {
	switch {
	case !(x >= 0 && x <= 1) || !(a > 0 && b > 0) || a+b > math.MaxFloat64:
		return math.NaN(), math.NaN()
	case x == 0:
		return 0, 1
	case x == 1:
		return 1, 0
	}
	return betaTails(a, b, x, 1-x)
}

// betaTails is IncompleteBeta given both x and y = 1-x, of which the smaller one must
// be the more accurate.
func betaTails(a, b, x, y float64) (lower, upper float64) {
	d, difference := betaDeviance(a, b, x, y)
	front := betaFront(a, b, d)
	if difference > math.Max(-0.5, math.Min(0.5, y-x)) { // about x > (a+1)/(a+b+2)
		upper = math.Min(1, float64(front*betaFraction(b, a, y, difference)))
		return 1 - upper, upper
	}
	lower = math.Min(1, float64(front*betaFraction(a, b, x, -difference)))
	return lower, 1 - lower
}

// betaFraction returns B(a, b) I_x(a, b) / (x^a (1-x)^b) for lambda = a - (a+b) x of
// at least -1/2. It is evaluated by the method of Lentz (1976) in the form of
// Thompson and Barnett (1986).
func betaFraction(a, b, x, lambda float64) float64 {
	f := float64(a*(lambda+1)) / (a + 1)
	c, d := f, 0.0
	for n := 1.0; n < 1e6; n++ {
		odd := a + (n + n - 1)
		w := float64(n*float64((b-n)*x)) / odd
		above := float64(float64((a+n-1)*((a+b+n-1)/odd)) * float64(w*x))
		below := n + w + float64((a+n)*(lambda+1+float64(n*(2-x))))/(odd+2)
		d = 1 / (below + float64(above*d))
		c = below + above/c
		change := float64(c * d)
		f = float64(f * change)
		if math.Abs(change-1) < 1e-16 {
			break
		}
	}
	return 1 / f
}

// betaWeight returns x^a y^b / B(a, b), given both x and y = 1-x.
func betaWeight(a, b, x, y float64) float64 {
	d, _ := betaDeviance(a, b, x, y)
	return betaFront(a, b, d)
}

// betaFront returns x^a y^b / B(a, b) from the deviance of x: Loader, "Fast and
// accurate computation of binomial probabilities" (2000).
func betaFront(a, b, deviance float64) float64 {
	rest := stirlingRest(a+b) - stirlingRest(a) - stirlingRest(b)
	return float64(Exp(rest-deviance) * (math.Sqrt(float64(a*(b/(a+b)))) / sqrt2Pi))
}

// betaDeviance returns a log(a/(n x)) + b log(b/(n y)) with n = a+b, and n x - a. The
// smaller of x and y = 1-x must be the more accurate.
func betaDeviance(a, b, x, y float64) (sum, difference float64) {
	if x > y {
		sum, difference = betaDeviance(b, a, y, x)
		return sum, -difference
	}
	n, lost := twoSum(a, b)
	nx, rest := twoProduct(n, x)
	difference = nx - a + (rest + float64(lost*x))
	sum = deviance(a, nx, difference) + deviance(b, float64(n*y), -difference)
	return sum, difference
}

// BinomialWeight returns the probability of k successes in n independent trials of
// success probability p (Loader, 2000), with a relative error below 3e-13 where it is
// above 1e-250; 0 <= k <= n whole numbers, 0 <= p <= 1.
func BinomialWeight(k, n, p float64) float64 {
	switch {
	case p == 0 || k == 0:
		if k != 0 {
			return 0
		}
		return Exp(float64(n * Log1p(-p)))
	case k == n:
		return Exp(float64(n * Log(p)))
	case p == 1:
		return 0
	}
	// In terms of the beta weight with shapes k and n-k.
	return float64(betaWeight(k, n-k, p, 1-p) * (n / float64(k*(n-k))))
}
