package analytic

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestKnownCharts(t *testing.T) {
	knownFile(t, "charts.json", map[string]func(question) answer{
		"POISCUSUM_":           answerPoissonCusum,
		"POISCUSUM_steady_":    answerPoissonSteady,
		"BERNCUSUM_":           answerBernoulliCusum,
		"SIEGMUND_":            answerSiegmund,
		"CUSUM_normal_":        answerNormalCusum,
		"CUSUM_FIR_":           answerNormalHeadStart,
		"CUSUM_steady_":        answerNormalSteady,
		"EWMA_":                answerEWMA,
		"PUB_LucasCrosier1982": answerLucasCrosier,
		"PUB_Vance1986":        answerVance,
		"PUB_BrookEvans1972":   answerBrookEvans,
	})
}

// tables are what R's package spc prints, to some twelve digits.
const tables = "the table is printed to twelve digits, from a quadrature of its own"

func must[T any](q question) func(x T, err error) T {
	return func(x T, err error) T {
		q.t.Helper()
		if err != nil {
			q.t.Fatal(err)
		}
		return x
	}
}

func answerPoissonCusum(q question) answer {
	c := PoissonCusum{Reference: q.number("k"), Limit: q.number("h"), HeadStart: q.number("headstart")}
	mean := q.number("mu")
	run := must[RunLength](q)(c.RunLength(mean))
	values := map[string]float64{"ARL": run.Mean, "SD": run.SD}
	for _, n := range []int{10, 50, 100} {
		values[fmt.Sprintf("P_by_%d", n)] = must[float64](q)(c.Within(mean, n))
	}
	return answer{values: values}
}

func answerPoissonSteady(q question) answer {
	c := PoissonCusum{Reference: q.number("k"), Limit: q.number("h")}
	return answer{values: map[string]float64{"steady_state_delay": must[RunLength](q)(c.SteadyDelay(q.number("mu0"), q.number("mu1"))).Mean}}
}

func answerBernoulliCusum(q question) answer {
	c := NewBernoulliCusum(q.number("p0"), q.number("p1"), q.number("h"))
	if want := "1/" + strconv.Itoa(c.M); want != q.text("gamma") {
		q.t.Errorf("gamma is %s, want %s", want, q.text("gamma"))
	}
	values := map[string]float64{}
	for _, p := range []float64{0.01, 0.015, 0.02, 0.025, 0.05} {
		values[fmt.Sprintf("ANOS_p%v", p)] = must[RunLength](q)(c.RunLength(p)).Mean
	}
	return answer{values: values}
}

func answerSiegmund(q question) answer {
	c := NormalCusum{Reference: q.number("k"), Limit: q.number("h")}
	values := map[string]float64{}
	for _, shift := range []float64{0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4} {
		one, other := c.Siegmund(shift), c.Siegmund(-shift)
		values[fmt.Sprintf("one_%v", shift)], values[fmt.Sprintf("two_%v", shift)] = one, one*other/(one+other)
	}
	return answer{values: values}
}

func answerNormalCusum(q question) answer {
	c := NormalCusum{Reference: q.number("k"), Limit: q.number("h")}
	return answer{values: map[string]float64{
		"ARL_one_sided": must[RunLength](q)(c.RunLength(q.number("mu"))).Mean,
		"ARL_two_sided": must[RunLength](q)(c.TwoSided(q.number("mu"))).Mean,
	}, tolerance: 1e-8, why: tables}
}

func answerNormalHeadStart(q question) answer {
	c := NormalCusum{Reference: q.number("k"), Limit: q.number("h"), HeadStart: q.number("headstart")}
	return answer{values: map[string]float64{"ARL": must[RunLength](q)(c.RunLength(q.number("mu"))).Mean}, tolerance: 1e-8, why: tables}
}

func answerNormalSteady(q question) answer {
	c := NormalCusum{Reference: q.number("k"), Limit: q.number("h")}
	return answer{values: map[string]float64{"ARL": must[RunLength](q)(c.SteadyDelay(q.number("mu"))).Mean}, tolerance: 1e-8, why: tables}
}

func answerEWMA(q question) answer {
	e := EWMA{Weight: q.number("lam"), Limit: q.number("L")}
	return answer{values: map[string]float64{"ARL": must[RunLength](q)(e.RunLength(q.number("mu"))).Mean}, tolerance: 1e-8, why: tables}
}

func answerLucasCrosier(q question) answer {
	c := NormalCusum{Reference: q.number("k"), Limit: q.number("h")}
	fast := c
	fast.HeadStart = 2
	var plain, headed []float64
	for _, mu := range q.numbers("mu") {
		plain = append(plain, must[RunLength](q)(c.TwoSided(mu)).Mean)
		headed = append(headed, must[RunLength](q)(fast.TwoSided(mu)).Mean)
	}
	values := map[string]float64{}
	list(values, "ARL", plain)
	list(values, "ARL_FIR_h2", headed)
	return answer{values: values, printed: true, corrected: map[string]float64{"ARL_FIR_h2[8]": 1.33},
		why: "it is 1.3254: the first observation rings with probability 0.6915 and the second with all but 0.055 of the rest; they print 1.32"}
}

func answerVance(q question) answer {
	a := printedARL(q, NormalCusum{Reference: q.number("k"), Limit: q.number("h")})
	a.corrected = map[string]float64{"ARL[0]": 2071.57}
	a.why = "it is 2071.572 by any number of nodes from 16, and by the chain of TestNormalCusumInIntervals; he prints 2071.51"
	return a
}

func answerBrookEvans(q question) answer {
	a := printedARL(q, NormalCusum{Reference: q.number("k"), Limit: q.number("h")})
	a.corrected, a.why = map[string]float64{"ARL[0]": 117.60}, "it is 117.5957; they print 117.59, cut off"
	return a
}

func printedARL(q question, c NormalCusum) answer {
	var arl []float64
	for _, mu := range q.numbers("mu") {
		arl = append(arl, must[RunLength](q)(c.RunLength(mu)).Mean)
	}
	values := map[string]float64{}
	list(values, "ARL", arl)
	return answer{values: values, printed: true}
}

// TestChartsTooLarge: chains that would fill the memory are refused.
func TestChartsTooLarge(t *testing.T) {
	for name, c := range map[string]PoissonCusum{
		"large":       {Reference: 1, Limit: 3000},
		"fine":        {Reference: 1.001, Limit: 10},
		"no fraction": {Reference: 1.00005, Limit: 1},
	} {
		if _, err := c.RunLength(1); err == nil {
			t.Errorf("%s: an answer", name)
		}
	}
	if _, err := (BernoulliCusum{M: 1000, Limit: 3}).RunLength(0.001); err == nil || !strings.Contains(err.Error(), "3000 states") {
		t.Errorf("%v", err)
	}
}
