package detector

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
)

// weights are the rings of a controller, so many intervals each, and then
// everybody.
func weights(o *oracle, key string, hoursEach float64) []leg {
	var legs []leg
	for _, w := range o.Inputs[key].([]any) {
		legs = append(legs, leg{w.(float64), hoursEach})
	}
	return append(legs, leg{1, 100})
}

// TestFlaggerOracles: how often a release is rolled back and how many intervals
// it takes to know, against the exact recursion over its ticks.
func TestFlaggerOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "FLAGGER_E2E") {
			continue
		}
		run := func(d models.Detector) (rolled, intervals *sample) {
			tr := &trip{legs: weights(o, "weights", 0.1), window: models.Window{Requests: o.in("requests_per_interval") * 10, Errors: o.in("p_true"), Clock: flat()}}
			rolled, intervals = &sample{}, &sample{}
			m := d.Monitor(1)
			for release := range 20000 {
				tr.window.Luck.Release = uint64(release)
				j := tr.ride(m, 0)
				rolled.add(is(j.rang))
				n := float64(len(tr.legs) - 1 + j.held)
				if j.rang {
					n = float64((j.verdict.At + 1) / span(0.1))
				}
				intervals.add(n)
			}
			return rolled, intervals
		}
		n := numbers{"interval": 0.1, "max": 0.01, "threshold": o.in("threshold"), "max_weight": 0.5}
		rolled, intervals := run(build(t, "flagger", n, nil))
		rolled.within(t, id, o.out("P_rollback"), spread(nil, o.out("P_rollback")))
		intervals.within(t, id+" intervals", o.out("E_intervals"), spread(intervals, 0))
		if o.in("p_true") != 0.011 {
			continue
		}
		n["threshold"]--
		fewer, _ := run(build(t, "flagger", n, nil))
		fewer.outside(t, "threshold off by one", o.out("P_rollback"), spread(nil, o.out("P_rollback")))
	}
}

// TestFlaggerTicks: with every check failing, the alarm rings threshold + 1
// intervals after the first traffic, all in the first ring; a clean release is
// never held; promotion is not checked.
func TestFlaggerTicks(t *testing.T) {
	d := build(t, "flagger", numbers{"interval": 1.0 / 60, "threshold": 3, "max_weight": 0.5}, nil)
	tr := &trip{legs: []leg{{0.1, 1.0 / 60}, {0.2, 1.0 / 60}, {1, 10}}, window: models.Window{Requests: 1e6, Errors: 0.5, Clock: flat()}}
	if j := tr.ride(d.Monitor(1), 0); !j.rang || j.leg != 0 || j.verdict.At != 4*time.Minute-1 || j.held != 3 {
		t.Errorf("all checks fail: %+v", j)
	}
	tr.window.Errors = 0
	if j := tr.ride(d.Monitor(1), 0); j.rang || j.held != 0 {
		t.Errorf("clean: %+v", j)
	}
	tr.window.Signals = []models.Signal{broken(0.9)}
	tr.window.Signals[0].From = 3 * time.Minute
	if j := tr.ride(d.Monitor(1), 0); j.rang || j.held != 0 {
		t.Errorf("a defect that shows in promotion: %+v", j)
	}
	tr.window.Requests, tr.window.Signals = 0, nil
	if j := tr.ride(d.Monitor(1), 0); !j.rang || j.verdict.At != 4*time.Minute-1 {
		t.Errorf("no requests: %+v", j)
	}
}

