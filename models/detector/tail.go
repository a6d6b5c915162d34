package detector

import "github.com/rollrisk/rollrisk/sim/portable"

// certain is the exponent from which on a bound exp(-x) on a probability is
// taken as zero: exp(-40) is 4e-18, below half an ulp of 1.
const certain = 40

// binomialTail is P(X > c) for X the number of errors among n requests that
// each fail with probability p: the incomplete beta function I_p(c+1, n-c)
// (Abramowitz and Stegun, 1964, 26.5.24). n >= 0 and c are whole numbers, p in
// 0..1. It is exactly 0 or 1 where Chernoff's bound exp(-n KL(x/n || p)) says
// that the other side is below exp(-40) (Hoeffding, 1963, theorem 1).
func binomialTail(n, p, c float64) float64 {
	switch {
	case c < 0:
		return 1
	case c >= n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	mean := float64(n * p)
	if c+1 > mean && divergence(n, p, c+1) > certain {
		return 0
	}
	if c < mean && divergence(n, p, c) > certain {
		return 1
	}
	tail, _ := portable.IncompleteBeta(c+1, n-c, p)
	return tail
}

// divergence is n KL(x/n || p), the exponent of Chernoff's bound, for 0 <= x
// <= n and 0 < p < 1. Its absolute error is about 1e-16 n.
func divergence(n, p, x float64) float64 {
	return xlog(x, float64(n*p)) + xlog(n-x, float64(n*(1-p)))
}

// xlog is x log(x/m), 0 at x = 0.
func xlog(x, m float64) float64 {
	if x == 0 {
		return 0
	}
	return float64(x * portable.Log(x/m))
}
