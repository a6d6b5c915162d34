package study

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// ContrastOf sets two saved studies against each other by what they hold: means and
// quantiles with their errors, and no replications. Studies of different seeds share no
// chance. Those of one seed may, and how much cannot be seen any more, so that the errors
// are added: the intervals hold whatever it is, and are wider than those of a paired run.
//
// confidence is that with which no number is called moved that is not, all together,
// between 0 and 1.
func ContrastOf(old, now *Study, confidence float64) *Contrast {
	c := newContrast(old, now, confidence)
	d := stat.ShareNothing
	c.Pairing, c.Why = Unpaired, fmt.Sprintf("two saved studies with the seeds %d and %d are not paired: they share no chance", old.Seed, now.Seed)
	if old.Seed == now.Seed {
		d = stat.MayShare
		c.Pairing, c.Why = Overlapping, "two saved studies with the same seed share chance, but hold no replications to pair: their errors are added"
	}
	kept, contests := c.pairs(old, now)
	o := c.options(kept, contests)
	for _, k := range kept {
		for _, q := range c.measures() {
			if m, ok := saved(old, now, k, q); ok {
				b, a := old.estimate(k.old, q), now.estimate(k.now, q)
				m.fill(b, a)
				m.Comparison = stat.CompareEstimates(b, a, d, o)
				c.Moves = append(c.Moves, m)
			}
		}
		if contests && k.old > 0 && k.now > 0 {
			c.Moves = append(c.Moves, savedLeads(old, now, k, func(b, a stat.Estimate) stat.Comparison {
				return stat.CompareEstimates(b, a, d, o)
			})...)
		}
	}
	c.finish()
	return c
}

// saved introduces the move of a measure; false where one study does not have it.
func saved(old, now *Study, k compared, q measure) (Move, bool) {
	a, b := old.metric(q.metric), now.metric(q.metric)
	if a < 0 || b < 0 {
		return Move{}, false
	}
	return newMove(k.at, q), true
}

// newMove is a Move without numbers.
func newMove(at int, q measure) Move {
	m := Move{Alternative: at, Metric: q.metric, Statistic: "mean", P: q.p}
	if q.p > 0 {
		m.Statistic = "quantile"
	}
	if found, ok := metric.Named(q.metric); ok {
		m.Title, m.Unit = found.Title, found.Unit
	}
	return m
}

// fill sets what the number was and is.
func (m *Move) fill(b, a stat.Estimate) {
	m.Old, m.New, m.OldError, m.NewError = b.Mean, a.Mean, b.StandardError, a.StandardError
}

// metric is the index of the metric of that name; -1 where there is none.
func (s *Study) metric(name string) int {
	for k := range s.Metrics {
		if s.Metrics[k].Name == name {
			return k
		}
	}
	return -1
}

// estimate is a measure of alternative i: a quantile stands as an estimate with its
// standard error, which large samples allow (Woodruff 1952).
func (s *Study) estimate(i int, q measure) stat.Estimate {
	y := s.Alternatives[i].Summaries[s.metric(q.metric)]
	if q.p == 0 {
		return y.Estimate
	}
	found, ok := y.Quantile(q.p)
	if !ok {
		return stat.Estimate{Mean: nan, StandardError: nan}
	}
	return stat.Estimate{Replications: y.Replications, Mean: found.Value, StandardError: found.StandardError}
}

// savedLeads are the moves of the contests of one alternative.
func savedLeads(old, now *Study, k compared, compare func(b, a stat.Estimate) stat.Comparison) []Move {
	var all []Move
	for n := range contested {
		b, a := old.Comparisons[k.old-1].contest(contested[n].name), now.Comparisons[k.now-1].contest(contested[n].name)
		if a == nil || b == nil {
			continue
		}
		m := newLead(k.at, n)
		m.fill(b.Lead, a.Lead)
		m.Comparison = compare(b.Lead, a.Lead)
		all = append(all, m)
	}
	return all
}

// newLead is the Move of a contest without numbers.
func newLead(at, contest int) Move {
	m := newMove(at, measure{metric: contested[contest].name})
	m.Statistic, m.Unit = "lead", "lead"
	return m
}
