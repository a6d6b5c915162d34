package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcGates() *cobra.Command {
	c := newCalc(&cobra.Command{
		Use:   "gates --defects N --catch LIST",
		Short: "how many defects pass all gates, and what they do",
		Long: `Gates sends the defects of a period through stages one after the other, each of
which catches a defect that reaches it with a probability of its own, independently
of all others. The number of defects is Poisson, or with --dispersion, its variance
over its mean, above 1, negative binomial: some periods are worse than others.

With --hazard each escape is exposed to users until its alarm, which rings at that
rate at full exposure, and then to everybody for --respond more hours. The loss of
the period is the sum of the exposures, in hours of the full audience: times the
number of users it is user-hours. Without a response it is the same on every ramp.

JSON keys: escapes_mean and escapes_variance of the number that passes all gates;
none_probability, that none does; caught_mean for each gate. With --hazard also
loss_mean, loss_variance, loss_var99 (the loss that 1% of the periods exceed) and
loss_tail_mean99 (the mean of the worst 1%): user-hours of the period per user, so
that one user stands for the full audience.`,
		Example: `  rollrisk calc gates --defects 12 --catch 30%,50%,20%,40%
  rollrisk calc gates --defects 12 --catch 30%,50%,20%,40% --dispersion 2
  rollrisk calc gates --defects 12 --catch 30%,50%,20%,40% --hazard 0.5/h --respond 1h`,
	}, askGates)
	fl := c.Flags()
	fl.String("defects", "", "mean number of defects in the period, e.g. 12")
	fl.String("catch", "", "probability to catch a defect, of each gate, e.g. 30%,50%,20%,40%")
	fl.String("dispersion", "1", "variance of the number of defects over its mean; 1 is Poisson")
	fl.String("hazard", "", "rate of the alarm of one escape at full exposure, e.g. 0.5/h")
	fl.String("respond", "0", "from the alarm to the end of the exposure, e.g. 1h")
	return c
}

// Limits of gates. With a hazard the answer is a sum over the number of escapes.
const (
	maxDefects    = 10_000
	maxDispersion = 100
)

func askGates(q *calcQuestion) func() (calcAnswer, error) {
	g := analytic.Gates{Defects: analytic.Count{
		Mean:       q.number("defects", calcNumber(0, maxDefects)),
		Dispersion: q.number("dispersion", calcNumber(1, maxDispersion)),
	}, Catch: q.numbers("catch", calcProbability)}
	if !q.has("hazard") {
		if q.has("respond") {
			q.faultf("--respond needs --hazard, the rate of the alarm before it")
		}
		return func() (calcAnswer, error) { return answerGates(g), nil }
	}
	hazard, respond := q.number("hazard", calcRate), q.number("respond", calcLatency)
	return func() (calcAnswer, error) {
		return withLoss(answerGates(g), analytic.Loss{Escapes: g.Escapes(), Hazard: hazard, Respond: respond}), nil
	}
}

func answerGates(g analytic.Gates) calcAnswer {
	escapes := g.Escapes()
	gates := make([]string, len(g.Catch))
	for i := range gates {
		gates[i] = fmt.Sprintf("caught by gate %d, mean", i+1)
	}
	return calcAnswer{
		method: "thinning of a Poisson or negative binomial number, exact",
		values: []calcValue{
			{key: "caught_mean", unit: "defects", value: numbersOf(g.Caught()), each: gates},
			{key: "escapes_mean", label: "escapes, mean", unit: "defects", value: number(escapes.Mean)},
			{key: "escapes_variance", label: "escapes, variance", value: number(escapes.Variance())},
			{key: "none_probability", label: "no escape", unit: "%", value: number(escapes.None())},
		},
		notes: []string{"The order of the gates changes what each catches, not what passes them all."},
	}
}

// withLoss adds the loss of the period to an answer.
func withLoss(a calcAnswer, l analytic.Loss) calcAnswer {
	const full = "h of full audience"
	a.method += "; loss by a mixture of Erlang distributions, exact"
	a.values = append(a.values,
		calcValue{key: "loss_mean", label: "loss, mean", unit: full, value: number(l.Mean())},
		calcValue{key: "loss_variance", label: "loss, variance", unit: "h² of full audience", value: number(l.Variance())},
		calcValue{key: "loss_var99", label: "loss exceeded in 1% of periods", unit: full, value: number(l.Quantile(0.99))},
		calcValue{key: "loss_tail_mean99", label: "loss, mean of the worst 1%", unit: full, value: number(l.TailMean(0.99))})
	a.notes = append(a.notes, "The loss is the exposure of all escapes of the period. Times the number of users it is user-hours.")
	if l.Respond == 0 {
		a.notes = append(a.notes, "Without a response it is the same on every ramp whose last ring lasts (exposure-clock theorem).")
	} else {
		a.notes = append(a.notes, "The response is counted at full exposure; on a ramp it is spent at a smaller share, and the loss is less.")
	}
	return a
}
