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
	First, Count int     // replications
	Seed         uint64  // of the plan, checked by Merge
	Changes      int     // of the plan, checked by Merge
	Rows         []Rows  // one for each pipeline
	Classes      []int16 // of the first defect of each change that carries one
}

// Options says how a Plan is run. It never changes the result, but for Until.
type Options struct {
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many counted changes are done; nil for nobody

	// Until ends when the time for gates is spent; nil for never. It alone can change a
	// result: how many looks there are.
	Until context.Context
}

// Replications is the number of replications of a plan: enough for its changes.
// Every one is whole, so that what is counted by the period is of equal periods.
func (p *Plan) Replications() int {
	per := p.Case.Changes.PerPeriod
	return (p.Changes + per - 1) / per
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
	s, starts := newShard(p, first, count)
	per := p.Case.Changes.PerPeriod
	err := sim.Replicate(ctx, sim.Replications[*worker]{
		First: first, Count: count, Workers: o.Workers,
		New: func(int) *worker { return newWorker(p) },
		Do:  func(w *worker, rep int) { w.replicate(p, s, rep, starts[rep-first:]) },
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

// start is the number of rows before a replication.
type start struct{ changes, harmed, defects int }

// newShard allocates the rows. What each replication carries is drawn
// beforehand, so that every row has its place. Shape of starts: one a
// replication and one more, the end.
func newShard(p *Plan, first, count int) (s *Shard, starts []start) {
	starts = make([]start, count+1)
	w := models.NewWorld(&p.Case, p.Seed)
	n := p.Case.Changes.PerPeriod
	for i := range count {
		w.Reset(uint64(first + i))
		harmed, defects := w.Carried(p.Case.Changes.Warmup, n)
		starts[i+1] = start{starts[i].changes + n, starts[i].harmed + harmed, starts[i].defects + defects}
	}
	end := starts[count]
	followed := max(0, min(count, p.recorded()-first))
	s = &Shard{First: first, Count: count, Seed: p.Seed, Changes: p.Changes, Classes: make([]int16, end.harmed)}
	for i := range p.Case.Pipelines {
		rows := Rows{Lean: make([]Lean, end.changes), Harm: make([]Harm, end.harmed),
			Defects: make([]models.DefectOutcome, end.defects), Periods: make([]models.Period, count),
			Audiences: make([][]models.AudienceStep, followed)}
		if i == 0 && len(p.Case.Pipelines) > 1 {
			rows.Rival = make([]Rival, end.harmed)
		}
		s.Rows = append(s.Rows, rows)
	}
	return s, starts
}

// worker owns the memory in which one goroutine runs replications.
type worker struct {
	world    *models.World
	runs     []*models.Run
	outcomes []models.Outcome
	lost     []models.DefectOutcome // of the run that only contests need
	audience models.Audience
}

func newWorker(p *Plan) *worker {
	w := &worker{world: models.NewWorld(&p.Case, p.Seed), outcomes: make([]models.Outcome, p.Case.Changes.PerPeriod)}
	for i := range p.Case.Pipelines {
		w.runs = append(w.runs, models.NewRun(&p.Case, i, p.Seed))
	}
	return w
}

// replicate runs one replication of every pipeline on the same world, and the
// baseline once more with luck of its own. at[0] is where its rows begin, at[1]
// where they end.
func (w *worker) replicate(p *Plan, s *Shard, rep int, at []start) {
	w.world.Reset(uint64(rep))
	from, to := at[0], at[1]
	outcomes := w.outcomes[:to.changes-from.changes]
	for i, run := range w.runs {
		rows := &s.Rows[i]
		w.run(run, rows, rep-s.First, models.Sample{Outcomes: outcomes, Defects: rows.Defects[from.defects:to.defects],
			Period: &rows.Periods[rep-s.First]})
		at := from.harmed
		for k := range outcomes {
			rows.Lean[from.changes+k] = lean(&outcomes[k])
			if outcomes[k].Defects > 0 {
				rows.Harm[at] = harm(&outcomes[k])
				at++
			}
		}
	}
	w.classes(p, s.Classes[from.harmed:to.harmed])
	if s.Rows[0].Rival != nil {
		w.rival(s.Rows[0].Rival[from.harmed:to.harmed], outcomes, to.defects-from.defects)
	}
}

// run runs one replication of one pipeline, number at of the shard, and records who is
// on which change where there is a place for that.
func (w *worker) run(run *models.Run, rows *Rows, at int, s models.Sample) {
	if at >= len(rows.Audiences) {
		run.Replicate(w.world, 0, s)
		return
	}
	run.SetAudience(&w.audience)
	run.Replicate(w.world, 0, s)
	run.SetAudience(nil)
	rows.Audiences[at] = w.audience.ByChange()
}

// rival runs the baseline again, with luck of its own.
func (w *worker) rival(rivals []Rival, outcomes []models.Outcome, defects int) {
	w.lost = slices.Grow(w.lost[:0], defects)[:defects]
	w.runs[0].Replicate(w.world, 1, models.Sample{Outcomes: outcomes, Defects: w.lost})
	at := 0
	for i := range outcomes {
		if o := &outcomes[i]; o.Defects > 0 {
			rivals[at] = Rival{Cost: o.Cost, UsersAffected: o.UsersAffected}
			at++
		}
	}
}

// classes notes the class of the first defect of each counted change that
// carries one.
func (w *worker) classes(p *Plan, classes []int16) {
	at := 0
	for i := p.Case.Changes.Warmup; at < len(classes); i++ {
		if ch := w.world.Change(i); ch.Count > 0 {
			classes[at] = w.world.Defects()[ch.First].Class
			at++
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
		s.Rows[i].extend(&next.Rows[i])
	}
}
