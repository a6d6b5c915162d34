package optimize

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/experiment"
	"github.com/rollrisk/rollrisk/sim/rng"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// The last rounds. All are assumptions.
const (
	alpha     = 0.05 // of a wrong selection
	block     = 16   // replications of a finalist at a time
	most      = 512  // of a finalist at most
	last      = 64   // replications of every plan that is told about
	worlds    = 16   // for regret
	eachWorld = 8    // replications of a plan in a world
)

// choose selects the best of the finalists by KN, on chance that the first round has not
// seen, so that what won by luck there has to win again.
func (s *search) choose(ctx context.Context, held []*candidate) (*candidate, error) {
	final := finals(held)
	s.a.Finalists = len(final)
	s.a.Zone = math.Max(float64(indiffer*math.Abs(final[0].Score.Value)), 1e-9)
	if len(final) == 1 {
		s.a.Proven = true
		return final[0], nil
	}
	blocks := make([][]float64, len(final))
	kn := experiment.KN{Zone: s.a.Zone, Alpha: alpha, First: block, Most: most}
	got, err := kn.Select(len(final), func(i int, play []int, out []float64) error {
		if i%block == 0 {
			if err := s.block(ctx, final, play, blocks, i); err != nil {
				return err
			}
		}
		for _, k := range play {
			out[k] = blocks[k][i%block]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.a.Proven = got.Proven
	for _, n := range got.Spent {
		s.a.Spent += n
	}
	s.a.Equal = s.equal(final)
	return final[got.Best], nil
}

// finals are the best plans of the first round, and the stated and published ramps in the
// frame of the best: to be better than these is what is claimed.
func finals(held []*candidate) []*candidate {
	final := slices.Clone(held[:min(finalists, len(held))])
	for _, c := range held[len(final):] {
		if c.Role != "" && c.Frame == held[0].Frame {
			final = append(final, c)
		}
	}
	return final
}

// block runs the next replications of the finalists in play.
func (s *search) block(ctx context.Context, final []*candidate, play []int, blocks [][]float64, i int) error {
	quiet := *s.q
	quiet.Progress = nil
	return sideBySide(ctx, &quiet, len(play), func(n int) error {
		c := final[play[n]]
		rows, err := c.rows(ctx, stretch{s.first.count + i, block}, nil)
		if err == nil {
			blocks[play[n]] = s.values.means(&c.Score, rows, c.question.Case.Changes.PerPeriod)
		}
		return err
	})
}

// equal is what Rinott's procedure would have spent on the finalists for the same promise:
// the deviations are those of the first round.
func (s *search) equal(final []*candidate) int {
	h, sum := experiment.RinottConstant(len(final), s.first.count, alpha), 0
	for _, c := range final {
		deviation := float64(c.Score.Error * math.Sqrt(float64(s.first.count)))
		n := float64(h * deviation / s.a.Zone)
		sum += max(s.first.count, int(math.Ceil(float64(n*n))))
	}
	return sum
}

// finish measures the best plan, the other finalists, the stated and the published ramps
// of its frame on one chance, and their regrets.
func (s *search) finish(ctx context.Context, best *candidate, held []*candidate) error {
	shown := []*candidate{best}
	for _, c := range finals(held) {
		if c != best {
			shown = append(shown, c)
		}
	}
	others := len(shown)
	for _, c := range s.all {
		switch {
		case c.Role == "" || c.Frame != best.Frame && c.Role != "stated" || slices.Contains(shown, c):
		case c.Score.stuck:
			s.a.Stuck = append(s.a.Stuck, c.Role)
		default:
			shown = append(shown, c)
		}
	}
	if err := s.drawFront(ctx, shown); err != nil {
		return err
	}
	if err := s.regret(ctx, shown); err != nil {
		return err
	}
	s.tell(shown, others)
	return nil
}

// tell lists the plans that the answer names; the first n were in the selection.
func (s *search) tell(shown []*candidate, n int) {
	least := shown[0]
	for _, c := range shown[:n] {
		if c.Regret != nil && c.Regret.Worst < least.Regret.Worst {
			least = c
		}
	}
	for i, c := range shown {
		p := c.Plan
		switch {
		case i == 0 && p.Role == "":
			p.Role = "best"
		case i == 0:
			p.Role = "best, and " + p.Role
		case c == least && p.Role == "":
			p.Role = "regret"
		}
		if p.Role != "" {
			s.a.Plans = append(s.a.Plans, p)
		}
	}
}

// drawFront measures the plans to be shown and those of the front on the same chance, and
// keeps what still is a front there.
func (s *search) drawFront(ctx context.Context, shown []*candidate) error {
	front, all := s.front(), slices.Clone(shown)
	for _, c := range front {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	if err := s.together(ctx, all); err != nil {
		return err
	}
	slices.SortStableFunc(front, func(a, b *candidate) int { return cmp.Compare(a.Score.Hours, b.Score.Hours) })
	lowest := math.Inf(1)
	for _, c := range front {
		if c.Score.Value < lowest {
			lowest = c.Score.Value
			s.a.Front = append(s.a.Front, c.Plan)
		}
	}
	return nil
}

// together scores plans anew, and against the first.
func (s *search) together(ctx context.Context, shown []*candidate) error {
	means := make([][]float64, len(shown))
	quiet := *s.q
	quiet.Progress = nil
	err := sideBySide(ctx, &quiet, len(shown), func(i int) error {
		c := shown[i]
		rows, err := c.rows(ctx, stretch{s.first.count + most, max(last, s.first.count)}, nil)
		if err != nil {
			return err
		}
		tail := c.Score.tail
		c.Score = c.scored(rows)
		c.Score.tail = tail // the quantile must not be that of the same changes
		means[i] = s.values.means(&c.Score, rows, c.question.Case.Changes.PerPeriod)
		c.Score.Value, c.Score.Error = meanOf(means[i])
		c.Breaks = s.q.Limits.breaks(&c.Score)
		return nil
	})
	if err != nil {
		return err
	}
	for i, c := range shown[1:] {
		more := make([]float64, len(means[0]))
		for k := range more {
			more[k] = means[i+1][k] - means[0][k]
		}
		c.Versus = &Versus{}
		c.Versus.More, c.Versus.Error = meanOf(more)
	}
	return nil
}

// regret draws worlds in which each doubted input has one value, the same for every plan.
func (s *search) regret(ctx context.Context, shown []*candidate) error {
	if len(shown[0].question.Case.Beliefs) == 0 {
		return nil
	}
	s.a.Worlds = worlds
	value := make([]float64, worlds*len(shown))
	quiet := *s.q
	quiet.Progress = nil
	err := sideBySide(ctx, &quiet, len(value), func(i int) error {
		c, w := shown[i/worlds], i%worlds
		known, err := c.known(w)
		if err != nil {
			return err
		}
		rows, err := c.rows(ctx, stretch{w * eachWorld, eachWorld}, known)
		if err == nil {
			value[i], _ = meanOf(s.values.means(&c.Score, rows, c.question.Case.Changes.PerPeriod))
			if math.IsNaN(value[i]) {
				value[i] = math.Inf(1) // it does not keep up in that world
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	given(shown, value)
	return nil
}

// given sets what each plan gives away in the worlds, whose values stand one after the other.
func given(shown []*candidate, value []float64) {
	for k, c := range shown {
		c.Regret = &Regret{}
		for w := range worlds {
			least := math.Inf(1)
			for j := range shown {
				least = math.Min(least, value[j*worlds+w])
			}
			r := value[k*worlds+w] - least
			if math.IsInf(least, 1) {
				r = 0 // no plan keeps up there: nothing is given away
			}
			c.Regret.Mean += stat.Number(r / worlds)
			c.Regret.Worst = max(c.Regret.Worst, stat.Number(r))
		}
	}
}

// known are the beliefs of world w: each drawn once, by the name of its input.
func (c *candidate) known(w int) ([]models.Belief, error) {
	all := slices.Clone(c.question.Case.Beliefs)
	u := make([]float64, len(all))
	for i := range all {
		u[i] = rng.NewKey(c.question.Seed, "optimize/"+all[i].Path).Uniform(uint64(w), 0, 0)
	}
	copula, _ := c.question.Case.Copula() // the case was checked
	copula.Join(u)
	for i := range all {
		d, err := dist.NewConstant(all[i].Dist.Quantile(u[i]))
		if err != nil {
			return nil, err
		}
		all[i].Dist = d
	}
	return all, nil
}
