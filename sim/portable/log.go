package portable

import "math"

// The natural logarithm of 2 in two parts. The high part is a multiple of 2^-41, so
// that its product with a binary exponent, and sums of such numbers, are exact.
const (
	ln2High = 0x1.62e42fefa4p-01
	ln2Low  = -0x1.8432a1b0e2634p-43
)

const (
	logOffset    = 0x3fe6a00000000000 // bits of the first mantissa, about 0.707
	smallestBits = 0x0010000000000000 // bits of the smallest normal number
	infinityBits = 0x7ff0000000000000
	exponentMask = 0xfff0000000000000
	highHalf     = 0xffffffffffe00000 // all but the last 21 bits of a mantissa
	halfOfLow    = 0x0000000000100000 // half of what the last 21 bits can hold, to round
)

// Log returns the natural logarithm of x, within 0.6 ulp.
//
// Special cases: Log(0) = -Inf, Log(+Inf) = +Inf, Log(x) = NaN for x < 0 or NaN.
//
// The method is a table look-up (Tang, "Table-driven implementation of the
// logarithm function in IEEE floating-point arithmetic", 1990): x = 2^k z, and
// log x = k log 2 - log(inverse) + log(1 + r) with r = z inverse - 1 small. Unlike
// Tang's, the inverses are short, so that r comes in two exact parts.
func Log(x float64) float64 {
	bits := math.Float64bits(x)
	if bits-smallestBits >= infinityBits-smallestBits {
		return logSpecial(x)
	}
	return logNormal(bits, 0, 0)
}

// logSpecial is Log outside the positive normal numbers.
func logSpecial(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case !(x > 0):
		return math.NaN()
	case x > math.MaxFloat64:
		return x
	}
	return logNormal(math.Float64bits(float64(x*0x1p52)), -52, 0)
}

// Log1p returns the natural logarithm of 1+x, within 1 ulp also where x is tiny.
//
// Special cases: Log1p(+Inf) = +Inf, Log1p(±0) = ±0, Log1p(-1) = -Inf, Log1p(x) =
// NaN for x < -1 or NaN.
func Log1p(x float64) float64 {
	if math.Abs(x) < 0x1p-54 {
		return x
	}
	u, rest := twoSum(1, x)
	bits := math.Float64bits(u)
	if bits-smallestBits >= infinityBits-smallestBits {
		return logSpecial(u)
	}
	return logNormal(bits, 0, rest/u) // log(u+rest) is log(u) + rest/u here
}

// logNormal is the logarithm of 2^shift times the positive normal number of these
// bits, plus a rest far smaller than that number's logarithm or its last digit.
func logNormal(bits uint64, shift int, rest float64) float64 {
	offset := bits - logOffset
	k := float64(int(int64(offset)>>52) + shift)
	cell := &logCells[offset>>45%128]
	z := bits - offset&exponentMask
	high := math.Float64frombits((z + halfOfLow) & highHalf)
	low := float64((math.Float64frombits(z) - high) * cell.inverse)
	lead := float64(high*cell.inverse) - 1       // exact, as is low
	sum := float64(k*ln2High) + cell.high + lead // exact
	rest += float64(k*ln2Low) + cell.low + logTail(lead+low)
	main := sum + low
	return main + (sum - main + low + rest)
}

// logTail returns log(1+r) - r for |r| <= 2^-7: its power series, which is so short
// there that fitted coefficients would gain nothing.
func logTail(r float64) float64 {
	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	p := -1.0/2 + float64(r*(1.0/3))
	q := -1.0/4 + float64(r*(1.0/5))
	s := -1.0/6 + float64(r*(1.0/7)) - float64(r2*(1.0/8))
	return float64(r2 * (p + float64(r2*q) + float64(r4*s)))
}
