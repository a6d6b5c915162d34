package rollout

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// What no recording holds: the order of the two conditions, vectors of several values,
// the dialect of release 1.15.5.
func TestConditionsBeyondTheRecordings(t *testing.T) {
	for _, c := range []struct {
		conditions Conditions
		value      Value
		want       Phase
	}{
		{Conditions{"result[0] > 0", "result[0] > 0"}, Vector(1), Failed},
		{Conditions{"result[0] > 0", "result[0] > 2"}, Vector(1), Successful},
		{Conditions{"result[", "result[0] > 0"}, Vector(1), Error},
		{Conditions{"result[0] > 0", "result"}, Vector(1), Error},
		{Conditions{"all(result, # > 0)", ""}, Vector(1, 2, 3), Successful},
		{Conditions{"all(result, # > 0)", ""}, Vector(1, -2, 3), Failed},
		{Conditions{"result[2] > 0", ""}, Vector(1, 2), Error},
		{Conditions{"default(result[0], 0) == 1", ""}, Scalar(1), Error},
		{Conditions{"isNil(1)", ""}, Nil(), Successful},
		{Conditions{"isNil(nil)", ""}, Scalar(1), Failed},
		{Conditions{"isInf(result)", ""}, Scalar(math.Inf(-1)), Successful},
		{Conditions{"asInt(result) == 0 - 9223372036854775807 - 1", ""}, Scalar(math.NaN()), Successful},
		{Conditions{"asInt(result) == -2", ""}, Scalar(-2.9), Successful},
		{Conditions{`asInt("7") + asFloat("0.5") == 7.5`, ""}, Nil(), Successful},
		{Conditions{`asInt("x") == 7`, ""}, Nil(), Error},
		{Conditions{`asFloat("x") == 7`, ""}, Nil(), Error},
		{Conditions{"asFloat(2) == 2.0 && asInt(2) == 2 && asFloat(asInt(2)) == 2 && asInt(asInt(2)) == 2", ""}, Nil(), Successful},
		{Conditions{"asInt([1]) == 2", ""}, Nil(), Error},
		{Conditions{"let x = result; x > 0", ""}, Scalar(1), Successful},
		{Conditions{"result > 0;", ""}, Scalar(1), Error},
		{Conditions{"if result > 0 { true } else { false }", ""}, Scalar(1), Error},
		{Conditions{"max(result) > 0", ""}, Vector(1), Error},
		{Conditions{"max(result[0], 2) > 0", ""}, Vector(1), Successful},
		{Conditions{"mean(result) > 0", ""}, Scalar(1), Error},
		{Conditions{"mean(result) > 0", ""}, Vector(1), Successful},
		{Conditions{"count(result) > 0", ""}, Vector(), Error},
		{Conditions{"reverse(result)[0] > 0", ""}, Vector(1), Error},
		{Conditions{strings.Repeat("(", 9000) + "true", ""}, Nil(), Error},
	} {
		j := c.conditions.Compile()
		for range 2 { // a judge may be asked again
			got, err := j.Evaluate(c.value)
			if got != c.want || (err != nil) != (got == Error) {
				t.Errorf("%.60v of %+v is %v (%v), not %v", c.conditions, c.value, got, err, c.want)
			}
		}
	}
}

func TestConditionsCheck(t *testing.T) {
	if got := (Conditions{"result[0] >= 0.95", "result > 1"}).Check(); got != nil {
		t.Errorf("%v", got)
	}
	got := (Conditions{"result[0] >= {{args.min}}", "result["}).Check()
	if len(got) != 2 || got[0].Path != "successCondition" || got[1].Path != "failureCondition" {
		t.Errorf("%v", got)
	}
}

