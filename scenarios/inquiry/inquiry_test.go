package inquiry

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// late is two pipelines that differ by a day that every change arrives later. A day costs
// 1 to 4; nothing else that is in doubt makes a difference.
const late = `
rollrisk: 1
title: A day later
service: {users: 1k, costs: {per_change_day: 1 to 4, per_failed_request: 0.001}}
changes: {rate: 2/w, defects: 0.0001 to 0.0002}
study: {changes: 400}
detectors: {complaints: {kind: complaints, report_probability: 1%, reports: 3}}
response: {decide: 1h}
alternatives:
  a: {title: at once, stages: [ring: 100%]}
  b: {title: a day later, ramp_slots: unlimited, stages: [{ring: 10%, bake: 1d}, ring: 100%]}
  c: {title: never looked at, stages: [{ring: 10%, bake: 1h to 2h}, ring: 100%]}
`

func decoded(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, faults := scenarios.Decode("late.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return s
}

func asked(t *testing.T, q Question, o Options) *study.Sensitivity {
	t.Helper()
	s, faults, err := Ask(t.Context(), q, o)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	return s
}

func small(t *testing.T, text string) Question {
	return Question{Scenario: decoded(t, text), Seed: 1, Each: 40, Inputs: 5, Trajectories: 4, Base: 64, Survivors: 2}
}

// What a pencil finds: the price of a day is all that matters; its ends are 1 and 4 times
// the days that the ramp takes.
func TestFindsWhatAPencilFinds(t *testing.T) {
	s := asked(t, small(t, late), Options{})
	if len(s.Inputs) < 2 || s.Inputs[0].Path != "service.costs.per_change_day" || s.Left != 0 {
		t.Fatalf("%+v", s)
	}
	price := s.Inputs[0]
	days := math.Abs(price.Bar.Low)
	if !(days > 0.9 && days < 1.6) || math.Abs(price.Bar.High/price.Bar.Low-4) > 0.01 || math.Abs(float64(s.Saving)/price.Bar.Low-2) > 0.01 {
		t.Errorf("the saving is %v, at the ends %+v", s.Saving, price.Bar)
	}
	if price.Index == nil || math.Abs(price.Index.Total-1) > 0.05 {
		t.Errorf("%+v", price.Index)
	}
	for _, in := range s.Inputs[1:] {
		if in.Effect.Size > price.Effect.Size/20 {
			t.Errorf("%s does something: %+v", in.Path, in.Effect)
		}
		if in.Path == "alternatives.c.stages[0].bake" {
			t.Error("an alternative that is not looked at is moved")
		}
	}
}

// With a factor the bake time, which is stated exactly, is moved as well.
func TestMovesWhatIsStated(t *testing.T) {
	q := small(t, late)
	q.Factor, q.Inputs = 2, 4
	found := false
	for _, in := range asked(t, q, Options{}).Inputs {
		if in.Path == "alternatives.b.stages[0].bake" {
			found = in.Assumed && math.Abs(in.Bar.High) > 1.5*math.Abs(in.Bar.Low)
		}
	}
	if !found {
		t.Error("the bake time is not moved by a factor of two either way")
	}
}

// The number of workers changes nothing.
func TestSameForAnyWorkers(t *testing.T) {
	of := func(workers int) string {
		text, err := json.Marshal(asked(t, small(t, late), Options{Workers: workers}))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if one := of(1); of(3) != one {
		t.Error("three workers find something else")
	}
}

func TestNothingToAsk(t *testing.T) {
	known := `
rollrisk: 1
title: All is known
service: {users: 1k}
changes: {rate: 2/w, defects: 0.1}
study: {changes: 400}
detectors: {complaints: {kind: complaints, report_probability: 1%, reports: 3}}
alternatives:
  a: {title: at once, stages: [ring: 100%]}
  b: {title: a day later, stages: [{ring: 10%, bake: 1d}, ring: 100%]}
`
	if _, _, err := Ask(t.Context(), small(t, known), Options{}); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
}
