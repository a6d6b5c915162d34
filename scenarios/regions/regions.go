// Package regions draws the map of two inputs: where which of two alternatives does
// better. It looks closely only along the border.
//
// It refuses to know how a case is simulated, which it leaves to package study, and how a
// map looks.
package regions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/breakeven"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// Question is what is drawn.
type Question struct {
	Scenario *scenarios.Scenario
	Seed     uint64
	Version  string   // of the program
	Of       string   // "users" or "cost"
	Between  []string // names of two alternatives; empty for the one that does best and its strongest rival
	X, Y     string   // addresses as scenarios.Levers have them; empty for those whose break-even is nearest
	Factor   float64  // the ends are a Factor-th of what is stated and Factor times it; above 1
	Changes  int      // simulated at a point; four times as many where that does not decide
}

// Usual are the sizes of a map: assumptions that end within half a minute for the
// scenarios of the library.
func Usual() Question { return Question{Of: "users", Factor: 10, Changes: 1000} }

// The grid is looked at in every eighth node first, then closer along the border.
const (
	side   = 33 // nodes along each axis
	coarse = 8  // nodes from one to the next that are looked at first
)

// Options says how the work is done. It never changes what is found.
type Options struct {
	Workers  int                   // goroutines; 0 for one a processor
	Progress func(done, total int) // told how many points of a round are done; nil for nobody
}

// ErrNothing says that there is nothing to draw.
var ErrNothing = errors.New("there is nothing to draw: it takes two alternatives that keep up with their changes")

// Draw draws the map. The error is that of ctx, ErrNothing, or says why the scenario
// cannot be simulated or an address is no lever; faults are those of the sizes.
func Draw(ctx context.Context, q Question, o Options) (*study.Regions, []scenarios.Fault, error) {
	plan, faults := q.Scenario.Plan(scenarios.Options{Seed: q.Seed, Version: q.Version})
	if len(faults) > 0 {
		return nil, faults, nil
	}
	st, err := study.Run(ctx, &plan, study.Options{Workers: o.Workers})
	if err != nil {
		return nil, nil, err
	}
	best, rival, err := q.pair(st)
	if err != nil {
		return nil, nil, err
	}
	a := &atlas{q: q, o: o, ctx: ctx, plan: plan, best: best, rival: rival, nodes: make([]study.RegionNode, side*side), known: make([]bool, side*side)}
	if err := a.choose(); err != nil {
		return nil, nil, err
	}
	if err := a.draw(); err != nil {
		return nil, nil, err
	}
	r := a.regions()
	r.About, r.Seed, r.Version, r.Currency = st.About, st.Seed, q.Version, st.Currency
	r.Best, r.Rival = st.Alternatives[best].Title, st.Alternatives[a.rival].Title
	return r, nil, nil
}

// pair are the two alternatives.
func (q Question) pair(st *study.Study) (best, rival int, err error) {
	if len(q.Between) == 0 {
		best, rivals := st.Contenders()
		if len(rivals) == 0 {
			return 0, 0, ErrNothing
		}
		return best, rivals[0], nil
	}
	var both [2]int
	for k, name := range q.Between {
		i := slices.IndexFunc(st.Alternatives, func(a study.Alternative) bool { return a.Name == name })
		if i < 0 {
			return 0, 0, fmt.Errorf("there is no alternative %s", name)
		}
		both[k] = i
	}
	return both[0], both[1], nil
}

// atlas is one map in the making.
type atlas struct {
	q           Question
	o           Options
	ctx         context.Context
	plan        study.Plan
	best, rival int
	x, y        scenarios.Lever
	nodes       []study.RegionNode
	known       []bool // simulated
	points      int
}

// choose finds the two levers.
func (a *atlas) choose() error {
	levers := a.q.Scenario.Levers()
	named := func(path string) (scenarios.Lever, error) {
		for _, l := range levers {
			if l.Path == path {
				return l, nil
			}
		}
		return scenarios.Lever{}, fmt.Errorf("%s is no number that can be turned; rollrisk sensitivity -o csv lists some", path)
	}
	x, y := a.q.X, a.q.Y
	if x == "" || y == "" {
		near, err := a.strongest(levers)
		if err != nil {
			return err
		}
		for _, path := range near {
			switch {
			case x == "" && path != y:
				x = path
			case y == "" && path != x:
				y = path
			}
		}
	}
	if x == "" || y == "" || x == y {
		return fmt.Errorf("two different inputs are needed; name them with --x and --y")
	}
	var err error
	if a.x, err = named(x); err != nil {
		return err
	}
	a.y, err = named(y)
	return err
}

