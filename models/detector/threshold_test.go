package detector

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// checksOf is a service with so many requests in every check of 0.1 hours, a
// release to everyone, and errors without a defect.
func checksOf(requests, errors, checks float64) *trip {
	return &trip{legs: []leg{{1, checks * 0.1}}, window: models.Window{Requests: requests * 10, Users: 1000, Errors: errors, Clock: flat()}}
}

// window makes a threshold window of 0.1 hours.
func window(t testing.TB, threshold, failures float64, more numbers, w words) models.Detector {
	n := numbers{"interval": 0.1, "threshold": threshold, "failures": failures}
	for name, x := range more {
		n[name] = x
	}
	return build(t, "threshold-window", n, w)
}

// checksTo is the number of checks to the alarm over n releases; cap+1 where
// none rang.
func checksTo(tr *trip, d models.Detector, n int, cap float64) *sample {
	s, m := &sample{}, d.Monitor(5)
	for release := range n {
		tr.window.Luck.Release = uint64(release)
		if j := tr.ride(m, 0); j.rang {
			s.add(float64((j.verdict.At + 1) / span(0.1)))
		} else {
			s.add(cap + 1)
		}
	}
	return s
}

func (s *sample) capped(cap float64) *sample {
	out := &sample{}
	for _, x := range s.values {
		out.add(min(x, cap))
	}
	return out
}

func (s *sample) below(cap float64) *sample {
	out := &sample{}
	for _, x := range s.values {
		out.add(is(x <= cap))
	}
	return out
}

// TestThresholdOracles: fail probabilities to 1e-9; checks to the alarm, their
// spread and the probability of an alarm within ten, through the monitor.
func TestThresholdOracles(t *testing.T) {
	const horizon = 1e7
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "W1") {
			continue
		}
		size, p, theta := o.in("n_per_window"), o.in("p"), o.in("theta")
		close9(t, id+" f", binomialTail(size, p, theta*size), o.out("f"))
		for _, k := range []int{1, 3, 4, 5} {
			name, n := fmt.Sprintf("cum_k%d_", k), 20000
			s := checksTo(checksOf(size, p, horizon), window(t, theta, float64(k), nil, nil), n, horizon)
			s.within(t, id+" "+name, o.out(name+"E_checks"), o.out(name+"sd_checks"))
			s.capped(10).within(t, id+" "+name+"min", o.out(name+"E_min_T_10"), spread(s.capped(10), o.out(name+"E_min_T_10")))
			s.below(10).within(t, id+" "+name+"10", o.out(name+"P_within10"), spread(nil, o.out(name+"P_within10")))
		}
		for _, k := range []int{2, 3} {
			name, n := fmt.Sprintf("consec_k%d_", k), 4000
			s := checksTo(checksOf(size, p, horizon), window(t, theta, float64(k), nil, words{"count": "consecutive"}), n, horizon)
			s.within(t, id+" "+name, o.out(name+"E_checks"), 0)
			s.below(10).within(t, id+" "+name+"10", o.out(name+"P_within10"), spread(nil, o.out(name+"P_within10")))
		}
	}
}

// spread is a standard deviation that is not 0 although a sample may be
// constant: of a probability by its formula, of a mean by the sample, at least
// what one in 1e5 would add.
func spread(s *sample, p float64) float64 {
	if s != nil {
		return math.Max(s.sd(), 3e-3)
	}
	return math.Sqrt(math.Max(p*(1-p), 1e-5))
}

// TestThresholdMutants: the classic mistakes, at the n of the oracles.
func TestThresholdMutants(t *testing.T) {
	const n, horizon = 20000, 1e6
	o := oracles(t)["W1_fixed_n500_theta.02_p0.02"]
	tr := checksOf(500, 0.02, horizon)
	want, sd := o.out("cum_k4_E_checks"), o.out("cum_k4_sd_checks")
	mutant := func(name string, d models.Detector) {
		t.Helper()
		checksTo(tr, d, n, horizon).outside(t, name, want, sd)
	}
	mutant("k off by one", window(t, 0.02, 5, nil, nil))
	mutant("k off by one, below", window(t, 0.02, 3, nil, nil))
	mutant(">= for >", window(t, 0.02-1e-9, 4, nil, nil))
	mutant("consecutive for cumulative", window(t, 0.02, 4, nil, words{"count": "consecutive"}))
	want, sd = o.out("consec_k3_E_checks"), 0
	mutant("cumulative for consecutive", window(t, 0.02, 3, nil, nil))
}

