package analytic

import (
	"math"
	"os"
	"strings"
	"testing"
)

// deep reports whether the long tests are wanted.
func deep() bool { return os.Getenv("ROLLRISK_DEEP") == "1" }

// Numbers that make no sense are a programmer's fault, and the panic says whose
// package it was.
func TestSenselessNumbersPanic(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := Ramp{Starts: []float64{0}, Shares: []float64{1}}
	for name, f := range map[string]func(){
		"no ring":              func() { Watch{Hazard: 1}.MeanTime() },
		"ramp from 1":          func() { Ramp{Starts: []float64{1}, Shares: []float64{1}}.Exposure(1) },
		"falling share":        func() { Ramp{Starts: []float64{0, 1}, Shares: []float64{0.5, 0.4}}.Exposure(1) },
		"share above 1":        func() { Ramp{Starts: []float64{0}, Shares: []float64{1.1}}.Exposure(1) },
		"falling start":        func() { Ramp{Starts: []float64{0, 2, 1}, Shares: []float64{0.1, 0.2, 0.3}}.Exposure(1) },
		"more starts":          func() { Ramp{Starts: []float64{0, 2}, Shares: []float64{0.1}}.Exposure(1) },
		"no hazard":            func() { Watch{Ramp: one}.MeanTime() },
		"NaN hazard":           func() { Watch{Ramp: one, Hazard: nan}.MeanTime() },
		"infinite background":  func() { Watch{Ramp: one, Background: inf}.MeanTime() },
		"negative response":    func() { End{Watch{Ramp: one, Hazard: 1}, Response{Hours: -1}}.MeanExposure() },
		"probability 2":        func() { Watch{Ramp: one, Hazard: 1}.Quantile(2) },
		"shape 0":              func() { GammaWatch{Ramp: one, Rate: 1}.MeanTime() },
		"linear ramp of 0":     func() { LinearRamp{Hazard: 1}.MeanTime() },
		"dispersion below 1":   func() { Count{Mean: 1, Dispersion: 0.5}.None() },
		"catch above 1":        func() { Gates{Defects: Poisson(1), Catch: []float64{2}}.Escapes() },
		"caught above 1":       func() { Gates{Defects: Poisson(1), Catch: []float64{2}}.Caught() },
		"growth of 0":          func() { LinearSteps(0) },
		"growth of a thousand": func() { ExponentialSteps(0.001) },
		"no threshold":         func() { FlaggerPlan{Interval: 1, Iterations: 10}.Rollback() },
		"no step":              func() { FlaggerPlan{Interval: 1, MaxWeight: 50, Threshold: 1}.Promotion() },
		"fewer errors":         func() { BurnCount{Burn{0.999, 14.4, 3600, 0}, 1, 0.05, 0.05}.Mean() },
		"longer short window":  func() { Burn{0.999, 14.4, 3600, 7200}.Time(0, 1) },
		"objective of all":     func() { Burn{1, 14.4, 3600, 0}.Time(0, 1) },
		"no weights":           func() { Flagger{Canary{Requests: 10, Threshold: 0.1}, 1}.Run() },
		"weight of 20":         func() { Argo{Canary: Canary{Weights: []float64{20}, Requests: 10, Threshold: 0.1}}.Run() },
		"no tiers":             func() { FirstBurn(nil, 0, 1) },
		"looks without end":    func() { Burn{0.999, 14.4, 3600, 0}.Look(0, 1, 0) },
		"no rise":              func() { FixedTest{0.01, 0, 0.05}.Requests(0.9) },
		"power of 1":           func() { FixedTest{0.01, 0.01, 0.05}.Requests(1) },
		"minus one gate":       func() { SharedGates{Poisson(1), BetaShare{1, 1}, -1}.Escape() },
		"fault before 0":       func() { FitTimes([]float64{-1, 2}, 10) },
		"falling times":        func() { FitTimes([]float64{2, 1}, 10) },
		"stop without faults":  func() { Growth{0, 1}.OptimalStop(1, 1, 2) },
		"level 1":              func() { Loss{Escapes: Poisson(1), Hazard: 1}.Quantile(1) },
		"hazard 0":             func() { Loss{Escapes: Poisson(1)}.Mean() },
		"half a request":       func() { Window{Requests: 0.5, Threshold: 0.1, Rate: 0.1}.FailFixed() },
		"threshold NaN":        func() { Window{Requests: 5, Threshold: nan, Rate: 0.1}.FailFixed() },
		"no failures":          func() { Checks{Fail: 0.5}.Mean() },
		"no intervals":         func() { SlidingChecks{Window: Window{10, 0.1, 0.1}, Failures: 1}.Allowed() },
		"no reports":           func() { Complaints{Rate: 1}.Mean() },
		"cluster within 0":     func() { _, _ = ReportCluster{Rate: 1, Reports: 2}.MeanTime() },
		"no servers":           func() { _, _ = Queue{Arrivals: 1, Service: 1}.Solve() },
		"quantile of M/D/c":    func() { _, _ = Queue{Arrivals: 1, Service: 1, Servers: 2}.WaitQuantile(0.5) },
		"no room":              func() { FiniteQueue{Arrivals: 1, Service: 1}.Mean() },
		"square too small":     func() { _, _ = PriorityQueue{{0.1, 2, 3}}.Waits() },
		"group below 1":        func() { _, _ = BulkQueue{Groups: 0.1, Mean: 0.5, Square: 1, Service: 1}.Solve() },
		"all goes back":        func() { _, _ = Rework{Arrivals: 1, First: 2, Check: 2, Back: 1}.Solve() },
		"masses above 1":       func() { Panjer(Poisson(1), []float64{0.6, 0.6}, 5) },
		"Panjer underflows":    func() { Panjer(Poisson(2000), []float64{0, 1}, 5) },
		"more found by both":   func() { Recapture{First: 2, Second: 3, Both: 3}.Chapman() },
		"Weibull that falls":   func() { Race{Shape: 0.5, Scale: 1, Deadline: 1}.Solve() },
		"no clock":             func() { Exponentials{}.Mean() },
		"level of a test":      func() { TwoSamples{Canary: 1, Baseline: 1, Level: 1}.PooledZ() },
		"share of a canary":    func() { ShareTest{Requests: 9, Share: 1, Rate: 0.1, Level: 0.1}.Rejects(1) },
		"overloaded Erlang C":  func() { ErlangC(2, 2) },
		"limit below 0":        func() { Analysis{Limit: -1}.Abort() },
		"no changes in a pool": func() { Pool{}.Fails(0) },
		"alpha of an SPRT":     func() { SPRT{Healthy: 0.1, Broken: 0.2, Alpha: 0.5, Beta: 0.1, Batch: 1}.Run(0.1, 9) },
		"broken below healthy": func() { SPRT{Healthy: 0.2, Broken: 0.1, Alpha: 0.1, Beta: 0.1, Batch: 1}.Lines() },
		"share 0 for Wald":     func() { _, _, _ = SPRT{Healthy: 0.1, Broken: 0.2, Alpha: 0.1, Beta: 0.1, Batch: 1}.Wald(0) },
		"no batch":             func() { SPRT{Healthy: 0.1, Broken: 0.2, Alpha: 0.1, Beta: 0.1}.Run(0.1, 9) },
		"alpha above 1":        func() { EProcess{Healthy: 0.1, A: 1, B: 9, Alpha: 1.1, Batch: 1}.Run(0.1, 9) },
		"errors above all":     func() { EProcess{Healthy: 0.1, A: 1, B: 9, Alpha: 0.1}.Log(3, 4) },
		"concentration 0":      func() { TwoArm{Share: 0.5, Alpha: 0.1}.Run(2, 9) },
		"ratio 0 of two arms":  func() { TwoArm{Share: 0.5, Concentration: 10, Alpha: 0.1}.Run(0, 9) },
		"no prior variance":    func() { MixtureSPRT{Variance: 1}.HalfWidth(3, 0.1) },
		"no pairs":             func() { MixtureSPRT{Variance: 1, Prior: 1}.HalfWidth(0, 0.1) },
		"nothing expected":     func() { _, _ = MaxSPRT{Critical: 3}.Signal(1) },
		"ratio 0 of MaxSPRT":   func() { _, _ = MaxSPRT{Expected: 3, Critical: 3}.Signal(0) },
		"level out of reach":   func() { CriticalValue(0.01, 0.05) },
		"both charts up":       func() { _, _ = NormalCusum{Reference: 0.5, Limit: 4, HeadStart: 2.6}.TwoSided(0) },
		"health above k":       func() { _, _ = PoissonCusum{Reference: 1, Limit: 4}.SteadyDelay(1.1, 2) },
		"weight above 1":       func() { _, _ = EWMA{Weight: 1.1, Limit: 3}.RunLength(0) },
		"head start at limit":  func() { _, _ = PoissonCusum{Reference: 1, Limit: 4, HeadStart: 4}.RunLength(1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "analytic: ") {
					t.Errorf("panic %q", text)
				}
			}()
			f()
		})
	}
}
