package analytic

import (
	"math"
	"testing"
)

// TestMaxSPRTSize: at its critical value the test rings in health as often as asked,
// be that rare or nearly as often as it can.
func TestMaxSPRTSize(t *testing.T) {
	for _, expected := range []float64{0.01, 0.5, 3, 40} {
		most := MostSize(expected)
		for _, alpha := range []float64{1e-9 * most, 0.003 * most, 0.05 * most, 0.9 * most, 0.999 * most} {
			size, at := MaxSPRT{Expected: expected, Critical: CriticalValue(expected, alpha)}.Signal(1)
			if !near(size, alpha, 1e-9) || !(at > 0 && at < expected) {
				t.Errorf("%v errors expected, level %v: rings with %v, at %v", expected, alpha, size, at)
			}
		}
	}
}

// TestMaxSPRTOneError: where only the first error can ring, its time is exponential,
// cut off at the deadline. Powers down to 1e-14 keep their digits.
func TestMaxSPRTOneError(t *testing.T) {
	for _, deadline := range []float64{0.01, 1e-6, 1e-12} {
		// The second error could ring as well after this time: the test ends before.
		m := MaxSPRT{Expected: deadline, Critical: -math.Log(deadline) - 1 + deadline}
		for _, ratio := range []float64{0.01, 1, 30} {
			p, at := m.Signal(ratio)
			x := ratio * deadline
			// The first terms of the series of 1/x - 1/(exp(x)-1), the mean share of the time.
			want := deadline * (0.5 - x/12 + math.Pow(x, 3)/720 - math.Pow(x, 5)/30240)
			if !near(p, -math.Expm1(-x), 1e-9) || !near(at, want, 1e-9) {
				t.Errorf("deadline %v, ratio %v: %v at %v, want %v at %v", deadline, ratio, p, at, -math.Expm1(-x), want)
			}
		}
	}
}

// TestMaxSPRTAboveItsMean: more errors than expected, ever up to t = 1, is any error
// at all; up to t = 2 it is one in the first unit of time, or two errors or more in
// the second.
func TestMaxSPRTAboveItsMean(t *testing.T) {
	none := math.Exp(-1)
	for expected, want := range map[float64]float64{
		0.3: 1 - math.Exp(-0.3), 1: 1 - none, 2: 1 - none*(none+none),
	} {
		if got := MostSize(expected); !near(got, want, 1e-12) {
			t.Errorf("%v errors expected: %v, want %v", expected, got, want)
		}
	}
}

// TestMaxSPRTNever: an alarm that never comes has no time.
func TestMaxSPRTNever(t *testing.T) {
	if p, at := (MaxSPRT{Expected: 0.01, Critical: 20}).Signal(1e-305); p > 1e-300 || !math.IsInf(at, 1) {
		t.Errorf("rings with %v, at %v", p, at)
	}
}
