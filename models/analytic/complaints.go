package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Complaints arrive at a constant rate (Poisson), and the Reports-th is the alarm:
// its time is Erlang distributed (Erlang, 1917; Feller, "An introduction to
// probability theory and its applications", volume 2, 1971, section I.3).
type Complaints struct {
	Rate    float64 // reports per hour, positive
	Reports int     // that it takes, 1 or more
}

// ReportRate is the rate of reports per hour of a defect that each of so many users
// meets with a probability per hour and then reports with another.
func ReportRate(users, meetsPerHour, reports float64) float64 {
	mustNotBeNegative("the number of users", users)
	mustNotBeNegative("the rate of meeting it", meetsPerHour)
	mustBeShare("the probability to report", reports)
	return users * meetsPerHour * reports
}

func (c Complaints) mustHold() {
	mustBePositive("the rate of reports", c.Rate)
	mustCount("reports", c.Reports)
}

// Mean is the mean time of the alarm in hours.
func (c Complaints) Mean() float64 {
	c.mustHold()
	return float64(c.Reports) / c.Rate
}

// SD is the standard deviation of the time of the alarm in hours.
func (c Complaints) SD() float64 {
	c.mustHold()
	return math.Sqrt(float64(c.Reports)) / c.Rate
}

// Quantile is the time by which the alarm has rung with probability p, from 0 to 1,
// in hours; +Inf at 1.
func (c Complaints) Quantile(p float64) float64 {
	c.mustHold()
	mustBeShare("a probability", p)
	return portable.InverseIncompleteGamma(float64(c.Reports), p) / c.Rate
}

// Within is the probability of the alarm within t >= 0 hours.
func (c Complaints) Within(t float64) float64 {
	c.mustHold()
	atMost, _ := erlangTails(c.Reports, c.Rate*t)
	return atMost
}

// RampComplaints are Complaints on a ramp: reports arrive at FullRate times the
// share of users exposed. Measured in expected reports instead of hours, they are
// Complaints of rate 1 (time change of a Poisson process: Çınlar, "Introduction to
// stochastic processes", 1975, section 4.7).
type RampComplaints struct {
	Ramp     Ramp
	FullRate float64 // reports per hour at full exposure, positive
	Reports  int     // that it takes, 1 or more
}

// expected is the number of reports expected over time.
func (c RampComplaints) expected() steps {
	c.Ramp.mustHold()
	Complaints{Rate: c.FullRate, Reports: c.Reports}.mustHold()
	rates := make([]float64, len(c.Ramp.Shares))
	for i, share := range c.Ramp.Shares {
		rates[i] = c.FullRate * share
	}
	return newSteps(c.Ramp.Starts, rates)
}

// RingProbabilities are the probabilities that the alarm rings in each ring.
func (c RampComplaints) RingProbabilities() []float64 {
	e := c.expected()
	probabilities := make([]float64, len(e.sums))
	for i := range probabilities {
		_, probabilities[i] = erlangTails(c.Reports, e.sums[i])
		if i+1 < len(e.sums) {
			_, after := erlangTails(c.Reports, e.sums[i+1])
			probabilities[i] -= after
		}
	}
	return probabilities
}

// MeanTime is the mean time of the alarm in hours: in each ring, the integral over
// the expected reports of the probability that it has not rung, divided by their
// rate.
func (c RampComplaints) MeanTime() float64 {
	e, sum := c.expected(), 0.0
	for i, from := range e.sums {
		after := 0.0
		if i+1 < len(e.sums) {
			after = erlangExcess(c.Reports, e.sums[i+1])
		}
		sum += (erlangExcess(c.Reports, from) - after) / e.rates[i]
	}
	return sum
}

// erlangExcess is the mean of what an Erlang time of k phases has above y, the
// integral of its tail from y on: k Q(k+1, y) - y Q(k, y).
func erlangExcess(k int, y float64) float64 {
	_, q := erlangTails(k, y)
	_, more := erlangTails(k+1, y)
	return float64(k)*more - y*q
}
