package rollout

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// The recordings are read strictly: a field that is not known here fails the test, so
// that nothing in them stays uncompared. What a replay yields is put into a value of
// the same type and compared as a whole.

type argoTraces struct {
	Source     string          `json:"source"`
	Conditions []argoCondition `json:"conditions"`
	Runs       []argoTrace     `json:"runs"`
}

type argoCondition struct {
	SuccessCondition string `json:"successCondition"`
	FailureCondition string `json:"failureCondition"`
	Value            string `json:"value"`
	Kind             string `json:"kind"`
	Phase            string `json:"phase"`
	Err              string `json:"err"`
}

type argoTrace struct {
	Name           string                `json:"name"`
	Note           string                `json:"note"`
	SpecYAML       string                `json:"specYAML"`
	Script         map[string][]argoPart `json:"script"`
	TerminateAt    int                   `json:"terminateAt"`
	HorizonSeconds int                   `json:"horizonSeconds"`
	Measurements   []argoMeasurement     `json:"measurements"`
	Phase          string                `json:"phase"`
	Message        string                `json:"message"`
	EndedAt        int                   `json:"endedAt"`
	Metrics        []argoMetric          `json:"metrics"`
}

type argoPart struct {
	Until int    `json:"until"`
	Value string `json:"value"`
}

type argoMeasurement struct {
	Metric string `json:"metric"`
	At     int    `json:"at"`
	Value  string `json:"value"`
	Phase  string `json:"phase"`
}

type argoMetric struct {
	Name         string `json:"name"`
	Phase        string `json:"phase"`
	Message      string `json:"message"`
	Count        int    `json:"count"`
	Successful   int    `json:"successful"`
	Failed       int    `json:"failed"`
	Inconclusive int    `json:"inconclusive"`
	Error        int    `json:"error"`
}

// argoSpec is the part of a manifest that the recordings use.
type argoSpec struct {
	DryRun []struct {
		MetricName string `yaml:"metricName"`
	} `yaml:"dryRun"`
	Metrics []struct {
		Name     string `yaml:"name"`
		Provider struct {
			Prometheus struct {
				Query string `yaml:"query"`
			} `yaml:"prometheus"`
		} `yaml:"provider"`
		SuccessCondition        string        `yaml:"successCondition"`
		FailureCondition        string        `yaml:"failureCondition"`
		InitialDelay            time.Duration `yaml:"initialDelay"`
		Interval                time.Duration `yaml:"interval"`
		Count                   int           `yaml:"count"`
		FailureLimit            int           `yaml:"failureLimit"`
		InconclusiveLimit       int           `yaml:"inconclusiveLimit"`
		ConsecutiveErrorLimit   *int          `yaml:"consecutiveErrorLimit"`
		ConsecutiveSuccessLimit int           `yaml:"consecutiveSuccessLimit"`
	} `yaml:"metrics"`
}

