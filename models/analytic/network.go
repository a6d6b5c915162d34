package analytic

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Tandem are servers one after the other, each with exponential service times and a
// queue of its own; arrivals are Poisson. In the long run the times at the servers
// are independent and exponential of rate service rate less arrival rate (Burke,
// "The output of a queuing system", 1956; Reich, "Waiting times when queues are in
// tandem", 1957), so their sum is hypoexponential. A single one is M/M/1.
type Tandem struct {
	Arrivals float64   // per hour, positive
	Rates    []float64 // of service, per hour, above Arrivals; one a server
}

// paces are the rates of the times at the servers.
func (t Tandem) paces() ([]float64, error) {
	mustBePositive("the arrival rate", t.Arrivals)
	mustCount("servers", len(t.Rates))
	paces := make([]float64, len(t.Rates))
	for i, rate := range t.Rates {
		mustBePositive("a service rate", rate)
		if rate <= t.Arrivals {
			return nil, &Unstable{Utilisation: t.Arrivals / rate}
		}
		paces[i] = rate - t.Arrivals
	}
	return paces, nil
}

// Moments are mean and variance of the time through all servers, in hours and
// hours²; a server with too much work is an Unstable error.
func (t Tandem) Moments() (mean, variance float64, err error) {
	paces, err := t.paces()
	for _, pace := range paces {
		mean += 1 / pace
		variance += 1 / (pace * pace)
	}
	return mean, variance, err
}

// Quantile is the time through all servers that is not exceeded with probability p,
// 0 <= p < 1, in hours.
func (t Tandem) Quantile(p float64) (float64, error) {
	mustBeLevel(p)
	paces, err := t.paces()
	if err != nil {
		return 0, err
	}
	mean, _, _ := t.Moments()
	top := mean
	for hypoexponentialTail(paces, top) > 1-p {
		top *= 2
	}
	return falling(func(x float64) float64 { return hypoexponentialTail(paces, x) - (1 - p) }, 0, top), nil
}

// hypoexponentialTail is the probability that exponential times of these rates add
// up to more than x: not yet being through the chain of them (Neuts, 1981,
// chapter 2). Rates may be equal.
func hypoexponentialTail(rates []float64, x float64) float64 {
	n := len(rates)
	generator := mat.NewDense(n, n, nil)
	for i, rate := range rates {
		generator.Set(i, i, -rate*x)
		if i+1 < n {
			generator.Set(i, i+1, rate*x)
		}
	}
	var p mat.Dense
	p.Exp(generator)
	return total(p.RawRowView(0))
}

// Rework is a server and a check after it: a share of what is checked goes back to
// the first (an open network: Jackson, "Networks of waiting lines", 1957). Service
// times are exponential.
type Rework struct {
	Arrivals float64 // new work per hour, positive
	First    float64 // service rate of the first server, per hour
	Check    float64 // service rate of the check, per hour
	Back     float64 // share that goes back, 0 to below 1
}

// ReworkAnswer is a Rework in the long run.
type ReworkAnswer struct {
	Rate     float64 // through each server, per hour
	AtFirst  float64 // mean number at the first server
	AtCheck  float64 // mean number at the check
	LeadTime float64 // mean time from arrival to the end, hours
}

// Solve uses that what goes through is arrivals / (1 - back), that each server is as
// if M/M/1, and Little's law. Too much work is an Unstable error.
func (r Rework) Solve() (ReworkAnswer, error) {
	mustBePositive("the arrival rate", r.Arrivals)
	mustBeLevel(r.Back)
	a := ReworkAnswer{Rate: r.Arrivals / (1 - r.Back)}
	for _, s := range []struct {
		rate float64
		at   *float64
	}{{r.First, &a.AtFirst}, {r.Check, &a.AtCheck}} {
		mustBePositive("a service rate", s.rate)
		u := a.Rate / s.rate
		if u >= 1 {
			return ReworkAnswer{}, &Unstable{Utilisation: u}
		}
		*s.at = u / (1 - u)
	}
	a.LeadTime = (a.AtFirst + a.AtCheck) / r.Arrivals
	return a, nil
}

// InFlight is how many rollouts are under way at a time when each takes a time of
// given mean and none waits for another: Poisson, whatever the law of that time
// (M/G/infinity: Takács, "Introduction to the theory of queues", 1962).
func InFlight(arrivals, duration float64) Count {
	mustBePositive("the arrival rate", arrivals)
	mustBePositive("the duration", duration)
	return Poisson(arrivals * duration)
}

// SlowestOf returns mean and standard deviation of the slowest of n >= 1 exponential
// times of a mean that run side by side: the times from one end to the next are
// exponential of means mean/n ... mean/1 (Rényi, "On the theory of order
// statistics", 1953).
func SlowestOf(n int, mean float64) (slowest, sd float64) {
	mustCount("times", n)
	mustBePositive("the mean", mean)
	variance := 0.0
	for i := n; i >= 1; i-- {
		step := mean / float64(i)
		slowest += step
		variance += step * step
	}
	return slowest, math.Sqrt(variance)
}
