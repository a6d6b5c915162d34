package versus

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

const text = `rollrisk: 1
title: Two ways
service: {users: 1k, costs: {per_failed_request: $1}}
changes: {rate: 25/w, defects: 0.4}
detectors: {complaints: {kind: complaints, report_probability: 1%, reports: 3}}
response: {decide: 1h}
alternatives:
  a: {title: all at once, stages: [ring: 100%]}
  b: {title: step by step, stages: [{ring: 10%, bake: 1d}, ring: 100%]}
`

func decode(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, faults := scenarios.Decode("two.yaml", []byte(text))
	for _, f := range faults {
		t.Fatal(f.String())
	}
	return s
}

// versus sets the text with replacements against the text.
func versus(t *testing.T, inputs int, replaced ...string) *study.Contrast {
	t.Helper()
	q := Question{Old: decode(t, text), New: decode(t, strings.NewReplacer(replaced...).Replace(text)), Seed: 1,
		Changes: 4000, Confidence: 0.99, Inputs: inputs}
	c, faults, err := Run(context.Background(), q, Options{})
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	return c
}

func TestNothingChanged(t *testing.T) {
	if c := versus(t, 10, "Two ways", "Two ways, renamed"); !c.Same || c.Changed || c.Tried != 0 {
		t.Errorf("same %v, changed %v, %d inputs tried", c.Same, c.Changed, c.Tried)
	}
}

// One changed input: its effect alone is the difference of both scenarios, to the last
// bit. Two: each is tried alone.
func TestEffects(t *testing.T) {
	one := versus(t, 10, "decide: 1h", "decide: 9h")
	if len(one.Inputs) != 1 || one.Tried != 1 || len(one.Inputs[0].Effects) != 4 {
		t.Fatalf("%+v", one.Inputs)
	}
	for _, e := range one.Inputs[0].Effects {
		found := false
		for _, m := range one.Moves {
			if m.Alternative == e.Alternative && m.Metric == e.Metric && m.Statistic == "mean" {
				found = true
				if m.Difference != e.Difference || m.StandardError != e.StandardError {
					t.Errorf("%s of %d: alone %v ± %v, in all %v ± %v", e.Metric, e.Alternative, e.Difference, e.StandardError, m.Difference, m.StandardError)
				}
			}
		}
		if !found || !e.Visible && e.Metric == "users_affected" {
			t.Errorf("%s of %d: found %v, visible %v", e.Metric, e.Alternative, found, e.Visible)
		}
	}
	two := versus(t, 10, "decide: 1h", "decide: 9h", "bake: 1d", "bake: 2d")
	if len(two.Inputs) != 2 || two.Tried != 2 {
		t.Fatalf("%+v", two.Inputs)
	}
	for _, in := range two.Inputs {
		for _, e := range in.Effects {
			if e.Alternative == 0 && strings.Contains(in.Path, "bake") && (e.Visible || e.Difference != 0) {
				t.Errorf("the bake time of b moves %s of a by %v", e.Metric, e.Difference)
			}
		}
	}
}

// What is too much is left out and said; what has no place in the old scenario too.
func TestUntried(t *testing.T) {
	c := versus(t, 1, "decide: 1h", "decide: 9h", "bake: 1d", "bake: 2d", "ring: 100%]}\n  b", "{ring: 30%, bake: 1h}, ring: 100%]}\n  b")
	if c.Tried != 1 || c.Untried < 1 {
		t.Errorf("%d tried, %d left out", c.Tried, c.Untried)
	}
	why := map[string]int{}
	for _, in := range c.Inputs {
		why[in.Untried]++
	}
	if why[tooMany] != c.Untried || why[noPlace] == 0 || why[""] != 1 {
		t.Errorf("%v", why)
	}
}

// Scenarios of other periods are compared over as many replications.
func TestOtherPeriods(t *testing.T) {
	c := versus(t, 0, "rate: 25/w", "rate: 25/w, period: 2w")
	if c.Old.Size.Replications != c.New.Size.Replications || c.Old.Size.PerPeriod == c.New.Size.PerPeriod {
		t.Errorf("%+v and %+v", c.Old.Size, c.New.Size)
	}
}

// The number of workers changes nothing.
func TestWorkers(t *testing.T) {
	var want string
	for _, workers := range []int{1, 3} {
		q := Question{Old: decode(t, text), New: decode(t, strings.Replace(text, "1d", "2d", 1)), Seed: 3, Changes: 2000, Confidence: 0.99, Inputs: 5}
		c, _, err := Run(context.Background(), q, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(got)
		}
		if string(got) != want {
			t.Errorf("%d workers find something else", workers)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	q := Question{Old: decode(t, text), New: decode(t, strings.Replace(text, "1d", "2d", 1)), Changes: 2000, Confidence: 0.99, Inputs: 5}
	_, _, err := Run(ctx, q, Options{Progress: func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}})
	if err == nil {
		t.Error("it went on")
	}
}
