package portable

import "math"

// NormalCDF returns the probability that a standard normal variable is at most x,
// within 7 ulp in both tails, down to the last positive value at x = -38.4.
//
// Special cases: NormalCDF(-Inf) = 0, NormalCDF(+Inf) = 1, NormalCDF(NaN) = NaN.
func NormalCDF(x float64) float64 {
	const inverseRoot2 = 0x1.6a09e667f3bcdp-01
	z := math.Abs(float64(x * inverseRoot2))
	switch {
	case z <= 0.5:
		return 0.5 + float64(0.5*erfSmall(float64(x*inverseRoot2)))
	case z > 28:
		return math.Max(0, math.Copysign(1, x))
	case x < 0:
		return normalTail(x, z)
	case x > 0:
		return 1 - normalTail(x, z)
	}
	return x // NaN
}

// normalTail returns the probability beyond |x| = z sqrt(2) on one side. It squares
// x itself: squaring the rounded z would cost ten bits in the far tail.
func normalTail(x, z float64) float64 {
	square, rest := twoProduct(x, x)
	return float64(0.5 * float64(expSum(float64(-square/2), float64(-rest/2))*erfcScaled(z)))
}

// NormalQuantile returns the x with NormalCDF(x) = u: algorithm AS 241 (PPND16) of
// Wichura, "The percentage points of the normal distribution" (1988). The relative
// error is below 1e-15, down to u = 1e-316.
//
// Special cases: NormalQuantile(0) = -Inf, NormalQuantile(1) = +Inf, NaN for u
// outside [0, 1] or NaN.
func NormalQuantile(u float64) float64 {
	q := u - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return float64(q * polynomial(centreAbove[:], r) / polynomial(centreBelow[:], r))
	}
	switch {
	case !(u >= 0 && u <= 1):
		return math.NaN()
	case q < 0:
		return -normalTailQuantile(u)
	}
	return normalTailQuantile(1 - u)
}

// normalTailQuantile returns the x > 0 that is exceeded with probability p < 0.075.
func normalTailQuantile(p float64) float64 {
	if p == 0 {
		return math.Inf(1)
	}
	r := math.Sqrt(-Log(p))
	if r <= 5 {
		return polynomial(nearAbove[:], r-1.6) / polynomial(nearBelow[:], r-1.6)
	}
	return polynomial(farAbove[:], r-5) / polynomial(farBelow[:], r-5)
}

// Coefficients of AS 241: numerator and denominator near the centre, in the tails
// and far out in them.
var (
	centreAbove = [...]float64{
		3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
		4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
	}
	centreBelow = [...]float64{
		1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
		2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
	}
	nearAbove = [...]float64{
		1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
	}
	nearBelow = [...]float64{
		1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
	}
	farAbove = [...]float64{
		6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
	}
	farBelow = [...]float64{
		1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
	}
)
