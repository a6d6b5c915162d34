package analytic

import "testing"

func (q question) ramp() Ramp { return Ramp{Starts: q.numbers("t"), Shares: q.numbers("r")} }

func TestKnownRisks(t *testing.T) {
	knownFile(t, "risk.json", map[string]func(question) answer{
		"RAMP_expdelay":     answerExponentialDelay,
		"RAMP_linear":       answerLinearRamp,
		"RAMP_gamma_eta":    answerGammaHazard,
		"COMPETE_exp3":      answerExponentials,
		"COMPETE_weib":      answerRace,
		"GATES_thinning":    answerGates,
		"CAPTURE_RECAPTURE": answerRecapture,
		"ZERO_FAILURE":      answerZeroFailure,
		"PANJER_small":      answerPanjer,
		"CPOISSON_exp":      answerCompoundExponential,
		"CPOISSON_logn":     answerCompoundLogNormal,
		"MAXLOSS_lognormal": answerLargest,
	})
}

func TestKnownPipelines(t *testing.T) {
	knownFile(t, "pipeline.json", map[string]func(question) answer{
		"E2E_defects_gates_ramp_LEC": answerGatesThenRamp,
		"RAMP_tail_D6":               answerRampTail,
	})
}

func answerExponentialDelay(q question) answer {
	mean := q.scan("delay", "Exp(mean %gh)")[0]
	end := End{Watch: Watch{Ramp: q.ramp(), Hazard: q.number("eta"), Background: q.number("h0")},
		Response: Response{Hours: mean, Phases: 1}}
	return answer{values: map[string]float64{"E_users_frac": end.MeanShare(), "E_exposure": end.MeanExposure()}}
}

func answerLinearRamp(q question) answer {
	r := LinearRamp{Hours: q.number("L_h"), Hazard: q.number("eta")}
	return answer{values: map[string]float64{
		"E_T_h": r.MeanTime(), "closed": r.MeanTime(), "P_T_le_L": 1 - r.Survival(r.Hours),
		"E_share_at_T": r.MeanShare(), "E_exposure_at_T": r.MeanExposure(),
	}}
}

func answerGammaHazard(q question) answer {
	p := q.scan("eta", "Gamma(shape %g, rate %g)")
	w := GammaWatch{Ramp: q.ramp(), Shape: p[0], Rate: p[1]}
	values := map[string]float64{"E_T_h": w.MeanTime(), "E_exposure_at_T": w.MeanExposure(), "E_users_frac": w.MeanShare()}
	list(values, "ring_probs", w.RingProbabilities())
	return answer{values: values}
}

func answerExponentials(q question) answer {
	e := Exponentials(q.numbers("rates"))
	values := map[string]float64{"E_min": e.Mean(), "q95": e.Quantile(0.95)}
	list(values, "P", e.Wins())
	return answer{values: values}
}

func answerRace(q question) answer {
	weibull := question{q.t, q.inputs["weibull"].(map[string]any), q.id}
	a := Race{Shape: weibull.number("k"), Scale: weibull.number("scale"), Rate: q.number("exp_rate"),
		Deadline: q.number("deterministic")}.Solve()
	return answer{values: map[string]float64{
		"E_min": a.Mean, "P_det": a.Deadline, "P_exp": a.Exponential, "P_weib": a.Weibull}}
}

func answerGates(q question) answer {
	g := Gates{Defects: Poisson(q.number("lam")), Catch: q.numbers("gate_catch")}
	escapes := g.Escapes()
	values := map[string]float64{"escaped_mean": escapes.Mean, "P0": escapes.None(), "P_ge_5": escapes.Above(4)}
	list(values, "caught_by_gate", g.Caught())
	return answer{values: values}
}

func answerRecapture(q question) answer {
	r := Recapture{First: q.count("n1"), Second: q.count("n2"), Both: q.count("m")}
	return answer{values: map[string]float64{"LP": r.LincolnPetersen(), "Chapman": r.Chapman()}}
}

func answerZeroFailure(q question) answer {
	n := q.count("n")
	return answer{values: map[string]float64{"upper_exact": ZeroFailures(n, q.number("conf")), "rule3": RuleOfThree(n)}}
}

