package determinism

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
)

// twins is a plan of every pipeline of a library scenario beside its twin: the same
// pipeline under another name.
func twins(t *testing.T, name string, pipeline int) *study.Plan {
	t.Helper()
	p, err := Plan(name, 3000)
	if err != nil {
		t.Fatal(err)
	}
	one := p.Case.Pipelines[pipeline]
	other := one
	other.Name, other.Title = "twin", "twin"
	p.Case.Pipelines = append(p.Case.Pipelines[:0:0], one, other)
	return p
}

// TestTwins: chance belongs to causes and never to an alternative, so that two equal
// pipelines differ in nothing. Their contest, in which each has luck of its own, is
// even, and not all of it is a tie.
func TestTwins(t *testing.T) {
	whole, err := Plan("checkout", 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole.Case.Pipelines {
		p := twins(t, "checkout", i)
		s := result(t, p, 0)
		c := s.Comparisons[0]
		for k, d := range c.Differences {
			if x := float64(d.Difference); !math.IsNaN(x) && x != 0 {
				t.Errorf("pipeline %d: %s differs by %v between twins", i, s.Metrics[k].Name, x)
			}
		}
		for _, contest := range c.Contests {
			o := contest.Overall
			if lead := float64(o.Lead.Mean); !(math.Abs(lead) <= 5*float64(o.Lead.StandardError)) {
				t.Errorf("pipeline %d: one twin leads in %s by %v", i, contest.Metric, o.Lead)
			}
			if o.Wins.Count == 0 || o.Losses.Count == 0 {
				t.Errorf("pipeline %d: all luck is shared in the contest of %s: %+v", i, contest.Metric, o.Per100)
			}
		}
	}
}
