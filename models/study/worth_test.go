package study

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/dist"
)

// A ramp hurts fewer users and is later; what a day is worth nobody knows. Then knowing
// that is worth what the savings without it, and the days that the ramp takes, say: with
// the very values that the worlds drew, within four standard errors. What does nothing is
// worth nothing.
func TestWorth(t *testing.T) {
	day, err := dist.NewLogNormalInterval(2, 40)
	if err != nil {
		t.Fatal(err)
	}
	idle, err := dist.NewLogNormalInterval(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := twoRamps(3)
	p.Changes = 40000
	p.Case.Service.Cost.PerFailedReq = known(0.5)
	free := run(t, p)
	saved := float64(free.Comparisons[0].Differences[free.index(t, "cost")].Difference)          // of the ramp against all at once, without a price of time
	days := float64(free.Comparisons[0].Differences[free.index(t, "lead_time")].Difference) / 24 // that it takes longer
	if !(saved < 0 && days > 0) {
		t.Fatalf("it saves %v and takes %v days: nothing to decide", saved, days)
	}
	p.Case.Beliefs = []models.Belief{{Path: "day", Dist: day}, {Path: "idle", Dist: idle}}
	p.Case.Service.Cost.PerChangeDay = models.Quantity{Value: day.Quantile(0.5), Slot: 1}
	p.Inputs = []Input{{Path: "day", Label: "a day", Value: "2 to 40", Doubt: "unknown"}}
	st := run(t, p)
	w := st.Worth
	each, once := 0.0, 0.0
	for k := range st.Size.Replications {
		x := -saved - day.Quantile(p.Case.Draws(p.Seed, uint64(k))[0])*days
		each += math.Max(0, x) / float64(st.Size.Replications)
		once += x / float64(st.Size.Replications)
	}
	want := each - math.Max(0, once)
	for name, got := range map[string]Knowing{"all": w.Perfect, "a day": w.Inputs[0].Perfect} {
		if math.Abs(float64(got.Value)-want) > 4*float64(got.StandardError) || float64(got.StandardError) > want/3 {
			t.Errorf("%s: %v +/- %v, want %v", name, got.Value, got.StandardError, want)
		}
	}
	if x := w.Inputs[1].Perfect; float64(x.Value) > 2*float64(x.StandardError) {
		t.Errorf("idle: %+v", x)
	}
	if few, many := w.Inputs[0].Samples[0], w.Inputs[0].Samples[1]; !(few.N == 20 && many.N == 100 && float64(few.Value) <= want*1.2 && float64(many.Value) > want/2) {
		t.Errorf("%+v %+v of %v", few, many, want)
	}
	if w.Inputs[0].Label != "a day" || math.Abs(w.PerYear-7*365.25/7) > 1e-9 || w.Worlds != st.Size.Replications {
		t.Errorf("%+v", w)
	}
	if free.Worth != nil {
		t.Error("without ranges there is something to find out")
	}
}
