package analytic

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestKnownWindows(t *testing.T) {
	knownFile(t, "window.json", map[string]func(question) answer{
		"W1_fixed":               answerFixedWindow,
		"W2_poisson":             answerPoissonWindow,
		"W3_sliding":             answerSliding,
		"Z_two_prop":             answerTwoSamples,
		"C_conditional_binomial": answerShareTest,
		"P_exact_poisson":        answerPoissonTest,
		"SEM_argo_all_fail":      answerAllFail,
	})
}

func answerFixedWindow(q question) answer {
	f := Window{Requests: q.number("n_per_window"), Threshold: q.number("theta"), Rate: q.number("p")}.FailFixed()
	values := map[string]float64{"f": f}
	for _, k := range []int{1, 3, 4, 5} {
		c, key := Checks{Fail: f, Failures: k}, fmt.Sprintf("cum_k%d_", k)
		values[key+"E_checks"], values[key+"sd_checks"] = c.Mean(), c.SD()
		values[key+"P_within10"], values[key+"E_min_T_10"] = c.Within(10), c.MeanWithin(10)
	}
	for _, k := range []int{2, 3} {
		r, key := Runs{Fail: f, Failures: k}, fmt.Sprintf("consec_k%d_", k)
		values[key+"E_checks"], values[key+"P_within10"] = r.Mean(), r.Within(10)
	}
	return answer{values: values}
}

func answerPoissonWindow(q question) answer {
	w := Window{Requests: q.number("lam_per_window"), Threshold: q.number("theta"), Rate: q.number("p")}
	f := w.FailPoisson()
	return answer{values: map[string]float64{
		"f": f, "P_no_data": w.NoRequests(), "argo_k4_E_checks": Checks{Fail: f, Failures: 4}.Mean()}}
}

func answerSliding(q question) answer {
	s := SlidingChecks{Window: Window{Requests: q.number("n_per_interval"), Threshold: q.number("theta"), Rate: q.number("p")},
		Intervals: q.count("m"), Failures: 1}
	a, err := s.Solve()
	steps, err2 := s.Silent(1e-13)
	if err != nil || err2 != nil {
		q.t.Fatal(err, err2)
	}
	values := map[string]float64{"c": float64(s.Allowed()), "E_checks": a.Mean, "steps": float64(steps)}
	for _, n := range []int{5, 10, 30} {
		if values[fmt.Sprintf("P_by_%d", n)], err = s.Within(n); err != nil {
			q.t.Fatal(err)
		}
	}
	return answer{values: values}
}

func answerTwoSamples(q question) answer {
	s := TwoSamples{Canary: q.count("n_canary"), Baseline: q.count("n_baseline"), Level: q.number("alpha")}
	tests := map[string]Test{"zpooled": s.PooledZ(), "zunpooled": s.UnpooledZ(), "fisher": s.Exact()}
	const p0 = 0.01
	values := map[string]float64{}
	for _, p1 := range []float64{0.01, 0.02, 0.03} {
		for name, test := range tests {
			values[fmt.Sprintf("%s_rej_p1=%v_p0=%v", name, p1, p0)] = s.Rejects(test, p1, p0)
		}
		if p1 > p0 {
			values[fmt.Sprintf("normalapprox_power_p1=%v", p1)] = s.NormalPower(p1, p0)
		}
	}
	return answer{values: values}
}

func answerShareTest(q question) answer {
	s := ShareTest{Requests: q.number("total_requests"), Share: q.number("canary_share"),
		Rate: q.number("base_error_rate"), Level: q.number("alpha")}
	return answer{values: map[string]float64{"rej_RR1": s.Rejects(1), "rej_RR2": s.Rejects(2), "rej_RR3": s.Rejects(3)}}
}

func answerPoissonTest(q question) answer {
	p := PoissonTest{Expected: q.number("mu0"), Level: q.number("alpha")}
	return answer{values: map[string]float64{
		"crit": float64(p.Least()), "size": p.Size(), "power_RR2": p.Power(2), "power_RR3": p.Power(3)}}
}

func answerAllFail(q question) answer {
	const second = 1.0 / 3600
	a := Analysis{Delay: q.number("initialDelay_s") * second, Interval: q.number("interval_s") * second,
		Length: q.number("measurement_s") * second, Limit: q.count("failureLimit")}
	return answer{values: map[string]float64{
		"measurements_until_failed": float64(a.Measurements()), "t_failed_s": a.Abort() / second}}
}

var _ = math.Pi
var _ = strconv.Itoa
var _ = strings.Cut