// TestArgoOracles: how often an analysis aborts, and when, against the chain of
// its measurements.
func TestArgoOracles(t *testing.T) {
	for id, o := range oracles(t) {
		if !strings.HasPrefix(id, "ARGO_E2E") {
			continue
		}
		interval := o.in("interval_s") / 3600
		seen := o.Inputs["weights_seen_by_each_measurement"].([]any)
		tr := &trip{window: models.Window{Requests: o.in("requests_per_interval") / interval, Errors: o.in("p_true"), Clock: flat()}}
		for _, w := range seen {
			tr.legs = append(tr.legs, leg{w.(float64), interval})
		}
		run := func(limit float64) (aborted, seconds *sample) {
			d := build(t, "argo-analysis", numbers{"interval": interval, "initial_delay": o.in("initialDelay_s") / 3600, "threshold": 0.01,
				"failure_limit": limit}, nil)
			aborted, seconds = &sample{}, &sample{}
			m := d.Monitor(1)
			for release := range 20000 {
				tr.window.Luck.Release = uint64(release)
				j := tr.ride(m, 0)
				aborted.add(is(j.rang))
				if j.rang {
					seconds.add((j.verdict.At + 1).Seconds())
				}
			}
			return aborted, seconds
		}
		aborted, seconds := run(o.in("failureLimit"))
		aborted.within(t, id, o.out("P_abort"), spread(nil, o.out("P_abort")))
		seconds.within(t, id+" seconds", o.out("E_abort_time_given_abort_s"), math.Max(seconds.sd(), 3e-3*o.in("interval_s")))
		if o.in("p_true") == 0.0105 {
			other, _ := run(o.in("failureLimit") - 1)
			other.outside(t, "k failures, not limit + 1", o.out("P_abort"), spread(nil, o.out("P_abort")))
		}
	}
}

// TestArgoMeasurements: when it looks, how often, and what it makes of nothing.
func TestArgoMeasurements(t *testing.T) {
	bad := &trip{legs: []leg{{0.1, 0.5}, {0.5, 0.5}, {1, 2}}, window: models.Window{Requests: 1e6, Errors: 0.5, Clock: flat()}}
	silent := &trip{legs: bad.legs, window: models.Window{Clock: flat()}}
	for _, c := range []struct {
		name string
		tr   *trip
		n    numbers
		w    words
		want float64 // minutes; 0: no alarm
	}{
		{"first after an interval", bad, numbers{"initial_delay": 0.2}, nil, 12},
		{"at once, without data", bad, nil, nil, 0.001},
		{"at once, data needed", bad, nil, words{"condition": "failure"}, 12},
		{"delay and a limit", bad, numbers{"initial_delay": 0.1, "failure_limit": 2}, nil, 6 + 24},
		{"background over rings", bad, numbers{"initial_delay": 0.3, "failure_limit": 3}, nil, 18 + 36},
		{"inline begins anew", bad, numbers{"initial_delay": 0.3, "failure_limit": 3}, words{"analysis": "inline"}, 60 + 18 + 36},
		{"count is over", silentThenBad(bad), numbers{"initial_delay": 0.2, "count": 2}, words{"condition": "failure"}, 0},
		{"not a number fails success", silent, numbers{"initial_delay": 0.2, "failure_limit": 1}, nil, 24},
		{"not a number passes failure", silent, numbers{"initial_delay": 0.2}, words{"condition": "failure"}, 0},
	} {
		n := numbers{"interval": 0.2, "threshold": 0.05}
		for name, x := range c.n {
			n[name] = x
		}
		j := c.tr.ride(build(t, "argo-analysis", n, c.w).Monitor(1), 0)
		if got := j.verdict.At.Minutes(); j.rang != (c.want > 0) || math.Abs(got-c.want) > 0.001 {
			t.Errorf("%s: rang %v after %v minutes, want %v", c.name, j.rang, got, c.want)
		}
	}
}

// silentThenBad begins to fail after half an hour.
func silentThenBad(bad *trip) *trip {
	tr := *bad
	tr.window.Errors = 0
	tr.window.Signals = []models.Signal{broken(0.5)}
	tr.window.Signals[0].From = span(0.5)
	return &tr
}

