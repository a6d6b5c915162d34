package study

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"
)

// detectOracle is a scenario whose times to detect are known: exponential with a mean of
// two hours in the first pipeline; in the second they come later, since the same hazard
// meets a ramp. Its gates stand exactly at the truth.
func detectOracle() *Plan {
	p := twoRamps(0)
	c := &p.Case.Changes
	c.Defects, c.Evenly, c.Warmup, c.PerPeriod = known(1), true, 0, 5
	p.Changes, p.Confidence = gateReplications*c.PerPeriod, 0.9
	// The survival function of the ramp is the exponential of minus the dose.
	one, two := math.Exp(-0.5*0.01*24), math.Exp(-0.5*0.1*24)
	ramp := (1-one)/(0.5*0.01) + one*(1-two)/(0.5*0.1) + one*two/0.5
	const m = "time_to_detect"
	p.Gates = []Gate{
		{Name: "mean", Metric: m, Statistic: OfMean, Bound: 2},
		{Name: "median", Metric: m, Statistic: OfQuantile, P: 0.5, Bound: 2 * math.Ln2, Least: true},
		{Name: "p95", Metric: m, Statistic: OfQuantile, P: 0.95, Bound: 2 * math.Log(20)},
		{Name: "tail", Metric: m, Statistic: OfTail, P: 0.95, Bound: 2*math.Log(20) + 2, Least: true},
		{Name: "probability", Metric: m, Statistic: OfProbability, Above: 3, Bound: math.Exp(-1.5)},
		{Name: "difference", Metric: m, Statistic: OfDifference, Alternative: 1, Bound: ramp - 2},
		{Name: "p5 of the ramp", Metric: m, Statistic: OfQuantile, P: 0.05, Alternative: 1, Bound: -math.Log(0.95) / (0.5 * 0.01)},
	}
	return p
}

// decided notes which gates any of so many looks decides.
func decided(t *testing.T, p *Plan, looks int) []bool {
	t.Helper()
	ever := make([]bool, len(p.Gates))
	var all *Shard
	for k := 1; k <= looks; k++ {
		next, err := p.look(context.Background(), all, p.looks().At(k), Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if all == nil {
			all = next
		} else {
			all.extend(next)
		}
		q := *p
		q.Changes = all.Count * p.Case.Changes.PerPeriod
		for i, x := range newReduction(&q, all).gates().Results {
			ever[i] = ever[i] || x.State != GateUndecided
		}
	}
	return ever
}

// TestGatesAtTheTruth: gates that stand exactly at the truth are undecided, but in at most
// one of ten studies each (the confidence is 90 %), over looks that a real check takes; the
// tolerance is 5 standard errors of that count. Kills: no correction for looks.
func TestGatesAtTheTruth(t *testing.T) {
	seeds, looks := 60, 4
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		seeds, looks = 500, 5
	}
	wrong := make([]int, len(detectOracle().Gates))
	for seed := range seeds {
		p := detectOracle()
		p.Seed = uint64(seed + 1)
		for i, did := range decided(t, p, looks) {
			if did {
				wrong[i]++
			}
		}
	}
	most, slack := 0.1*float64(seeds), 5*math.Sqrt(0.1*0.9*float64(seeds))
	for i, g := range detectOracle().Gates {
		t.Logf("%s: %d of %d", g.Name, wrong[i], seeds)
		if float64(wrong[i]) > most+slack {
			t.Errorf("%s: %d of %d studies decide what cannot be, want at most %.0f and %.0f", g.Name, wrong[i], seeds, most, slack)
		}
	}
}

// TestGatesApart: a tenth off the truth every gate is decided in the end, on the right
// side in both directions. Kills: the wrong direction of a bound, undecided taken for a
// pass.
func TestGatesApart(t *testing.T) {
	for _, off := range []float64{0.85, 1.15} {
		p := detectOracle()
		p.Confidence, p.Budget = 0.99, 200_000
		for i := range p.Gates {
			p.Gates[i].Bound *= off
		}
		s := run(t, p)
		for _, x := range s.Gates.Results {
			want := GateFail
			if (off > 1) != x.Least {
				want = GatePass
			}
			if x.State != want || (x.Margin > 0) != (want == GatePass) || float64(x.Chance) > s.Gates.Error/2 || x.Doubt != "" || x.Enough != 0 {
				t.Errorf("%s at %v times the truth: %+v, want %s", x.Name, off, x, want)
			}
		}
	}
}

