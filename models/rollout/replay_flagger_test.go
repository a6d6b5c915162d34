package rollout

import (
	"math"
	"reflect"
	"strconv"
	"testing"
	"time"
)

type flaggerTraces struct {
	Source string         `json:"source"`
	Traces []flaggerTrace `json:"traces"`
}

type flaggerTrace struct {
	Name         string          `json:"name"`
	Note         string          `json:"note"`
	Provider     string          `json:"provider"`
	SkipAnalysis bool            `json:"skipAnalysis"`
	Analysis     flaggerAnalysis `json:"analysis"`
	Values       []string        `json:"values"`
	Ticks        []flaggerTick   `json:"ticks"`
}

type flaggerAnalysis struct {
	Interval            string `json:"interval"`
	Iterations          int    `json:"iterations"`
	Mirror              bool   `json:"mirror"`
	MaxWeight           int    `json:"maxWeight"`
	StepWeight          int    `json:"stepWeight"`
	StepWeights         []int  `json:"stepWeights"`
	StepWeightPromotion int    `json:"stepWeightPromotion"`
	Threshold           int    `json:"threshold"`
	Metrics             []struct {
		Name           string  `json:"name"`
		Interval       string  `json:"interval"`
		Threshold      float64 `json:"threshold"`
		ThresholdRange *struct {
			Min *float64 `json:"min"`
			Max *float64 `json:"max"`
		} `json:"thresholdRange"`
		Query string `json:"query"`
	} `json:"metrics"`
	Webhooks []struct {
		Type      string `json:"type"`
		Name      string `json:"name"`
		URL       string `json:"url"`
		MuteAlert bool   `json:"muteAlert"`
	} `json:"webhooks"`
	Match []struct {
		Headers map[string]map[string]string `json:"headers"`
	} `json:"match"`
}

type flaggerTick struct {
	Tick         int    `json:"tick"`
	Value        string `json:"value"`
	Phase        string `json:"phase"`
	Primary      int    `json:"primary"`
	Canary       int    `json:"canary"`
	Mirrored     bool   `json:"mirrored"`
	StatusWeight int    `json:"statusWeight"`
	FailedChecks int    `json:"failedChecks"`
	Iterations   int    `json:"iterations"`
	Queries      int    `json:"queries"`
}

func readFlagger(t *testing.T) flaggerTraces {
	t.Helper()
	var all flaggerTraces
	readStrictly(t, "flagger-traces.json", &all)
	return all
}

func (trace flaggerTrace) flagger(t *testing.T) Flagger {
	t.Helper()
	a := trace.Analysis
	interval, err := time.ParseDuration(a.Interval)
	if err != nil {
		t.Fatal(err)
	}
	f := Flagger{Provider: trace.Provider, SkipAnalysis: trace.SkipAnalysis, Interval: interval, Threshold: a.Threshold,
		Iterations: a.Iterations, Match: len(a.Match) > 0, Mirror: a.Mirror, MaxWeight: a.MaxWeight, StepWeight: a.StepWeight,
		StepWeights: a.StepWeights, StepWeightPromotion: a.StepWeightPromotion}
	for _, m := range a.Metrics {
		metric := FlaggerMetric{Name: m.Name, Query: m.Query, Threshold: m.Threshold}
		if m.ThresholdRange != nil {
			metric.Range = &Range{m.ThresholdRange.Min, m.ThresholdRange.Max}
		}
		f.Metrics = append(f.Metrics, metric)
	}
	for _, w := range a.Webhooks {
		h, err := ParseHookType(w.Type)
		if err != nil {
			t.Fatal(err)
		}
		f.Hooks = append(f.Hooks, h)
	}
	return f
}

// A flaggerMisreading is how a careless reader would have the scheduler. The zero value
// reads right.
type flaggerMisreading struct {
	name   string
	spec   func(*Flagger)
	answer func(r *FlaggerRun, a *Answers)
	ticked func(r *FlaggerRun, before FlaggerStatus, a Answers)
}

// replay ticks as often as the recording did and returns it with what came out.
func (trace flaggerTrace) replay(t *testing.T, wrong flaggerMisreading) flaggerTrace {
	t.Helper()
	f := trace.flagger(t)
	if wrong.spec != nil {
		wrong.spec(&f)
	}
	r := NewFlagger(f)
	got := trace
	got.Ticks = nil
	for i := range trace.Ticks {
		value := trace.Values[min(i, len(trace.Values)-1)]
		a := f.answers(t, value)
		if wrong.answer != nil {
			wrong.answer(r, &a)
		}
		before := r.Status()
		r.Tick(a)
		if wrong.ticked != nil {
			wrong.ticked(r, before, a)
		}
		s := r.Status()
		got.Ticks = append(got.Ticks, flaggerTick{i, value, s.Phase.String(), s.Primary, s.Canary, s.Mirrored,
			s.StatusWeight, s.FailedChecks, s.Iterations, s.Queries})
	}
	return got
}

// answers are those of the recorder: a number for all metrics, and the webhooks answer
// well; or hookfail, where they do not and the metrics are 1.
func (f *Flagger) answers(t *testing.T, value string) Answers {
	t.Helper()
	a := Answers{Metrics: make([]float64, len(f.Metrics)), Hooks: make([]bool, len(f.Hooks))}
	x := 1.0
	if value != "hookfail" {
		var err error
		if x, err = strconv.ParseFloat(value, 64); err != nil {
			if value != "err" && value != "empty" && value != "none" {
				t.Fatal(err)
			}
			x = math.NaN()
		}
	}
	for i := range a.Metrics {
		a.Metrics[i] = x
	}
	for i := range a.Hooks {
		a.Hooks[i] = value != "hookfail"
	}
	return a
}

func TestFlagger(t *testing.T) {
	all := readFlagger(t)
	ticks := 0
	for _, want := range all.Traces {
		t.Run(want.Name, func(t *testing.T) {
			f := want.flagger(t)
			if bad := f.Check(); len(bad) > 0 {
				t.Errorf("Check: %v", bad)
			}
			got := want.replay(t, flaggerMisreading{})
			if !reflect.DeepEqual(got, want) {
				for i := range want.Ticks {
					t.Errorf("\ngot  %+v\nwant %+v", got.Ticks[i], want.Ticks[i])
				}
			}
			ticks += len(got.Ticks)
		})
	}
	t.Logf("%d canaries of %s replayed, %d ticks", len(all.Traces), all.Source, ticks)
	if len(all.Traces) != 26 {
		t.Errorf("%d canaries; the recording has 26", len(all.Traces))
	}
}
