package analytic

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// failures are published lists of when faults were found.
type failures struct {
	Tohma []int     `json:"tohma"` // faults a day over 111 days (Tohma, Tokunaga, Nagase and Murata, 1989)
	SYS1  []float64 `json:"sys1"`  // seconds between 136 failures of Musa's system 1 (Musa, 1979)
	NTDS  []float64 `json:"ntds"`  // days between 26 failures of the naval tactical data system (Jelinski and Moranda, 1972)
}

func readFailures(t *testing.T) failures {
	t.Helper()
	text, err := os.ReadFile("testdata/failures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f failures
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// sums are the times from the intervals.
func sums(intervals []float64) []float64 {
	var times []float64
	t := 0.0
	for _, x := range intervals {
		t += x
		times = append(times, t)
	}
	return times
}

// TestGrowth: the model of Goel and Okumoto fitted to three published lists, against
// published estimates (the package Rsrat for R prints Tohma's to four digits) and an
// optimiser of somebody else.
func TestGrowth(t *testing.T) {
	f := readFailures(t)
	sys1, ntds := sums(f.SYS1), sums(f.NTDS)
	if last := sys1[len(sys1)-1]; last != 88682 || len(sys1) != 136 {
		t.Fatalf("%d failures up to %v s; 136 up to 88,682 s are published", len(sys1), last)
	}
	tohma, ok := FitCounts(f.Tohma)
	one, ok1 := FitTimes(sys1, 88682)
	silent, ok2 := FitTimes(sys1, 91208)
	naval, ok3 := FitTimes(ntds, 250)
	if !ok || !ok1 || !ok2 || !ok3 {
		t.Fatal("no fit")
	}
	for _, c := range []struct {
		what              string
		got, want, within float64
	}{
		{"Tohma, faults", tohma.Faults, 497.29474, 1e-5}, {"Tohma, rate", tohma.Rate, 0.03079586, 1e-8},
		{"Tohma, likelihood", tohma.LogLikelihood, -359.87773, 1e-5}, {"Tohma, AIC", tohma.AIC, 723.75545, 1e-5},
		{"Tohma as published, faults", tohma.Faults, 497.2912, 0.01}, {"Tohma as published, AIC", tohma.AIC, 723.7555, 1e-4},
		{"SYS1, faults", one.Faults, 142.88091, 1e-5}, {"SYS1, rate", one.Rate, 3.4203785e-5, 1e-12},
		{"SYS1, likelihood", one.LogLikelihood, -974.80653, 1e-5}, {"SYS1, AIC", one.AIC, 1953.6131, 1e-4},
		{"SYS1 and silence, faults", silent.Faults, 141.93313, 1e-5}, {"SYS1 and silence, rate", silent.Rate, 3.4808389e-5, 3e-12},
		{"SYS1 and silence, likelihood", silent.LogLikelihood, -975.36374, 1e-5},
		{"NTDS, faults", naval.Faults, 33.99350, 1e-5}, {"NTDS, rate", naval.Rate, 0.00579016, 1e-8},
	} {
		if math.Abs(c.got-c.want) > c.within {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	if math.Abs(tohma.Rate-0.0308) > 5e-5 || math.Abs(tohma.LogLikelihood+359.8777) > 1e-4 {
		t.Errorf("Tohma as published: rate %v, likelihood %v", tohma.Rate, tohma.LogLikelihood)
	}
}

// TestGrowthNoFit: lists of faults that no rate explains are refused, and not answered
// with what is no number.
func TestGrowthNoFit(t *testing.T) {
	for _, times := range [][]float64{{8, 9, 10}, {5}, {5, 5}, {0, 10}, {0, 0, 0}} {
		if fit, ok := FitTimes(times, 10); ok {
			t.Errorf("faults at %v are fitted: %+v", times, fit)
		}
	}
	for _, counts := range [][]int{{1}, {3, 3}, {1, 2, 3}, {5, 0}, {5, 0, 0, 0}, {0, 0, 1}, {7}} {
		if fit, ok := FitCounts(counts); ok {
			t.Errorf("faults %v are fitted: %+v", counts, fit)
		}
	}
	// Two stretches have an exact answer: 6 and then 2 are exp(-rate) = 1/3, of 9.
	fit, ok := FitCounts([]int{6, 2})
	if !ok || !near(fit.Rate, math.Log(3), 1e-12) || !near(fit.Faults, 9, 1e-12) {
		t.Errorf("6 and then 2 faults: %+v", fit)
	}
}

// TestStopTesting: the worked example of the rule of Dalal and Mallows (Höhle, 2016),
// and the faults that are left then.
func TestStopTesting(t *testing.T) {
	const rate = 0.01916257
	for ratio, want := range map[float64]float64{5: 994.9211, 1: 198.9842} {
		if got := StopTesting(ratio, rate, 82); math.Abs(got-want) > 1e-4 {
			t.Errorf("ratio %v: %v, want %v", ratio, got, want)
		}
	}
	if left := 5 / rate; math.Abs(left-260.9) > 0.05 {
		t.Errorf("%v faults left, want 260.9", left)
	}
	// At the optimum an hour of testing costs what it saves.
	g := Growth{Faults: 100, Rate: 0.01}
	at := g.OptimalStop(2, 1, 11)
	if rate := g.Rate * g.Left(at) * 10; math.Abs(rate-2) > 1e-9 {
		t.Errorf("an hour of testing at the optimum saves %v, want 2", rate)
	}
	if at := g.OptimalStop(1000, 1, 2); at != 0 {
		t.Errorf("testing that does not pay lasts %v", at)
	}
}
