package cmd

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcMaxSPRTCommand() *cobra.Command {
	return calculation{
		use:   "maxsprt",
		short: "critical value, power and time of Kulldorff's sequential test",
		long: `Maxsprt takes the maximised sequential probability ratio test of Poisson errors
(Kulldorff and others, 2011), watched all the time until --expected errors would have
come in health. It works out the critical value at which a healthy version rings with
probability --alpha, and what the test does when errors are --ratio times as frequent.

The answer is exact, by a recursion over the times up to which each error still rings.

JSON keys: critical_value (of the log-likelihood ratio), power (with --ratio 1 it is
alpha), signal_time_mean (of the alarm, given that there is one, in errors expected in
health; null where there is none), length_mean (of the test, in the same).`,
		example: `  rollrisk calc maxsprt --expected 10 --alpha 5% --ratio 2
  rollrisk calc maxsprt --expected 50 --alpha 1% --ratio 1.5 -o json`,
		symbols: map[string]string{"T": "expected", "rr": "ratio"},
		declare: func(f *calcFlags) {
			f.declare("expected", "", "errors expected in health at which the test ends, e.g. 10")
			f.declare("alpha", "5%", "probability of an alarm in health")
			f.declare("ratio", "2", "how many times as frequent errors are")
		},
		read: readMaxSPRT,
	}.command()
}

func readMaxSPRT(f *calcFlags) func() (calcAnswer, error) {
	expected := f.value("expected", countExample("10"), atLeast(0.01, "0.01"), atMost(500, "500"))
	alpha := f.value("alpha", calcShare, atLeast(1e-9, "0.0000001%"), belowOne())
	ratio := f.value("ratio", countExample("2"), atLeast(0.01, "0.01"), atMost(1000, "1000"))
	if len(f.faults) == 0 {
		if most := analytic.MostSize(expected); alpha >= most {
			f.fault("--alpha %s is more than the test can ring in health: there are ever more errors than expected with probability %s; take a smaller --alpha, or more --expected",
				f.text("alpha"), percentText(most))
		}
	}
	return func() (calcAnswer, error) {
		m := analytic.MaxSPRT{Expected: expected, Critical: analytic.CriticalValue(expected, alpha)}
		power, at := m.Signal(ratio)
		length := expected
		if !math.IsInf(at, 1) {
			length = power*at + (1-power)*expected
		}
		return calcAnswer{
			question: "How likely is the sequential test to signal, and when?",
			rows: []calcRow{
				{key: "critical_value", label: "critical value of the log-likelihood ratio", values: m.Critical, unit: inThings},
				{key: "power", label: "it signals", values: power, unit: inPercent},
				{key: "signal_time_mean", label: "if it signals, errors expected in health by then, mean", values: at, unit: inThings},
				{key: "length_mean", label: "errors expected in health by its end, mean", values: length, unit: inThings},
			},
			assumes: fmt.Sprintf("errors are a Poisson process, %s times as frequent as in health; the test is watched all the time and ends when %s would be expected in health.",
				digits(ratio), digits(expected)),
			means: "divided by the errors per hour of a healthy ring, these are hours of bake time: a small ring of a quiet service is a slow judge.",
		}, nil
	}
}
