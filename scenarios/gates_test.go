package scenarios

import (
	"reflect"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
)

const gatesText = `rollrisk: 1
title: Gates
currency: EUR
service: {users: 1M}
changes: {rate: 40/w}
study: {confidence: 95%}
alternatives:
  all: {title: all, stages: [ring: 100%]}
  rings: {title: rings, stages: [{ring: 1%, bake: 1h}, ring: 100%]}
gates:
  few: {alternative: rings, metric: users_affected, statistic: p95, at_most: 50k}
  soon:
    why: the support desk closes at five
    alternative: rings
    metric: time_to_detect
    statistic: share above 4h
    at_most: 5%
  bad-days: {alternative: all, metric: error_budget, statistic: worst 5%, at_most: 250%}
  cheaper: {alternative: rings, metric: cost, statistic: difference, at_most: -EUR1.5k}
  quick: {alternative: rings, metric: lead_time, statistic: difference, at_least: -2h}
  often: {alternative: rings, metric: deployment_frequency, at_least: 8/w}
  noticed: {alternative: rings, metric: never_detected, at_most: 0.5%}
`

// TestGates reads each form of gate.
func TestGates(t *testing.T) {
	s, faults := Decode("gates.yaml", []byte(gatesText))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	p, faults := s.Plan(Options{})
	if len(faults) > 0 || p.Confidence != 0.95 {
		t.Fatal(faults, p.Confidence)
	}
	want := []study.Gate{
		{Name: "few", Alternative: 1, Metric: "users_affected", Statistic: study.OfQuantile, P: 0.95, Bound: 50_000, Line: 11, Column: 3},
		{Name: "soon", Why: "the support desk closes at five", Alternative: 1, Metric: "time_to_detect", Statistic: study.OfProbability, Above: 4, Bound: 0.05, Line: 12, Column: 3},
		{Name: "bad-days", Metric: "error_budget", Statistic: study.OfTail, P: 0.95, Bound: 2.5, Line: 18, Column: 3},
		{Name: "cheaper", Alternative: 1, Metric: "cost", Statistic: study.OfDifference, Bound: -1500, Line: 19, Column: 3},
		{Name: "quick", Alternative: 1, Metric: "lead_time", Statistic: study.OfDifference, Bound: -2, Least: true, Line: 20, Column: 3},
		{Name: "often", Alternative: 1, Metric: "deployment_frequency", Statistic: study.OfMean, Bound: 8, Least: true, Line: 21, Column: 3},
		{Name: "noticed", Alternative: 1, Metric: "never_detected", Statistic: study.OfMean, Bound: 0.005, Line: 22, Column: 3},
	}
	if !reflect.DeepEqual(p.Gates, want) {
		t.Errorf("got  %+v\nwant %+v", p.Gates, want)
	}
	again, faults := Decode("gates.yaml", s.Explicit())
	if len(faults) > 0 {
		t.Fatalf("%v\n%s", faults, s.Explicit())
	}
	for i, g := range again.gates {
		g.Line, g.Column = want[i].Line, want[i].Column
		if g != want[i] {
			t.Errorf("written out: %+v, want %+v", g, want[i])
		}
	}
	if in := p.Inputs; len(in) == 0 || in[1].Path != "study.level" || in[2].Path != "study.confidence" {
		t.Errorf("the confidence is no input: %+v", in[:3])
	}
}

// TestGatesAreNoInputs: a scenario with gates simulates what one without does.
func TestGatesAreNoInputs(t *testing.T) {
	with, _ := Decode("gates.yaml", []byte(gatesText))
	if with == nil {
		t.Fatal("faults")
	}
	p, _ := with.Plan(Options{})
	for _, in := range p.Inputs {
		if len(in.Path) > 5 && in.Path[:5] == "gates" {
			t.Errorf("%s is an input", in.Path)
		}
	}
}
