package cmd

import (
	"fmt"
	"strings"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcRampCommand() *cobra.Command {
	return calculation{
		use:   "ramp",
		short: "when is a defect noticed on a ramp of rings, and what is exposed by then?",
		long: `Ramp takes rings by their shares of the users and the times at which they open, and
a defect that is noticed by two channels: one whose hazard is proportional to the
share exposed (--hazard is what it is at full exposure), and one that runs on the
wall clock (--background). After the alarm the exposure goes on for --respond, and
the ramp with it. The last ring has no end.

Exposure is in hours of full audience: 100 hours at 1% are one hour. Times to detect
end with the alarm, before the response.

JSON keys: time_to_detect_mean_hours, time_to_detect_p50_hours,
time_to_detect_p90_hours, ring_probabilities (in which ring the alarm rings),
exposure_at_detection_mean_hours, exposure_total_mean_hours (to the end of the
response), users_share_mean (ever exposed by the end of the response; nobody leaves
a ring).`,
		example: `  rollrisk calc ramp --shares 1%,10%,50%,100% --starts 0h,24h,48h,96h --hazard 0.5/h --respond 6h
  rollrisk calc ramp --shares 100% --starts 0h --hazard 0.5/h --respond 6h -o json`,
		declare: func(f *calcFlags) {
			f.declare("shares", "", "share of the users in each ring, rising, e.g. 1%,10%,50%,100%")
			f.declare("starts", "", "when each ring opens, the first at 0h, e.g. 0h,24h,48h,96h")
			f.declare("hazard", "", "rate of the alarm at full exposure, e.g. 0.5/h")
			f.declare("background", "0/h", "rate of the alarm whatever the exposure, e.g. 0.02/h")
			f.declare("respond", "0h", "from the alarm to the end of the exposure, e.g. 6h")
		},
		read: readRamp,
	}.command()
}

func readRamp(f *calcFlags) func() (calcAnswer, error) {
	shares := f.values("shares", calcShare, aboveZero())
	starts := f.values("starts", calcTime)
	f.mustRise("shares", shares)
	f.mustRise("starts", starts)
	if starts != nil && starts[0] != 0 {
		f.fault("--starts %s does not begin with 0h, when the first ring opens", f.text("starts"))
	}
	if shares != nil && starts != nil && len(shares) != len(starts) {
		f.fault("--starts has %d values and --shares %d; each ring needs one of both", len(starts), len(shares))
	}
	before := len(f.faults)
	hazard, background := f.value("hazard", calcRate), f.value("background", calcRate)
	if len(f.faults) == before && hazard+background == 0 {
		f.fault("--hazard %s without a --background: nobody would ever notice", f.text("hazard"))
	}
	end := analytic.End{
		Watch:    analytic.Watch{Ramp: analytic.Ramp{Starts: starts, Shares: shares}, Hazard: hazard, Background: background},
		Response: analytic.Response{Hours: f.value("respond", calcTime)},
	}
	return func() (calcAnswer, error) { return answerRamp(end), nil }
}

// mustRise wants each value of a list to be above the one before.
func (f *calcFlags) mustRise(name string, xs []float64) {
	for i := 1; i < len(xs); i++ {
		if xs[i] <= xs[i-1] {
			texts := strings.Split(f.text(name), ",")
			f.fault("--%s %s does not rise: %s follows %s", name, f.text(name), strings.TrimSpace(texts[i]), strings.TrimSpace(texts[i-1]))
			return
		}
	}
}

func answerRamp(end analytic.End) calcAnswer {
	w := end.Watch
	var rings []string
	for i, share := range w.Ramp.Shares {
		rings = append(rings, percentText(share)+" from "+hoursText(w.Ramp.Starts[i]))
	}
	full := inHours.named("h of full audience")
	background := ""
	if w.Background > 0 {
		background = fmt.Sprintf(", plus %s of wall clock", perHourText(w.Background))
	}
	return calcAnswer{
		question: "When is a defect noticed on this ramp, and how much exposure does it get?",
		rows: []calcRow{
			{key: "time_to_detect_mean_hours", label: "time to detect, mean", values: w.MeanTime(), unit: inHours},
			{key: "time_to_detect_p50_hours", label: "time to detect, P50", values: w.Quantile(0.5), unit: inHours},
			{key: "time_to_detect_p90_hours", label: "time to detect, P90", values: w.Quantile(0.9), unit: inHours},
			{key: "ring_probabilities", label: "alarm in ring", values: w.RingProbabilities(), unit: inPercent, each: rings},
			{key: "exposure_at_detection_mean_hours", label: "exposure at the alarm, mean", values: w.MeanExposure(), unit: full},
			{key: "exposure_total_mean_hours", label: "exposure in all, mean", values: end.MeanExposure(), unit: full},
			{key: "users_share_mean", label: "users ever exposed, mean", values: end.MeanShare(), unit: inPercent},
		},
		assumes: fmt.Sprintf("the hazard of the alarm is %s times the share exposed%s; the response takes %s, "+
			"and the ramp goes on meanwhile; nobody leaves a ring; the last ring has no end.",
			perHourText(w.Hazard), background, hoursText(end.Response.Hours)),
		means: rampMeaning(w),
	}
}

// rampMeaning is the exposure-clock theorem in words, where it holds.
func rampMeaning(w analytic.Watch) string {
	switch {
	case w.Hazard == 0:
		return "only the wall clock notices, so the time does not depend on the ramp, and every hour spent at a small share is exposure saved."
	case w.Background == 0:
		return fmt.Sprintf("the exposure at the alarm is %s on every ramp, since a smaller ring is noticed more slowly by as much as it exposes less; "+
			"the ramp decides how many users it falls on, and what the response adds.", hoursText(1/w.Hazard))
	}
	return fmt.Sprintf("at full audience from the start the exposure at the alarm would be %s; what is less than that is what the "+
		"wall-clock channel saves while the share is small. Without that channel it is %s on every ramp.",
		hoursText(1/(w.Hazard+w.Background)), hoursText(1/w.Hazard))
}
