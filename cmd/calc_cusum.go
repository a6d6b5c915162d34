package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcCusumCommand() *cobra.Command {
	return calculation{
		use:   "cusum",
		short: "how long does a cumulative sum run up to its alarm?",
		long: `Cusum takes a one-sided cumulative sum and says how long it runs up to its alarm,
which is a false one where nothing has changed. One of three:

--poisson: counts of errors an interval, with the mean --mean; the sum rises by what is
above --reference and rings at --limit. Exact, by a Markov chain.
--bernoulli: single requests that fail with probability --true; an error adds 1, every
request takes 1/m away, with the whole m that tells --p1 from --p0 best; the sum rings at
--limit. Exact, by a Markov chain.
--normal: observations in standard deviations, with the mean --shift; the sum rises by
what is above --reference and rings above --limit; --two-sided adds one that watches
for a fall. By quadrature, good to eight digits.

With --head-start the sum does not start at 0; with --steady it has been running for
long without an alarm, in health (--poisson: with the mean --in-control) before the
change.

The exact ones are good to nine digits, and charts that hardly ever ring are answered
to the same digits as others. A standard deviation below 1e-7 of the mean is rounding.

The symbols of the textbooks will do as well: --k for the reference, --h for the limit,
--mu for the mean of counts or the shift.

JSON keys: run_length_mean, run_length_sd (intervals, requests or observations).`,
		example: `  rollrisk calc cusum --poisson --reference 5 --limit 10 --mean 7
  rollrisk calc cusum --bernoulli --p0 1% --p1 2.5% --limit 5 --true 2%
  rollrisk calc cusum --normal --reference 0.5 --limit 4 --shift 1 --two-sided -o json`,
		symbols: map[string]string{"k": "reference", "h": "limit", "mu": "mean"},
		declare: declareCusum,
		read:    readCusum,
	}.command()
}

func declareCusum(f *calcFlags) {
	for name, usage := range map[string]string{"poisson": "counts an interval", "bernoulli": "single requests", "normal": "normal observations",
		"two-sided": "with --normal: watch for a fall too", "steady": "the sum has been running for long"} {
		f.set.Bool(name, false, usage)
	}
	f.declare("reference", "", "what adds nothing to the sum, e.g. 5 (0.5 with --normal)")
	f.declare("limit", "", "sum at which it rings, e.g. 10")
	f.declare("head-start", "", "where the sum starts, e.g. half of the limit")
	f.declare("mean", "", "with --poisson: mean count an interval, e.g. 7")
	f.declare("in-control", "", "with --poisson --steady: mean count in health, e.g. 4")
	f.declare("shift", "", "with --normal: mean of the observations, e.g. 1")
	f.declare("p0", "", "with --bernoulli: healthy share, e.g. 1%")
	f.declare("p1", "", "with --bernoulli: broken share, e.g. 2.5%")
	f.declare("true", "", "with --bernoulli: true share, e.g. 2%")
}

func readCusum(f *calcFlags) func() (calcAnswer, error) {
	switch {
	case f.is("poisson") && !f.is("bernoulli") && !f.is("normal"):
		refuse(f, "--poisson", "shift", "p0", "p1", "true", "two-sided")
		return readPoissonCusum(f)
	case f.is("bernoulli") && !f.is("poisson") && !f.is("normal"):
		refuse(f, "--bernoulli", "shift", "mean", "in-control", "reference", "head-start", "steady", "two-sided")
		return readBernoulliCusum(f)
	case f.is("normal") && !f.is("poisson") && !f.is("bernoulli"):
		refuse(f, "--normal", "in-control", "p0", "p1", "true")
		return readNormalCusum(f)
	}
	f.fault("one of --poisson, --bernoulli and --normal must be given")
	return nil
}

// refuse notes flags that have no meaning in a mode.
func refuse(f *calcFlags, mode string, names ...string) {
	for _, name := range names {
		if f.has(name) {
			f.fault("--%s has no meaning with %s", name, mode)
		}
	}
}

// mostSum bounds the numbers of a chart.
func mostSum() calcLimit { return atMost(1e5, "100k") }

