package analytic

import (
	"math"
	"slices"
	"testing"
)

// TestSteps: the step lists of AppConfig's predefined strategies, and the exposure up
// to a stop, in percent-minutes, with the first step at once.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		got, want []float64
	}{
		{LinearSteps(0.2), []float64{0.2, 0.4, 0.6, 0.8, 1}},
		{ExponentialSteps(0.1), []float64{0.1, 0.2, 0.4, 0.8, 1}},
		{ExponentialSteps(0.02), []float64{0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1}},
		{LinearSteps(1), []float64{1}},
		{ExponentialSteps(1), []float64{1}},
		{LinearSteps(0.3), []float64{0.3, 0.6, 0.9, 1}},
	} {
		if !slices.EqualFunc(c.got, c.want, func(x, y float64) bool { return math.Abs(x-y) < 1e-12 }) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	linear, exponential := EvenSteps(LinearSteps(0.2), 0.5), EvenSteps(ExponentialSteps(0.1), 20.0/60)
	for minutes, want := range map[float64][3]float64{3: {60, 30, 300}, 6: {120, 80, 600}, 13: {420, 360, 1300}, 20: {880, 1000, 2000}, 30: {1800, 2000, 3000}} {
		atOnce := Ramp{Shares: []float64{1}, Starts: []float64{0}}
		for i, r := range []Ramp{linear, exponential, atOnce} {
			if got := 100 * 60 * r.Exposure(minutes/60); math.Abs(got-want[i]) > 1e-9 {
				t.Errorf("strategy %d stopped after %v min: %v percent-minutes, want %v", i, minutes, got, want[i])
			}
		}
	}
}

// TestStepsWhole: n steps of one n-th are n, though n times a rounded n-th may be less
// than 1; and they rise to 1.
func TestStepsWhole(t *testing.T) {
	for n := 1; n <= 100; n++ {
		steps := LinearSteps(1 / float64(n))
		if len(steps) != n || steps[n-1] != 1 || !slices.IsSorted(steps) {
			t.Errorf("steps of 1/%d: %v", n, steps)
		}
	}
}

// TestFlaggerPlan: the times that Flagger's documentation gives for its two examples,
// in minutes, and what the scheduler makes of them: the same promotion, and a rollback
// one interval later.
func TestFlaggerPlan(t *testing.T) {
	for _, c := range []struct {
		plan                FlaggerPlan
		promotion, rollback float64
	}{
		{FlaggerPlan{Interval: 1, MaxWeight: 50, StepWeight: 2, Threshold: 10}, 25, 10},
		{FlaggerPlan{Interval: 1, Iterations: 10, Threshold: 2}, 10, 2},
		{FlaggerPlan{Interval: 0.5, MaxWeight: 50, StepWeight: 10, Threshold: 5}, 2.5, 2.5},
		{FlaggerPlan{Interval: 1, MaxWeight: 50, StepWeight: 20, Threshold: 1}, 3, 1}, // 20, 40, 60
	} {
		if got := c.plan.Promotion(); got != c.promotion {
			t.Errorf("%+v: promoted after %v, want %v", c.plan, got, c.promotion)
		}
		if got := c.plan.Rollback(); got != c.rollback {
			t.Errorf("%+v: rolled back after %v, want %v", c.plan, got, c.rollback)
		}
		canary := Canary{Weights: c.plan.Weights(), Requests: 1000, Threshold: 0.01}
		if end := (Flagger{canary, c.plan.Threshold}).Run(); math.Abs(end.Intervals*c.plan.Interval-c.promotion) > 1e-12 || end.Promote != 1 {
			t.Errorf("%+v: in health %+v", c.plan, end)
		}
		canary.Rate = 1
		if end := (Flagger{canary, c.plan.Threshold}).Run(); math.Abs(end.Intervals*c.plan.Interval-c.rollback-c.plan.Interval) > 1e-12 || end.Rollback != 1 {
			t.Errorf("%+v: when all fails %+v", c.plan, end)
		}
	}
}
