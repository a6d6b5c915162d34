package cmd

import (
	"fmt"
	"math"
	"strconv"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

// lookShapes are the words for the shapes of a plan, the short ones too.
var lookShapes = map[string]string{
	"pocock": analytic.Pocock, "obrien-fleming": analytic.OBrienFleming, "obf": analytic.OBrienFleming,
	"spend-like-pocock": analytic.SpendLikePocock, "lan-demets-pocock": analytic.SpendLikePocock,
	"spend-like-obrien-fleming": analytic.SpendLikeOBF, "lan-demets-obf": analytic.SpendLikeOBF,
}

func newCalcGroupSeqCommand() *cobra.Command {
	return calculation{
		use:   "groupseq",
		short: "bounds and power of a test at planned looks",
		long: `Groupseq takes a test that is looked at a planned number of times, at equal steps of
traffic, and works out the bounds that keep the level --alpha over all looks, on both
sides or, with --one-sided, above only. --shape is pocock (equal bounds),
obrien-fleming (strict early; obf for short), or one that spends the level like them:
lan-demets-pocock, lan-demets-obf. --drift is the mean of the statistic at the last
look, in standard deviations: 3.2415 is what a single look at 5% finds in 90 of 100.

The answer is by recursive integration, good to ten digits.

JSON keys: bounds (of the statistic in standard deviations, a list), power, looks_mean.`,
		example: `  rollrisk calc groupseq --looks 5 --alpha 5% --shape pocock --drift 3.2415
  rollrisk calc groupseq --looks 5 --alpha 5% --shape lan-demets-obf --drift 0 -o json`,
		symbols: map[string]string{"kind": "shape"},
		declare: func(f *calcFlags) {
			f.declare("looks", "", "looks planned, e.g. 5")
			f.declare("alpha", "5%", "level of all looks together")
			f.declare("shape", "obrien-fleming", "pocock, obrien-fleming, lan-demets-pocock or lan-demets-obf")
			f.declare("drift", "", "mean of the statistic at the last look, e.g. 3.2415; 0 is health")
			f.set.Bool("one-sided", false, "it rings above only")
		},
		read: readGroupSeq,
	}.command()
}

func readGroupSeq(f *calcFlags) func() (calcAnswer, error) {
	g := analytic.GroupSequential{Looks: int(f.value("looks", countExample("5"), whole(), atLeast(1, "1"), atMost(50, "50"))),
		Alpha: f.value("alpha", calcShare, atLeast(1e-9, "0.0000001%"), belowHalf()), Shape: lookShapes[f.text("shape")], TwoSided: !f.is("one-sided")}
	drift := f.signed("drift", "3.2415", 20)
	if g.Shape == "" {
		f.fault("--shape %s is none of pocock, obrien-fleming, lan-demets-pocock and lan-demets-obf", quoted(f.text("shape")))
	}
	return func() (calcAnswer, error) {
		plan := g.Plan()
		power, looks := plan.Reject(drift / math.Sqrt(float64(g.Looks)))
		var each []string
		for i := range plan.Bounds {
			each = append(each, strconv.Itoa(i+1))
		}
		sides := "on both sides"
		if !g.TwoSided {
			sides = "above only"
		}
		return calcAnswer{
			question: "Which bounds keep the level over planned looks, and what do they find?",
			rows: []calcRow{
				{key: "bounds", label: "bound at look", values: plan.Bounds, unit: inThings, each: each},
				{key: "power", label: "it rings", values: power, unit: inPercent},
				{key: "looks_mean", label: "looks taken, mean", values: looks, unit: inThings},
			},
			assumes: fmt.Sprintf("a normal statistic, looked at %d times at equal steps of traffic, level %s %s in all; its mean at the last look is %s.",
				g.Looks, percentText(g.Alpha), sides, digits(drift)),
			means: "planned looks cost little power and end early when something is badly wrong; unplanned ones at the bound of a single look cost the level.",
		}, nil
	}
}
