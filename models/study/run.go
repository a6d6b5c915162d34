package study

import (
	"context"

	"github.com/rollrisk/rollrisk/sim/stat"
)

// MaxChanges bounds a Plan: its outcomes must fit into memory.
const MaxChanges = 20_000_000

// blockReplications is the number of replications after which a plan with a
// precision may stop, and the least that it runs.
const blockReplications = 200

// Run runs a plan and reduces what happened to a Study. With a Precision it
// goes on in whole blocks until the mean cost of every alternative is known
// that well, or MaxChanges are reached, which a warning tells; Study.Size says
// how far it went, and a plan for so many changes gives the same Study.
func Run(ctx context.Context, p *Plan, o Options) (*Study, error) {
	if p.Precision == 0 {
		s, err := RunShard(ctx, p, 0, p.Replications(), o)
		if err != nil {
			return nil, err
		}
		return Merge(p, s)
	}
	return runUntil(ctx, *p, o)
}

// WarnImprecise is the code of the warning that a precision was not reached.
const WarnImprecise = "imprecise"

func runUntil(ctx context.Context, p Plan, o Options) (*Study, error) {
	per := p.Case.Changes.PerPeriod
	rule := stat.Stopper{Target: p.Precision, Level: p.Level, Block: blockReplications,
		Minimum: p.Changes / per, Maximum: max(1, MaxChanges/per)}
	var all *Shard
	for total := rule.First(); ; {
		p.Changes = total * per
		done := 0
		if all != nil {
			done = all.Count
		}
		s, err := RunShard(ctx, &p, done, total-done, o)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = s
		} else {
			all.extend(s)
		}
		d := slowest(rule, &p, all)
		if total = d.Total; !d.Stop {
			continue
		}
		st, err := Merge(&p, all)
		if err == nil && !d.Reached {
			st.Warnings = append(st.Warnings, imprecise(p.Precision, float64(d.Relative)))
		}
		return st, err
	}
}

// slowest asks the rule about the mean cost of every alternative, and returns
// what it says of the one that needs the most.
func slowest(rule stat.Stopper, p *Plan, all *Shard) stat.Decision {
	var worst stat.Decision
	for i := range all.Rows {
		rows := all.Rows[i].Lean
		c := stat.Column{Rows: make([]float64, len(rows)), Clusters: stat.Even(len(rows), p.Case.Changes.PerPeriod)}
		for k := range rows {
			c.Rows[k] = rows[k].Cost
		}
		d := rule.Next(all.Count, stat.EstimateOf(c, p.Level))
		if i == 0 || !d.Reached && (worst.Reached || d.Total > worst.Total) {
			worst = d
		}
	}
	return worst
}
