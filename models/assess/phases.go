package assess

import (
	"math"

	"github.com/rollrisk/rollrisk/models/rollout"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// piece is a stretch of bad shares, above the piece before it, that get one phase.
type piece struct {
	upTo  float64 // bad share, included; 0..1
	phase rollout.Phase
}

// phases are the phases of a metric for every share of bad requests, in rising order;
// the last piece ends at 1. It is empty where nothing is known of the metric.
type phases struct {
	pieces []piece
	none   rollout.Phase // without requests in the window: the value is not a number
	empty  rollout.Phase // before the first request: there is no series to ask
	half   int           // failing or inconclusive verdicts in all pieces; 0: it cannot object
}

// grid is how finely shares are tried, and small the least of them.
const (
	grid  = 2000
	small = 1e-9
)

// shares to try: a fine grid, and small ones in steps of 5 %.
func shares() []float64 {
	all := []float64{0}
	for x := small; x < 1.0/grid; x = float64(x * 1.05) {
		all = append(all, x)
	}
	for i := 1; i <= grid; i++ {
		all = append(all, float64(i)/grid)
	}
	return all
}

// phasesOf tries all shares on a function and narrows the changes down to the last bit.
func phasesOf(judge func(bad float64) rollout.Phase) []piece {
	all := shares()
	var pieces []piece
	last, was := all[0], judge(all[0])
	for _, x := range all[1:] {
		if now := judge(x); now != was {
			low, high := last, x
			for {
				middle := low + (high-low)/2
				if middle <= low || middle >= high {
					break
				}
				if judge(middle) == was {
					low = middle
				} else {
					high = middle
				}
			}
			pieces = append(pieces, piece{low, was})
			was = now
		}
		last = x
	}
	return append(pieces, piece{1, was})
}

// phases are those of a metric of Argo Rollouts.
func (m *Metric) phases() phases {
	if m.Probe.Signal == Unknown {
		return phases{}
	}
	j := m.Conditions.Compile()
	value := func(x float64) rollout.Phase {
		v := rollout.Scalar(x)
		if m.Probe.Vector {
			v = rollout.Vector(x)
		}
		p, _ := j.Evaluate(v) // an error is a phase of its own
		return p
	}
	p := phases{pieces: phasesOf(func(bad float64) rollout.Phase { return value(m.Probe.Value(bad)) }), none: value(math.NaN())}
	p.empty = p.none
	if m.Probe.Vector {
		p.empty, _ = j.Evaluate(rollout.Vector())
	}
	p.count()
	return p
}

// phases are those of a metric of Flagger.
func (f *Flagger) phases(metric int) phases {
	probe, m := &f.Probes[metric], &f.Machine.Metrics[metric]
	if probe.Signal == Unknown {
		return phases{}
	}
	p := phases{none: rollout.Failed, empty: rollout.Failed, pieces: phasesOf(func(bad float64) rollout.Phase {
		if m.Passes(probe.Value(bad)) {
			return rollout.Successful
		}
		return rollout.Failed
	})}
	p.count()
	return p
}

func (p *phases) count() {
	for _, x := range p.pieces {
		if x.phase != rollout.Successful {
			p.half++
		}
	}
}

// known says whether the metric can be judged at all.
func (p *phases) known() bool { return len(p.pieces) > 0 }

// always is the one phase of every share; false where they differ.
func (p *phases) always() (rollout.Phase, bool) {
	if len(p.pieces) != 1 {
		return 0, false
	}
	return p.pieces[0].phase, true
}

// never, as a number of requests, says that no request has met the release yet.
const never = -1

// at is the phase of bad requests out of n.
func (p *phases) at(bad, n float64) rollout.Phase {
	switch {
	case !p.known():
		return rollout.Successful
	case n == never:
		return p.empty
	case n == 0:
		return p.none
	}
	share := bad / n
	for _, x := range p.pieces {
		if share <= x.upTo {
			return x.phase
		}
	}
	return p.pieces[len(p.pieces)-1].phase
}

// odds are the probabilities of the phases Successful, Failed, Inconclusive and Error
// in this order.
type odds [4]float64

func (o *odds) of(p rollout.Phase) float64 { return o[p-rollout.Successful] }

// odds of a look at n requests, each of which is bad with probability bad: sums of the
// binomial distribution.
func (p *phases) odds(n, bad float64) odds {
	var o odds
	switch {
	case !p.known():
		o[0] = 1
		return o
	case n == never:
		o[p.empty-rollout.Successful] = 1
		return o
	case n == 0:
		o[p.none-rollout.Successful] = 1
		return o
	}
	before := 0.0
	for _, x := range p.pieces {
		upTo := atMost(lastWithin(x.upTo, n), n, bad)
		o[x.phase-rollout.Successful] += max(0, upTo-before)
		before = max(before, upTo)
	}
	return o
}

// lastWithin is the largest number of bad requests out of n whose share is at most
// upTo, computed as the share is.
func lastWithin(upTo, n float64) float64 {
	k := math.Floor(float64(upTo * n))
	for k+1 <= n && (k+1)/n <= upTo {
		k++
	}
	for k >= 0 && k/n > upTo {
		k--
	}
	return k
}

// atMost is the probability of at most k successes in n trials of probability p, by the
// incomplete beta function (Abramowitz and Stegun, 1964, 26.5.24).
func atMost(k, n, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n || p == 0:
		return 1
	case p == 1:
		return 0
	}
	_, upper := portable.IncompleteBeta(k+1, n-k, p)
	return upper
}
