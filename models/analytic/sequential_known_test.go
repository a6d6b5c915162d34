package analytic

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

func TestKnownSequential(t *testing.T) {
	knownFile(t, "sequential.json", map[string]func(question) answer{
		"SPRT_":            answerSPRT,
		"BetaBin_e_":       answerEProcess,
		"MultE_x":          answerTwoArmValue,
		"MultE_power":      answerTwoArm,
		"MaxSPRT_Poisson_": answerMaxSPRT,
		"PUB_MaxSPRT_":     answerKulldorff,
	})
}

func answerSPRT(q question) answer {
	s := SPRT{Healthy: q.number("p0"), Broken: q.number("p1"), Alpha: q.number("alpha"), Beta: q.number("beta"), Batch: q.count("batch")}
	v := s.Run(q.number("p_true"), 10_000_000)
	above, below, slope := s.Lines()
	pass, mean, h := s.Wald(q.number("p_true"))
	return answer{values: map[string]float64{
		"exact.P_reject": v.Reject, "exact.P_accept": v.Accept, "exact.ASN": v.Mean, "exact.SD": v.SD, "exact.median": v.Median,
		"exact.h1": above, "exact.h0": below, "exact.slope": slope,
		"wald_approx.L": pass, "wald_approx.ASN": mean, "wald_approx.h": h,
	}}
}

func answerEProcess(q question) answer {
	e := EProcess{Healthy: q.number("p0"), A: q.number("a"), B: q.number("b"), Alpha: q.number("alpha"), Batch: q.count("batch")}
	v := e.Run(q.number("p_true"), q.count("nmax"))
	return answer{values: map[string]float64{"P_reject": v.Reject, "E_min_T_nmax": v.Mean}}
}

func answerTwoArmValue(q question) answer {
	m := TwoArm{Share: q.number("theta"), Concentration: q.number("alpha_canary") + q.number("alpha_base"), Alpha: 0.05}
	return answer{values: map[string]float64{"E": portable.Exp(m.Log(q.number("x_canary"), q.number("y_base")))}}
}

func answerTwoArm(q question) answer {
	m := TwoArm{Share: q.number("theta"), Concentration: q.number("concentration"), Alpha: q.number("alpha")}
	v := m.Run(q.number("RR"), q.count("max_events"))
	return answer{values: map[string]float64{"P_reject": v.Reject, "E_events_min_nmax": v.Mean}}
}

func answerMaxSPRT(q question) answer {
	m := MaxSPRT{Expected: q.number("T"), Critical: CriticalValue(q.number("T"), q.number("alpha"))}
	values := map[string]float64{"CV": m.Critical}
	for key, ratio := range map[string]float64{"power_RR1_5": 1.5, "power_RR2": 2, "power_RR3": 3} {
		values[key], _ = m.Signal(ratio)
	}
	return answer{values: values}
}

func answerKulldorff(q question) answer {
	values := map[string]float64{}
	var critical []float64
	for _, t := range q.numbers("T") {
		critical = append(critical, CriticalValue(t, q.number("alpha")))
	}
	list(values, "CV", critical)
	return answer{values: values, printed: true}
}

// TestMaxSPRTPerformance: critical value, power, mean time to the signal and mean
// length of the test. Those for 10 expected errors and a ratio of 2 are published
// (Sequential 4.5.1 for R, help page of Performance.Poisson, after Kulldorff and
// others, 2011); the others were computed by another recursion. All hold to the
// digits they are printed with.
func TestMaxSPRTPerformance(t *testing.T) {
	for _, c := range []struct{ expected, critical, ratio, power, signal, size float64 }{
		{10, 3.467952, 2, 0.6850634, 4.130985, 5.979353},
		{1, 2.853937, 2, 0.1855, 0.3483, 0.8791}, {1, 2.853937, 4, 0.5726, 0.3876, 0.6494},
		{2, 3.046977, 2, 0.2553, 0.7466, 1.6800}, {2, 3.046977, 4, 0.7986, 0.7251, 0.9819},
		{5, 3.297183, 2, 0.4466, 2.0905, 3.7007}, {5, 3.297183, 4, 0.9870, 1.2215, 1.2705},
		{20, 3.628123, 2, 0.9208, 6.9639, 7.9961}, {50, 3.819903, 2, 0.9996, 8.9411, 8.9593},
		{100, 3.952321, 2, 1, 9.3038, 9.3038},
	} {
		critical := CriticalValue(c.expected, 0.05)
		power, signal := MaxSPRT{Expected: c.expected, Critical: critical}.Signal(c.ratio)
		size := power*signal + (1-power)*c.expected
		for what, pair := range map[string][2]float64{
			"critical value": {critical, c.critical}, "power": {power, c.power}, "time to the signal": {signal, c.signal}, "length": {size, c.size},
		} {
			if math.Abs(pair[0]-pair[1]) > lastDigit(pair[1]) {
				t.Errorf("%v errors expected, ratio %v: %s %v, want %v", c.expected, c.ratio, what, pair[0], pair[1])
			}
		}
	}
}
