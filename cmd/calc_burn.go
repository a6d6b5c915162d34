package cmd

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcBurnCommand() *cobra.Command {
	return calculation{
		use:   "burn",
		short: "how long until an alert on the error budget rings?",
		long: `Burn takes an alert that rings when the failing share of the last --window, and of the
last --short too, is more than --burn times what the objective --slo leaves, and says
how long after the failing share has risen from --baseline to --errors it does. Both
are shares of the requests that the alert looks at: with --share, of a service of which
only that share fails with --errors.

Without --rps traffic is so high that nothing is left to chance. With it, errors are a
Poisson process of that many requests a second, into a window that is never out of
date: without --baseline the time is Erlang distributed, exactly; with one, the count of
the window is a random walk with drift, and mean and standard deviation are those of
its first passage.

JSON keys: time_mean_seconds, time_sd_seconds (null when it never rings), fires (true or
false: whether --errors is enough), budget_spent (share of the budget of 30 days that is
gone by the mean time).`,
		example: `  rollrisk calc burn --slo 99.9% --burn 14.4 --window 1h --short 5m --errors 5%
  rollrisk calc burn --slo 99.9% --burn 14.4 --window 1h --errors 5% --baseline 0.05% --rps 1
  rollrisk calc burn --slo 99.9% --burn 14.4 --window 1h --errors 50% --share 1% -o json`,
		declare: func(f *calcFlags) {
			f.declare("slo", "", "share of requests that the objective promises to succeed, e.g. 99.9%")
			f.declare("burn", "", "burn rate above which it rings, e.g. 14.4")
			f.declare("window", "", "long window, e.g. 1h")
			f.declare("short", "", "short window, e.g. 5m; without it, none")
			f.declare("errors", "", "failing share, e.g. 5%")
			f.declare("baseline", "0%", "failing share before, and of what does not fail")
			f.declare("rps", "", "requests a second; without it, very many")
			f.declare("share", "100%", "share of the traffic that fails with --errors")
		},
		read: readBurn,
	}.command()
}

// burnQuestion is one tier of an alert and what happens.
type burnQuestion struct {
	alert            analytic.Burn
	baseline, errors float64 // of what the alert looks at
	rps              float64 // 0: very many
}

func readBurn(f *calcFlags) func() (calcAnswer, error) {
	q := burnQuestion{alert: analytic.Burn{Objective: f.value("slo", calcShare, belowOne()), Rate: f.value("burn", countExample("14.4"), aboveZero(), atMost(1e6, "1M")),
		Window: 3600 * f.value("window", calcTime, aboveZero(), atMost(24*366, "1y")), Short: 3600 * f.optional("short", calcTime, aboveZero())},
		baseline: f.value("baseline", calcShare), rps: f.optional("rps", calcNumber, aboveZero())}
	errors, share := f.value("errors", calcShare), f.value("share", calcShare)
	if len(f.faults) > 0 {
		return nil
	}
	if q.alert.Short > q.alert.Window {
		f.fault("--short %s is longer than --window %s", f.text("short"), f.text("window"))
	}
	if errors < q.baseline {
		f.fault("--errors %s is below --baseline %s", f.text("errors"), f.text("baseline"))
	}
	q.errors = analytic.Diluted(q.baseline, errors, share)
	return func() (calcAnswer, error) { return q.answer(), nil }
}

func (q burnQuestion) answer() calcAnswer {
	threshold, at := q.alert.Threshold(), q.alert.Time(q.baseline, q.errors)
	fires, sd := !math.IsInf(at, 1), 0.0
	traffic := "so many requests that nothing is left to chance"
	if q.rps > 0 && fires && at > 0 {
		at, sd = q.thin()
		traffic = digits(q.rps) + noBreak + "requests a second"
	}
	if !fires {
		sd = math.Inf(1)
	}
	word := "no"
	if fires {
		word = "yes"
	}
	return calcAnswer{
		question: "How long until an alert on the error budget rings?",
		rows: []calcRow{
			{key: "time_mean_seconds", label: "time to the alarm, mean", values: at, unit: inThings.named("s")},
			{key: "time_sd_seconds", label: "standard deviation", values: sd, unit: inThings.named("s")},
			{key: "fires", values: fires},
			{label: "the failing share is enough", values: word},
			{key: "budget_spent", label: "budget of 30 days spent by then", values: q.alert.Spent(q.errors, at, 30*86400), unit: inPercent},
		},
		assumes: fmt.Sprintf("the failing share of all that the alert looks at rises from %s to %s at once; it rings above %s; %s, evaluated all the time.",
			percentText(q.baseline), percentText(q.errors), percentText(threshold), traffic),
		means: q.meaning(fires, at, threshold),
	}
}

// thin is the mean and the standard deviation of the time at so many requests a
// second: of the first passage of the count of errors in the window, which grows by
// those that come and falls by those of before that leave (Cox and Miller, 1965,
// section 5.7). Without those of before it is a sum of exponential times.
func (q burnQuestion) thin() (mean, sd float64) {
	if q.baseline == 0 {
		c := analytic.BurnCount{Burn: q.alert, Requests: q.rps, Errors: q.errors}
		return c.Mean(), c.SD()
	}
	before := q.baseline * q.rps * q.alert.Window
	needed := math.Floor(q.alert.Threshold()*q.rps*q.alert.Window) + 1 - before
	drift, noise := (q.errors-q.baseline)*q.rps, (q.errors+q.baseline)*q.rps
	return needed / drift, math.Sqrt(needed*noise/(drift*drift*drift) + before/(drift*drift))
}

func (q burnQuestion) meaning(fires bool, at, threshold float64) string {
	switch {
	case !fires:
		return fmt.Sprintf("a failing share of %s never rings this tier, which needs more than %s. A small ring of a large service is diluted: look at its own ratio, or at a slower tier.",
			percentText(q.errors), percentText(threshold))
	case at == 0:
		return "the baseline burns too fast already: the alarm rings whatever the release does."
	case at > q.alert.Window:
		return "by then errors have begun to leave the window again, so the time is a lower bound."
	}
	return "the more fails, the sooner: the time falls as one over the failing share, and the budget spent by then hardly depends on it."
}
