package experiment

import (
	"fmt"
	"math"
)

// OCBA is the share of a budget of observations that each system should have so that the
// one with the smallest mean is told apart best (Chen, Lin, Yucesan and Chick,
// "Simulation budget allocation for further enhancing the efficiency of ordinal
// optimization", 2000, theorem 1). The shares sum to 1; those of systems with exactly
// the smallest mean, other than the first of them, are taken at the smallest distance
// that there is. It panics unless there are as many deviations as means, 2 or more, all
// finite and the deviations positive.
func OCBA(means, deviations []float64) []float64 {
	if len(means) < 2 || len(means) != len(deviations) {
		panic(fmt.Sprintf("experiment: OCBA of %d means and %d deviations", len(means), len(deviations)))
	}
	best := 0
	for i, m := range means {
		if math.IsNaN(m) || math.IsInf(m, 0) || !(deviations[i] > 0) || math.IsInf(deviations[i], 0) {
			panic(fmt.Sprintf("experiment: OCBA of a mean of %v with deviation %v", m, deviations[i]))
		}
		if m < means[best] {
			best = i
		}
	}
	nearest := math.Inf(1)
	for _, m := range means {
		if m > means[best] {
			nearest = math.Min(nearest, m-means[best])
		}
	}
	if math.IsInf(nearest, 1) {
		nearest = 1 // all alike
	}
	shares, squares, total := make([]float64, len(means)), 0.0, 0.0
	for i, m := range means {
		if i == best {
			continue
		}
		x := deviations[i] / math.Max(nearest, m-means[best])
		shares[i] = float64(x * x)
		squares += float64(shares[i]*shares[i]) / float64(deviations[i]*deviations[i])
		total += shares[i]
	}
	shares[best] = float64(deviations[best] * math.Sqrt(squares))
	total += shares[best]
	for i := range shares {
		shares[i] /= total
	}
	return shares
}
