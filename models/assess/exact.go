package assess

import (
	"cmp"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// ending is one way in which an analysis stops a release.
type ending struct {
	at    time.Duration // of the verdict
	p     float64       // probability, 0..1
	holds bool          // the release waits for a person, who takes it back
}

// glance is a look that can object, with what it sees.
type glance struct {
	run, metric int
	from, at    time.Duration
}

// glances are the looks of all metrics that can object, in order of time. A window of
// 0 reaches back to the look before, or to the begin of the run.
func (c *course) glances() []glance {
	var all []glance
	for r := range c.runs {
		run := &c.runs[r]
		before := make([]time.Duration, len(run.phases))
		for i := range before {
			before[i] = run.from
		}
		for _, k := range run.looks {
			m := &run.analysis.Metrics[k.metric]
			g := glance{run: r, metric: k.metric, from: before[k.metric], at: k.at}
			if w := m.Probe.Window; w > 0 {
				g.from = max(0, k.at-w)
			}
			before[k.metric] = k.at
			if run.phases[k.metric].known() && !m.Dry {
				all = append(all, g)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b glance) int { return cmp.Compare(a.at, b.at) })
	return all
}

// isExact says whether the chain is exact: every run has one metric that can object,
// no two looks share a request, a success never ends a metric early, and there are not too
// many states.
func (c *course) isExact(all []glance) bool {
	judged := make([]int, len(c.runs))
	for r := range c.runs {
		if len(all) > 0 && c.runs[r].states() > mostWork/len(all) {
			return false
		}
		for i := range c.runs[r].phases {
			m := &c.runs[r].analysis.Metrics[i]
			if c.runs[r].phases[i].known() && !m.Dry {
				judged[r]++
			}
			if m.ConsecutiveSuccessLimit != 0 {
				return false
			}
		}
		if judged[r] > 1 {
			return false
		}
	}
	var until time.Duration
	for _, g := range all {
		if g.from < until {
			return false
		}
		until = g.at
	}
	return true
}

// mostWork bounds the steps of a chain: about a tenth of a second.
const mostWork = 5_000_000

// states is how many states the chain of a run has at most.
func (r *run) states() int {
	most := 1
	for i := range r.analysis.Metrics {
		m := &r.analysis.Metrics[i]
		failed := m.FailureLimit
		if failed < 0 {
			failed = 0
		}
		most = max(most, (min(failed, len(r.looks))+1)*(min(m.InconclusiveLimit, len(r.looks))+1))
	}
	return most
}

// exact are the endings of a course for a defect; false where a look may err, so that
// the times of the looks are chance too.
func (c *course) exact(l *ledger, all []glance) ([]ending, bool) {
	chains := make([]chain, len(c.runs))
	for _, g := range all {
		run := &c.runs[g.run]
		m := &run.analysis.Metrics[g.metric]
		n, bad := l.window(m.Probe.Signal, g.from, g.at)
		o := run.phases[g.metric].odds(n, bad)
		if o.of(rollout.Error) > 0 {
			return nil, false
		}
		k := &chains[g.run]
		if k.p == nil {
			k.start(&m.Metric)
		}
		k.look(g.at, o)
	}
	for i := range c.runs {
		if r := &c.runs[i]; r.ended && r.phase == rollout.Error {
			chains[i].errs(r.until)
		}
	}
	return race(chains), true
}

// chain is how a metric stands: the probability of so many failed and so many
// inconclusive measurements.
type chain struct {
	failed, doubted int // that are borne
	p               [][]float64
	endings         []ending
}

// most bounds the memory of a chain; more failures than looks never count.
const most = mostLooks

func (k *chain) start(m *rollout.Metric) {
	k.failed, k.doubted = m.FailureLimit, m.InconclusiveLimit
	if k.failed < 0 {
		k.failed = most
	}
	k.p = [][]float64{{1}}
}

// look takes one measurement.
func (k *chain) look(at time.Duration, o odds) {
	next := make([][]float64, min(len(k.p)+1, k.failed+1))
	var fails, holds float64
	for f, row := range k.p {
		for d, p := range row {
			if p == 0 {
				continue
			}
			put(next, f, d, float64(p*o.of(rollout.Successful)))
			if f+1 > k.failed {
				fails += float64(p * o.of(rollout.Failed))
			} else {
				put(next, f+1, d, float64(p*o.of(rollout.Failed)))
			}
			if d+1 > k.doubted {
				holds += float64(p * o.of(rollout.Inconclusive))
			} else {
				put(next, f, d+1, float64(p*o.of(rollout.Inconclusive)))
			}
		}
	}
	k.p = next
	k.endings = append(k.endings, ending{at: at, p: fails}, ending{at: at, p: holds, holds: true})
}

// errs ends what is left in errors.
func (k *chain) errs(at time.Duration) {
	left := 1.0
	for _, e := range k.endings {
		left -= e.p
	}
	k.endings = append(k.endings, ending{at: at, p: left})
}

// put adds probability to a state.
func put(to [][]float64, f, d int, p float64) {
	if p == 0 {
		return
	}
	for len(to[f]) <= d {
		to[f] = append(to[f], 0)
	}
	to[f][d] += p
}

// race is which of several independent chains ends a release first.
func race(chains []chain) []ending {
	var all []ending
	left := make([]float64, len(chains))
	type entry struct {
		ending
		chain int
	}
	var entries []entry
	for i := range chains {
		left[i] = 1
		for _, e := range chains[i].endings {
			if e.p > 0 {
				entries = append(entries, entry{e, i})
			}
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	for _, e := range entries {
		others := 1.0
		for i, p := range left {
			if i != e.chain {
				others = float64(others * p)
			}
		}
		left[e.chain] -= e.p
		e.p = float64(e.p * others)
		all = append(all, e.ending)
	}
	return all
}
