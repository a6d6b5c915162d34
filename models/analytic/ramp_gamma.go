package analytic

import "math"

// GammaWatch is a Watch whose hazard differs from defect to defect: gamma
// distributed with a shape and a rate, and no background. The exposure at the
// alarm is then a Lomax variable, P(X > x) = (1 + x/Rate)^-Shape (Lomax, "Business
// failures: another example of the analysis of failure data", 1954; as a gamma
// mixture of exponentials: Harris, "The Pareto distribution as a queue service
// discipline", 1968).
type GammaWatch struct {
	Ramp  Ramp
	Shape float64 // of the hazard, positive
	Rate  float64 // of the hazard, in hours of full audience, positive; the mean hazard is Shape/Rate
}

func (w GammaWatch) mustHold() {
	w.Ramp.mustHold()
	mustBePositive("the shape", w.Shape)
	mustBePositive("the rate", w.Rate)
}

// Survival is the probability that no alarm has rung by time t >= 0.
func (w GammaWatch) Survival(t float64) float64 {
	w.mustHold()
	return w.above(w.Ramp.Exposure(t))
}

// above is the probability that the alarm needs more exposure than x.
func (w GammaWatch) above(x float64) float64 {
	return math.Exp(-w.Shape * math.Log1p(x/w.Rate))
}

// MeanTime is the mean time of the alarm in hours; +Inf for a shape of 1 or less,
// where hazards near 0 are too common.
func (w GammaWatch) MeanTime() float64 {
	exposure, sum := w.exposures(), 0.0
	for i, share := range w.Ramp.Shares {
		sum += exposure[i] / share
	}
	return sum
}

// MeanExposure is the mean exposure at the alarm, in hours of full audience:
// Rate/(Shape-1) on every ramp; +Inf for a shape of 1 or less.
func (w GammaWatch) MeanExposure() float64 {
	w.mustHold()
	if w.Shape <= 1 {
		return math.Inf(1)
	}
	return w.Rate / (w.Shape - 1)
}

// exposures are the mean exposures spent in each ring: integrals of above.
func (w GammaWatch) exposures() []float64 {
	w.mustHold()
	ramp := w.Ramp.steps()
	parts := make([]float64, len(ramp.starts))
	for i := range parts {
		last := math.Inf(1)
		if i+1 < len(parts) {
			last = ramp.sums[i+1]
		}
		parts[i] = w.between(ramp.sums[i], last)
	}
	return parts
}

// between is the integral of above from x to y: with z = log((Rate+y)/(Rate+x)),
// (Rate + x) above(x) (1 - exp(-(Shape-1) z)) / (Shape-1), which is z where that
// is 0/0.
func (w GammaWatch) between(x, y float64) float64 {
	z, k := math.Log((w.Rate+y)/(w.Rate+x)), w.Shape-1
	if k != 0 {
		z = -math.Expm1(-k*z) / k
	}
	return (w.Rate + x) * w.above(x) * z
}

// RingProbabilities are the probabilities that the alarm rings in each ring.
func (w GammaWatch) RingProbabilities() []float64 {
	w.mustHold()
	ramp := w.Ramp.steps()
	probabilities := make([]float64, len(ramp.sums))
	for i := range probabilities {
		probabilities[i] = w.above(ramp.sums[i])
		if i+1 < len(ramp.sums) {
			probabilities[i] -= w.above(ramp.sums[i+1])
		}
	}
	return probabilities
}

// MeanShare is the mean share of users ever exposed by the time of the alarm
// (sticky).
func (w GammaWatch) MeanShare() float64 {
	sum := 0.0
	for i, p := range w.RingProbabilities() {
		sum += w.Ramp.Shares[i] * p
	}
	return sum
}
