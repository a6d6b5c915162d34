package importer

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/rollout"
)

const recordings = "../../models/rollout/testdata/"

func recording(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(recordings + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

type argoRecording struct {
	Runs []struct {
		Name, SpecYAML string
		Script         map[string][]struct {
			Until int
			Value string
		}
		TerminateAt, HorizonSeconds int
		Measurements                []struct {
			Metric, Phase string
			At            int
		}
		Phase   string
		EndedAt int
	}
}

// TestArgoConformance: the recorded analyses, imported as manifests and driven by the
// recorded values, measure when the controller did and end as it ended them.
func TestArgoConformance(t *testing.T) {
	var all argoRecording
	recording(t, "argo-traces.json", &all)
	verdicts := 0
	for _, r := range all.Runs {
		text := "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec:\n  strategy:\n    canary:\n      analysis:\n        templates: [{templateName: t}]\n      steps:\n      - setWeight: 10\n      - pause: {}\n" +
			"---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: t}\nspec:\n  " + strings.ReplaceAll(r.SpecYAML, "\n", "\n  ") + "\n"
		got := Read([]File{{r.Name, []byte(text)}}, Options{})
		if len(got.Faults) > 0 || len(got.Rollouts) != 1 {
			t.Fatalf("%s: %v", r.Name, got.Faults)
		}
		a := got.Rollouts[0].Canary.Background
		machine := a.Machine()
		machine.Step = time.Second // of the recorded clock
		run := rollout.NewRun(machine)
		phases := map[string]int{}
		for due, ok := run.Next(); ok && due.At <= time.Duration(r.HorizonSeconds)*time.Second; due, ok = run.Next() {
			if r.TerminateAt > 0 && due.At >= time.Duration(r.TerminateAt)*time.Second {
				break
			}
			m := a.Metrics[due.Metric]
			phase := rollout.Error
			for _, part := range r.Script[m.Name] {
				if part.Until != 0 && int(due.At.Seconds()) >= part.Until {
					continue
				}
				if x, err := strconv.ParseFloat(part.Value, 64); err == nil {
					phase, _ = m.Conditions.Compile().Evaluate(rollout.Vector(x))
				} else if part.Value == "empty" {
					phase, _ = m.Conditions.Compile().Evaluate(rollout.Vector())
				}
				break
			}
			phases[m.Name+" "+strconv.Itoa(int(due.At.Seconds()))+" "+phase.String()]++
			run.Take(due, rollout.Measurement{Phase: phase})
		}
		if r.TerminateAt > 0 {
			run.Terminate(time.Duration(r.TerminateAt) * time.Second)
		}
		for _, m := range r.Measurements {
			k := m.Metric + " " + strconv.Itoa(m.At) + " " + m.Phase
			if phases[k]--; phases[k] < 0 {
				t.Errorf("%s: not measured: %s", r.Name, k)
			}
		}
		ended := -1
		if at, over := run.EndedAt(); over {
			ended = int(math.Round(at.Seconds()))
		}
		if run.Phase().String() != r.Phase || ended != r.EndedAt {
			t.Errorf("%s: %v at %d, the controller %s at %d", r.Name, run.Phase(), ended, r.Phase, r.EndedAt)
		}
		verdicts++
	}
	t.Logf("%d runs", verdicts)
}

type flaggerRecording struct {
	Traces []struct {
		Name, Provider string
		SkipAnalysis   bool
		Analysis       json.RawMessage
		Values         []string
		Ticks          []struct {
			Phase                                                   string
			Primary, Canary, StatusWeight, FailedChecks, Iterations int
			Mirrored                                                bool
		}
	}
}

// TestFlaggerConformance: the recorded canaries, imported as manifests and given the
// recorded values, stand as the scheduler had them at every tick.
func TestFlaggerConformance(t *testing.T) {
	var all flaggerRecording
	recording(t, "flagger-traces.json", &all)
	ticks := 0
	for _, r := range all.Traces {
		text := "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: c}\nspec:\n  provider: " + strconv.Quote(r.Provider) +
			"\n  skipAnalysis: " + strconv.FormatBool(r.SkipAnalysis) + "\n  analysis: " + strings.ReplaceAll(string(r.Analysis), "\n", "\n    ") + "\n"
		got := Read([]File{{r.Name, []byte(text)}}, Options{})
		if len(got.Faults) > 0 || len(got.Rollouts) != 1 {
			t.Fatalf("%s: %v", r.Name, got.Faults)
		}
		f := got.Rollouts[0].Flagger
		run := rollout.NewFlagger(f.Machine)
		for i, want := range r.Ticks {
			value := r.Values[min(i, len(r.Values)-1)]
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				x = math.NaN()
			}
			if value == "hookfail" {
				x = 1
			}
			a := rollout.Answers{Metrics: make([]float64, len(f.Machine.Metrics)), Hooks: make([]bool, len(f.Machine.Hooks))}
			for k := range a.Metrics {
				a.Metrics[k] = x
			}
			for k := range a.Hooks {
				a.Hooks[k] = value != "hookfail"
			}
			s := run.Tick(a)
			if s.Phase.String() != want.Phase || s.Primary != want.Primary || s.Canary != want.Canary || s.Mirrored != want.Mirrored ||
				s.StatusWeight != want.StatusWeight || s.FailedChecks != want.FailedChecks || s.Iterations != want.Iterations {
				t.Errorf("%s tick %d: %+v, the scheduler %+v", r.Name, i, s, want)
			}
			ticks++
		}
	}
	t.Logf("%d canaries, %d ticks", len(all.Traces), ticks)
}

// FuzzRead: whatever the bytes, reading ends, panics never, tells faults with a place,
// and what it accepts can be assessed and makes a scenario.
func FuzzRead(f *testing.F) {
	for _, m := range manifestFiles(f) {
		f.Add(m.Name, m.Data)
	}
	f.Add(RampFile, []byte("1% 1h, 10% 1d, 100%"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		r := Read([]File{{name, data}}, Options{})
		for _, x := range r.Faults {
			if x.Line < 1 || x.Column < 1 || x.Message == "" {
				t.Errorf("a fault without a place: %+v", x)
			}
		}
		for i, x := range r.Rollouts {
			if i < 2 {
				assess.Assess(x, assess.Default())
				Scenario(x, assess.Default())
			}
		}
	})
}

// FuzzRamp: whatever a ramp says, it is read or refused with a place.
func FuzzRamp(f *testing.F) {
	for _, text := range []string{"1% 1h, 10% 1d, 50% 1d, 100%", "100%", "", ",", "10%", "1e999% 1h, 100%", "5% 1h 2h, 100%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Read([]File{{RampFile, []byte(text)}}, Options{})
		if len(r.Rollouts)+len(r.Faults) != 1 {
			t.Fatalf("%d rollouts, %v", len(r.Rollouts), r.Faults)
		}
		for _, x := range r.Rollouts {
			assess.Assess(x, assess.Default())
			Scenario(x, assess.Default())
		}
	})
}

// FuzzContext: whatever a context file says, what is taken makes sense.
func FuzzContext(f *testing.F) {
	f.Add([]byte("requests: 50/s\nusers: 200k\nbaseline: 0.1%\nmetrics:\n  m: {measures: success ratio, scale: 100, window: 5m}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, o := assess.Default(), Options{}
		if len(ReadContext(File{"context.yaml", data}, &ctx, &o)) == 0 && !(ctx.Requests > 0 && ctx.Users >= 1 && ctx.Baseline >= 0 && ctx.Baseline < 1 && ctx.Respond >= 0) {
			t.Errorf("%+v", ctx)
		}
	})
}
