package assess

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// mostTicks bounds the ticks of a canary.
const mostTicks = 5000

// stuckTicks is how long a canary is looked at that never advances.
const stuckTicks = 200

// flaggerCourse drives a canary of Flagger tick by tick.
type flaggerCourse struct {
	f      *Flagger
	ctx    *Context
	d      defect
	phases []phases
	every  float64   // hours between ticks
	pass   []float64 // of each metric a value that passes; NaN: none does
	stages []Stage
	limit  int // ticks that are looked at; fewer where a good release never ends
}

func newFlaggerCourse(ctx *Context, f *Flagger, d defect) *flaggerCourse {
	c := &flaggerCourse{f: f, ctx: ctx, d: d, every: f.Machine.Every().Hours(), limit: mostTicks}
	for i := range f.Machine.Metrics {
		c.phases = append(c.phases, f.phases(i))
		c.pass = append(c.pass, f.passing(i))
	}
	return c
}

// passing is a value that passes the check of a metric, NaN where none does.
func (f *Flagger) passing(metric int) float64 {
	m := &f.Machine.Metrics[metric]
	tries := []float64{0, 1, 100, 50, m.Threshold}
	if r := m.Range; r != nil {
		for _, bound := range []*float64{r.Min, r.Max} {
			if bound != nil {
				tries = append(tries, *bound)
			}
		}
	}
	for _, x := range tries {
		if m.Passes(x) {
			return x
		}
	}
	return math.NaN()
}

// answers of a tick: all checks pass, or one that is judged fails.
func (c *flaggerCourse) answers(healthy bool) rollout.Answers {
	a := rollout.Answers{Metrics: slices.Clone(c.pass), Hooks: make([]bool, len(c.f.Machine.Hooks))}
	if !healthy {
		for i := range a.Metrics {
			if c.phases[i].known() {
				a.Metrics[i] = math.NaN()
			}
		}
	}
	for i, h := range c.f.Machine.Hooks {
		a.Hooks[i] = h != rollout.RollbackHook
	}
	return a
}

// live is the share of users' traffic that meets the release, and whether a load test
// is all that it gets.
func (c *flaggerCourse) live(s rollout.FlaggerStatus) (share float64, tested bool) {
	switch s.Phase {
	case rollout.Promoting, rollout.Finalising, rollout.Succeeded:
		return 1, false
	}
	share = float64(s.Canary) / 100
	if c.f.Machine.Strategy() == rollout.ABTest {
		share = float64(share * c.ctx.Matched)
	}
	return share, share == 0
}

// requests that a check sees in an interval of a state.
func (c *flaggerCourse) requests(s rollout.FlaggerStatus) float64 {
	share, tested := c.live(s)
	perSecond := float64(c.ctx.Requests * share)
	switch {
	case s.Mirrored:
		perSecond = c.ctx.Requests
	case tested && c.f.Load:
		perSecond = c.ctx.LoadTest
	case tested:
		perSecond = 0
	}
	return float64(perSecond * c.every * 3600)
}

// spoilt are the shares of failing and slow requests after so many hours of exposure.
func (c *flaggerCourse) spoilt(share, since float64) (failing, slow float64, shows bool) {
	failing, slow, shows = c.ctx.Baseline, c.ctx.Slow, true
	switch c.d.class {
	case late:
		shows = since >= c.ctx.Late.Hours()
	case loaded:
		shows = share >= underLoad
	case slowed:
		return failing, slow + float64(c.d.size*(1-slow)), true
	}
	if shows {
		failing += float64(c.d.size * (1 - failing))
	}
	return failing, slow, shows
}

// odds is the probability that every check of a tick passes. Checks of one signal look
// at the same requests: the strictest decides. Signals are independent.
func (c *flaggerCourse) odds(n, failing, slow float64) float64 {
	best := map[Signal]float64{Failing: 1, Slow: 1}
	for i := range c.phases {
		if !c.phases[i].known() {
			continue
		}
		signal, bad := c.f.Probes[i].Signal, failing
		if signal == Slow {
			bad = slow
		}
		o := c.phases[i].odds(math.Floor(n+0.5), bad)
		best[signal] = min(best[signal], o.of(rollout.Successful))
	}
	return float64(best[Failing] * best[Slow])
}

