// Package breakeven asks of every input of a scenario, one at a time: at which value
// would the other alternative come out ahead?
//
// It refuses to know how a case is simulated, which it leaves to package study, and to
// turn two inputs at once.
package breakeven

import (
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// How far and how closely is looked. All are assumptions: what is wrong by more than ten
// times is a mistake and no doubt, and a flip is wanted to two digits.
const (
	factor   = 10   // each way
	coarse   = 1000 // changes simulated at the ends of an input's range
	fine     = 4000 // where a flip is narrowed down
	halvings = 5    // of the range with a flip, before a straight line is drawn through what is left of it
	periods  = 12   // replications at least, so that an error can be told
)

// reach is the largest step: the logarithm of factor.
var reach = portable.Log(factor)

// Least is the number of changes of a study below which no break-evens are looked for:
// what a study so small says of two alternatives is too doubtful to be turned round.
const Least = 2000

// Options says how the search is run. It never changes what is found.
type Options struct {
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many inputs are done; nil for nobody
}

// Find turns every input of a scenario whose study is st, with the seed of the study:
// for the alternative that does best against each of its rivals that it can be told apart
// from. There is nothing where there is but one alternative, where the study is smaller
// than Least, and where an alternative does not keep up. The error is that of ctx, or says
// why the plan cannot be simulated.
func Find(ctx context.Context, s *scenarios.Scenario, plan *study.Plan, st *study.Study, o Options) ([]study.BreakEvens, error) {
	best, rivals := st.Contenders()
	if st.Size.Changes < Least {
		return nil, nil
	}
	var all []study.BreakEvens
	for k, rival := range rivals {
		q := &search{ctx: ctx, s: s, plan: *plan, best: best, rival: rival, second: k > 0}
		// The pace that a calibration has found is that of the inputs as they are stated.
		q.plan.Targets, q.plan.Case.Pace = study.Targets{}, st.Calibration.Pace()
		q.coarse, q.fine = q.changes(coarse), q.changes(fine)
		sub := o
		if o.Progress != nil {
			sub.Progress = func(done, total int) { o.Progress(k*total+done, len(rivals)*total) }
		}
		found, err := q.find(sub)
		if err != nil {
			return nil, err
		}
		if found != nil {
			all = append(all, *found)
		}
	}
	return all, nil
}

// find is the search against one rival; nil where there is nothing to turn round.
func (q *search) find(o Options) (*study.BreakEvens, error) {
	var err error
	if q.base, err = q.duel(&q.plan, q.fine); err != nil || q.base.Stuck {
		return nil, err
	}
	found := &study.BreakEvens{Best: q.best, Rival: q.rival, Changes: q.fine, Factor: factor, Users: q.of(q.base.Lead), Cost: q.of(q.base.Saving)}
	q.users, q.cost = found.Users.Known, found.Cost.Known
	if !q.users && (q.second || !q.cost) {
		return nil, nil
	}
	if found.Inputs, err = q.all(o); err != nil {
		return nil, err
	}
	for i := range found.Inputs {
		found.Users.Flips += min(1, len(found.Inputs[i].Users))
		found.Cost.Flips += min(1, len(found.Inputs[i].Cost))
	}
	slices.SortStableFunc(found.Inputs, nearer)
	return found, nil
}

// search is one search.
type search struct {
	ctx          context.Context
	s            *scenarios.Scenario
	plan         study.Plan // the stated one
	best, rival  int
	coarse, fine int  // changes
	second       bool // held against another alternative than the baseline: of interest where users tell the two apart
	users, cost  bool
	base         study.Duel // at the stated inputs
}

// changes is n, or what makes up enough replications.
func (q *search) changes(n int) int {
	per := q.plan.Case.Changes.PerPeriod
	return max(n, periods*per)
}

func (q *search) duel(p *study.Plan, changes int) (study.Duel, error) {
	return study.RunDuel(q.ctx, p, study.Pair{First: q.best, Second: q.rival, Changes: changes}, study.Options{Workers: 1})
}

// of says who is ahead at the stated inputs.
func (q *search) of(e stat.Estimate) study.BreakEvenOf {
	o := study.BreakEvenOf{Known: visible(e) != 0, Ahead: q.best, By: stat.Number(math.Abs(float64(e.Mean)))}
	if e.Mean < 0 {
		o.Ahead = q.rival
	}
	return o
}

// visible is 1 or -1 where the interval says who is ahead, else 0.
func visible(e stat.Estimate) int {
	switch {
	case e.Low > 0:
		return 1
	case e.High < 0:
		return -1
	}
	return 0
}

// all turns every lever, side by side.
func (q *search) all(o Options) ([]study.BreakEvenInput, error) {
	var levers []scenarios.Lever
	for _, l := range q.s.Levers() {
		if !q.elsewhere(l.Path) {
			levers = append(levers, l)
		}
	}
	found, errs := make([]study.BreakEvenInput, len(levers)), make([]error, len(levers))
	err := sim.Replicate(q.ctx, sim.Replications[struct{}]{
		Count: len(levers), Workers: o.Workers,
		New: func(int) struct{} { return struct{}{} },
		Do:  func(_ struct{}, i int) { found[i], errs[i] = q.turn(levers[i]) },
		Progress: func(done int) {
			if o.Progress != nil {
				o.Progress(done, len(levers))
			}
		},
	})
	if err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(found, func(in study.BreakEvenInput) bool { return in.From == in.To }), nil
}

// elsewhere says that an input belongs to an alternative that is not looked at.
func (q *search) elsewhere(path string) bool {
	for i := range q.plan.Case.Pipelines {
		prefix := "alternatives." + q.plan.Case.Pipelines[i].Name + "."
		if i != q.best && i != q.rival && len(path) > len(prefix) && path[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}

// turn looks at both ends of what a lever can be, and narrows down where the answer has
// turned round on the way.
func (q *search) turn(l scenarios.Lever) (study.BreakEvenInput, error) {
	in := study.BreakEvenInput{Path: l.Path, Label: l.Label, Value: l.Stated, Unit: UnitOf(l.Unit),
		At: l.Value, Low: l.Low, High: l.High, From: l.Value, To: l.Value}
	for _, side := range [...]float64{-1, 1} {
		t := &turning{q: q, l: l, seen: map[float64]study.Duel{0: q.base}}
		end, value, ok := t.farthest(side)
		if t.err != nil {
			return in, t.err
		}
		if !ok {
			continue
		}
		in.From, in.To = min(in.From, value), max(in.To, value)
		if q.users {
			in.Users = append(in.Users, t.flips(end, func(d study.Duel) stat.Estimate { return d.Lead })...)
		}
		if q.cost {
			in.Cost = append(in.Cost, t.flips(end, func(d study.Duel) stat.Estimate { return d.Saving })...)
		}
		if t.err != nil {
			return in, t.err
		}
	}
	return in, nil
}

// turning is one lever, turned one way.
type turning struct {
	q     *search
	l     scenarios.Lever
	rough study.Duel             // at the end, of few changes
	seen  map[float64]study.Duel // by step, of many
	err   error
}

// farthest is the largest step that way which gives a scenario that can be simulated and
// keeps up.
func (t *turning) farthest(side float64) (step, value float64, ok bool) {
	for part := 1.0; part > 0.2; part /= 2 {
		step = float64(side * part * reach)
		if t.rough, value, ok = t.at(step, t.q.coarse); ok || t.err != nil {
			return step, value, ok
		}
	}
	return 0, 0, false
}

// at sets the two against each other with the lever turned; false where that cannot be.
func (t *turning) at(step float64, changes int) (d study.Duel, value float64, ok bool) {
	s, value, faults := t.l.Turn(t.q.s, step)
	if len(faults) > 0 {
		return d, 0, false
	}
	p, faults := s.Plan(scenarios.Options{Seed: t.q.plan.Seed, Changes: changes})
	if len(faults) > 0 {
		return d, 0, false
	}
	p.Targets, p.Case.Pace = study.Targets{}, t.q.plan.Case.Pace
	if d, t.err = t.q.duel(&p, changes); t.err != nil {
		return d, 0, false
	}
	return d, value, !d.Stuck
}

// flips is where, between what is stated and the end, the sign of an estimate turns;
// nothing where it is not visibly another at the end.
func (t *turning) flips(end float64, of func(study.Duel) stat.Estimate) []study.Flip {
	sign := visible(of(t.q.base))
	if t.err != nil || visible(of(t.rough)) != -sign || visible(t.fine(end, of)) != -sign {
		return nil
	}
	near, far := 0.0, end
	for range halvings {
		middle := (near + far) / 2
		e := t.fine(middle, of)
		if t.err != nil {
			return nil
		}
		if float64(sign)*float64(e.Mean) > 0 {
			near = middle
		} else {
			far = middle
		}
	}
	if step, ok := t.crossing(near, far, of); ok {
		return []study.Flip{t.flip(step, end, of)}
	}
	return nil
}

// crossing is where a straight line between two steps meets zero.
func (t *turning) crossing(near, far float64, of func(study.Duel) stat.Estimate) (step float64, ok bool) {
	a, b := float64(t.fine(near, of).Mean), float64(t.fine(far, of).Mean)
	step = near + float64((far-near)*a/(a-b))
	return step, t.err == nil && min(near, far) <= step && step <= max(near, far) // false where either is NaN
}

func (t *turning) flip(step, end float64, of func(study.Duel) stat.Estimate) study.Flip {
	f := study.Flip{At: t.l.At(step), Step: step, Above: t.l.At(end) > t.l.Value}
	f.Low, f.High = t.doubt(step, end, of)
	return f
}

// fine is the estimate of many changes; NaN where the two do not keep up there.
func (t *turning) fine(step float64, of func(study.Duel) stat.Estimate) stat.Estimate {
	d, ok := t.seen[step]
	if !ok && t.err == nil {
		if d, _, ok = t.at(step, t.q.fine); !ok {
			nan := stat.Number(math.NaN())
			none := stat.Estimate{Mean: nan, StandardError: nan, Low: nan, High: nan}
			d = study.Duel{Lead: none, Saving: none}
		}
		t.seen[step] = d
	}
	return of(d)
}

// doubt is the range of values at which the flip may be: where a straight line from the
// next values that were simulated would be within the simulation error of nothing.
func (t *turning) doubt(step, end float64, of func(study.Duel) stat.Estimate) (low, high float64) {
	a, b := step-end/8, step+end/8
	if math.Abs(b) > math.Abs(end) {
		a, b = end-end/4, end
	}
	from, to := t.fine(a, of), t.fine(b, of)
	half := (float64(from.High-from.Low) + float64(to.High-to.Low)) / 4
	width := math.Abs((b - a) * half / float64(to.Mean-from.Mean))
	if !(width < 2*reach) { // the line is flat: anywhere
		width = 2 * reach
	}
	return t.l.At(step - width), t.l.At(step + width)
}

// nearer orders inputs by how little they must change, those without a flip last.
func nearer(a, b study.BreakEvenInput) int {
	x, y := nearest(a), nearest(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func nearest(in study.BreakEvenInput) float64 {
	least := math.Inf(1)
	for _, flips := range [...][]study.Flip{in.Users, in.Cost} {
		for _, f := range flips {
			least = math.Min(least, math.Abs(f.Step))
		}
	}
	return least
}

// UnitOf is how reports print values of a unit.
func UnitOf(u scenarios.Unit) string {
	switch u.Name {
	case scenarios.Duration.Name, scenarios.WorkTime.Name:
		return "hours"
	case scenarios.Share.Name:
		return "share"
	case scenarios.Money.Name:
		return "money"
	case scenarios.Count.Name:
		return "count"
	case scenarios.Rate.Name, scenarios.Weekly.Name:
		return u.Base
	}
	return "plain"
}
