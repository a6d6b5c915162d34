package study

import (
	"context"

	"github.com/rollrisk/rollrisk/models"
)

// Card is one defect on the table: a change of the study with a single defect, and what
// became of it in every alternative.
type Card struct {
	Before bool  // an environment of the alternative that was asked about stopped it
	Story  Story // in every alternative, in order
}

// Deal says which cards are dealt.
type Deal struct {
	Judge int // index of the alternative whose environments decide the side of a card
	Count int // cards; half of each side, the larger half of those that only users showed
}

// DealCards picks changes of a plan that carry a single defect, half of them stopped by an
// environment of one alternative and half of them escaped from it. Each side takes the
// classes in turn, so that no class crowds out the others; within a class the first come
// first. There are fewer cards than Count where the plan has no more. A plan with targets
// is to be calibrated before. It fails when ctx ends, and when the plan cannot be simulated.
func DealCards(ctx context.Context, p *Plan, d Deal, o Options) ([]Card, error) {
	s, err := RunShard(ctx, p, 0, p.Replications(), o)
	if err != nil {
		return nil, err
	}
	var sides [2][]int // changes; escaped, stopped before
	rows, harmed, defect := &s.Rows[d.Judge], 0, 0
	found := [2]map[int16][]int{{}, {}}
	for i := range rows.Lean {
		n := int(rows.Lean[i].Defects)
		if n == 1 {
			if side, ok := p.side(d.Judge, &rows.Defects[defect]); ok {
				class := s.Classes[harmed]
				found[side][class] = append(found[side][class], i)
			}
		}
		if n > 0 {
			harmed++
		}
		defect += n
	}
	quota := [2]int{(d.Count + 1) / 2, d.Count / 2}
	for side := range sides {
		sides[side] = inTurn(found[side], len(p.Case.Classes), quota[side])
	}
	return p.cards(sides), nil
}

// side is where a defect was found: 1 in an environment, 0 among users; false for one that
// nobody met.
func (p *Plan) side(judge int, d *models.DefectOutcome) (int, bool) {
	stages := p.Case.Pipelines[judge].Stages
	if d.Stop >= 0 && stages[d.Stop].Kind != models.InRing {
		return 1, !d.Escaped
	}
	return 0, d.Escaped && d.Stop != models.StopHarmless && d.Stop != models.StopPending
}

// inTurn takes one change of each class after the other.
func inTurn(of map[int16][]int, classes, most int) (all []int) {
	for round := 0; len(all) < most; round++ {
		before := len(all)
		for class := range classes {
			if mine := of[int16(class)]; round < len(mine) && len(all) < most {
				all = append(all, mine[round])
			}
		}
		if len(all) == before {
			break
		}
	}
	return all
}

// cards lays the two sides alternately.
func (p *Plan) cards(sides [2][]int) []Card {
	var all []Card
	per := p.Case.Changes.PerPeriod
	for i := range max(len(sides[0]), len(sides[1])) {
		for side, changes := range sides {
			if i < len(changes) {
				story := p.tell(changes[i], "dealt from the seed", changes[i]/per)
				all = append(all, Card{Before: side == 1, Story: *story})
			}
		}
	}
	return all
}

// Fates are the users hurt in one period of each alternative, once for each of n seeds
// that follow the plan's own: hypothetical outcomes, each as likely as any other. Shape:
// alternatives by seeds; NaN where a pipeline could not keep up. A plan with targets is to
// be calibrated before.
func Fates(ctx context.Context, p *Plan, n int, o Options) ([][]float64, error) {
	all := make([][]float64, len(p.Case.Pipelines))
	q := *p
	q.Changes, q.Precision, q.Targets = 1, 0, Targets{}
	for k := range n {
		q.Seed = p.Seed + uint64(k) + 1
		s, err := RunShard(ctx, &q, 0, 1, o)
		if err != nil {
			return nil, err
		}
		for i := range s.Rows {
			sum := 0.0
			for _, h := range s.Rows[i].Harm {
				sum += h.UsersAffected
			}
			all[i] = append(all[i], sum)
		}
	}
	return all, nil
}

// Solo is the plan with one alternative alone, under another seed and size: what a team
// plays. Its name is part of no stream of chance, so all teams meet the same defects.
func (p *Plan) Solo(alternative int, seed uint64, changes int) *Plan {
	q := *p
	q.Case.Pipelines = []models.Pipeline{p.Case.Pipelines[alternative]}
	q.Seed, q.Changes = seed, changes
	q.Gates, q.Precision, q.Budget, q.Targets = nil, 0, 0, Targets{}
	return &q
}
