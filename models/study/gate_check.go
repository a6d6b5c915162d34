package study

import (
	"fmt"
	"math"
	"slices"
)

// checkGates wants every gate to be about what is there. A study of a scenario without
// gates has none.
func (s *Study) checkGates() string {
	if s.Gates == nil {
		return ""
	}
	if g := s.Gates; !(g.Confidence > 0 && g.Confidence < 1 && g.Error > 0 && g.Error < 1) || g.Look < 1 || len(g.Results) == 0 {
		return fmt.Sprintf("%d gates of a confidence of %v with an error of %v", len(g.Results), g.Confidence, g.Error)
	}
	for i := range s.Gates.Results {
		x := &s.Gates.Results[i]
		switch {
		case x.Alternative < 0 || x.Alternative >= len(s.Alternatives):
			return fmt.Sprintf("gate %q is about alternative %d", x.Name, x.Alternative)
		case !slices.ContainsFunc(s.Metrics, func(m Metric) bool { return m.Name == x.Metric }):
			return fmt.Sprintf("gate %q is about the metric %q", x.Name, x.Metric)
		case !slices.Contains([]GateState{GatePass, GateFail, GateUndecided}, x.State):
			return fmt.Sprintf("gate %q is %q", x.Name, x.State)
		}
		if problem := x.check(); problem != "" {
			return problem
		}
	}
	return ""
}

// check says what is wrong with the numbers of a Gate.
func (g *Gate) check() string {
	needsP := g.Statistic == OfQuantile || g.Statistic == OfTail
	switch {
	case !slices.Contains([]Statistic{OfMean, OfQuantile, OfTail, OfProbability, OfDifference}, g.Statistic):
		return fmt.Sprintf("gate %q is about the statistic %q", g.Name, g.Statistic)
	case needsP && !(g.P > 0 && g.P < 1):
		return fmt.Sprintf("gate %q is about the quantile %v", g.Name, g.P)
	case !(math.Abs(g.Bound) <= math.MaxFloat64) || math.IsNaN(g.Above):
		return fmt.Sprintf("gate %q has the bound %v", g.Name, g.Bound)
	}
	return ""
}
