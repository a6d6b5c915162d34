// Package inquiry asks which inputs of a scenario matter for the choice between two
// alternatives: what nobody knows is moved, one input at a time and all together, and the
// saving of one alternative against the other is looked at.
//
// It refuses to know how a case is simulated, which it leaves to package study, and how a
// design is made and read, which it leaves to package experiment.
package inquiry

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/experiment"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Question is what is asked.
type Question struct {
	Scenario     *scenarios.Scenario
	Seed         uint64
	Version      string  // of the program
	Each         int     // changes simulated at each point, 1 or more
	Factor       float64 // of inputs that are stated without a range, above 1; 0: they stay as they are
	Inputs       int     // at most, those stated as a range first, then what moves the saving most
	Trajectories int     // of the screening, 2 or more
	Base         int     // base points of the decomposition, best a power of two
	Survivors    int     // inputs that are decomposed, at most
}

// Usual are the sizes of an inquiry: assumptions that end within two minutes on two
// processors for the scenarios of the library.
func Usual() Question {
	return Question{Each: 2000, Factor: 2, Inputs: 20, Trajectories: 10, Base: 256, Survivors: 6}
}

// Options says how the work is done. It never changes what is found.
type Options struct {
	Workers  int                                // goroutines; 0 for one a processor
	Progress func(what string, done, total int) // told how far it is; nil for nobody
}

// ErrNothing says that there is nothing to ask.
var ErrNothing = errors.New("there is nothing to ask: it takes two alternatives that keep up with their changes, prices, and inputs in doubt")

// Ask moves the inputs. The error is that of ctx, ErrNothing, or says why the scenario
// cannot be simulated; faults are those of the sizes.
func Ask(ctx context.Context, q Question, o Options) (s *study.Sensitivity, faults []scenarios.Fault, err error) {
	plan, faults := q.Scenario.Plan(scenarios.Options{Seed: q.Seed, Version: q.Version})
	if len(faults) > 0 {
		return nil, faults, nil
	}
	st, err := study.Run(ctx, &plan, study.Options{Workers: o.Workers})
	if err != nil {
		return nil, nil, err
	}
	best, rivals := st.Contenders()
	if len(rivals) == 0 || plan.Aim() != "cost" {
		return nil, nil, ErrNothing
	}
	w := &work{q: q, o: o, ctx: ctx, plan: plan, best: best, rival: rivals[0]}
	if s, err = w.ask(); err != nil {
		return nil, nil, err
	}
	s.About, s.Seed, s.Version, s.Currency = st.About, st.Seed, q.Version, st.Currency
	s.Best, s.Rival = st.Alternatives[best].Title, st.Alternatives[w.rival].Title
	return s, nil, nil
}

// work is one inquiry.
type work struct {
	q           Question
	o           Options
	ctx         context.Context
	plan        study.Plan
	best, rival int
	inputs      []input
	points      int
	left        int
}

// input is one that is moved: a belief of the plan, or a lever that is stated without a
// range.
type input struct {
	path, label, stated string
	lever               *scenarios.Lever // nil of a belief
}

func (w *work) ask() (*study.Sensitivity, error) {
	if err := w.gather(); err != nil {
		return nil, err
	}
	if len(w.inputs) == 0 {
		return nil, ErrNothing
	}
	s := &study.Sensitivity{Schema: study.SensitivityVersion, BestAt: w.best, RivalAt: w.rival, Changes: w.q.Each, Factor: w.q.Factor}
	y, err := w.savings("one at a time", experiment.Tornado(len(w.inputs), 0.05, 0.95), every(len(w.inputs)))
	if err != nil {
		return nil, err
	}
	middle, bars := experiment.Bars(y)
	morris := experiment.NewMorris(len(w.inputs), w.q.Trajectories, 4, rng.NewKey(w.q.Seed, "inquiry/morris"))
	if y, err = w.savings("screening", inside(morris.Points), every(len(w.inputs))); err != nil {
		return nil, err
	}
	effects := morris.Effects(y)
	s.Saving = stat.Number(middle)
	for i, in := range w.inputs {
		s.Inputs = append(s.Inputs, study.SensitiveInput{Path: in.path, Label: in.label, Stated: in.stated, Assumed: in.lever != nil, Bar: bars[i], Effect: effects[i]})
	}
	if err := w.decompose(s, effects); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.Inputs, moreFirst)
	s.Points, s.Left = w.points, w.left
	return s, nil
}

// decompose finds the indices of the inputs that came through the screening.
func (w *work) decompose(s *study.Sensitivity, effects []experiment.Effect) error {
	order := every(len(effects))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(known(effects[b].Size), known(effects[a].Size)) })
	order = order[:min(len(order), w.q.Survivors)]
	slices.Sort(order)
	d := experiment.NewDecomposition(len(order), w.q.Base, rng.NewKey(w.q.Seed, "inquiry/sobol"))
	y, err := w.savings("decomposition", inside(d.Points), order)
	if err != nil {
		return err
	}
	indices, variance := d.Indices(y, rng.NewKey(w.q.Seed, "inquiry/bootstrap"))
	s.Deviation = stat.Number(math.Sqrt(variance))
	turned, all := 0, 0
	for _, v := range y[:2*w.q.Base] {
		if !math.IsNaN(v) {
			all++
			if v < 0 {
				turned++
			}
		}
	}
	s.Turns = stat.Number(float64(turned) / float64(all))
	for k, i := range order {
		if !math.IsNaN(indices[k].First) {
			s.Inputs[i].Index = &indices[k]
		}
	}
	return nil
}

