package experiment

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// Morris is a screening design (M. D. Morris, Factorial sampling plans for preliminary
// computational experiments, Technometrics 33, 1991, 161-174): trajectories in which one
// input after the other makes one step of half the range or more. It takes dims+1
// evaluations a trajectory.
type Morris struct {
	Points [][]float64 // trajectory after trajectory, dims+1 points each
	dims   int
	moved  []int     // for each point but the first of a trajectory: the input that has moved
	step   []float64 // and by how much
}

// NewMorris makes a design of 1 trajectory or more on a grid of an even number of levels;
// four are usual.
func NewMorris(dims, trajectories, levels int, key rng.Key) *Morris {
	m := &Morris{dims: dims}
	delta := float64(levels) / float64(2*(levels-1))
	x := make([]float64, dims)
	add := func(moved int, step float64) {
		m.Points = append(m.Points, append([]float64(nil), x...))
		m.moved, m.step = append(m.moved, moved), append(m.step, step)
	}
	for t := range trajectories {
		s := key.Stream(uint64(t), 0, 0)
		up := make([]bool, dims)
		for d := range x {
			x[d] = math.Floor(float64(s.Uniform()*float64(levels/2))) / float64(levels-1)
			if up[d] = s.Uniform() < 0.5; !up[d] {
				x[d] += delta
			}
		}
		add(-1, 0)
		for _, d := range shuffled(dims, &s) {
			step := delta
			if !up[d] {
				step = -delta
			}
			x[d] += step
			add(d, step)
		}
	}
	return m
}

func shuffled(n int, s *rng.Stream) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := int(s.Uniform() * float64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// Effect is what one input does, over all trajectories; the unit is that of the result for
// the whole range of the input.
type Effect struct {
	Mean  float64 `json:"mean"`  // of the elementary effects; 0 also where they cancel out
	Size  float64 `json:"size"`  // mean of their absolute values (mu*, Campolongo, Cariboni and Saltelli 2007)
	Error float64 `json:"error"` // standard error of Size over the trajectories; NaN of one
	Sigma float64 `json:"sigma"` // standard deviation of the elementary effects: large where the input interacts or is not linear
}

// Effects reads the results of the design's points. A result that is NaN, since the point
// could not be evaluated, is left out with the steps to and from it; an input without any
// step has NaN throughout.
func (m *Morris) Effects(y []float64) []Effect {
	all := make([]Effect, m.dims)
	effects := make([][]float64, m.dims)
	for i, d := range m.moved {
		if d >= 0 && !math.IsNaN(y[i]-y[i-1]) {
			effects[d] = append(effects[d], (y[i]-y[i-1])/m.step[i])
		}
	}
	for d := range all {
		e := &all[d]
		size := make([]float64, len(effects[d]))
		for i, x := range effects[d] {
			size[i] = math.Abs(x)
		}
		e.Mean, e.Sigma = spread(effects[d])
		deviation := 0.0
		e.Size, deviation = spread(size)
		e.Error = deviation / math.Sqrt(float64(len(size)))
	}
	return all
}

// spread is the mean and the standard deviation (divisor n-1; NaN of one).
func spread(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		deviation += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(deviation / float64(len(x)-1))
}
