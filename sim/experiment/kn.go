package experiment

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// KN is the fully sequential selection procedure of Kim and Nelson ("A fully sequential
// procedure for indifference-zone selection in simulation", 2001, section 2, with c = 1):
// it finds the system with the smallest mean with at least the promised probability
// wherever that mean is lower than all others by Zone or more. It may be given
// observations that share their chance (common random numbers).
type KN struct {
	Zone  float64 // difference that is worth telling, positive
	Alpha float64 // probability of a wrong selection that is put up with, between 0 and 1-1/k
	First int     // observations of each system before the first look, 2 or more
	Most  int     // observations of a system after which the smallest mean is taken all the same; First or more
}

// Selection is what a procedure has found.
type Selection struct {
	Best   int       // index of the system selected
	Left   []int     // systems not screened out, in order; one where the procedure came to its end
	Spent  []int     // observations of each system
	Means  []float64 // of each system over what was spent on it
	Proven bool      // one is left: the promise holds
}

// KNConstants are eta and h squared for k systems (2 or more).
func KNConstants(k, first int, alpha float64) (eta, h2 float64) {
	mustSelect(k, first, alpha)
	tail := portable.Pow(2*alpha/float64(k-1), -2/float64(first-1))
	eta = (tail - 1) / 2
	return eta, float64(2 * float64(eta*float64(first-1)))
}

// mustSelect panics at what no procedure can promise.
func mustSelect(k, first int, alpha float64) {
	if k < 2 || first < 2 || !(alpha > 0 && alpha < 1-1/float64(k)) {
		panic(fmt.Sprintf("experiment: selection among %d systems from %d observations at %v", k, first, alpha))
	}
}

// Select asks observe for observation i (from 0) of all systems still in play, in one
// call, so that they can be run side by side; it fills values, one a system, for those.
func (p KN) Select(k int, observe func(i int, play []int, values []float64) error) (Selection, error) {
	_, h2 := KNConstants(k, p.First, p.Alpha)
	s := newScreen(k, p.First)
	for i := 0; i < p.Most; i++ {
		if err := observe(i, s.play, s.values); err != nil {
			return Selection{}, err
		}
		s.add()
		switch n := i + 1; {
		case n == p.First:
			s.spread()
			fallthrough
		case n > p.First:
			s.drop(func(s2 float64) float64 {
				return math.Max(0, p.Zone/2*(h2*s2/float64(p.Zone*p.Zone)-float64(n)))
			})
		}
		if len(s.play) == 1 {
			break
		}
	}
	return s.selection(), nil
}

// screen is the state of a screening.
type screen struct {
	play   []int     // systems left
	values []float64 // of the present observation
	sums   []float64
	spent  []int
	first  [][]float64 // observations of the first stage; shape: system, observation
	s2     [][]float64 // variance of the difference of two systems over the first stage
}

func newScreen(k, first int) *screen {
	s := &screen{values: make([]float64, k), sums: make([]float64, k), spent: make([]int, k), first: make([][]float64, k)}
	for i := range k {
		s.play = append(s.play, i)
		s.first[i] = make([]float64, 0, first)
	}
	return s
}

// add takes the present observation.
func (s *screen) add() {
	for _, i := range s.play {
		s.sums[i] += s.values[i]
		s.spent[i]++
		if len(s.first[i]) < cap(s.first[i]) {
			s.first[i] = append(s.first[i], s.values[i])
		}
	}
}

// spread works out the variances of the differences.
func (s *screen) spread() {
	s.s2 = make([][]float64, len(s.first))
	for i := range s.first {
		s.s2[i] = make([]float64, len(s.first))
		for j := range i {
			s.s2[i][j] = varianceOfDifference(s.first[i], s.first[j])
			s.s2[j][i] = s.s2[i][j]
		}
	}
}

func varianceOfDifference(a, b []float64) float64 {
	mean, n := 0.0, float64(len(a))
	for i := range a {
		mean += (a[i] - b[i]) / n
	}
	sum := 0.0
	for i := range a {
		d := a[i] - b[i] - mean
		sum += float64(d * d)
	}
	return sum / (n - 1)
}

// drop screens out every system whose sum is above that of another by more than the
// width for the variance of their difference.
func (s *screen) drop(width func(s2 float64) float64) {
	var left []int
	for _, i := range s.play {
		out := false
		for _, j := range s.play {
			out = out || i != j && s.sums[i]-s.sums[j] > width(s.s2[i][j])
		}
		if !out {
			left = append(left, i)
		}
	}
	if len(left) > 0 { // ties of equals drop nobody
		s.play = left
	}
}

func (s *screen) selection() Selection {
	r := Selection{Left: s.play, Spent: s.spent, Means: make([]float64, len(s.sums)), Proven: len(s.play) == 1}
	for i := range s.sums {
		r.Means[i] = s.sums[i] / float64(s.spent[i])
	}
	r.Best = s.play[0]
	for _, i := range s.play {
		if r.Means[i] < r.Means[r.Best] {
			r.Best = i
		}
	}
	return r
}
