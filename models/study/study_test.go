package study

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// hazard rings when the exposure of a defect reaches a unit exponential.
type hazard struct{ rate float64 }

type hazardMonitor struct {
	rate float64
	key  rng.Key
}

func (d hazard) Monitor(seed uint64) models.Monitor {
	return &hazardMonitor{d.rate, rng.NewKey(seed, "test/hazard")}
}
func (m *hazardMonitor) Reset() {}
func (m *hazardMonitor) Observe(w *models.Window) models.Verdict {
	best := models.Verdict{At: w.End, Signal: -1}
	for i, s := range w.Signals {
		e := -portable.Log(m.key.Uniform(s.Entity, w.Luck.Replication, w.Luck.Coupling)) / m.rate
		if at := w.Clock.After(s.From, (e-s.Dose)/w.Share); s.From < w.End && at < best.At {
			best = models.Verdict{Finding: models.Fail, At: at, Signal: i}
		}
	}
	return best
}

func known(v float64) models.Quantity { return models.Quantity{Value: v} }

func ring(share, bake float64) models.Stage {
	return models.Stage{Name: "ring", Kind: models.InRing, Ring: models.Ring{Share: known(share), Bake: models.Hours(bake), Watch: []int{0}}}
}

// twoRamps sets a big bang against a ramp, watched by the same hazard; the
// response takes the given hours.
func twoRamps(respond float64) *Plan {
	pipeline := func(name string, stages ...models.Stage) models.Pipeline {
		return models.Pipeline{Name: name, Title: name, Batching: models.Batching{Every: 1}, Stages: stages,
			Detectors: []models.Detector{hazard{0.5}}, Sticky: true, WatchHours: 5000,
			Response: models.Response{Automatic: true, Act: models.Hours(respond)}, Fix: models.Fix{LateMultiplier: known(1)}}
	}
	return &Plan{Seed: 1, Changes: 4030, Level: 0.9, Case: models.Case{
		Service: models.Service{Users: known(1000), RequestsPerHr: known(1), SLO: 0.99, Cost: models.Cost{Currency: "$", PerFailedReq: known(1)}},
		Work:    models.Always(),
		Changes: models.Changes{PerWeek: known(7), Defects: known(0.5), Warmup: 3, PerPeriod: 20},
		Classes: []models.Class{{Name: "a", Share: 1, Visible: known(1), Global: known(1), Strength: models.Amount{Value: known(0.3)}},
			{Name: "b", Share: 1, Visible: known(1), Global: known(1), Strength: models.Amount{Value: known(0.1)}}},
		Pipelines: []models.Pipeline{pipeline("bang", ring(1, 0)), pipeline("ramp", ring(0.01, 24), ring(0.1, 24), ring(1, 0))},
	}}
}

func run(t *testing.T, p *Plan) *Study {
	t.Helper()
	st, err := Run(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (s *Study) index(t *testing.T, name string) int {
	t.Helper()
	for i, m := range s.Metrics {
		if m.Name == name {
			return i
		}
	}
	t.Fatal("no metric", name)
	return 0
}

// Without latency the ramp saves no failed request, change by change: common
// random numbers make the difference nothing but rounding. With latency it
// saves many. The contest, whose luck is independent, is even in the first
// case and decided in the second.
func TestRampAgainstBigBang(t *testing.T) {
	same := run(t, twoRamps(0))
	k := same.index(t, "failed_requests")
	if c := same.Comparisons[0].Differences[k]; c.Visible || math.Abs(float64(c.Difference)) > 1e-6 {
		t.Errorf("without latency: %+v", c)
	}
	lead := same.Comparisons[0].Contests[1].Overall.Lead
	if math.Abs(float64(lead.Mean)) > 5*float64(lead.StandardError) {
		t.Errorf("without latency the contest of cost is %+v", lead)
	}
	late := run(t, twoRamps(10))
	if c := late.Comparisons[0].Differences[k]; !c.Visible || c.Difference > 0 {
		t.Errorf("with latency: %+v", c)
	}
	if per := late.Comparisons[0].Contests[0].Overall.Per100; per.Wins < 60 || per.Wins+per.Losses+per.Ties != 100 {
		t.Errorf("with latency the contest is %+v", per)
	}
}

func TestShardsMerge(t *testing.T) {
	p := twoRamps(3)
	whole, err := json.Marshal(run(t, p))
	if err != nil {
		t.Fatal(err)
	}
	for _, cuts := range [][]int{{100}, {1, 2, 201}, {50, 50, 150}} {
		var shards []*Shard
		first := 0
		for _, end := range append(cuts, p.Replications()) {
			s, err := RunShard(context.Background(), p, first, end-first, Options{Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			shards, first = append([]*Shard{s}, shards...), end
		}
		st, err := Merge(p, shards...)
		if err != nil {
			t.Fatal(err)
		}
		if parts, _ := json.Marshal(st); string(parts) != string(whole) {
			t.Errorf("cut at %v, the study differs", cuts)
		}
	}
	s, _ := RunShard(context.Background(), p, 5, 10, Options{})
	if _, err := Merge(p, s); err == nil || !strings.Contains(err.Error(), "begins at replication 5") {
		t.Errorf("a gap: %v", err)
	}
}

// A plan with a precision is the plan of as many changes as it took.
func TestPrecision(t *testing.T) {
	p := twoRamps(3)
	p.Precision = 0.03
	st := run(t, p)
	if st.Size.Changes <= 4030 || len(st.Warnings) > 0 {
		t.Fatalf("stopped after %d changes, %v", st.Size.Changes, st.Warnings)
	}
	k := st.index(t, "cost")
	for _, a := range st.Alternatives {
		if s := a.Summaries[k]; float64(s.High-s.Low)/2 > 0.03*float64(s.Mean) {
			t.Errorf("%s: %v to %v", a.Name, s.Low, s.High)
		}
	}
	p.Precision, p.Changes = 0, st.Size.Changes
	one, _ := json.Marshal(st)
	two, _ := json.Marshal(run(t, p))
	if string(one) != string(two) {
		t.Error("the plan of as many changes gives another study")
	}
}

// A study survives its JSON, and a study that was tampered with is refused.
func TestStudyJSON(t *testing.T) {
	st := run(t, twoRamps(3))
	one, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	var back Study
	if err := json.Unmarshal(one, &back); err != nil {
		t.Fatal(err)
	}
	two, _ := json.Marshal(&back)
	if string(one) != string(two) {
		t.Error("JSON read and written again differs")
	}
	if problem := back.Check(); problem != "" {
		t.Error(problem)
	}
	back.Comparisons = nil
	if back.Check() == "" {
		t.Error("a study without its comparison passes")
	}
}

func TestStopsAddUp(t *testing.T) {
	st := run(t, twoRamps(3))
	for _, a := range st.Alternatives {
		sum := 0.0
		for _, s := range a.Stops {
			sum += s.PerThousand
		}
		if math.Abs(sum-1000) > 1e-9 {
			t.Errorf("%s: the stops add up to %v", a.Name, sum)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, twoRamps(0), Options{}); err != context.Canceled {
		t.Errorf("a cancelled run returns %v", err)
	}
}
