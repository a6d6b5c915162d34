package portable

import "math"

const (
	halfLog2Pi = 0x1.d67f1c864beb5p-01 // log(2 pi)/2
	sqrt2Pi    = 0x1.40d931ff62706p+01
)

// Lgamma returns the natural logarithm of the gamma function for x >= 0, within
// 5 ulp, also near its zeros at 1 and 2.
//
// Special cases: Lgamma(0) = +Inf, Lgamma(+Inf) = +Inf, Lgamma(x) = NaN for x < 0
// (this package has no use for it there) or NaN.
func Lgamma(x float64) float64 {
	switch {
	case !(x >= 0):
		return math.NaN()
	case x < 0.5:
		return lgamma1p(x) - Log(x)
	case x <= 1.5:
		return lgamma1p(x - 1)
	case x <= 2.5:
		return lgamma2p(x - 2)
	case x < stirlingFrom:
		return lgammaMiddle(x)
	case x > 1e300: // the product below could overflow
		return float64(x * (Log(x) - 1))
	}
	log, rest := logPair(x)
	main, low := twoProduct(x-0.5, log)
	low += float64((x - 0.5) * rest)
	return main - x + (low + halfLog2Pi + stirlingRest(x))
}

// lgamma2p returns Lgamma(2+z) for |z| <= 1/2: Abramowitz and Stegun (1964), 6.1.33.
func lgamma2p(z float64) float64 { return float64(z * polynomial(lgammaTerms[:], z)) }

// lgamma1p returns Lgamma(1+z) for |z| <= 1/2, with a small relative error also
// where z is tiny.
func lgamma1p(z float64) float64 { return lgamma2p(z) - Log1p(z) }

// lgammaMiddle is Lgamma from 2.5 to stirlingFrom, by Gamma(x+1) = x Gamma(x).
func lgammaMiddle(x float64) float64 {
	product := 1.0
	for x > 2.5 {
		x--
		product = float64(product * x)
	}
	return lgamma2p(x-2) + Log(product)
}

// stirlingFrom is where nine terms of Stirling's series are enough.
const stirlingFrom = 10

// stirlingRest returns Lgamma(x) less Stirling's (x - 1/2) log x - x + log(2 pi)/2,
// about 1/(12x), with an absolute error below 1e-15; it needs x > 0. From
// stirlingFrom on it is Stirling's series (Abramowitz and Stegun, 6.1.41).
func stirlingRest(x float64) float64 {
	if x >= stirlingFrom {
		return polynomial(stirlingTerms[:], 1/float64(x*x)) / x
	}
	return Lgamma(x) - (float64((x-0.5)*Log(x)) - x + halfLog2Pi)
}

// stirlingTerms are B(2n) / (2n (2n-1)) with the Bernoulli numbers B(2n).
var stirlingTerms = [...]float64{
	1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188,
	-691.0 / 360360, 1.0 / 156, -3617.0 / 122400, 43867.0 / 244188,
}

// lgammaTerms are 1 - Euler's constant and then (-1)^n (zeta(n) - 1)/n for n = 2, 3,
// ...
var lgammaTerms = [...]float64{
	0x1.b0ee6072093cep-02, 0x1.4a34cc4a60fa6p-02, -0x1.13e001a557607p-04, 0x1.51322ac7d8483p-06,
	-0x1.e404fc218f5f2p-08, 0x1.7add6eadb6c3p-09, -0x1.38ac5c2bf8e08p-10, 0x1.0b36af86396e9p-11,
	-0x1.d3fd4c76d2fc8p-13, 0x1.a127b0f17d65ap-14, -0x1.78de5bd7c81efp-15, 0x1.580dcee66eb02p-16,
	-0x1.3cbc963ce2243p-17, 0x1.2597a39f34aacp-18, -0x1.11b2eb7679541p-19, 0x1.0064cdeb22f0fp-20,
	-0x1.e2600d93cfd2fp-22, 0x1.c76bbb3f07a4dp-23, -0x1.af5a6cbbf8a97p-24, 0x1.99b93c2070b0fp-25,
	-0x1.862c734df3eacp-26, 0x1.7469daccfadcdp-27, -0x1.6434a8447aeadp-28, 0x1.555a877ffd2c3p-29,
	-0x1.47b1679258d0ep-30, 0x1.3b15d2b2fc10cp-31, -0x1.2f69a9fabe3ep-32, 0x1.24932a337434cp-33,
	-0x1.1a7c26ec2523cp-34,
}
