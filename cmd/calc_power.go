package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcPowerCommand() *cobra.Command {
	return calculation{
		use:   "power",
		short: "how long must a ring bake to notice a rise of the error rate?",
		long: `Power takes one look at the errors of a ring at the end of its bake time, against a
known --baseline: it rings when health would bring as many with probability --alpha at
most. It says how many requests it takes to notice a --rise of the failing share with
probability --power, and, with the traffic of the service --rps and the --share of the
ring, how long that is.

Each request fails with its probability, independently, so that the test and its power
are binomial, without an approximation. Power is no smooth function of the requests: it
drops wherever one error more becomes needed. The answer is the number from which on it
never falls below.

JSON keys: requests_needed, errors_needed (that ring, at that number of requests), power
(at that number), bake_hours (null without --rps).`,
		example: `  rollrisk calc power --baseline 1% --rise 0.5% --rps 10 --share 5%
  rollrisk calc power --baseline 0.1% --rise 0.1% --power 95% --alpha 1% -o json`,
		declare: func(f *calcFlags) {
			f.declare("baseline", "", "failing share in health, e.g. 1%")
			f.declare("rise", "", "by how much it is higher when the release is bad, e.g. 0.5%")
			f.declare("power", "90%", "probability to notice it")
			f.declare("alpha", "5%", "largest probability of a false alarm")
			f.declare("rps", "", "requests a second of the whole service, e.g. 10")
			f.declare("share", "100%", "share of the traffic that the ring gets, e.g. 5%")
		},
		read: readPower,
	}.command()
}

func readPower(f *calcFlags) func() (calcAnswer, error) {
	t := analytic.FixedTest{Baseline: f.value("baseline", calcShare, atLeast(1e-9, "0.0000001%"), atMost(0.99, "99%")),
		Rise: f.value("rise", calcShare, atLeast(1e-9, "0.0000001%"), belowOne()), Alpha: f.value("alpha", calcShare, atLeast(1e-9, "0.0000001%"), belowHalf())}
	power := f.value("power", calcShare, atLeast(0.01, "1%"), belowOne())
	rps, share := f.optional("rps", calcNumber, aboveZero()), f.value("share", calcShare, aboveZero())
	if len(f.faults) == 0 && t.Baseline+t.Rise > 1 {
		f.fault("--baseline %s and --rise %s make more than 100%%", f.text("baseline"), f.text("rise"))
	}
	if len(f.faults) == 0 && t.Rise < t.Baseline/1000 {
		f.fault("--rise %s is less than a thousandth of --baseline %s, which no ring will notice", f.text("rise"), f.text("baseline"))
	}
	return func() (calcAnswer, error) {
		n := t.Requests(power)
		got, errors := t.Power(n)
		a := calcAnswer{
			question: "How much traffic, and how long a bake time, does it take to notice the rise?",
			rows: []calcRow{
				{key: "requests_needed", label: "requests of the ring", values: n, unit: inThings},
				{key: "errors_needed", label: "errors among them that ring", values: float64(errors), unit: inThings},
				{key: "power", label: "it notices the rise", values: got, unit: inPercent},
			},
			assumes: fmt.Sprintf("requests fail independently, %s of them in health and %s when the release is bad; one look at the end; a false alarm in at most %s of the healthy releases.",
				percentText(t.Baseline), percentText(t.Baseline+t.Rise), percentText(t.Alpha)),
			means: fmt.Sprintf("let the ring serve %s requests and take the release back if %s or more of them fail: of such bad releases %s go on all the same. Half the rise takes about four times the requests.",
				digits(n), digits(float64(errors)), percentText(1-got)),
		}
		if rps > 0 {
			hours := n / (rps * share * 3600)
			a.rows = append(a.rows, calcRow{key: "bake_hours", label: "bake time at " + percentText(share) + " of " + digits(rps) + " requests a second", values: hours, unit: inHours})
		} else {
			a.rows = append(a.rows, calcRow{key: "bake_hours", values: nil})
		}
		return a, nil
	}
}
