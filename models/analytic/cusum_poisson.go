package analytic

import (
	"fmt"
	"math"
)

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
	unit := float64(d)
	states, k := int(math.Round(p.Limit*unit)), int(math.Round(p.Reference*unit))
	c := newChart(states, int(math.Round(p.HeadStart*unit)))
	weight := countWeights((states+k)/d+1, mean)
	for i := range states {
		x := -1 // the largest count that leaves the sum at 0
		if i <= k {
			x = (k - i) / d
		}
		toZero, _ := poissonTails(x, mean)
		c.stay.Set(i, 0, toZero)
		for x++; i+x*d-k < states; x++ {
			c.stay.Set(i, i+x*d-k, weight[x])
		}
		_, c.alarm[i] = poissonTails(x-1, mean)
	}
	return c, nil
}

// countWeights are the probabilities of 0 to n errors.
func countWeights(n int, mean float64) []float64 {
	weight := make([]float64, n+1)
	for x := range weight {
		weight[x] = poissonWeight(x, mean)
	}
	return weight
}

// RunLength is the number of intervals to the alarm when counts have the given mean,
// above 0. It returns an error where the chain would be too large, and where the chart
// rings so rarely that no number holds its run length.
func (p PoissonCusum) RunLength(mean float64) (RunLength, error) {
	c, err := p.chart(mean)
	if err != nil {
		return RunLength{}, err
	}
	return c.runLength()
}

// Within is the probability of the alarm within n intervals. It returns an error
// where the chain would be too large.
func (p PoissonCusum) Within(mean float64, n int) (float64, error) {
	c, err := p.chart(mean)
	if err != nil {
		return 0, err
	}
	return c.within(n), nil
}

// SteadyDelay is the number of intervals to the alarm after the mean count changes,
// when the chart has been silent for long at the mean of health, which is at most
// Reference. The head start is forgotten by then. It returns an error where RunLength
// does.
func (p PoissonCusum) SteadyDelay(healthy, mean float64) (RunLength, error) {
	mustNotBeNegative("the reference less the mean of health", p.Reference-healthy)
	before, err := p.chart(healthy)
	if err != nil {
		return RunLength{}, err
	}
	after, err := p.chart(mean)
	if err != nil {
		return RunLength{}, err
	}
	return after.steadyRun(before)
}
