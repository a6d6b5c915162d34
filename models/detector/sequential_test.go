package detector

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// verdicts drives a detector that goes from error to error, request by request
// and without time: the requests up to its end, whether it rang, and the draws.
func verdicts(d models.Detector, p, most float64, n int) (rang, made, draws *sample) {
	rang, made, draws = &sample{}, &sample{}, &sample{}
	g := d.(gaps)
	m := g.Monitor(1).(*gapMonitor)
	for release := range n {
		b := gapBook{luck: m.key.Stream(uint64(release), 0, 0)}
		alarm := m.requests(&b, most, p)
		rang.add(is(alarm))
		made.add(b.made)
		draws.add(float64(b.x))
	}
	return rang, made, draws
}

// TestSPRTOracles: the probability of an alarm and the requests to a verdict of
// exact recursions, after every request and after batches.
func TestSPRTOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "SPRT_") {
			continue
		}
		exact := o.Outputs["exact"].(map[string]any)
		d := build(t, "sprt", numbers{"healthy": o.in("p0"), "broken": o.in("p1"), "alpha": o.in("alpha"), "beta": o.in("beta"),
			"batch": o.in("batch")}, nil)
		rang, made, _ := verdicts(d, o.in("p_true"), math.Inf(1), 20000)
		want := exact["P_reject"].(float64)
		rang.within(t, id, want, spread(nil, want))
		made.within(t, id, exact["ASN"].(float64), exact["SD"].(float64))
	}
}

// TestSPRTMutants: mistakes that the oracles of the test notice.
func TestSPRTMutants(t *testing.T) {
	o := oracles(t)["SPRT_p00.01_p10.03_a0.05_b0.05_true0.02_batch1"]
	exact := o.Outputs["exact"].(map[string]any)
	asn, sd := exact["ASN"].(float64), exact["SD"].(float64)
	good := newWald(0.01, 0.03, 0.05, 0.05)
	for name, w := range map[string]wald{
		"bounds without the other error":    {Above: good.Above * 0.8, Below: good.Below * 0.8, Slope: good.Slope},
		"slope at the middle of the shares": {Above: good.Above, Below: good.Below, Slope: 0.02 * 1.2},
		"only the upper bound":              {Above: good.Above, Below: 40, Slope: good.Slope},
	} {
		_, made, _ := verdicts(gaps{Kind: "sprt", Batch: 1, Region: w}, 0.02, math.Inf(1), 20000)
		made.outside(t, name, asn, sd)
	}
	d := build(t, "sprt", numbers{"healthy": 0.01, "broken": 0.03, "batch": 100}, nil)
	_, made, _ := verdicts(d, 0.02, math.Inf(1), 20000)
	made.outside(t, "looks after batches", asn, sd)
}

// TestSPRTDraws: at most 25 draws a verdict, on average, under both hypotheses.
func TestSPRTDraws(t *testing.T) {
	d := build(t, "sprt", numbers{"healthy": 0.001, "broken": 0.002, "alpha": 0.01}, nil).(gaps)
	for _, p := range []float64{0.001, 0.002} {
		m := d.Monitor(1).(*gapMonitor)
		draws := &sample{}
		for release := range 5000 {
			b := gapBook{luck: m.key.Stream(uint64(release), 0, 0)}
			counted := gapBook{luck: b.luck}
			m.requests(&b, math.Inf(1), p)
			n := 0.0
			for counted.luck != b.luck {
				counted.luck.Exponential()
				n++
			}
			draws.add(n)
		}
		if draws.mean() > 25 {
			t.Errorf("share %v: %v draws a verdict", p, draws.mean())
		}
	}
}

// requestByRequest is the test request by request: the law that gaps must have.
func requestByRequest(r region, batch, p, most float64, luck *rng.Stream) (rings bool, made float64) {
	x := 0.0
	for n := 1.0; n <= most; n++ {
		if luck.Uniform() < p {
			x++
		}
		switch {
		case math.Mod(n, batch) != 0:
		case r.rings(n, x):
			return true, n
		case n >= r.seenEnough(x):
			return false, n
		}
	}
	return false, most
}

// TestGapsAreRequests: going from error to error has the law of going from
// request to request, by the distance of Smirnov for two samples at 1e-3.
func TestGapsAreRequests(t *testing.T) {
	const n, most = 4000, 3000
	for name, d := range map[string]models.Detector{
		"sprt":       build(t, "sprt", numbers{"healthy": 0.01, "broken": 0.03}, nil),
		"sprt batch": build(t, "sprt", numbers{"healthy": 0.01, "broken": 0.03, "batch": 37}, nil),
		"e-process":  build(t, "e-process", numbers{"healthy": 0.01, "expected": 0.02, "requests": 2500}, nil),
		"maxsprt":    build(t, "maxsprt", numbers{"healthy": 0.01, "expected": 20, "critical_value": 3}, nil),
	} {
		g := d.(gaps)
		_, fast, _ := verdicts(d, 0.02, most, n)
		slow, key := &sample{}, rng.NewKey(2, "naive")
		for i := range n {
			luck := key.Stream(uint64(i), 0, 0)
			_, made := requestByRequest(g.Region, g.Batch, 0.02, most, &luck)
			slow.add(made)
		}
		if far := smirnov(fast.values, slow.values); far > 1.95*math.Sqrt(2.0/n) {
			t.Errorf("%s: distance %v of the laws, allowed %v", name, far, 1.95*math.Sqrt(2.0/n))
		}
	}
}

