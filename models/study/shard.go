package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim"
)

// Shard is what a contiguous part of the replications of a Plan produced: raw
// rows, so that a Study made of many shards is the same to the last bit as
// one made of one. All fields are plain and exported: a shard can be encoded
// and carried from machine to machine.
type Shard struct {
	First, Count int    // replications
	Seed         uint64 // of the plan, checked by Merge
	Changes      int    // of the plan, checked by Merge
	Rows         []Rows // one for each pipeline
	Classes      []int16
}

// Rows are the outcomes of one pipeline: one row a counted change, a defect of
// those changes, a replication; in the order of the replications.
type Rows struct {
	Outcomes []models.Outcome
	Defects  []models.DefectOutcome
	Periods  []models.Period
	// The baseline once more with luck of its own, for contests: cost and users
	// affected of each counted change. Empty for the others.
	Rival []Rival
}

// Rival is what a contest compares.
type Rival struct{ Cost, UsersAffected float64 }

// Options says how a Plan is run. It never changes the result.
type Options struct {
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many counted changes are done; nil for nobody
}

// Replications is the number of replications of a plan: enough for its changes.
func (p *Plan) Replications() int {
	per := p.Case.Changes.PerPeriod
	return (p.Changes + per - 1) / per
}

// counted is the number of changes that replication rep counts: the last one
// only the rest.
func (p *Plan) counted(rep int) int {
	per := p.Case.Changes.PerPeriod
	return min(per, p.Changes-rep*per)
}

// RunShard runs count replications of the plan from first on. It fails when
// ctx ends before, and when the plan cannot be simulated.
func RunShard(ctx context.Context, p *Plan, first, count int, o Options) (*Shard, error) {
	if problems := p.Case.Check(); len(problems) > 0 {
		return nil, problems[0]
	}
	if first < 0 || count < 0 || first+count > p.Replications() {
		return nil, fmt.Errorf("study: replications %d to %d of %d", first, first+count-1, p.Replications())
	}
	s, defects := newShard(p, first, count)
	per := p.Case.Changes.PerPeriod
	err := sim.Replicate(ctx, sim.Replications[*worker]{
		First: first, Count: count, Workers: o.Workers,
		New: func(int) *worker { return newWorker(p) },
		Do: func(w *worker, rep int) {
			at := rep - first
			w.replicate(p, s, place{rep: rep, index: at, change: at * per, defects: defects[at : at+2]})
		},
		Progress: func(done int) {
			if o.Progress != nil {
				o.Progress(min(done*per, p.Changes), p.Changes)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// newShard allocates the rows. How many defects each replication carries is
// drawn beforehand, so that every row has its place; defects[i] is the first
// row of replication first+i.
func newShard(p *Plan, first, count int) (s *Shard, defects []int) {
	changes := 0
	defects = make([]int, count+1)
	w := models.NewWorld(&p.Case, p.Seed)
	for i := range count {
		w.Reset(uint64(first + i))
		defects[i+1] = defects[i] + w.Carried(p.Case.Changes.Warmup, p.counted(first+i))
		changes += p.counted(first + i)
	}
	s = &Shard{First: first, Count: count, Seed: p.Seed, Changes: p.Changes, Classes: make([]int16, changes)}
	for i := range p.Case.Pipelines {
		rows := Rows{
			Outcomes: make([]models.Outcome, changes),
			Defects:  make([]models.DefectOutcome, defects[count]),
			Periods:  make([]models.Period, count),
		}
		if i == 0 && len(p.Case.Pipelines) > 1 {
			rows.Rival = make([]Rival, changes)
		}
		s.Rows = append(s.Rows, rows)
	}
	return s, defects
}

// worker owns the memory in which one goroutine runs replications.
type worker struct {
	world *models.World
	runs  []*models.Run
	again []models.Outcome // of the rival run
	lost  []models.DefectOutcome
}

func newWorker(p *Plan) *worker {
	w := &worker{world: models.NewWorld(&p.Case, p.Seed)}
	for i := range p.Case.Pipelines {
		w.runs = append(w.runs, models.NewRun(&p.Case, i, p.Seed))
	}
	return w
}

// place is where the rows of one replication go.
type place struct {
	rep, index, change int
	defects            []int // first row and the row after the last
}

// replicate runs one replication of every pipeline on the same world, and the
// baseline once more with luck of its own.
func (w *worker) replicate(p *Plan, s *Shard, at place) {
	n, d := p.counted(at.rep), at.defects
	w.world.Reset(uint64(at.rep))
	for i, run := range w.runs {
		run.Replicate(w.world, 0, models.Sample{
			Outcomes: s.Rows[i].Outcomes[at.change : at.change+n],
			Defects:  s.Rows[i].Defects[d[0]:d[1]],
			Period:   &s.Rows[i].Periods[at.index],
		})
	}
	w.classes(p, s.Classes[at.change:at.change+n])
	if s.Rows[0].Rival == nil {
		return
	}
	w.again = append(w.again[:0], make([]models.Outcome, n)...)
	w.lost = append(w.lost[:0], make([]models.DefectOutcome, d[1]-d[0])...)
	w.runs[0].Replicate(w.world, 1, models.Sample{Outcomes: w.again, Defects: w.lost})
	for i, o := range w.again {
		s.Rows[0].Rival[at.change+i] = Rival{Cost: o.Cost, UsersAffected: o.UsersAffected}
	}
}

// classes notes the class of the first defect of each counted change; -1 for
// a change without.
func (w *worker) classes(p *Plan, classes []int16) {
	for i := range classes {
		classes[i] = -1
		if ch := w.world.Change(p.Case.Changes.Warmup + i); ch.Count > 0 {
			classes[i] = w.world.Defects()[ch.First].Class
		}
	}
}

// Merge puts the shards of a plan together, in any order. It fails when they
// are of different plans, overlap or leave a gap.
func Merge(p *Plan, shards ...*Shard) (*Study, error) {
	all, err := join(p, shards)
	if err != nil {
		return nil, err
	}
	return reduce(p, all), nil
}

func join(p *Plan, shards []*Shard) (*Shard, error) {
	sorted := append([]*Shard(nil), shards...)
	slices.SortFunc(sorted, func(a, b *Shard) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Count, b.Count)) // empty ones first
	})
	next := 0
	for _, s := range sorted {
		switch {
		case s.Seed != p.Seed || s.Changes != p.Changes || len(s.Rows) != len(p.Case.Pipelines):
			return nil, errors.New("study: a shard belongs to another plan")
		case s.First != next:
			return nil, fmt.Errorf("study: a shard begins at replication %d where %d was expected", s.First, next)
		}
		next += s.Count
	}
	if next != p.Replications() {
		return nil, fmt.Errorf("study: the shards hold %d of %d replications", next, p.Replications())
	}
	if len(sorted) == 1 {
		return sorted[0], nil
	}
	all := &Shard{Seed: p.Seed, Changes: p.Changes, Rows: make([]Rows, len(p.Case.Pipelines))}
	for _, s := range sorted {
		all.extend(s)
	}
	return all, nil
}

// extend appends the replications of the shard that follows.
func (s *Shard) extend(next *Shard) {
	s.Count += next.Count
	s.Changes = next.Changes
	s.Classes = append(s.Classes, next.Classes...)
	for i := range next.Rows {
		r, n := &s.Rows[i], &next.Rows[i]
		r.Outcomes = append(r.Outcomes, n.Outcomes...)
		r.Defects = append(r.Defects, n.Defects...)
		r.Periods = append(r.Periods, n.Periods...)
		r.Rival = append(r.Rival, n.Rival...)
	}
}
