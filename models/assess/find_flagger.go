package assess

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// harmlessFlagger are metrics of Flagger that pass whatever is measured. Those without
// a bound have a rule of their own.
func (s *Subject) harmlessFlagger() []Finding {
	f := s.Rollout.Flagger
	if f == nil {
		return nil
	}
	var all []Finding
	for i := range f.Probes {
		p := f.phases(i)
		phase, same := p.always()
		r := f.Machine.Metrics[i].Range
		if same && phase == rollout.Successful && r != nil && (r.Min != nil || r.Max != nil) {
			all = append(all, Finding{Place: f.Ranges[i].At("").Place, Advice: "compare with the scale of the metric",
				Evidence: fmt.Sprintf("Every value that the metric %s can have passes: of 100 releases that fail every request it stops 0.", quoted(f.Machine.Metrics[i].Name)), Edits: f.wider(i, 0.01)})
		}
	}
	return all
}

var blindPromotion = Rule{
	ID: "RR-A021", Title: "promotion is not checked", Severity: Doubt,
	Doc: "While traffic goes over to the promoted version in steps (stepWeightPromotion), nothing is checked: what shows only under load is not noticed. Let the weights of the analysis go high enough.",
	Find: func(s *Subject) []Finding {
		f := s.Rollout.Flagger
		if f == nil || f.Machine.StepWeightPromotion <= 0 || f.Machine.SkipAnalysis {
			return nil
		}
		steps := (100 + f.Machine.StepWeightPromotion - 1) / f.Machine.StepWeightPromotion
		find := Finding{Place: f.Spots.At("stepWeightPromotion").Place, Advice: "leave it out, and let the analysis go to a higher weight",
			Evidence: fmt.Sprintf("Promotion takes up to %d steps of %s, and 0 of them are checked.", steps, span(f.Machine.Every())), Edits: replace(f.Spots.At("stepWeightPromotion"), "0")}
		return []Finding{find}
	},
}

var neverAdvances = Rule{
	ID: "RR-A022", Title: "the canary never advances", Severity: Bad,
	Doc: "Without stepWeight, stepWeights and iterations there is no step: the canary stays at no traffic, for ever.",
	Find: func(s *Subject) []Finding {
		f := s.Rollout.Flagger
		if f == nil || s.table == nil || !s.table.Never || f.Machine.SkipAnalysis {
			return nil
		}
		return []Finding{{Place: f.Spots.At("").Place, Evidence: "The analysis has no step that ends: of 100 good releases 0 are promoted.", Advice: "write stepWeight and maxWeight",
			Edits: set(f.Spots, "stepWeight", "10", "maxWeight", "threshold", "interval")}}
	},
}

var overshoots = Rule{
	ID: "RR-A023", Title: "the last step goes beyond maxWeight", Severity: Doubt,
	Doc: "Weights grow by stepWeight until maxWeight is reached or passed: 20, 40, 60 for a maxWeight of 50. Make maxWeight a multiple of stepWeight.",
	Find: func(s *Subject) []Finding {
		f := s.Rollout.Flagger
		if f == nil || f.Machine.StepWeight <= 0 || len(f.Machine.StepWeights) > 0 || f.Machine.MaxWeight <= 0 || f.Machine.Strategy() != rollout.StepwiseCanary {
			return nil
		}
		step, most := f.Machine.StepWeight, f.Machine.MaxWeight
		if most%step == 0 {
			return nil
		}
		last := min(100, (most/step+1)*step)
		return []Finding{{Place: f.Spots.At("maxWeight").Place, Evidence: fmt.Sprintf("The last weight is %d %%, not %d: of 100 requests %d meet the release.", last, most, last), Advice: "make maxWeight a multiple of stepWeight",
			Edits: replace(f.Spots.At("maxWeight"), fmt.Sprint(last))}}
	},
}

var gated = Rule{
	ID: "RR-A030", Title: "a webhook decides", Severity: Worth,
	Doc: "A webhook can hold the rollout, or take it back; it is assumed to agree at once, and what it would catch is not in the numbers.",
	Find: func(s *Subject) []Finding {
		f := s.Rollout.Flagger
		if f == nil {
			return nil
		}
		var all []Finding
		for _, g := range f.Gates {
			all = append(all, Finding{Place: g.Place, Evidence: "This webhook can hold the canary or take it back; here it is taken to agree at once."})
		}
		return all
	},
}
