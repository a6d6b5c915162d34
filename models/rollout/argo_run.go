package rollout

import (
	"fmt"
	"time"
)

// Due is a measurement to take.
type Due struct {
	Metric int           // index in Analysis.Metrics
	At     time.Duration // since the start of the run
}

// Run is one AnalysisRun. Times are since its start and never go back. It is used so:
//
//	for due, ok := run.Next(); ok; due, ok = run.Next() {
//		run.Take(due, measurement)
//	}
//
// Metrics that are due at the same moment belong to one round: all of them are
// measured before the controller looks at any.
type Run struct {
	analysis   Analysis
	dry        []bool
	refusal    []Fault
	results    []MetricResult
	phase      Phase
	endedAt    time.Duration
	terminated bool
	open       bool          // a round has begun and a metric of it is still to be measured
	round      time.Duration // when the last round began
	clock      time.Duration // when its last measurement finished
	blamed     int           // the metric that the message of the run speaks of; -1 none
}

// NewRun starts a run. An analysis that the controller refuses ends at once, in Error.
func NewRun(a Analysis) *Run {
	r := &Run{analysis: a, dry: a.dryRun(), refusal: a.refused(), results: make([]MetricResult, len(a.Metrics))}
	r.Reset()
	return r
}

// Reset starts the run again, without new memory.
func (r *Run) Reset() {
	clear(r.results)
	*r = Run{analysis: r.analysis, dry: r.dry, refusal: r.refusal, results: r.results, blamed: -1}
	if len(r.refusal) > 0 {
		r.phase = Error
	}
}

// Phase is that of the run; Running until it ends.
func (r *Run) Phase() Phase { return r.phase }

// EndedAt is when the run ended; false while it runs.
func (r *Run) EndedAt() (time.Duration, bool) { return r.endedAt, r.phase.Completed() }

// Result is how a metric, by its index, stands. It panics beyond the metrics.
func (r *Run) Result(metric int) MetricResult {
	result := r.results[metric]
	if r.dry[metric] && result.Phase.Completed() {
		if why := r.analysis.Metrics[metric].why(&result); why != "" {
			result.Message = fmt.Sprintf("Metric assessed %s due to %s", result.Phase, why)
		}
	}
	return result
}

// Message says why the run ended as it did, in the words of the controller; empty
// while it runs and for a plain success.
func (r *Run) Message() string {
	switch {
	case len(r.refusal) > 0:
		return "Analysis spec invalid: " + r.refusal[0].Error()
	case !r.phase.Completed():
		return ""
	case r.blamed >= 0:
		m, result := &r.analysis.Metrics[r.blamed], &r.results[r.blamed]
		text := fmt.Sprintf("Metric \"%s\" assessed %s due to %s", m.Name, result.Phase, m.why(result))
		if result.Message != "" {
			text += fmt.Sprintf(": \"Error Message: %s\"", result.Message)
		}
		return text
	case r.terminated:
		return "Run Terminated"
	}
	return ""
}

// Next is the measurement that is due next, the first of the list when several are;
// false when the run is over.
func (r *Run) Next() (Due, bool) {
	next, found := Due{}, false
	for i := range r.results {
		at, ok := r.due(i)
		if !ok {
			continue
		}
		switch {
		case r.open && at <= r.round:
			return Due{i, r.round}, true
		case !r.open && (!found || max(at, r.clock) < next.At):
			next, found = Due{i, max(at, r.clock)}, true
		}
	}
	return next, found
}

// due is when a metric is to be measured again (analysis.generateMetricTasks).
func (r *Run) due(metric int) (time.Duration, bool) {
	m, result := &r.analysis.Metrics[metric], &r.results[metric]
	switch {
	case r.phase.Completed() || result.Phase.Completed():
		return 0, false
	case !result.Measured:
		return m.InitialDelay, true
	case result.Last.Phase == Error || m.Interval == 0:
		return result.Finished + errorRetry + r.analysis.Step, true
	}
	return result.Finished + m.Interval + r.analysis.Step, true
}

// Take takes a measurement that is due, at due.At or later, and says how the run
// stands after it. It panics if the metric is not due, time goes back, or the
// measurement is not complete.
func (r *Run) Take(due Due, m Measurement) Phase {
	at, ok := r.due(due.Metric)
	if !ok || due.At < at || !m.Phase.Completed() || m.Took < 0 {
		panic("rollout: a measurement that is not due, or not complete")
	}
	if r.open && due.At != r.round || !r.open && due.At < r.clock {
		panic("rollout: a measurement out of order")
	}
	r.round = due.At
	r.results[due.Metric].take(m, due.At)
	r.clock = max(r.clock, r.results[due.Metric].Finished)
	r.open = r.more()
	if !r.open {
		r.settle()
	}
	return r.phase
}

// more says whether another metric belongs to the round that has begun.
func (r *Run) more() bool {
	for i := range r.results {
		if at, ok := r.due(i); ok && at <= r.round {
			return true
		}
	}
	return false
}

// Terminate ends the run from outside. It is then Successful if no limit was passed,
// even with nothing measured. A run that is over stays as it is. It panics if time
// goes back.
func (r *Run) Terminate(at time.Duration) Phase {
	if r.phase.Completed() {
		return r.phase
	}
	if at < r.clock {
		panic("rollout: terminated before the last measurement")
	}
	r.terminated, r.clock = true, at
	r.finish(r.assess(true), at)
	return r.phase
}

// settle looks at all metrics after a round. A metric that ends badly ends the run;
// the controller then needs one more step if others are still to be terminated.
func (r *Run) settle() {
	worst, complete := r.assess(false), true
	bad := false
	for i := range r.results {
		done := r.results[i].Phase.Completed()
		complete = complete && done
		bad = bad || done && !r.dry[i] && r.results[i].Phase != Successful
	}
	switch {
	case complete:
		r.finish(worst, r.clock)
	case bad:
		r.finish(r.assess(true), r.clock+r.analysis.Step)
	}
}

func (r *Run) finish(worst Phase, at time.Duration) {
	r.phase, r.endedAt, r.open = worst, at, false
}

// assess brings the phases of all metrics up to date and returns the worst of those
// that are complete and not dry; Successful if there is none
// (analysis.assessRunStatus).
func (r *Run) assess(terminating bool) Phase {
	worst, seen := Successful, false
	r.blamed = -1
	for i := range r.results {
		m, result := &r.analysis.Metrics[i], &r.results[i]
		if !result.Measured {
			continue
		}
		if p := m.assess(result, terminating); p != result.Phase {
			result.Phase, result.Message = p, result.Last.Message
		}
		if !result.Phase.Completed() || r.dry[i] {
			continue
		}
		if !seen || worse(worst, result.Phase) {
			worst, seen = result.Phase, true
			if m.broken(result) != Running {
				r.blamed = i
			}
		}
	}
	return worst
}
