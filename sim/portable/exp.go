package portable

import "math"

// Constants of the reduction x = k log(2)/128 + r. The high part of log(2)/128 is a
// multiple of 2^-42, so that its products with k are exact.
const (
	cellsPerUnit = 0x1.71547652b82fep+07 // 128 / log 2
	cellHigh     = 0x1.62e42fefcp-08
	cellLow      = -0x1.c610ca86c3899p-44
	minusOne     = 1<<64 - 1 // in the arithmetic of bit patterns
	roundToInt   = 0x1.8p52  // adding it rounds to an integer, whose bits end the sum's
)

// Arguments beyond which the exponential overflows, or is half the smallest number.
const (
	expOverflow  = 709.782712893384
	expUnderflow = -745.1332191019412
)

// Exp returns e to the power x, within 0.6 ulp (1 ulp of the smallest numbers where
// the result is subnormal).
//
// Special cases: Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN, +Inf above
// 709.7827 and 0 below -745.1332.
//
// The method is a table look-up (Tang, "Table-driven implementation of the
// exponential function in IEEE floating-point arithmetic", 1989): e^x = 2^(k/128)
// e^r, with 128 tabulated fractional powers of 2.
func Exp(x float64) float64 {
	if !(math.Abs(x) < 708) {
		return expSpecial(x, 0)
	}
	return expScaled(x, 0, 0)
}

// expSum returns e^(x+rest) for a rest below 2^-20, which carries the digits that x
// has no room for; without them the relative error would be x times 2^-53.
func expSum(x, rest float64) float64 {
	if !(math.Abs(x) < 708) {
		return expSpecial(x, rest)
	}
	return expScaled(x, rest, 0)
}

// expSpecial is expSum where the result or a step to it leaves the normal numbers.
func expSpecial(x, rest float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < expUnderflow:
		return 0
	case x > 0:
		return float64(expScaled(x, rest, minusOne) * 2)
	}
	return float64(expScaled(x, rest, 128) * 0x1p-128)
}

// expScaled returns 2^shift e^(x+rest), all of whose factors must be normal.
func expScaled(x, rest float64, shift uint64) float64 {
	z := float64(x*cellsPerUnit) + roundToInt
	k := z - roundToInt
	n := math.Float64bits(z)
	cell := &expCells[n%128]
	power := math.Float64frombits(math.Float64bits(cell.power) + (n>>7+shift)<<52)
	r := x - float64(k*cellHigh) - (float64(k*cellLow) - rest)
	return power + float64(power*(cell.rest+(r+expTail(r))))
}

// expTail returns e^r - 1 - r for |r| <= log(2)/256: its power series.
func expTail(r float64) float64 {
	r2 := float64(r * r)
	p := 1.0/2 + float64(r*(1.0/6))
	q := 1.0/24 + float64(r*(1.0/120)) + float64(r2*(1.0/720))
	return float64(r2 * (p + float64(r2*q)))
}

// Expm1 returns e^x - 1, within 1 ulp also where x is tiny.
//
// Special cases: Expm1(+Inf) = +Inf, Expm1(-Inf) = -1, Expm1(±0) = ±0, Expm1(NaN) =
// NaN.
func Expm1(x float64) float64 {
	switch a := math.Abs(x); {
	case a < 0x1p-54:
		return x
	case !(a < 40): // beyond, 1 is less than half an ulp of e^x, or the other way round
		return Exp(x) - 1
	}
	z := float64(x*cellsPerUnit) + roundToInt
	k := z - roundToInt
	n := math.Float64bits(z)
	cell := &expCells[n%128]
	power := math.Float64frombits(math.Float64bits(cell.power) + n>>7<<52)
	main, low := x-float64(k*cellHigh), float64(k*cellLow)
	r := main - low
	rest := main - r - low + expTail(r) + float64(cell.rest*(1+r))
	// power (1 + r + rest) - 1, the large parts exactly.
	less, error1 := twoSum(power, -1)
	sum, error2 := twoSum(less, r)
	return sum + (error1 + error2 + float64(less*r) + float64(power*rest))
}
