package detector

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// aCase has one defect in every other change and rings of so many hours.
func aCase(detectors []models.Detector, response models.Response, shares []float64, bake float64) *models.Case {
	c := &models.Case{
		Service: models.Service{Users: models.Known(1000), RequestsPerHr: models.Known(3), BaselineErrors: models.Known(0.01)},
		Work:    models.Always(),
		Changes: models.Changes{PerWeek: models.Known(7), Defects: models.Known(0.5), Evenly: true, Warmup: 5, PerPeriod: 60},
		Classes: []models.Class{{Name: "any", Share: 1, Visible: models.Known(0.8), Reported: models.Known(0.7), Global: models.Known(1),
			Strength: models.Amount{Value: models.Known(0.03)}, Onset: models.Hours(1)}},
	}
	p := models.Pipeline{Name: "p", Batching: models.Batching{Every: 2}, Detectors: detectors, Response: response,
		Fix: models.Fix{LateMultiplier: models.Known(1), Effort: models.Hours(2)}, WatchHours: 2000, Sticky: true}
	var all []int
	for i := range detectors {
		all = append(all, i)
	}
	for _, s := range shares {
		p.Stages = append(p.Stages, models.Stage{Name: "ring", Kind: models.InRing,
			Ring: models.Ring{Share: models.Known(s), Bake: models.Hours(bake), Watch: all}})
	}
	c.Pipelines = []models.Pipeline{p}
	return c
}

// replicate runs the only pipeline of a Case.
func replicate(t *testing.T, c *models.Case, n int) (outs []models.Outcome, all []models.DefectOutcome) {
	t.Helper()
	if problems := c.Check(); len(problems) > 0 {
		t.Fatal(problems)
	}
	w, r := models.NewWorld(c, 1), models.NewRun(c, 0, 1)
	for rep := range n {
		w.Reset(uint64(rep))
		o := make([]models.Outcome, c.Changes.PerPeriod)
		_, carried := w.Carried(c.Changes.Warmup, c.Changes.PerPeriod)
		defects := make([]models.DefectOutcome, carried)
		r.Replicate(w, 0, models.Sample{Outcomes: o, Defects: defects})
		outs, all = append(outs, o...), append(all, defects...)
	}
	return outs, all
}

// TestInTheEngine: every kind in one pipeline, under every response, with
// people who take their time so that windows are cut and rings go by unseen.
// Alarms come after the onset, and every kind notices something.
func TestInTheEngine(t *testing.T) {
	for name, d := range all(t) {
		for _, action := range []models.Action{models.Rollback, models.KillSwitch, models.RollForward} {
			response := models.Response{Action: action, Acknowledge: models.Hours(3), Decide: models.Hours(2), Act: models.Hours(1)}
			c := aCase([]models.Detector{d}, response, []float64{0.02, 0.2, 1}, 2.1)
			c.Pipelines[0].WatchHours, c.Classes[0].Strength = 300, models.Amount{Value: models.Known(0.08)}
			_, defects := replicate(t, c, 2)
			heard := 0
			for _, found := range defects {
				if found.Channel < 0 {
					continue
				}
				heard++
				if !(found.Detect >= 1) {
					t.Fatalf("%s rang %v hours after the first exposure; the defect shows after one", name, found.Detect)
				}
			}
			if heard == 0 {
				t.Errorf("action %v: %s heard nothing", action, name)
			}
		}
	}
}

// TestTogetherInTheEngine: as many as a pipeline can have compete, and the first
// alarm wins: more of them never notice later.
func TestTogetherInTheEngine(t *testing.T) {
	var detectors []models.Detector
	for _, name := range []string{"exposure-hazard", "kth-error", "wall-clock-hazard", "complaints", "complaints within",
		"window", "window poisson", "window overlap"} {
		detectors = append(detectors, all(t)[name])
	}
	response := models.Response{Action: models.Rollback, Acknowledge: models.Hours(3), Decide: models.Hours(2), Act: models.Hours(1)}
	heard := make([]int, len(detectors))
	_, defects := replicate(t, aCase(detectors, response, []float64{0.02, 0.2, 1}, 2.1), 100)
	for _, d := range defects {
		if d.Channel >= 0 {
			heard[d.Channel]++
		}
	}
	for i, n := range heard {
		if n == 0 {
			t.Errorf("detector %d is never the first", i)
		}
	}
}

