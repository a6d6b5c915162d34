package detector

import (
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// poissonCounts makes a chart of a million requests every 0.1 hours, so many
// that their errors are as good as Poisson, and the number of intervals to its
// alarm when errors have the given mean.
func poissonCounts(t *testing.T, k, h, head, mu, intervals float64, n int) *sample {
	t.Helper()
	const requests = 1e6
	d := build(t, "cusum", numbers{"interval": 0.1, "reference": k / requests, "limit": h, "head_start": head / h}, nil)
	return checksTo(checksOf(requests, mu/requests, intervals), d, n, intervals)
}

// TestCusumOracles: run lengths of exact Markov chains, with and without a head
// start.
func TestCusumOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "POISCUSUM") || strings.Contains(id, "steady") || o.out("ARL") > 1000 {
			continue
		}
		s := poissonCounts(t, o.in("k"), o.in("h"), o.in("headstart"), o.in("mu"), 1e5, 4000)
		s.within(t, id, o.out("ARL"), o.out("SD"))
		for by, want := range map[float64]float64{10: o.out("P_by_10"), 50: o.out("P_by_50"), 100: o.out("P_by_100")} {
			s.below(by).within(t, id, want, spread(nil, want))
		}
	}
}

// TestCusumSteady: a chart that has been running in health for long needs less from a
// change on than one that begins with it: the delay from the quasi-stationary start.
func TestCusumSteady(t *testing.T) {
	o := oracles(t)["POISCUSUM_steady_k5_h10_4to7"]
	const requests, n = 1e6, 20000
	d := build(t, "cusum", numbers{"interval": 0.1, "reference": o.in("k") / requests, "limit": o.in("h")}, words{"start": "steady"})
	tr := checksOf(requests, o.in("mu0")/requests, 1e4)
	tr.window.Signals = []models.Signal{broken((o.in("mu1") - o.in("mu0")) / requests)}
	s := checksTo(tr, d, n, 1e4)
	s.within(t, "steady", o.out("steady_state_delay"), 0)
	// From zero it takes four tenths of an interval more, which is told apart.
	checksTo(tr, build(t, "cusum", numbers{"interval": 0.1, "reference": o.in("k") / requests, "limit": o.in("h")}, nil), n, 1e4).
		outside(t, "a start from zero", o.out("steady_state_delay"), 0)
}

// TestCusumMutants: mistakes that the oracles notice.
func TestCusumMutants(t *testing.T) {
	o := oracles(t)["POISCUSUM_k5_h10_mu5.5"]
	mutant := func(name string, k, h, head float64) {
		t.Helper()
		poissonCounts(t, k, h, head, 5.5, 1e5, 16000).outside(t, name, o.out("ARL"), o.out("SD"))
	}
	mutant("above the limit for at it", 5, 10.999, 0)
	mutant("a head start where none is", 5, 10, 5)
	mutant("a reference at the mean of the shares", 5.5, 10, 0)
}

// TestEWMAOracle: run lengths of the one-sided chart from a long way below the
// limit: with a shift of one, both sides together ring as the upper one alone,
// but for one alarm in ten thousand.
func TestEWMAOracle(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "EWMA_") || o.in("mu") < 1 {
			continue
		}
		d := build(t, "ewma", numbers{"interval": 1, "healthy": 0.01, "weight": o.in("lam"), "limit": o.in("L")}, nil).(series).Test.(ewmaTest)
		key, s := rng.NewKey(3, "ewma"), &sample{}
		for i := range 20000 {
			luck, m, n := key.Stream(uint64(i), 0, 0), d.start(), 1.0
			for d.average(&m, portable.NormalQuantile(luck.Uniform())+o.in("mu")) != rings {
				n++
			}
			s.add(n)
		}
		s.within(t, id, o.out("ARL"), 0)
	}
}

// TestEWMACounts: what the chart is fed has mean 0 and standard deviation 1 in
// health, and rises as the error rate does.
func TestEWMACounts(t *testing.T) {
	const requests, healthy = 10000, 0.01
	d := build(t, "ewma", numbers{"interval": 0.1, "healthy": healthy, "weight": 0.2, "limit": 2.962}, nil)
	shift := 1 / math.Sqrt(requests*healthy*(1-healthy)) * (1 - healthy) // of one standard deviation, as a share of the share
	s := checksTo(checksOf(requests, healthy*(1+shift), 1e4), d, 4000, 1e4)
	// Lucas and Saccucci, 1990: 10.5 intervals at a shift of one; errors are
	// binomial, not normal, which moves the mean by less than a twentieth.
	if m := s.mean(); math.Abs(m-10.54) > 0.05*10.54+5*s.sd()/math.Sqrt(4000) {
		t.Errorf("%v intervals to the alarm", m)
	}
}

