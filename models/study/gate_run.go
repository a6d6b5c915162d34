package study

import (
	"context"

	"github.com/rollrisk/rollrisk/models/metric"
)

// runGated simulates until every gate is decided, or the budget is spent: look after
// look, each at twice the changes of the one before. The budget of the plan is a number
// of changes; that of the options is a time, and the one thing that can change a result
// from run to run. The first look is always taken. A plan for as many changes as it took
// gives the same Study.
func runGated(ctx context.Context, p Plan, o Options) (*Study, error) {
	l, per := p.looks(), p.Case.Changes.PerPeriod
	var all *Shard
	for k := l.Number(p.Replications()); ; k++ {
		next, err := p.look(ctx, all, l.At(k), o)
		if err != nil {
			return nil, err
		}
		if next == nil {
			break // the time is spent: what was done before counts
		}
		if all == nil {
			all = next
		} else {
			all.extend(next)
		}
		p.Changes = all.Count * per
		if newReduction(&p, all).settled() || 2*l.At(k)*per > min(p.Budget, MaxChanges) {
			break
		}
	}
	return Merge(&p, all)
}

// look simulates what is missing to so many replications; nil when the time is spent
// before. p is a copy.
func (p Plan) look(ctx context.Context, done *Shard, replications int, o Options) (*Shard, error) {
	p.Changes = replications * p.Case.Changes.PerPeriod
	if done == nil {
		return runRows(ctx, &p, 0, replications, o)
	}
	within := ctx
	if o.Until != nil {
		within = o.Until
	}
	next, err := runRows(within, &p, done.Count, replications-done.Count, o)
	if err != nil && ctx.Err() == nil && within.Err() != nil {
		return nil, nil
	}
	return next, err
}

// newReduction is a reduction that is ready to read columns.
func newReduction(p *Plan, all *Shard) *reduction {
	r := &reduction{p: p, all: all, metrics: metric.All(), scale: metric.NewScale(&p.Case.Service)}
	r.cluster()
	return r
}
