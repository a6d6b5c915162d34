package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcEProcessCommand() *cobra.Command {
	return calculation{
		use:   "eprocess",
		short: "how many requests does a test need that may be looked at any time?",
		long: `Eprocess takes a test of the failing share against a healthy --p0 that stays valid
however often it is looked at: the likelihood of the requests so far under a Beta
distribution (--prior a,b) over their likelihood in health. The alarm rings when that
reaches 1 / alpha with more errors than health explains; a healthy version rings with
probability alpha at most, over the whole test. It ends without an alarm after
--requests.

The answer is exact, by a recursion over the errors so far.

JSON keys: reject_probability, samples_mean (requests to the alarm, or --requests),
samples_sd, samples_p50 (null when fewer than half ring).`,
		example: `  rollrisk calc eprocess --p0 1% --true 2% --alpha 5%
  rollrisk calc eprocess --p0 1% --true 3% --alpha 5% --prior 1,99 --batch 100 --requests 20000 -o json`,
		declare: func(f *calcFlags) {
			f.declare("p0", "", "failing share that is healthy, e.g. 1%")
			f.declare("true", "", "failing share that the version has, e.g. 2%")
			f.declare("alpha", "5%", "largest probability of an alarm in health")
			f.declare("prior", "", "a,b of the Beta distribution; without it, 100 requests at --p0")
			f.declare("batch", "1", "requests between two looks")
			f.declare("requests", "20000", "requests after which the test ends")
		},
		read: readEProcess,
	}.command()
}

func readEProcess(f *calcFlags) func() (calcAnswer, error) {
	e := analytic.EProcess{Healthy: f.value("p0", calcShare, aboveZero(), belowOne()), Alpha: f.value("alpha", calcShare, aboveZero()),
		Batch: int(f.value("batch", calcCount, whole(), atLeast(1, "1"), atMost(mostBatch, "10k")))}
	p := f.value("true", calcShare)
	requests := f.value("requests", calcCount, whole(), atLeast(1, "1"), atMost(200e3, "200k"))
	e.A, e.B = 100*e.Healthy, 100*(1-e.Healthy)
	if f.has("prior") {
		switch prior := f.values("prior", calcNumber, aboveZero(), atMost(1e6, "1M")); {
		case prior != nil && len(prior) != 2:
			f.fault("--prior %s has %d values; it is a,b, for example 1,99", f.text("prior"), len(prior))
		case prior != nil:
			e.A, e.B = prior[0], prior[1]
		}
	}
	return func() (calcAnswer, error) {
		v := e.Run(p, int(requests))
		return calcAnswer{
			question: "After how many requests does an always-valid test ring the alarm?",
			rows: []calcRow{
				{key: "reject_probability", label: "the alarm rings", values: v.Reject, unit: inPercent},
				{key: "samples_mean", label: "requests to the alarm or the end, mean", values: v.Mean, unit: inThings},
				{key: "samples_sd", label: "standard deviation", values: v.SD, unit: inThings},
				{key: "samples_p50", label: "requests to the alarm, P50", values: v.Median, unit: inThings},
			},
			assumes: fmt.Sprintf("each request fails with probability %s, independently; the mixture is Beta(%s, %s); a look after each %s, up to %s requests; the alarm rings at an e-value of %s.",
				percentText(p), digits(e.A), digits(e.B), batchText(e.Batch), digits(requests), digits(1/e.Alpha)),
			means: eMeaning(p, e),
		}, nil
	}
}

func eMeaning(p float64, e analytic.EProcess) string {
	if p <= e.Healthy {
		return "the version is healthy, so an alarm is a false one; its probability stays below alpha however long the test goes on."
	}
	return "the price of looking at any time is paid in requests: a single look at a fixed number needs fewer, if it is the right number."
}