func TestAnalysisCheck(t *testing.T) {
	two := 2
	bad := -1
	for want, a := range map[string]Analysis{
		"":                         {Metrics: []Metric{{Name: "a"}, {Name: "b", Count: 5, Interval: 1, FailureLimit: 5, ConsecutiveErrorLimit: &two}}},
		"no metrics specified":     {},
		"duplicate name":           {Metrics: []Metric{{Name: "a"}, {Name: "a"}}},
		"count (3) must be >=":     {Metrics: []Metric{{Count: 3, Interval: 1, FailureLimit: 4}}},
		"(2 + 2)":                  {Metrics: []Metric{{Count: 3, Interval: 1, FailureLimit: 2, ConsecutiveSuccessLimit: 2}}},
		"count must be >= consec":  {Metrics: []Metric{{Count: 3, Interval: 1, FailureLimit: Disabled, ConsecutiveSuccessLimit: 4}}},
		"count must be >= inc":     {Metrics: []Metric{{Count: 1, InconclusiveLimit: 2}}},
		"cannot both be disabled":  {Metrics: []Metric{{FailureLimit: Disabled}}},
		"failureLimit must be":     {Metrics: []Metric{{FailureLimit: -2}}},
		"inconclusiveLimit must":   {Metrics: []Metric{{InconclusiveLimit: -1}}},
		"consecutiveErrorLimit":    {Metrics: []Metric{{ConsecutiveErrorLimit: &bad}}},
		"consecutiveSuccessLimit ": {Metrics: []Metric{{ConsecutiveSuccessLimit: -1}}},
		"interval must be":         {Metrics: []Metric{{Count: 2}}},
		"initialDelay: is -1ns":    {Metrics: []Metric{{InitialDelay: -1}}},
		"dryRun[1]: Rule didn't":   {Metrics: []Metric{{Name: "a"}}, DryRun: []string{"a", "b("}},
		"metrics[0].failureCond":   {Metrics: []Metric{{Conditions: Conditions{Failure: "result["}}}},
	} {
		got := a.Check()
		if want == "" && got != nil {
			t.Errorf("%v", got)
		}
		if want != "" && !slices.ContainsFunc(got, func(f Fault) bool { return strings.Contains(f.Error(), want) }) {
			t.Errorf("%v lacks %q", got, want)
		}
	}
	if got := (&Analysis{Metrics: []Metric{{FailureLimit: -2, InconclusiveLimit: -1}, {Count: 2}}}).Check(); len(got) != 4 {
		t.Errorf("all faults at once: %v", got)
	}
}

// script runs an analysis whose measurements are S, F, I and E, one list a metric, and
// returns the phase and when it ended.
func script(t *testing.T, a Analysis, lists ...string) (Phase, time.Duration, *Run) {
	t.Helper()
	r := NewRun(a)
	at := make([]int, len(lists))
	for due, ok := r.Next(); ok; due, ok = r.Next() {
		list := lists[due.Metric]
		if at[due.Metric] == len(list) {
			break
		}
		p := map[byte]Phase{'S': Successful, 'F': Failed, 'I': Inconclusive, 'E': Error}[list[at[due.Metric]]]
		at[due.Metric]++
		r.Take(due, Measurement{Phase: p})
	}
	end, _ := r.EndedAt()
	return r.Phase(), end, r
}

func TestRunBeyondTheRecordings(t *testing.T) {
	m := time.Minute
	for _, c := range []struct {
		name  string
		a     Analysis
		lists []string
		want  Phase
		end   time.Duration
	}{
		{"the worst of a round", Analysis{Metrics: []Metric{{Name: "a"}, {Name: "b"}, {Name: "c"}}}, []string{"I", "F", "S"}, Failed, 0},
		{"failed is worse than error", Analysis{Metrics: []Metric{{Name: "a", ConsecutiveErrorLimit: new(int)}, {Name: "b"}}}, []string{"E", "F"}, Failed, 0},
		{"failureLimit equal to count never fails", Analysis{Metrics: []Metric{{Count: 3, Interval: m, FailureLimit: 3}}}, []string{"FFF"}, Successful, 2 * m},
		{"four errors in a row, twice", Analysis{Metrics: []Metric{{Count: 2, Interval: m}}}, []string{"EEEESEEEES"}, Successful, 40*time.Second + m + 40*time.Second},
		{"one measurement is retried", Analysis{Metrics: []Metric{{}}}, []string{"EES"}, Successful, 20 * time.Second},
		{"count without the successes in a row", Analysis{Metrics: []Metric{{Count: 4, Interval: m, FailureLimit: 2, ConsecutiveSuccessLimit: 2}}}, []string{"SFSF"}, Inconclusive, 3 * m},
		{"an error breaks the row of successes", Analysis{Metrics: []Metric{{Interval: m, ConsecutiveSuccessLimit: 2}}}, []string{"SESS"}, Successful, m + 10*time.Second + m},
		{"a dry run is waited for", Analysis{Metrics: []Metric{{Name: "a"}, {Name: "b", Count: 3, Interval: m}}, DryRun: []string{"^b$"}}, []string{"S", "SSS"}, Successful, 2 * m},
		{"a dry failure does not end the others", Analysis{Metrics: []Metric{{Name: "a", Count: 2, Interval: m}, {Name: "b"}}, DryRun: []string{"b"}}, []string{"SS", "F"}, Successful, m},
		{"the pattern is not anchored", Analysis{Metrics: []Metric{{Name: "abc"}}, DryRun: []string{"b"}}, []string{"F"}, Successful, 0},
		{"a negative count is one look", Analysis{Metrics: []Metric{{Count: -1, Interval: m}}}, []string{"S"}, Successful, 0},
	} {
		if got, end, _ := script(t, c.a, c.lists...); got != c.want || end != c.end {
			t.Errorf("%s: %v at %v, not %v at %v", c.name, got, end, c.want, c.end)
		}
	}
}

