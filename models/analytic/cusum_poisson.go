package analytic

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// RunLength is how long a control chart runs up to its alarm: the number of
// intervals, or of requests.
type RunLength struct {
	Mean float64 // intervals or requests, 1 or more
	SD   float64 // of the same, 0 or more
}

// chart is a Markov chain of the states in which a chart is silent.
type chart struct {
	stay  *mat.Dense // stay[i][j]: probability to go from i to j without an alarm
	start int
}

// mostChartStates bounds the memory of a chart, and the time to solve it to about a
// second.
const mostChartStates = 2000

// runLength solves for the mean and the standard deviation of the steps to the
// alarm (Brook and Evans, 1972, section 3): with R the matrix, m = 1 + R m, and for
// the second moment s = 1 + 2 R m + R s.
func (c chart) runLength() (RunLength, error) {
	mean, square, err := c.moments()
	if err != nil {
		return RunLength{}, err
	}
	m, s := mean.AtVec(c.start), square.AtVec(c.start)
	return RunLength{Mean: m, SD: math.Sqrt(math.Max(0, s-m*m))}, nil
}

func (c chart) moments() (mean, square *mat.VecDense, err error) {
	n, _ := c.stay.Dims()
	a, one := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		for j := range n {
			a.Set(i, j, -c.stay.At(i, j))
		}
		a.Set(i, i, 1-c.stay.At(i, i))
		one.SetVec(i, 1)
	}
	var lu mat.LU
	lu.Factorize(a)
	mean, square = mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	if err := lu.SolveVecTo(mean, false, one); err != nil {
		return nil, nil, fmt.Errorf("such a chart hardly ever rings; its run length is beyond what can be computed")
	}
	var right mat.VecDense
	right.MulVec(c.stay, mean)
	right.AddScaledVec(one, 2, &right)
	if err := lu.SolveVecTo(square, false, &right); err != nil {
		return nil, nil, fmt.Errorf("such a chart hardly ever rings; its run length is beyond what can be computed")
	}
	return mean, square, nil
}

// within is the probability of the alarm within n steps.
func (c chart) within(n int) float64 {
	states, _ := c.stay.Dims()
	v, next := mat.NewVecDense(states, nil), mat.NewVecDense(states, nil)
	v.SetVec(c.start, 1)
	for range n {
		next.MulVec(c.stay.T(), v)
		v, next = next, v
	}
	return 1 - mat.Sum(v)
}

// settled is the distribution of the state of a chart that has been silent for
// long: the left eigenvector of the largest eigenvalue (Darroch and Seneta, 1967),
// by iteration.
func (c chart) settled() *mat.VecDense {
	states, _ := c.stay.Dims()
	v, next := mat.NewVecDense(states, nil), mat.NewVecDense(states, nil)
	v.SetVec(c.start, 1)
	for range 100000 {
		next.MulVec(c.stay.T(), v)
		next.ScaleVec(1/mat.Sum(next), next)
		var change mat.VecDense
		change.SubVec(next, v)
		v, next = next, v
		if mat.Norm(&change, 1) < 1e-15 {
			break
		}
	}
	return v
}

// PoissonCusum is a one-sided CUSUM of counts: S = max(0, S + X - Reference), and the
// alarm rings at Limit (Page, 1954; Lucas, 1985).
type PoissonCusum struct {
	Reference float64 // k, above 0; Reference, Limit and HeadStart are multiples of 1/1000
	Limit     float64 // h, above 0
	HeadStart float64 // where the sum starts, 0 or more and below Limit
}

// scale is the smallest number that makes all three whole.
func (p PoissonCusum) scale() (int, error) {
	mustBePositive("the reference", p.Reference)
	mustBePositive("the limit", p.Limit)
	mustNotBeNegative("the head start", p.HeadStart)
	mustBePositive("the limit less the head start", p.Limit-p.HeadStart)
	for d := 1; d <= 1000; d++ {
		if whole(p.Reference*float64(d)) && whole(p.Limit*float64(d)) && whole(p.HeadStart*float64(d)) {
			if states := p.Limit * float64(d); states > mostChartStates {
				return 0, fmt.Errorf("the chain would have %.0f states; at most %d: round the limit or the reference", states, mostChartStates)
			}
			return d, nil
		}
	}
	return 0, fmt.Errorf("reference, limit and head start are no multiples of a thousandth, so no finite chain is exact")
}

func whole(x float64) bool { return math.Abs(x-math.Round(x)) < 1e-9*math.Max(1, x) }

// chart is the chain of the sum in units of 1/scale: exact.
func (p PoissonCusum) chart(mean float64) (chart, error) {
	mustBePositive("the mean count", mean)
	d, err := p.scale()
	if err != nil {
		return chart{}, err
	}
	states, k := int(math.Round(p.Limit*float64(d))), int(math.Round(p.Reference*float64(d)))
	c := chart{stay: mat.NewDense(states, states, nil), start: int(math.Round(p.HeadStart * float64(d)))}
	for i := range states {
		for x := 0; ; x++ {
			j := max(0, i+x*d-k)
			if j >= states {
				break
			}
			c.stay.Set(i, j, c.stay.At(i, j)+poissonWeight(x, mean))
		}
	}
	return c, nil
}

// RunLength is the number of intervals to the alarm when counts have the given mean.
// It returns an error where the chain would be too large.
func (p PoissonCusum) RunLength(mean float64) (RunLength, error) {
	c, err := p.chart(mean)
	if err != nil {
		return RunLength{}, err
	}
	return c.runLength()
}

// Within is the probability of the alarm within n intervals.
func (p PoissonCusum) Within(mean float64, n int) (float64, error) {
	c, err := p.chart(mean)
	if err != nil {
		return 0, err
	}
	return c.within(n), nil
}

// SteadyDelay is the mean number of intervals to the alarm after the mean changes,
// when the chart has been silent for long at the mean of health.
func (p PoissonCusum) SteadyDelay(healthy, mean float64) (float64, error) {
	before, err := p.chart(healthy)
	if err != nil {
		return 0, err
	}
	after, err := p.chart(mean)
	if err != nil {
		return 0, err
	}
	times, _, err := after.moments()
	if err != nil {
		return 0, err
	}
	return mat.Dot(before.settled(), times), nil
}
