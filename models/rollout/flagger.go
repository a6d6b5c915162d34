package rollout

import (
	"fmt"
	"time"
)

// total is all the traffic, in Flagger's weights.
const total = 100

// What Flagger does with an interval that is missing or short (pkg/apis/flagger).
const (
	flaggerInterval = 60 * time.Second
	flaggerFastest  = 10 * time.Second
)

// HookType says when Flagger calls a webhook. The zero value is RolloutHook, as an
// empty type is.
type HookType uint8

// The types of webhooks. PostRolloutHook and EventHook are called and never decide.
const (
	RolloutHook HookType = iota
	ConfirmRolloutHook
	PreRolloutHook
	ConfirmTrafficIncreaseHook
	ConfirmPromotionHook
	PostRolloutHook
	RollbackHook
	EventHook
)

// ParseHookType reads a type as manifests write it; "" is RolloutHook.
func ParseHookType(name string) (HookType, error) {
	if name == "" {
		return RolloutHook, nil
	}
	for t := RolloutHook; t <= EventHook; t++ {
		if t.String() == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("%q is no type of webhook", name)
}

// String is the type as manifests write it.
func (t HookType) String() string {
	names := [...]string{"rollout", "confirm-rollout", "pre-rollout", "confirm-traffic-increase",
		"confirm-promotion", "post-rollout", "rollback", "event"}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("HookType(%d)", uint8(t))
}

// Range is a thresholdRange: the check fails below Min and above Max. A bound that is
// nil does not exist, so that the empty range always passes.
type Range struct {
	Min, Max *float64
}

// FlaggerMetric is a check. Without Query and Template it is one of the built-in
// metrics request-success-rate (0 to 100) and request-duration (bounds in whole
// milliseconds), by its Name; any other name is unknown, and a failed check.
type FlaggerMetric struct {
	Name      string
	Query     string  // in-line query; empty: none
	Template  string  // name of a metric template; empty: none
	Threshold float64 // where there is no Range: the least success rate, the most of all else
	Range     *Range  // nil: none
}

// Flagger describes a canary of Flagger. The zero value has no steps and never
// advances.
type Flagger struct {
	// Provider is the mesh or ingress; "kubernetes" has none and cannot weigh traffic.
	Provider     string
	SkipAnalysis bool
	// Interval is from tick to tick; see Every.
	Interval time.Duration
	// Threshold is after how many failed checks the canary is rolled back; 0: 1.
	Threshold int
	// Iterations above 0 make it blue-green, or an A/B test with Match. They beat the
	// steps of weight.
	Iterations int
	Match      bool // whether users are matched by headers
	Mirror     bool // one tick of mirrored traffic first, or mirroring while blue-green
	// MaxWeight is where the steps end, in percent; 0: 100.
	MaxWeight int
	// StepWeight is added at each tick; 0: StepWeights says.
	StepWeight int
	// StepWeights are the weights of the steps. The last of them is the greatest weight,
	// even where StepWeight makes the steps.
	StepWeights []int
	// StepWeightPromotion is how fast traffic goes over to the promoted primary; 0: at
	// once.
	StepWeightPromotion int
	Metrics             []FlaggerMetric
	Hooks               []HookType // the webhooks, in the order of the manifest
}

// Every is the time from tick to tick: a minute if none is given, at least 10 s.
func (f *Flagger) Every() time.Duration {
	if f.Interval <= 0 {
		return flaggerInterval
	}
	return max(f.Interval, flaggerFastest)
}

// Strategy is how traffic moves.
type Strategy uint8

// The strategies of Flagger.
const (
	StepwiseCanary Strategy = iota // by steps of weight
	ABTest                         // those who match, at once
	Switch                         // blue-green: all at once, after the last iteration
)

// String is the name of the strategy.
func (s Strategy) String() string {
	switch s {
	case StepwiseCanary:
		return "canary"
	case ABTest:
		return "A/B testing"
	case Switch:
		return "blue/green"
	}
	return fmt.Sprintf("Strategy(%d)", uint8(s))
}

// bare says whether there is no mesh that could weigh traffic.
func (f *Flagger) bare() bool { return f.Provider == "kubernetes" }

// iterations are those that are run: without a mesh at least one, and 10 if not given.
func (f *Flagger) iterations() int {
	if f.bare() && f.Iterations < 1 {
		return 10
	}
	return f.Iterations
}

// Strategy is the one that Flagger chooses: iterations beat weights, and without a mesh
// nobody is matched.
func (f *Flagger) Strategy() Strategy {
	switch {
	case f.iterations() < 1:
		return StepwiseCanary
	case f.Match && !f.bare():
		return ABTest
	}
	return Switch
}

// threshold is the number of failed checks that rolls back.
func (f *Flagger) threshold() int {
	if f.Threshold > 0 {
		return f.Threshold
	}
	return 1
}

// maxWeight is the weight from which on the canary is promoted.
func (f *Flagger) maxWeight() int {
	if n := len(f.StepWeights); n > 0 {
		return min(total, f.StepWeights[n-1])
	}
	if f.MaxWeight > 0 {
		return f.MaxWeight
	}
	return total
}

// step is what is added to a weight; what is not positive stops the canary for ever
// (controller.nextStepWeight).
func (f *Flagger) step(weight int) int {
	if f.StepWeight > 0 || len(f.StepWeights) == 0 {
		return f.StepWeight
	}
	rest := total - weight
	if rest == 0 {
		return 1 // promotes
	}
	if weight == 0 {
		return min(rest, f.StepWeights[0])
	}
	for i, w := range f.StepWeights[:len(f.StepWeights)-1] {
		if w == weight {
			return min(rest, f.StepWeights[i+1]-weight)
		}
	}
	return rest
}

// Check lists what cannot be meant: numbers below 0, weights above 100, webhooks of no
// type, metrics without a name. What Flagger takes and does strangely with, such as no
// steps at all, is no fault.
func (f *Flagger) Check() []Fault {
	var all faults
	all.notNegative("interval", f.Interval)
	for _, n := range []struct {
		path  string
		value int
	}{{"threshold", f.Threshold}, {"iterations", f.Iterations}} {
		all.must(n.value >= 0, Fault{n.path, fmt.Sprintf("is %d", n.value), "write a number of 0 or more"})
	}
	weight := func(path string, w int) {
		all.must(w >= 0 && w <= total, Fault{path, fmt.Sprintf("is %d", w), "write a weight between 0 and 100"})
	}
	weight("maxWeight", f.MaxWeight)
	weight("stepWeight", f.StepWeight)
	weight("stepWeightPromotion", f.StepWeightPromotion)
	for i, w := range f.StepWeights {
		weight(fmt.Sprintf("stepWeights[%d]", i), w)
	}
	for i := range f.Metrics {
		all.must(f.Metrics[i].Name != "", Fault{fmt.Sprintf("metrics[%d].name", i), "is empty", "every metric has a name"})
	}
	for i, h := range f.Hooks {
		all.must(h <= EventHook, Fault{fmt.Sprintf("webhooks[%d].type", i), "is " + h.String(), "use one of the types that Flagger knows"})
	}
	return all
}
