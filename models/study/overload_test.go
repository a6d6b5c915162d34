package study

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/stat"
)

func (s *Study) warns(code string) bool {
	for _, w := range s.Warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}

// A train that is taken back whole for each of its many defects delivers next
// to nothing, and so hurts next to nobody. That is not a win: pairs with a
// change that is still on its way are decided by nobody, and its stops still
// add up.
func TestDeliveringNothingWinsNothing(t *testing.T) {
	p := twoRamps(3)
	p.Changes = 200
	stuck := &p.Case.Pipelines[1]
	stuck.Batching = models.Batching{Cadence: 168}
	stuck.Stages = []models.Stage{ring(1, 0)}
	stuck.WatchHours = 300
	st := run(t, p)
	if !st.warns(WarnOverloaded) {
		t.Fatalf("no warning: %v", st.Warnings)
	}
	c := st.Comparisons[0].Contests[0]
	if c.Overall.Undefined == 0 || c.Overall.Pairs+c.Overall.Undefined != st.Size.Defective {
		t.Errorf("%d pairs and %d undecided of %d", c.Overall.Pairs, c.Overall.Undefined, st.Size.Defective)
	}
	byClass := 0
	for _, k := range c.ByClass {
		byClass += k.Pairs
		if k.Wins+k.Losses+k.Ties != k.Pairs {
			t.Errorf("class %s: %+v", k.Class, k)
		}
	}
	if byClass != c.Overall.Pairs {
		t.Errorf("%d pairs by class, %d in all", byClass, c.Overall.Pairs)
	}
	sum := 0.0
	for _, s := range st.Alternatives[1].Stops {
		sum += s.PerThousand
	}
	if math.Abs(sum-1000) > 1e-9 {
		t.Errorf("the stops add up to %v", sum)
	}
	if _, err := json.Marshal(st); err != nil {
		t.Error(err)
	}
}

// A pipeline with room for six changes in seven says that it falls behind; one
// with room to spare does not.
func TestFallingBehind(t *testing.T) {
	for _, x := range []struct {
		run  float64
		warn bool
	}{{28, true}, {12, false}} {
		p := twoRamps(3)
		p.Case.Changes.Warmup, p.Case.Changes.PerPeriod = 50, 200
		slow := &p.Case.Pipelines[1]
		slow.Stages = append([]models.Stage{{Name: "staging", Kind: models.InEnvironment,
			Environment: models.Environment{Slots: 1, Run: models.Hours(x.run), Fidelity: known(1), Coverage: known(1)}}}, slow.Stages...)
		if st := run(t, p); st.warns(WarnGrowing) != x.warn {
			t.Errorf("a run of %v hours, a change a day: %v", x.run, st.Warnings)
		}
	}
}

// Without defects a ramp of 18 hours with one place, for a change a day, is M/D/1 at
// 3/4: a release waits 27 hours on average (Pollaczek and Khinchine). With places for
// all nobody waits, and nothing is said.
func TestWaitingForTheRamp(t *testing.T) {
	for _, x := range []struct {
		slots int
		wait  float64
	}{{1, 27}, {0, 0}} {
		p := twoRamps(3)
		p.Case.Changes.Defects, p.Changes = known(0), 20000
		p.Case.Changes.Warmup, p.Case.Changes.PerPeriod = 200, 500
		ramp := &p.Case.Pipelines[1]
		ramp.Stages, ramp.RampSlots = []models.Stage{ring(0.01, 18), ring(1, 0)}, x.slots
		if st := run(t, p); st.warns(WarnQueuing) != (x.slots == 1) {
			t.Errorf("%d slots: %v", x.slots, st.Warnings)
		}
		s, err := runRows(context.Background(), p, 0, 40, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var means []float64
		for _, period := range s.Rows[1].Periods {
			means = append(means, rampWait([]models.Period{period}))
		}
		e := stat.EstimateOf(stat.Column{Rows: means, Clusters: stat.Even(40, 1)}, 0.9)
		if off := math.Abs(rampWait(s.Rows[1].Periods) - x.wait); off > 4*float64(e.StandardError) {
			t.Errorf("%d slots: a release waits %v h, want %v +/- %v", x.slots, rampWait(s.Rows[1].Periods), x.wait, e.StandardError)
		}
	}
}
