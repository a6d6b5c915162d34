package experiment

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// RinottConstant is h of Rinott's two-stage procedure ("On two-stage selection procedures
// and related probability-inequalities", 1978, equation 3.1): each of k systems (2 or more)
// gets max(first, ceil((h s/zone)^2)) independent observations, s being its deviation over
// the first ones, and the best mean is the best system with probability 1-alpha. It is
// there to be held against: KN spends less. To about 1e-6, by halving and two Simpson
// sums in the quantiles of chi-square; some 0.1 s.
func RinottConstant(k, first int, alpha float64) float64 {
	mustSelect(k, first, alpha)
	x, w := inverseChiSquares(float64(first - 1))
	low, high := 0.0, 1.0
	for rinottProbability(high, k, x, w) < 1-alpha {
		low, high = high, 2*high
	}
	for high-low > 1e-8*high {
		if h := (low + high) / 2; rinottProbability(h, k, x, w) < 1-alpha {
			low = h
		} else {
			high = h
		}
	}
	return (low + high) / 2
}

const rinottPoints = 200 // intervals of the sums, even

// inverseChiSquares are nodes v/X of a chi-square X of v degrees, with their weights. The
// uniform behind X is bent by u = t^3 (10 - 15 t + 6 t^2), which flattens both ends.
func inverseChiSquares(v float64) (nodes, weights []float64) {
	for i := 1; i < rinottPoints; i++ {
		t := float64(i) / rinottPoints
		bend := 15 - float64(6*t)
		u := float64(float64(float64(t*t)*t) * (10 - float64(t*bend)))
		simpson := 2.0
		if i%2 == 1 {
			simpson = 4
		}
		rest := 1 - t
		slope := float64(30 * float64(float64(t*t)*float64(rest*rest)))
		nodes = append(nodes, v/(2*portable.InverseIncompleteGamma(v/2, u)))
		weights = append(weights, float64(simpson*slope)/(3*rinottPoints))
	}
	return nodes, weights
}

func rinottProbability(h float64, k int, x, w []float64) float64 {
	sum := 0.0
	for i := range x {
		inner := 0.0
		for j := range x {
			inner += float64(w[j] * portable.NormalCDF(h/math.Sqrt(x[i]+x[j])))
		}
		sum += float64(w[i] * portable.Pow(inner, float64(k-1)))
	}
	return sum
}
