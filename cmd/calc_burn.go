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
Poisson process, in a window that divides by as many requests as are expected: without
--baseline the time is Erlang distributed; with one, old errors leave the window while
new ones come, which is counted exactly too, and a window that was too full before rings
at 0. Both hold as far as the alarm comes within one window: a later time is a lower
bound, since new errors leave the window again. --short is taken to be no obstacle.

JSON keys: time_mean_seconds, time_sd_seconds (null when --errors is not enough), fires
(true or false: whether --errors is enough on average), budget_spent (share of the budget
of 30 days that is gone by the mean time), rings_within_window (probability of an alarm
within one window, which with --rps may be by chance alone; null with --rps when nothing
rises).`,
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
	q := burnQuestion{alert: analytic.Burn{Objective: f.value("slo", calcShare, atMost(1-1e-9, "99.9999999%")), Rate: f.value("burn", countExample("14.4"), aboveZero(), atMost(1e6, "1M")),
		Window: 3600 * f.value("window", calcTime, aboveZero(), atMost(24*366, "366d")), Short: 3600 * f.optional("short", calcTime, aboveZero())},
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
	if len(f.faults) > 0 {
		return nil
	}
	q.errors = analytic.Diluted(q.baseline, errors, share)
	if most := q.most(); q.rps > 0 && q.load() > most {
		f.fault("--rps %s is more than %s errors in the window, which leaves nothing to chance: leave it out", f.text("rps"), digits(most))
	}
	return func() (calcAnswer, error) { return q.answer(), nil }
}

// load is the number of errors in the window that has to be counted through.
func (q burnQuestion) load() float64 {
	requests := q.rps * q.alert.Window
	return requests * math.Max(q.baseline, q.alert.Threshold())
}

// most bounds the load: the sum of a baseline is as long as its square root, two
// hundred times and more; a closed form needs no more than whole numbers.
func (q burnQuestion) most() float64 {
	if q.baseline > 0 {
		return 1e6
	}
	return 1e12
}

func (q burnQuestion) answer() calcAnswer {
	at, sd, rings := q.times()
	fires, word := !math.IsInf(at, 1), "no"
	if fires {
		word = "yes"
	}
	traffic := "so many requests that nothing is left to chance, evaluated all the time."
	if q.rps > 0 {
		traffic = "errors are Poisson, of " + digits(q.rps) + noBreak + "requests a second; evaluated all the time."
	}
	threshold := q.alert.Threshold()
	return calcAnswer{
		question: "How long until an alert on the error budget rings?",
		rows: []calcRow{
			{key: "time_mean_seconds", label: "time to the alarm, mean", values: at, unit: inThings.named("s")},
			{key: "time_sd_seconds", label: "standard deviation", values: sd, unit: inThings.named("s")},
			{key: "fires", values: fires},
			{label: "the failing share is enough", values: word},
			{key: "budget_spent", label: "budget of 30 days spent by then", values: q.alert.Spent(q.errors, at, 30*86400), unit: inPercent},
			q.within(rings),
		},
		assumes: fmt.Sprintf("the failing share of all that the alert looks at rises from %s to %s at once; it rings above %s; %s",
			percentText(q.baseline), percentText(q.errors), percentText(threshold), traffic),
		means: q.meaning(at, rings),
	}
}

// times are the mean and the standard deviation of the time to the alarm, +Inf where
// errors are not enough, and the probability of an alarm within one window, NaN where it
// is not known.
func (q burnQuestion) times() (mean, sd, rings float64) {
	mean = q.alert.Time(q.baseline, q.errors)
	enough := !math.IsInf(mean, 1)
	switch {
	case !enough:
		sd = mean
	case mean <= q.alert.Window:
		rings = 1
	}
	if q.rps == 0 {
		return mean, sd, rings
	}
	if q.errors <= q.baseline {
		return mean, sd, math.NaN()
	}
	c := analytic.BurnCount{Burn: q.alert, Requests: q.rps, Baseline: q.baseline, Errors: q.errors}
	if enough {
		mean, sd = c.Mean(), c.SD()
	}
	return mean, sd, c.Within()
}

func (q burnQuestion) within(rings float64) calcRow {
	row := calcRow{key: "rings_within_window", label: "an alarm within one window", values: rings, unit: inPercent}
	if math.IsNaN(rings) {
		return calcRow{key: row.key, values: nil}
	}
	return row
}

func (q burnQuestion) meaning(at, rings float64) string {
	switch {
	case math.IsInf(at, 1) && q.rps > 0:
		return fmt.Sprintf("a failing share of %s is not above %s, so it rings by chance alone, if it does: by thin traffic, for a healthy release too.",
			percentText(q.errors), percentText(q.alert.Threshold()))
	case math.IsInf(at, 1):
		return fmt.Sprintf("a failing share of %s never rings this tier, which needs more than %s. A small ring of a large service is diluted: look at its own ratio, or at a slower tier.",
			percentText(q.errors), percentText(q.alert.Threshold()))
	case q.alert.Time(q.baseline, q.errors) == 0:
		return "the baseline burns too fast already: the alarm rings whatever the release does."
	case rings < 0.999:
		return "where it takes longer than one window, errors have begun to leave it again: the mean is a lower bound."
	}
	return "the more fails, the sooner: the time falls as one over the failing share, and the budget spent by then hardly depends on it."
}
