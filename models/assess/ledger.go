package assess

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// class is how a defect shows.
type class string

// The classes of the tables.
const (
	atOnce class = "fails at once"
	late   class = "fails later"
	loaded class = "fails under load"
	slowed class = "slow"
)

// defect is what is wrong with a release.
type defect struct {
	class class
	size  float64 // share of the release's requests that it spoils; 0..1; 0: a good release
}

// signal is where the defect shows.
func (d defect) signal() Signal {
	if d.class == slowed {
		return Slow
	}
	return Failing
}

// underLoad is the share of traffic from which on a defect of the class loaded shows.
const underLoad = 0.5

// moment is a point in time with what has come before it, on average.
type moment struct {
	at       time.Duration
	requests float64 // that a check could have seen
	failing  float64 // of those
	slow     float64
	hurting  float64 // hours at full audience in which the defect showed to users
	exposed  float64 // hours at full audience
	shares   float64 // largest share of users that could meet it so far
}

// ledger counts the requests that meet a release over a course.
type ledger struct {
	ctx     *Context
	c       *course
	d       defect
	first   time.Duration // exposure of a user; Forever never
	moments []moment      // in order of time; piecewise linear between
}

// newLedger goes through a course up to its end, and beyond it to the given time.
func newLedger(ctx *Context, c *course, d defect, until time.Duration) *ledger {
	l := &ledger{ctx: ctx, c: c, d: d, first: rollout.Forever}
	times := []time.Duration{0, until}
	for _, s := range c.stretches {
		times = append(times, min(s.from, until))
		if s.share > 0 {
			l.first = min(l.first, s.from)
		}
	}
	if d.class == late && l.first < until {
		times = append(times, min(l.first+ctx.Late, until))
	}
	slices.Sort(times)
	now := moment{}
	l.moments = []moment{now}
	for i := 1; i < len(times); i++ {
		if times[i] > times[i-1] {
			now = l.on(now, times[i])
			l.moments = append(l.moments, now)
		}
	}
	return l
}

// on is a moment after another, with constant exposure between.
func (l *ledger) on(m moment, at time.Duration) moment {
	s := l.c.stretchAt(m.at + 1)
	hours := (at - m.at).Hours()
	perSecond := float64(l.ctx.Requests * s.share)
	if s.tested {
		perSecond = l.ctx.LoadTest
	}
	requests := float64(perSecond * hours * 3600)
	failing, slow := l.spoilt(s, m.at)
	m.at = at
	m.requests += requests
	m.failing += float64(requests * failing)
	m.slow += float64(requests * slow)
	if l.shows(s, at-1) {
		m.hurting += float64(s.share * hours)
	}
	m.exposed += float64(s.share * hours)
	m.shares = math.Max(m.shares, s.share)
	if l.c.lottery && s.share > 0 {
		m.shares = 1
	}
	return m
}

// shows says whether the defect shows in a stretch at a time.
func (l *ledger) shows(s *stretch, at time.Duration) bool {
	switch l.d.class {
	case late:
		return at >= l.first && at-l.first >= l.ctx.Late
	case loaded:
		return s.share >= underLoad
	}
	return true
}

// spoilt are the shares of failing and of slow requests in a stretch from a time on.
func (l *ledger) spoilt(s *stretch, from time.Duration) (failing, slow float64) {
	failing, slow = l.ctx.Baseline, l.ctx.Slow
	if !l.shows(s, from) {
		return failing, slow
	}
	if l.d.signal() == Slow {
		return failing, slow + float64(l.d.size*(1-slow))
	}
	return failing + float64(l.d.size*(1-failing)), slow
}

// at is what has come before a time.
func (l *ledger) at(t time.Duration) moment {
	i, exact := slices.BinarySearchFunc(l.moments, t, func(m moment, t time.Duration) int { return int(max(-1, min(1, m.at-t))) })
	switch {
	case exact:
		return l.moments[i]
	case i >= len(l.moments):
		return l.on(l.moments[len(l.moments)-1], t)
	case i == 0:
		return l.moments[0]
	}
	return l.on(l.moments[i-1], t)
}

// window is what a look at a signal sees on average between two times: requests,
// rounded to a whole number or never, and the share of them that is bad.
func (l *ledger) window(s Signal, from, to time.Duration) (n, bad float64) {
	if !l.c.met(to) {
		return never, 0
	}
	a, b := l.at(max(0, from)), l.at(to)
	n = b.requests - a.requests
	if n <= 0 {
		return 0, 0
	}
	bad = b.failing - a.failing
	if s == Slow {
		bad = b.slow - a.slow
	}
	return math.Floor(n + 0.5), math.Min(1, math.Max(0, bad/n))
}
