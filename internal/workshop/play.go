package workshop

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Result is how one choice of levels met the hidden deck.
type Result struct {
	Cost   stat.Estimate // of a change: harm, incidents and waiting, in the scenario's currency
	Users  stat.Estimate // hurt by a change with a defect
	Worst  float64       // users that 19 of 20 such changes do not exceed
	Lead   float64       // hours that the middle change takes to reach everyone; +Inf never
	Played string        // title of the alternative

	periods []float64 // cost of each period; period i of every team has the same changes and defects
}

// Play lets a choice of levels meet the hidden deck: the same changes and the same defects
// for every team. It fails when ctx ends, and where the choice makes no scenario.
func (l *Lesson) Play(ctx context.Context, levels []int) (Result, error) {
	s, play, faults := l.Deck.Build(levels)
	if len(faults) > 0 {
		return Result{}, faults[0]
	}
	plan, faults := s.Plan(scenarios.Options{Seed: l.Deck.Hidden.Seed, Changes: l.Deck.Hidden.Changes})
	if len(faults) > 0 {
		return Result{}, faults[0]
	}
	solo := plan.Solo(play, l.Deck.Hidden.Seed, l.Deck.Hidden.Changes)
	shard, err := study.RunShard(ctx, solo, 0, solo.Replications(), l.options())
	if err != nil {
		return Result{}, err
	}
	st, err := study.Merge(solo, shard)
	if err != nil {
		return Result{}, err
	}
	a := &st.Alternatives[0]
	cost, users, lead := summary(st, "cost"), summary(st, "users_affected"), summary(st, "lead_time")
	r := Result{Cost: cost.Estimate, Users: users.Estimate, Worst: quantile(users, 0.95), Lead: quantile(lead, 0.5), Played: cmp.Or(a.Title, a.Name)}
	for i := range shard.Rows[0].Periods {
		r.periods = append(r.periods, shard.Rows[0].Periods[i].Cost)
	}
	return r, nil
}

// summary is that of a metric in the only alternative of a study.
func summary(st *study.Study, name string) *stat.Summary {
	for i := range st.Metrics {
		if st.Metrics[i].Name == name {
			return &st.Alternatives[0].Summaries[i]
		}
	}
	panic("workshop: no metric " + name)
}

// quantile is one that every study has.
func quantile(s *stat.Summary, p float64) float64 {
	for _, q := range s.Quantiles {
		if q.P == p {
			return float64(q.Value)
		}
	}
	panic(fmt.Sprintf("workshop: no quantile %v", p))
}

// standing is one line of the leaderboard.
type standing struct {
	Rank   int // from 1; the same as the line above where the simulation cannot tell them apart
	Team   string
	Points int
	Result Result
}

// ranked orders teams by the mean cost of a change. A team shares the rank of the first one
// of that rank unless it costs visibly more on the same periods.
func ranked(all []standing) []standing {
	slices.SortStableFunc(all, func(a, b standing) int { return cmp.Compare(a.Result.Cost.Mean, b.Result.Cost.Mean) })
	first := 0
	for i := range all {
		if i > 0 && dearer(all[first].Result, all[i].Result) {
			first = i
		}
		all[i].Rank = first + 1
	}
	return all
}

// dearer says that the 90 % interval of the paired difference b-a lies above 0, over the
// periods that both could keep up with.
func dearer(a, b Result) bool {
	var more []float64
	for i := range a.periods {
		if d := b.periods[i] - a.periods[i]; !math.IsNaN(d) {
			more = append(more, d)
		}
	}
	return float64(stat.EstimateOf(stat.Column{Rows: more, Clusters: stat.Independent(len(more))}, 0.9).Low) > 0
}
