package analytic

import (
	"fmt"
	"math"
)

// BernoulliCusum is a one-sided CUSUM over single requests: every error adds 1, every
// request takes 1/M away, and the alarm rings at Limit (Reynolds and Stoumbos, 1999).
type BernoulliCusum struct {
	M     int     // requests that outweigh an error, 2 or more
	Limit float64 // errors, above 0
}

// NewBernoulliCusum is the chart that tells a broken share from a healthy one: M is
// the whole number next to 1 over the slope of their SPRT (Reynolds and Stoumbos,
// 1999, section 3).
func NewBernoulliCusum(healthy, broken, limit float64) BernoulliCusum {
	_, _, slope := SPRT{Healthy: healthy, Broken: broken, Alpha: 0.05, Beta: 0.05, Batch: 1}.Lines()
	return BernoulliCusum{M: max(2, int(math.Round(1/slope))), Limit: limit}
}

// RunLength is the number of requests to the alarm when each fails with probability
// p, above 0. It returns an error where the chain would be too large, and where the
// chart rings so rarely that no number holds its run length.
func (b BernoulliCusum) RunLength(p float64) (RunLength, error) {
	mustBePositive("the failing share", p)
	mustBeShare("the failing share", p)
	mustBePositive("the limit", b.Limit)
	mustCount("M less 1", b.M-1)
	if size := b.Limit * float64(b.M); size > mostChartStates {
		return RunLength{}, fmt.Errorf("the chain would have %.0f states; at most %d: lower the limit, or take shares that differ more", size, mostChartStates)
	}
	states := int(math.Ceil(b.Limit*float64(b.M) - 1e-9))
	c := newChart(states, 0)
	for i := range states {
		down := max(0, i-1)
		c.stay.Set(i, down, c.stay.At(i, down)+1-p)
		if up := i + b.M - 1; up < states {
			c.stay.Set(i, up, c.stay.At(i, up)+p)
		} else {
			c.alarm[i] = p
		}
	}
	return c.runLength()
}
