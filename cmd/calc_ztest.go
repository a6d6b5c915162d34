package cmd

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/spf13/cobra"
)

func newCalcZTestCommand() *cobra.Command {
	return calculation{
		use:   "ztest",
		short: "what does looking again and again at two error rates cost?",
		long: `Ztest compares the failing share of a canary, which gets --share of the traffic, with
that of the rest by the pooled two-proportion z test, at --looks equal steps up to
--requests of the canary, each at level --alpha, one-sided. size is the probability
that any look rings when both fail with --p0; power, when the canary fails with --true.

With one look and at most 3,000 requests a side the answer is exact (both counts are
binomial); otherwise the statistic is normal and looks are a recursive integration.

JSON keys: size, power, looks_mean (taken, when the canary fails with --true), bound (of
each look, in standard deviations).`,
		example: `  rollrisk calc ztest --requests 10000 --p0 1% --true 1.5% --alpha 5% --looks 10
  rollrisk calc ztest --requests 1000 --p0 1% --true 3% --share 50% --looks 1 -o json`,
		declare: func(f *calcFlags) {
			f.declare("requests", "", "requests of the canary by the last look, e.g. 10000")
			f.declare("p0", "", "failing share of the version before, e.g. 1%")
			f.declare("true", "", "failing share of the canary, e.g. 2%")
			f.declare("alpha", "5%", "level of each look, one-sided")
			f.declare("looks", "1", "looks at equal steps")
			f.declare("share", "50%", "share of the traffic that the canary gets")
		},
		read: readZTest,
	}.command()
}

// zQuestion is a comparison of two shares at looks.
type zQuestion struct {
	requests, p0, p1, alpha, share float64
	looks                          int
}

func readZTest(f *calcFlags) func() (calcAnswer, error) {
	z := zQuestion{requests: f.value("requests", countExample("10000"), whole(), atLeast(1, "1"), atMost(1e12, "1T")),
		p0: f.value("p0", calcShare, aboveZero(), belowOne()), p1: f.value("true", calcShare, aboveZero(), belowOne()),
		alpha: f.value("alpha", calcShare, atLeast(1e-9, "0.0000001%"), belowHalf()), share: f.value("share", calcShare, aboveZero(), belowOne()),
		looks: int(f.value("looks", countExample("10"), whole(), atLeast(1, "1"), atMost(200, "200")))}
	return func() (calcAnswer, error) { return z.answer(), nil }
}

func (z zQuestion) answer() calcAnswer {
	baseline := math.Max(1, math.Round(z.requests*(1-z.share)/z.share))
	bound := portable.NormalQuantile(1 - z.alpha)
	var size, power, looks float64
	how := "the statistic is normal"
	if z.looks == 1 && z.requests <= 3000 && baseline <= 3000 {
		t := analytic.TwoSamples{Canary: int(z.requests), Baseline: int(baseline), Level: z.alpha}
		size, power, looks = t.Rejects(t.PooledZ(), z.p0, z.p0), t.Rejects(t.PooledZ(), z.p1, z.p0), 1
		how = "both counts are binomial"
	} else {
		plan := analytic.Looks{}
		for range z.looks {
			plan.Bounds = append(plan.Bounds, bound)
		}
		size, _ = plan.Reject(0)
		power, looks = plan.Reject(z.drift(baseline) / math.Sqrt(float64(z.looks)))
	}
	return calcAnswer{
		question: "How often does a comparison that is looked at again and again ring?",
		rows: []calcRow{
			{key: "size", label: "it rings falsely", values: size, unit: inPercent},
			{key: "power", label: "it notices the difference", values: power, unit: inPercent},
			{key: "looks_mean", label: "looks taken then, mean", values: looks, unit: inThings},
			{key: "bound", label: "bound of each look", values: bound, unit: inThings.named("standard deviations")},
		},
		assumes: fmt.Sprintf("%s requests of the canary beside %s of the version before, %d looks at equal steps, each at level %s, one-sided; requests fail independently; %s.",
			digits(z.requests), digits(baseline), z.looks, percentText(z.alpha), how),
		means: "every look is a chance more to ring falsely; a plan of looks (calc groupseq) or a test that may be looked at any time (calc eprocess) keeps its level.",
	}
}

// drift is the mean of the statistic at the last look.
func (z zQuestion) drift(baseline float64) float64 {
	pooled := (z.requests*z.p1 + baseline*z.p0) / (z.requests + baseline)
	return (z.p1 - z.p0) / math.Sqrt(pooled*(1-pooled)*(1/z.requests+1/baseline))
}
