package detector

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// TestCalm: a long stretch that is passed over by its bound gives the same
// alarm, to the nanosecond, as the same stretch in pieces too short to be
// passed over. Kills: a bound that is too bold, checks lost on the way.
func TestCalm(t *testing.T) {
	var shape models.Shape
	for h := range shape {
		shape[h] = 0.3 + float64(h%24)/16
	}
	clock := models.NewClock(&shape)
	passed, rang := 0, 0
	for _, traffic := range []string{"fixed", "poisson"} {
		for _, p := range []float64{0, 0.0005, 0.001, 0.002, 0.003, 0.004, 0.0049} {
			for _, requests := range []float64{300, 3e3, 3e4, 2.5e5, 1e6} {
				d := build(t, "threshold-window", numbers{"interval": 1. / 12, "threshold": 0.005, "failures": 2, "min_requests": 10},
					words{"traffic": traffic, "count": "cumulative", "no_data": "skip"})
				whole := &trip{legs: []leg{{1, 500}}, window: models.Window{Requests: requests, Users: 1000, Errors: p, Clock: clock}}
				pieces := &trip{legs: make([]leg, 250), window: whole.window}
				for i := range pieces.legs {
					pieces.legs[i] = leg{1, 2}
				}
				a, b := d.Monitor(3), d.Monitor(3)
				for release := range uint64(3) {
					whole.window.Luck.Release, pieces.window.Luck.Release = release, release
					one, many := whole.ride(a, 0), pieces.ride(b, 0)
					if math.Abs(patience(a)-patience(b)) > 1e-12 && !one.rang {
						t.Fatalf("%s, %v requests, %v errors: hazard of %v was passed over", traffic, requests, p, patience(a)-patience(b))
					}
					if one.rang != many.rang || one.verdict.At != many.verdict.At {
						t.Fatalf("%s, %v requests, %v errors: %+v in one, %+v in pieces", traffic, requests, p, one, many)
					}
					if one.rang {
						rang++
					} else {
						passed++
					}
				}
			}
		}
	}
	if passed < 50 || rang < 50 {
		t.Errorf("%d passed and %d rang: the test looks at one side only", passed, rang)
	}
}

// patience is the hazard that a monitor can meet before the next failing check.
func patience(m models.Monitor) float64 {
	t := m.(*thresholdMonitor).next
	if t.left == 0 {
		return t.luck.Exponential()
	}
	return t.left
}

// TestBound: the bound is one: never below what it bounds.
func TestBound(t *testing.T) {
	for _, poisson := range []bool{false, true} {
		d := threshold{Threshold: 0.02, Poisson: poisson}
		for _, mean := range []float64{1, 20, 100, 500, 5000} {
			for _, p := range []float64{0.0001, 0.001, 0.005, 0.01, 0.019} {
				exact, bound := d.chance(mean, p).fail, d.bound(mean, p)
				if exact > bound*(1+1e-12) {
					t.Errorf("poisson %v, %v requests, %v errors: %v is above its bound %v", poisson, mean, p, exact, bound)
				}
				if more := d.bound(mean*1.3, p); more > bound || math.IsNaN(more) {
					t.Errorf("the bound rises with traffic: %v, %v", bound, more)
				}
			}
		}
	}
}

// TestCalmOffTheGrid: a ring that begins inside an interval is passed over all
// the same, also after a failing check: only the conditions around its start
// are ever worked out.
func TestCalmOffTheGrid(t *testing.T) {
	m := build(t, "threshold-window", numbers{"interval": 1. / 12, "threshold": 0.02, "failures": 4}, nil).Monitor(1).(*thresholdMonitor)
	tr := &trip{legs: []leg{{0.1, 1.01}, {1, 720}}, window: models.Window{Requests: 1e6, Errors: 0.001, Clock: awake()}}
	tr.ride(m, 0)
	m.next.failures = 1
	m.Observe(&models.Window{Start: span(721.01), End: span(1400.5), Share: 1, Requests: 1e6, Errors: 0.001, Clock: awake()})
	known := 0
	for i := range m.memory {
		known += int(is(m.memory[i].mean > 0))
	}
	if known > 6 {
		t.Errorf("the chances of %d sorts of check were worked out", known)
	}
}
