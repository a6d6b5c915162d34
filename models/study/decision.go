package study

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/stat"
)

// Decision is whom the headline of a study names.
type Decision struct {
	State DecisionState `json:"state"`           // "ahead", "level", "unknown", "stuck" or "alone"
	Ahead string        `json:"ahead,omitempty"` // name of the alternative that hurts fewer users in more changes than the other way round
	Lead  stat.Number   `json:"lead"`            // of the best alternative over the baseline: wins less losses a defective change, -1..1; null where there is no contest
}

// DecisionState is how sure a Decision is.
type DecisionState string

// The states.
const (
	DecisionAhead   DecisionState = "ahead"   // one alternative is visibly ahead
	DecisionLevel   DecisionState = "level"   // no difference can be seen
	DecisionUnknown DecisionState = "unknown" // too few replications to tell
	DecisionStuck   DecisionState = "stuck"   // an alternative does not keep up with its changes, so that nothing is answered
	DecisionAlone   DecisionState = "alone"   // there is nothing to decide: one alternative, or no defects
)

// FewestReplications is the least number whose spread says anything: with four, a 90 %
// interval of a mean is still wider than four standard errors.
const FewestReplications = 5

// Decision is whom the headline names: of the alternatives the one with the largest lead
// over the baseline, or the baseline where even that one is behind.
func (s *Study) Decision() Decision {
	d := Decision{State: DecisionAlone, Lead: stat.Number(math.NaN())}
	for i := range s.Alternatives {
		if s.Alternatives[i].GivenUp > 0 || s.Alternatives[i].Behind > 0 {
			d.State = DecisionStuck
			return d
		}
	}
	var best *stat.Contest
	rival := 0
	for i := range s.Comparisons {
		if o := s.Comparisons[i].contest(contested[0].name); o != nil && o.Pairs > 0 && (best == nil || o.Lead.Mean > best.Lead.Mean) {
			best, rival = o, s.Comparisons[i].Alternative
		}
	}
	if best == nil {
		return d
	}
	d.Lead = best.Lead.Mean
	switch {
	case math.IsNaN(float64(best.Lead.Low)) || s.Size.Replications < FewestReplications:
		d.State = DecisionUnknown
	case best.Lead.Low > 0:
		d.State, d.Ahead = DecisionAhead, s.Alternatives[rival].Name
	case best.Lead.High < 0:
		d.State, d.Ahead = DecisionAhead, s.Alternatives[0].Name
	default:
		d.State = DecisionLevel
	}
	return d
}

// contest is the one about a metric; nil where there is none.
func (c *Comparison) contest(metric string) *stat.Contest {
	for k := range c.Contests {
		if c.Contests[k].Metric == metric {
			return &c.Contests[k].Overall
		}
	}
	return nil
}
