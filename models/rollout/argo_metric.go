package rollout

import (
	"fmt"
	"time"
)

// Measurement is the outcome of one look at a metric.
type Measurement struct {
	Phase   Phase         // never Running
	Message string        // why, for an Error; may be empty
	Took    time.Duration // from start to finish
}

// MetricResult is how a metric stands.
type MetricResult struct {
	Measured bool  // a metric that was never measured has no result
	Phase    Phase // of the metric
	// Message is that of the measurement that ended the metric; for a dry metric, the
	// limit that it passed.
	Message string
	// Count is how many measurements counted: all but the errors.
	Count                                    int
	Successful, Failed, Inconclusive, Errors int
	// Those in a row up to the last measurement.
	ConsecutiveErrors, ConsecutiveSuccesses int
	// Last is the last measurement; it finished at Finished since the start of the run.
	Last     Measurement
	Finished time.Duration
}

// take counts one measurement (analysis.runMeasurements).
func (r *MetricResult) take(m Measurement, at time.Duration) {
	r.Measured, r.Last, r.Finished = true, m, at+m.Took
	successes := r.ConsecutiveSuccesses
	r.ConsecutiveSuccesses = 0
	if m.Phase == Error {
		r.Errors++
		r.ConsecutiveErrors++
		return
	}
	r.Count++
	r.ConsecutiveErrors = 0
	switch m.Phase {
	case Successful:
		r.Successful++
		r.ConsecutiveSuccesses = successes + 1
	case Failed:
		r.Failed++
	case Inconclusive:
		r.Inconclusive++
	}
}

// broken is the limit that the metric has passed; Running if none. When several are
// passed, the errors win, then the inconclusive
// (analysis.assessMetricFailureInconclusiveOrError).
func (m *Metric) broken(r *MetricResult) Phase {
	switch {
	case r.ConsecutiveErrors > m.errorLimit():
		return Error
	case r.Inconclusive > m.InconclusiveLimit:
		return Inconclusive
	case m.FailureLimit >= 0 && r.Failed > m.FailureLimit:
		return Failed
	}
	return Running
}

// why tells the limit that the metric has passed, in the words of the controller.
func (m *Metric) why(r *MetricResult) string {
	switch m.broken(r) {
	case Error:
		return fmt.Sprintf("consecutiveErrors (%d) > consecutiveErrorLimit (%d)", r.ConsecutiveErrors, m.errorLimit())
	case Inconclusive:
		return fmt.Sprintf("inconclusive (%d) > inconclusiveLimit (%d)", r.Inconclusive, m.InconclusiveLimit)
	case Failed:
		return fmt.Sprintf("failed (%d) > failureLimit (%d)", r.Failed, m.FailureLimit)
	}
	return ""
}

// assess is the phase of a metric that has been measured
// (analysis.assessMetricStatus). Limits come first; then the successes in a row; then
// the count. A count that is used up without the successes in a row that were asked
// for is Inconclusive, or Failed if failures have no limit. A metric that is
// terminated with no limit passed is Successful.
func (m *Metric) assess(r *MetricResult, terminating bool) Phase {
	if r.Phase.Completed() {
		return r.Phase
	}
	if p := m.broken(r); p != Running {
		return p
	}
	wanted := m.ConsecutiveSuccessLimit > 0
	if wanted && r.ConsecutiveSuccesses >= m.ConsecutiveSuccessLimit {
		return Successful
	}
	if n := m.count(); n != endless && r.Count >= n {
		switch {
		case wanted && m.FailureLimit >= 0:
			return Inconclusive
		case wanted:
			return Failed
		}
		return Successful
	}
	if terminating {
		return Successful
	}
	return Running
}
