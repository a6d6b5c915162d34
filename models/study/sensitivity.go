package study

import (
	"fmt"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/experiment"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// SensitivityVersion names the form of a Sensitivity in JSON. It changes when a reader of
// the old form would misread the new one.
const SensitivityVersion = "rollrisk.sensitivity/1"

// Sensitivity says which inputs matter for what one alternative saves against another. It
// is a plain value.
type Sensitivity struct {
	Schema    string           `json:"schema"`
	Version   string           `json:"version"` // of the program
	Command   string           `json:"command"` // that repeats it
	About     About            `json:"about"`
	Seed      uint64           `json:"seed"`
	Currency  string           `json:"currency"`  // printed before amounts
	Best      string           `json:"best"`      // title of the alternative that does best
	BestAt    int              `json:"best_at"`   // its index
	Rival     string           `json:"rival"`     // title of the one that it is held against
	RivalAt   int              `json:"rival_at"`  // its index
	Changes   int              `json:"changes"`   // simulated at each point
	Points    int              `json:"points"`    // that were simulated
	Left      int              `json:"left_out"`  // points at which a pipeline did not keep up, or the scenario has faults
	Factor    float64          `json:"factor"`    // an input that is stated without a range is taken from a Factor-th of it to Factor times it, in 90 of 100 cases; of a share the odds. 0: none is
	Saving    stat.Number      `json:"saving"`    // of Best against Rival, for a change, with every input in the middle; in the currency
	Deviation stat.Number      `json:"deviation"` // standard deviation of the saving over what the inputs can be, of those that were decomposed, in the currency
	Turns     stat.Number      `json:"turns"`     // share of what the inputs can be in which Rival costs less, 0..1
	Inputs    []SensitiveInput `json:"inputs"`    // what matters most first
}

// SensitiveInput is one input and what it does to the saving, in the currency for a change.
type SensitiveInput struct {
	Path    string            `json:"path"`            // address in the scenario
	Label   string            `json:"label"`           // for people
	Stated  string            `json:"stated"`          // as the scenario says it
	Assumed bool              `json:"assumed"`         // the scenario states no range: that of Factor is taken
	Bar     experiment.Bar    `json:"bar"`             // the saving at both ends of its 90 % interval, all else in the middle
	Effect  experiment.Effect `json:"effect"`          // by Morris; not there is 0 throughout
	Index   *experiment.Index `json:"index,omitempty"` // of the variance; of those that came through the screening
}

// Pinned is the plan with what nobody knows held at a quantile: for each Belief the
// probability below its value, between 0 and 1.
func (p *Plan) Pinned(u []float64) (Plan, error) {
	if len(u) != len(p.Case.Beliefs) {
		return Plan{}, fmt.Errorf("study: %d values for %d inputs that nobody knows", len(u), len(p.Case.Beliefs))
	}
	q := *p
	q.Case.Beliefs = slices.Clone(p.Case.Beliefs)
	for i, b := range p.Case.Beliefs {
		d, err := dist.NewConstant(b.Dist.Quantile(u[i]))
		if err != nil {
			return Plan{}, fmt.Errorf("study: %s: %w", b.Path, err)
		}
		q.Case.Beliefs[i] = models.Belief{Path: b.Path, Dist: d}
	}
	return q, nil
}
