package rollout

import (
	"fmt"
	"regexp"
	"time"
)

// What Argo Rollouts takes where nothing is written.
const (
	errorRetry        = 10 * time.Second // analysis.DefaultErrorRetryInterval
	defaultErrorLimit = 4                // defaults.DefaultConsecutiveErrorLimit
	endless           = -1               // no count ends the metric
)

// Disabled, as a FailureLimit, lets failures never end the metric.
const Disabled = -1

// Metric describes one metric of an analysis. The zero value measures once and fails
// at the first failure.
type Metric struct {
	Name       string
	Conditions Conditions
	// InitialDelay is from the start of the run to the first measurement; 0 at once.
	InitialDelay time.Duration
	// Interval is from the finish of a measurement to the next; 0 is not given.
	Interval time.Duration
	// Count is how many measurements are taken, errors not counted. 0: for ever if
	// there is an Interval, else one.
	Count int
	// FailureLimit is how many failures, all in all, are borne; or Disabled.
	FailureLimit int
	// InconclusiveLimit is how many inconclusive measurements, all in all, are borne.
	InconclusiveLimit int
	// ConsecutiveErrorLimit is how many errors in a row are borne; nil: 4.
	ConsecutiveErrorLimit *int
	// ConsecutiveSuccessLimit is how many successes in a row end the metric in
	// success; 0: none do.
	ConsecutiveSuccessLimit int
}

// count is how many measurements end the metric, or endless.
func (m *Metric) count() int {
	switch {
	case m.Count != 0:
		return max(m.Count, 0)
	case m.Interval == 0:
		return 1
	}
	return endless
}

func (m *Metric) errorLimit() int {
	if m.ConsecutiveErrorLimit == nil {
		return defaultErrorLimit
	}
	return *m.ConsecutiveErrorLimit
}

// Analysis describes an AnalysisRun.
type Analysis struct {
	Metrics []Metric
	// DryRun are regular expressions, anywhere in the name unless anchored: the
	// metrics that one of them matches never decide.
	DryRun []string
	// Step is how late the controller is to the next measurement, and to the end of a
	// run whose other metrics it has to terminate. 0 is an ideal controller; the
	// recordings have one second.
	Step time.Duration
}

// Check lists what the controller refuses, first what it names first, then conditions
// that are an Error for every value.
func (a *Analysis) Check() []Fault {
	all := a.refused()
	for i := range a.Metrics {
		for _, f := range a.Metrics[i].Conditions.Check() {
			f.Path = fmt.Sprintf("metrics[%d].%s", i, f.Path)
			all = append(all, f)
		}
	}
	return all
}

// refused are the faults that end a run before its first measurement, in the words of
// the controller (utils/analysis, ValidateMetrics and GetDryRunMetrics).
func (a *Analysis) refused() []Fault {
	var all faults
	all.must(len(a.Metrics) > 0, Fault{"", "no metrics specified", "an analysis needs at least one metric"})
	names := make(map[string]bool, len(a.Metrics))
	for i := range a.Metrics {
		m, path := &a.Metrics[i], fmt.Sprintf("metrics[%d]", i)
		all.must(!names[m.Name], Fault{path, fmt.Sprintf("duplicate name '%s'", m.Name), "give every metric a name of its own"})
		names[m.Name] = true
		m.limits(&all, path)
		m.counts(&all, path)
		all.notNegative(path+".initialDelay", m.InitialDelay)
		all.notNegative(path+".interval", m.Interval)
	}
	for i, pattern := range a.DryRun {
		all.must(a.matches(pattern), Fault{fmt.Sprintf("dryRun[%d]", i), "Rule didn't match any metric name(s)", "name a metric, or a pattern of names"})
	}
	all.notNegative("step", a.Step)
	return all
}

func (m *Metric) limits(all *faults, path string) {
	all.must(m.ConsecutiveSuccessLimit >= 0, Fault{path, "consecutiveSuccessLimit must be >= 0", "leave it out to have none"})
	all.must(m.FailureLimit >= Disabled, Fault{path, "failureLimit must be >= 0, or -1 to be disabled", ""})
	all.must(m.FailureLimit != Disabled || m.ConsecutiveSuccessLimit != 0, Fault{path,
		"failureLimit and consecutiveSuccessLimit cannot both be disabled", "with failureLimit -1, say after how many successes in a row the metric ends"})
	all.must(m.InconclusiveLimit >= 0, Fault{path, "inconclusiveLimit must be >= 0", ""})
	all.must(m.errorLimit() >= 0, Fault{path, "consecutiveErrorLimit must be >= 0", ""})
}

func (m *Metric) counts(all *faults, path string) {
	if m.Count > 0 {
		if m.FailureLimit >= 0 {
			all.must(m.ConsecutiveSuccessLimit < 0 || m.Count >= m.FailureLimit+m.ConsecutiveSuccessLimit, Fault{path,
				fmt.Sprintf("count (%d) must be >= failureLimit + consecutiveSuccessLimit (%d + %d) if both >= 0",
					m.Count, m.FailureLimit, m.ConsecutiveSuccessLimit), "a limit above count could never be passed"})
		} else {
			all.must(m.Count >= m.ConsecutiveSuccessLimit, Fault{path, "count must be >= consecutiveSuccessLimit", "the metric could never succeed"})
		}
		all.must(m.Count >= m.InconclusiveLimit, Fault{path, "count must be >= inconclusiveLimit", "a limit above count could never be passed"})
	}
	all.must(m.Count <= 1 || m.Interval != 0, Fault{path, "interval must be specified when count > 1", "say how long to wait between two measurements"})
}

func (a *Analysis) matches(pattern string) bool {
	p, err := regexp.Compile(pattern)
	if err != nil {
		return false // as the controller has it: it matches nothing
	}
	for i := range a.Metrics {
		if p.MatchString(a.Metrics[i].Name) {
			return true
		}
	}
	return false
}

// dryRun says of every metric whether it runs dry.
func (a *Analysis) dryRun() []bool {
	dry := make([]bool, len(a.Metrics))
	for _, pattern := range a.DryRun {
		p, err := regexp.Compile(pattern)
		for i := range a.Metrics {
			dry[i] = dry[i] || err == nil && p.MatchString(a.Metrics[i].Name)
		}
	}
	return dry
}

// Dry says of every metric whether it runs dry: it is measured and never decides.
func (a *Analysis) Dry() []bool { return a.dryRun() }
