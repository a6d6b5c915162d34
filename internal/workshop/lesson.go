// Package workshop is the session server: a facilitator on a big screen, a room of people on
// phones, and what they predict, build and vote on, kept in one file. What it shows comes from
// scenarios and models/study; it draws the room's answers on top.
//
// With cmd it alone knows the network, the clock and the machine. It refuses to know flags,
// and it starts no goroutine of its own: the server of net/http calls it, and state is behind
// one lock.
package workshop

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/deck"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// dots is how many outcomes a distribution is drawn with: 50, with which readers judge
// chances best (Fernandes et al., CHI 2018).
const dots = 50

// seeds is how many hypothetical outcomes are shown (Hullman, Resnick and Adar, PLoS ONE
// 2015); fifty, as many as the dots.
const seeds = 50

// Lesson is everything of a session that does not depend on who comes: computed once, from
// the deck alone.
type Lesson struct {
	Deck    *deck.Deck
	Study   *study.Study
	Answers [][]float64  // outcomes of each question, ascending; questions by dots
	Story   *study.Story // the one that is told
	Fates   [][]float64  // users hurt in one period; alternatives by seeds
	Cards   []study.Card
	Map     Map
	plan    *study.Plan
	workers int
}

// Map is who is ahead, over two numbers of the scenario.
type Map struct {
	X, Y  []float64         // values on the axes, in the base of the lever's unit; ascending by step
	Units [2]number.Unit    // of X and Y
	Cells [][]stat.Estimate // lead of the first alternative over the second, -1..1; rows of Y by columns of X; Replications 0 where a pipeline could not keep up
}

// Options says how a lesson is computed. It changes no number.
type Options struct {
	Workers  int
	Version  string
	Progress func(what string) // told what is computed next; nil for nobody
}

// errCalibrated: a team's pipeline would be fitted to figures that are another pipeline's.
var errCalibrated = errors.New("the scenario of the deck states figures to calibrate to; a workshop plays a scenario without `calibrate`")

// Prepare computes a lesson. It fails when ctx ends, and where the scenario cannot be simulated.
func Prepare(ctx context.Context, d *deck.Deck, o Options) (*Lesson, error) {
	tell := func(what string) {
		if o.Progress != nil {
			o.Progress(what)
		}
	}
	l := &Lesson{Deck: d, workers: o.Workers}
	plan, faults := d.Scenario.Plan(scenarios.Options{Seed: d.Seed, Changes: d.Changes, Version: o.Version})
	if len(faults) > 0 {
		return nil, faults[0]
	}
	if plan.Targets != (study.Targets{}) {
		return nil, errCalibrated
	}
	plan.Gates = nil
	l.plan = &plan
	tell("the study that is revealed")
	err := l.study(ctx)
	if err != nil {
		return nil, err
	}
	if l.Story, err = study.Explain(ctx, l.plan, study.Pick{By: d.Story}, l.options()); err != nil {
		return nil, err
	}
	tell("fifty seeds and the hidden deck")
	if l.Fates, err = study.Fates(ctx, l.plan, seeds, l.options()); err != nil {
		return nil, err
	}
	if l.Cards, err = l.deal(ctx); err != nil {
		return nil, err
	}
	tell("the map")
	l.Map, err = l.survey(ctx)
	return l, err
}

// study makes the study and reads the answers from it.
func (l *Lesson) study(ctx context.Context) error {
	shard, err := study.RunShard(ctx, l.plan, 0, l.plan.Replications(), l.options())
	if err != nil {
		return err
	}
	l.Study, err = study.Merge(l.plan, shard)
	for i := range l.Deck.Questions {
		l.Answers = append(l.Answers, answer(&l.Deck.Questions[i], shard))
	}
	return err
}

func (l *Lesson) options() study.Options { return study.Options{Workers: l.workers} }

// answer are the middles of equal shares of the outcomes that a question asks about, as they
// were simulated: the curves of the study end where ten outcomes are left, which of some
// hundred periods is too early.
func answer(q *deck.Question, s *study.Shard) []float64 {
	var all []float64
	switch rows := &s.Rows[q.Alternative]; q.Metric {
	case "users_affected":
		for _, h := range rows.Harm {
			all = append(all, h.UsersAffected)
		}
	case "cost_period":
		for i := range rows.Periods {
			all = append(all, rows.Periods[i].Cost)
		}
	default:
		panic("workshop: no outcomes of " + q.Metric)
	}
	return middles(slices.DeleteFunc(all, math.IsNaN))
}

