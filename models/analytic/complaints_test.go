package analytic

import "testing"

func TestKnownComplaints(t *testing.T) {
	knownFile(t, "complaints.json", map[string]func(question) answer{
		"COMPLAINT_r3":     answerCluster,
		"COMPLAINT_erlang": answerErlang,
		"COMPLAINT_ramp":   answerRampComplaints,
	})
}

func answerCluster(q question) answer {
	mean, err := ReportCluster{Rate: q.number("rate_per_h"), Reports: q.count("r"), Within: q.number("window_h")}.MeanTime()
	if err != nil {
		q.t.Fatal(err)
	}
	return answer{values: map[string]float64{"E_T_h": mean}}
}

func answerErlang(q question) answer {
	rate := ReportRate(q.number("users"), q.number("hit_prob_per_h"), q.number("report_prob"))
	c := Complaints{Rate: rate, Reports: q.count("r")}
	return answer{values: map[string]float64{
		"rate": rate, "mean": c.Mean(), "sd": c.SD(), "q90": c.Quantile(0.9), "P_by_1h": c.Within(1)}}
}

func answerRampComplaints(q question) answer {
	var ramp Ramp
	for _, ring := range q.inputs["ramp"].([]any) {
		pair := ring.([]any)
		ramp.Starts, ramp.Shares = append(ramp.Starts, pair[0].(float64)), append(ramp.Shares, pair[1].(float64))
	}
	c := RampComplaints{Ramp: ramp, FullRate: q.number("full_rate_per_h"), Reports: q.count("r")}
	values := map[string]float64{"E_T_h": c.MeanTime()}
	list(values, "P_in_ring", c.RingProbabilities())
	return answer{values: values}
}
