// Package versus sets two scenarios against each other: what was asked before and what is
// asked now, both simulated on the same chance, and what each single changed input does by
// itself.
//
// It refuses to know how a case is simulated and how a difference is judged, which it
// leaves to package study, and to change two inputs at once.
package versus

import (
	"context"
	"errors"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Question is what is set against each other, and how.
type Question struct {
	Old, New   *scenarios.Scenario
	Seed       uint64  // of all chance, in both
	Changes    int     // to simulate in each; 0 for the larger number of both scenarios
	Version    string  // of the program
	Confidence float64 // with which no number is called moved that is not, all together; 0..1
	Inputs     int     // changed inputs that are tried alone, at most
}

// Options says how the work is done. It never changes what is found.
type Options struct {
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many of the simulations are done; nil for nobody
}

// Run simulates both scenarios, with the same number of replications, and sets them
// against each other; then the old one once more for each changed input, with nothing but
// that input changed. The error is that of ctx, or says why one cannot be simulated;
// faults are those of the sizes.
func Run(ctx context.Context, q Question, o Options) (c *study.Contrast, faults []scenarios.Fault, err error) {
	old, now, faults := q.plans()
	if len(faults) > 0 {
		return nil, faults, nil
	}
	tell := func(done, total int) {
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	before, err := study.RunTrial(ctx, &old, study.Options{Workers: o.Workers})
	if err != nil {
		return nil, nil, err
	}
	tell(1, 2)
	after, err := study.RunTrial(ctx, &now, study.Options{Workers: o.Workers})
	if err != nil {
		return nil, nil, err
	}
	tell(2, 2)
	if c, err = before.Against(after, q.Confidence); err != nil {
		return nil, nil, err
	}
	for i := range c.Inputs {
		c.Inputs[i].Line, c.Inputs[i].Column = q.New.Place(c.Inputs[i].Path)
	}
	w := &work{q: q, before: before, c: c, plan: old}
	err = w.effects(ctx, o)
	return c, nil, err
}

// plans are those of both scenarios, of as many replications each.
func (q Question) plans() (old, now study.Plan, faults []scenarios.Fault) {
	o := scenarios.Options{Seed: q.Seed, Changes: q.Changes, Version: q.Version}
	old, faults = q.Old.Plan(o)
	now, more := q.New.Plan(o)
	if faults = append(faults, more...); len(faults) > 0 {
		return old, now, faults
	}
	n := max(old.Replications(), now.Replications())
	n = min(n, study.MaxChanges/max(old.Case.Changes.PerPeriod, now.Case.Changes.PerPeriod))
	old.Changes, now.Changes = n*old.Case.Changes.PerPeriod, n*now.Case.Changes.PerPeriod
	return old, now, nil
}

// work is the search for the effects of single inputs.
type work struct {
	q      Question
	before *study.Trial
	plan   study.Plan // the old one
	c      *study.Contrast
}

// Why the effect of an input is not known.
const (
	noPlace  = "it cannot be changed alone: the old scenario has no such place, or would have faults"
	tooMany  = "left out: there are too many changed inputs"
	noEffect = "it could not be simulated alone"
)

// effects tries changed inputs, one at a time, in their order.
func (w *work) effects(ctx context.Context, o Options) error {
	var tries []*try
	for i := range w.c.Inputs {
		in := &w.c.Inputs[i]
		t := w.alone(in)
		switch {
		case t == nil:
			in.Untried = noPlace
		case len(tries) >= w.q.Inputs:
			in.Untried = tooMany
			w.c.Untried++
		default:
			tries = append(tries, t)
		}
	}
	w.c.Tried = len(tries)
	if len(tries) == 0 {
		return nil
	}
	each := stat.CompareOptions{Level: w.q.Confidence, Comparisons: max(1, len(tries)*study.EffectsEach(w.c))}
	w.c.Effects = w.q.Confidence
	err := sim.Replicate(ctx, sim.Replications[struct{}]{
		Count: len(tries), Workers: o.Workers,
		New: func(int) struct{} { return struct{}{} },
		Do:  func(_ struct{}, i int) { tries[i].run(ctx, w, each) },
		Progress: func(done int) {
			if o.Progress != nil {
				o.Progress(2+done, 2+len(tries))
			}
		},
	})
	for _, t := range tries {
		err = errors.Join(err, t.err)
	}
	return err
}

// try is the old scenario with one input changed.
type try struct {
	in   *study.InputChange
	plan study.Plan
	err  error // of the context alone
}

// alone is the old scenario with one input as in the new one; nil where that is none.
func (w *work) alone(in *study.InputChange) *try {
	if in.State == "removed" || in.New == "" {
		return nil
	}
	s, faults := w.q.Old.Set(in.Path, in.New)
	if len(faults) > 0 {
		return nil
	}
	p, faults := s.Plan(scenarios.Options{Seed: w.q.Seed, Changes: w.plan.Changes, Version: w.q.Version})
	if len(faults) > 0 {
		return nil
	}
	p.Changes = w.plan.Replications() * p.Case.Changes.PerPeriod
	if p.Changes > study.MaxChanges {
		return nil
	}
	return &try{in: in, plan: p}
}

func (t *try) run(ctx context.Context, w *work, o stat.CompareOptions) {
	one, err := study.RunTrial(ctx, &t.plan, study.Options{Workers: 1})
	switch {
	case ctx.Err() != nil:
		t.err = ctx.Err()
		return
	case err != nil:
		t.in.Untried = noEffect
		return
	}
	if t.in.Effects, err = w.before.Effects(one, w.c, o); err != nil {
		t.in.Untried = noEffect
	}
	for _, e := range t.in.Effects {
		if math.IsNaN(float64(e.Difference)) {
			t.in.Untried = "with it alone a pipeline does not keep up with its changes"
		}
	}
}
