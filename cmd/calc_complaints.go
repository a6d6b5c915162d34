package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcComplaintsCommand() *cobra.Command {
	return calculation{
		use:   "complaints",
		short: "how long until enough users have complained?",
		long: `Complaints takes reports that arrive at a constant rate, independently of each other,
and an alarm at the r-th of them: in all, or with --within the first that is the
last of r within that time, whenever that is.

The answer is exact in all cases but --within for 4 reports and more, where it is
good to six digits; for 7 and more there may be none, and it is refused.

JSON keys: time_mean_hours; without --within also time_sd_hours and time_p90_hours.`,
		example: `  rollrisk calc complaints --rate 2/h --reports 3
  rollrisk calc complaints --rate 2/h --reports 3 --within 30m -o json`,
		declare: func(f *calcFlags) {
			f.declare("rate", "", "reports that arrive, e.g. 2/h")
			f.declare("reports", "", "reports that it takes, e.g. 3")
			f.declare("within", "", "time in which they must come, e.g. 30m; without it, any time")
		},
		read: readComplaints,
	}.command()
}

func readComplaints(f *calcFlags) func() (calcAnswer, error) {
	c := analytic.Complaints{Rate: f.value("rate", calcRate, aboveZero()),
		Reports: int(f.value("reports", countExample("3"), whole(), atLeast(1, "1"), atMost(1e6, "1M")))}
	within := f.optional("within", calcTime, aboveZero())
	return func() (calcAnswer, error) {
		if f.has("within") {
			return answerCluster(analytic.ReportCluster{Rate: c.Rate, Reports: c.Reports, Within: within})
		}
		return answerComplaints(c), nil
	}
}

// countExample is a count with an example of its own.
func countExample(text string) calcUnit {
	u := calcCount
	u.example = text
	return u
}

const complaintsQuestion = "How long until enough users have complained?"

func answerComplaints(c analytic.Complaints) calcAnswer {
	return calcAnswer{
		question: complaintsQuestion,
		rows: []calcRow{
			{key: "time_mean_hours", label: "time to the alarm, mean", values: c.Mean(), unit: inHours},
			{key: "time_sd_hours", label: "standard deviation", values: c.SD(), unit: inHours},
			{key: "time_p90_hours", label: "time to the alarm, P90", values: c.Quantile(0.9), unit: inHours},
		},
		assumes: fmt.Sprintf("reports arrive at %s, independently; report number %d is the alarm, however long ago the first was.",
			perHourText(c.Rate), c.Reports),
		means: "each report more adds the same mean time; the spread beside it falls.",
	}
}

func answerCluster(r analytic.ReportCluster) (calcAnswer, error) {
	mean, err := r.MeanTime()
	if err != nil {
		return calcAnswer{}, err
	}
	without := analytic.Complaints{Rate: r.Rate, Reports: r.Reports}.Mean()
	return calcAnswer{
		question: complaintsQuestion,
		rows: []calcRow{
			{key: "time_mean_hours", label: "time to the alarm, mean", values: mean, unit: inHours},
			{label: "without --within", values: without, unit: inHours},
		},
		assumes: fmt.Sprintf("reports arrive at %s, independently; the alarm is the first report that is the last of %d within %s.",
			perHourText(r.Rate), r.Reports, hoursText(r.Within)),
		means: fmt.Sprintf("that they must come together makes the alarm %s times as slow in the mean; it also keeps strays from adding up to one.",
			digits(mean/without)),
	}, nil
}
