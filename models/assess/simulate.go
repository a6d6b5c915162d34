package assess

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// How much is drawn: at most so many cells for one defect, and releases within bounds.
// Assumption: two digits are enough, in a second.
const (
	mostCells    = 150_000
	mostReleases = 2000
	lastReleases = 40
)

// cells cut a course at every time that a look begins or ends at: in a cell the
// requests are drawn at once, so that looks that overlap share them.
type cells struct {
	times    []time.Duration
	requests []float64 // cumulated, whole
	failing  []float64 // probability in a cell
	slow     []float64
	drawn    [2][]float64 // cumulated bad requests of the present release: failing, slow
	c        *course
}

func newCells(l *ledger, all []glance) *cells {
	c := &cells{times: []time.Duration{0}, c: l.c}
	for _, g := range all {
		c.times = append(c.times, max(0, g.from), g.at)
	}
	for _, m := range l.moments {
		c.times = append(c.times, m.at)
	}
	slices.Sort(c.times)
	c.times = slices.Compact(c.times)
	for i, t := range c.times {
		m := l.at(t)
		c.requests = append(c.requests, math.Floor(m.requests+0.5))
		if i > 0 {
			_, failing := l.window(Failing, c.times[i-1], t)
			_, slow := l.window(Slow, c.times[i-1], t)
			c.failing, c.slow = append(c.failing, failing), append(c.slow, slow)
		}
	}
	for s := range c.drawn {
		c.drawn[s] = make([]float64, len(c.times))
	}
	return c
}

// draw draws the requests of one release.
func (c *cells) draw(s *rng.Stream) {
	for i := range c.failing {
		n := int64(c.requests[i+1] - c.requests[i])
		for k, p := range []float64{c.failing[i], c.slow[i]} {
			c.drawn[k][i+1] = c.drawn[k][i] + float64(dist.BinomialQuantile(s.Uniform(), n, p))
		}
	}
}

// window is what a look sees; its times are rounded down to those of the cells.
func (c *cells) window(s Signal, from, to time.Duration) (bad, n float64) {
	if !c.c.met(to) {
		return 0, never
	}
	a, b, k := c.index(from), c.index(to), 0
	if s == Slow {
		k = 1
	}
	return c.drawn[k][b] - c.drawn[k][a], c.requests[b] - c.requests[a]
}

func (c *cells) index(t time.Duration) int {
	i, found := slices.BinarySearch(c.times, t)
	if found || i == 0 {
		return i
	}
	return i - 1
}

// simulate draws releases and drives the machines of the controller; it returns the
// endings and the number of releases drawn.
func (c *course) simulate(l *ledger, all []glance) ([]ending, int) {
	grid := newCells(l, all)
	n := max(lastReleases, min(mostReleases, mostCells/len(grid.times)))
	key := rng.NewKey(l.ctx.Seed, "assess/"+string(l.d.class))
	machines := make([]*rollout.Run, len(c.runs))
	for i := range machines {
		machines[i] = rollout.NewRun(c.runs[i].analysis.Machine())
	}
	var endings []ending
	for release := range n {
		s := key.Stream(0, uint64(release), 0)
		grid.draw(&s)
		first, ends := ending{at: rollout.Forever}, false
		for i := range c.runs {
			if e, bad := c.runs[i].replay(machines[i], grid); bad && e.at < first.at {
				first, ends = e, true
			}
		}
		if ends {
			first.p = 1 / float64(n)
			endings = append(endings, first)
		}
	}
	return endings, n
}

// replay runs one analysis on what was drawn; false where it ends well.
func (r *run) replay(m *rollout.Run, grid *cells) (ending, bool) {
	m.Reset()
	before := make([]time.Duration, len(r.phases))
	for i := range before {
		before[i] = r.from
	}
	looks := 0
	for due, ok := m.Next(); ok && r.from+due.At < r.until+1 && looks < mostLooks; due, ok = m.Next() {
		at, p := r.from+due.At, &r.phases[due.Metric]
		if at >= r.until && !r.ended {
			break
		}
		phase := rollout.Successful
		if probe := &r.analysis.Metrics[due.Metric].Probe; p.known() {
			from := before[due.Metric]
			if probe.Window > 0 {
				from = at - probe.Window
			}
			phase = p.at(grid.window(probe.Signal, max(0, from), at))
		}
		before[due.Metric] = at
		m.Take(due, rollout.Measurement{Phase: phase})
		looks++
	}
	at, over := m.EndedAt()
	if !over || m.Phase() == rollout.Successful {
		return ending{}, false
	}
	return ending{at: r.from + at, holds: m.Phase() == rollout.Inconclusive}, true
}
