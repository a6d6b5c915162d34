package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcGatesCommand() *cobra.Command {
	return calculation{
		use:   "gates",
		short: "how many defects pass all gates, and what do they cost in exposure?",
		long: `Gates takes the mean number of defects injected in a period and the gates that each
catch a defect with a probability, independently. The number is Poisson; with
--dispersion d its variance is d times the mean (negative binomial), as when some
changes are worse than others.

With --hazard, each escaped defect is exposed to all users until it is noticed,
which takes an exponential time of that rate, and for --respond more. The loss of
the period is the sum of these exposures, in hours of full audience: times the
number of users it is user-hours. Without --respond it is the same on every ramp
whose last ring has no end; with it, a ramp has less.

JSON keys: escapes_mean, escapes_variance, none_probability, caught_mean (by each
gate); with --hazard also loss_mean, loss_variance, loss_var99 (value at risk: not
exceeded in 99 of 100 periods) and loss_tail_mean99 (mean of the worst hundredth).`,
		example: `  rollrisk calc gates --defects 12 --catch 30%,50%,20%,40%
  rollrisk calc gates --defects 12 --catch 30%,50%,20%,40% --dispersion 2 --hazard 0.5/h --respond 1h -o json`,
		declare: func(f *calcFlags) {
			f.declare("defects", "", "mean number of defects injected in the period, e.g. 12")
			f.declare("catch", "", "probability of each gate to catch a defect, e.g. 30%,50%")
			f.declare("dispersion", "1", "variance of the number of defects over its mean; 1 is Poisson")
			f.declare("hazard", "", "rate at which an escaped defect is noticed at full exposure, e.g. 0.5/h")
			f.declare("respond", "", "from the alarm to the end of the exposure, e.g. 1h")
		},
		read: readGates,
	}.command()
}

func readGates(f *calcFlags) func() (calcAnswer, error) {
	g := analytic.Gates{
		Defects: analytic.Count{
			Mean:       f.value("defects", countExample("12"), aboveZero(), atMost(1e5, "100k")),
			Dispersion: f.value("dispersion", calcNumber, atLeast(1, "1, which is Poisson,"), atMost(100, "100")),
		},
		Catch: f.values("catch", calcShare),
	}
	hazard := f.optional("hazard", calcRate, aboveZero())
	respond := f.optional("respond", calcTime)
	if f.has("respond") && !f.has("hazard") {
		f.fault("--respond %s needs --hazard, the rate at which an escaped defect is noticed; for example --hazard 0.5/h", f.text("respond"))
	}
	return func() (calcAnswer, error) {
		a := answerGates(g)
		if f.has("hazard") {
			a.addLoss(analytic.Loss{Escapes: g.Escapes(), Hazard: hazard, Respond: respond})
		}
		return a, nil
	}
}

func answerGates(g analytic.Gates) calcAnswer {
	escapes := g.Escapes()
	var names []string
	for i, catch := range g.Catch {
		names = append(names, fmt.Sprintf("%d, %s", i+1, percentText(catch)))
	}
	return calcAnswer{
		question: "How many defects of a period pass all gates?",
		rows: []calcRow{
			{key: "escapes_mean", label: "escapes, mean", values: escapes.Mean, unit: inThings},
			{key: "escapes_variance", label: "escapes, variance", values: escapes.Variance(), unit: inThings},
			{key: "none_probability", label: "no escape at all", values: escapes.None(), unit: inPercent},
			{key: "caught_mean", label: "caught by gate", values: g.Caught(), unit: inThings, each: names},
		},
		assumes: fmt.Sprintf("%s defects in the mean, with %s times as much variance; each gate catches each defect that reaches it with its probability, "+
			"whatever the others did. Gates that miss the same defects catch less together.", digits(g.Defects.Mean), digits(g.Defects.Dispersion)),
		means: fmt.Sprintf("%s of 100 defects escape, in whatever order the gates stand; thinning a number of defects leaves it of the same kind.",
			digits(100*escapes.Mean/g.Defects.Mean)),
	}
}

func (a *calcAnswer) addLoss(l analytic.Loss) {
	full := inHours.named("h of full audience")
	a.question = "How many defects of a period pass all gates, and what exposure do they give?"
	a.rows = append(a.rows,
		calcRow{key: "loss_mean", label: "loss, mean", values: l.Mean(), unit: full},
		calcRow{key: "loss_variance", label: "loss, variance", values: l.Variance(), unit: inThings.named("h²")},
		calcRow{key: "loss_var99", label: "loss, not exceeded in 99 of 100 periods", values: l.Quantile(0.99), unit: full},
		calcRow{key: "loss_tail_mean99", label: "loss, mean of the worst hundredth", values: l.TailMean(0.99), unit: full})
	a.assumes += fmt.Sprintf(" Each escape is exposed to everybody until it is noticed, at %s, and then for %s more.",
		perHourText(l.Hazard), hoursText(l.Respond))
	a.means += " An hour of full audience, times the number of users, is user-hours."
}