// TestBurnOracles: times to detect at constant traffic, and the law of the k-th
// error where traffic is thin.
func TestBurnOracles(t *testing.T) {
	all := oracles(t)
	tiers := all["BURN_det_99.9_4tiers"].Inputs["tiers"].([]any)
	for rate, out := range all["BURN_det_99.9_4tiers"].Outputs {
		want, errors := out.(map[string]any), map[string]float64{"1": 1, "0.5": 0.5, "0.15": 0.15, "0.1": 0.1, "0.05": 0.05, "0.02": 0.02,
			"0.0144": 0.0144, "0.01": 0.01, "0.006": 0.006, "0.005": 0.005, "0.003": 0.003, "0.002": 0.002, "0.0011": 0.0011}[rate]
		first := map[string]float64{"page": math.Inf(1), "ticket": math.Inf(1)}
		for _, tier := range tiers {
			v := tier.([]any)
			d := build(t, "burn-rate", numbers{"slo": 0.999, "burn": v[3].(float64), "window": v[1].(float64) / 3600, "short": v[2].(float64) / 3600,
				"interval": 60.0 / 3600}, nil)
			tr := &trip{legs: []leg{{1, 80}}, window: models.Window{Requests: 1e12, Errors: errors, Clock: flat()}}
			tr.window.Signals = []models.Signal{broken(errors)}
			tr.window.Errors = 0
			if j := tr.ride(d.Monitor(1), 0); j.rang {
				kind := v[0].(string)
				first[kind] = min(first[kind], (j.verdict.At + 1).Seconds())
			}
		}
		for kind, got := range first {
			at, fires := want[kind+"_s"].(float64)
			// Evaluations come every minute; a burn that is equal to the threshold, not above, needs luck.
			if near := errors == 0.0144 || errors == 0.006 || errors == 0.003; near {
				continue
			}
			if fires != !math.IsInf(got, 1) || fires && (got < at*(1-1e-9) || got > at+60) {
				t.Errorf("errors %s, %s after %v s, want %v", rate, kind, got, want[kind+"_s"])
			}
		}
	}
	for id, o := range all {
		if !strings.HasPrefix(id, "BURN_erlang") {
			continue
		}
		// One request an interval, so that the denominator is constant.
		rps := o.in("rps")
		every := 1 / rps / 3600
		d := build(t, "burn-rate", numbers{"slo": o.in("slo"), "burn": o.in("B"), "window": o.in("W") / 3600, "interval": every}, words{"before": "clean"})
		s := &sample{}
		m := d.Monitor(1)
		for release := range 5000 {
			w := models.Window{End: span(o.in("W") / 3600), Share: 1, Requests: 3600 * rps, Clock: flat(), Signals: []models.Signal{broken(o.in("e"))}}
			w.Luck.Release = uint64(release)
			m.Reset()
			if v := m.Observe(&w); v.Finding == models.Fail {
				s.add((v.At + 1).Seconds())
			}
		}
		// The k-th error of one request after another: the same mean as Erlang's, less spread.
		s.within(t, id, o.out("mean_s"), 0)
	}
}

// TestBurnDilution: a small ring is diluted in the ratio of the whole service,
// and its own version's ratio is not.
func TestBurnDilution(t *testing.T) {
	o := oracles(t)["BURN_det_canary_share"]
	at := func(share float64, ratio string) float64 {
		d := build(t, "burn-rate", numbers{"slo": o.in("slo"), "burn": o.in("B"), "window": 1, "interval": 1.0 / 3600}, words{"ratio": ratio, "before": "clean"})
		tr := &trip{legs: []leg{{share, 3}}, window: models.Window{Requests: 1e10, Clock: flat(), Signals: []models.Signal{broken(o.in("d"))}}}
		j := tr.ride(d.Monitor(1), 0)
		if !j.rang {
			return math.Inf(1)
		}
		return (j.verdict.At + 1).Seconds()
	}
	if got := at(o.in("share"), "service"); math.Abs(got-o.out("t_s")) > 2 {
		t.Errorf("share 5 %%: %v s, want %v", got, o.out("t_s"))
	}
	if got := at(0.01, "service"); !math.IsInf(got, 1) {
		t.Errorf("share 1 %%: %v s, want never", got)
	}
	if got := at(0.01, "version"); math.Abs(got-103.68) > 2 {
		t.Errorf("the version itself: %v s, want 103.68", got)
	}
}

// TestBurnQuiet: a long quiet stretch is passed over, and what follows it is
// seen as if it had been drawn.
func TestBurnQuiet(t *testing.T) {
	d := build(t, "burn-rate", numbers{"slo": 0.99, "burn": 6, "window": 2, "short": 0.5, "interval": 0.1}, nil)
	tr := &trip{legs: []leg{{1, 500}}, window: models.Window{Requests: 5000, Errors: 0.005, Clock: flat()}}
	tr.window.Signals = []models.Signal{broken(0.07)}
	tr.window.Signals[0].From = span(400.03)
	pieces := *tr
	pieces.legs = slices.Repeat([]leg{{1, 1}}, 500)
	m := d.Monitor(1)
	for rep := range 100 {
		a, b := tr.ride(m, uint64(rep)), pieces.ride(m, uint64(rep))
		if !a.rang || a.verdict != b.verdict || hours(a.verdict.At) < 400.5 {
			t.Fatalf("replication %d: %+v, in pieces %+v", rep, a, b)
		}
	}
}

