package analytic

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Strict early bounds are as strict as they are said to be, also beyond nine standard
// deviations.
func TestFarBounds(t *testing.T) {
	g := GroupSequential{Looks: 200, Alpha: 0.025, Shape: SpendLikeOBF}
	b := g.Plan().Bounds
	if got, want := portable.NormalCDF(-b[0]), g.spent(1.0/200, 0.025); math.Abs(got/want-1) > 1e-9 {
		t.Errorf("the first look spends %v, want %v (bound %v)", got, want, b[0])
	}
	small := GroupSequential{Looks: 5, Alpha: 1e-30, Shape: Pocock}.Plan()
	if p, _ := small.Reject(0); math.Abs(p/1e-30-1) > 1e-6 {
		t.Errorf("a level of 1e-30 is %v", p)
	}
}

// A new version that is far better never rings, and is soon reckoned with.
func TestFarBetter(t *testing.T) {
	l := Looks{Bounds: slices.Repeat([]float64{2}, 200)}
	for _, drift := range []float64{-5, -1000} {
		if p, looks := l.Reject(drift); !(p < 1e-8) || looks < 199.9 {
			t.Errorf("drift %v: rings with %v after %v looks", drift, p, looks)
		}
	}
	if p, looks := l.Reject(1000); math.Abs(p-1) > 1e-12 || math.Abs(looks-1) > 1e-9 {
		t.Errorf("drift 1000: rings with %v after %v looks", p, looks)
	}
	// A drift of nothing from both sides.
	below, _ := l.Reject(-1e-9)
	above, _ := l.Reject(1e-9)
	if math.Abs(below-above) > 1e-7 {
		t.Errorf("%v below, %v above", below, above)
	}
}

// The ends of an interval of shifts are differences of two values, to the last bit: what
// is a hair above zero would be higher than nothing.
func TestShiftsAreDifferences(t *testing.T) {
	r := Ranks{Canary: []float64{0.1, 0.3, 0.3, 0.7, 1.1, 0.2, 0.3, 0.4}, Baseline: []float64{0.1, 0.2, 0.3, 0.1, 0.3, 0.3, 0.6, 0.2}}
	low, high := r.Interval(0.6)
	for _, end := range []float64{low, high} {
		found := false
		for _, x := range r.Canary {
			for _, y := range r.Baseline {
				found = found || x-y == end
			}
		}
		if !found {
			t.Errorf("%v is no difference", end)
		}
	}
	if low != 0 {
		t.Errorf("the lower end is %v, want 0", low)
	}
}
