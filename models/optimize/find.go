package optimize

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/models/analytic"
)

// What the search spends. All are assumptions.
const (
	periods   = 16   // replications of a plan at least in the first round, so that an error can be told
	finalists = 6    // plans in the selection
	indiffer  = 0.02 // of the best value: a difference that is not worth telling
	drawn     = 500  // defects of a twin
)

// search is one search.
type search struct {
	q      *Question
	a      *Answer
	all    []*candidate // of the first round
	values values
	first  stretch
}

// Find answers the question. It fails when ctx ends, when no frame can be simulated, and
// when no plan holds the limits.
func Find(ctx context.Context, q Question) (*Answer, error) {
	s := &search{q: &q, a: &Answer{Minimise: q.Minimise, Weights: q.Weights, Limits: q.Limits, Twinless: []string{}, Skipped: []string{}, Binding: []string{}, Stuck: []string{}}}
	if err := s.gather(ctx); err != nil {
		return nil, err
	}
	if err := s.firstRound(ctx); err != nil {
		return nil, err
	}
	held, err := s.hold()
	if err != nil {
		return nil, err
	}
	s.binding(held[0])
	best, err := s.choose(ctx, held)
	if err != nil {
		return nil, err
	}
	return s.a, s.finish(ctx, best, held)
}

// gather lists the plans of all frames: the stated one, the published ramps, the grid, and
// what the twin finds.
func (s *search) gather(ctx context.Context) error {
	for i := range s.q.Frames {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f := &s.q.Frames[i]
		stated, err := s.take(f, "stated", f.Stated)
		if err != nil {
			s.a.Skipped = append(s.a.Skipped, fmt.Sprintf("%s: %v", f.Name, err))
			continue
		}
		s.a.Currency = stated.question.Case.Service.Cost.Currency
		for _, p := range ramps(&stated.question.Case) {
			if _, err := s.take(f, p.name, p.plan); err != nil {
				return err
			}
		}
		for _, p := range append(grid(s.q.Limits.Hours), s.descended(f, stated)...) {
			if _, err := s.take(f, "", p); err != nil {
				return err
			}
		}
	}
	if len(s.all) == 0 {
		return errors.New(strings.Join(append([]string{"there is no alternative whose rings can be chosen"}, s.a.Skipped...), "\n"))
	}
	return nil
}

// take makes a candidate of a plan.
func (s *search) take(f *Frame, role string, p analytic.RingPlan) (*candidate, error) {
	q, err := f.Realise(p)
	if err != nil {
		return nil, err
	}
	c := &candidate{Plan: Plan{Role: role, Frame: f.Name, Rings: clone(p), Breaks: []string{}}, question: q, pipeline: f.Pipeline}
	s.all = append(s.all, c)
	return c, nil
}

// descended are the best plans of the twin, one for each number of rings; none without one.
func (s *search) descended(f *Frame, stated *candidate) (plans []analytic.RingPlan) {
	if s.q.Minimise != Cost {
		return nil
	}
	twin, own, err := stated.question.Twin(f.Pipeline, drawn)
	if err != nil {
		s.a.Twinless = append(s.a.Twinless, err.Error())
		return nil
	}
	best := map[int]analytic.RingPlan{}
	for _, p := range grid(s.q.Limits.Hours) {
		n := len(p.Shares)
		p.Bakes[n-1] = own.Bakes[len(own.Bakes)-1]
		if b, ok := best[n]; !ok || twin.Law(p).Cost < twin.Law(b).Cost {
			best[n] = p
		}
		s.a.Twins++
	}
	for n := 2; n <= mostRings; n++ {
		p, _, looked := Descend(&twin, best[n], s.q.Limits.Hours)
		s.a.Twins += looked
		plans = append(plans, p)
	}
	return plans
}

// firstRound simulates every plan, all on the same chance.
func (s *search) firstRound(ctx context.Context) error {
	per := s.all[0].question.Case.Changes.PerPeriod
	s.first = stretch{0, max(periods, (s.q.Changes+per-1)/per)}
	s.values = values{objective: s.q.Minimise, weights: s.q.Weights}
	reference := func(c *candidate) error {
		rows, err := c.rows(ctx, s.first, nil)
		if err == nil {
			s.values.base = c.scored(rows)
		}
		return err
	}
	if err := reference(s.all[0]); err != nil {
		return err
	}
	err := sideBySide(ctx, s.q, len(s.all), func(i int) error {
		c := s.all[i]
		rows, err := c.rows(ctx, s.first, nil)
		if err != nil {
			return err
		}
		c.Score = c.scored(rows)
		c.Score.Value, c.Score.Error = meanOf(s.values.means(&c.Score, rows, c.question.Case.Changes.PerPeriod))
		c.Breaks = s.q.Limits.breaks(&c.Score)
		return nil
	})
	s.a.Tried = len(s.all)
	return err
}

// breaks names the limits that a plan does not hold.
func (l Limits) breaks(s *Score) []string {
	broken := []string{}
	if l.Hours > 0 && s.Hours > l.Hours {
		broken = append(broken, "lead time")
	}
	if l.Users > 0 && s.High > l.Users {
		broken = append(broken, "users affected")
	}
	if l.False > 0 && s.False > l.False {
		broken = append(broken, "false rollbacks")
	}
	if s.stuck {
		broken = append(broken, "keeping up with its changes")
	}
	return broken
}

// hold are the plans that hold every limit, the best of the first round first.
func (s *search) hold() ([]*candidate, error) {
	var held []*candidate
	nearest := s.all[0]
	for _, c := range s.all {
		if len(c.Breaks) == 0 {
			held = append(held, c)
		}
		if len(c.Breaks) < len(nearest.Breaks) || len(c.Breaks) == len(nearest.Breaks) && c.Score.Hours < nearest.Score.Hours {
			nearest = c
		}
	}
	if len(held) == 0 {
		return nil, errNone{fmt.Sprintf("%s %s, which breaks %s", nearest.Frame, nearest.Rings.String(), strings.Join(nearest.Breaks, ", "))}
	}
	slices.SortStableFunc(held, func(a, b *candidate) int { return cmp.Compare(a.Score.Value, b.Score.Value) })
	return held, nil
}

// front are the plans of the first round that none beats in both lead time and value;
// of many, eight from the quickest to the best.
func (s *search) front() (front []*candidate) {
	order := slices.Clone(s.all)
	slices.SortStableFunc(order, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.Score.Hours, b.Score.Hours), cmp.Compare(a.Score.Value, b.Score.Value))
	})
	lowest := math.Inf(1)
	for _, c := range order {
		if !c.Score.stuck && c.Score.Value < lowest {
			lowest = c.Score.Value
			front = append(front, c)
		}
	}
	const shown = 8
	if n := len(front); n > shown {
		for k := range shown {
			front[k] = front[k*(n-1)/(shown-1)]
		}
		front = front[:shown]
	}
	return front
}

// binding names the limits without which a better plan would have won the first round.
func (s *search) binding(best *candidate) {
	for _, limit := range []string{"lead time", "users affected", "false rollbacks"} {
		for _, c := range s.all {
			if slices.Equal(c.Breaks, []string{limit}) && c.Score.Value < best.Score.Value {
				s.a.Binding = append(s.a.Binding, limit)
				break
			}
		}
	}
}
