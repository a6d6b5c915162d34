package portable

import "math"

// Pow returns x to the power y, within 1 ulp.
//
// Special cases, in this order, are those of package math: Pow(x, ±0) = 1 and
// Pow(1, y) = 1 for any other argument; NaN if one of them is NaN; for x = ±0 and
// ±Inf the limit, with the sign of x where y is an odd integer; Pow(-1, ±Inf) = 1;
// for y = ±Inf the limit 0 or +Inf; NaN for x < 0 and a y that is not an integer.
//
// The logarithm is computed with 15 bits more than a float64 has, and the product
// exactly (Dekker, 1971), as an error of the exponent is an error of the digits.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0):
		return powLimit(x, y)
	case x > 0:
		return powPositive(x, y)
	case y != math.Floor(y):
		return math.NaN()
	case oddInteger(y):
		return -powPositive(-x, y)
	}
	return powPositive(-x, y)
}

// powLimit is Pow for an x of 0 or ±Inf or an infinite y.
func powLimit(x, y float64) float64 {
	a := math.Abs(x)
	if a == 1 { // and y is infinite
		return 1
	}
	if (a > 1) != (y > 0) {
		a = 0
	} else {
		a = math.Inf(1)
	}
	if math.Signbit(x) && oddInteger(y) {
		return -a
	}
	return a
}

// oddInteger tells whether y is an odd integer; every number from 2^53 on is even.
func oddInteger(y float64) bool {
	a := math.Abs(y)
	return a < 1<<53 && a == math.Floor(a) && int64(a)&1 == 1
}

// powPositive is Pow for a finite x > 0 and a finite y.
func powPositive(x, y float64) float64 {
	if x == 1 || math.Abs(y) < 0x1p-64 { // |y log x| < 2^-53
		return 1
	}
	high, low := logPair(x)
	if math.Abs(float64(y*high)) > 800 { // and Dekker's split could overflow
		return Exp(float64(y * high))
	}
	product, rest := twoProduct(y, high)
	return expSum(product, rest+float64(y*low))
}

// logPair returns the logarithm of a positive finite x as the sum of two numbers,
// with a relative error below 2^-66. It is Log, carried further.
func logPair(x float64) (high, low float64) {
	shift := 0
	bits := math.Float64bits(x)
	if bits < smallestBits {
		bits, shift = math.Float64bits(float64(x*0x1p52)), -52
	}
	offset := bits - logOffset
	k := float64(int(int64(offset)>>52) + shift)
	cell := &logCells[offset>>45%128]
	z := bits - offset&exponentMask
	front := math.Float64frombits((z + halfOfLow) & highHalf)
	back := float64((math.Float64frombits(z) - front) * cell.inverse)
	lead := float64(front*cell.inverse) - 1
	r, dropped := twoSum(lead, back)
	square, rest := twoProduct(r, float64(-r/2)) // a division by 2 is compiled as a product
	rest += float64(k*ln2Low) + cell.low - float64(r*dropped)
	sum, error1 := twoSum(float64(k*ln2High)+cell.high, r)
	sum, error2 := twoSum(sum, square)
	rest += dropped + error1 + error2 + float64(float64(r*r)*float64(r*polynomial(logTerms[:], r)))
	high = sum + rest
	return high, (sum - high) + rest
}

// logTerms are those of log(1+r) from the third power on, divided by that power.
var logTerms = [...]float64{1.0 / 3, -1.0 / 4, 1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8, 1.0 / 9, -1.0 / 10}