// TestJudge: the limits of the shift and the judgements of known samples.
func TestJudge(t *testing.T) {
	o := oracles(t)["MW_vector"]
	list := func(key string) []float64 {
		var all []float64
		for _, v := range o.Inputs[key].([]any) {
			all = append(all, v.(float64))
		}
		slices.Sort(all)
		return all
	}
	x, y := list("x"), list("y")
	if got := (difference(x, y, 49) + difference(x, y, 50)) / 2; math.Abs(got-o.out("HL")) > 1e-3 {
		t.Errorf("Hodges and Lehmann: %v, want %v", got, o.out("HL"))
	}
	// The exact limits at 98 % are the 19th and 82nd differences of 100.
	for i, rank := range []float64{18, 81} {
		if want := o.Outputs["exact_CI98"].([]any)[i].(float64); math.Abs(difference(x, y, rank)-want) > 0.0501 {
			t.Errorf("limit %d: %v, want %v", i, difference(x, y, rank), want)
		}
	}
	d := build(t, "kayenta", numbers{"interval": 1}, nil).(judge)
	// Mostly zeros on both sides, one more error here and there: no shift at all.
	sparse := append(make([]float64, 50), 0.002, 0.002, 0.004, 0.002)
	rare := append(make([]float64, 52), 0.002, 0.002)
	if got := difference(sparse, rare, 1500); got != 0 {
		t.Errorf("a difference in the middle of zeros is %v", got)
	}
	small := []float64{20, 22, 21, 25, 30}
	if d95 := (&judge{Normal: 1.96, Tolerance: 0.1}); !d95.high(slices.Clone(small), []float64{1, 2.2, 1.1, 2.5, 3}) {
		t.Error("the small case of Kayenta's own tests is not High")
	}
	if d.high(slices.Clone(sparse), slices.Clone(rare)) {
		t.Error("two lists of zeros with an error here and there are High")
	}
	if d.high(slices.Clone(small), slices.Clone(small)) {
		t.Error("identical samples are High")
	}
	if d.high([]float64{1, 2.2, 1.1, 2.5, 3}, slices.Clone(small)) {
		t.Error("a lower metric is High")
	}
}

// TestJudgeFalseAlarms: on a healthy release one judgement without tolerance is
// High in one of a hundred, half of what the confidence of 98 % leaves, and
// with the tolerance more rarely.
func TestJudgeFalseAlarms(t *testing.T) {
	const n = 20000
	high := func(tolerance float64) float64 {
		d := build(t, "kayenta", numbers{"step": 1.0 / 60, "interval": 1, "tolerance": tolerance}, nil)
		tr := &trip{legs: []leg{{0.3, 1}}, window: models.Window{Requests: 60 * 1e7, Errors: 0.02, Clock: flat()}}
		s, m := &sample{}, d.Monitor(1)
		for release := range n {
			tr.window.Luck.Release = uint64(release)
			s.add(is(tr.ride(m, 0).rang))
		}
		return s.mean()
	}
	// A rank that is rounded down makes the judge a little stricter; ties, which
	// are rare at this traffic, would make it far stricter.
	if got, se := high(0), math.Sqrt(0.01*0.99/n); got > 0.01+5*se || got < 0.008-5*se {
		t.Errorf("%v of the judgements are High", got)
	}
	if got := high(0.25); got > 0.005 {
		t.Errorf("%v of the judgements are High with a tolerance", got)
	}
}

