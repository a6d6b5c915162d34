package analytic

import (
	"fmt"
	"math"
)

// LinearRamp is a ramp without rings: the share grows evenly from 0 to 1, and a
// hazard proportional to it rings the alarm. The time of the alarm is a Rayleigh
// variable during the growth (Rayleigh, 1880: the hazard is linear), exponential
// after it.
type LinearRamp struct {
	Hours  float64 // from the first user to all, positive
	Hazard float64 // per hour at full exposure, positive
}

func (r LinearRamp) mustHold() {
	if !(r.Hours > 0) || !(r.Hazard > 0) || math.IsInf(r.Hours*r.Hazard, 1) {
		panic(fmt.Sprintf("analytic: a linear ramp of %v h with a hazard of %v", r.Hours, r.Hazard))
	}
}

// Survival is the probability that no alarm has rung by time t >= 0.
func (r LinearRamp) Survival(t float64) float64 {
	r.mustHold()
	growth := math.Min(t, r.Hours)
	return math.Exp(-r.Hazard * (growth*growth/(2*r.Hours) + math.Max(0, t-r.Hours)))
}

// growing is the mean time before the alarm that falls into the growth: the
// integral of exp(-Hazard t²/(2 Hours)), an error function.
func (r LinearRamp) growing() float64 {
	r.mustHold()
	scale := math.Sqrt(r.Hazard / (2 * r.Hours))
	return math.Sqrt(math.Pi) / 2 * math.Erf(scale*r.Hours) / scale
}

// MeanTime is the mean time of the alarm in hours.
func (r LinearRamp) MeanTime() float64 { return r.growing() + r.Survival(r.Hours)/r.Hazard }

// MeanShare is the mean share of users exposed at the time of the alarm: each hour
// of the growth adds 1/Hours, if it is met.
func (r LinearRamp) MeanShare() float64 { return r.growing() / r.Hours }

// MeanExposure is the mean exposure at the alarm, 1/Hazard as on every ramp.
func (r LinearRamp) MeanExposure() float64 {
	r.mustHold()
	return 1 / r.Hazard
}