func TestRunIntervalIsFromTheFinish(t *testing.T) {
	r := NewRun(Analysis{Metrics: []Metric{{Name: "a", Interval: time.Minute}, {Name: "b", Interval: 10 * time.Second, FailureLimit: 9}}})
	due, _ := r.Next()
	r.Take(due, Measurement{Phase: Successful, Took: 30 * time.Second})
	due, _ = r.Next()
	if due != (Due{1, 0}) {
		t.Errorf("%v is not of the same round", due)
	}
	r.Take(due, Measurement{Phase: Successful})
	if due, _ = r.Next(); due != (Due{1, 30 * time.Second}) {
		t.Errorf("%v; the round lasts until its last measurement has finished", due)
	}
	r.Take(due, Measurement{Phase: Failed})
	for due.Metric == 1 {
		r.Take(Due{1, due.At + 10*time.Second}, Measurement{Phase: Successful})
		due, _ = r.Next()
	}
	if due != (Due{0, 90 * time.Second}) {
		t.Errorf("%v; the interval is from the finish", due)
	}
}

func TestRunEndsOthersAsSuccessful(t *testing.T) {
	a := Analysis{Metrics: []Metric{{Name: "a", Interval: time.Minute, FailureLimit: 5}, {Name: "b", InitialDelay: time.Hour}, {Name: "c", Count: 2, Interval: time.Minute}}}
	got, _, r := script(t, a, "F", "", "F")
	if got != Failed || r.Result(0).Phase != Successful || r.Result(1).Measured || r.Result(2).Phase != Failed {
		t.Errorf("%v %+v", got, r.results)
	}
	if r.Terminate(time.Hour) != Failed {
		t.Error("a run that is over changed")
	}
	if r.Reset(); r.Phase() != Running || r.Result(0).Measured || r.Message() != "" {
		t.Error("Reset left something")
	}
}

func TestRunPanics(t *testing.T) {
	for name, f := range map[string]func(r *Run){
		"not due":       func(r *Run) { r.Take(Due{0, time.Second}, Measurement{Phase: Successful}) },
		"not complete":  func(r *Run) { r.Take(Due{0, time.Minute}, Measurement{}) },
		"took negative": func(r *Run) { r.Take(Due{0, time.Minute}, Measurement{Phase: Failed, Took: -1}) },
		"out of order": func(r *Run) {
			r.Take(Due{0, time.Hour}, Measurement{Phase: Successful})
			r.Take(Due{1, 2 * time.Minute}, Measurement{Phase: Successful})
		},
		"terminated in the past": func(r *Run) {
			r.Take(Due{0, time.Minute}, Measurement{Phase: Successful})
			r.Terminate(0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f(NewRun(Analysis{Metrics: []Metric{{Name: "a", InitialDelay: time.Minute, Interval: time.Minute}, {Name: "b", InitialDelay: time.Minute + 1, Interval: time.Minute}}}))
		})
	}
}

func TestNoAllocations(t *testing.T) {
	r := NewRun(Analysis{Metrics: []Metric{{Name: "a", Count: 50, Interval: time.Minute}, {Name: "b", Count: 9, Interval: time.Minute}}})
	f := NewFlagger(Flagger{StepWeight: 10, Metrics: []FlaggerMetric{{Name: "request-duration", Threshold: 5}}, Hooks: []HookType{RollbackHook}})
	c := NewCanary(Canary{Router: true, Background: new(int), Steps: []Step{{Weight: 10}, {Kind: Pause, Duration: 1}, {Kind: InlineAnalysis}}})
	answers := Answers{Metrics: []float64{1}, Hooks: []bool{false}}
	n := testing.AllocsPerRun(20, func() {
		r.Reset()
		for due, ok := r.Next(); ok; due, ok = r.Next() {
			r.Take(due, Measurement{Phase: Successful})
		}
		for f.Reset(); !f.Done(); {
			f.Tick(answers)
		}
		c.Reset()
		c.Advance(1)
		c.Decide(Inline, Successful, 2)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	if r.Phase() != Successful || f.Status().Phase != Succeeded || c.Status().State != Promoted {
		t.Errorf("%v %v %v", r.Phase(), f.Status().Phase, c.Status().State)
	}
}
