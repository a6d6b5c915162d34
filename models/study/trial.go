package study

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var nan = stat.Number(math.NaN())

// Trial is a plan that was run, with the rows of every replication: what two studies need
// to be paired.
type Trial struct {
	plan    *Plan // calibrated
	targets Targets
	fits    []Fit
	rows    *Shard
	study   *Study // nil until it was asked for
}

// RunTrial simulates as many changes as a plan says, neither more for a Precision nor for
// gates. It fails when ctx ends, and when the plan cannot be simulated.
func RunTrial(ctx context.Context, p *Plan, o Options) (*Trial, error) {
	t, q := &Trial{targets: p.Targets}, *p
	q.Precision, q.Budget = 0, 0
	solved, fits, err := q.Calibrated(ctx, Options{Workers: o.Workers})
	if err != nil {
		return nil, err
	}
	q = *solved
	q.Targets = Targets{}
	t.plan, t.fits = &q, fits
	t.rows, err = RunShard(ctx, t.plan, 0, t.plan.Replications(), o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Study is that of the plan: the same as Run gives for the same number of changes.
func (t *Trial) Study() *Study {
	if t.study == nil {
		t.study = reduce(t.plan, t.rows)
		t.study.calibrated(t.targets, t.fits)
	}
	return t.study
}

// reduction reads columns of the rows.
func (t *Trial) reduction() *reduction { return newReduction(t.plan, t.rows) }

// errUnpaired is a programmer's fault: the two cannot be paired.
var errUnpaired = errors.New("study: trials of different seeds or numbers of replications cannot be paired")

// side is one of two trials that are compared.
type side struct {
	*reduction
	desk *desk
}

// Against sets another trial, the new one, against this one, replication by replication:
// both have met the same chance. confidence is that of all numbers together, between 0
// and 1. It fails unless both have the same seed and number of replications.
func (t *Trial) Against(now *Trial, confidence float64) (*Contrast, error) {
	if t.plan.Seed != now.plan.Seed || t.rows.Count != now.rows.Count {
		return nil, errUnpaired
	}
	old := t.Study()
	c := newContrast(old, now.Study(), confidence)
	c.Pairing, c.Why = Paired, "both were simulated with the same seed and are compared replication by replication"
	kept, contests := c.pairs(old, now.Study())
	o := c.options(kept, contests)
	b, a := side{t.reduction(), new(desk)}, side{now.reduction(), new(desk)}
	for _, k := range kept {
		for _, q := range c.measures() {
			m := newMove(k.at, q)
			m.fill(old.estimate(k.old, q), now.Study().estimate(k.now, q))
			m.Comparison = b.compare(a, k, q, o)
			c.Moves = append(c.Moves, m)
		}
		if contests && k.old > 0 && k.now > 0 {
			n := 0
			c.Moves = append(c.Moves, savedLeads(old, now.Study(), k, func(stat.Estimate, stat.Estimate) stat.Comparison {
				n++
				return stat.Compare(b.scores(n-1, k.old), a.scores(n-1, k.now), o)
			})...)
		}
	}
	c.finish()
	return c, nil
}

// compare is the difference of one measure.
func (b side) compare(a side, k compared, q measure, o stat.CompareOptions) stat.Comparison {
	m, rows, next := b.named(q.metric), &b.all.Rows[k.old], &a.all.Rows[k.now]
	if q.p == 0 {
		return stat.Compare(b.totals(m, rows, b.desk), a.totals(m, next, a.desk), o)
	}
	return stat.ComparePairedQuantiles(
		stat.NewSample(b.desk.column(b.reduction, m, rows), &b.desk.scratch),
		stat.NewSample(a.desk.column(a.reduction, m, next), &a.desk.scratch), q.p, o)
}

// scores is a contest as a column: 1 for a win of alternative i, -1 for a loss, 0 for a
// tie. The mean is the lead.
func (s side) scores(contest, i int) stat.Column {
	about, rows := &contested[contest], &s.all.Rows[i]
	scores := make([]float64, 0, len(rows.Harm))
	for row := range rows.Lean {
		at := len(scores)
		if rows.Lean[row].Defects == 0 {
			continue
		}
		scores = append(scores, math.NaN())
		rival := s.all.Rows[0].Rival[at]
		switch about.rule.Judge(about.of(rival.Cost, rival.UsersAffected), about.of(rows.Lean[row].Cost, rows.Harm[at].UsersAffected)) {
		case stat.Win:
			scores[at] = 1
		case stat.Loss:
			scores[at] = -1
		case stat.Tie:
			scores[at] = 0
		}
	}
	return s.desk.scratch.Defined(stat.Column{Rows: scores, Clusters: s.harmful})
}

// Effects is what the change from this trial to another one does to the means that
// contests are about, for the alternatives that both have. at says which alternatives of
// a Contrast they are; o allows for all that is compared at once.
func (t *Trial) Effects(now *Trial, of *Contrast, o stat.CompareOptions) ([]Effect, error) {
	if t.plan.Seed != now.plan.Seed || t.rows.Count != now.rows.Count {
		return nil, errUnpaired
	}
	var all []Effect
	b, a := side{t.reduction(), new(desk)}, side{now.reduction(), new(desk)}
	for at, m := range of.Alternatives {
		k := compared{at, t.pipeline(m.Name), now.pipeline(m.Name)}
		if k.old < 0 || k.now < 0 {
			continue
		}
		for n := range contested {
			found, _ := metric.Named(contested[n].name)
			all = append(all, Effect{Alternative: at, Metric: found.Name, Title: found.Title, Unit: found.Unit,
				Comparison: b.compare(a, k, measure{metric: found.Name}, o)})
		}
	}
	return all, nil
}

// EffectsEach is how many effects a change of one input has.
func EffectsEach(c *Contrast) int {
	n := 0
	for _, m := range c.Alternatives {
		if m.State != "added" {
			n += len(contested)
		}
	}
	return n
}

func (t *Trial) pipeline(name string) int {
	return slices.IndexFunc(t.plan.Case.Pipelines, func(p models.Pipeline) bool { return p.Name == name })
}
