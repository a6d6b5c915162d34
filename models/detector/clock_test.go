package detector

import (
	"math"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
)

// ramps are the ways to everyone that the theorem is tried on.
var ramps = map[string][]leg{
	"big bang":  {{1, 1e5}},
	"canary":    {{0.01, 24}, {0.1, 24}, {0.5, 48}, {1, 1e5}},
	"rings":     {{0.2, 1}, {0.4, 1}, {0.6, 1}, {0.8, 1}, {1, 1e5}},
	"slow":      {{0.001, 1000}, {1, 1e5}},
	"one in 50": {{0.02, 1e5}},
}

// theorem is one detector that the exposure-clock theorem speaks about.
type theorem struct {
	name     string
	detector models.Detector
	events   int     // k
	rate     float64 // events per hour at full exposure
}

// theorems are the detectors of the theorem, over a service with 3,000
// requests an hour and a defect that fails 2 in 1,000 and reaches a quarter.
func theorems(t testing.TB) []theorem {
	return []theorem{
		{"exposure-hazard", build(t, "exposure-hazard", numbers{"rate": 0.5}, nil), 1, 0.5},
		{"exposure-hazard by reach", build(t, "exposure-hazard", numbers{"rate": 2}, words{"by": "reach"}), 1, 0.5},
		{"exposure-hazard by errors", build(t, "exposure-hazard", numbers{"per_error": 0.1}, words{"by": "errors"}), 1, 0.6},
		{"kth-error 1", build(t, "kth-error", numbers{"errors": 1}, nil), 1, 6},
		{"kth-error 3", build(t, "kth-error", numbers{"errors": 3}, nil), 3, 6},
		{"kth-error 40", build(t, "kth-error", numbers{"errors": 40}, nil), 40, 6},
		{"complaints", build(t, "complaints", numbers{"report_probability": 0.1, "reports": 4}, nil), 4, 0.6},
	}
}

func theoremTrip(legs []leg, clock *models.Clock) *trip {
	s := models.Signal{Errors: 0.002, Reach: 0.25, Strength: 0.008, Visible: true, Reported: true}
	return &trip{legs: legs, window: models.Window{Requests: 3000, Users: 1000, Clock: clock, Signals: []models.Signal{s}}}
}

// exposures is the exposure at the alarm over n replications.
func exposures(t *testing.T, tr *trip, d models.Detector, n int) *sample {
	t.Helper()
	s, m := &sample{}, d.Monitor(7)
	for rep := range n {
		j := tr.ride(m, uint64(rep))
		if !j.rang {
			t.Fatal("no alarm")
		}
		s.add(j.exposure)
	}
	return s
}

// TestExposureClock: whatever the ramp and the traffic, the exposure at the
// alarm is Erlang(k) over the rate, the same number in each replication. The
// mutants are tried at the same n.
func TestExposureClock(t *testing.T) {
	const n = 20000
	for _, th := range theorems(t) {
		k := float64(th.events)
		mean, sd := k/th.rate, math.Sqrt(k)/th.rate
		bang := exposures(t, theoremTrip(ramps["big bang"], flat()), th.detector, n)
		bang.within(t, th.name, mean, sd)
		bang.kolmogorov(t, th.name, func(x float64) float64 { return erlangCDF(th.events, x*th.rate) })
		for name, legs := range ramps {
			for shape, clock := range map[string]*models.Clock{"flat": flat(), "daily": daily()} {
				got := exposures(t, theoremTrip(legs, clock), th.detector, 2000)
				for i, x := range got.values {
					if want := bang.values[i]; math.Abs(x-want) > 1e-9*(1+want) {
						t.Fatalf("%s, %s, %s, replication %d: exposure %v, a big bang has %v", th.name, name, shape, i, x, want)
					}
				}
			}
		}
	}
}

