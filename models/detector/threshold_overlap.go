package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/dist"
)

// counts is what one interval or one window brought.
type counts struct{ requests, errors float64 } // whole numbers

// overlapping makes up to n checks of windows that overlap, by drawing the
// errors of every interval: exact, and slower than a jump. Checks that cannot
// fail (Chernoff's bound is below exp(-40)) are not made, and only the
// intervals that a later window sees are drawn.
func (m *thresholdMonitor) overlapping(t *tally, n int64, mean, p float64) (made int64, rings bool) {
	older := int64(len(t.past)) - 1 // intervals of a window before its last
	quiet := n > 2*older && m.quiet(mean, p)
	for made < n {
		if quiet && made == older {
			m.passOver(t, n, mean, p)
			return n, false
		}
		t.see(t.check+made, m.draw(t.check+made, mean, p))
		made++
		if m.looks(t) {
			return made, true
		}
	}
	return made, false
}

// passOver goes to the end of n checks that pass, and draws the last intervals.
func (m *thresholdMonitor) passOver(t *tally, n int64, mean, p float64) {
	clear(t.past)
	t.sum = counts{}
	for i := n - int64(len(t.past)) + 1; i < n; i++ {
		t.see(t.check+i, m.draw(t.check+i, mean, p))
	}
	if m.d.Consecutive {
		t.failures = 0
	}
}

// see puts interval number i into the window, in the place of the one that
// leaves it.
func (t *tally) see(i int64, c counts) {
	at := &t.past[i%int64(len(t.past))]
	t.sum.requests += c.requests - at.requests
	t.sum.errors += c.errors - at.errors
	*at = c
}

// draw draws interval number i: one uniform for the errors and, with Poisson
// traffic, one for the good requests, which are independent of them. Every
// interval of a release has its own place in the stream, so that intervals that
// are passed over change no other.
func (m *thresholdMonitor) draw(i int64, mean, p float64) counts {
	u := m.key.Uniforms(m.luck.Release, m.luck.Replication, m.luck.Coupling+uint64(i+1)<<1)
	if m.d.Poisson {
		errors := float64(dist.PoissonQuantile(u[0], float64(mean*p)))
		good := float64(dist.PoissonQuantile(u[1], float64(mean*(1-p))))
		return counts{errors: errors, requests: errors + good}
	}
	n := math.Floor(mean + 0.5)
	return counts{errors: float64(dist.BinomialQuantile(u[0], int64(n), p)), requests: n}
}

// looks compares what the window holds with the threshold.
func (m *thresholdMonitor) looks(t *tally) (rings bool) {
	fails := t.sum.errors > 0 && t.sum.errors/t.sum.requests > m.d.Threshold
	if t.sum.requests < m.d.MinRequests {
		if m.d.NoData == noDataSkips {
			return false
		}
		fails = m.d.NoData == noDataFails
	}
	if fails {
		return m.fails(t)
	}
	if m.d.Consecutive {
		t.failures = 0
	}
	return false
}

// quiet: no check of a full window under these conditions can fail.
func (m *thresholdMonitor) quiet(mean, p float64) bool {
	if !m.d.Poisson {
		mean = math.Floor(mean + 0.5)
	}
	c := m.memory.of(&m.d, float64(mean*float64(m.d.Intervals)), p)
	return c.fail == 0 && c.skip == 0
}
