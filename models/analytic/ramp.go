package analytic

import (
	"fmt"
	"math"
)

// Ramp is how the audience of a release grows: one ring after the other, the last
// one without an end.
type Ramp struct {
	Starts []float64 // hours at which the rings open, rising; the first is 0
	Shares []float64 // share of the users in each ring, above 0, at most 1, never falling
}

// mustHold panics at a ramp that is none.
func (r Ramp) mustHold() {
	if len(r.Starts) == 0 || len(r.Starts) != len(r.Shares) || r.Starts[0] != 0 {
		panic(fmt.Sprintf("analytic: a ramp of %d starts and %d shares, from %v", len(r.Starts), len(r.Shares), r.Starts))
	}
	for i, share := range r.Shares {
		mustBePositive("a share", share)
		mustBeShare("a share", share)
		if i > 0 && !(r.Starts[i] > r.Starts[i-1] && share >= r.Shares[i-1]) {
			panic(fmt.Sprintf("analytic: ring %d starts at %v with %v, after %v with %v",
				i, r.Starts[i], share, r.Starts[i-1], r.Shares[i-1]))
		}
	}
}

func (r Ramp) steps() steps {
	r.mustHold()
	return newSteps(r.Starts, r.Shares)
}

// Exposure is the exposure given by time t >= 0, in hours of full audience: the
// integral of the share.
func (r Ramp) Exposure(t float64) float64 { return r.steps().integral(t) }

// Time is when the exposure reaches x >= 0 hours of full audience.
func (r Ramp) Time(x float64) float64 { return r.steps().inverse(x) }

// added returns what each ring adds to the share of the one before.
func (r Ramp) added() []float64 {
	more := make([]float64, len(r.Shares))
	last := 0.0
	for i, share := range r.Shares {
		more[i], last = share-last, share
	}
	return more
}

// Watch is one defect on a ramp and the channels by which somebody notices it. At
// time t the hazard of the alarm is Hazard times the share exposed, plus
// Background: the piecewise exponential model (Friedman, "Piecewise exponential
// models for survival data with covariates", 1982, section 2).
//
// Without a background the exposure at the alarm is exponential of mean 1/Hazard
// on every ramp, since a time change by the integrated hazard makes any such clock
// a unit exponential (Meyer, "Démonstration simplifiée d'un théorème de Knight",
// 1971): slower ramps do not lower it.
type Watch struct {
	Ramp       Ramp
	Hazard     float64 // per hour at full exposure, 0 or more
	Background float64 // per hour of wall clock, whatever the exposure; 0 or more; one of the two is positive
}

// hazards is the hazard of the alarm over time.
func (w Watch) hazards() steps {
	w.Ramp.mustHold()
	mustNotBeNegative("the hazard", w.Hazard)
	mustNotBeNegative("the background", w.Background)
	mustBePositive("the sum of hazard and background", w.Hazard+w.Background)
	rates := make([]float64, len(w.Ramp.Shares))
	for i, share := range w.Ramp.Shares {
		rates[i] = w.Hazard*share + w.Background
	}
	return newSteps(w.Ramp.Starts, rates)
}

// Survival is the probability that no alarm has rung by time t; 1 for t <= 0.
func (w Watch) Survival(t float64) float64 {
	return math.Exp(-w.hazards().integral(math.Max(0, t)))
}

// Quantile is the time in hours by which the alarm has rung with probability p,
// from 0 to 1; +Inf at 1.
func (w Watch) Quantile(p float64) float64 {
	mustBeShare("a probability", p)
	return w.hazards().inverse(-math.Log1p(-p))
}

// MeanTime is the mean time of the alarm in hours: the integral of Survival.
func (w Watch) MeanTime() float64 { return w.survivalTo(math.Inf(1)) }

// RingProbabilities are the probabilities that the alarm rings in each ring; their
// sum is 1.
func (w Watch) RingProbabilities() []float64 {
	h := w.hazards()
	probabilities := make([]float64, len(h.starts))
	for i := range probabilities {
		probabilities[i] = math.Exp(-h.sums[i]) * -math.Expm1(-h.rates[i]*(h.end(i)-h.starts[i]))
	}
	return probabilities
}

// MeanExposure is the mean exposure at the alarm, in hours of full audience: the
// integral of share times Survival.
func (w Watch) MeanExposure() float64 {
	h, sum := w.hazards(), 0.0
	for i, p := range w.RingProbabilities() {
		sum += w.Ramp.Shares[i] * p / h.rates[i]
	}
	return sum
}

// MeanShare is the mean share of users ever exposed by the time of the alarm, where
// a user stays in the ring once he is in it (sticky).
func (w Watch) MeanShare() float64 {
	sum := 0.0
	for i, p := range w.RingProbabilities() {
		sum += w.Ramp.Shares[i] * p
	}
	return sum
}

// survivalTo is the integral of Survival from 0 to t; before 0, where Survival is
// 1, it is t.
func (w Watch) survivalTo(t float64) float64 {
	if t <= 0 {
		return t
	}
	h, sum := w.hazards(), 0.0
	for i := range h.starts {
		length := math.Min(t, h.end(i)) - h.starts[i]
		if length <= 0 {
			break
		}
		sum += math.Exp(-h.sums[i]) * -math.Expm1(-h.rates[i]*length) / h.rates[i]
	}
	return sum
}