func readPoissonCusum(f *calcFlags) func() (calcAnswer, error) {
	c := analytic.PoissonCusum{Reference: f.value("reference", countExample("5"), aboveZero(), mostSum()),
		Limit: f.value("limit", countExample("10"), aboveZero(), mostSum()), HeadStart: f.optional("head-start", countExample("5"), mostSum())}
	mean := f.value("mean", countExample("7"), aboveZero(), mostSum())
	healthy := 0.0
	if f.is("steady") {
		healthy = f.value("in-control", countExample("4"), aboveZero(), mostSum())
		if len(f.faults) == 0 && healthy > c.Reference {
			f.fault("--in-control %s must be at most --reference %s; above it the sum rises in health", f.text("in-control"), f.text("reference"))
		}
	}
	checkHeadStart(f, c.HeadStart, c.Limit)
	return func() (calcAnswer, error) {
		assumes := fmt.Sprintf("counts are Poisson with mean %s, independently; the sum of what is above %s rings at %s", digits(mean), digits(c.Reference), digits(c.Limit))
		if f.is("steady") {
			delay, err := c.SteadyDelay(healthy, mean)
			return runAnswer("intervals", delay, assumes+", having run long at mean "+digits(healthy)+"."), err
		}
		run, err := c.RunLength(mean)
		return runAnswer("intervals", run, assumes+", starting at "+digits(c.HeadStart)+"."), err
	}
}

func checkHeadStart(f *calcFlags, head, limit float64) {
	if len(f.faults) == 0 && head >= limit {
		f.fault("--head-start %s must be below --limit %s", f.text("head-start"), f.text("limit"))
	}
	if f.has("head-start") && f.is("steady") {
		f.fault("--head-start has no meaning with --steady; what has been running for long has forgotten its start")
	}
}

func readBernoulliCusum(f *calcFlags) func() (calcAnswer, error) {
	p0, p1 := f.value("p0", calcShare, aboveZero(), belowOne()), f.value("p1", calcShare, aboveZero(), belowOne())
	limit, p := f.value("limit", countExample("5"), aboveZero(), mostSum()), f.value("true", calcShare, aboveZero())
	if len(f.faults) == 0 && p1 <= p0 {
		f.fault("--p1 %s must be above --p0 %s; it is the failing share to notice", f.text("p1"), f.text("p0"))
	}
	return func() (calcAnswer, error) {
		c := analytic.NewBernoulliCusum(p0, p1, limit)
		run, err := c.RunLength(p)
		return runAnswer("requests", run, fmt.Sprintf("each request fails with probability %s, independently; an error adds 1, every request takes 1/%d away, never below 0; the sum rings at %s.",
			percentText(p), c.M, digits(limit))), err
	}
}

func readNormalCusum(f *calcFlags) func() (calcAnswer, error) {
	c := analytic.NormalCusum{Reference: f.value("reference", countExample("0.5"), atMost(10, "10")),
		Limit: f.value("limit", countExample("4"), aboveZero(), atMost(50, "50")), HeadStart: f.optional("head-start", countExample("2"), mostSum())}
	name := "shift" // --mean is the same here
	if f.has("mean") {
		name = "mean"
		if f.has("shift") {
			f.fault("--shift and --mean are the same with --normal; leave one of them out")
		}
	}
	shift := f.signed(name, "1", 10)
	checkHeadStart(f, c.HeadStart, c.Limit)
	if most := c.Limit/2 + c.Reference; len(f.faults) == 0 && f.is("two-sided") && c.HeadStart > most {
		f.fault("--head-start %s with --two-sided is too large; at most half of --limit plus --reference, %s, so that never both are up at the alarm", f.text("head-start"), digits(most))
	}
	if f.is("two-sided") && f.is("steady") {
		f.fault("--steady with --two-sided has no answer here; leave one of them out")
	}
	return func() (calcAnswer, error) {
		assumes := fmt.Sprintf("observations are normal with mean %s and standard deviation 1, independently; the sum of what is above %s rings above %s", digits(shift), digits(c.Reference), digits(c.Limit))
		switch {
		case f.is("two-sided"):
			run, err := c.TwoSided(shift)
			return runAnswer("observations", run, assumes+", and another watches for a fall, both starting at "+digits(c.HeadStart)+"."), err
		case f.is("steady"):
			delay, err := c.SteadyDelay(shift)
			return runAnswer("observations", delay, assumes+", having run long at mean 0."), err
		}
		run, err := c.RunLength(shift)
		return runAnswer("observations", run, assumes+", starting at "+digits(c.HeadStart)+"."), err
	}
}

// runAnswer is the answer about a chart.
func runAnswer(what string, run analytic.RunLength, assumes string) calcAnswer {
	return calcAnswer{
		question: "How long does the chart run up to its alarm?",
		rows: []calcRow{
			{key: "run_length_mean", label: what + " to the alarm, mean", values: run.Mean, unit: inThings},
			{key: "run_length_sd", label: "standard deviation", values: run.SD, unit: inThings},
		},
		assumes: assumes,
		means:   "in health this is the time between false alarms and should be long; after a change it is the time to detect and should be short. A limit buys one with the other.",
	}
}
