package cmd

import (
	"errors"
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcWindow() *cobra.Command {
	c := newCalc(&cobra.Command{
		Use:   "window --requests N --threshold SHARE --rate SHARE --failures K",
		Short: "how many checks a threshold on the error rate needs",
		Long: `Window looks at the error rate of a release, check after check. A check fails when
errors / requests is above --threshold, strictly; the --failures-th failing check,
in all and not in a row, is the alarm. A limit of 3 allowed failures is --failures 4.

Each check has --requests requests of its own, exactly so many, or with --poisson so
many on average; a check without requests passes. With --sliding M there is a check
after each interval of --requests requests, of the last M intervals together: it
fails when their errors / (M x requests) is above the threshold. Before the first
interval there were no errors, and windows count as full from the start.

JSON keys: fail_probability of one check, with --sliding of a check whose window is
full, whatever the checks before it; checks_mean and checks_sd, mean and standard
deviation of the number of checks to the alarm, null when checks never fail.`,
		Example: `  rollrisk calc window --requests 500 --threshold 2% --rate 3% --failures 4
  rollrisk calc window --requests 500 --threshold 2% --rate 3% --failures 4 --poisson
  rollrisk calc window --requests 100 --threshold 2% --rate 3% --failures 1 --sliding 5`,
	}, askWindow)
	fl := c.Flags()
	fl.String("requests", "", "requests in a check, with --sliding in an interval, e.g. 500")
	fl.String("threshold", "", "share of failed requests above which a check fails, e.g. 2%")
	fl.String("rate", "", "true share of requests that fail, e.g. 3%")
	fl.String("failures", "1", "failing checks that it takes")
	fl.Bool("poisson", false, "the number of requests varies, with --requests as its mean")
	fl.String("sliding", "1", "intervals in a window; 1 for windows that do not overlap")
	return c
}

// Limits of windows. With the sliding ones the chain of analytic has a limit of its
// own.
const (
	maxWindowRequests  = 1_000_000
	maxWindowFailures  = 1_000_000
	maxWindowIntervals = 1000
	maxSlidingFailures = 1000
)

func askWindow(q *calcQuestion) func() (calcAnswer, error) {
	poisson := q.setting("poisson")
	kind := calcCount(maxWindowRequests)
	if poisson {
		kind = calcKind{unit: kind.unit, least: tiny, most: kind.most, says: fmt.Sprintf("a number above 0 and up to %d", maxWindowRequests)}
	}
	s := analytic.SlidingChecks{
		Window: analytic.Window{
			Requests:  q.number("requests", kind),
			Threshold: q.number("threshold", calcProbability),
			Rate:      q.number("rate", calcProbability),
		},
		Failures:  q.count("failures", calcCount(maxWindowFailures)),
		Intervals: q.count("sliding", calcCount(maxWindowIntervals)),
	}
	if s.Intervals > 1 && poisson {
		q.faultf("--sliding goes with a fixed number of requests; leave out --poisson")
	}
	if s.Intervals > 1 && s.Failures > maxSlidingFailures {
		q.faultf("--failures %d: with --sliding up to %d", s.Failures, maxSlidingFailures)
	}
	switch {
	case poisson:
		return func() (calcAnswer, error) { return answerPoissonWindow(s.Window, s.Failures), nil }
	default:
		return func() (calcAnswer, error) { return answerSlidingWindow(s) }
	}
}

func answerPoissonWindow(w analytic.Window, failures int) calcAnswer {
	checks := analytic.Checks{Fail: w.FailPoisson(), Failures: failures}
	a := answerChecks(checks.Fail, checks.Mean(), checks.SD())
	a.method = "Poisson mixture of binomial tails, negative binomial number of checks, exact"
	return a
}

func answerSlidingWindow(s analytic.SlidingChecks) (calcAnswer, error) {
	solved, err := s.Solve()
	var large *analytic.TooLarge
	if errors.As(err, &large) {
		return calcAnswer{}, badQuestionf("--sliding %d with --requests %.0f: %v; take fewer intervals, fewer requests or --failures 1",
			s.Intervals, s.Window.Requests, err)
	}
	if err != nil {
		return calcAnswer{}, err
	}
	a := answerChecks(s.Full().FailFixed(), solved.Mean, solved.SD)
	a.method = "binomial tail, negative binomial number of checks, exact"
	if s.Intervals > 1 {
		a.method = "binomial tail; Markov chain of the counts of the last intervals, solved to 1e-9"
		a.notes = append(a.notes, "The probability is that of a full window. Windows that overlap fail together, "+
			"and the first ones are not full, so the mean number of checks does not follow from it.")
	}
	return a, nil
}

// answerChecks has the values that all windows have.
func answerChecks(fail, mean, sd float64) calcAnswer {
	a := calcAnswer{values: []calcValue{
		{key: "fail_probability", label: "a check fails", unit: "%", value: number(fail)},
		{key: "checks_mean", label: "checks to the alarm, mean", value: number(mean)},
		{key: "checks_sd", label: "checks to the alarm, standard deviation", value: number(sd)},
	}}
	if fail == 0 {
		a.notes = append(a.notes, "No check ever fails: there is no alarm.")
	} else {
		a.notes = append(a.notes, "Times the time between two checks, this is how long the alarm takes.")
	}
	return a
}
