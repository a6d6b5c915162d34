package cmd

import (
	"errors"
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcQueue() *cobra.Command {
	c := newCalc(&cobra.Command{
		Use:   "queue --arrivals RATE --service TIME",
		Short: "how long changes wait for an environment",
		Long: `Queue lets changes wait for one of --servers alike environments, first come, first
served. Changes arrive at random (Poisson); --scv is the variance of the service
time over its squared mean: 0 when it is always the same, 1 (the default) when it
is exponential. The answer is exact for one server, and for 0 and 1; elsewhere it is
the approximation of Allen and Cunneen.

With --batch-greedy there is one environment, which takes all changes that wait when
it becomes free, and tests them together in a constant time. It is never overloaded.

JSON keys: wait_mean_hours, the mean wait before service; wait_probability, to wait
at all; queue_mean, the mean number that wait; utilisation, the share of time that a
server is busy. With --batch-greedy also runs_per_change, and batch_mean, the mean
number of changes in a run.`,
		Example: `  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3
  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3 --scv 0
  rollrisk calc queue --arrivals 2.4/h --service 1h --batch-greedy -o json`,
	}, askQueue)
	fl := c.Flags()
	fl.String("arrivals", "", "changes in a length of time, e.g. 2.4/h")
	fl.String("service", "", "mean time in service, e.g. 1h")
	fl.String("servers", "1", "environments, e.g. 3")
	fl.String("scv", "1", "squared coefficient of variation of the service time: 0 constant, 1 exponential")
	fl.Bool("batch-greedy", false, "one environment that takes all that waits, in a constant time")
	return c
}

// Limits of queues.
const (
	maxServers = 1000
	maxSCV     = 1e6
)

func askQueue(q *calcQuestion) func() (calcAnswer, error) {
	greedy := q.setting("batch-greedy")
	line := analytic.Queue{Arrivals: q.number("arrivals", calcRate), Service: q.number("service", calcLength)}
	if greedy {
		return askGreedy(q, analytic.GreedySlot{Arrivals: line.Arrivals, Service: line.Service})
	}
	line.Servers = q.count("servers", calcCount(maxServers))
	line.SCV = q.number("scv", calcNumber(0, maxSCV))
	if u := line.Load() / float64(line.Servers); line.Servers > 0 && u >= 1 {
		q.faultf("the queue grows for ever: --arrivals %s of %s each keep %s servers busy, and there are %d "+
			"(utilisation %s; it must be below 1)", q.as("arrivals"), q.as("service"), digits6(line.Load()), line.Servers, digits6(u))
	}
	return func() (calcAnswer, error) { return answerQueue(line) }
}

// as is a flag as it was written.
func (q *calcQuestion) as(name string) string { return q.command.Flags().Lookup(name).Value.String() }

// askGreedy refuses what a greedy slot has not.
func askGreedy(q *calcQuestion, s analytic.GreedySlot) func() (calcAnswer, error) {
	if q.has("servers") && q.count("servers", calcCount(maxServers)) > 1 {
		q.faultf("--servers %s: --batch-greedy is one environment; leave out --servers", q.as("servers"))
	}
	if q.has("scv") && q.number("scv", calcNumber(0, maxSCV)) > 0 {
		q.faultf("--scv %s: a run of --batch-greedy takes a constant time; leave out --scv", q.as("scv"))
	}
	return func() (calcAnswer, error) { return answerGreedy(s), nil }
}

func answerQueue(q analytic.Queue) (calcAnswer, error) {
	solved, err := q.Solve()
	var unstable *analytic.Unstable
	switch {
	case errors.As(err, &unstable):
		return calcAnswer{}, badQuestionf("%v", err)
	case err != nil:
		return calcAnswer{}, err
	}
	a := calcAnswer{method: solved.Method, values: waiting(solved)}
	a.notes = []string{fmt.Sprintf("From arrival to the end of service it is %s h on average. Waits grow like "+
		"1 / (1 - utilisation): the last free tenth costs most.", digits6(solved.WaitMean+q.Service))}
	if !solved.IsExact() {
		a.notes = append(a.notes, "This is an approximation, good to some percent where most of the servers are busy.")
	}
	return a, nil
}

func answerGreedy(s analytic.GreedySlot) calcAnswer {
	g := s.Solve()
	a := calcAnswer{method: analytic.BatchesGreedy, values: waiting(analytic.QueueAnswer{
		Utilisation: g.Busy, WaitMean: g.Wait, WaitProbability: g.Busy, QueueMean: s.Arrivals * g.Wait})}
	a.values = append(a.values,
		calcValue{key: "runs_per_change", label: "runs per change", value: number(g.RunsPerChange)},
		calcValue{key: "batch_mean", label: "changes in a run, mean", value: number(g.Batch)})
	a.notes = []string{fmt.Sprintf("No change waits longer than one run. From arrival to the end of the run it is %s h on average; "+
		"the price is that %s changes fail and pass together.", digits6(g.Wait+s.Service), digits6(g.Batch))}
	return a
}

// waiting has the values that all queues have.
func waiting(a analytic.QueueAnswer) []calcValue {
	return []calcValue{
		{key: "wait_mean_hours", label: "wait, mean", unit: "h", value: number(a.WaitMean)},
		{key: "wait_probability", label: "must wait", unit: "%", value: number(a.WaitProbability)},
		{key: "queue_mean", label: "number that wait, mean", unit: "changes", value: number(a.QueueMean)},
		{key: "utilisation", label: "busy", unit: "%", value: number(a.Utilisation)},
	}
}
