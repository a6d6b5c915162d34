package assess

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// Stage is one step of a rollout as users meet it.
type Stage struct {
	Share    float64       `json:"share"` // of the traffic, or of the users where they stay in or out; 0..1
	Starts   time.Duration `json:"starts_ns"`
	Lasts    time.Duration `json:"lasts_ns"` // 0 of the last
	Person   bool          `json:"person"`   // it ends when somebody acts
	Unseen   bool          `json:"unseen"`   // a load test is all that meets the release
	Requests float64       `json:"requests"` // that the release gets in it, on average; of the last, in an hour
}

// Row is what a rollout does about a defect of one size. Probabilities are 0..1.
type Row struct {
	Class  string    `json:"class"`
	Size   float64   `json:"size"`              // share of the release's requests that fail, or are slow; 0..1
	Before []float64 `json:"caught_before"`     // for each Stage, the probability that the release was stopped before it
	All    float64   `json:"caught_before_all"` // before everybody had it
	Caught float64   `json:"caught"`            // by the rollout at all
	Detect float64   `json:"detect_hours"`      // mean time from the first user to the verdict, where it is caught; 0 where it never is
	Users  float64   `json:"users_affected"`    // distinct users who meet a failure, mean
	Failed float64   `json:"failed_requests"`   // mean
	Error  float64   `json:"standard_error"`    // of Caught, by simulation; 0 where it is exact
}

// Table is what a rollout does.
type Table struct {
	Stages []Stage       `json:"stages"`
	Lasts  time.Duration `json:"lasts_ns"`  // of a clean release, to everybody
	Never  bool          `json:"never"`     // a clean release does not reach everybody
	False  float64       `json:"false"`     // probability that a good release is stopped, 0..1
	FalseE float64       `json:"false_err"` // its standard error; 0 where it is exact
	Exact  bool          `json:"exact"`     // no number was drawn
	Drawn  int           `json:"drawn"`     // releases for each row, where they are
	Rows   []Row         `json:"rows"`
}

// Sizes are the defects of a table, as shares of the requests that fail.
func Sizes() []float64 { return []float64{0.001, 0.005, 0.01, 0.05, 0.5, 1} }

// defects are the rows of a table: every size of the first class, and every other
// class at the size that a rollout should catch.
func defects(ctx *Context) []defect {
	var all []defect
	for _, size := range Sizes() {
		all = append(all, defect{atOnce, size})
	}
	for _, c := range []class{late, loaded, slowed} {
		all = append(all, defect{c, ctx.Size})
	}
	return all
}

// table of a course.
func (c *course) table(ctx *Context) Table {
	t := Table{Stages: c.stages(ctx), Lasts: c.full, Never: c.full == rollout.Forever, Exact: true}
	if t.Never {
		t.Lasts = 0
	}
	all := c.glances()
	isExact := c.isExact(all)
	solve := func(d defect) (*ledger, []ending, float64) {
		l := newLedger(ctx, c, d, c.end+ctx.Notice+ctx.Person+ctx.Respond+time.Hour)
		if c.judge != nil {
			e, n := c.judged(l)
			t.Exact, t.Drawn = false, n
			return l, e, float64(n)
		}
		if isExact {
			if e, ok := c.exact(l, all); ok {
				return l, e, 0
			}
		}
		e, n := c.simulate(l, all)
		t.Exact, t.Drawn = false, n
		return l, e, float64(n)
	}
	_, e, n := solve(defect{class: atOnce})
	t.False = sum(e)
	t.FalseE = standardError(t.False, n)
	for _, d := range defects(ctx) {
		l, e, n := solve(d)
		t.Rows = append(t.Rows, c.row(l, e, n))
	}
	return t
}

func sum(all []ending) float64 {
	s := 0.0
	for _, e := range all {
		s += e.p
	}
	return math.Min(1, s)
}

// standardError of a share of n releases; 0 for n = 0, where it is exact.
func standardError(p, n float64) float64 {
	if n == 0 {
		return 0
	}
	return math.Sqrt(float64(p*(1-p)) / n)
}

// stages are the stretches, those of equal share put together.
func (c *course) stages(ctx *Context) []Stage {
	var all []Stage
	for _, s := range c.stretches {
		lasts := time.Duration(0)
		if s.until != rollout.Forever {
			lasts = s.until - s.from
		}
		hours := lasts.Hours()
		if s.until == rollout.Forever {
			hours = 1
		}
		perSecond := float64(ctx.Requests * s.share)
		if s.tested {
			perSecond = ctx.LoadTest
		}
		requests := float64(perSecond * hours * 3600)
		if n := len(all); n > 0 && all[n-1].Share == s.share && all[n-1].Unseen == s.tested && s.share < 1 {
			all[n-1].Lasts += lasts
			all[n-1].Requests += requests
			all[n-1].Person = all[n-1].Person || s.person
			continue
		}
		all = append(all, Stage{Share: s.share, Starts: s.from, Lasts: lasts, Person: s.person, Unseen: s.tested, Requests: requests})
	}
	return all
}

// row sums the endings of one defect up.
func (c *course) row(l *ledger, all []ending, drawn float64) Row {
	r := Row{Class: string(l.d.class), Size: l.d.size, Caught: sum(all), Error: standardError(sum(all), drawn)}
	slices.SortStableFunc(all, func(a, b ending) int { return cmp.Compare(a.at, b.at) })
	stages := c.stages(l.ctx)
	for i := range stages {
		p := 0.0
		for _, e := range all {
			if e.at <= stages[i].Starts {
				p += e.p
			}
		}
		r.Before = append(r.Before, min(1, p))
	}
	hours := 0.0
	for _, e := range all {
		if e.at <= c.full {
			r.All += e.p
		}
		stop := e.at + l.ctx.Respond
		if e.holds {
			stop += l.ctx.Person
		}
		if c.full != rollout.Forever || l.first != rollout.Forever {
			hours += float64(e.p * max(0, (e.at-min(l.first, e.at)).Hours()))
		}
		l.harm(&r, e.p, stop)
	}
	if r.Caught > 0 {
		r.Detect = hours / r.Caught
	}
	r.All = min(1, r.All)
	l.harm(&r, 1-r.Caught, l.noticed())
	return r
}

// noticed is when people notice what nothing else has.
func (l *ledger) noticed() time.Duration { return l.c.end + l.ctx.Notice }

// harm adds what a defect does until a time, with a probability.
func (l *ledger) harm(r *Row, p float64, until time.Duration) {
	if p <= 0 {
		return
	}
	m := l.at(until)
	r.Failed += float64(p * float64(m.hurting*float64(l.ctx.Requests*3600*l.d.size)))
	r.Users += float64(p * l.ctx.affected(m.hurting, m.shares, l.d.size))
}

// affected is how many users meet at least one failure in so many hours at full
// audience. Each request of each user fails with the same probability, and users make
// requests by chance (Poisson). Where users stay in or out, only a share of them can.
func (c *Context) affected(hours, share, size float64) float64 {
	if share == 0 {
		return 0
	}
	meets := 1 - portable.Exp(-float64(float64(c.perUser()*size)*(hours/share)))
	return float64(c.Users * float64(share*meets))
}
