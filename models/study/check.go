package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Check says what is wrong with a Study that was read from a file, "" when
// its parts belong together. A report of such a study is safe to draw.
func (s *Study) Check() string {
	if len(s.Alternatives) == 0 {
		return "there are no alternatives"
	}
	if len(s.Comparisons) != len(s.Alternatives)-1 {
		return fmt.Sprintf("%d comparisons for %d alternatives", len(s.Comparisons), len(s.Alternatives))
	}
	if !(s.Level > 0 && s.Level < 1) {
		return fmt.Sprintf("the level is %v", s.Level)
	}
	for i := range s.Alternatives {
		if a := &s.Alternatives[i]; len(a.Summaries) != len(s.Metrics) || len(a.Exceed) != len(exceeded) {
			return fmt.Sprintf("alternative %q has %d summaries for %d metrics", a.Name, len(a.Summaries), len(s.Metrics))
		}
	}
	if problem := cmp.Or(s.checkExposures(), s.checkBreakEvens(), s.checkGates()); problem != "" {
		return problem
	}
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		if c.Alternative != i+1 || len(c.Differences) != len(s.Metrics) || len(c.Contests) != len(contested) {
			return fmt.Sprintf("comparison %d does not fit its alternative", i+1)
		}
	}
	for i := range s.Stories {
		if t := &s.Stories[i]; len(t.Tales) != len(s.Alternatives) || math.IsNaN(t.Arrives) {
			return fmt.Sprintf("story %d has %d tales for %d alternatives", i+1, len(t.Tales), len(s.Alternatives))
		}
	}
	return ""
}

// checkExposures wants each to be in order, and all over the same hours. A study of a
// version that had none is fine.
func (s *Study) checkExposures() string {
	var hours []float64
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		if problem := a.Exposure.check(); problem != "" {
			return fmt.Sprintf("exposure of alternative %q: %s", a.Name, problem)
		}
		var own []float64
		for _, p := range a.Exposure.Points {
			own = append(own, p.Hours)
		}
		switch {
		case hours == nil:
			hours = own
		case own != nil && !slices.Equal(hours, own):
			return fmt.Sprintf("exposure of alternative %q: its hours are not those of the others", a.Name)
		}
	}
	return ""
}

// check says what is wrong with one Exposure.
func (e *Exposure) check() string {
	if (e.Changes > 0) != (len(e.Points) > 0) {
		return fmt.Sprintf("%d points of %d changes", len(e.Points), e.Changes)
	}
	if !(0 <= e.Left && e.Left <= e.Reached && e.Reached <= 1) {
		return fmt.Sprintf("of a share of %v that was reached %v are left", e.Reached, e.Left)
	}
	before := 0.0
	for k, p := range e.Points {
		if !(p.Hours > before && p.Hours <= math.MaxFloat64) {
			return fmt.Sprintf("hour %v of point %d after hour %v", p.Hours, k, before)
		}
		before = p.Hours
		if !(0 <= p.P5 && p.P5 <= p.P25 && p.P25 <= p.P50 && p.P50 <= p.P75 && p.P75 <= p.P95 && p.P95 <= 1) {
			return fmt.Sprintf("the quantiles of point %d do not rise from 0 to 1", k)
		}
		if !(0 <= p.Mean && p.Mean <= 1) {
			return fmt.Sprintf("the mean of point %d is %v", k, p.Mean)
		}
	}
	return ""
}

// checkBreakEvens wants each to be of two alternatives that there are.
func (s *Study) checkBreakEvens() string {
	for i := range s.BreakEvens {
		b := &s.BreakEvens[i]
		for _, k := range [...]int{b.Best, b.Rival, b.Users.Ahead, b.Cost.Ahead} {
			if k < 0 || k >= len(s.Alternatives) {
				return fmt.Sprintf("break-evens %d name alternative %d of %d", i+1, k, len(s.Alternatives))
			}
		}
		if !(b.Factor > 1 && b.Factor <= 1e9) {
			return fmt.Sprintf("break-evens %d have a factor of %v", i+1, b.Factor)
		}
	}
	return ""
}