// strongest are the levers in the order of how far they take the answer towards the other
// side, or beyond, at the better of their two ends.
func (a *atlas) strongest(levers []scenarios.Lever) ([]string, error) {
	scores, err := a.reached(levers)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(levers))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(p, q int) int { return cmp.Compare(scores[p], scores[q]) })
	if scores[len(levers)] < 0 { // the other one is ahead: what takes it up to above 0 is looked for
		slices.Reverse(order)
	}
	var paths []string
	for _, k := range order {
		if !a.elsewhere(levers[k].Path) {
			paths = append(paths, levers[k].Path)
		}
	}
	return paths, nil
}

// reached is the least saving at the two ends of each lever, and last the one at what is
// stated.
func (a *atlas) reached(levers []scenarios.Lever) ([]float64, error) {
	reach := portable.Log(a.q.Factor)
	scores := make([]float64, len(levers)+1)
	return scores, a.each(len(scores), func(k int) (err error) {
		scores[k] = math.Inf(1)
		for _, step := range [...]float64{-reach, reach} {
			var settings []scenarios.Setting
			if k < len(levers) {
				settings = levers[k].Settings(step)
			}
			n, err := a.simulated(settings, a.q.Changes)
			if err != nil {
				return err
			}
			if n.Winner != "stuck" {
				scores[k] = min(scores[k], float64(n.Saving))
			}
		}
		return nil
	})
}

// each does so many pieces of work, some at a time.
func (a *atlas) each(count int, do func(k int) error) error {
	errs := make([]error, count)
	err := sim.Replicate(a.ctx, sim.Replications[struct{}]{
		Count: count, Workers: a.o.Workers,
		New: func(int) struct{} { return struct{}{} },
		Do:  func(_ struct{}, k int) { errs[k] = do(k) },
		Progress: func(done int) {
			if a.o.Progress != nil {
				a.o.Progress(done, count)
			}
		},
	})
	return cmp.Or(err, errors.Join(errs...))
}

// elsewhere says that an input belongs to an alternative that is not looked at.
func (a *atlas) elsewhere(path string) bool {
	for i := range a.plan.Case.Pipelines {
		if i != a.best && i != a.rival && strings.HasPrefix(path, "alternatives."+a.plan.Case.Pipelines[i].Name+".") {
			return true
		}
	}
	return false
}

// regions is the finished map.
func (a *atlas) regions() *study.Regions {
	r := &study.Regions{Schema: study.RegionsVersion, Of: a.q.Of, Factor: a.q.Factor, BestAt: a.best, RivalAt: a.rival, Changes: a.q.Changes, Points: a.points, Nodes: a.nodes,
		X: a.axis(a.x), Y: a.axis(a.y), Bounds: []study.RegionBound{}}
	for _, n := range a.nodes {
		one := 1 / float64(len(a.nodes))
		switch n.Winner {
		case "best":
			r.Ahead.Best += one
		case "rival":
			r.Ahead.Rival += one
		case "level":
			r.Ahead.Level += one
		default:
			r.Ahead.Stuck += one
		}
	}
	middle := side / 2
	r.Bounds = append(r.Bounds, a.bounds("x", a.x, func(i int) int { return middle*side + i })...)
	r.Bounds = append(r.Bounds, a.bounds("y", a.y, func(i int) int { return i*side + middle })...)
	return r
}

func (a *atlas) axis(l scenarios.Lever) study.RegionAxis {
	x := study.RegionAxis{Path: l.Path, Label: l.Label, Stated: l.Stated, Unit: breakeven.UnitOf(l.Unit), Half: []float64{}, Range: []float64{}}
	for i := range side {
		x.Steps, x.Values = append(x.Steps, a.step(i)), append(x.Values, l.At(a.step(i)))
	}
	if l.Low < l.High {
		low, high := l.Away(l.Low), l.Away(l.High)
		x.Range = []float64{low, high}
		ratio := portable.NormalQuantile(0.75) / portable.NormalQuantile(0.95)
		x.Half = []float64{float64(low * ratio), float64(high * ratio)}
	}
	return x
}

// bounds are where the winner turns along one axis, from what is stated outwards.
func (a *atlas) bounds(name string, l scenarios.Lever, node func(i int) int) []study.RegionBound {
	var all []study.RegionBound
	middle := side / 2
	winner := a.nodes[node(middle)].Winner
	if winner != "best" && winner != "rival" {
		return nil
	}
	for _, way := range [...]int{1, -1} {
		last := middle
		for i := middle + way; i >= 0 && i < side; i += way {
			w := a.nodes[node(i)].Winner
			if w == winner {
				last = i
			}
			if w != winner && (w == "best" || w == "rival") {
				step := (a.step(last) + a.step(i)) / 2
				all = append(all, study.RegionBound{Axis: name, At: l.At(step), Step: step, Times: portable.Exp(step), Above: way > 0})
				break
			}
		}
	}
	return all
}
