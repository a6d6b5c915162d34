package detector

import (
	"math"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// hour is a window of an hour, so many after the first.
func hour(at int, share, errors float64) models.Window {
	return models.Window{Start: time.Duration(at) * time.Hour, End: time.Duration(at+1) * time.Hour, Share: share, Requests: 1e5, Errors: errors, Clock: flat()}
}

// ringing counts the releases that ring while they go through the windows.
func ringing(t *testing.T, d models.Detector, releases int, windows ...models.Window) (rang int) {
	t.Helper()
	m := d.Monitor(1)
	for i := range releases {
		m.Reset()
		for _, w := range windows {
			w.Luck.Release = uint64(i) << 8
			if m.Observe(&w).Finding == models.Fail {
				rang++
				break
			}
		}
	}
	return rang
}

// A small ring in calm hours and a large one in bad hours: pooled requests would say
// that the new version, which had more of its traffic in the bad hours, is worse
// (Simpson, 1951). Looks that are compared hour by hour do not.
func TestRingsOfAnotherShare(t *testing.T) {
	const releases, alpha = 4000, 0.01
	d := build(t, "z-test", numbers{"interval": 1, "alpha": alpha}, nil)
	got := ringing(t, d, releases, hour(0, 0.01, 0.01), hour(1, 0.5, 0.03))
	most := 2*alpha*releases + 4*math.Sqrt(2*alpha*releases)
	if float64(got) > most || got == 0 {
		t.Errorf("%d of %d healthy releases ring, at most %v should", got, releases, most)
	}
}

// Where everyone has the new version there is nothing to compare it with: the last
// comparison is not made again against a lower bound.
func TestNoLookWithoutTheOldVersion(t *testing.T) {
	const releases = 2000
	d := build(t, "group-sequential", numbers{"interval": 1, "looks": 5, "alpha": 0.2}, words{"shape": shapeOBrienFleming})
	before := ringing(t, d, releases, hour(0, 0.5, 0.01))
	after := ringing(t, d, releases, hour(0, 0.5, 0.01), hour(1, 1, 0.01), hour(2, 1, 0.01), hour(3, 1, 0.01), hour(4, 1, 0.01))
	if before != after {
		t.Errorf("%d of %d ring while there is something to compare, %d later", before, releases, after)
	}
}

// Planned looks are those that are made: hours that nobody watched use none up.
func TestLooksAreNotUsedUpUnwatched(t *testing.T) {
	bad := hour(10, 0.5, 0.01)
	bad.Signals = []models.Signal{{Errors: 0.05, Reach: 1, Strength: 0.05, Visible: true, From: bad.Start}}
	d := build(t, "group-sequential", numbers{"interval": 1, "looks": 3, "alpha": 0.025}, words{"shape": shapePocock})
	if got := ringing(t, d, 100, hour(0, 0.5, 0.01), bad); got != 100 {
		t.Errorf("%d of 100 bad releases ring after ten hours without a watch", got)
	}
	// Two errors more in 1,000 of 50,000 requests against as many: 50 errors too many, with a
	// variance of 25,000 (0.011 * 0.989 + 0.01 * 0.99) over both hours. The second of three
	// bounds (Jennison and Turnbull 2000, table 2.3) is 2.004 sqrt(3/2), the first 2.004 sqrt(3).
	bad.Signals[0].Errors, bad.Signals[0].Strength = 0.002, 0.002
	d = build(t, "group-sequential", numbers{"interval": 1, "looks": 3, "alpha": 0.025}, words{"shape": shapeOBrienFleming})
	const releases = 2000
	z := 50 / math.Sqrt(25000*(0.011*0.989+0.01*0.99))
	p := math.Erfc((2.004*math.Sqrt(1.5)-z)/math.Sqrt2) / 2
	got := float64(ringing(t, d, releases, hour(0, 0.5, 0.01), bad))
	if off := math.Abs(got - releases*p); off > 4*math.Sqrt(releases*p*(1-p))+0.01*releases { // of the normal form
		t.Errorf("%v of %d ring at the second look, want %.0f", got, releases, releases*p)
	}
}

// At a level of one half, half of the healthy releases ring at one look, not all.
func TestLevelOfOneHalf(t *testing.T) {
	const releases = 2000
	d := build(t, "z-test", numbers{"interval": 1, "alpha": 0.5, "looks": 1}, nil)
	got := float64(ringing(t, d, releases, hour(0, 0.5, 0.01)))
	if off := math.Abs(got - releases/2); off > 4*math.Sqrt(releases/4)+0.03*releases { // ties of counts: P(X = Y) is 2 % here
		t.Errorf("%v of %d ring", got, releases)
	}
}

// A third of a request in an interval is one in three of them, not none for ever.
func TestFewRequestsAreNotNone(t *testing.T) {
	d, a, sum := series{}, account{}, 0.0
	for range 3000 {
		a.add(20, 0.5, time.Minute)
		c := d.draw(0.5, 0.5, &a)
		sum += c.requests
		a = a.next()
	}
	if sum != 1000 {
		t.Errorf("%v requests of 1000", sum)
	}
}

// A judge that looks back ten minutes has nothing to say once everyone has had the new
// version for ten minutes, nor after a gap.
func TestJudgeForgets(t *testing.T) {
	minutes := func(from, to int, share float64) models.Window {
		w := hour(0, share, 0.01)
		w.Start, w.End = time.Duration(from)*time.Minute, time.Duration(to)*time.Minute
		w.Signals = []models.Signal{{Errors: 0.5, Reach: 1, Strength: 0.5, Visible: true}}
		return w
	}
	d := build(t, "kayenta", numbers{"step": 1.0 / 60, "interval": 1.0 / 6, "lookback": 1.0 / 6, "min_points": 5, "failures": 3}, nil)
	if got := ringing(t, d, 20, minutes(0, 30, 0.5)); got != 20 {
		t.Errorf("%d of 20 ring at the third judgement", got)
	}
	if got := ringing(t, d, 20, minutes(0, 20, 0.5), minutes(20, 200, 1)); got != 0 {
		t.Errorf("%d of 20 ring against what the old version did long before", got)
	}
	if got := ringing(t, d, 20, minutes(0, 20, 0.5), minutes(106, 111, 0.5)); got != 0 {
		t.Errorf("%d of 20 ring on points from before a gap", got)
	}
}

// Strict early bounds are as strict as they are said to be, also beyond nine standard
// deviations.
func TestFarBounds(t *testing.T) {
	p := plan{looks: maxLooks, alpha: 0.025, shape: shapeSpendOBF}
	b, spent := p.bounds(), p.spent(1/float64(maxLooks))
	if got := portable.NormalCDF(-b[0]); math.Abs(got/spent-1) > 1e-8 {
		t.Errorf("the first of %d looks spends %v, want %v (bound %v)", maxLooks, got, spent, b[0])
	}
	if !(b[0] > 9) {
		t.Errorf("the first bound is %v", b[0])
	}
	for k := 1; k < maxLooks; k++ {
		if !(b[k] < b[k-1]) {
			t.Errorf("bound %d is %v after %v", k+1, b[k], b[k-1])
		}
	}
}