// TestExposureClockMutants: each mistake that the theorem is there for is seen
// at the n of TestExposureClock.
func TestExposureClockMutants(t *testing.T) {
	const n = 20000
	off := map[string]models.Detector{
		"kth-error 3":  build(t, "kth-error", numbers{"errors": 4}, nil),
		"kth-error 40": build(t, "kth-error", numbers{"errors": 41}, nil),
		"complaints":   build(t, "complaints", numbers{"report_probability": 0.1, "reports": 3}, nil),
	}
	for _, th := range theorems(t) {
		k := float64(th.events)
		mean, sd := k/th.rate, math.Sqrt(k)/th.rate
		rings := []leg{{0.1, mean}, {0.3, mean}, {0.6, mean}, {1, 1e5}} // room for the mutants at this mean
		blind := theoremTrip(rings, flat())
		blind.blind = true
		exposures(t, blind, th.detector, n).outside(t, th.name+": share ignored", mean, sd)
		forgets := theoremTrip(rings, flat())
		forgets.forgets = true
		exposures(t, forgets, th.detector, n).outside(t, th.name+": clock restarted at each ring", mean, sd)
		late := exposures(t, theoremTrip(rings, flat()), th.detector, n)
		for i := range late.values {
			late.values[i] += 0.2 * mean
		}
		late.outside(t, th.name+": alarm late by a fifth of its mean", mean, sd)
		if d, ok := off[th.name]; ok {
			exposures(t, theoremTrip(rings, flat()), d, n).outside(t, th.name+": k off by one", mean, sd)
		}
	}
	for _, name := range []string{"kth-error 3", "kth-error 40", "complaints"} {
		if off[name] == nil {
			t.Error("no mutant for " + name)
		}
	}
}

// TestWallClock: hours since the defect shows, whatever the share, and none of
// the hours before.
func TestWallClock(t *testing.T) {
	const n, rate = 20000, 0.1
	d := build(t, "wall-clock-hazard", numbers{"rate": rate}, nil)
	m := d.Monitor(7)
	tr := &trip{legs: ramps["canary"], window: models.Window{Requests: 3000, Users: 1000, Clock: daily(), Signals: []models.Signal{broken(0.01)}}}
	tr.window.Signals[0].From, tr.window.Signals[0].Visible = 5*time.Hour, false
	waits, restarted := &sample{}, &sample{}
	for rep := range n {
		tr.forgets = false
		waits.add(hours(tr.ride(m, uint64(rep)).verdict.At) - 5)
		tr.forgets = true
		restarted.add(hours(tr.ride(m, uint64(rep)).verdict.At) - 5)
	}
	waits.within(t, "wall clock", 1/rate, 1/rate)
	waits.kolmogorov(t, "wall clock", func(x float64) float64 { return erlangCDF(1, x*rate) })
	restarted.outside(t, "clock restarted at each ring", 1/rate, 1/rate)
}

// TestSees: which defects each kind can notice.
func TestSees(t *testing.T) {
	cases := []struct {
		kind              string
		n                 numbers
		w                 words
		visible, reported bool
		rings             bool
	}{
		{"exposure-hazard", numbers{"rate": 1}, nil, true, false, true},
		{"exposure-hazard", numbers{"rate": 1}, nil, false, true, false},
		{"exposure-hazard", numbers{"rate": 1}, words{"sees": "all"}, false, false, true},
		{"kth-error", numbers{"errors": 2}, nil, true, false, true},
		{"kth-error", numbers{"errors": 2}, nil, false, true, false},
		{"kth-error", numbers{"errors": 2}, words{"sees": "all"}, false, false, true},
		{"wall-clock-hazard", numbers{"rate": 1}, nil, false, false, true},
		{"wall-clock-hazard", numbers{"rate": 1}, words{"sees": "visible"}, false, true, false},
		{"wall-clock-hazard", numbers{"rate": 1}, words{"sees": "visible"}, true, false, true},
		{"complaints", numbers{"report_probability": 0.1, "reports": 2}, nil, false, true, true},
		{"complaints", numbers{"report_probability": 0.1, "reports": 2}, nil, true, false, false},
		{"complaints", numbers{"report_probability": 0.1, "reports": 2, "within": 1}, nil, false, true, true},
		{"complaints", numbers{"report_probability": 0.1, "reports": 2, "within": 1}, nil, true, false, false},
		{"threshold-window", numbers{"interval": 0.1, "threshold": 0.01}, nil, true, false, true},
		{"threshold-window", numbers{"interval": 0.1, "threshold": 0.01}, nil, false, true, false},
	}
	for _, c := range cases {
		tr := &trip{legs: []leg{{1, 1000}}, window: models.Window{Requests: 3000, Users: 100, Clock: flat(), Signals: []models.Signal{broken(0.2)}}}
		tr.window.Signals[0].Visible, tr.window.Signals[0].Reported = c.visible, c.reported
		if j := tr.ride(build(t, c.kind, c.n, c.w).Monitor(1), 0); j.rang != c.rings {
			t.Errorf("%s %v %v, visible %v, reported %v: rings %v", c.kind, c.n, c.w, c.visible, c.reported, j.rang)
		}
	}
}
