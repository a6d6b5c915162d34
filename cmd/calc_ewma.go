package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcEWMACommand() *cobra.Command {
	return calculation{
		use:   "ewma",
		short: "how long does a moving average run up to its alarm?",
		long: `Ewma takes an exponentially weighted moving average of observations in standard
deviations, with --weight for the newest, that rings when it is more than --limit of
its own standard deviations away from 0 (those of a long run), and says how long it
runs when the mean of the observations is --shift. With --one-sided it rings above
only.

The answer is by quadrature, good to eight digits.

The symbols of the textbooks will do as well: --lambda for the weight, --L for the limit,
--mu for the shift.

JSON keys: run_length_mean, run_length_sd (observations).`,
		example: `  rollrisk calc ewma --weight 0.1 --limit 2.814 --shift 0.5
  rollrisk calc ewma --weight 0.2 --limit 2.962 --shift 0 --one-sided -o json`,
		symbols: map[string]string{"lambda": "weight", "L": "limit", "mu": "shift"},
		declare: func(f *calcFlags) {
			f.declare("weight", "", "weight of the newest observation, above 0 and at most 1, e.g. 0.2")
			f.declare("limit", "", "standard deviations of the average at which it rings, e.g. 2.962")
			f.declare("shift", "", "mean of the observations, in standard deviations, e.g. 0.5")
			f.set.Bool("one-sided", false, "it rings above only")
		},
		read: func(f *calcFlags) func() (calcAnswer, error) {
			e := analytic.EWMA{Weight: f.value("weight", calcShare, atLeast(0.01, "0.01")), Limit: f.value("limit", countExample("2.962"), atLeast(0.1, "0.1"), atMost(6, "6")),
				OneSided: f.is("one-sided")}
			shift := f.signed("shift", "0.5", 10)
			return func() (calcAnswer, error) {
				run, err := e.RunLength(shift)
				return runAnswer("observations", run, fmt.Sprintf("observations are normal with mean %s and standard deviation 1, independently; the average gives %s to the newest and rings %s of its standard deviations away from 0.",
					digits(shift), percentText(e.Weight), digits(e.Limit))), err
			}
		},
	}.command()
}