// TestTheoremInTheEngine: without a time to respond, the failed requests of a
// defect are the same through every ramp, change by change.
func TestTheoremInTheEngine(t *testing.T) {
	d := []models.Detector{build(t, "kth-error", numbers{"errors": 50}, words{"sees": "all"})}
	failures := func(shares []float64, bake float64) []float64 {
		c := aCase(d, models.Response{Automatic: true}, shares, bake)
		c.Changes.PerPeriod, c.Changes.Defects = 40, models.Known(1)
		c.Pipelines[0].Batching.Every = 1
		c.Classes[0].Onset = models.Hours(0)
		var failed []float64
		outs, _ := replicate(t, c, 200)
		for _, o := range outs {
			failed = append(failed, o.FailedRequests)
		}
		return failed
	}
	bang, rings := failures([]float64{1}, 1), failures([]float64{0.01, 0.1, 0.5, 1}, 0.9)
	total := &sample{}
	for i := range bang {
		if math.Abs(bang[i]-rings[i]) > 1e-6*bang[i] {
			t.Fatalf("change %d: %v failed requests, in rings %v", i, bang[i], rings[i])
		}
		total.add(bang[i])
	}
	// The k-th failing request is the last: its expected number is k.
	total.within(t, "failed requests", 50, math.Sqrt(50))
}

// TestTheoremOfAbsentDefects: a defect that nobody in the first ring can meet is denser
// in the later ones; a counter of its failing requests still rings at the k-th, through
// every ramp.
func TestTheoremOfAbsentDefects(t *testing.T) {
	d := []models.Detector{build(t, "kth-error", numbers{"errors": 50}, words{"sees": "all"})}
	failures := func(shares []float64) []float64 {
		c := aCase(d, models.Response{Automatic: true}, shares, 0.9)
		c.Changes.PerPeriod, c.Changes.Defects = 40, models.Known(1)
		c.Pipelines[0].Batching.Every = 1
		cl := &c.Classes[0]
		cl.Onset, cl.Absent, cl.Global, cl.Reach = models.Hours(0), models.Known(1), models.Known(0), models.Amount{Value: models.Known(0.3)}
		var failed []float64
		outs, _ := replicate(t, c, 50)
		for _, o := range outs {
			failed = append(failed, o.FailedRequests)
		}
		return failed
	}
	bang, rings := failures([]float64{1}), failures([]float64{0.05, 0.1, 0.25, 1})
	for i := range bang {
		if math.Abs(bang[i]-rings[i]) > 1e-6*bang[i] {
			t.Fatalf("change %d: %v failed requests, in rings %v", i, bang[i], rings[i])
		}
	}
}

// TestOutagesFoolNoComparison: an outage of others fails both versions alike, so what
// compares them keeps its level, and what looks at the new one alone does not.
func TestOutagesFoolNoComparison(t *testing.T) {
	stopped := func(d models.Detector) float64 {
		c := aCase([]models.Detector{d}, models.Response{Automatic: true, Act: models.Hours(0.1)}, []float64{0.1, 1}, 12)
		c.Service.Users, c.Service.BaselineErrors = models.Known(100_000), models.Known(0.001)
		c.Service.Outages = models.Outages{PerWeek: models.Known(4), Lasts: models.Hours(1), Errors: models.Amount{Value: models.Known(0.1)}}
		c.Changes.Defects, c.Pipelines[0].WatchHours, c.Pipelines[0].Batching.Every = models.Known(0), 1, 1
		outs, _ := replicate(t, c, 10)
		n := 0.0
		for _, o := range outs {
			n += is(o.FalseAlarms > 0)
		}
		return n / float64(len(outs))
	}
	for name, d := range map[string]models.Detector{
		"two-arm": build(t, "two-arm", numbers{"alpha": 0.01}, nil),
		"kayenta": build(t, "kayenta", numbers{"interval": 1}, nil),
	} {
		// 600 releases: at one in a hundred, five standard errors are two in a hundred more.
		if share := stopped(d); share > 0.03 {
			t.Errorf("%s takes %v of the releases back for an outage of others", name, share)
		}
	}
	if share := stopped(build(t, "threshold-window", numbers{"interval": 0.25, "threshold": 0.05}, nil)); share < 0.15 {
		t.Errorf("a threshold is fooled in %v of the releases only", share)
	}
}