// TestProbes: the script meets a defect where it covers it, with the share of
// its ring or always; k failing runs in a row are geometric.
func TestProbes(t *testing.T) {
	for _, c := range []struct {
		routing  string
		covers   float64
		share    float64
		failures float64
	}{{"random", 1, 0.1, 1}, {"pinned", 1, 0.1, 1}, {"random", 1, 0.5, 3}, {"random", 0.4, 1, 2}} {
		d := build(t, "synthetic-probes", numbers{"interval": 0.1, "covers": c.covers, "failures": c.failures}, words{"routing": c.routing})
		m, rang, runs := d.Monitor(1), &sample{}, &sample{}
		p := 0.6
		if c.routing == "random" {
			p *= c.share
		}
		for release := range 4000 {
			tr := &trip{legs: []leg{{c.share, 1e5}}, window: models.Window{Requests: 10, Clock: flat(), Signals: []models.Signal{broken(0.6)}}}
			tr.window.Signals[0].Visible, tr.window.Signals[0].Reach = false, 0.01
			tr.window.Luck.Release = uint64(release)
			j := tr.ride(m, uint64(release))
			rang.add(is(j.rang))
			if j.rang {
				runs.add(float64((j.verdict.At + 1) / span(0.1)))
			}
		}
		rang.within(t, "covers", c.covers, spread(nil, c.covers))
		k := c.failures
		runs.within(t, "runs", (math.Pow(p, -k)-1)/(1-p), 0) // Feller, 1968, XIII.7
	}
}

// TestReview: looks are in working hours on the grid, and the one that notices
// is geometric.
func TestReview(t *testing.T) {
	d := build(t, "bake-review", numbers{"interval": 2, "notices": 0.3}, nil)
	m := d.Monitor(1)
	looks := &sample{}
	for release := range 5000 {
		tr := &trip{legs: []leg{{0.1, 2}, {1, 5000}}, window: models.Window{Clock: flat(), Signals: []models.Signal{broken(0.1)}}}
		tr.window.Signals[0].From = span(4*24 + 16.5) // Friday, half past four
		j := tr.ride(m, uint64(release))
		at := hours(j.verdict.At)
		day, hour := math.Floor(at/24), math.Mod(at, 24)
		if !j.rang || math.Mod(day, 7) > 4 || hour < 11 || hour > 17 || math.Mod(hour, 2) != 1 || at < 4*24+17 {
			t.Fatalf("release %d: %+v at hour %v of day %v", release, j, hour, day)
		}
		weeks := math.Floor(day / 7)
		looks.add(weeks*20 + (day-7*weeks)*4 + (hour-9)/2 - 19) // the first look is that of Friday at five
	}
	looks.within(t, "looks", 1/0.3, 0)
}

// TestBurnSampled: a published walk through an alert of 36 times the budget over an
// hour, evaluated each minute: all requests fail, the ratio is 1.67 %, 3.33 % and 5 %
// at the first three evaluations, and the third rings (Stack Exchange, DevOps, 8266).
func TestBurnSampled(t *testing.T) {
	d := build(t, "burn-rate", numbers{"slo": 0.999, "burn": 36, "window": 1, "interval": 1.0 / 60}, words{"before": "clean"})
	tr := &trip{legs: []leg{{1, 1}}, window: models.Window{Requests: 6e6, Clock: flat(), Signals: []models.Signal{broken(1)}}}
	if j := tr.ride(d.Monitor(1), 0); !j.rang || j.verdict.At != 3*time.Minute-1 {
		t.Errorf("%+v", j)
	}
}

// TestBurnAtTheThreshold: a ratio that is the threshold to the last digit is not above
// it, for objectives whose budget is no binary number.
func TestBurnAtTheThreshold(t *testing.T) {
	for _, c := range []struct{ slo, burn, share float64 }{{0.9995, 10, 0.005}, {0.999, 14.4, 0.0144}, {0.99, 3, 0.03}, {0.9999, 100, 0.01}} {
		d := build(t, "burn-rate", numbers{"slo": c.slo, "burn": c.burn}, nil).(burnAlert)
		for _, requests := range []float64{1000, 3600, 100000, 720000} {
			errors := math.Floor(c.share*requests + 0.5)
			if float64(errors)/requests == c.share && errors > d.Threshold*requests {
				t.Errorf("%v of %v requests ring at an objective of %v and a burn rate of %v", errors, requests, c.slo, c.burn)
			}
		}
	}
}
