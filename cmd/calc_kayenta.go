package cmd

import (
	"fmt"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcKayentaCommand() *cobra.Command {
	return calculation{
		use:   "kayenta",
		short: "what does Kayenta's judge make of two series of points?",
		long: `Kayenta takes the points of one metric, one a minute or so, of the canary and of the
baseline, and judges them as Kayenta does: by the Mann-Whitney test with a confidence
interval for the shift. The metric is High when the lower limit is above --tolerance of
the estimate and the canary's mean is by --increase or more above the baseline's; Low
the other way round with --decrease. --direction says which of them counts.

JSON keys: verdict (High, Low, Pass or Nodata), estimate (Hodges and Lehmann), lower, upper
(of the interval), p_value, statistic (W).`,
		example: `  rollrisk calc kayenta --canary 20,22,21,25,30 --baseline 1,2.2,1.1,2.5,3
  rollrisk calc kayenta --canary 20,22,21,25,30 --baseline 19,23,22,24,29 --confidence 95% -o json`,
		declare: func(f *calcFlags) {
			f.declare("canary", "", "points of the canary, e.g. 20,22,21")
			f.declare("baseline", "", "points of the baseline, e.g. 19,23,22")
			f.declare("confidence", "98%", "level of the interval; Kayenta's is 98%")
			f.declare("tolerance", "25%", "share of the estimate that the limit must be above; Kayenta's is 25%")
			f.declare("increase", "0%", "rise of the mean that is allowed")
			f.declare("decrease", "0%", "fall of the mean that is allowed")
			f.declare("direction", "either", "which change counts: increase, decrease or either")
		},
		read: readKayenta,
	}.command()
}

func readKayenta(f *calcFlags) func() (calcAnswer, error) {
	r := analytic.Ranks{Canary: f.points("canary"), Baseline: f.points("baseline")}
	j := analytic.Judge{Confidence: f.value("confidence", calcShare, aboveZero(), belowOne()), Tolerance: f.value("tolerance", calcShare),
		Increase: f.value("increase", calcShare), Decrease: f.value("decrease", calcShare)}
	switch f.text("direction") {
	case "either":
	case analytic.Rises, analytic.Falls:
		j.Direction = f.text("direction")
	default:
		f.fault("--direction %s is none of increase, decrease and either", quoted(f.text("direction")))
	}
	return func() (calcAnswer, error) { return answerKayenta(j, r), nil }
}

// points reads the points of one side; none are no data, which is an answer too.
func (f *calcFlags) points(name string) []float64 {
	if f.has(name) && f.text(name) == "" {
		return nil
	}
	if !f.has(name) {
		f.fault("--%s is missing; for example --%s 20,22,21", name, name)
		return nil
	}
	parts := strings.Split(f.text(name), ",")
	if len(parts) > mostInList {
		f.fault("--%s has %d values; at most %d", name, len(parts), mostInList)
		return nil
	}
	var xs []float64
	for _, part := range parts {
		size, negative := strings.CutPrefix(strings.TrimSpace(part), "-")
		x := f.amount(name, size, calcNumber, nil)
		if negative {
			x = -x
		}
		xs = append(xs, x)
	}
	return xs
}

func answerKayenta(j analytic.Judge, r analytic.Ranks) calcAnswer {
	a := calcAnswer{question: "What does the judge make of the two series?", rows: []calcRow{{key: "verdict", label: "verdict", values: j.Verdict(r)}},
		assumes: fmt.Sprintf("%d points of the canary and %d of the baseline, independent of each other; Mann-Whitney, interval of %s, tolerance %s.",
			len(r.Canary), len(r.Baseline), percentText(j.Confidence), percentText(j.Tolerance)),
		means: "points count, not requests: a minute with ten requests weighs as much as one with a million, and fewer than some fifty points say little."}
	if len(r.Canary) == 0 || len(r.Baseline) == 0 {
		a.means = "there is nothing to compare, which a stage can take as a pass or as a failure: decide which."
		return a
	}
	low, high := r.Interval(j.Confidence)
	a.rows = append(a.rows,
		calcRow{key: "estimate", label: "shift, estimated", values: positiveZero(r.Shift()), unit: inThings},
		calcRow{key: "lower", label: "shift, lower limit", values: positiveZero(low), unit: inThings},
		calcRow{key: "upper", label: "shift, upper limit", values: positiveZero(high), unit: inThings},
		calcRow{key: "p_value", label: "p value, two-sided", values: r.P(), unit: inThings},
		calcRow{key: "statistic", label: "statistic W", values: r.Statistic(), unit: inThings})
	return a
}

// positiveZero leaves a difference that is zero but for rounding without a sign.
func positiveZero(x float64) float64 {
	if math.Abs(x) < 1e-14 {
		return 0
	}
	return x
}
