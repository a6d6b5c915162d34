package rollout

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"
)

// Each misreading must be caught by at least one recording, or the recordings, and with
// them the replay, would not hold that rule. The misreadings spoil what goes in, what
// comes out, or the memory in between; the shipped code has no switch for them.

func everyMetric(change func(*Metric)) func(*Analysis) {
	return func(a *Analysis) {
		for i := range a.Metrics {
			change(&a.Metrics[i])
		}
	}
}

func argoMisreadings() []argoMisreading {
	errors := func(n int) func(*Analysis) {
		return everyMetric(func(m *Metric) { m.ConsecutiveErrorLimit = &n })
	}
	return []argoMisreading{
		{name: "fails at failureLimit, not above", spec: everyMetric(func(m *Metric) {
			if m.FailureLimit > 0 {
				m.FailureLimit--
			}
		})},
		{name: "fails two above failureLimit", spec: everyMetric(func(m *Metric) {
			if m.FailureLimit >= 0 {
				m.FailureLimit++
			}
		})},
		{name: "failures in a row", taken: func(r *Run, i int, _ MetricResult) {
			if r.results[i].Last.Phase == Successful {
				r.results[i].Failed = 0
			}
		}},
		{name: "failureLimit -1 is 0", started: func(r *Run) {
			r.analysis = clone(r.analysis, func(m *Metric) { m.FailureLimit = max(0, m.FailureLimit) })
		}},
		{name: "failureLimit above count is taken", started: func(r *Run) { r.refusal, r.phase = nil, Running }},
		{name: "inconclusiveLimit ignored", spec: everyMetric(func(m *Metric) { m.InconclusiveLimit = 0 })},
		{name: "inconclusiveLimit off by one", spec: everyMetric(func(m *Metric) {
			if m.Count > 0 {
				m.InconclusiveLimit = min(m.Count, m.InconclusiveLimit+1)
			}
		})},
		{name: "inconclusive is a failure", measure: func(_ string, m *Measurement) {
			if m.Phase == Inconclusive {
				m.Phase = Failed
			}
		}},
		{name: "fourth error ends", spec: errors(3)},
		{name: "sixth error ends", spec: errors(5)},
		{name: "errors in all, not in a row", spec: errors(2)},
		{name: "errors count as measurements", taken: func(r *Run, i int, _ MetricResult) {
			if r.results[i].Last.Phase == Error {
				r.results[i].Count++
			}
		}},
		{name: "an error is a failure", measure: func(_ string, m *Measurement) {
			if m.Phase == Error {
				m.Phase = Failed
			}
		}},
		{name: "errors are retried after the interval", taken: func(r *Run, i int, _ MetricResult) {
			if r.results[i].Last.Phase == Error {
				r.results[i].Finished += r.analysis.Metrics[i].Interval - errorRetry
			}
		}},
		{name: "NaN fails under failureCondition", measure: func(v string, m *Measurement) {
			if v == "NaN" && m.Phase == Successful {
				m.Phase = Failed
			}
		}},
		{name: "NaN is an error", measure: func(v string, m *Measurement) {
			if v == "NaN" {
				m.Phase = Error
			}
		}},
		{name: "empty vector fails", measure: func(v string, m *Measurement) {
			if v == "empty" {
				m.Phase = Failed
			}
		}},
		{name: "empty vector passes", measure: func(v string, m *Measurement) {
			if v == "empty" {
				m.Phase = Successful
			}
		}},
		{name: "first measurement after one interval", started: func(r *Run) {
			r.analysis = clone(r.analysis, func(m *Metric) { m.InitialDelay += m.Interval })
		}},
		{name: "no initialDelay", spec: everyMetric(func(m *Metric) { m.InitialDelay = 0 })},
		{name: "the controller takes no step", spec: func(a *Analysis) { a.Step = 0 }},
		{name: "count 0 is one", started: func(r *Run) {
			r.analysis = clone(r.analysis, func(m *Metric) { m.Count = max(1, m.Count) })
		}},
		{name: "count off by one", started: func(r *Run) {
			r.analysis = clone(r.analysis, func(m *Metric) {
				if m.Count > 0 {
					m.Count++
				}
			})
		}},
		{name: "no interval is a minute", spec: everyMetric(func(m *Metric) { m.Interval = max(m.Interval, time.Minute) })},
		{name: "no consecutiveSuccessLimit", started: func(r *Run) {
			r.analysis = clone(r.analysis, func(m *Metric) { m.ConsecutiveSuccessLimit = 0 })
		}},
		{name: "successes in all, not in a row", taken: func(r *Run, i int, before MetricResult) {
			if r.results[i].Last.Phase == Failed {
				r.results[i].ConsecutiveSuccesses = before.ConsecutiveSuccesses
			}
		}, spec: everyMetric(func(m *Metric) {
			if m.ConsecutiveSuccessLimit > 0 {
				m.ConsecutiveSuccessLimit = 1
			}
		})},
		{name: "a dry run decides", spec: func(a *Analysis) { a.DryRun = nil }},
		{name: "terminated with nothing measured is inconclusive", ended: func(x *argoTrace) {
			if x.TerminateAt > 0 && len(x.Measurements) == 0 {
				x.Phase = Inconclusive.String()
			}
		}},
		{name: "terminated with failures fails", spec: func(a *Analysis) {
			a.Metrics = slices.Clone(a.Metrics)
			for i := range a.Metrics {
				if a.Metrics[i].Count == 0 && a.Metrics[i].FailureLimit > 0 {
					a.Metrics[i].FailureLimit = 2
				}
			}
		}},
		{name: "the others go on after one has failed", spec: func(a *Analysis) {
			if len(a.Metrics) > 1 {
				a.Metrics = a.Metrics[1:]
			}
		}},
		{name: "the end of one metric ends the run", spec: func(a *Analysis) { a.Metrics = a.Metrics[:min(1, len(a.Metrics))] }},
	}
}

