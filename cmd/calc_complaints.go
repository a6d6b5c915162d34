package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
)

func newCalcComplaints() *cobra.Command {
	c := newCalc(&cobra.Command{
		Use:   "complaints --rate RATE --reports N",
		Short: "when enough users have complained",
		Long: `Complaints waits for users to report a defect. Reports arrive at a constant rate,
independently of each other (Poisson), and the --reports-th is the alarm. With
--within the alarm is the first report that is the last of so many within that
time: older ones are forgotten.

The rate is users x probability that one meets the defect in an hour x probability
that who meets it reports it.

JSON keys: time_mean_hours, from the first exposure to the alarm; without --within
also time_p50_hours and time_p90_hours.`,
		Example: `  rollrisk calc complaints --rate 2/h --reports 3
  rollrisk calc complaints --rate 2/h --reports 3 --within 30m -o json`,
	}, askComplaints)
	fl := c.Flags()
	fl.String("rate", "", "reports in a length of time, e.g. 2/h")
	fl.String("reports", "", "reports that it takes, e.g. 3")
	fl.String("within", "", "length of time in which they must come, e.g. 30m; any without it")
	return c
}

const maxReports = 10_000

func askComplaints(q *calcQuestion) func() (calcAnswer, error) {
	c := analytic.Complaints{Rate: q.number("rate", calcRate), Reports: q.count("reports", calcCount(maxReports))}
	if !q.has("within") {
		return func() (calcAnswer, error) { return answerComplaints(c), nil }
	}
	r := analytic.ReportCluster{Rate: c.Rate, Reports: c.Reports, Within: q.number("within", calcLength)}
	return func() (calcAnswer, error) { return answerCluster(r) }
}

func answerComplaints(c analytic.Complaints) calcAnswer {
	return calcAnswer{
		method: "Erlang distribution, exact",
		values: []calcValue{
			{key: "time_mean_hours", label: "time to the alarm, mean", unit: "h", value: number(c.Mean())},
			{key: "time_p50_hours", label: "time to the alarm, median", unit: "h", value: number(c.Quantile(0.5))},
			{key: "time_p90_hours", label: "time to the alarm, 90th percentile", unit: "h", value: number(c.Quantile(0.9))},
		},
		notes: []string{"The mean is reports / rate. Fewer users complain less often: " +
			"on a ramp the rate grows with the share exposed."},
	}
}

func answerCluster(r analytic.ReportCluster) (calcAnswer, error) {
	mean, err := r.MeanTime()
	if err != nil {
		return calcAnswer{}, badQuestionf("--reports %d: %v", r.Reports, err)
	}
	a := calcAnswer{
		method: "scan statistic, renewal equation, exact",
		values: []calcValue{{key: "time_mean_hours", label: "time to the alarm, mean", unit: "h", value: number(mean)}},
	}
	if r.Reports > 3 {
		a.method = "scan statistic, limit of Markov chains, to 1e-6"
	}
	a.notes = []string{fmt.Sprintf("If reports were never forgotten it would be %s h.", digits6(float64(r.Reports)/r.Rate))}
	return a, nil
}
