package cmd

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcSPRTCommand() *cobra.Command {
	return calculation{
		use:   "sprt",
		short: "how many requests does Wald's sequential test need?",
		long: `Sprt takes Wald's sequential probability ratio test of the failing share, healthy
--p0 against broken --p1, with the error probabilities --alpha (an alarm in health)
and --beta (a broken version passes) that the test aims at, and says what it does
when the true share is --true. It looks after every request, or after every --batch
of them.

The answer is exact: a recursion over the errors so far, not Wald's approximation.

JSON keys: reject_probability, accept_probability, samples_mean, samples_sd,
samples_p50 (requests up to the decision).`,
		example: `  rollrisk calc sprt --p0 1% --p1 3% --alpha 5% --beta 5% --true 2%
  rollrisk calc sprt --p0 1% --p1 3% --alpha 5% --beta 5% --true 1% --batch 100 -o json`,
		declare: func(f *calcFlags) {
			f.declare("p0", "", "failing share that is healthy, e.g. 1%")
			f.declare("p1", "", "failing share that is broken, e.g. 3%")
			f.declare("alpha", "5%", "probability aimed at of an alarm in health")
			f.declare("beta", "5%", "probability aimed at of passing a broken version")
			f.declare("true", "", "failing share that the version has, e.g. 2%")
			f.declare("batch", "1", "requests between two looks")
		},
		read: readSPRT,
	}.command()
}

// belowOne and belowHalf keep a share off the ends where a test makes no sense.
func belowOne() calcLimit {
	return calcLimit{func(x float64) bool { return x < 1 }, "must be below 100%"}
}

func belowHalf() calcLimit {
	return calcLimit{func(x float64) bool { return x < 0.5 }, "must be below 50%"}
}

// mostBatch bounds the work of one look, mostWork that of a test: in additions of one
// product, of which some thousand million take a second.
const (
	mostBatch = 10000
	mostWork  = 1.5e9
)

func readSPRT(f *calcFlags) func() (calcAnswer, error) {
	s := analytic.SPRT{Healthy: f.value("p0", calcShare, aboveZero(), belowOne()), Broken: f.value("p1", calcShare, aboveZero(), belowOne()),
		Alpha: f.value("alpha", calcShare, aboveZero(), belowHalf()), Beta: f.value("beta", calcShare, aboveZero(), belowHalf()),
		Batch: int(f.value("batch", calcCount, whole(), atLeast(1, "1"), atMost(mostBatch, "10k")))}
	p := f.value("true", calcShare)
	if len(f.faults) == 0 && s.Broken <= s.Healthy {
		f.fault("--p1 %s must be above --p0 %s; it is the failing share to notice", f.text("p1"), f.text("p0"))
	}
	return func() (calcAnswer, error) {
		most := lookedAt(s, p)
		v := s.Run(p, most)
		if v.Open > 1e-9 {
			return calcAnswer{}, fmt.Errorf("the test may go on beyond %s requests, more than are worked out here; take %s", digits(float64(most)), wayOut(s.Batch))
		}
		return answerSPRT(s, p, v), nil
	}
}

func wayOut(batch int) string {
	if batch < mostBatch {
		return "shares that differ more, or a larger --batch"
	}
	return "shares that differ more"
}

// lookedAt is how many requests the recursion goes through at most: as many looks as
// mostWork allows. A look adds up, for each number of errors between the bounds, those
// that are likely among a batch (eight standard deviations to either side, and some
// for a skew law); its rest costs as much as 40 more.
func lookedAt(s analytic.SPRT, p float64) int {
	above, below, _ := s.Lines()
	batch := float64(s.Batch)
	errors := math.Min(batch+1, 25+16*math.Sqrt(batch*p*(1-p)))
	looks := math.Ceil(mostWork / (40 + float64((above+below+1)*errors)))
	return int(math.Min(math.MaxInt32, looks*batch))
}

func answerSPRT(s analytic.SPRT, p float64, v analytic.Verdict) calcAnswer {
	above, below, slope := s.Lines()
	return calcAnswer{
		question: "What does Wald's sequential test decide, and after how many requests?",
		rows: []calcRow{
			{key: "reject_probability", label: "the alarm rings", values: v.Reject, unit: inPercent},
			{key: "accept_probability", label: "the version passes", values: v.Accept, unit: inPercent},
			{key: "samples_mean", label: "requests to the decision, mean", values: v.Mean, unit: inThings},
			{key: "samples_sd", label: "standard deviation", values: v.SD, unit: inThings},
			{key: "samples_p50", label: "requests to the decision, P50", values: v.Median, unit: inThings},
		},
		assumes: fmt.Sprintf("each request fails with probability %s, independently; after each %s the alarm rings at %s + n %s%s%s errors among n requests, and the version passes at n %s%s%s - %s.",
			percentText(p), batchText(s.Batch), digits(above), times, noBreak, digits(slope), times, noBreak, digits(slope), digits(below)),
		means: sprtMeaning(s, p),
	}
}

// times is the sign of a product.
const times = "×"

func batchText(batch int) string {
	if batch == 1 {
		return "request"
	}
	return digits(float64(batch)) + noBreak + "requests"
}

func sprtMeaning(s analytic.SPRT, p float64) string {
	switch {
	case p <= s.Healthy:
		return "the version is healthy, so an alarm is a false one. The bounds are overshot a little, which makes the test stricter than it aims at."
	case p >= s.Broken:
		return "the version is as broken as the test seeks, or more, so passing it is the error."
	}
	return "the version lies between healthy and broken, where the test is slowest and its decision nearly a toss."
}
