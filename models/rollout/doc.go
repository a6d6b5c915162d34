// Package rollout is what the rollout controllers really do, as small machines that
// are told the time and what was measured, and answer with phases and weights:
//
//   - Conditions and Judge: what Argo Rollouts makes of one measured value;
//   - Analysis and Run: its AnalysisRun of several metrics, with all limits;
//   - Canary and CanaryRun, BlueGreen and BlueGreenRun: its steps and its switch;
//   - Flagger and FlaggerRun: the scheduler of Flagger, tick by tick.
//
// The machines follow the controllers, not their documentation: Argo Rollouts v1.9.1
// (analysis/analysis.go, utils/evaluate, utils/analysis, rollout/) and Flagger at
// 15bd6ad (pkg/controller/scheduler*.go, pkg/canary/status.go). Recordings of both
// are replayed in the tests.
//
// The package refuses to know a clock, chance, YAML, Kubernetes, and what a metric
// means: time and answers are arguments. It imports nothing of the project. Replicas
// are always ready at once and nobody changes a revision in the middle of a rollout.
package rollout

import (
	"fmt"
	"time"
)

// Phase is how a measurement, a metric or an analysis run stands.
type Phase uint8

// The phases of Argo Rollouts. Running is the zero value; all others are final.
const (
	Running Phase = iota
	Successful
	Failed
	Inconclusive
	Error
)

// Completed says whether the phase is final.
func (p Phase) Completed() bool { return p != Running }

// String is the name that Argo Rollouts gives the phase.
func (p Phase) String() string {
	switch p {
	case Running:
		return "Running"
	case Successful:
		return "Successful"
	case Failed:
		return "Failed"
	case Inconclusive:
		return "Inconclusive"
	case Error:
		return "Error"
	}
	return fmt.Sprintf("Phase(%d)", uint8(p))
}

// worse says whether q is worse than p; Successful is the best, then Inconclusive,
// Error and Failed (utils/analysis, analysisStatusOrder).
func worse(p, q Phase) bool {
	rank := [...]int{Running: 1, Successful: 0, Inconclusive: 2, Error: 3, Failed: 4}
	return rank[q] > rank[p]
}

// A Fault is one thing in a description that the controller refuses, or that can
// never work.
type Fault struct {
	Path    string // address in the description, e.g. "metrics[1]"; empty for all of it
	Message string
	Hint    string // what to write instead; may be empty
}

// Error is path and message.
func (f Fault) Error() string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// faults collects what is wrong, in the order of the controller.
type faults []Fault

func (f *faults) must(ok bool, fault Fault) {
	if !ok {
		*f = append(*f, fault)
	}
}

func (f *faults) notNegative(path string, d time.Duration) {
	f.must(d >= 0, Fault{path, fmt.Sprintf("is %v; a span of time is not negative", d), "write a span of 0 or more"})
}
