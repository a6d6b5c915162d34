package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// burnMonitor watches one release. Every interval has its own place in the
// stream of chance.
type burnMonitor struct {
	foresight[burnBook, *burnBook]
	d     burnAlert
	key   rng.Key
	luck  models.Luck   // of the release
	asked time.Duration // until then it is known whether the last window is quiet
	quiet bool
}

// burnBook keeps the sums of requests and errors at the end of intervals, so
// that any window is a difference of two.
type burnBook struct {
	interval   time.Duration
	origin, at time.Duration
	check      int64    // intervals over
	first      int64    // the interval at whose start the sums are zero
	calm       int64    // quiet intervals up to now
	open, rest account  // of the interval that is not over
	before     counts   // of each interval before first
	past       []counts // sums at the end of the last intervals: number i at i % len
}

func (b *burnBook) begin(w *models.Window) {
	*b = burnBook{interval: b.interval, origin: w.Start, at: w.Start, past: b.past}
}

func (b *burnBook) take(from *burnBook) {
	past := b.past
	*b = *from
	b.past = past
	copy(past, from.past)
}

func (b *burnBook) skipTo(start time.Duration) {
	if b.at < start {
		check := int64((start - b.origin) / b.interval)
		*b = burnBook{interval: b.interval, origin: b.origin, at: start, check: check, first: check, past: b.past}
	}
}

// Reset implements models.Monitor.
func (m *burnMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. It takes a fraction of a microsecond for
// each interval, and nothing for a stretch so quiet that no window can ring.
func (m *burnMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.luck, m.now.interval = w.Luck, m.d.Interval
	}
	m.asked = 0
	return m.observe(m, w)
}

// count goes through the intervals of the last window up to until.
func (m *burnMonitor) count(b *burnBook, until time.Duration) (time.Duration, bool) {
	m.asked = 0
	for b.at < until {
		begin := b.origin + time.Duration(b.check)*m.d.Interval
		quiet := m.isQuiet(b.at, until)
		if whole := int64((m.asked - b.at) / m.d.Interval); quiet && b.at == begin && b.calm > m.d.Long && whole > m.d.Long {
			m.passOver(b, whole-m.d.Long)
			continue
		}
		perHour, p, end := m.last.part(b.at, until)
		stop := min(end, begin+m.d.Interval)
		b.open.add(perHour, p, stop-b.at)
		if !m.d.Version {
			besides, share := m.last.others(b.at)
			b.rest.add(besides, share, stop-b.at)
		}
		b.at = stop
		if !quiet {
			b.calm = 0
		}
		if stop == begin+m.d.Interval && m.looks(b) {
			return b.at - 1, true
		}
	}
	return 0, false
}

// looks closes an interval and compares its windows with the threshold.
func (m *burnMonitor) looks(b *burnBook) (rings bool) {
	if b.check == 0 {
		m.fillBefore(b)
	}
	c, last := m.draw(b), m.sum(b, b.check-1)
	b.past[b.check%int64(len(b.past))] = counts{requests: last.requests + c.requests, errors: last.errors + c.errors}
	b.open, b.rest = account{}, account{}
	b.check++
	b.calm++
	return m.burns(b, m.d.Long) && (m.d.Short == 0 || m.burns(b, m.d.Short))
}

// fillBefore decides what an interval before the release holds.
func (m *burnMonitor) fillBefore(b *burnBook) {
	if m.d.Before == beforeNothing {
		return
	}
	requests, _ := b.open.total()
	if !m.d.Version {
		others, _ := b.rest.total()
		requests += others
	}
	b.before = counts{requests: requests}
	if m.d.Before == beforeBaseline {
		b.before.errors = float64(requests * m.last.errors)
	}
}

// draw draws the interval that is over.
func (m *burnMonitor) draw(b *burnBook) counts {
	u := m.key.Uniforms(m.luck.Release, m.luck.Replication, m.luck.Coupling+uint64(b.check+1)<<1)
	d := series{Poisson: m.d.Poisson}
	c := d.draw(u[0], u[1], &b.open)
	if m.d.Version {
		return c
	}
	rest := d.draw(u[2], u[3], &b.rest)
	return counts{requests: c.requests + rest.requests, errors: c.errors + rest.errors}
}

// sum is the sums at the end of interval i; before the first, those of intervals
// that were all alike, counted backwards.
func (m *burnMonitor) sum(b *burnBook, i int64) counts {
	if i >= b.first {
		return b.past[i%int64(len(b.past))]
	}
	back := float64(b.first - 1 - i)
	return counts{requests: -float64(back * b.before.requests), errors: -float64(back * b.before.errors)}
}

// burns says whether the last n intervals burn too fast.
func (m *burnMonitor) burns(b *burnBook, n int64) bool {
	now, then := m.sum(b, b.check-1), m.sum(b, b.check-1-n)
	requests, errors := now.requests-then.requests, now.errors-then.errors
	return requests >= m.d.MinRequests && errors > float64(m.d.Threshold*requests)
}

// isQuiet: as conditions are from t on, no long window rings, by Chernoff's bound
// with a probability below 1e-24 each; m.asked is how long they stay so.
func (m *burnMonitor) isQuiet(t, until time.Duration) bool {
	if t < m.asked {
		return m.quiet
	}
	var share float64
	m.asked, share = m.last.alike(t, until)
	perHour := m.last.perHour
	if !m.d.Version {
		perHour += m.last.besides
		baseline := m.last.old(t)
		share = (float64(m.last.perHour*share) + float64(m.last.besides*baseline)) / perHour
	}
	d := threshold{Threshold: m.d.Threshold, Poisson: m.d.Poisson}
	mean := math.Floor(float64(perHour * m.last.clock.Least() * hours(m.d.Interval) * float64(m.d.Long)))
	m.quiet = share < m.d.Threshold && (m.d.Threshold >= 1 || d.bound(mean, share) < 1e-24)
	return m.quiet
}

// passOver goes over whole intervals after which one long window is left to be
// drawn, so that what follows the stretch is seen as it is. The windows before
// that end are as quiet as expected.
func (m *burnMonitor) passOver(b *burnBook, skipped int64) {
	b.check += skipped
	b.first = b.check
	b.at += time.Duration(skipped) * m.d.Interval
	b.before = counts{}
}
