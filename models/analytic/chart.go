package analytic

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// RunLength is how long a control chart runs up to its alarm: the number of
// intervals, of requests or of observations. Means of exact chains are good to nine
// digits or better, those by quadrature to eight, however long a chart runs. The
// standard deviation comes from the second moment and is good to 1e-7 of the mean, and
// to eight digits where it is as large as that.
type RunLength struct {
	Mean float64 // 1 or more
	SD   float64 // 0 or more
}

// chart is a Markov chain of the states in which a chart is silent. What is missing
// in a row, besides the alarm, is time spent in its state.
type chart struct {
	stay  *mat.Dense // stay[i][j]: probability to go from i to j without an alarm
	alarm []float64  // probability of the alarm, by state, good to its last digits
	start int
}

func newChart(states, start int) chart {
	return chart{stay: mat.NewDense(states, states, nil), alarm: make([]float64, states), start: start}
}

// mostChartStates bounds the memory of a chart to 100 MB, and the time to solve it to
// two seconds.
const mostChartStates = 1600

// reduced is the chain after its states were taken out one by one, from the last,
// without a subtraction (Grassmann, Taksar and Heyman, 1985): 1 less the chain is
// (1-F)(D-L). The usual elimination has as many digits fewer as the run length has
// digits; this one has all of them however long a chart runs, since the probability
// of the alarm never drowns in that of silence.
type reduced struct {
	rows  [][]float64 // above the diagonal F, below it L
	pivot []float64   // D: probability to leave a state for an earlier one or the alarm
}

func (c chart) reduce() reduced {
	n := len(c.alarm)
	r := reduced{make([][]float64, n), make([]float64, n)}
	for i := range n {
		r.rows[i] = mat.Row(nil, i, c.stay)
	}
	alarm := append([]float64(nil), c.alarm...)
	for k := n - 1; k >= 0; k-- {
		out := r.rows[k][:k]
		r.pivot[k] = floats.Sum(out) + alarm[k]
		for i, row := range r.rows[:k] {
			if row[k] == 0 {
				continue
			}
			row[k] /= r.pivot[k]
			floats.AddScaled(row[:k], row[k], out)
			alarm[i] += float64(row[k] * alarm[k])
		}
	}
	return r
}

// solve returns the x with x = cost + stay x: what a chart costs up to its alarm, by
// state.
func (r reduced) solve(cost []float64) []float64 {
	x := append([]float64(nil), cost...)
	for i := len(x) - 1; i >= 0; i-- {
		x[i] += floats.Dot(r.rows[i][i+1:], x[i+1:])
	}
	for k := range x {
		x[k] = (x[k] + floats.Dot(r.rows[k][:k], x[:k])) / r.pivot[k]
	}
	return x
}

// visits returns the v with v = first + v stay: how often each state is visited.
func (r reduced) visits(first []float64) []float64 {
	v := append([]float64(nil), first...)
	for j := len(v) - 1; j >= 0; j-- {
		v[j] /= r.pivot[j]
		floats.AddScaled(v[:j], v[j], r.rows[j][:j])
	}
	for i := range v {
		floats.AddScaled(v[i+1:], v[i], r.rows[i][i+1:])
	}
	return v
}

// moments are the mean steps to the alarm and the mean of their square, by state
// (Brook and Evans, 1972, section 3): m = 1 + R m and s = 1 + 2 R m + R s, where 2 R m
// is 2 m - 2.
func (c chart) moments() (mean, square []float64) {
	r, cost := c.reduce(), make([]float64, len(c.alarm))
	for i := range cost {
		cost[i] = 1
	}
	mean = r.solve(cost)
	for i, m := range mean {
		cost[i] = 2*m - 1
	}
	return mean, r.solve(cost)
}

// runLength is that from the start.
func (c chart) runLength() (RunLength, error) {
	mean, square := c.moments()
	return spread(mean[c.start], square[c.start])
}

// spread is a run length by its moments.
func spread(mean, square float64) (RunLength, error) {
	if math.IsInf(square, 0) || math.IsNaN(square) {
		return RunLength{}, fmt.Errorf("such a chart never rings, or hardly ever: its run length is beyond what a number holds")
	}
	return RunLength{Mean: mean, SD: math.Sqrt(math.Max(0, square-float64(mean*mean)))}, nil
}

// within is the probability of the alarm within n steps.
func (c chart) within(n int) float64 {
	v, next := mat.NewVecDense(len(c.alarm), nil), mat.NewVecDense(len(c.alarm), nil)
	v.SetVec(c.start, 1)
	p := 0.0
	for range n {
		p += floats.Dot(v.RawVector().Data, c.alarm)
		next.MulVec(c.stay.T(), v)
		v, next = next, v
	}
	return p
}

// settled is the distribution of the state of a chart that has been silent for
// long: the left eigenvector of the largest eigenvalue (Darroch and Seneta, 1967), by
// inverse iteration, which is fast where the sum falls in health.
func (c chart) settled() []float64 {
	r, v := c.reduce(), make([]float64, len(c.alarm))
	r.pivot[0] = math.Max(r.pivot[0], 1e-200) // an alarm that never comes is as good as one so rare
	v[c.start] = 1
	for range 1000 {
		next := r.visits(v)
		floats.Scale(1/floats.Sum(next), next)
		change := floats.Distance(v, next, 1)
		if v = next; change < 1e-14 {
			break
		}
	}
	return v
}

// steadyRun is the run length of a chart that changes when it has been silent for
// long as before.
func (c chart) steadyRun(before chart) (RunLength, error) {
	mean, square := c.moments()
	v := before.settled()
	floats.AddConst(-1, mean)
	floats.AddConst(-1, square)
	return spread(1+floats.Dot(v, mean), 1+floats.Dot(v, square))
}