// middles are the values that (k+0.5)/dots of the outcomes do not exceed, ascending; none of
// none. As the dots of a study are drawn.
func middles(outcomes []float64) []float64 {
	if len(outcomes) == 0 {
		return nil
	}
	slices.Sort(outcomes)
	all := make([]float64, dots)
	for k := range all {
		all[k] = outcomes[max(0, int(math.Ceil((float64(k)+0.5)/dots*float64(len(outcomes))))-1)]
	}
	return all
}

// deal picks the cards of the hidden deck. The alternative that the map holds first is the
// judge of what a test stage finds.
func (l *Lesson) deal(ctx context.Context) ([]study.Card, error) {
	hidden := *l.plan
	hidden.Seed, hidden.Changes = l.Deck.Hidden.Seed, l.Deck.Hidden.Changes
	return study.DealCards(ctx, &hidden, study.Deal{Judge: l.Deck.Map.First, Count: l.Deck.Hidden.Cards}, l.options())
}

// lever finds what an axis turns; Decode has checked that it is there.
func lever(s *scenarios.Scenario, path string) (scenarios.Lever, bool) {
	for _, l := range s.Levers() {
		if l.Path == path {
			return l, true
		}
	}
	return scenarios.Lever{}, false
}

// survey simulates the duel at every point of the map.
func (l *Lesson) survey(ctx context.Context) (Map, error) {
	d := &l.Deck.Map
	x, _ := lever(l.Deck.Scenario, d.X.Path)
	y, _ := lever(l.Deck.Scenario, d.Y.Path)
	m := Map{Units: [2]number.Unit{unitOf(x), unitOf(y)}}
	for i := range d.Steps {
		m.X = append(m.X, x.At(d.Step(i)))
		m.Y = append(m.Y, y.At(d.Step(i)))
	}
	for row := range d.Steps {
		turned, _, faults := y.Turn(l.Deck.Scenario, d.Step(row))
		if len(faults) > 0 {
			return m, faults[0]
		}
		across, ok := lever(turned, d.X.Path)
		if !ok {
			return m, errors.New("the map: " + d.X.Path + " cannot be turned together with " + d.Y.Path)
		}
		cells, err := l.row(ctx, turned, across)
		if err != nil {
			return m, err
		}
		m.Cells = append(m.Cells, cells)
	}
	return m, nil
}

// unitOf is how an axis is printed: a share as one, anything else as it stands in the base of
// its unit.
func unitOf(l scenarios.Lever) number.Unit {
	if l.Unit.Name == scenarios.Share.Name {
		return number.Share
	}
	return number.Plain
}

// row is one row of the map.
func (l *Lesson) row(ctx context.Context, s *scenarios.Scenario, x scenarios.Lever) ([]stat.Estimate, error) {
	d := &l.Deck.Map
	var cells []stat.Estimate
	for i := range d.Steps {
		turned, _, faults := x.Turn(s, d.Step(i))
		if len(faults) > 0 {
			return nil, faults[0]
		}
		plan, faults := turned.Plan(scenarios.Options{Seed: l.Deck.Seed, Changes: d.Changes})
		if len(faults) > 0 {
			return nil, faults[0]
		}
		duel, err := study.RunDuel(ctx, &plan, study.Pair{First: d.First, Second: d.Second, Changes: d.Changes}, l.options())
		if err != nil {
			return nil, err
		}
		cells = append(cells, duel.Lead)
	}
	return cells, nil
}

// at is where a value lies on an axis of the map, in steps from the first value, kept on the
// map: the ends stand for what lies beyond them.
func at(axis []float64, x float64) float64 {
	for i := 1; i < len(axis); i++ {
		if x < axis[i] {
			from, to := math.Log(axis[i-1]), math.Log(axis[i])
			return float64(i-1) + math.Max(0, (math.Log(x)-from)/(to-from))
		}
	}
	return float64(len(axis) - 1)
}

// Place is where a team's choice stands on the map.
func (l *Lesson) Place(levels []int) (x, y float64, ok bool) {
	s, _, faults := l.Deck.Build(levels)
	if len(faults) > 0 {
		return 0, 0, false
	}
	h, okX := lever(s, l.Deck.Map.X.Path)
	v, okY := lever(s, l.Deck.Map.Y.Path)
	return at(l.Map.X, h.Value), at(l.Map.Y, v.Value), okX && okY
}
