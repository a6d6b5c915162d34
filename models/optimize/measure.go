package optimize

import (
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim"
)

// candidate is a plan that can be simulated.
type candidate struct {
	Plan
	question *study.Plan
	pipeline int
}

// stretch says which replications to run.
type stretch struct{ first, count int }

// rows simulates a candidate alone, with the seed of its plan: plans that differ in their
// rings meet the same changes, defects and detectors' luck.
func (c *candidate) rows(ctx context.Context, r stretch, beliefs []models.Belief) (*study.Rows, error) {
	q := *c.question
	q.Targets, q.Precision = study.Targets{}, 0
	q.Case.Pipelines = []models.Pipeline{q.Case.Pipelines[c.pipeline]}
	q.Changes = (r.first + r.count) * q.Case.Changes.PerPeriod
	if beliefs != nil {
		q.Case.Beliefs = beliefs
	}
	s, err := study.RunShard(ctx, &q, r.first, r.count, study.Options{Workers: 1})
	if err != nil {
		return nil, err
	}
	return &s.Rows[0], nil
}

// values is what one change is worth to an objective.
type values struct {
	objective Objective
	weights   Weights
	base      Score // of the stated plan
}

// tailShare is the share of the worst changes; the 95 % quantile is that of the other figures.
const tailShare = 0.05

// of is the value of one change: a mean of such values is the objective. For the tail it is
// u + (cost - u)+/0.05 at the plan's own quantile u of the first round, whose mean is never
// below the tail mean and is that at the true quantile (Rockafellar and Uryasev 2000).
func (v *values) of(s *Score, l *study.Lean, users float64) float64 {
	switch v.objective {
	case Tail:
		return s.tail + math.Max(0, l.Cost-s.tail)/tailShare
	case Weighted:
		never := math.Max(0, float64(l.Escapes)-float64(l.Detected))
		return float64(v.weights.Speed*ratio(l.LeadTime, v.base.Hours)) + float64(v.weights.Quality*ratio(never, v.base.Never)) +
			float64(v.weights.Risk*ratio(users, v.base.Users))
	}
	return l.Cost
}

// ratio is x against what the stated plan has; against nothing, x itself.
func ratio(x, base float64) float64 {
	if base > 0 {
		return x / base
	}
	return x
}

// means are the values of the replications; shape: one each.
func (v *values) means(s *Score, rows *study.Rows, per int) []float64 {
	means, harmed := make([]float64, len(rows.Lean)/per), 0
	for i := range rows.Lean {
		users := 0.0
		if rows.Lean[i].Defects > 0 {
			users = rows.Harm[harmed].UsersAffected
			harmed++
		}
		means[i/per] += v.of(s, &rows.Lean[i], users) / float64(per)
	}
	return means
}

// behind is the share of the arriving changes by which those on their way may grow. With more
// a plan does not keep up: its lead time says how long was simulated, and nothing of the
// plan. The bound is that of the warning of a study; the plan needs to be beyond it by
// chance alone in one of forty searches, since a plan too many costs less here than one that
// nobody can follow. An assumption.
const behind = 0.05

// scored is the score of a plan.
func (c *candidate) scored(rows *study.Rows) Score {
	s := score(rows)
	share, se := study.Behind(rows.Periods)
	s.stuck = s.stuck || share >= behind && share > 2*se
	return s
}

// score fills everything but Value and Error.
func score(rows *study.Rows) Score {
	s, n := Score{Number: len(rows.Lean)}, float64(len(rows.Lean))
	costs, users := make([]float64, 0, len(rows.Lean)), make([]float64, 0, len(rows.Harm))
	for i := range rows.Lean {
		l := &rows.Lean[i]
		s.Cost += l.Cost / n
		s.Hours += l.LeadTime / n
		s.Never += math.Max(0, float64(l.Escapes)-float64(l.Detected)) / n
		costs = append(costs, l.Cost)
	}
	for i := range rows.Harm {
		s.Users += rows.Harm[i].UsersAffected / n
		users = append(users, rows.Harm[i].UsersAffected)
	}
	releases, alarms := 0.0, 0.0
	for i := range rows.Periods {
		releases += rows.Periods[i].Releases
		alarms += rows.Periods[i].FalseAlarms
		s.stuck = s.stuck || rows.Periods[i].Overloaded > 0
	}
	s.False = alarms / math.Max(1, releases)
	s.stuck = s.stuck || !(math.Abs(s.Cost) < math.Inf(1)) || !(s.Hours < math.Inf(1))
	s.tail, s.High = upper(costs), upper(users)
	return s
}

// upper is the 95 % quantile: the smallest value that such a share does not exceed; 0 of
// nothing. It sorts what it is given.
func upper(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return x[int(math.Ceil(float64((1-tailShare)*float64(len(x)))))-1]
}

// meanOf is a mean with its standard error, NaN for fewer than two values.
func meanOf(x []float64) (mean, err float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	sum := 0.0
	for _, v := range x {
		sum += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(sum / (n - 1) / n)
}

// sideBySide runs do for 0 to n-1 on all workers and returns the first error by number.
func sideBySide(ctx context.Context, q *Question, n int, do func(i int) error) error {
	errs := make([]error, n)
	err := sim.Replicate(ctx, sim.Replications[struct{}]{
		Count: n, Workers: q.Workers, New: func(int) struct{} { return struct{}{} },
		Do: func(_ struct{}, i int) { errs[i] = do(i) },
		Progress: func(done int) {
			if q.Progress != nil {
				q.Progress(done, n)
			}
		},
	})
	for _, e := range errs {
		if err == nil {
			err = e
		}
	}
	return err
}
