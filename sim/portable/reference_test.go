package portable

import (
	"math"
	"math/big"
	"sync"
)

// The functions of this file compute with 200 and more bits of math/big what the
// package computes with 53. They are slow and share no line with the package.

const precision = 240

func number(x float64) *big.Float { return fresh().SetFloat64(x) }

func fresh() *big.Float { return new(big.Float).SetPrec(precision) }

func plus(a, b *big.Float) *big.Float  { return wide(a, b).Add(a, b) }
func minus(a, b *big.Float) *big.Float { return wide(a, b).Sub(a, b) }
func times(a, b *big.Float) *big.Float { return wide(a, b).Mul(a, b) }
func over(a, b *big.Float) *big.Float  { return wide(a, b).Quo(a, b) }

// wide returns a zero with the larger precision of its arguments.
func wide(a, b *big.Float) *big.Float {
	return new(big.Float).SetPrec(max(a.Prec(), b.Prec()))
}

// negligible tells whether adding term would not change sum in its precision.
func negligible(term, sum *big.Float) bool {
	return term.Sign() == 0 || sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-int(sum.Prec())-2
}

// bigLogNear1 returns log(x) by the series of 2 atanh((x-1)/(x+1)).
func bigLogNear1(x *big.Float) *big.Float {
	one := wide(x, x).SetInt64(1)
	s := over(minus(x, one), plus(x, one))
	square, power, sum := times(s, s), s, s
	for n := int64(3); power.Sign() != 0; n += 2 {
		power = times(power, square)
		term := over(power, wide(x, x).SetInt64(n))
		if negligible(term, sum) {
			break
		}
		sum = plus(sum, term)
	}
	return plus(sum, sum)
}

var bigLn2 = sync.OnceValue(func() *big.Float {
	return bigLogNear1(new(big.Float).SetPrec(4000).SetInt64(2))
})

func bigLog(x *big.Float) *big.Float {
	mantissa := wide(x, x)
	exponent := x.MantExp(mantissa) // mantissa in [1/2, 1)
	if mantissa.Cmp(number(math.Sqrt2/2)) < 0 {
		mantissa = plus(mantissa, mantissa)
		exponent--
	}
	ln2 := wide(x, x).Set(bigLn2())
	return plus(bigLogNear1(mantissa), times(wide(x, x).SetInt64(int64(exponent)), ln2))
}

func bigExp(x *big.Float) *big.Float {
	k, _ := over(x, bigLn2()).Int64()
	ln2 := wide(x, x).Set(bigLn2())
	r := minus(x, times(wide(x, x).SetInt64(k), ln2))
	r = wide(x, x).SetMantExp(r, -10) // e^r = (e^(r/1024))^1024
	sum, term := wide(x, x).SetInt64(1), wide(x, x).SetInt64(1)
	for n := int64(1); ; n++ {
		term = over(times(term, r), wide(x, x).SetInt64(n))
		if negligible(term, sum) {
			break
		}
		sum = plus(sum, term)
	}
	for range 10 {
		sum = times(sum, sum)
	}
	return wide(x, x).SetMantExp(sum, int(k))
}

// bigPi is Machin's formula, pi = 16 atan(1/5) - 4 atan(1/239).
var bigPi = sync.OnceValue(func() *big.Float {
	atan := func(n int64) *big.Float {
		x := new(big.Float).SetPrec(4000).Quo(big.NewFloat(1), new(big.Float).SetPrec(4000).SetInt64(n))
		square, power, sum := times(x, x), x, x
		for k := int64(3); ; k += 2 {
			power = wide(x, x).Neg(times(power, square))
			term := over(power, wide(x, x).SetInt64(k))
			if negligible(term, sum) {
				return sum
			}
			sum = plus(sum, term)
		}
	}
	return minus(times(number(16), atan(5)), times(number(4), atan(239)))
})

// bigErf is the series Abramowitz and Stegun 7.1.6, with as many bits as x has.
func bigErf(x *big.Float) *big.Float {
	square := times(x, x)
	sum, term := x, x
	for n := int64(1); term.Sign() != 0; n++ {
		term = over(times(term, plus(square, square)), wide(x, x).SetInt64(2*n+1))
		if negligible(term, sum) {
			break
		}
		sum = plus(sum, term)
	}
	root := wide(x, x).Sqrt(wide(x, x).Set(bigPi()))
	factor := bigExp(wide(x, x).Neg(square))
	return over(times(plus(factor, factor), sum), root)
}

