package study

import (
	"context"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// MaxChanges bounds a Plan: its outcomes must fit into memory.
const MaxChanges = 20_000_000

// blockReplications is the number of replications after which a plan with a
// precision may stop, and the least that it runs.
const blockReplications = 200

// Run runs a plan and reduces what happened to a Study. With a Precision it
// goes on in whole blocks until the mean of the Aim is known that well for
// every alternative, or MaxChanges are reached, which a warning tells; with a
// Budget until every gate is decided (see Gates);
// Study.Size says how far it went, and a plan for so many changes gives the
// same Study. An alternative without a single value of the Aim (no change
// carries a defect, nothing is ever delivered) does not keep it going.
func Run(ctx context.Context, p *Plan, o Options) (*Study, error) {
	if p.Targets != (Targets{}) {
		return runCalibrated(ctx, p, o)
	}
	if p.Budget > 0 && len(p.Gates) > 0 {
		return runGated(ctx, *p, o)
	}
	if p.Precision == 0 {
		s, err := RunShard(ctx, p, 0, p.Replications(), o)
		if err != nil {
			return nil, err
		}
		return Merge(p, s)
	}
	return runUntil(ctx, *p, o)
}

// runCalibrated meets the targets first.
func runCalibrated(ctx context.Context, p *Plan, o Options) (*Study, error) {
	solved, fits, err := p.Calibrated(ctx, Options{Workers: o.Workers})
	if err != nil {
		return nil, err
	}
	solved.Targets = Targets{}
	s, err := Run(ctx, solved, o)
	if err != nil {
		return nil, err
	}
	s.Calibration = &Calibration{Alternative: p.Targets.Alternative, Fits: fits}
	for _, f := range fits {
		if !f.Met {
			s.Warnings = append(s.Warnings, stat.Warning{Code: WarnCalibration,
				Text: "calibration: no " + f.Input + " would make the " + titleOf(f.Metric) + " what is stated"})
		}
	}
	return s, nil
}

func titleOf(name string) string {
	for _, m := range metric.All() {
		if m.Name == name {
			return m.Title
		}
	}
	return name
}

// WarnImprecise is the code of the warning that a precision was not reached.
const WarnImprecise = "imprecise"

// The metrics that a precision can be of.
const (
	aimCost     = "cost"
	aimAffected = "users_affected"
)

// Aim is the name of the Metric whose mean a Precision is of: the cost of a
// change, or the users affected where the case prices nothing, so that every
// cost is 0.
func (p *Plan) Aim() string {
	c := &p.Case.Service.Cost
	for _, q := range []models.Quantity{c.PerFailedReq, c.PerAffectedUser, c.PerUserHour, c.PerIncident, c.PerIrreversible, c.PerChangeDay} {
		if q.Slot > 0 || q.Value > 0 {
			return aimCost
		}
	}
	return aimAffected
}

// aim is the Metric of that name.
func (p *Plan) aim() metric.Metric {
	name := p.Aim()
	for _, m := range metric.All() {
		if m.Name == name {
			return m
		}
	}
	panic("study: there is no metric " + name)
}

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
			st.Warnings = append(st.Warnings, p.imprecise(float64(d.Relative)))
		}
		return st, err
	}
}

// imprecise is the warning that names what the precision was of.
func (p *Plan) imprecise(reached float64) stat.Warning {
	w, m := imprecise(p.Precision, reached), p.aim()
	w.Text = "mean of " + m.Title + ": " + w.Text
	return w
}

// slowest asks the rule about the Aim of every alternative, and returns what it
// says of the one that needs the most.
func slowest(rule stat.Stopper, p *Plan, all *Shard) stat.Decision {
	r, m, d := newReduction(p, all), p.aim(), new(desk)
	worst := stat.Decision{Stop: true, Reached: true, Total: all.Count}
	for i := range all.Rows {
		c := d.column(r, &m, &all.Rows[i])
		if len(c.Rows) == 0 {
			continue
		}
		next := rule.Next(all.Count, stat.EstimateOf(c, p.Level))
		if !next.Reached && (worst.Reached || next.Total > worst.Total) {
			worst = next
		}
	}
	return worst
}