// TestThresholdPoisson: the oracles with Poisson traffic.
func TestThresholdPoisson(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "W2") {
			continue
		}
		poisson := words{"traffic": "poisson"}
		d := window(t, o.in("theta"), 4, nil, poisson).(threshold)
		close9(t, id, d.chance(o.in("lam_per_window"), o.in("p")).fail, o.out("f"))
		s := checksTo(checksOf(o.in("lam_per_window"), o.in("p"), 1e6), d, 20000, 1e6)
		s.within(t, id, o.out("argo_k4_E_checks"), 0)
	}
}

// TestOverlap: the oracles of overlapping windows. Their start is a release
// whose last m-1 intervals had requests and no errors; here the defect begins
// to show then.
func TestOverlap(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "W3") {
			continue
		}
		m := o.in("m")
		d := window(t, o.in("theta"), 1, numbers{"window": 0.1 * m}, nil)
		tr := checksOf(o.in("n_per_interval"), 0, 1000)
		tr.window.Signals = []models.Signal{broken(o.in("p"))}
		tr.window.Signals[0].From = time.Duration(m-1) * span(0.1)
		s := checksTo(tr, d, 40000, 1000)
		for i := range s.values {
			s.values[i] -= m - 1
		}
		s.within(t, id, o.out("E_checks"), 0)
		for _, k := range []float64{5, 10, 30} {
			p := o.out(fmt.Sprintf("P_by_%v", k))
			s.below(k).within(t, fmt.Sprintf("%s by %v", id, k), p, spread(nil, p))
		}
		short := window(t, o.in("theta"), 1, nil, nil)
		checksTo(tr, short, 40000, 1000).outside(t, "window ignored", o.out("E_checks")+m-1, 0)
	}
}

// naive counts request by request: each request of a window falls at a time
// that follows the traffic and fails with the probability of that time. It
// returns the number of the check that rings; 0 for none.
type naive struct {
	perHour  float64
	clock    *models.Clock
	errors   func(t float64) float64
	interval float64
	windows  int // intervals a window is long
	checks   int
	poisson  bool
	fails    func(errors, requests int) (fails, counts bool)
	failures int
	resets   bool
}

func (v *naive) run(luck *rng.Stream) int {
	failures := 0
	var all, bad []int
	for i := range v.checks {
		a, b := span(float64(i)*v.interval), span(float64(i+1)*v.interval)
		mean := v.perHour * v.clock.Between(a, b)
		requests := int(mean + 0.5)
		if v.poisson {
			for requests = 0; ; requests++ {
				if mean -= luck.Exponential(); mean < 0 {
					break
				}
			}
		}
		errors, dose := 0, v.clock.Between(a, b)
		for range requests {
			at := hours(v.clock.After(a, dose*luck.Uniform()))
			if luck.Uniform() < v.errors(at) {
				errors++
			}
		}
		all, bad = append(all, requests), append(bad, errors)
		n, e := 0, 0
		for k := max(0, i-v.windows+1); k <= i; k++ {
			n, e = n+all[k], e+bad[k]
		}
		switch fails, counts := v.fails(e, n); {
		case !counts:
		case fails:
			if failures++; failures == v.failures {
				return i + 1
			}
		case v.resets:
			failures = 0
		}
	}
	return 0
}