// bigErfc has enough bits for the difference 1 - erf(x).
func bigErfc(x *big.Float) *big.Float {
	square, _ := times(x, x).Float64()
	y := new(big.Float).SetPrec(precision + uint(3*square)).Set(x)
	return minus(wide(y, y).SetInt64(1), bigErf(y))
}

// bigNormal is the normal distribution function.
func bigNormal(x *big.Float) *big.Float {
	root := fresh().Sqrt(number(2))
	return over(bigErfc(over(fresh().Neg(x), root)), number(2))
}

// bernoulli returns the Bernoulli numbers B(0) to B(n).
func bernoulli(n int) []*big.Rat {
	row := make([]*big.Rat, n+1)
	all := make([]*big.Rat, n+1)
	for m := range n + 1 {
		row[m] = big.NewRat(1, int64(m+1))
		for j := m; j > 0; j-- {
			row[j-1] = new(big.Rat).Mul(big.NewRat(int64(j), 1), new(big.Rat).Sub(row[j-1], row[j]))
		}
		all[m] = new(big.Rat).Set(row[0])
	}
	return all
}

var bigBernoulli = sync.OnceValue(func() []*big.Rat { return bernoulli(60) })

// bigLgamma is Stirling's series at x+n, n so large that 30 terms give 200 bits.
func bigLgamma(x *big.Float) *big.Float {
	product := number(1)
	for x.Cmp(number(60)) < 0 {
		product = times(product, x)
		x = plus(x, number(1))
	}
	sum := minus(times(minus(x, number(0.5)), bigLog(x)), x)
	twoPi := plus(bigPi(), bigPi())
	sum = plus(sum, over(bigLog(fresh().Set(twoPi)), number(2)))
	power, square := x, times(x, x)
	for n := 2; n <= 60; n += 2 {
		b := fresh().SetRat(bigBernoulli()[n])
		sum = plus(sum, over(b, times(number(float64(n*(n-1))), power)))
		power = times(power, square)
	}
	return minus(sum, bigLog(product))
}

// ulps returns |got - want| in units of the spacing of float64 at want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if math.IsInf(w, 0) || math.IsInf(got, 0) || math.IsNaN(got) {
		if got == w {
			return 0
		}
		return math.Inf(1)
	}
	exponent := max(want.MantExp(nil)-53, -1074)
	error, _ := new(big.Float).SetMantExp(minus(number(got), want), -exponent).Float64()
	return math.Abs(error)
}

// bigGamma returns P(a, x) and Q(a, x) with at least 100 good bits each: from the
// power series of P with bits for the difference 1 - P or, far in the upper tail,
// from 3,000 terms of the continued fraction of Q.
func bigGamma(a, x float64) (lower, upper *big.Float) {
	prec := precision + uint(4*x)
	wide := func(v float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(v) }
	log := minus(times(wide(a), bigLog(wide(x))), wide(x))
	weight := bigExp(minus(log, bigLgamma(plus(wide(a), wide(1)))))
	if x > 1.5*a+20 {
		fraction := wide(x)
		for n := 3000; n > 0; n-- {
			inner := plus(wide(1), over(wide(float64(n)), fraction))
			fraction = plus(wide(x), over(minus(wide(float64(n)), wide(a)), inner))
		}
		upper = over(times(weight, wide(a)), fraction)
		return minus(wide(1), upper), upper
	}
	sum, term, n := wide(1), wide(1), wide(a)
	for {
		n = plus(n, wide(1))
		term = over(times(term, wide(x)), n)
		if negligible(term, sum) && n.Cmp(wide(x)) > 0 {
			break
		}
		sum = plus(sum, term)
	}
	lower = times(weight, sum)
	return lower, minus(wide(1), lower)
}

// bigBeta returns I_x(a, b) from the power series of positive terms
// x^a y^b / (a B(a, b)) (1 + (a+b)/(a+1) x + ...).
func bigBeta(a, b float64, x *big.Float) *big.Float {
	sum, term := number(1), number(1)
	ab := plus(number(a), number(b))
	for n := 0.0; ; n++ {
		top := times(plus(ab, number(n)), x)
		term = over(times(term, top), plus(number(a), number(n+1)))
		if negligible(term, sum) && n > a+b {
			break
		}
		sum = plus(sum, term)
	}
	y := minus(number(1), x)
	log := plus(times(number(a), bigLog(x)), times(number(b), bigLog(y)))
	log = plus(log, minus(bigLgamma(ab), plus(bigLgamma(number(a)), bigLgamma(number(b)))))
	return over(times(bigExp(log), sum), number(a))
}
