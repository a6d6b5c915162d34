package models

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// oracle reads the known answers of one case of testdata/oracles.json.
func oracle(t *testing.T, id string) map[string]any {
	t.Helper()
	data, err := os.ReadFile("testdata/oracles.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID      string         `json:"id"`
		Outputs map[string]any `json:"outputs"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.ID == id {
			return c.Outputs
		}
	}
	t.Fatalf("no oracle %s", id)
	return nil
}

// within fails unless the mean of xs is within 5 standard errors, computed
// from xs, of want.
func within(t *testing.T, what string, xs []float64, want float64) {
	t.Helper()
	mean, se := meanAndError(xs)
	if !(math.Abs(mean-want) <= 5*se) {
		t.Errorf("%s is %v, want %v within 5 standard errors of %v", what, mean, want, se)
	}
}

// far fails unless the mean of xs misses wrong, the answer of a mutant, by at
// least 20 standard errors: only then does within kill the mutant.
func far(t *testing.T, mutant string, xs []float64, wrong float64) {
	t.Helper()
	mean, se := meanAndError(xs)
	if !(math.Abs(mean-wrong) >= 20*se) {
		t.Errorf("the mutant %q (%v) is only %.1f standard errors from %v: too few changes to kill it",
			mutant, wrong, math.Abs(mean-wrong)/se, mean)
	}
}

func meanAndError(xs []float64) (mean, se float64) {
	n := float64(len(xs))
	for _, x := range xs {
		mean += x / n
	}
	ss := 0.0
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(ss / (n - 1) / n)
}

// column reads one number of every outcome.
func column[T any](rows []T, of func(*T) float64) []float64 {
	xs := make([]float64, len(rows))
	for i := range rows {
		xs[i] = of(&rows[i])
	}
	return xs
}

func above(x float64) func(float64) float64 {
	return func(v float64) float64 {
		if v > x {
			return 1
		}
		return 0
	}
}

func mapped(xs []float64, f func(float64) float64) []float64 {
	ys := make([]float64, len(xs))
	for i, x := range xs {
		ys[i] = f(x)
	}
	return ys
}

// exponential is a Dist for spans that vary.
type exponential struct{ mean float64 }

func (d exponential) Quantile(u float64) float64 { return -d.mean * portable.Log(1-u) }
func (d exponential) Mean() float64              { return d.mean }

// lonely makes changes so rare and replications so short that rows are
// independent, and exposure the unit of harm: 1 request an hour fails at full
// exposure.
func lonely(c *Case) *Case {
	c.Service.Users, c.Service.RequestsPerHr = Known(1), Known(1)
	c.Classes[0].Strength = Amount{Value: Known(1)}
	c.Changes.Warmup, c.Changes.PerPeriod = 0, 1
	return c
}

// The ramp goes on for the two hours (exponential) until somebody looks.
func TestOracleRampDelay(t *testing.T) {
	want := oracle(t, "RAMP_expdelay")
	c := lonely(oneDefectCase(0.5, ramp(shares, starts)))
	c.Pipelines[0].Response = Response{Acknowledge: Span{Varies: exponential{2}}}
	outs, defs, _ := outcomes(t, c, 0, 450_000)
	exposure := column(outs, func(o *Outcome) float64 { return o.FailedRequests })
	within(t, "exposure", exposure, want["E_exposure"].(float64))
	within(t, "share of users", column(outs, func(o *Outcome) float64 { return o.UsersExposed }), want["E_users_frac"].(float64))
	far(t, "response latency ignored", exposure, 2)
	// Held at the alarm, the two hours would be spent at the share of the ring
	// in which it rang: the same changes, one by one, show how much that is.
	c.Pipelines[0].Response = Response{Automatic: true, Act: Span{Varies: exponential{2}}}
	held, _, _ := outcomes(t, c, 0, 450_000)
	more := make([]float64, len(held))
	for i := range more {
		more[i] = exposure[i] - held[i].FailedRequests
	}
	far(t, "ramp held at the alarm", more, 0)
	// A ring's exposure starts when the ring does: with the index off by one the
	// alarm would ring much earlier.
	within(t, "time to detect", column(defs, func(d *DefectOutcome) float64 { return d.Detect }), meanRamp(0.5))
	far(t, "ring index off by one", column(defs, func(d *DefectOutcome) float64 { return d.Detect }),
		meanOf(0.5, shares[1:], starts[:3]))
}

// meanRamp is the mean time to detect of the test ramp with hazard eta at full
// exposure: the integral of the survival function, ring by ring.
func meanRamp(eta float64) float64 { return meanOf(eta, shares, starts) }

func meanOf(eta float64, shares, starts []float64) float64 {
	sum, survive := 0.0, 1.0
	for i, s := range shares {
		length := math.Inf(1)
		if i+1 < len(starts) {
			length = starts[i+1] - starts[i]
		}
		p := -math.Expm1(-eta * s * length)
		sum += survive * p / (eta * s)
		survive *= 1 - p
	}
	return sum
}

func TestOracleRampTail(t *testing.T) {
	want := oracle(t, "RAMP_tail_D6")
	c := lonely(oneDefectCase(0.5, ramp(shares, starts)))
	c.Pipelines[0].Response = Response{Acknowledge: Hours(6)}
	outs, _, _ := outcomes(t, c, 0, 200_000)
	exposure := column(outs, func(o *Outcome) float64 { return o.FailedRequests })
	for _, x := range []float64{0.1, 1, 3, 5, 10} {
		within(t, fmt.Sprintf("P(exposure > %v)", x), mapped(exposure, above(x)), want[fmt.Sprintf("P_expo_gt_%v", x)].(float64))
	}
	far(t, "response latency ignored", mapped(exposure, above(5)), math.Exp(-0.5*5))
}

// gated is twelve defects a period through four gates and a ramp: one change
// carries them all.
func gated() *Case {
	var stages []Stage
	for i, p := range []float64{0.3, 0.5, 0.2, 0.4} {
		st := environment(fmt.Sprintf("gate %d", i), Environment{})
		st.Environment.Coverage = Known(p)
		stages = append(stages, st)
	}
	c := lonely(oneDefectCase(0.5, append(stages, ramp(shares, starts)...)))
	c.Changes.Defects, c.Changes.Evenly = Known(12), false
	c.Classes[0].Reproducible, c.Classes[0].Exercised = Known(1), Known(1)
	return c
}

func TestOracleGates(t *testing.T) {
	want := oracle(t, "GATES_thinning")
	outs, defs, _ := outcomes(t, gated(), 0, 60_000)
	escapes := column(outs, func(o *Outcome) float64 { return float64(o.Escapes) })
	within(t, "escapes", escapes, want["escaped_mean"].(float64))
	within(t, "P(none)", mapped(escapes, func(v float64) float64 { return 1 - above(0)(v) }), want["P0"].(float64))
	within(t, "P(5 or more)", mapped(escapes, above(4.5)), want["P_ge_5"].(float64))
	far(t, "a gate left out", escapes, 12*0.5*0.8*0.6)
	far(t, "gates in the wrong order or added", escapes, 12*(1-0.3-0.5-0.2*0.1))
	n := float64(len(outs))
	for i, w := range want["caught_by_gate"].([]any) {
		caught := 0.0
		for _, d := range defs {
			if int(d.Stop) == i {
				caught++
			}
		}
		// Thinned Poisson counts are Poisson: the variance of the mean is mean/n.
		if w := w.(float64); math.Abs(caught/n-w) > 5*math.Sqrt(w/n) {
			t.Errorf("gate %d catches %v, want %v", i, caught/n, w)
		}
	}
}

// The loss of the period is compound Poisson-exponential, whatever the ramp.
func TestOracleLossOfAPeriod(t *testing.T) {
	want := oracle(t, "E2E_defects_gates_ramp_LEC")
	c := gated()
	c.Pipelines[0].Response = Response{Action: KillSwitch, Automatic: true}
	c.Pipelines[0].Fix = Fix{LateMultiplier: Known(1)}
	outs, _, _ := outcomes(t, c, 0, 60_000)
	loss := column(outs, func(o *Outcome) float64 { return o.FailedRequests })
	within(t, "mean", loss, want["mean"].(float64))
	for _, x := range []float64{0, 2, 5, 10, 20} {
		within(t, fmt.Sprintf("P(loss > %v)", x), mapped(loss, above(x)), want[fmt.Sprintf("P_loss_gt_%v", x)].(float64))
	}
	far(t, "gates that catch nothing", loss, 24)
}
