package rollout

import (
	"fmt"
	"math"
	"time"
)

// scaleDownDelay is how long Argo Rollouts keeps pods that have lost their traffic
// (utils/defaults, DefaultScaleDownDelaySeconds and DefaultAbortScaleDownDelaySeconds).
const scaleDownDelay = 30 * time.Second

// Forever is a time that does not come.
const Forever = time.Duration(1<<63 - 1)

// StepKind says what a step of a canary does.
type StepKind uint8

// The kinds of steps. An experiment is an analysis to this package.
const (
	SetWeight      StepKind = iota // takes no time
	Pause                          // for a duration
	PauseForPerson                 // until somebody promotes
	InlineAnalysis                 // until the analysis or the experiment ends
)

// Step is one step of a canary.
type Step struct {
	Kind     StepKind
	Weight   int           // percent of the traffic, of a SetWeight
	Duration time.Duration // of a Pause
}

// Canary describes the canary strategy of a Rollout. Pods are ready at once.
type Canary struct {
	Steps []Step
	// Background is the startingStep of the background analysis; nil: there is none.
	Background *int
	// Router says whether a traffic router realises the weights; without one the
	// number of pods does.
	Router bool
	// Replicas are the pods of the Rollout, and Surge how many more there may be, both
	// used without a router.
	Replicas, Surge int
	// Initial is a first revision, which runs no steps.
	Initial bool
	// AbortScaleDownDelay is how long the pods of an aborted canary behind a router are
	// kept; nil: 30 s; 0: for ever.
	AbortScaleDownDelay *time.Duration
}

// Check lists weights outside 0 to 100, negative times and numbers, and steps of no
// kind.
func (c *Canary) Check() []Fault {
	var all faults
	for i, s := range c.Steps {
		path := fmt.Sprintf("steps[%d]", i)
		all.must(s.Kind <= InlineAnalysis, Fault{path, fmt.Sprintf("is of kind %d", s.Kind), "use one of the kinds of steps"})
		all.must(s.Weight >= 0 && s.Weight <= total, Fault{path + ".setWeight", fmt.Sprintf("is %d", s.Weight), "write a weight between 0 and 100"})
		all.notNegative(path+".pause.duration", s.Duration)
	}
	all.must(c.Background == nil || *c.Background >= 0, Fault{"analysis.startingStep", "is negative", "steps are counted from 0"})
	all.must(c.Router || c.Replicas > 0, Fault{"replicas", fmt.Sprintf("is %d", c.Replicas), "without a traffic router the weights need pods"})
	all.must(c.Surge >= 0, Fault{"maxSurge", fmt.Sprintf("is %d", c.Surge), "write a number of 0 or more"})
	if c.AbortScaleDownDelay != nil {
		all.notNegative("abortScaleDownDelaySeconds", *c.AbortScaleDownDelay)
	}
	return all
}

// Share is the share of the traffic, 0 to 1, that a weight (0 to 100) really is.
func (c *Canary) Share(weight int) float64 {
	if c.Router {
		return float64(weight) / total
	}
	pods, stable := c.Pods(weight)
	if pods+stable == 0 {
		return 0
	}
	return float64(pods) / float64(pods+stable)
}

// Pods are the canary's and the stable pods that realise a weight (0 to 100) without a
// router: as near to it as whole pods come, the canary rounded up on a tie, with one
// pod more than Replicas if a surge allows and that is nearer. Between 1 and 99 % with
// two pods or more neither side is without (utils/replicaset,
// approximateWeightedCanaryStableReplicaCounts).
func (c *Canary) Pods(weight int) (canary, stable int) {
	n := c.Replicas
	if n == 0 {
		return 0, 0
	}
	low, high := n*weight/total, (n*weight+total-1)/total
	// None, or all, only if that is asked for, or there is one pod and no surge.
	extreme := weight == 0 || weight == total || n == 1 && c.Surge == 0
	canary, sum, off := 0, n, -1.0
	try := func(pods, of int, allowed bool) {
		if d := distance(pods, of, weight); allowed && (off < 0 || d < off) {
			canary, sum, off = pods, of, d
		}
	}
	try(high, n, high < n || extreme)
	try(low, n, !tied(n, weight) && (low > 0 || extreme))
	try(high, n+1, c.Surge > 0)
	try(low, n+1, c.Surge > 0 && !tied(n+1, weight) && (low > 0 || extreme))
	return canary, sum - canary
}

// distance is how far pods out of a sum are from a weight, in percent.
func distance(pods, sum, weight int) float64 {
	d := float64(pods*total)/float64(sum) - float64(weight)
	return max(d, -d)
}

// tied says whether a weight lies right between two numbers of pods; in floating point,
// as the controller computes it.
func tied(pods, weight int) bool {
	x := float64(float64(pods) * (float64(weight) / total))
	return x-math.Floor(x) == 0.5
}
