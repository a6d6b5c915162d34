package breakeven_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/breakeven"
)

// pencil is a choice whose break-evens can be written down. Every fourth change carries
// a defect. At once, all 1,000 users of it are hurt, $1 each; in the lab, every defect is
// found, which costs a pass of 24 hours for every change and a second one for those with a
// defect, $100 a day; 1.5 % of the passes are repeated, three times at most.
const pencil = `rollrisk: 1
name: pencil
title: Break-evens that a pencil finds
currency: $
service:
  users: {value: 1000, provenance: assumption, source: a test}
  requests_per_user: {value: 10/h, provenance: assumption, source: a test}
  baseline_errors: {value: 0%, provenance: assumption, source: a test}
  costs:
    per_affected_user: {value: 1, provenance: assumption, source: a test}
    per_change_day: {value: 100, provenance: assumption, source: a test}
changes:
  rate: {value: 1/w, provenance: assumption, source: a test}
  defects: {value: 0.25, provenance: assumption, source: a test}
  evenly: yes
  period: 100 changes
  warm_up: 0 changes
defects:
  table: none
  classes:
    plain: {share: 100%, reproducible: 100%, exercised: 100%, telemetry: 0%, reported: 0%, reach: 100%, strength: 100%}
environments:
  lab: {source: a test, slots: unlimited, run: 24h, fidelity: 1, coverage: 1}
fix:
  effort: none
watch: {value: 1w, provenance: assumption, source: a test}
alternatives:
  now:
    title: at once
    stages: [{ring: 100%}]
  later:
    title: a day later
    stages: [{environment: lab}, {ring: 100%}]
`

// found are the break-evens of a scenario, and its study.
func found(t *testing.T, source string, changes, workers int) ([]study.BreakEvens, *study.Study) {
	t.Helper()
	s, faults := scenarios.Decode("pencil.yaml", []byte(source))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := s.Plan(scenarios.Options{Seed: 1, Changes: changes})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	st, err := study.Run(context.Background(), &plan, study.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	all, err := breakeven.Find(context.Background(), s, &plan, st, breakeven.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return all, st
}

// passes are those of one release: a flaky one is repeated, three times at most.
const passes = 1 + 0.015*(1+0.015*(1+0.015))

// The break-evens in cost are those of the pencil. A found value may be away by the error
// of the simulation, which is known, and by half a unit of its third digit and the bend
// of a line within the last bracket, together less than 1 %.
func TestFindsWhatAPencilFinds(t *testing.T) {
	all, _ := found(t, pencil, 4000, 2)
	if len(all) != 1 {
		t.Fatalf("%d break-evens", len(all))
	}
	b := all[0]
	if b.Best != 1 || b.Rival != 0 || !b.Users.Known || b.Users.Ahead != 1 || b.Users.Flips != 0 || !b.Cost.Known || b.Cost.Ahead != 1 {
		t.Errorf("who is ahead: %+v %+v of %d and %d", b.Users, b.Cost, b.Best, b.Rival)
	}
	day := 100.0 * passes // of delay, for a pass
	want := map[string]struct {
		at    float64
		above bool
	}{
		"service.users":                   {day * 1.25 / 0.25, false},
		"service.costs.per_affected_user": {day * 1.25 / 250, false},
		"service.costs.per_change_day":    {250 / (1.25 * passes), true},
		"environments.lab.run":            {24 * 250 / (1.25 * day), true},
		"changes.defects":                 {day / (1000 - day), false},
		"environments.lab.fidelity":       {day / (250 - 0.25*day), false},
		"environments.lab.coverage":       {day / (250 - 0.25*day), false},
	}
	for _, in := range b.Inputs {
		w, ok := want[in.Path]
		delete(want, in.Path)
		switch {
		case len(in.Users) > 0:
			t.Errorf("%s turns round who is hurt: %+v", in.Path, in.Users)
		case !ok && len(in.Cost) > 0:
			t.Errorf("%s turns round the cost: %+v", in.Path, in.Cost)
		case ok && len(in.Cost) != 1:
			t.Errorf("%s: %d flips", in.Path, len(in.Cost))
		case ok:
			f := in.Cost[0]
			tolerance := 3/1.645*(f.High-f.Low)/2 + 0.01*w.at
			if math.Abs(f.At-w.at) > tolerance || f.Above != w.above || !(f.Low <= f.At && f.At <= f.High) {
				t.Errorf("%s: %+v, want %v ± %v, above %v", in.Path, f, w.at, tolerance, w.above)
			}
		}
	}
	for path := range want {
		t.Errorf("%s was not turned", path)
	}
	if b.Cost.Flips != 7 {
		t.Errorf("%d inputs turn the cost round", b.Cost.Flips)
	}
	for i := 1; i < len(b.Inputs); i++ {
		if step := func(in study.BreakEvenInput) float64 {
			if len(in.Cost) == 0 {
				return math.Inf(1)
			}
			return math.Abs(in.Cost[0].Step)
		}; step(b.Inputs[i-1]) > step(b.Inputs[i]) {
			t.Errorf("%s stands before %s", b.Inputs[i-1].Path, b.Inputs[i].Path)
		}
	}
}

// What is found does not hang on how many look for it, nor on the study's size.
func TestSameForAnyWorkers(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 3} {
		all, _ := found(t, pencil, 2000*workers, workers)
		data, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		} else if string(first) != string(data) {
			t.Errorf("%d workers find\n%s\nand one\n%s", workers, data, first)
		}
	}
}

// Nothing is looked for where the study is small, where there is one alternative, and
// where two cannot be told apart.
func TestNothingToTurnRound(t *testing.T) {
	twice := strings.Replace(pencil, "stages: [{environment: lab}, {ring: 100%}]", "stages: [{ring: 100%}]", 1)
	alone := pencil[:strings.Index(pencil, "  later:")]
	for name, c := range map[string]struct {
		source  string
		changes int
	}{"small": {pencil, breakeven.Least - 100}, "alone": {alone, 4000}, "the same twice": {twice, 4000}} {
		if all, _ := found(t, c.source, c.changes, 2); len(all) != 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// A search that is stopped says so.
func TestStops(t *testing.T) {
	s, _ := scenarios.Decode("pencil.yaml", []byte(pencil))
	plan, _ := s.Plan(scenarios.Options{Seed: 1, Changes: 4000})
	_, st := found(t, pencil, 4000, 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if all, err := breakeven.Find(ctx, s, &plan, st, breakeven.Options{}); err == nil {
		t.Errorf("it found %v", all)
	}
}
