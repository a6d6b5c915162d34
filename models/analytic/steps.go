package analytic

import (
	"math"
	"sort"
)

// steps is a function of time that is constant between its starts: the share of
// a ramp, or the hazard on it. The first start is 0, the last step has no end, and
// every rate is positive.
type steps struct {
	starts []float64 // hours, rising from 0
	rates  []float64 // one a step, per hour
	sums   []float64 // integral from 0 to each start
}

func newSteps(starts, rates []float64) steps {
	s := steps{starts: starts, rates: rates, sums: make([]float64, len(starts))}
	for i := 1; i < len(starts); i++ {
		s.sums[i] = s.sums[i-1] + rates[i-1]*(starts[i]-starts[i-1])
	}
	return s
}

// step is the number of the step at time t, 0 before the first.
func (s steps) step(t float64) int {
	return max(0, sort.Search(len(s.starts), func(i int) bool { return s.starts[i] > t })-1)
}

// end is when step i ends: +Inf for the last.
func (s steps) end(i int) float64 {
	if i+1 < len(s.starts) {
		return s.starts[i+1]
	}
	return math.Inf(1)
}

// integral is the integral from 0 to t >= 0.
func (s steps) integral(t float64) float64 {
	i := s.step(t)
	return s.sums[i] + s.rates[i]*(t-s.starts[i])
}

// inverse is the time at which the integral is y >= 0.
func (s steps) inverse(y float64) float64 {
	i := max(0, sort.SearchFloat64s(s.sums, y)-1)
	return s.starts[i] + (y-s.sums[i])/s.rates[i]
}
