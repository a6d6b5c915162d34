// Package points spreads points over the unit cube: grids, Latin hypercubes, and Sobol
// sequences, for designs over a black box.
//
// It refuses to know what the coordinates mean, and to evaluate anything.
package points

import (
	"github.com/rollrisk/rollrisk/sim/rng"
)

// LatinHypercube is n points of dims coordinates (M. D. McKay, R. J. Beckman and W. J.
// Conover, 1979): of each coordinate, one point lies in each n-th part of the unit
// interval, at random within it, and the coordinates are paired at random.
func LatinHypercube(n, dims int, key rng.Key) [][]float64 {
	all := make([][]float64, n)
	flat := make([]float64, n*dims)
	for i := range all {
		all[i] = flat[i*dims : (i+1)*dims]
	}
	order := make([]int, n)
	for d := range dims {
		stream := key.Stream(uint64(d), 0, 0)
		for i := range order {
			order[i] = i
		}
		for i := n - 1; i > 0; i-- {
			j := int(stream.Uniform() * float64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for i := range all {
			all[i][d] = (float64(order[i]) + stream.Uniform()) / float64(n)
		}
	}
	return all
}

// Grid is a full grid: every combination of the levels of its coordinates, the last one
// changing fastest.
type Grid struct{ Levels []int } // of each coordinate, 1 or more

// Len is the number of points; -1 where it is beyond most.
func (g Grid) Len(most int) int {
	n := 1
	for _, l := range g.Levels {
		if l < 1 || n > most/l {
			return -1
		}
		n *= l
	}
	return n
}

// At writes into x which level each coordinate of point i has, from 0.
func (g Grid) At(i int, x []int) {
	for d := len(g.Levels) - 1; d >= 0; d-- {
		x[d] = i % g.Levels[d]
		i /= g.Levels[d]
	}
}