// TestAgainstNaive: the jumps against requests one by one, in a chi-square test
// of the two histograms at the level 1e-3, over flat and daily traffic, fixed
// and Poisson, with and without a defect that begins inside an interval,
// overlapping windows and every policy for missing data.
func TestAgainstNaive(t *testing.T) {
	type setting struct {
		name     string
		daily    bool
		n        numbers
		w        words
		requests float64 // a mean hour
		base     float64
		defect   float64
		from     float64
		checks   int
	}
	for _, c := range []setting{
		{"plain", false, numbers{"failures": 2}, nil, 400, 0.02, 0, 0, 30},
		{"consecutive", false, numbers{"failures": 2}, words{"count": "consecutive"}, 400, 0.02, 0, 0, 30},
		{"onset inside", false, numbers{"failures": 1}, nil, 400, 0.005, 0.03, 0.73, 20},
		{"daily", true, numbers{"failures": 8}, nil, 2000, 0.02, 0.01, 1.26, 60},
		{"daily poisson", true, numbers{"failures": 8}, words{"traffic": "poisson"}, 2000, 0.015, 0.01, 1.26, 60},
		{"poisson skip", false, numbers{"failures": 3, "min_requests": 20}, words{"traffic": "poisson", "no_data": "skip", "count": "consecutive"}, 200, 0.03, 0, 0, 40},
		{"poisson fail", false, numbers{"failures": 3, "min_requests": 12}, words{"traffic": "poisson", "no_data": "fail", "count": "consecutive"}, 200, 0.01, 0, 0, 40},
		{"overlap", false, numbers{"failures": 2, "window": 0.4}, nil, 200, 0.015, 0, 0, 40},
		{"overlap consecutive", true, numbers{"failures": 3, "window": 0.3}, words{"count": "consecutive", "traffic": "poisson"}, 200, 0.01, 0.02, 2.17, 60},
		{"overlap skip", false, numbers{"failures": 2, "window": 0.2, "min_requests": 40}, words{"count": "consecutive", "traffic": "poisson", "no_data": "skip"}, 200, 0.02, 0, 0, 40},
	} {
		const n = 4000
		clock := flat()
		if c.daily {
			clock = daily()
		}
		d := window(t, 0.03, c.n["failures"], c.n, c.w).(threshold)
		v := naive{perHour: c.requests, clock: clock, interval: 0.1, windows: d.Intervals, checks: c.checks, poisson: d.Poisson,
			failures: d.Failures, resets: d.Consecutive,
			errors: func(at float64) float64 { return c.base + c.defect*is(at >= c.from) },
			fails: func(e, n int) (bool, bool) {
				if float64(n) < d.MinRequests {
					return d.NoData == noDataFails, d.NoData != noDataSkips
				}
				return float64(e)/float64(n) > 0.03, true
			}}
		tr := &trip{legs: []leg{{0.5, float64(c.checks) * 0.2 / 2}}, window: models.Window{Requests: 2 * c.requests, Users: 1, Errors: c.base, Clock: clock}}
		tr.window.Signals = []models.Signal{broken(c.defect)}
		tr.window.Signals[0].From = span(c.from)
		histogram := func(d threshold) []float64 {
			cells := make([]float64, c.checks+1)
			for _, x := range checksTo(tr, d, n, -1).values {
				cells[int(x)]++
			}
			return cells
		}
		slow := make([]float64, c.checks+1)
		for rep := range n {
			luck := rng.NewKey(2, "test/naive").Stream(uint64(rep), 0, 0)
			slow[v.run(&luck)]++
		}
		if x, df := chiSquare(histogram(d), slow); x > chiSquareLimit(df) {
			t.Errorf("%s: chi-square %.1f with %d degrees of freedom\n%v\n%v", c.name, x, df, histogram(d), slow)
		}
		d.Threshold = 0.055
		if x, df := chiSquare(histogram(d), slow); x < chiSquareLimit(df) {
			t.Errorf("%s: another threshold passes: chi-square %.1f with %d degrees of freedom", c.name, x, df)
		}
	}
}

// chiSquare compares two histograms of the same size; cells are joined until
// both together hold twenty.
func chiSquare(a, b []float64) (x float64, df int) {
	df = -1
	p, q := 0.0, 0.0
	for i := range a {
		p, q = p+a[i], q+b[i]
		if p+q >= 20 {
			x += (p - q) * (p - q) / (p + q)
			p, q = 0, 0
			df++
		}
	}
	return x, df
}

// chiSquareLimit is the 0.999 quantile (Wilson and Hilferty, 1931).
func chiSquareLimit(df int) float64 {
	k := float64(df)
	return k * math.Pow(1-2/(9*k)+3.09*math.Sqrt(2/(9*k)), 3)
}