// TestEProcessOracles: the e-process of a Beta mixture against exact recursions.
func TestEProcessOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "BetaBin_e_") {
			continue
		}
		a, b := o.in("a"), o.in("b")
		d := build(t, "e-process", numbers{"healthy": o.in("p0"), "alpha": o.in("alpha"), "expected": a / (a + b), "weight": a + b,
			"requests": o.in("nmax"), "batch": o.in("batch")}, nil)
		rang, made, _ := verdicts(d, o.in("p_true"), o.in("nmax"), 20000)
		rang.within(t, id, o.out("P_reject"), spread(nil, o.out("P_reject")))
		made.within(t, id, o.out("E_min_T_nmax"), spread(made, 0))
	}
}

// TestTwoArmOracles: the value of the e-process, and its power and errors to the
// alarm when both versions fail at steady rates.
func TestTwoArmOracles(t *testing.T) {
	for id, o := range oracles(t) {
		switch {
		case strings.HasPrefix(id, "MultE_x"):
			m := betaBinomial{Healthy: o.in("theta"), A: o.in("alpha_canary"), B: o.in("alpha_base")}
			close9(t, id, portable.Exp(m.logE(o.in("x_canary")+o.in("y_base"), o.in("x_canary"))), o.out("E"))
		case strings.HasPrefix(id, "MultE_power"):
			twoArmPower(t, id, o)
		}
	}
}

// twoArmPower looks at the errors of both arms as the monitor counts them.
func twoArmPower(t *testing.T, id string, o *oracle) {
	t.Helper()
	d := build(t, "two-arm", numbers{"alpha": o.in("alpha"), "weight": o.in("concentration")}, nil).(twoArms)
	bound := d.Bound
	d.Bound = math.Inf(1) // the test decides
	m := d.Monitor(1).(*twoArmMonitor)
	most, theta := o.in("max_events"), o.in("theta")
	w := models.Window{End: span(1e5), Share: theta, Requests: 1e5, Errors: 0.001, Clock: flat()}
	m.last.fill(&w)
	rang, events := &sample{}, &sample{}
	for release := range 10000 {
		b := twoArmBook{luck: m.key.Stream(uint64(release), 0, 0), share: theta}
		alarm := false
		for b.n < most && !alarm {
			m.errors(&b, w.End, 0.001*o.in("RR"))
			alarm = b.n <= most && b.x > b.n*theta && m.logE(&b) >= bound
		}
		rang.add(is(alarm))
		events.add(min(b.n, most))
	}
	rang.within(t, id, o.out("P_reject"), spread(nil, o.out("P_reject")))
	events.within(t, id+" events", o.out("E_events_min_nmax"), spread(events, 0))
}

// TestMaxSPRTOracles: size and power.
func TestMaxSPRTOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "MaxSPRT_") {
			continue
		}
		// Requests so many that errors are as good as Poisson.
		const p = 1e-5
		d := build(t, "maxsprt", numbers{"healthy": p, "expected": o.in("T"), "critical_value": o.out("CV")}, nil)
		for name, c := range map[string]struct{ ratio, want float64 }{
			"size": {1, o.in("alpha")}, "1.5": {1.5, o.out("power_RR1_5")}, "2": {2, o.out("power_RR2")}, "3": {3, o.out("power_RR3")},
		} {
			rang, _, _ := verdicts(d, p*c.ratio, math.Inf(1), 20000)
			rang.within(t, id+" "+name, c.want, spread(nil, c.want))
		}
	}
}

// TestBernoulliCusumOracles: the mean number of requests to the alarm.
func TestBernoulliCusumOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "BERNCUSUM") {
			continue
		}
		d := build(t, "bernoulli-cusum", numbers{"healthy": o.in("p0"), "broken": o.in("p1"), "limit": o.in("h")}, nil)
		for p, share := range map[string]float64{"0.01": 0.01, "0.015": 0.015, "0.02": 0.02, "0.025": 0.025, "0.05": 0.05} {
			_, made, _ := verdicts(d, share, math.Inf(1), 10000)
			made.within(t, id+" "+p, o.out("ANOS_p"+p), 0)
		}
	}
}

// smirnov is the largest distance of two empirical distributions.
func smirnov(a, b []float64) float64 {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	far, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] <= x {
			i++
		}
		for j < len(b) && b[j] <= x {
			j++
		}
		far = max(far, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return far
}

// TestTwoArmKeepsItsLevel: through three rings of other shares, and with traffic that
// moves, a healthy release rings with probability alpha at most.
func TestTwoArmKeepsItsLevel(t *testing.T) {
	const alpha, n = 0.01, 20000
	d := build(t, "two-arm", numbers{"alpha": alpha, "weight": 10}, nil)
	for _, clock := range []*models.Clock{flat(), awake()} {
		tr := &trip{legs: []leg{{0.01, 0.5}, {0.1, 0.5}, {0.5, 2}, {1, 1}}, window: models.Window{Requests: 120000, Errors: 0.003, Clock: clock}}
		m, s := d.Monitor(1), &sample{}
		for release := range n {
			tr.window.Luck.Release = uint64(release)
			s.add(is(tr.ride(m, 0).rang))
		}
		if se := math.Sqrt(alpha * (1 - alpha) / n); s.mean() > alpha+5*se || s.mean() < alpha/20 {
			t.Errorf("%v of the healthy releases ring, at most %v are allowed", s.mean(), alpha)
		}
	}
}
