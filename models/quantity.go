// Package models is the world of releases: the service and its users, the
// changes and the defects they carry, the pipelines they travel through, and
// the run of one replication that brings them together.
//
// It refuses to know files, YAML, HTML, the command line and the wall clock;
// it makes no statistics over replications and draws no pictures. Everything
// random in it comes from named streams of sim/rng.
package models

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/sim/dist"
)

// Quantity is one number of the question. When nobody knows it exactly, the
// scenario states a 90 % interval instead and every replication (every world)
// draws its own value; Slot then says which Belief of the Case is drawn.
type Quantity struct {
	Value float64 `json:"value"`          // the value, or the middle of the interval; unit and range: see the field that holds it
	Slot  int     `json:"slot,omitempty"` // 0 for a known value; i+1 for Case.Beliefs[i]
}

// Known is a Quantity without doubt.
func Known(v float64) Quantity { return Quantity{Value: v} }

// Span is a length of time. It is known (Hours), not known (Hours with a
// Slot) or different at each use (Varies, whose values are hours).
type Span struct {
	Hours  Quantity  `json:"hours"`            // hours, >= 0; ignored when Varies is set
	Varies dist.Dist `json:"varies,omitempty"` // hours, drawn afresh at each use; nil when the span does not vary
}

// Hours is a Span of exactly h hours.
func Hours(h float64) Span { return Span{Hours: Known(h)} }

// Mean is the average of the span in hours, with every doubted value at the
// middle of its interval.
func (s Span) Mean() float64 {
	if s.Varies != nil {
		return s.Varies.Mean()
	}
	return s.Hours.Value
}

// IsZero reports whether the span is exactly nothing.
func (s Span) IsZero() bool {
	return s.Varies == nil && s.Hours.Slot == 0 && s.Hours.Value == 0
}

// Belief is a 90 % interval about one number, turned into a distribution. It
// is drawn once per replication: ignorance, not luck.
type Belief struct {
	Path string    `json:"path"` // address in the scenario, e.g. "alternatives.staging.stages[2].fidelity"
	Dist dist.Dist `json:"dist"` // distribution of the value, in the unit of the field
}

// Joined says that two Beliefs depend on one another: what is drawn of them has the ranks of
// two normal variables with that correlation.
type Joined struct {
	First       int     `json:"first"`       // index into Case.Beliefs
	Second      int     `json:"second"`      // index into Case.Beliefs, above First
	Correlation float64 `json:"correlation"` // -1..1, both excluded
}

// Copula is how the Beliefs depend on one another; false when the correlations contradict
// one another (their matrix is not positive definite).
func (c *Case) Copula() (dist.Copula, bool) {
	if len(c.Joined) == 0 {
		return dist.Copula{}, true
	}
	m := make([][]float64, len(c.Beliefs))
	for i := range m {
		m[i] = make([]float64, len(c.Beliefs))
		m[i][i] = 1
	}
	for _, j := range c.Joined {
		m[j.First][j.Second], m[j.Second][j.First] = j.Correlation, j.Correlation
	}
	return dist.NewCopula(m)
}

// maxDuration is the longest time the engine tells apart from "never": about
// 100 years, far from the limits of time.Duration.
const maxDuration = 100 * 365 * 24 * time.Hour

// duration turns hours into engine time, to the nearest nanosecond: 65 minutes
// must not become a nanosecond less. Negative values become 0; anything
// at or above 100 years, and +Inf, becomes maxDuration.
func duration(hours float64) time.Duration {
	if !(hours > 0) {
		return 0
	}
	if hours >= maxDuration.Hours() {
		return maxDuration
	}
	return time.Duration(math.Floor(float64(hours*float64(time.Hour)) + 0.5))
}

// hours turns engine time into hours.
func hours(d time.Duration) float64 { return float64(d) / float64(time.Hour) }