// state of the chain: what Flagger knows, and what users have met.
type state struct {
	status  rollout.FlaggerStatus
	hurting int // ticks at full audience in which the defect showed, in thousandths
	stage   int // of the clean course
	since   int // ticks since the first user met the release; -1 none has
}

// held is a canary in a state, with its probability.
type held struct {
	state
	run rollout.FlaggerRun
	p   float64
}

// isExact says whether no look of a canary reaches back beyond its tick.
func (f *Flagger) isExact() bool {
	for i := range f.Probes {
		if f.Probes[i].Signal != Unknown && f.Probes[i].Window > f.Machine.Every() {
			return false
		}
	}
	return true
}

// stop is the end of a canary that is taken back, or promoted.
type stop struct {
	p       float64
	tick    int
	since   int
	stage   int
	hurting float64 // hours at full audience in which the defect showed
	share   float64 // largest share of users, 0..1
	back    bool    // it is taken back
	full    bool    // everybody had it before
}

// table of a canary of Flagger.
func (f *Flagger) table(ctx *Context) Table {
	clean := newFlaggerCourse(ctx, f, defect{class: atOnce})
	stages, ticks, done := clean.clean()
	t := Table{Stages: stages, Lasts: time.Duration(ticks) * f.Machine.Every(), Never: !done, Exact: true}
	if t.Never {
		t.Lasts = 0
	}
	solve := func(d defect) (*flaggerCourse, []stop, float64) {
		c := newFlaggerCourse(ctx, f, d)
		c.stages = stages
		if !done {
			c.limit = stuckTicks
		}
		if f.isExact() {
			if all, ok := c.chain(); ok {
				return c, all, 0
			}
		}
		all, n := c.simulate(ticks)
		t.Exact, t.Drawn = false, n
		return c, all, float64(n)
	}
	_, all, n := solve(defect{class: atOnce})
	t.False = back(all)
	t.FalseE = standardError(t.False, n)
	for _, d := range defects(ctx) {
		c, all, n := solve(d)
		t.Rows = append(t.Rows, c.row(all, n))
	}
	return t
}

func back(all []stop) float64 {
	p := 0.0
	for _, s := range all {
		if s.back {
			p += s.p
		}
	}
	return min(1, p)
}

// clean goes through a canary on which every check passes: its stages, the ticks until
// everybody has the release, and whether that comes.
func (c *flaggerCourse) clean() (stages []Stage, ticks int, done bool) {
	r := rollout.NewFlagger(c.f.Machine)
	well := c.answers(true)
	// A first tick sees the revision; its answer counts for nothing.
	for tick := range mostTicks {
		s := r.Tick(well)
		share, tested := c.live(s)
		if n := len(stages); n == 0 || stages[n-1].Share != share {
			stages = append(stages, Stage{Share: share, Starts: time.Duration(tick) * c.f.Machine.Every(), Unseen: tested})
		}
		last := &stages[len(stages)-1]
		if s.Phase == rollout.Promoting || s.Phase == rollout.Succeeded || s.Phase == rollout.Finalising {
			last.Requests = float64(c.ctx.Requests * 3600)
			return stages, tick, true
		}
		last.Lasts += c.f.Machine.Every()
		last.Requests += c.requests(s)
		if s.Phase == rollout.FlaggerFailed || tick > 300 && len(stages) <= 2 && s.Canary == 0 && s.Iterations == 0 {
			break
		}
	}
	return stages, 0, false
}