func answerPanjer(q question) answer {
	severity := append([]float64{0}, q.numbers("severity_pmf_1to5")...)
	s := Panjer(Poisson(q.number("lam")), severity, 200)
	return answer{values: map[string]float64{
		"mean": s.Mean(), "var": s.Variance(), "skew": s.Skewness(),
		"P0": s.AtMost(0), "P_S_le_10": s.AtMost(10), "P_S_gt_20": s.Above(20),
		"VaR0.9": s.Quantile(0.9), "TVaR0.9": s.TailMean(0.9),
		"VaR0.95": s.Quantile(0.95), "TVaR0.95": s.TailMean(0.95),
		"VaR0.99": s.Quantile(0.99), "TVaR0.99": s.TailMean(0.99),
	}}
}

func answerCompoundExponential(q question) answer {
	l := Loss{Escapes: Poisson(q.number("lam")), Hazard: 1}
	return answer{values: map[string]float64{
		"P_gt_0": l.Above(0), "P_gt_1": l.Above(1), "P_gt_2": l.Above(2), "P_gt_5": l.Above(5), "P_gt_10": l.Above(10),
		"VaR.99": l.Quantile(0.99), "TVaR.99": l.TailMean(0.99), "mean": l.Mean(), "var": l.Variance(),
	}}
}

func answerCompoundLogNormal(q question) answer {
	amount := LogNormal{MuLog: q.number("mu_log"), SigmaLog: q.number("sigma_log")}
	lam := q.number("lam")
	g := NewGrid(Poisson(lam), amount, 0.00125, 1<<18)
	values := map[string]float64{"mean": lam * amount.Mean(), "var": lam * amount.Square(),
		"P_gt_5": g.Above(5), "P_gt_10": g.Above(10), "P_gt_20": g.Above(20), "P_gt_50": g.Above(50)}
	for key, p := range map[string]float64{"0.9": 0.9, "0.95": 0.95, "0.99": 0.99, "0.999": 0.999} {
		values["VaR"+key], values["TVaR"+key] = g.Quantile(p), g.TailMean(p)
	}
	return answer{values: values, tolerance: 1e-6, why: "both sides are numeric, on a grid of 0.00125", printed: true}
}

func answerLargest(q question) answer {
	l := Largest{Events: q.number("lam"), Amount: LogNormal{MuLog: q.number("mu_log"), SigmaLog: q.number("sigma_log")}}
	return answer{values: map[string]float64{"q99": l.Quantile(0.99), "P_max_le_5": l.AtMost(5)}}
}

func answerGatesThenRamp(q question) answer {
	g := Gates{Defects: Poisson(q.number("lam_defects")), Catch: q.numbers("gate_catch")}
	l := Loss{Escapes: g.Escapes(), Hazard: q.number("eta_per_full_hour"), Respond: q.number("delay")}
	cost := q.number("cost_per_full_user_hour")
	return answer{values: map[string]float64{
		"P_loss_gt_0": l.Above(0), "P_loss_gt_2": l.Above(2 / cost), "P_loss_gt_5": l.Above(5 / cost),
		"P_loss_gt_10": l.Above(10 / cost), "P_loss_gt_20": l.Above(20 / cost), "P_loss_gt_40": l.Above(40 / cost),
		"mean": cost * l.Mean(), "var": cost * cost * l.Variance(),
		"VaR95": cost * l.Quantile(0.95), "VaR99": cost * l.Quantile(0.99), "TVaR99": cost * l.TailMean(0.99),
	}}
}

func answerRampTail(q question) answer {
	end := End{Watch: Watch{Ramp: q.ramp(), Hazard: q.number("eta")}, Response: Response{Hours: q.number("D")}}
	return answer{values: map[string]float64{
		"P_expo_gt_0.1": end.ExposureAbove(0.1), "P_expo_gt_1": end.ExposureAbove(1), "P_expo_gt_3": end.ExposureAbove(3),
		"P_expo_gt_5": end.ExposureAbove(5), "P_expo_gt_10": end.ExposureAbove(10),
	}}
}
