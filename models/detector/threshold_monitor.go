package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// thresholdMonitor watches one release.
type thresholdMonitor struct {
	foresight[tally, *tally]
	d      threshold
	key    rng.Key
	luck   models.Luck   // of the release
	share  float64       // of the ring
	asked  time.Duration // until then it is known that the last window is not calm
	memory chances
}

// tally is what has been counted so far in a release.
type tally struct {
	origin   time.Duration // the first check is one interval later
	at       time.Duration // everything before has been counted
	check    int64         // checks made or passed over
	open     account       // of the interval that is not over
	failures int           // failing checks that count
	left     float64       // hazard left to the next failing check; 0: not drawn
	interval time.Duration // between checks
	delay    time.Duration // of the first one; 0: an interval
	luck     rng.Stream    // private to the release; windows that overlap have m.draw
	past     []counts      // of the last intervals, check%len; nil when windows do not overlap
	sum      counts        // of past
}

// Reset implements models.Monitor.
func (m *thresholdMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. With constant conditions and windows that
// do not overlap it takes less than a microsecond, however many checks there
// are; where traffic has a shape, about 50 ns for each hour.
func (m *thresholdMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.luck = w.Luck
		m.now.luck = m.key.Stream(w.Luck.Release, w.Luck.Replication, w.Luck.Coupling)
		m.now.interval, m.now.delay = m.d.Interval, m.d.Delay
	}
	m.asked = 0
	if m.d.Inline && m.begun && w.Share != m.share {
		m.settle(m, w)
		m.now.begin(w)
		m.ahead = false
		m.last.end = w.Start
	}
	m.share = w.Share
	return m.observe(m, w)
}

func (t *tally) begin(w *models.Window) {
	clear(t.past)
	*t = tally{origin: w.Start, at: w.Start, past: t.past, luck: t.luck, interval: t.interval, delay: t.delay}
	if t.delay > 0 {
		t.origin += t.delay - t.interval
	}
}

func (t *tally) take(from *tally) {
	past := t.past
	*t = *from
	t.past = past
	copy(past, from.past)
}

// skipTo passes over what was not handed over, if anything.
func (t *tally) skipTo(start time.Duration) {
	if t.at >= start {
		return
	}
	clear(t.past)
	t.sum, t.open = counts{}, account{}
	t.at, t.check = start, max(0, int64((start-t.origin)/t.interval))
}

// count goes through the last window up to until, or to the first alarm, and
// says when that rings: in the last nanosecond of its interval, so that a
// check at the end of a ring belongs to the ring.
func (m *thresholdMonitor) count(t *tally, until time.Duration) (at time.Duration, rings bool) {
	for t.at < until {
		if t.at < t.origin { // before the first interval nothing counts
			t.at = min(until, t.origin)
			continue
		}
		if m.d.Checks > 0 && t.check >= m.d.Checks {
			t.at = until
			break
		}
		if m.calm(t, until) {
			continue
		}
		if m.advance(t, until) {
			return t.at - 1, true
		}
	}
	return 0, false
}

// calm passes over the whole intervals of a long stretch in which so few
// requests fail that no check can: at the quietest hour of the week the bound
// of Chernoff puts a failing check below 1e-18 for the whole stretch, less than
// the smallest hazard that a draw can stand for (2^-53).
func (m *thresholdMonitor) calm(t *tally, until time.Duration) bool {
	begin := t.origin + time.Duration(t.check)*m.d.Interval
	if t.at < m.asked || t.at != begin || t.past != nil || m.d.NoData == noDataFails || m.d.Consecutive && t.failures > 0 {
		return false
	}
	end, p := m.last.alike(t.at, until)
	whole := int64((end - t.at) / m.d.Interval)
	m.asked = end
	if end-t.at < longStretch || p >= m.d.Threshold {
		return false
	}
	fewest := float64(float64(m.last.perHour*m.last.clock.Least()) * hours(m.d.Interval))
	if !m.d.Poisson {
		fewest = math.Floor(fewest + 0.5)
	}
	if bound := m.d.bound(fewest, p); !(bound*float64(whole) < 1e-18) {
		return false
	}
	t.check += whole
	t.at = begin + time.Duration(whole)*m.d.Interval
	return true
}

// longStretch is the shortest stretch for which a bound is worth its price.
const longStretch = 3 * time.Hour

// advance counts until conditions change, at most until: all whole intervals
// at once or, around a change, one piece of an interval. It stops after a check
// that rings.
func (m *thresholdMonitor) advance(t *tally, until time.Duration) (rings bool) {
	perHour, p, end := m.last.part(t.at, until)
	begin := t.origin + time.Duration(t.check)*m.d.Interval
	whole := int64((end - t.at) / m.d.Interval)
	if m.d.Checks > 0 {
		whole = min(whole, m.d.Checks-t.check)
	}
	if t.at == begin && whole > 0 {
		made, rings := m.checks(t, whole, float64(perHour*hours(m.d.Interval)), p)
		t.check += made
		t.at = begin + time.Duration(made)*m.d.Interval
		return rings
	}
	due := begin + m.d.Interval
	stop := min(end, due)
	t.open.add(perHour, p, stop-t.at)
	t.at = stop
	if stop < due {
		return false
	}
	requests, share := t.open.total()
	t.open = account{}
	_, rings = m.checks(t, 1, requests, share)
	t.check++
	return rings
}

// checks makes up to n checks of intervals that are alike, and says how many
// it made: all, or up to the one that rings.
func (m *thresholdMonitor) checks(t *tally, n int64, mean, p float64) (made int64, rings bool) {
	if t.past != nil {
		return m.overlapping(t, n, mean, p)
	}
	c := m.memory.of(&m.d, mean, p)
	for made < n {
		if m.d.Consecutive && t.failures > 0 {
			if c.skip == 1 {
				return n, false
			}
			made++
			if m.again(t, &c) {
				return made, true
			}
			continue
		}
		step, fails := t.toFailure(n-made, &c)
		made += step
		if fails && m.fails(t) {
			return made, true
		}
	}
	return made, false
}

// toFailure jumps to the next failing check, at most n checks ahead: checks
// pass together with probability exp(-sum of their hazards), so the sum at the
// first failing one passes a unit exponential. The exponential outlives the
// window; a failing check ends it.
func (t *tally) toFailure(n int64, c *chance) (step int64, fails bool) {
	if t.left == 0 {
		t.left = t.luck.Exponential()
	}
	if all := float64(c.hazard * float64(n)); !(all >= t.left) {
		t.left -= all
		return n, false
	}
	step = min(n, max(1, int64(math.Ceil(t.left/c.hazard))))
	t.left = 0
	return step, true
}

// again draws one check that follows a failing one.
func (m *thresholdMonitor) again(t *tally, c *chance) (rings bool) {
	switch u := t.luck.Uniform(); {
	case u < c.fail:
		return m.fails(t)
	case u >= c.fail+c.skip:
		t.failures = 0
	}
	return false
}

// fails counts a failing check.
func (m *thresholdMonitor) fails(t *tally) (rings bool) {
	t.failures++
	if t.failures < m.d.Failures {
		return false
	}
	t.failures = 0
	return true
}
