package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcQueueCommand() *cobra.Command {
	return calculation{
		use:   "queue",
		short: "how long do changes wait for an environment?",
		long: `Queue takes Poisson arrivals, servers (environments, slots) and the mean service time,
with --scv the squared coefficient of variation of the service time: 1 for
exponential times, 0 for constant ones. First come, first served.

One server (Pollaczek-Khinchine), exponential times (Erlang C) and constant times
(Crommelin) are exact; everything else is the approximation of Allen and Cunneen,
and the answer says so.

With --batch-greedy a single slot takes all changes that wait when it becomes free,
and runs them together in a constant time; it is never overloaded.

JSON keys: wait_mean_hours, wait_probability, queue_mean, utilisation, method; with
--batch-greedy also runs_per_change and batch_mean.`,
		example: `  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3
  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3 --scv 0 -o json
  rollrisk calc queue --arrivals 2/h --service 1h --batch-greedy`,
		declare: func(f *calcFlags) {
			f.declare("arrivals", "", "changes that arrive, e.g. 2.4/h")
			f.declare("service", "", "mean time that one takes, e.g. 1h")
			f.declare("servers", "1", "how many are served at a time")
			f.declare("scv", "1", "variance of the service time over its squared mean; 0 is constant")
			f.set.Bool("batch-greedy", false, "one slot takes all that wait, for a constant time")
		},
		read: readQueue,
	}.command()
}

func readQueue(f *calcFlags) func() (calcAnswer, error) {
	q := analytic.Queue{
		Arrivals: f.value("arrivals", calcRate, aboveZero()),
		Service:  f.value("service", calcTime, aboveZero()),
		Servers:  int(f.value("servers", countExample("3"), whole(), atLeast(1, "1"), atMost(1e5, "100k"))),
		SCV:      f.value("scv", calcNumber, atMost(1e6, "1e6")),
	}
	if !f.is("batch-greedy") {
		return func() (calcAnswer, error) { return answerQueue(q) }
	}
	if f.has("servers") && q.Servers != 1 {
		f.fault("--servers %s with --batch-greedy has no answer here; it is one slot", f.text("servers"))
	}
	if f.has("scv") && q.SCV != 0 {
		f.fault("--scv %s with --batch-greedy has no answer here; its service time is constant, --scv 0", f.text("scv"))
	}
	return func() (calcAnswer, error) { return answerBatches(q), nil }
}

func answerQueue(q analytic.Queue) (calcAnswer, error) {
	a, err := q.Solve()
	if err != nil {
		return calcAnswer{}, err
	}
	means := fmt.Sprintf("servers are busy %s of the time; the wait grows as 1/(1 - that), so the last points of it cost most.",
		percentText(a.Utilisation))
	if !a.IsExact() {
		means += " This is an approximation, good to some per cent of the wait in heavy traffic; rollrisk run simulates it."
	}
	return queueAnswer(q, a, means), nil
}

func answerBatches(q analytic.Queue) calcAnswer {
	s := analytic.GreedySlot{Arrivals: q.Arrivals, Service: q.Service}.Solve()
	q.SCV = 0
	a := queueAnswer(q, analytic.QueueAnswer{Method: analytic.BatchesGreedy, Utilisation: s.Busy, WaitMean: s.Wait,
		WaitProbability: s.Busy, QueueMean: q.Arrivals * s.Wait},
		fmt.Sprintf("the busier the slot, the more changes share a run, %s at a time; a failing run then has to be told apart among them.", digits(s.Batch)))
	a.rows = append(a.rows,
		calcRow{key: "runs_per_change", label: "runs for each change", values: s.RunsPerChange, unit: inThings},
		calcRow{key: "batch_mean", label: "changes in a run, mean", values: s.Batch, unit: inThings})
	a.assumes = fmt.Sprintf("Poisson arrivals of %s; one slot that takes all that wait, for %s; a change that finds it free starts alone.",
		perHourText(q.Arrivals), hoursText(q.Service))
	return a
}

func queueAnswer(q analytic.Queue, a analytic.QueueAnswer, means string) calcAnswer {
	servers := fmt.Sprintf("%d servers", q.Servers)
	if q.Servers == 1 {
		servers = "1 server"
	}
	return calcAnswer{
		question: "How long do changes wait before their turn?",
		rows: []calcRow{
			{key: "wait_mean_hours", label: "wait, mean", values: a.WaitMean, unit: inHours},
			{key: "wait_probability", label: "a change waits", values: a.WaitProbability, unit: inPercent},
			{key: "queue_mean", label: "changes waiting, mean", values: a.QueueMean, unit: inThings},
			{key: "utilisation", label: "utilisation", values: a.Utilisation, unit: inPercent},
			{key: "method", label: "method", values: a.Method},
		},
		assumes: fmt.Sprintf("Poisson arrivals of %s at %s; service of %s in the mean, its variance %s times the squared mean; first come, first served.",
			perHourText(q.Arrivals), servers, hoursText(q.Service), digits(q.SCV)),
		means: means,
	}
}
