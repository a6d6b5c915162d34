package detector

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// complaintTrip is a service whose defect fails 100 requests an hour at full
// exposure.
func complaintTrip(legs []leg, clock *models.Clock) *trip {
	return &trip{legs: legs, window: models.Window{Requests: 1000, Users: 1000, Clock: clock, Signals: []models.Signal{broken(0.1)}}}
}

// alarms is the hours to the alarm over n replications; cap where none rang.
func alarms(tr *trip, d models.Detector, n int, cap float64) *sample {
	s, m := &sample{}, d.Monitor(11)
	for rep := range n {
		j := tr.ride(m, uint64(rep))
		if j.rang {
			s.add(hours(j.verdict.At))
		} else {
			s.add(cap)
		}
	}
	return s
}

// TestComplaintsErlang: the oracles without a window.
func TestComplaintsErlang(t *testing.T) {
	known := oracles(t)
	for _, id := range []string{"COMPLAINT_erlang_r1", "COMPLAINT_erlang_r3", "COMPLAINT_erlang_r5"} {
		o := known[id]
		d := build(t, "complaints", numbers{"report_probability": o.in("report_prob"), "reports": o.in("r")}, nil)
		tr := complaintTrip([]leg{{1, 1e4}}, flat())
		tr.window.Requests, tr.window.Users = o.in("users"), o.in("users") // a request an hour of each user
		tr.window.Signals[0] = broken(o.in("hit_prob_per_h"))
		s := alarms(tr, d, 20000, 1e4)
		s.within(t, id, o.out("mean"), o.out("sd"))
		below := func(x, p float64) {
			share := &sample{}
			for _, v := range s.values {
				share.add(is(v <= x))
			}
			share.within(t, id+" below", p, math.Sqrt(p*(1-p)))
		}
		below(o.out("q90"), 0.9)
		below(1, o.out("P_by_1h"))
		off := build(t, "complaints", numbers{"report_probability": o.in("report_prob"), "reports": o.in("r") + 1}, nil)
		alarms(tr, off, 20000, 1e4).outside(t, id+": r off by one", o.out("mean"), o.out("sd"))
	}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// TestComplaintsRamp: the oracle of a ramp.
func TestComplaintsRamp(t *testing.T) {
	o := oracles(t)["COMPLAINT_ramp_r1"]
	var legs []leg
	steps := o.Inputs["ramp"].([]any)
	for i, s := range steps {
		end := 1e4
		if i+1 < len(steps) {
			end = steps[i+1].([]any)[0].(float64)
		}
		legs = append(legs, leg{share: s.([]any)[1].(float64), hours: end - s.([]any)[0].(float64)})
	}
	d := build(t, "complaints", numbers{"report_probability": o.in("full_rate_per_h") / 100, "reports": o.in("r")}, nil)
	tr := complaintTrip(legs, flat())
	m, times, rings := d.Monitor(3), &sample{}, make([]sample, len(legs))
	for rep := range 40000 {
		j := tr.ride(m, uint64(rep))
		times.add(hours(j.verdict.At))
		for i := range rings {
			rings[i].add(is(j.leg == i))
		}
	}
	times.within(t, "COMPLAINT_ramp_r1", o.out("E_T_h"), 0)
	for i, p := range o.Outputs["P_in_ring"].([]any) {
		if p := p.(float64); p > 1e-9 {
			rings[i].within(t, "COMPLAINT_ramp_r1 ring", p, math.Sqrt(p*(1-p)))
		}
	}
}

// TestComplaintsWithin: the oracles of a sliding window, and that the window
// and its length matter.
func TestComplaintsWithin(t *testing.T) {
	known := oracles(t)
	for _, id := range []string{"COMPLAINT_r3_lam2_w1", "COMPLAINT_r3_lam6_w1"} {
		o := known[id]
		of := func(r, within float64) *sample {
			d := build(t, "complaints", numbers{"report_probability": o.in("rate_per_h") / 100, "reports": r, "within": within}, nil)
			return alarms(complaintTrip([]leg{{1, 1e4}}, flat()), d, 40000, 1e4)
		}
		of(o.in("r"), o.in("window_h")).within(t, id, o.out("E_T_h"), 0)
		of(o.in("r"), 0.5*o.in("window_h")).outside(t, id+": half the window", o.out("E_T_h"), 0)
		of(o.in("r")+1, o.in("window_h")).outside(t, id+": r off by one", o.out("E_T_h"), 0)
		of(o.in("r")-1, o.in("window_h")).outside(t, id+": r off by one", o.out("E_T_h"), 0)
	}
	o := known["COMPLAINT_r3_lam2_w1"]
	ignored := build(t, "complaints", numbers{"report_probability": 0.02, "reports": 3}, nil)
	alarms(complaintTrip([]leg{{1, 1e4}}, flat()), ignored, 40000, 1e4).outside(t, "window ignored", o.out("E_T_h"), 0)
}

// naiveReports lets reports happen one by one: sent at the rate of the window,
// each delayed by itself, sorted by arrival; the alarm is the first that has
// enough before it.
func naiveReports(luck *rng.Stream, perHour, delay float64, r int, within, horizon float64) float64 {
	var arrivals []float64
	for t := luck.Exponential() / perHour; t < horizon; t += luck.Exponential() / perHour {
		arrivals = append(arrivals, t+delay*luck.Exponential())
	}
	slices.Sort(arrivals)
	for i := r - 1; i < len(arrivals); i++ {
		if within == 0 || arrivals[i]-arrivals[i-r+1] <= within {
			return arrivals[i]
		}
	}
	return horizon
}

// TestComplaintsDelayed: delayed reports against delaying each report.
func TestComplaintsDelayed(t *testing.T) {
	const n, perHour, delay, horizon = 20000, 4.0, 1.5, 60.0
	for _, c := range []struct {
		r      int
		within float64
	}{{1, 0}, {3, 0}, {4, 1}} {
		d := build(t, "complaints", numbers{"report_probability": perHour / 100, "reports": float64(c.r), "within": c.within,
			"delay": delay}, words{"delay_varies": "exponential"})
		got := alarms(complaintTrip([]leg{{1, horizon}}, flat()), d, n, horizon)
		naive, luck := &sample{}, rng.NewKey(1, "test/naive").Stream(uint64(c.r), 0, 0)
		for range n {
			naive.add(math.Min(horizon, naiveReports(&luck, perHour, delay, c.r, c.within, horizon)))
		}
		if z := math.Abs(got.mean()-naive.mean()) / math.Hypot(got.sd(), naive.sd()) * math.Sqrt(n); z > 5 {
			t.Errorf("%d reports within %v h: mean %v, one by one %v: %.1f standard errors", c.r, c.within, got.mean(), naive.mean(), z)
		}
		if c.within > 0 {
			continue
		}
		// Arrivals are Poisson with mean measure perHour (t - delay (1 - exp(-t/delay))).
		measure := &sample{}
		for _, x := range got.values {
			measure.add(perHour * (x - delay*(1-math.Exp(-x/delay))))
		}
		measure.kolmogorov(t, "delayed reports", func(x float64) float64 { return erlangCDF(c.r, x) })
		fast := build(t, "complaints", numbers{"report_probability": perHour / 100, "reports": float64(c.r)}, nil)
		alarms(complaintTrip([]leg{{1, horizon}}, flat()), fast, n, horizon).outside(t, "delay ignored", got.mean(), got.sd())
	}
}

// TestComplaintsFixedDelay: the alarm is the alarm without delay, later, in
// whatever ring it falls.
func TestComplaintsFixedDelay(t *testing.T) {
	for _, within := range []float64{0, 2} {
		for _, clock := range []*models.Clock{flat(), daily()} {
			tr := complaintTrip([]leg{{0.1, 3}, {0.3, 2}, {1, 1000}}, clock)
			at := numbers{"report_probability": 0.03, "reports": 3, "within": within}
			prompt := alarms(tr, build(t, "complaints", at, nil), 2000, 1e4)
			at["delay"] = 1.25
			late := alarms(tr, build(t, "complaints", at, nil), 2000, 1e4)
			for i := range prompt.values {
				if d := late.values[i] - prompt.values[i]; math.Abs(d-1.25) > 1e-10 {
					t.Fatalf("within %v, replication %d: the delay is %v", within, i, d)
				}
			}
		}
	}
}

// TestComplaintsQuiet: a rule far above the reports costs nothing however long
// the window, and what was skipped does not change what comes after.
func TestComplaintsQuiet(t *testing.T) {
	for _, words := range []words{nil, {"delay_varies": "exponential"}} {
		at := numbers{"report_probability": 1, "reports": 110, "within": 0.1, "delay": 0.05}
		d := build(t, "complaints", at, words)
		after := func(first float64) *sample {
			tr := complaintTrip([]leg{{0.25, first}, {1, 1000}}, flat())
			tr.window.Requests = 12000 // reports within the time allowed: 30 on average, then 120
			s := alarms(tr, d, 2000, 1e4)
			for i := range s.values {
				s.values[i] -= first
			}
			return s
		}
		long, short := after(5000), after(3) // 900 reports are not worth asking about
		if z := math.Abs(long.mean()-short.mean()) / math.Hypot(long.sd(), short.sd()) * math.Sqrt(2000); z > 5 {
			t.Errorf("alarm %v h after a long quiet ring, %v h after a short one: %.1f standard errors", long.mean(), short.mean(), z)
		}
		m := d.Monitor(1).(*reportMonitor)
		tr := complaintTrip([]leg{{0.25, 5000}}, flat())
		tr.window.Requests = 12000
		if tr.ride(m, 0); m.trial.count > 100 {
			t.Errorf("%d reports were drawn at the end of a window that cannot ring", m.trial.count)
		}
	}
}

// TestComplaintsAgain: a defect that comes back in another release does not
// send the same reports again, and the clock without a window goes on.
func TestComplaintsAgain(t *testing.T) {
	d := build(t, "complaints", numbers{"report_probability": 0.02, "reports": 3, "within": 1}, nil)
	m := d.Monitor(1)
	tr := complaintTrip([]leg{{1, 1e4}}, flat())
	first := tr.ride(m, 5).verdict.At
	tr.window.Signals[0].Dose = 2
	if again := tr.ride(m, 5).verdict.At; again == first {
		t.Error("the same luck in both releases")
	}
	tr.window.Luck.Release = 1
	other := tr.ride(m, 5).verdict.At
	tr.window.Luck.Release = 2
	if other == tr.ride(m, 5).verdict.At {
		t.Error("the same luck in two later releases")
	}
}
