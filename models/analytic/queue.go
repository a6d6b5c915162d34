package analytic

import (
	"fmt"
	"math"
)

// Unstable is a queue that grows for ever, since work comes faster than it is done.
type Unstable struct {
	Utilisation float64 // arrivals times service time over servers, 1 or more
}

func (e *Unstable) Error() string {
	return fmt.Sprintf("the queue grows for ever: utilisation is %.4g, it must be below 1", e.Utilisation)
}

// Queue is a waiting line in front of alike servers, first come, first served.
// Arrivals are Poisson, service times independent of them and of each other.
type Queue struct {
	Arrivals float64 // per hour, positive
	Service  float64 // mean service time in hours, positive
	SCV      float64 // variance of the service time over its squared mean, 0 or more; 1 for exponential
	Servers  int     // 1 or more
}

// QueueAnswer is a Queue in the long run.
type QueueAnswer struct {
	Method          string  // one of the constants below
	Utilisation     float64 // share of time that a server is busy, 0 to 1
	WaitMean        float64 // mean wait before service, hours
	WaitProbability float64 // probability to wait at all, 0 to 1
	QueueMean       float64 // mean number that wait
}

// The methods of Solve, by Kendall's names (Kendall, "Stochastic processes
// occurring in the theory of queues", 1953).
const (
	ExactMMc      = "M/M/c, exact (Erlang C)"
	ExactMG1      = "M/G/1, exact (Pollaczek-Khinchine)"
	ExactMDc      = "M/D/c, exact (Crommelin)"
	AllenCunneen  = "M/G/c, approximation (Allen-Cunneen)"
	BatchesGreedy = "greedy batches, exact (renewal cycle)"
)

// IsExact reports whether the answer is no approximation.
func (a QueueAnswer) IsExact() bool { return a.Method != AllenCunneen }

// Load is arrivals times service time: the mean number of busy servers.
func (q Queue) Load() float64 { return q.Arrivals * q.Service }

func (q Queue) check() error {
	mustBePositive("the arrival rate", q.Arrivals)
	mustBePositive("the service time", q.Service)
	mustNotBeNegative("the squared coefficient of variation", q.SCV)
	mustCount("servers", q.Servers)
	if u := q.Load() / float64(q.Servers); u >= 1 {
		return &Unstable{Utilisation: u}
	}
	return nil
}

// Solve answers exactly where that is possible: one server, or exponential or
// constant service times; else by the approximation of Allen and Cunneen. A
// utilisation of 1 or more is an Unstable error.
func (q Queue) Solve() (QueueAnswer, error) {
	if err := q.check(); err != nil {
		return QueueAnswer{}, err
	}
	a := QueueAnswer{Utilisation: q.Load() / float64(q.Servers)}
	switch {
	case q.SCV == 1:
		a.Method = ExactMMc
		a.WaitProbability = ErlangC(q.Servers, q.Load())
		a.WaitMean = q.exponentialWait()
	case q.Servers == 1:
		a.Method = ExactMG1
		a.WaitProbability = q.Load()
		a.WaitMean = q.pollaczekKhinchine()
	case q.SCV == 0:
		a.Method = ExactMDc
		a.WaitProbability, a.WaitMean = q.constantService()
	default:
		a.Method = AllenCunneen
		a.WaitProbability = ErlangC(q.Servers, q.Load())
		a.WaitMean = q.exponentialWait() * (1 + q.SCV) / 2
	}
	a.QueueMean = q.Arrivals * a.WaitMean // Little, "A proof for the queuing formula L = λW", 1961
	return a, nil
}

// ErlangB is the probability that all of the servers, 0 or more, are busy when who
// finds them so goes away; load is arrivals times service time, positive (Erlang,
// 1917, by the recursion of Jagerman, "Some properties of the Erlang loss function",
// 1974).
func ErlangB(servers int, load float64) float64 {
	mustBePositive("the load", load)
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = load * b / (float64(n) + load*b)
	}
	return b
}

// ErlangC is the probability to wait for one of the servers, with exponential
// service times; load is below the number of servers (Erlang, 1917).
func ErlangC(servers int, load float64) float64 {
	mustBePositive("servers less load", float64(servers)-load)
	b := ErlangB(servers, load)
	u := load / float64(servers)
	return b / (1 - u*(1-b))
}

// exponentialWait is the mean wait with exponential service times: C / (c mu -
// lambda).
func (q Queue) exponentialWait() float64 {
	return ErlangC(q.Servers, q.Load()) * q.Service / (float64(q.Servers) - q.Load())
}

// WaitQuantile is the wait that is not exceeded with probability p, 0 <= p < 1, in
// hours, for exponential service times: P(wait > t) = C exp(-(c mu - lambda) t)
// (Gross and Harris, "Fundamentals of queueing theory", 1998, section 2.3).
func (q Queue) WaitQuantile(p float64) (float64, error) {
	mustBeLevel(p)
	if err := q.check(); err != nil {
		return 0, err
	}
	if q.SCV != 1 {
		panic("analytic: WaitQuantile is for exponential service times")
	}
	c := ErlangC(q.Servers, q.Load())
	return math.Max(0, math.Log(c/(1-p))*q.Service/(float64(q.Servers)-q.Load())), nil
}

// pollaczekKhinchine is the mean wait for one server: load times service times
// (1 + SCV) / (2 (1 - load)) (Pollaczek, 1930; Khinchine, 1932).
func (q Queue) pollaczekKhinchine() float64 {
	return q.Load() * q.Service * (1 + q.SCV) / (2 * (1 - q.Load()))
}
