package analytic

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Response is how long the exposure goes on after the alarm; the ramp goes on
// meanwhile. A fixed time by its Hours; or, with Phases, a sum of that many
// independent exponential times of equal means, which add up to Hours (Erlang).
type Response struct {
	Hours  float64 // mean, 0 or more
	Phases int     // 0 for a fixed time, 1 for an exponential one
}

// End is the end of the exposure to a defect: the alarm of Watch and then Response.
type End struct {
	Watch    Watch
	Response Response
}

// Survival is the probability that the exposure goes on after time t; 1 for t <= 0.
func (e End) Survival(t float64) float64 {
	if e.isFixed() {
		return e.Watch.Survival(t - e.Response.Hours)
	}
	return mat.Sum(e.states(math.Max(0, t)))
}

// MeanExposure is the mean exposure to the end, in hours of full audience: the
// integral of share times Survival.
func (e End) MeanExposure() float64 {
	if !e.isFixed() {
		return e.meanExposurePhases()
	}
	ramp, late, sum := e.Watch.Ramp.steps(), e.Response.Hours, 0.0
	for i, share := range ramp.rates {
		sum += share * (e.Watch.survivalTo(ramp.end(i)-late) - e.Watch.survivalTo(ramp.starts[i]-late))
	}
	return sum
}

// MeanShare is the mean share of users ever exposed by the end (sticky: nobody
// leaves a ring before the end).
func (e End) MeanShare() float64 {
	sum := 0.0
	for i, more := range e.Watch.Ramp.added() {
		sum += more * e.Survival(e.Watch.Ramp.Starts[i])
	}
	return sum
}

// ExposureAbove is the probability that the exposure to the end is above x hours of
// full audience, x >= 0: the exposure is above x when the end is after the time at
// which the ramp reaches x.
func (e End) ExposureAbove(x float64) float64 {
	mustNotBeNegative("an exposure", x)
	return e.Survival(e.Watch.Ramp.Time(x))
}

func (e End) isFixed() bool {
	mustNotBeNegative("the response", e.Response.Hours)
	return e.Response.Phases == 0 || e.Response.Hours == 0
}

// pace is the rate at which a phase of the response ends.
func (e End) pace() float64 { return float64(e.Response.Phases) / e.Response.Hours }

// states returns the probabilities at time t of "not noticed" and of being in each
// phase of the response: a Markov chain whose first rate changes from ring to ring
// (a phase-type distribution: Neuts, "Matrix-geometric solutions in stochastic
// models", 1981, chapter 2).
func (e End) states(t float64) *mat.VecDense {
	h := e.Watch.hazards()
	v := mat.NewVecDense(1+e.Response.Phases, nil)
	v.SetVec(0, 1)
	for i := range h.starts {
		length := math.Min(t, h.end(i)) - h.starts[i]
		if length <= 0 {
			break
		}
		var next mat.VecDense
		next.MulVec(e.passage(h.rates[i], length).T(), v)
		v.CopyVec(&next)
	}
	return v
}

// passage returns the transition probabilities over a length of time with a hazard.
func (e End) passage(hazard, length float64) *mat.Dense {
	n := 1 + e.Response.Phases
	generator := mat.NewDense(n, n, nil)
	for i := range n {
		rate := e.pace()
		if i == 0 {
			rate = hazard
		}
		generator.Set(i, i, -rate*length)
		if i+1 < n {
			generator.Set(i, i+1, rate*length)
		}
	}
	var p mat.Dense
	p.Exp(generator)
	return &p
}

// meanExposurePhases sums over the rings share times the time spent before the end:
// the mean time left at the start of the ring less the one at its end, as if the
// hazard of the ring lasted.
func (e End) meanExposurePhases() float64 {
	h, sum := e.Watch.hazards(), 0.0
	for i, share := range e.Watch.Ramp.Shares {
		left := e.timeLeft(e.states(h.starts[i]), h.rates[i])
		if end := h.end(i); !math.IsInf(end, 1) {
			left -= e.timeLeft(e.states(end), h.rates[i])
		}
		sum += share * left
	}
	return sum
}

// timeLeft is the mean time to the end from given states, at a constant hazard.
func (e End) timeLeft(states *mat.VecDense, hazard float64) float64 {
	sum := states.AtVec(0) * (1/hazard + e.Response.Hours)
	for i := range e.Response.Phases {
		sum += states.AtVec(i+1) * float64(e.Response.Phases-i) / e.pace()
	}
	return sum
}
