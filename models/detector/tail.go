package detector

import "github.com/rollrisk/rollrisk/sim/portable"

// certain is the exponent from which on a bound exp(-x) on a probability is
// taken as zero: exp(-40) is 4e-18, below half an ulp of 1.
const certain = 40

// binomialTail is P(X > c) for X the number of errors among n requests that
// each fail with probability p; n >= 0 and c are whole numbers, p in 0..1. The
// smaller tail has a relative error of about 1e-13. It is exactly 0 or 1 where
// Chernoff's bound exp(-n KL(x/n || p)) says that the other side is below
// exp(-40) (Hoeffding, 1963, theorem 1).
func binomialTail(n, p, c float64) float64 {
	switch {
	case c < 0:
		return 1
	case c >= n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	if x := c + 1; x > n*p {
		if divergence(n, p, x) < certain {
			return binomialWeight(n, p, x) * sumUp(n, p, x)
		}
		return 0
	}
	if divergence(n, p, c) < certain {
		return 1 - float64(binomialWeight(n, p, c)*sumDown(n, p, c))
	}
	return 1
}

// binomialWeight is P(X = x): two Poisson variables of mean np and n(1-p),
// given that their sum is n. That keeps the accuracy of PoissonWeight for any n.
func binomialWeight(n, p, x float64) float64 {
	return portable.PoissonWeight(x, n*p) * portable.PoissonWeight(n-x, n*(1-p)) / portable.PoissonWeight(n, n)
}

// sumUp is P(X >= x) / P(X = x), for x above the mean: the ratio of a term to
// the one before falls, so the sum stops where nothing is added any more.
func sumUp(n, p, x float64) float64 {
	odds := p / (1 - p)
	sum, term := 1.0, 1.0
	for i := x; i < n && term > sum*1e-17; i++ {
		term = float64(term * ((n - i) / (i + 1)) * odds)
		sum += term
	}
	return sum
}

// sumDown is P(X <= x) / P(X = x), for x below the mean.
func sumDown(n, p, x float64) float64 {
	odds := (1 - p) / p
	sum, term := 1.0, 1.0
	for i := x; i > 0 && term > sum*1e-17; i-- {
		term = float64(term * (i / (n - i + 1)) * odds)
		sum += term
	}
	return sum
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
