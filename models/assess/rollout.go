package assess

import (
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// Rollout is one configuration. Exactly one of Canary, BlueGreen, Flagger and Ramp is
// given.
type Rollout struct {
	Kind  string // of the configuration, e.g. "Argo Rollouts"
	Name  string
	Spots Spots

	Canary    *Canary
	BlueGreen *BlueGreen
	Flagger   *Flagger
	Ramp      *Ramp

	// Sticky says whether a user stays in or out of a share of the traffic.
	Sticky bool
	// Matched says that a part of the users is chosen by headers and meets the release
	// at full traffic.
	Matched bool
	// Refused are the faults for which the controller would not run this, or would end
	// it at once.
	Refused []Refusal
	// Blind lists, in words, what changes the risk and is not simulated.
	Blind []string
}

// Refusal is a fault that the controller tells.
type Refusal struct {
	Spot    Spot
	Message string
	Hint    string
}

// Canary is the canary strategy of Argo Rollouts.
type Canary struct {
	Machine    rollout.Canary // its Steps are those of Steps
	Steps      []Step
	Background *Analysis
	Spots      Spots // of the strategy
	Top        Spots // of the spec

	Balancer Spots // of trafficRouting.alb, and stickinessConfig.enabled of that; nil where there is none

	DynamicStable bool // old pods are scaled down as the new ones grow
	Deadline      time.Duration
	DeadlineAbort bool
}

// Step is one step with what it looks at.
type Step struct {
	rollout.Step
	Analysis *Analysis // of an InlineAnalysis; nil: one that is not known
	Spots    Spots
}

// BlueGreen is the blue-green strategy of Argo Rollouts.
type BlueGreen struct {
	Machine       rollout.BlueGreen
	Before, After *Analysis
	Spots         Spots
	Top           Spots

	Deadline      time.Duration
	DeadlineAbort bool
}

// Analysis is one or several templates that are measured together.
type Analysis struct {
	Metrics []Metric
	DryRun  []string
	Missing []string // names of templates that nobody gave
	Names   []string // of the templates that are asked for, in their order
	Spots   Spots    // where it is asked for
}

// Machine is the analysis for package rollout.
func (a *Analysis) Machine() rollout.Analysis {
	m := rollout.Analysis{DryRun: a.DryRun}
	for i := range a.Metrics {
		m.Metrics = append(m.Metrics, a.Metrics[i].Metric)
	}
	return m
}

// Metric is a metric of an Analysis.
type Metric struct {
	rollout.Metric
	Probe    Probe
	Provider string // the key of the provider, e.g. "prometheus"
	Dry      bool
	Spots    Spots
}

// Signal is what a metric looks at.
type Signal string

// The signals.
const (
	Unknown Signal = "custom"           // nobody but its author knows
	Failing Signal = "failing requests" // the share of them
	Slow    Signal = "slow requests"    // the share of those above the latency that is allowed
)

// Probe is how a measured value comes about from the share of bad requests.
type Probe struct {
	Signal   Signal
	Success  bool          // the value is the share of good requests
	Scale    float64       // of the value, 1 or 100; 0 is 1
	Quantile float64       // of a latency: 0.99 looks at the slowest hundredth; 0..1
	Window   time.Duration // for which the query looks back; 0: from look to look
	Vector   bool          // the value comes as a list of one
	Query    string        // as written, or what it measures, in words
}

// far is a latency that no limit allows.
const far = 1e12

// Value is what is measured when a share (0..1) of the requests is bad; for a latency
// it is 0 or very large.
func (p *Probe) Value(bad float64) float64 {
	scale := p.Scale
	if scale == 0 {
		scale = 1
	}
	switch {
	case p.Signal == Slow && bad > 1-p.Quantile:
		return far
	case p.Signal == Slow:
		return 0
	case p.Success:
		return float64((1 - bad) * scale)
	}
	return float64(bad * scale)
}

// Flagger is a canary of Flagger.
type Flagger struct {
	Machine rollout.Flagger
	Probes  []Probe // one for each metric of Machine
	Spots   Spots   // of the analysis
	Metrics []Spots
	Ranges  []Spots // of the thresholdRange of each metric
	Load    bool    // a webhook sends requests to the canary before users do
	Gates   []Spot  // webhooks at which a person or a program decides
	Missing []string
	Top     Spots
	Sticky  bool
}

// Ramp is a plain list of shares, with nothing that the tool watches by itself.
type Ramp struct {
	Stops []Stop
	// Check is an analysis beside it, where the configuration or the user has one.
	Check *Analysis
	// Judge is a comparison with the old version beside it.
	Judge *Judge
	// Back says whether a release can be taken back; app stores cannot.
	NoBack bool
	Spots  Spots
	// Elsewhere says where checks would be configured, if not here; empty: nowhere.
	Elsewhere string
}

// Stop is one share of a Ramp.
type Stop struct {
	Share  float64       // of users or traffic, 0..1
	Lasts  time.Duration // of no meaning for the last
	Person bool          // somebody ends it
	Spots  Spots
}
