package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcRamp() *cobra.Command {
	c := newCalc(&cobra.Command{
		Use:   "ramp --shares LIST --starts LIST --hazard RATE",
		Short: "when a ramp notices a defect, and how much exposure that takes",
		Long: `Ramp follows one defect through a rollout in rings, the last of which lasts until
the alarm. At any moment the hazard of the alarm is --hazard times the share of
users exposed, plus --background, which does not depend on the exposure. From the
alarm on the exposure goes on for --respond more hours, and so does the ramp.

Exposure is counted in hours of the full audience: 100 hours at 1% are one hour.
Times the number of users it is user-hours.

JSON keys: time_to_detect_mean_hours, time_to_detect_p50_hours and
time_to_detect_p90_hours from the first ring to the alarm; ring_probabilities, the
probability that the alarm rings in each ring; exposure_at_detection_mean_hours and
exposure_total_mean_hours, the latter with the response; users_share_mean, the share
of users ever exposed by the end of the response, where users stay in their ring.`,
		Example: `  rollrisk calc ramp --shares 1%,10%,50%,100% --starts 0h,24h,48h,96h --hazard 0.5/h
  rollrisk calc ramp --shares 1%,10%,50%,100% --starts 0h,24h,48h,96h --hazard 0.5/h \
    --background 0.02/h --respond 6h -o json`,
	}, askRamp)
	fl := c.Flags()
	fl.String("shares", "", "share of the users in each ring, rising, e.g. 1%,10%,50%,100%")
	fl.String("starts", "", "when each ring opens, rising from 0, e.g. 0h,24h,48h,96h")
	fl.String("hazard", "", "rate of the alarm at full exposure, e.g. 0.5/h")
	fl.String("background", "0", "rate of an alarm that does not depend on exposure, e.g. 0.02/h")
	fl.String("respond", "0", "from the alarm to the end of the exposure, e.g. 6h")
	return c
}

func askRamp(q *calcQuestion) func() (calcAnswer, error) {
	r := analytic.Ramp{Shares: q.numbers("shares", calcShare), Starts: q.numbers("starts", calcLatency)}
	w := analytic.Watch{Ramp: r, Hazard: q.number("hazard", calcHazard), Background: q.number("background", calcHazard)}
	end := analytic.End{Watch: w, Response: analytic.Response{Hours: q.number("respond", calcLatency)}}
	q.rise("shares", r.Shares)
	q.rise("starts", r.Starts)
	if len(r.Starts) > 0 && r.Starts[0] > 0 {
		q.faultf("--starts must begin with 0h, when the first ring opens")
	}
	if n, m := len(r.Shares), len(r.Starts); n > 0 && m > 0 && n != m {
		q.faultf("--shares has %s and --starts has %s; each ring needs one of both", values(n), values(m))
	}
	if w.Hazard == 0 && w.Background == 0 {
		q.faultf("--hazard and --background are both 0: the alarm never rings")
	}
	return func() (calcAnswer, error) { return answerRamp(end), nil }
}

// values is "1 value" or "3 values".
func values(n int) string {
	if n == 1 {
		return "1 value"
	}
	return fmt.Sprintf("%d values", n)
}

func answerRamp(end analytic.End) calcAnswer {
	w := end.Watch
	rings := make([]string, len(w.Ramp.Shares))
	for i, share := range w.Ramp.Shares {
		rings[i] = fmt.Sprintf("noticed in ring %d, at %s%%", i+1, digits6(100*share))
	}
	const full = "h of full audience"
	return calcAnswer{
		method: "piecewise exponential survival, exact",
		values: []calcValue{
			{key: "time_to_detect_mean_hours", label: "time to detect, mean", unit: "h", value: number(w.MeanTime())},
			{key: "time_to_detect_p50_hours", label: "time to detect, median", unit: "h", value: number(w.Quantile(0.5))},
			{key: "time_to_detect_p90_hours", label: "time to detect, 90th percentile", unit: "h", value: number(w.Quantile(0.9))},
			{key: "ring_probabilities", unit: "%", value: numbersOf(w.RingProbabilities()), each: rings},
			{key: "exposure_at_detection_mean_hours", label: "exposure at detection, mean", unit: full, value: number(w.MeanExposure())},
			{key: "exposure_total_mean_hours", label: "exposure with the response, mean", unit: full, value: number(end.MeanExposure())},
			{key: "users_share_mean", label: "users ever exposed, mean", unit: "%", value: number(end.MeanShare())},
		},
		notes: notesOfRamp(end),
	}
}

// notesOfRamp say what the ramp changes, and what it cannot.
func notesOfRamp(end analytic.End) []string {
	w, late := end.Watch, end.Response.Hours
	var notes []string
	switch {
	case w.Background == 0:
		notes = append(notes, fmt.Sprintf("The mean exposure at detection is 1/hazard = %s h of full audience on every ramp, "+
			"a big bang included: the alarm goes by a clock that runs at the pace of the exposure "+
			"(exposure-clock theorem). Slower ramps delay the alarm; they do not save exposure before it.", digits6(1/w.Hazard)))
	case w.Hazard == 0:
		notes = append(notes, "The alarm goes by the wall clock alone, so small first rings save exposure.")
	default:
		notes = append(notes, fmt.Sprintf("A part of the alarms goes by the wall clock, so small first rings save exposure: "+
			"a big bang would give %s h of full audience at detection.", digits6(1/(w.Hazard+w.Background))))
	}
	if late > 0 {
		notes = append(notes, fmt.Sprintf("The response adds %s h of full audience; after a big bang it would add %s h.",
			digits6(end.MeanExposure()-w.MeanExposure()), digits6(late)))
	}
	return notes
}