// chain is the exact law of the stops; false where it has too many states.
func (c *flaggerCourse) chain() ([]stop, bool) {
	now := []held{{state: state{since: -1}, run: *rollout.NewFlagger(c.f.Machine), p: 1}}
	var stops []stop
	well, ill := c.answers(true), c.answers(false)
	work := 0
	for tick := 0; len(now) > 0; tick++ {
		if work += len(now); tick > mostTicks || work > mostWork/10 {
			return nil, false
		}
		places := map[state]int{}
		var next []held
		for i := range now {
			h := &now[i]
			pass := c.checks(h)
			for _, way := range []struct {
				a rollout.Answers
				p float64
			}{{well, pass}, {ill, 1 - pass}} {
				if way.p <= 0 || h.p*way.p < 1e-15 {
					continue
				}
				to := c.step(*h, way.a)
				to.p = float64(h.p * way.p)
				if s, over := c.over(&to, h, tick); over {
					stops = append(stops, s)
				} else if at, known := places[to.state]; known {
					next[at].p += to.p
				} else {
					places[to.state] = len(next)
					next = append(next, to)
				}
			}
		}
		now = next
		if c.limit < mostTicks && tick >= c.limit {
			break
		}
	}
	return stops, true
}

// checks is the probability that the checks of the next tick pass.
func (c *flaggerCourse) checks(h *held) float64 {
	s := h.status
	if s.Phase != rollout.Progressing && s.Phase != rollout.WaitingPromotion {
		return 1
	}
	share, _ := c.live(s)
	failing, slow, _ := c.spoilt(share, float64(float64(max(0, h.since))*c.every))
	return c.odds(c.requests(s), failing, slow)
}

// step is a tick: first the users of the interval that is over, then the checks.
func (c *flaggerCourse) step(h held, a rollout.Answers) held {
	share, _ := c.live(h.status)
	if _, _, shows := c.spoilt(share, float64(float64(max(0, h.since))*c.every)); shows && c.d.size > 0 {
		h.hurting += int(math.Floor(float64(share*1000) + 0.5))
	}
	if h.since >= 0 {
		h.since++
	}
	h.status = h.run.Tick(a)
	now, _ := c.live(h.status)
	if now > 0 && h.since < 0 {
		h.since = 0
	}
	if c.d.class != late { // nothing else asks for how long users have met it
		h.since = min(h.since, 0)
	}
	for h.stage+1 < len(c.stages) && now >= c.stages[h.stage+1].Share && now > c.stages[h.stage].Share {
		h.stage++
	}
	return h
}

// over says how a canary has ended; false while it goes on.
func (c *flaggerCourse) over(h, before *held, tick int) (stop, bool) {
	switch h.status.Phase {
	case rollout.FlaggerFailed:
	case rollout.Promoting, rollout.Finalising, rollout.Succeeded:
	default:
		return stop{}, false
	}
	share, _ := c.live(before.status)
	return stop{p: h.p, tick: tick, since: c.ticksSince(tick), stage: before.stage, hurting: float64(float64(h.hurting) / 1000 * c.every), share: share,
		back: h.status.Phase == rollout.FlaggerFailed, full: share >= 1}, true
}

// ticksSince is how many ticks a user has met the release for, at the earliest.
func (c *flaggerCourse) ticksSince(tick int) int {
	for _, s := range c.stages {
		if s.Share > 0 {
			return max(0, tick-int(s.Starts/c.f.Machine.Every()))
		}
	}
	return 0
}

// row sums the stops of one defect up.
func (c *flaggerCourse) row(all []stop, drawn float64) Row {
	r := Row{Class: string(c.d.class), Size: c.d.size, Caught: back(all), Error: standardError(back(all), drawn), Before: make([]float64, len(c.stages))}
	hours := 0.0
	for _, s := range all {
		hurting, share := s.hurting, s.share
		if s.back {
			hurting += float64(s.share * c.ctx.Respond.Hours())
			hours += float64(s.p * float64(float64(s.since)*c.every))
			for i := s.stage + 1; i < len(r.Before); i++ {
				r.Before[i] = min(1, r.Before[i]+s.p)
			}
			if !s.full {
				r.All = min(1, r.All+s.p)
			}
		} else {
			hurting, share = hurting+c.ctx.Notice.Hours(), 1
		}
		if !c.f.Sticky && share > 0 && c.f.Machine.Strategy() != rollout.ABTest {
			share = 1
		}
		r.Failed += float64(s.p * float64(hurting*float64(c.ctx.Requests*3600*c.d.size)))
		r.Users += float64(s.p * c.ctx.affected(hurting, share, c.d.size))
	}
	if r.Caught > 0 {
		r.Detect = hours / r.Caught
	}
	return r
}