// TestGatedStudy: a study that went on until its gates were decided is the one of a plan
// for as many changes, to the last byte, whatever the workers; one whose budget does not
// do says how much would.
func TestGatedStudy(t *testing.T) {
	p := detectOracle()
	p.Confidence, p.Gates[0].Bound = 0.99, 2.12
	p.Gates = p.Gates[:1]
	first := run(t, p)
	if x := first.Gates.Results[0]; x.State != GateUndecided || x.Doubt == "" || first.Gates.Look != 1 {
		t.Fatalf("the first look: %+v", x)
	}
	p.Budget = MaxChanges
	want := run(t, p)
	if x := want.Gates.Results[0]; x.State != GatePass || want.Gates.Look < 2 || want.Size.Replications != 200<<(want.Gates.Look-1) {
		t.Errorf("look %d, %d replications: %+v", want.Gates.Look, want.Size.Replications, x)
	}
	for _, workers := range []int{1, 3} {
		q := detectOracle()
		q.Confidence, q.Gates = p.Confidence, p.Gates
		q.Changes = want.Size.Changes
		got, err := Run(context.Background(), q, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encoded(t, got), encoded(t, want)) {
			t.Error("a plan for as many changes gives another study")
		}
	}
	p.Budget = p.FirstLook()
	if s := run(t, p); s.Size.Changes != p.FirstLook() || s.Gates.Results[0].Enough < 2*p.FirstLook() {
		t.Errorf("%d changes in a budget of %d: %+v", s.Size.Changes, p.Budget, s.Gates.Results[0])
	}
}

func encoded(t *testing.T, s *Study) []byte {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGatesOutOfTime: when the time is spent the looks that were completed count, and the
// first one always is; being interrupted is an error.
func TestGatesOutOfTime(t *testing.T) {
	p := detectOracle()
	p.Budget = MaxChanges
	spent, cancel := context.WithCancel(context.Background())
	cancel()
	s, err := Run(context.Background(), p, Options{Until: spent})
	if err != nil || s.Gates.Look != 1 {
		t.Fatalf("%v, %+v", err, s)
	}
	soon, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	s, err = Run(context.Background(), p, Options{Until: soon})
	if err != nil || s.Size.Replications != 200<<(s.Gates.Look-1) {
		t.Fatalf("%v, %+v", err, s.Size)
	}
	if _, err := Run(spent, p, Options{}); err == nil {
		t.Error("an interrupted run has an answer")
	}
}

// TestGatesInDoubt are the reasons for which nothing is decided.
func TestGatesInDoubt(t *testing.T) {
	p := detectOracle()
	p.Changes = 500
	if x := run(t, p).Gates.Results[0]; x.State != GateUndecided || x.Enough != 1000 {
		t.Errorf("too few replications: %+v", x)
	}
	p = detectOracle()
	p.Gates = []Gate{{Name: "queue", Metric: "staging_queue", Statistic: OfMean, Bound: 1}}
	if x := run(t, p).Gates.Results[0]; x.State != GateUndecided || !math.IsNaN(float64(x.Value)) || x.Doubt == "" {
		t.Errorf("no value: %+v", x)
	}
}

// TestGateForms tries each form of metric: events and ratios are held as shares.
func TestGateForms(t *testing.T) {
	p := detectOracle()
	p.Confidence = 0.99
	p.Gates = []Gate{
		{Metric: "change_failure_rate", Statistic: OfMean, Bound: 0.9, Least: true},
		{Metric: "change_failure_rate", Statistic: OfMean, Bound: 0.9},
		{Metric: "deployment_frequency", Statistic: OfMean, Bound: 1000},
		{Metric: "false_confidence", Statistic: OfMean, Bound: 0.5},
		{Metric: "escapes", Statistic: OfMean, Bound: 5},
		{Metric: "escapes", Statistic: OfDifference, Alternative: 1, Bound: 0, Least: true},
	}
	want := []GateState{GatePass, GateFail, GatePass, GateUndecided, GatePass, GatePass}
	for i, x := range run(t, p).Gates.Results {
		if x.State != want[i] {
			t.Errorf("%d: %+v, want %s", i, x, want[i])
		}
	}
}

// TestCheckGates: a study whose gates do not fit it is refused.
func TestCheckGates(t *testing.T) {
	p := detectOracle()
	for name, spoil := range map[string]func(g *Gates){
		"alternative": func(g *Gates) { g.Results[0].Alternative = 2 },
		"metric":      func(g *Gates) { g.Results[0].Metric = "beauty" },
		"state":       func(g *Gates) { g.Results[0].State = "nearly" },
		"statistic":   func(g *Gates) { g.Results[0].Statistic = "mode" },
		"confidence":  func(g *Gates) { g.Confidence = 1 },
		"error":       func(g *Gates) { g.Error = math.NaN() },
		"bound":       func(g *Gates) { g.Results[0].Bound = math.Inf(1) },
		"p":           func(g *Gates) { g.Results[1].P = 1 },
	} {
		s := run(t, p)
		if problem := s.Check(); problem != "" {
			t.Fatal(problem)
		}
		spoil(s.Gates)
		if s.Check() == "" {
			t.Errorf("a study with a wrong %s passes", name)
		}
	}
}
