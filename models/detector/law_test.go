package detector

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"pgregory.net/rapid"
)

// all makes detectors of every kind and every path through it.
func all(t testing.TB) map[string]models.Detector {
	w := func(more numbers, w words) models.Detector {
		n := numbers{"interval": 0.25, "threshold": 0.05, "failures": 2}
		for name, x := range more {
			n[name] = x
		}
		return build(t, "threshold-window", n, w)
	}
	c := func(more numbers, w words) models.Detector {
		n := numbers{"report_probability": 0.01, "reports": 3}
		for name, x := range more {
			n[name] = x
		}
		return build(t, "complaints", n, w)
	}
	q := func(kind string, n numbers, w words) models.Detector { return build(t, kind, n, w) }
	return map[string]models.Detector{
		"win argo":             q("argo-analysis", numbers{"interval": 0.25, "initial_delay": 0.4, "threshold": 0.05, "failure_limit": 1}, words{"condition": "failure"}),
		"win argo inline":      q("argo-analysis", numbers{"interval": 0.25, "threshold": 0.05, "window": 0.5, "count": 300, "failure_limit": 2}, words{"analysis": "inline", "condition": "failure"}),
		"win flagger":          q("flagger", numbers{"interval": 0.5, "max": 0.05, "threshold": 3}, words{"traffic": "poisson"}),
		"win burn":             q("burn-rate", numbers{"slo": 0.99, "burn": 4.5, "window": 1, "short": 0.25, "interval": 0.25}, nil),
		"win burn version":     q("burn-rate", numbers{"slo": 0.99, "burn": 4.5, "window": 2, "interval": 0.25}, words{"ratio": "version", "before": "nothing", "traffic": "poisson"}),
		"win cusum":            q("cusum", numbers{"interval": 0.25, "reference": 0.045, "limit": 15, "head_start": 0.2}, words{"traffic": "poisson"}),
		"win ewma":             q("ewma", numbers{"interval": 0.25, "healthy": 0.03, "limit": 3.5}, nil),
		"win probes":           q("synthetic-probes", numbers{"interval": 0.1, "covers": 1, "failures": 2}, nil),
		"win sprt":             q("sprt", numbers{"healthy": 0.035, "broken": 0.09, "batch": 7}, words{"then": "restart"}),
		"win sprt stop":        q("sprt", numbers{"healthy": 0.03, "broken": 0.05, "alpha": 0.001, "beta": 0.0001}, nil),
		"win e-process":        q("e-process", numbers{"healthy": 0.04, "expected": 0.06, "weight": 50}, nil),
		"win maxsprt":          q("maxsprt", numbers{"healthy": 0.04, "expected": 3000, "critical_value": 5}, nil),
		"win bernoulli-cusum":  q("bernoulli-cusum", numbers{"healthy": 0.035, "broken": 0.08, "limit": 6}, nil),
		"arm two-arm":          q("two-arm", nil, nil),
		"arm z-test":           q("z-test", numbers{"interval": 0.25, "alpha": 0.0002}, nil),
		"arm group-sequential": q("group-sequential", numbers{"interval": 2, "looks": 20, "alpha": 0.0002}, words{"shape": "pocock", "traffic": "poisson"}),
		"arm kayenta":          q("kayenta", numbers{"step": 0.1, "interval": 1, "lookback": 8, "min_points": 20}, nil),
		"bake-review":          q("bake-review", numbers{"interval": 1, "notices": 0.3}, nil),
		"exposure-hazard":      build(t, "exposure-hazard", numbers{"rate": 0.1}, nil),
		"kth-error":            build(t, "kth-error", numbers{"errors": 200}, nil),
		"wall-clock-hazard":    build(t, "wall-clock-hazard", numbers{"rate": 0.05}, nil),
		"complaints":           c(nil, nil),
		"complaints within":    c(numbers{"within": 2}, nil),
		"complaints delayed":   c(numbers{"delay": 1.5}, nil),
		"complaints straggle":  c(numbers{"within": 2, "delay": 1}, words{"delay_varies": "exponential"}),
		"window":               w(nil, nil),
		"window consecutive":   w(nil, words{"count": "consecutive"}),
		"window poisson":       w(numbers{"min_requests": 30}, words{"traffic": "poisson", "no_data": "skip", "count": "consecutive"}),
		"window no data fails": w(numbers{"min_requests": 30, "failures": 6}, words{"no_data": "fail"}),
		"window overlap":       w(numbers{"window": 1}, nil),
		"window overlap long":  w(numbers{"window": 5, "failures": 3}, words{"traffic": "poisson", "count": "consecutive"}),
	}
}