// TestBounds: constants of plans of looks against recursive integration on both
// sides; on one side at half the level they agree to the fourth digit.
func TestBounds(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "GROUPSEQ") {
			continue
		}
		k := int(o.in("K"))
		pocock := plan{looks: k, alpha: 0.025, shape: shapePocock}.bounds()
		if c := o.out("C_Pocock"); math.Abs(pocock[0]-c) > 2e-4 || pocock[k-1] != pocock[0] {
			t.Errorf("%s: Pocock %v, want %v", id, pocock[0], c)
		}
		obf := plan{looks: k, alpha: 0.025, shape: shapeOBrienFleming}.bounds()
		for i, want := range o.Outputs["OBF_bounds"].([]any) {
			if math.Abs(obf[i]-want.(float64)) > 2e-4 {
				t.Errorf("%s: O'Brien-Fleming, look %d: %v, want %v", id, i+1, obf[i], want)
			}
		}
	}
	// Jennison and Turnbull, 2000, table 7.1 spends otherwise; these are the
	// values of Lan and DeMets for five looks at 5 % on both sides.
	for shape, want := range map[string][]float64{
		shapeSpendOBF:    {4.877, 3.357, 2.680, 2.290, 2.031},
		shapeSpendPocock: {2.438, 2.427, 2.410, 2.397, 2.386},
	} {
		got := plan{looks: 5, alpha: 0.025, shape: shape}.bounds()
		for i, w := range want {
			if math.Abs(got[i]-w) > 6e-4 {
				t.Errorf("%s, look %d: %v, want %v", shape, i+1, got[i], w)
			}
		}
	}
}

// halves is a service of which half meets a release that is as good as the
// rest, or worse, with one look every 0.1 hours.
func halves(requests, errors, worse, looks float64) *trip {
	tr := checksOf(2*requests, errors, looks)
	tr.legs[0].share = 0.5
	if worse > 0 {
		tr.window.Signals = []models.Signal{broken(worse)}
	}
	return tr
}

// TestPeeking: ten looks at 1.96 on one side reject a healthy version as often as
// the recursion of Armitage, McPherson and Rowe says for half of both sides;
// a plan of ten looks keeps its level.
func TestPeeking(t *testing.T) {
	both := oracles(t)["ARMITAGE_repeated_1.96"].out("K10")
	const n = 20000
	peek := build(t, "z-test", numbers{"interval": 0.1, "alpha": 0.025, "looks": 10}, nil)
	s := checksTo(halves(20000, 0.1, 0, 10), peek, n, 10).below(10)
	// Both sides can ring in one path, which happens in less than one of a hundred alarms.
	if m, se := s.mean(), math.Sqrt(both/2/n); m < both/2-5*se || m > 1.01*both/2+5*se {
		t.Errorf("peeking rejects %v, on both sides %v", m, both)
	}
	for _, shape := range []string{shapePocock, shapeOBrienFleming, shapeSpendOBF, shapeSpendPocock} {
		d := build(t, "group-sequential", numbers{"interval": 0.1, "alpha": 0.025, "looks": 10}, words{"shape": shape})
		checksTo(halves(20000, 0.1, 0, 10), d, n, 10).below(10).within(t, shape, 0.025, spread(nil, 0.025))
	}
}

// TestLooksPower: the power and the looks of plans at the drift at which a
// single look would find the difference in 90 of 100.
func TestLooksPower(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "GROUPSEQ") {
			continue
		}
		const requests, errors, n = 1e6, 0.2, 10000
		k := o.in("K")
		// drift = d sqrt(k requests / (2 p q)), with p in the middle of both shares
		d := o.in("drift_total") * math.Sqrt(2*errors*(1-errors)/(k*requests))
		for shape, name := range map[string]string{shapePocock: "Pocock", shapeOBrienFleming: "OBF"} {
			test := build(t, "group-sequential", numbers{"interval": 0.1, "alpha": 0.025, "looks": k}, words{"shape": shape})
			s := checksTo(halves(requests, errors-d/2, d, k), test, n, k)
			power := o.out(name + "_power_at_fixed90")
			s.below(k).within(t, id+" "+name, power, spread(nil, power))
			s.capped(k).within(t, id+" "+name+" looks", o.out(name+"_E_looks"), 0)
		}
	}
}
