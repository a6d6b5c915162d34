package cmd

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcWindowCommand() *cobra.Command {
	return calculation{
		use:   "window",
		short: "how many looks does a threshold on the error rate need?",
		long: `Window takes a check that looks at the errors of a window of requests and fails when
errors / requests is above the threshold, strictly. The alarm is the k-th failing
check in all (--failures k); a controller that allows L failures needs L+1.

Windows do not overlap, and each has exactly --requests requests; with --poisson
that is the mean, and a window without requests passes. With --sliding m a check
comes after every interval of --requests requests and looks at the last m of them;
before the start there were no errors, and the first windows count as full. Then
checks depend on each other, and a Markov chain on the counts of the last m-1
intervals is solved, for any number of failures; it may be too large, and is then
refused.

JSON keys: fail_probability (of one check; of a full window with --sliding),
checks_mean and checks_sd (to the alarm; null when checks never fail).`,
		example: `  rollrisk calc window --requests 500 --threshold 2% --rate 3% --failures 4
  rollrisk calc window --requests 100 --threshold 2% --rate 3% --failures 4 --sliding 5
  rollrisk calc window --requests 500 --threshold 2% --rate 1% --failures 1 --poisson -o json`,
		declare: func(f *calcFlags) {
			f.declare("requests", "", "requests in a window, or in an interval with --sliding, e.g. 500")
			f.declare("threshold", "", "share of failed requests above which a check fails, e.g. 2%")
			f.declare("rate", "", "true share of requests that fail, e.g. 3%")
			f.declare("failures", "1", "failing checks, in all, that are the alarm")
			f.set.Bool("poisson", false, "the number of requests is Poisson, not fixed")
			f.declare("sliding", "", "intervals in a window; windows overlap")
		},
		read: readWindow,
	}.command()
}

func readWindow(f *calcFlags) func() (calcAnswer, error) {
	limits := []calcLimit{aboveZero(), atMost(1e9, "1G")}
	if f.has("sliding") {
		limits = append(limits, atMost(2e6, "2M with --sliding"))
	}
	if !f.is("poisson") {
		limits = append([]calcLimit{whole()}, limits...)
	}
	w := analytic.Window{Requests: f.value("requests", calcCount, limits...),
		Threshold: f.value("threshold", calcShare), Rate: f.value("rate", calcShare)}
	failures := int(f.value("failures", calcCount, whole(), atLeast(1, "1"), atMost(1e6, "1M")))
	intervals := int(f.optional("sliding", calcCount, whole(), atLeast(1, "1"), atMost(1000, "1000")))
	if f.has("sliding") && f.is("poisson") {
		f.fault("--sliding %s with --poisson has no answer here, as its chain would have to remember the requests too; leave one of them out", f.text("sliding"))
	}
	if w.Requests*float64(max(1, intervals)) > math.MaxInt32 {
		f.fault("--requests %s with --sliding %s is too large; a window has at most 2^31-1 requests", f.text("requests"), f.text("sliding"))
	}
	if f.has("sliding") && failures > 100 {
		f.fault("--failures %s with --sliding is too large; at most 100", f.text("failures"))
	}
	return func() (calcAnswer, error) {
		switch {
		case f.has("sliding"):
			return answerSliding(analytic.SlidingChecks{Window: w, Intervals: intervals, Failures: failures})
		case f.is("poisson"):
			return answerChecks(w, analytic.Checks{Fail: w.FailPoisson(), Failures: failures}, "a Poisson number of requests around"), nil
		}
		return answerChecks(w, analytic.Checks{Fail: w.FailFixed(), Failures: failures}, "exactly"), nil
	}
}

func answerChecks(w analytic.Window, c analytic.Checks, traffic string) calcAnswer {
	a := windowAnswer(c.Fail, c.Mean(), c.SD())
	a.assumes = fmt.Sprintf("windows of %s %s requests that do not overlap; each request fails with probability %s, independently; "+
		"a check fails above %s, strictly; the alarm is failing check number %d, in all.",
		traffic, digits(w.Requests), percentText(w.Rate), percentText(w.Threshold), c.Failures)
	a.means = windowMeaning(w, c.Fail)
	return a
}

func answerSliding(s analytic.SlidingChecks) (calcAnswer, error) {
	looks, err := s.Solve()
	if err != nil {
		return calcAnswer{}, err
	}
	fail := s.Full().FailFixed()
	a := windowAnswer(fail, looks.Mean, looks.SD)
	a.assumes = fmt.Sprintf("after each %s requests a check looks at the last %d such intervals; no errors before the start; "+
		"each request fails with probability %s, independently; a check fails above %s, strictly; the alarm is failing check number %d, in all.",
		digits(s.Window.Requests), s.Intervals, percentText(s.Window.Rate), percentText(s.Window.Threshold), s.Failures)
	a.means = windowMeaning(s.Window, fail)
	return a, nil
}

func windowAnswer(fail, mean, sd float64) calcAnswer {
	return calcAnswer{
		question: "How many checks does a threshold on the error rate take to ring the alarm?",
		rows: []calcRow{
			{key: "fail_probability", label: "a check fails", values: fail, unit: inPercent},
			{key: "checks_mean", label: "checks to the alarm, mean", values: mean, unit: inThings},
			{key: "checks_sd", label: "standard deviation", values: sd, unit: inThings},
		},
	}
}

// windowMeaning says whether this is an alarm that is right or one that is false.
func windowMeaning(w analytic.Window, fail float64) string {
	switch {
	case fail == 0:
		return "this check never fails, so this alarm never rings."
	case w.Rate <= w.Threshold:
		return "the true error rate is not above the threshold, so this is a false alarm, and the mean is how many checks one takes."
	}
	return "the true error rate is above the threshold, and the mean is how many checks it takes to see that; times the interval, it is the time to detect."
}
