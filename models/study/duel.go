package study

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Duel is how one alternative does against another, in the two things a leader asks:
// how often it hurts fewer users, and what it saves.
type Duel struct {
	Lead   stat.Estimate // wins less losses over the changes that carry a defect, -1..1; above 0 the first of the two does better
	Saving stat.Estimate // mean cost of a change with the second less that with the first, in the scenario's currency
	Stuck  bool          // one of the two could not keep up with its changes: nothing else is known
}

// Pair says which two alternatives a Duel is of, and how long it is.
type Pair struct {
	First, Second int // indices
	Changes       int // simulated, 1 or more; rounded up to whole replications
}

// RunDuel simulates two alternatives of a plan, and nothing else. A plan with targets is
// to be calibrated before. It fails when ctx ends, and when the plan cannot be simulated.
func RunDuel(ctx context.Context, p *Plan, pair Pair, o Options) (Duel, error) {
	q := *p
	q.Targets, q.Precision = Targets{}, 0
	q.Case.Pipelines = []models.Pipeline{p.Case.Pipelines[pair.Second], p.Case.Pipelines[pair.First]}
	for _, n := range [...]int{1, pair.Changes} { // one replication first: a standstill takes long
		q.Changes = n
		s, err := RunShard(ctx, &q, 0, q.Replications(), o)
		if err != nil {
			return Duel{}, err
		}
		d := q.duel(s)
		if d.Stuck || n == pair.Changes {
			return d, nil
		}
	}
	return Duel{}, nil
}

func (p *Plan) duel(s *Shard) Duel {
	r := &reduction{p: p, all: s, scale: metric.NewScale(&p.Case.Service)}
	r.cluster()
	for i := range s.Rows {
		for k := range s.Rows[i].Periods {
			if s.Rows[i].Periods[k].Overloaded > 0 {
				return Duel{Stuck: true}
			}
		}
		if _, sure := r.grown(&s.Rows[i]); sure {
			return Duel{Stuck: true}
		}
	}
	d := Duel{Lead: r.contest(0, &s.Rows[1]).Overall.Lead}
	saved := make([]float64, 0, len(s.Rows[0].Lean))
	for i := range s.Rows[0].Lean {
		saved = append(saved, s.Rows[0].Lean[i].Cost-s.Rows[1].Lean[i].Cost)
	}
	d.Saving = stat.EstimateOf(stat.Column{Rows: saved, Clusters: r.changes}, p.Level)
	return d
}

// Contenders are the alternative with the largest lead over the baseline in the contest
// about users (the baseline itself where none has one above 0), and those that it is held
// against: the baseline, and the one with the next largest lead. There are none where
// there is but one alternative.
func (s *Study) Contenders() (best int, rivals []int) {
	order := make([]int, len(s.Alternatives))
	for i := range order {
		order[i] = i
	}
	lead := func(i int) float64 {
		if i == 0 {
			return 0
		}
		if x := float64(s.Comparisons[i-1].Contests[0].Overall.Lead.Mean); !math.IsNaN(x) {
			return x
		}
		return math.Inf(-1)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lead(b), lead(a)) })
	best, rivals = order[0], order[1:min(2, len(order))]
	if best != 0 && len(rivals) > 0 && rivals[0] != 0 {
		rivals = []int{0, rivals[0]}
	}
	return best, rivals
}
