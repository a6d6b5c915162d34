package analytic

import (
	"math"
	"math/cmplx"
)

// constantService solves M/D/c: constant service times and c servers.
func (q Queue) constantService() (waitProbability, wait float64) {
	u := q.Load() / float64(q.Servers)
	if float64(q.Servers)*(u-1-math.Log(u)) > 0.5 { // terms of the series fall by exp of this
		return q.constantBySeries()
	}
	return q.constantByRoots()
}

// constantBySeries uses that servers with constant times are taken in turn, so that
// the wait at one of them is that of a single server whose arrivals are every c-th:
// the maximum of a random walk with steps D less an Erlang time of c phases. With i
// steps summed up,
//
//	P(no wait) = exp(-sum over i of P(sum > 0) / i)
//	mean wait = sum over i of E max(sum, 0) / i
//
// (Spitzer, "A combinatorial lemma and its application to probability theory", 1956;
// the same series as Crommelin, "Delay probability formulae when the holding times are
// constant", 1932). It is quick where there is little to wait for, and has no
// cancellation.
func (q Queue) constantBySeries() (waitProbability, wait float64) {
	sum, each := 0.0, float64(q.Servers)/q.Arrivals
	for i := 1; ; i++ {
		k, y := i*q.Servers, float64(i)*q.Load()
		positive, _ := erlangTails(k, y)
		more, _ := erlangTails(k+1, y)
		sum += positive / float64(i)
		wait += q.Service*positive - each*more
		if positive <= 1e-17*sum {
			return -math.Expm1(-sum), wait
		}
	}
}

// constantByRoots looks at the number in the system once in each service time: X' =
// max(X - c, 0) + A with A Poisson of mean a = Load, since who was in service then has
// left. With the c-1 roots z(k) of z^c = exp(a (z-1)) inside the unit circle, its
// generating function gives
//
//	P(X < c) = (c - a) / product of (1 - z(k))
//	E X = a + sum of 1/(1 - z(k)) - (c (c-1) - a²) / (2 (c - a))
//
// (Crommelin, 1932; Franx, "A simple solution for the M/D/c waiting time
// distribution", 2001). Arrivals see the state at any time, so P(X < c) is the
// probability not to wait, and E X - a is the mean number that wait.
func (q Queue) constantByRoots() (waitProbability, wait float64) {
	c, a := float64(q.Servers), q.Load()
	sum, logs := 0.0, 0.0
	for k := 1; 2*k <= q.Servers; k++ {
		distance := 1 - q.root(k)
		part, weight := real(1/distance), 2.0 // the roots k and c-k are conjugates
		if 2*k == q.Servers {
			weight = 1
		}
		sum += weight * part
		logs += weight * math.Log(cmplx.Abs(distance))
	}
	waiting := sum - (c*(c-1)-a*a)/(2*(c-a))
	return -math.Expm1(math.Log(c-a) - logs), waiting / q.Arrivals
}

// root is the k-th root inside the unit circle, 0 < k < c: z = exp(a (z-1) / c) times
// the k-th c-th root of 1. The right side brings points closer together, by the
// factor a/c at the worst; from a few such steps Newton's method takes over.
func (q Queue) root(k int) complex128 {
	u := complex(q.Load()/float64(q.Servers), 0)
	unit := cmplx.Rect(1, 2*math.Pi*float64(k)/float64(q.Servers))
	z := complex128(0)
	for range 10 {
		z = unit * cmplx.Exp(u*(z-1))
	}
	for range 50 {
		f := unit * cmplx.Exp(u*(z-1))
		step := (f - z) / (1 - u*f)
		z += step
		if cmplx.Abs(step) < 1e-16 {
			break
		}
	}
	return z
}