func clone(a Analysis, change func(*Metric)) Analysis {
	a.Metrics = slices.Clone(a.Metrics)
	everyMetric(change)(&a)
	return a
}

func TestArgoMisreadings(t *testing.T) {
	all := readArgo(t).Runs
	for _, wrong := range argoMisreadings() {
		t.Run(wrong.name, func(t *testing.T) {
			var caught []string
			for _, want := range all {
				if !reflect.DeepEqual(want.replay(t, wrong).ordered(t), want.ordered(t)) {
					caught = append(caught, want.Name)
				}
			}
			if len(caught) == 0 {
				t.Error("no recording tells")
			}
			t.Log(caught)
		})
	}
	t.Logf("%d misreadings of Argo Rollouts", len(argoMisreadings()))
}

func flaggerMisreadings() []flaggerMisreading {
	threshold := func(d int) func(*Flagger) {
		return func(f *Flagger) { f.Threshold = max(0, f.threshold()+d) }
	}
	return []flaggerMisreading{
		{name: "threshold one more", spec: threshold(1)},
		{name: "threshold one less", spec: threshold(-1)},
		{name: "threshold omitted is for ever", spec: func(f *Flagger) {
			if f.Threshold == 0 {
				f.Threshold = 1000
			}
		}},
		{name: "failed checks in a row", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if r.status.FailedChecks == before.FailedChecks {
				r.status.FailedChecks = 0
			}
		}},
		{name: "no extra tick before the rollback", ticked: func(r *FlaggerRun, _ FlaggerStatus, _ Answers) {
			if r.status.FailedChecks >= r.spec.threshold() {
				r.rollback()
			}
		}},
		{name: "checks before the first traffic", ticked: func(r *FlaggerRun, before FlaggerStatus, a Answers) {
			if before.Phase == Progressing && before.Canary == 0 && !r.metrics(a) {
				r.status.FailedChecks++
			}
		}},
		{name: "no detection tick", spec: func(*Flagger) {}, answer: func(r *FlaggerRun, a *Answers) {
			if r.status.Phase == Initialized {
				r.detect(*a)
			}
		}},
		{name: "a failed check does not hold", ticked: func(r *FlaggerRun, before FlaggerStatus, a Answers) {
			if r.status.FailedChecks > before.FailedChecks {
				r.advance(a)
			}
		}},
		{name: "NaN passes", answer: func(_ *FlaggerRun, a *Answers) { spoil(a.Metrics, math.NaN(), 0) }},
		{name: "no metrics fails", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if len(r.spec.Metrics) == 0 && before.Canary > 0 && before.Phase == Progressing {
				r.status.FailedChecks++
			}
		}},
		{name: "an unknown metric passes", spec: everyCheck(func(m *FlaggerMetric) { m.Query = "q" })},
		{name: "success rate on 0 to 1", spec: everyCheck(func(m *FlaggerMetric) {
			if m.Name == "request-success-rate" && m.Range != nil {
				least := *m.Range.Min * 100
				m.Range = &Range{Min: &least}
			}
		})},
		{name: "without threshold all passes", spec: everyCheck(func(m *FlaggerMetric) {
			if m.Range == nil {
				m.Range = &Range{}
			}
		})},
		{name: "maxWeight omitted is 50", spec: func(f *Flagger) {
			if f.MaxWeight == 0 {
				f.MaxWeight = 50
			}
		}},
		{name: "maxWeight caps stepWeights", spec: func(f *Flagger) {
			for i, w := range f.StepWeights {
				f.StepWeights = slices.Clone(f.StepWeights)
				f.StepWeights[i] = min(w, max(f.MaxWeight, 1))
			}
		}},
		{name: "stepWeights are ignored", spec: func(f *Flagger) { f.StepWeights = nil }},
		{name: "no steps is one step", spec: func(f *Flagger) {
			if f.StepWeight == 0 && len(f.StepWeights) == 0 {
				f.StepWeight = 100
			}
		}},
		{name: "promotion at once", spec: func(f *Flagger) { f.StepWeightPromotion = 0 }},
		{name: "promotion is checked", ticked: func(r *FlaggerRun, before FlaggerStatus, a Answers) {
			if before.Phase == Promoting && !r.metrics(a) {
				r.rollback()
			}
		}},
		{name: "no mirrored tick", spec: func(f *Flagger) { f.Mirror = false }},
		{name: "mirrored traffic is not checked", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if before.Mirrored {
				r.status.Queries = 0
			}
		}},
		{name: "no match", spec: func(f *Flagger) { f.Match = false }},
		{name: "everybody is matched", spec: func(f *Flagger) { f.Match = true }},
		{name: "steps beat iterations", spec: func(f *Flagger) {
			if f.StepWeight > 0 {
				f.Iterations = 0
			}
		}},
		{name: "iterations off by one", spec: func(f *Flagger) {
			if f.Iterations > 0 {
				f.Iterations++
			}
		}},
		{name: "no switch before the promotion", ticked: func(r *FlaggerRun, _ FlaggerStatus, _ Answers) {
			if r.spec.Strategy() == Switch && r.status.Iterations > r.spec.iterations() && r.status.Phase == Progressing {
				r.phase(Promoting)
			}
		}},
		{name: "kubernetes weighs", spec: func(f *Flagger) { f.Provider = "istio" }},
		{name: "kubernetes iterates once", spec: func(f *Flagger) {
			if f.bare() && f.Iterations == 0 {
				f.Iterations = 1
			}
		}},
		{name: "skipAnalysis ignored", spec: func(f *Flagger) { f.SkipAnalysis = false }},
		{name: "rollout webhooks are ignored", answer: withHooks(RolloutHook, true)},
		{name: "metrics are asked despite a webhook", ticked: func(r *FlaggerRun, before FlaggerStatus, a Answers) {
			if before.Phase == Progressing && !r.approved(RolloutHook, a) {
				r.metrics(a)
			}
		}},
		{name: "confirm-traffic-increase ignored", answer: withHooks(ConfirmTrafficIncreaseHook, true)},
		{name: "confirm-traffic-increase counts", ticked: func(r *FlaggerRun, _ FlaggerStatus, a Answers) {
			if !r.approved(ConfirmTrafficIncreaseHook, a) {
				r.status.FailedChecks++
			}
		}},
		{name: "confirm-promotion ignored", answer: withHooks(ConfirmPromotionHook, true)},
		{name: "no checks while promotion waits", answer: func(r *FlaggerRun, a *Answers) {
			if r.status.Phase == WaitingPromotion {
				spoil(a.Metrics, 99, 1)
			}
		}},
		{name: "the rollback webhook is ignored", answer: withHooks(RollbackHook, false)},
		{name: "the rollback webhook rolls back by failing", answer: func(r *FlaggerRun, a *Answers) {
			for i, h := range r.spec.Hooks {
				if h == RollbackHook {
					a.Hooks[i] = !a.Hooks[i]
				}
			}
		}},
		{name: "iterations stay while promotion waits", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if r.status.Phase == WaitingPromotion {
				r.status.Iterations = max(0, before.Iterations)
			}
		}},
		{name: "the reported weight stays at the end", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if r.status.Phase == Finalising {
				r.status.StatusWeight = before.StatusWeight
			}
		}},
		{name: "the failed checks stay after the rollback", ticked: func(r *FlaggerRun, before FlaggerStatus, _ Answers) {
			if r.status.Phase == FlaggerFailed {
				r.status.FailedChecks = before.FailedChecks
			}
		}},
	}
}

func everyCheck(change func(*FlaggerMetric)) func(*Flagger) {
	return func(f *Flagger) {
		for i := range f.Metrics {
			change(&f.Metrics[i])
		}
	}
}

func spoil(values []float64, from, to float64) {
	for i, x := range values {
		if x == from || x != x && from != from {
			values[i] = to
		}
	}
}

func withHooks(t HookType, answer bool) func(*FlaggerRun, *Answers) {
	return func(r *FlaggerRun, a *Answers) {
		for i, h := range r.spec.Hooks {
			if h == t {
				a.Hooks[i] = answer
			}
		}
	}
}

func TestFlaggerMisreadings(t *testing.T) {
	all := readFlagger(t).Traces
	for _, wrong := range flaggerMisreadings() {
		t.Run(wrong.name, func(t *testing.T) {
			var caught []string
			for _, want := range all {
				if !reflect.DeepEqual(want.replay(t, wrong), want) {
					caught = append(caught, want.Name)
				}
			}
			if len(caught) == 0 {
				t.Error("no recording tells")
			}
			t.Log(caught)
		})
	}
	t.Logf("%d misreadings of Flagger", len(flaggerMisreadings()))
}