func known(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func moreFirst(a, b study.SensitiveInput) int {
	total := func(x study.SensitiveInput) float64 {
		if x.Index == nil {
			return -1
		}
		return x.Index.Total
	}
	return cmp.Or(cmp.Compare(total(b), total(a)), cmp.Compare(known(b.Effect.Size), known(a.Effect.Size)))
}

func every(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// inside takes the unit interval to the 90 % interval of an input: what lies beyond is as
// rare as it is extreme, and a corner of many extremes is no world that anybody believes
// in.
func inside(design [][]float64) [][]float64 {
	all := make([][]float64, len(design))
	for i, x := range design {
		for _, v := range x {
			all[i] = append(all[i], 0.05+float64(0.9*v))
		}
	}
	return all
}

// gather lists the inputs: those that nobody knows, and, where there is room, levers whose
// ends move the saving most.
func (w *work) gather() error {
	for _, b := range w.plan.Case.Beliefs {
		if !w.elsewhere(b.Path) && len(w.inputs) < w.q.Inputs {
			in := input{path: b.Path, label: b.Path}
			for _, x := range w.plan.Inputs {
				if x.Path == b.Path {
					in.label, in.stated = x.Label, x.Value
				}
			}
			w.inputs = append(w.inputs, in)
		}
	}
	room := w.q.Inputs - len(w.inputs)
	if !(w.q.Factor > 1) || room < 1 {
		return nil
	}
	ranged := w.inputs
	w.inputs = nil
	for _, l := range w.q.Scenario.Levers() {
		if l.Low == l.High && !w.elsewhere(l.Path) {
			w.inputs = append(w.inputs, input{l.Path, l.Label, l.Stated, &l})
		}
	}
	y, err := w.savings("inputs without a range", experiment.Tornado(len(w.inputs), 0.05, 0.95), every(len(w.inputs)))
	if err != nil {
		return err
	}
	_, bars := experiment.Bars(y)
	order := every(len(w.inputs))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(length(bars[b]), length(bars[a])) })
	levers := w.inputs
	w.inputs = ranged
	for _, i := range order[:min(room, len(order))] {
		if length(bars[i]) > 0 {
			w.inputs = append(w.inputs, levers[i])
		}
	}
	return nil
}

// length is that of a bar; -1 where an end could not be simulated: such an input cannot be
// moved so far.
func length(b experiment.Bar) float64 {
	if math.IsNaN(b.High - b.Low) {
		return -1
	}
	return math.Abs(b.High - b.Low)
}

// elsewhere says that an input belongs to an alternative that is not looked at.
func (w *work) elsewhere(path string) bool {
	for i := range w.plan.Case.Pipelines {
		if i != w.best && i != w.rival && strings.HasPrefix(path, "alternatives."+w.plan.Case.Pipelines[i].Name+".") {
			return true
		}
	}
	return false
}

// savings evaluates a design over some of the inputs, the others in the middle: what the
// best saves against its rival, for a change; NaN where that cannot be simulated.
func (w *work) savings(what string, design [][]float64, of []int) ([]float64, error) {
	e := experiment.Evaluation{Workers: w.o.Workers, At: func(x []float64) ([]float64, error) { return w.at(x, of) }}
	if w.o.Progress != nil {
		e.Progress = func(done, total int) { w.o.Progress(what, done, total) }
	}
	y, err := experiment.Evaluate(w.ctx, design, e)
	if err != nil {
		return nil, err
	}
	w.points += len(y)
	all := experiment.Column(y, 0)
	for _, v := range all {
		if math.IsNaN(v) {
			w.left++
		}
	}
	return all, nil
}

// at is the saving at one point.
func (w *work) at(x []float64, of []int) ([]float64, error) {
	none := []float64{math.NaN()}
	pinned, ok, err := w.moved(x, of)
	if err != nil || !ok {
		return none, err
	}
	d, err := study.RunDuel(w.ctx, &pinned, study.Pair{First: w.best, Second: w.rival, Changes: w.q.Each}, study.Options{Workers: 1})
	if err != nil {
		return nil, err
	}
	if d.Stuck {
		return none, nil
	}
	return []float64{float64(d.Saving.Mean)}, nil
}

// moved is the plan with inputs at quantiles, the others in the middle; false where the
// scenario has faults then.
func (w *work) moved(x []float64, of []int) (p study.Plan, ok bool, err error) {
	at := map[string]float64{}
	var settings []scenarios.Setting
	for k, i := range of {
		in := &w.inputs[i]
		if in.lever == nil {
			at[in.path] = x[k]
			continue
		}
		// The factor is where 90 of 100 cases end: 1.645 standard deviations.
		step := float64(portable.NormalQuantile(x[k]) / portable.NormalQuantile(0.95) * portable.Log(w.q.Factor))
		settings = append(settings, in.lever.Settings(step)...)
	}
	p = w.plan
	if len(settings) > 0 {
		s, faults := w.q.Scenario.SetAll(settings)
		if len(faults) > 0 {
			return p, false, nil
		}
		if p, faults = s.Plan(scenarios.Options{Seed: w.q.Seed, Changes: w.q.Each}); len(faults) > 0 {
			return p, false, nil
		}
	}
	p.Targets = study.Targets{}
	u := make([]float64, len(p.Case.Beliefs))
	for i, b := range p.Case.Beliefs {
		u[i] = 0.5
		if v, moved := at[b.Path]; moved {
			u[i] = v
		}
	}
	p, err = p.Pinned(u)
	return p, err == nil, err
}