func readStrictly(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func readArgo(t *testing.T) argoTraces {
	t.Helper()
	var all argoTraces
	readStrictly(t, "argo-traces.json", &all)
	for i := range all.Conditions {
		all.Conditions[i].Err = today(all.Conditions[i].Err)
	}
	for i := range all.Runs {
		all.Runs[i].Message = today(all.Runs[i].Message)
		for j := range all.Runs[i].Metrics {
			all.Runs[i].Metrics[j].Message = today(all.Runs[i].Metrics[j].Message)
		}
	}
	return all
}

// today puts the errors of release 1.15.5 of the expression language, which made the
// recordings, into the words of the release that is used here.
func today(message string) string {
	return strings.NewReplacer(
		"reflect: slice index out of range", "index out of range: 0 (array length is 0)",
		"type <nil>[int]", "type unknown[int]",
		"mismatched types <nil> and", "mismatched types unknown and",
		"(got <nil>)", "(got unknown)",
		"type <nil> has no field", "type nil has no field",
		"type float64[string] is undefined", "type float64 has no field score",
	).Replace(message)
}

func recordedValue(t *testing.T, kind, text string) Value {
	t.Helper()
	if text == "nil" {
		return Nil()
	}
	if text == "empty" {
		return Vector()
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "scalar":
		return Scalar(x)
	case "vector":
		return Vector(x)
	}
	t.Fatalf("kind %q is not known", kind)
	return Value{}
}

func TestArgoConditions(t *testing.T) {
	all := readArgo(t)
	for _, want := range all.Conditions {
		j := Conditions{want.SuccessCondition, want.FailureCondition}.Compile()
		phase, err := j.Evaluate(recordedValue(t, want.Kind, want.Value))
		got := want
		got.Phase, got.Err = phase.String(), ""
		if err != nil {
			got.Err = err.Error()
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	t.Logf("%d conditions of %s replayed", len(all.Conditions), all.Source)
	if len(all.Conditions) != 217 {
		t.Errorf("%d conditions; the recording has 217", len(all.Conditions))
	}
}

func (trace argoTrace) analysis(t *testing.T) Analysis {
	t.Helper()
	var spec argoSpec
	d := yaml.NewDecoder(strings.NewReader(trace.SpecYAML))
	d.KnownFields(true)
	if err := d.Decode(&spec); err != nil {
		t.Fatal(err)
	}
	a := Analysis{Step: time.Second}
	for _, d := range spec.DryRun {
		a.DryRun = append(a.DryRun, d.MetricName)
	}
	for _, m := range spec.Metrics {
		a.Metrics = append(a.Metrics, Metric{
			Name: m.Name, Conditions: Conditions{m.SuccessCondition, m.FailureCondition},
			InitialDelay: m.InitialDelay, Interval: m.Interval, Count: m.Count, FailureLimit: m.FailureLimit,
			InconclusiveLimit: m.InconclusiveLimit, ConsecutiveErrorLimit: m.ConsecutiveErrorLimit,
			ConsecutiveSuccessLimit: m.ConsecutiveSuccessLimit,
		})
	}
	return a
}

// An argoMisreading is how a careless reader would have the controller: it spoils what
// goes in or what comes out. The zero value reads right.
type argoMisreading struct {
	name    string
	spec    func(*Analysis)
	started func(*Run)
	measure func(value string, m *Measurement)
	taken   func(r *Run, metric int, before MetricResult)
	ended   func(*argoTrace)
}

// replay runs a trace and returns it with what came out.
func (trace argoTrace) replay(t *testing.T, wrong argoMisreading) argoTrace {
	t.Helper()
	a := trace.analysis(t)
	if wrong.spec != nil {
		wrong.spec(&a)
	}
	r := NewRun(a)
	if wrong.started != nil {
		wrong.started(r)
	}
	got := trace
	got.Measurements = trace.measure(t, r, wrong)
	got.Phase, got.Message, got.EndedAt, got.Metrics = r.Phase().String(), r.Message(), -1, nil
	if at, over := r.EndedAt(); over {
		got.EndedAt = seconds(at)
	}
	for i := range a.Metrics {
		if m := r.Result(i); m.Measured {
			got.Metrics = append(got.Metrics, argoMetric{a.Metrics[i].Name, m.Phase.String(), m.Message,
				m.Count, m.Successful, m.Failed, m.Inconclusive, m.Errors})
		}
	}
	if wrong.ended != nil {
		wrong.ended(&got)
	}
	return got
}

func seconds(d time.Duration) int { return int(math.Round(d.Seconds())) }

func (trace argoTrace) measure(t *testing.T, r *Run, wrong argoMisreading) (all []argoMeasurement) {
	t.Helper()
	horizon := time.Duration(trace.HorizonSeconds) * time.Second
	stop := time.Duration(trace.TerminateAt) * time.Second
	for due, ok := r.Next(); ok && due.At <= horizon; due, ok = r.Next() {
		if stop > 0 && due.At >= stop {
			break
		}
		m := r.analysis.Metrics[due.Metric]
		value, taken := trace.value(t, m, due.At)
		if wrong.measure != nil {
			wrong.measure(value, &taken)
		}
		all = append(all, argoMeasurement{m.Name, seconds(due.At), value, taken.Phase.String()})
		before := r.results[due.Metric]
		r.Take(due, taken)
		if wrong.taken != nil {
			wrong.taken(r, due.Metric, before)
		}
	}
	if stop > 0 {
		r.Terminate(stop)
	}
	return all
}

func (trace argoTrace) value(t *testing.T, m Metric, at time.Duration) (string, Measurement) {
	t.Helper()
	for _, p := range trace.Script[m.Name] {
		if p.Until != 0 && seconds(at) >= p.Until {
			continue
		}
		if p.Value == "err" {
			return p.Value, Measurement{Phase: Error}
		}
		phase, err := m.Conditions.Compile().Evaluate(recordedValue(t, "vector", p.Value))
		if err != nil {
			return p.Value, Measurement{Phase: phase, Message: err.Error()}
		}
		return p.Value, Measurement{Phase: phase}
	}
	t.Fatalf("%s: the script ends before %v", trace.Name, at)
	return "", Measurement{}
}

// ordered has the measurements and results by metric, in the order of the manifest:
// the controller measures side by side and records them in any order.
func (trace argoTrace) ordered(t *testing.T) argoTrace {
	t.Helper()
	measurements, metrics := trace.Measurements, trace.Metrics
	trace.Measurements, trace.Metrics = nil, nil
	for _, m := range trace.analysis(t).Metrics {
		for _, x := range measurements {
			if x.Metric == m.Name {
				trace.Measurements = append(trace.Measurements, x)
			}
		}
		for _, x := range metrics {
			if x.Name == m.Name {
				trace.Metrics = append(trace.Metrics, x)
			}
		}
	}
	return trace
}

func TestArgoRuns(t *testing.T) {
	all := readArgo(t)
	taken := 0
	for _, want := range all.Runs {
		t.Run(want.Name, func(t *testing.T) {
			got := want.replay(t, argoMisreading{}).ordered(t)
			if want := want.ordered(t); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			taken += len(got.Measurements)
		})
	}
	t.Logf("%d runs of %s replayed, %d measurements", len(all.Runs), all.Source, taken)
	if len(all.Runs) != 24 {
		t.Errorf("%d runs; the recording has 24", len(all.Runs))
	}
}