// aTrip draws a release on its way: rings, traffic, defects.
func aTrip(t *rapid.T) *trip {
	tr := &trip{window: models.Window{
		Requests: rapid.Float64Range(0, 5000).Draw(t, "requests"),
		Users:    1000,
		Errors:   rapid.Float64Range(0, 0.06).Draw(t, "errors"),
		Clock:    rapid.SampledFrom([]*models.Clock{flat(), daily()}).Draw(t, "clock"),
	}}
	if rapid.Bool().Draw(t, "swings") {
		tr.window.Swings = models.Swings{Correlation: rapid.Float64Range(1e-4, 0.2).Draw(t, "correlation"), Every: rapid.Float64Range(1, 20).Draw(t, "every")}
	}
	share := 0.0
	for range rapid.IntRange(1, 5).Draw(t, "rings") {
		share = rapid.Float64Range(share, 1).Draw(t, "share")
		tr.legs = append(tr.legs, leg{share, rapid.Float64Range(0, 40).Draw(t, "hours")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "defects") {
		s := broken(rapid.Float64Range(0, 0.3).Draw(t, "strength"))
		s.Entity = uint64(i)
		s.From = span(rapid.Float64Range(0, 60).Draw(t, "from"))
		s.Visible, s.Reported = rapid.Bool().Draw(t, "visible"), rapid.Bool().Draw(t, "reported")
		tr.window.Signals = append(tr.window.Signals, s)
	}
	return tr
}

// isCounter are the detectors that count requests, and may ring falsely. Those
// called "arm" compare the new version with the old one.
func isCounter(name string) bool { return name[:3] == "win" || name[:3] == "arm" }

// watched checks every verdict that passes through it.
type watched struct {
	models.Monitor
	t    *rapid.T
	name string
}

func (m watched) Observe(w *models.Window) models.Verdict {
	v := m.Monitor.Observe(w)
	if v.Finding == models.Continue {
		return v
	}
	if v.Finding != models.Fail || v.At < w.Start || v.At >= w.End {
		m.t.Fatalf("%s: %+v in [%v, %v)", m.name, v, w.Start, w.End)
	}
	if v.Signal < -1 || v.Signal >= len(w.Signals) || v.Signal >= 0 && v.At < w.Signals[v.Signal].From {
		m.t.Fatalf("%s: %+v of %+v", m.name, v, w.Signals)
	}
	if v.Signal < 0 && !isCounter(m.name) {
		m.t.Fatalf("%s: a false alarm", m.name)
	}
	return v
}

// TestVerdictsAreInside: every alarm rings inside its window and not before
// the defect shows.
func TestVerdictsAreInside(t *testing.T) {
	detectors := all(t)
	rapid.Check(t, func(t *rapid.T) {
		tr := aTrip(t)
		for name, d := range detectors {
			m := watched{d.Monitor(1), t, name}
			for rep := range 2 {
				tr.ride(m, uint64(rep))
			}
		}
	})
}

// agree says whether two journeys are one, up to nanoseconds of rounding.
func agree(a, b journey, slack time.Duration) bool {
	d := a.verdict.At - b.verdict.At
	return a.rang == b.rang && a.verdict.Signal == b.verdict.Signal && d <= slack && d >= -slack
}

// TestSplitRing: a ring in two pieces is the same ring: to the bit for windows
// with a threshold, to the rounding of a dose elsewhere.
func TestSplitRing(t *testing.T) {
	detectors := all(t)
	rapid.Check(t, func(t *rapid.T) {
		tr := aTrip(t)
		split := *tr
		split.legs = nil
		for i, l := range tr.legs {
			whole := span(l.hours)
			first := time.Duration(rapid.Int64Range(0, int64(whole)).Draw(t, fmt.Sprint("cut ", i)))
			split.legs = append(split.legs, leg{l.share, hours(first)}, leg{l.share, hours(whole - first)})
		}
		for name, d := range detectors {
			m, slack := d.Monitor(1), 10*time.Nanosecond
			if isCounter(name) {
				slack = 0
			}
			for rep := range 2 {
				if a, b := tr.ride(m, uint64(rep)), split.ride(m, uint64(rep)); !agree(a, b, slack) {
					if nearEnd(tr, a) || nearEnd(tr, b) {
						continue // the rounding of a dose may move an alarm over the very end
					}
					t.Fatalf("%s, replication %d: %+v, in pieces %+v", name, rep, a, b)
				}
			}
		}
	})
}

// nearEnd: within nanoseconds of the end of the trip.
func nearEnd(tr *trip, j journey) bool {
	end := time.Duration(0)
	for _, l := range tr.legs {
		end += span(l.hours)
	}
	return j.rang && end-j.verdict.At < 20
}

// TestScale: everything three times as slow rings three times as late.
func TestScale(t *testing.T) {
	const c = 3
	slow := map[string]models.Detector{
		"exposure-hazard":     build(t, "exposure-hazard", numbers{"rate": 0.1 / c}, nil),
		"kth-error":           build(t, "kth-error", numbers{"errors": 200}, nil),
		"wall-clock-hazard":   build(t, "wall-clock-hazard", numbers{"rate": 0.05 / c}, nil),
		"complaints":          build(t, "complaints", numbers{"report_probability": 0.01, "reports": 3}, nil),
		"complaints within":   build(t, "complaints", numbers{"report_probability": 0.01, "reports": 3, "within": 2 * c}, nil),
		"complaints delayed":  build(t, "complaints", numbers{"report_probability": 0.01, "reports": 3, "delay": 1.5 * c}, nil),
		"complaints straggle": build(t, "complaints", numbers{"report_probability": 0.01, "reports": 3, "within": 2 * c, "delay": c}, words{"delay_varies": "exponential"}),
		"window":              build(t, "threshold-window", numbers{"interval": 0.25 * c, "threshold": 0.05, "failures": 2}, nil),
		"window overlap":      build(t, "threshold-window", numbers{"interval": 0.25 * c, "threshold": 0.05, "failures": 2, "window": c}, nil),
	}
	fast, rang := all(t), 0
	for name, d := range slow {
		tr := &trip{legs: []leg{{0.05, 10}, {0.3, 5}, {1, 60}}, window: models.Window{Requests: 1200, Users: 100, Errors: 0.02, Clock: flat()}}
		tr.window.Signals = []models.Signal{broken(0.02)}
		tr.window.Signals[0].From = span(1.3)
		late := &trip{legs: slices.Clone(tr.legs), window: tr.window}
		for i := range late.legs {
			late.legs[i].hours *= c
		}
		late.window.Requests /= c
		late.window.Signals = slices.Clone(tr.window.Signals)
		late.window.Signals[0].From *= c
		m, s := fast[name].Monitor(1), d.Monitor(1)
		for rep := range 200 {
			a, b := tr.ride(m, uint64(rep)), late.ride(s, uint64(rep))
			a.verdict.At *= c
			if !agree(a, b, 100*time.Nanosecond) {
				t.Fatalf("%s, replication %d: %+v, slowed %+v", name, rep, a, b)
			}
			rang += int(is(a.rang))
		}
	}
	if rang < 1000 {
		t.Errorf("only %d alarms", rang)
	}
}

// TestCutWindow: what follows an alarm elsewhere may end a window before its
// planned end. Up to its own alarm a monitor that is handed the rest again
// rings where it would have rung, and one that is handed a later window does
// not ring before.
func TestCutWindow(t *testing.T) {
	for name, d := range all(t) {
		again := 0
		for rep := range 1000 {
			w := models.Window{End: span(50), Share: 0.5, Requests: 1000, Users: 100, Errors: 0.04, Clock: daily()}
			w.Luck.Replication = uint64(rep)
			w.Signals = []models.Signal{broken(0.02)}
			w.Signals[0].From = span(1.1)
			m := d.Monitor(1)
			v := m.Observe(&w)
			cut := span(0.37 * float64(rep%20))
			if v.Finding != models.Fail || v.At <= cut {
				continue
			}
			again++
			rest := w
			rest.Start, rest.Signals = cut, slices.Clone(w.Signals)
			s := &rest.Signals[0]
			s.From = max(cut, s.From)
			s.Dose = 0.5 * w.Clock.Between(span(1.1), s.From)
			s.Age = hours(max(0, s.From-span(1.1)))
			got := m.Observe(&rest)
			if slack := got.At - v.At; got.Finding != models.Fail || got.Signal != v.Signal || slack > 10 || slack < -10 {
				t.Fatalf("%s, replication %d: %+v, handed the rest from %v %+v", name, rep, v, cut, got)
			}
			rest.Start, rest.End = span(60), span(100)
			s.From = span(60)
			if late := m.Observe(&rest); late.Finding == models.Fail && late.At < rest.Start {
				t.Fatalf("%s: %+v before %v", name, late, rest.Start)
			}
		}
		if again < 50 {
			t.Errorf("%s: only %d alarms after the cut", name, again)
		}
	}
}

// TestCutQuietWindow: a window that rings no alarm and is cut short leaves no
// trace either.
func TestCutQuietWindow(t *testing.T) {
	for name, d := range all(t) {
		compared := 0
		for rep := range 500 {
			w := models.Window{End: span(60), Share: 0.5, Requests: 3000, Users: 100, Errors: 0.02, Clock: daily()}
			w.Luck.Replication, w.Luck.Release = uint64(rep), uint64(rep)
			w.Signals = []models.Signal{broken(0.012)}
			want := d.Monitor(1).Observe(&w)
			w.End = span(8)
			m := d.Monitor(1)
			if m.Observe(&w).Finding == models.Fail {
				continue
			}
			compared++
			w.Start, w.End = span(3.1), span(60)
			w.Signals[0].From, w.Signals[0].Dose, w.Signals[0].Age = w.Start, 0.5*w.Clock.Between(0, w.Start), hours(w.Start)
			got := m.Observe(&w)
			if slack := got.At - want.At; got.Finding != want.Finding || got.Signal != want.Signal || slack > 10 || slack < -10 {
				t.Fatalf("%s, replication %d: %+v, without the cut %+v", name, rep, got, want)
			}
		}
		if compared < 20 {
			t.Errorf("%s: only %d compared", name, compared)
		}
	}
}

// TestCutAndWorse: what a window would have held beyond a cut does not count
// when it happened otherwise.
func TestCutAndWorse(t *testing.T) {
	for name, d := range all(t) {
		if name[:3] != "win" || name == "win sprt stop" {
			continue
		}
		w := models.Window{End: span(50), Share: 1, Requests: 5000, Clock: flat()}
		m := d.Monitor(1)
		if v := m.Observe(&w); v.Finding != models.Continue {
			t.Fatalf("%s: %+v", name, v)
		}
		w.Start, w.Signals = span(3.1), []models.Signal{broken(0.9)}
		w.Signals[0].From = w.Start
		if v := m.Observe(&w); v.Finding != models.Fail || v.At > span(5) || v.Signal != 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// TestPassOver: a long ring in which no overlapping window can fail is passed
// over, and the first windows that reach into it later still see its end.
func TestPassOver(t *testing.T) {
	for _, w := range []words{nil, {"traffic": "poisson"}, {"count": "consecutive"}} {
		d := build(t, "threshold-window", numbers{"interval": 0.25, "threshold": 0.05, "window": 5, "failures": 2}, w)
		tr := &trip{legs: []leg{{1, 100}}, window: models.Window{Requests: 2000, Errors: 0.01, Clock: flat()}}
		tr.window.Signals = []models.Signal{broken(0.06)}
		tr.window.Signals[0].From = span(70.1)
		pieces := *tr
		pieces.legs = slices.Repeat([]leg{{1, 1}}, 100)
		m := d.Monitor(1)
		for rep := range 200 {
			a, b := tr.ride(m, uint64(rep)), pieces.ride(m, uint64(rep))
			if !a.rang || a.verdict != b.verdict || hours(a.verdict.At) < 71 {
				t.Fatalf("%v, replication %d: %+v, in pieces %+v", w, rep, a, b)
			}
		}
	}
}

// TestResetForgets: a monitor that has watched other releases is as good as new.
func TestResetForgets(t *testing.T) {
	for name, d := range all(t) {
		used := d.Monitor(1)
		for release := range 50 {
			tr := &trip{legs: []leg{{0.2, 3.3}, {1, 20.1}}, window: models.Window{Requests: 1500, Users: 100, Errors: 0.03, Clock: daily()}}
			tr.window.Luck.Release = uint64(release)
			tr.window.Signals = []models.Signal{broken(0.01), broken(0.02)}
			tr.window.Signals[1].Entity = 1
			if a, b := tr.ride(used, uint64(release)), tr.ride(d.Monitor(1), uint64(release)); a != b {
				t.Fatalf("%s, release %d: %+v, afresh %+v", name, release, a, b)
			}
		}
	}
}

// TestCulprit: an alarm of the threshold window is put down to the visible
// defect that fails most; before any shows, it is a false one.
func TestCulprit(t *testing.T) {
	d := build(t, "threshold-window", numbers{"interval": 1, "threshold": 0.05}, nil)
	w := models.Window{End: span(10), Share: 1, Requests: 10000, Clock: flat()}
	w.Signals = []models.Signal{broken(0.2), broken(0.3), broken(0.9), broken(0.8)}
	w.Signals[0].From, w.Signals[1].From, w.Signals[2].Visible, w.Signals[3].From = span(0.5), span(0.25), false, span(2)
	if v := d.Monitor(1).Observe(&w); v.Finding != models.Fail || v.At != span(1)-1 || v.Signal != 1 {
		t.Errorf("%+v", v)
	}
	w.Errors, w.Signals[0].From, w.Signals[1].From = 0.1, span(3), span(3)
	if v := d.Monitor(1).Observe(&w); v.Finding != models.Fail || v.At != span(1)-1 || v.Signal != -1 {
		t.Errorf("%+v", v)
	}
}

// TestEndOfRing: a check that falls on the end of a ring is made in the ring,
// on one grid through all rings, from the count of them all.
func TestEndOfRing(t *testing.T) {
	d := build(t, "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.02, "failures": 3}, nil)
	tr := &trip{legs: []leg{{0.01, 5.0 / 60}, {0.1, 5.0 / 60}, {0.5, 2.5 / 60}, {1, 2.5 / 60}}, window: models.Window{Requests: 1e6, Clock: flat()}}
	tr.window.Signals = []models.Signal{broken(0.5)}
	j := tr.ride(d.Monitor(1), 0)
	if j.leg != 3 || j.verdict.At != 15*time.Minute-1 {
		t.Errorf("%+v", j)
	}
}

// noRequests are the detectors that need none.
var noRequests = map[string]bool{"exposure-hazard": true, "wall-clock-hazard": true, "bake-review": true, "win probes": true}

// TestNothingToSee: no share, no requests, no rate, no time.
func TestNothingToSee(t *testing.T) {
	for name, d := range all(t) {
		if name == "window no data fails" || name == "win flagger" {
			continue
		}
		base := models.Window{End: span(100), Share: 0.9, Requests: 1000, Users: 10, Clock: flat(), Signals: []models.Signal{broken(0.5)}}
		for what, change := range map[string]func(w *models.Window){
			"share":  func(w *models.Window) { w.Share = 0 },
			"time":   func(w *models.Window) { w.End = 0 },
			"onset":  func(w *models.Window) { w.Signals = slices.Clone(w.Signals); w.Signals[0].From = math.MaxInt64 / 3 },
			"defect": func(w *models.Window) { w.Signals = nil },
		} {
			w := base
			change(&w)
			m := d.Monitor(1)
			if v := m.Observe(&w); v.Finding != models.Continue {
				t.Errorf("%s without %s: %+v", name, what, v)
			}
		}
		w := base
		if w.Requests = 0; !noRequests[name] {
			if v := d.Monitor(1).Observe(&w); v.Finding != models.Continue {
				t.Errorf("%s without requests: %+v", name, v)
			}
		}
		if v := d.Monitor(1).Observe(&base); v.Finding != models.Fail {
			t.Errorf("%s sees nothing", name)
		}
	}
}

// TestNoAllocation: watching releases allocates nothing once the memory is there.
func TestNoAllocation(t *testing.T) {
	for name, d := range all(t) {
		m := d.Monitor(1)
		w := models.Window{Share: 0.5, Requests: 1000, Users: 100, Errors: 0.02, Clock: daily()}
		for i := range 6 {
			s := broken(0.01)
			s.Entity = uint64(i)
			w.Signals = append(w.Signals, s)
		}
		once := func() {
			m.Reset()
			w.Luck.Release++
			w.Start, w.End = 0, span(20)
			m.Observe(&w)
			w.Start, w.End = w.End, span(40)
			m.Observe(&w)
		}
		for range 10 {
			once()
		}
		if n := testing.AllocsPerRun(50, once); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
