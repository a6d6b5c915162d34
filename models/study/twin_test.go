package study

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/detector"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// kindOf makes a detector of a kind.
func kindOf(t *testing.T, name string, rate float64, choices map[string]string) models.Detector {
	t.Helper()
	kind, ok := detector.Named(name)
	if !ok {
		t.Fatal("no kind ", name)
	}
	d, err := kind.New(detector.Values{Numbers: map[string]float64{"rate": rate}, Choices: choices})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// twinPlan has one defect in every change, of two classes and with a response that
// varies, and three ramps.
func twinPlan(t *testing.T) *Plan {
	p := twoRamps(0)
	watch := []models.Detector{kindOf(t, "exposure-hazard", 0.4, map[string]string{"by": "reach"}), kindOf(t, "wall-clock-hazard", 0.02, nil)}
	act, err := dist.NewLogNormal(1, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	c := &p.Case
	c.Changes = models.Changes{PerWeek: known(7), Defects: known(1), Evenly: true, Warmup: 3, PerPeriod: 40}
	c.Service.Cost = models.Cost{Currency: "$", PerFailedReq: known(0.1), PerAffectedUser: known(2), PerUserHour: known(0.01), PerIncident: known(50)}
	c.Classes[1].Global, c.Classes[1].Reach = known(0), models.Amount{Value: known(0.3)}
	third := c.Pipelines[1]
	third.Name, third.Stages, third.WatchHours = "short", []models.Stage{ring(0.05, 3), ring(0.4, 2), ring(1, 0)}, 6
	c.Pipelines = append(c.Pipelines, third)
	for i := range c.Pipelines {
		q := &c.Pipelines[i]
		q.Detectors, q.Response.Act = watch, models.Span{Varies: act}
		q.Stages = slices.Clone(q.Stages)
		for k := range q.Stages {
			q.Stages[k].Ring.Watch = []int{0, 1}
		}
	}
	p.Changes = 24_000
	return p
}

// The twin's expectations are those of the simulator, for a bang, a ramp and a ramp
// that ends before everything is noticed. The two estimates have independent draws of
// what the twin draws, so the tolerance is five standard errors of the difference.
func TestTwinAgreesWithTheSimulator(t *testing.T) {
	p := twinPlan(t)
	s, err := RunShard(context.Background(), p, 0, p.Replications(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const drawn = 20_000
	for k := range p.Case.Pipelines {
		q := *p
		q.Seed = 77
		c, plan, err := q.Twin(k, drawn)
		if err != nil {
			t.Fatal(err)
		}
		rows := &s.Rows[k]
		check := func(what string, want func(*analytic.RingLaw) float64, got func(i int) float64) {
			t.Helper()
			simulated, twin := column(len(rows.Lean), got), column(drawn, func(i int) float64 {
				one := c
				one.Defects = []analytic.RingDefect{c.Defects[i]}
				one.Defects[0].Weight = 1
				law := one.Law(plan)
				return want(&law)
			})
			law := c.Law(plan)
			if x := want(&law); math.Abs(x-float64(twin.Mean)) > 1e-9*math.Abs(x) {
				t.Errorf("%s: the law of all is %v, of each alone %v", what, x, twin.Mean)
			}
			error5 := 5 * math.Hypot(float64(simulated.StandardError), float64(twin.StandardError))
			t.Logf("pipeline %d %s: twin %.6g simulated %.6g +- %.2g", k, what, twin.Mean, simulated.Mean, error5)
			if d := math.Abs(float64(simulated.Mean - twin.Mean)); !(d <= error5+1e-9) || error5 > 0.1*float64(simulated.Mean) {
				t.Errorf("pipeline %d %s: twin %v, simulated %v, tolerance %v", k, what, twin.Mean, simulated.Mean, error5)
			}
		}
		check("users affected", func(l *analytic.RingLaw) float64 { return l.Affected }, func(i int) float64 { return rows.Harm[i].UsersAffected })
		check("failed requests", func(l *analytic.RingLaw) float64 { return l.Failed }, func(i int) float64 { return rows.Harm[i].FailedRequests })
		check("detected", func(l *analytic.RingLaw) float64 { return l.Detected }, func(i int) float64 { return float64(rows.Lean[i].Detected) })
		check("cost", func(l *analytic.RingLaw) float64 { return l.Cost }, func(i int) float64 { return rows.Lean[i].Cost })
	}
}

// column is the mean of independent values.
func column(n int, of func(int) float64) stat.Estimate {
	mean, squares := 0.0, 0.0
	for i := range n {
		mean += of(i) / float64(n)
	}
	for i := range n {
		squares += (of(i) - mean) * (of(i) - mean)
	}
	return stat.Estimate{Mean: stat.Number(mean), StandardError: stat.Number(math.Sqrt(squares / float64(n-1) / float64(n)))}
}

// A question that is none for the twin is refused, with every reason.
func TestTwinSaysWhereItDoesNotApply(t *testing.T) {
	p := twinPlan(t)
	q := &p.Case.Pipelines[1]
	q.Sticky, q.RampSlots, q.Response.Automatic = false, 2, false
	q.Detectors = []models.Detector{hazard{1}, q.Detectors[1]}
	_, _, err := p.Twin(1, 10)
	for _, want := range []string{"ramp has no analytic twin", "routed afresh", "place on the ramp", "people answer", "the alarm of detector 1 depends on more"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	p = twinPlan(t)
	p.Case.Pipelines[0].Detectors = []models.Detector{shy{}, p.Case.Pipelines[0].Detectors[1]}
	if _, _, err = p.Twin(0, 10); err == nil || !strings.Contains(err.Error(), "the alarm of detector 1 depends on more") {
		t.Errorf("a detector that has no hazard as it was asked for: %v", err)
	}
	p = twinPlan(t)
	p.Case.Classes[0].Onset = models.Hours(1)
	if _, _, err = p.Twin(0, 10); err == nil || !strings.Contains(err.Error(), "class a") {
		t.Errorf("an onset: %v", err)
	}
}

// shy is a detector of a kind that may have a hazard, and has none.
type shy struct{ hazard }

func (shy) Hazard(*models.Signal, float64) (perHour, perDose float64, known bool) {
	return 0, 0, false
}

func BenchmarkTwin(b *testing.B) {
	plan := analytic.RingPlan{Shares: []float64{0.01, 0.1, 0.5, 1}, Bakes: []float64{24, 24, 24, 336}}
	c := analytic.RingCase{Users: 1e6, Defects: []analytic.RingDefect{{Weight: 1, Reach: 0.5, Failing: 0.1, PerHour: 0.01, PerDose: 0.5, Respond: 1}}}
	for b.Loop() {
		c.Law(plan)
	}
}
