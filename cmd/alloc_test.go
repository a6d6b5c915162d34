package cmd

import (
	"context"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/scenarios"
)

// A whole replication of the default scenario allocates nothing, in any of its
// pipelines, once the worker has the memory that it needs.
func TestReplicationAllocatesNothing(t *testing.T) {
	plan, err := planOf(context.Background(), nil, defaultScenario, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	c := &plan.Case
	w := models.NewWorld(c, plan.Seed)
	outcomes := make([]models.Outcome, c.Changes.PerPeriod)
	defects := make([]models.DefectOutcome, c.Changes.PerPeriod*models.MaxDefects)
	for p := range c.Pipelines {
		r := models.NewRun(c, p, plan.Seed)
		rep := uint64(0)
		once := func() {
			w.Reset(rep % 10)
			_, n := w.Carried(c.Changes.Warmup, len(outcomes))
			r.Replicate(w, rep%2, models.Sample{Outcomes: outcomes, Defects: defects[:n]})
			rep++
		}
		for range 40 {
			once()
		}
		if n := testing.AllocsPerRun(20, once); n != 0 {
			t.Errorf("%s: %v allocations a replication, want 0", c.Pipelines[p].Name, n)
		}
	}
}
