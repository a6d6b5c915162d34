package assess

import (
	"cmp"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/rollout"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// simulate draws releases where looks overlap.
func (c *flaggerCourse) simulate(ticks int) ([]stop, int) {
	n := max(lastReleases, min(mostReleases, mostCells/max(1, ticks)))
	key := rng.NewKey(c.ctx.Seed, "assess/flagger/"+string(c.d.class))
	var stops []stop
	for release := range n {
		s := key.Stream(0, uint64(release), 0)
		if end, over := c.release(&s); over {
			end.p = 1 / float64(n)
			stops = append(stops, end)
		}
	}
	slices.SortStableFunc(stops, func(a, b stop) int { return cmp.Compare(a.tick, b.tick) })
	return stops, n
}

// counts of one interval.
type counts struct{ requests, failing, slow float64 }

// release draws one release; false where it never ends.
func (c *flaggerCourse) release(s *rng.Stream) (stop, bool) {
	h := held{state: state{since: -1}, run: *rollout.NewFlagger(c.f.Machine), p: 1}
	var past []counts
	for tick := range c.limit {
		share, _ := c.live(h.status)
		n := math.Floor(c.requests(h.status) + 0.5)
		failing, slow, _ := c.spoilt(share, float64(float64(max(0, h.since))*c.every))
		past = append(past, counts{n, float64(dist.BinomialQuantile(s.Uniform(), int64(n), failing)), float64(dist.BinomialQuantile(s.Uniform(), int64(n), slow))})
		before := h
		h = c.step(h, c.answers(c.drawn(past)))
		if end, over := c.over(&h, &before, tick); over {
			return end, true
		}
	}
	return stop{}, false
}

// drawn says whether every check passes on what was drawn.
func (c *flaggerCourse) drawn(past []counts) bool {
	for i := range c.phases {
		if !c.phases[i].known() {
			continue
		}
		back := max(1, int((c.f.Probes[i].Window+c.f.Machine.Every()-1)/c.f.Machine.Every()))
		var sum counts
		for _, x := range past[max(0, len(past)-back):] {
			sum = counts{sum.requests + x.requests, sum.failing + x.failing, sum.slow + x.slow}
		}
		bad := sum.failing
		if c.f.Probes[i].Signal == Slow {
			bad = sum.slow
		}
		if c.phases[i].at(bad, sum.requests) != rollout.Successful {
			return false
		}
	}
	return true
}
