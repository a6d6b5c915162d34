package assess

import (
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// longest bounds a course: what takes longer is cut off there.
const (
	longest   = 60 * 24 * time.Hour
	mostLooks = 20_000 // measurements of one course
)

// stretch is a time of constant exposure.
type stretch struct {
	from, until time.Duration // until is Forever for the last
	share       float64       // of users' traffic that meets the release, 0..1
	tested      bool          // a load test is all that the release sees
	step        int           // of the configuration; -1 none
	person      bool          // it ends when somebody acts
}

// course is what happens to a release that nothing stops.
type course struct {
	stretches []stretch // in order of time, without gaps
	runs      []run
	full      time.Duration // when everybody has the release; Forever never
	end       time.Duration // of what the controller watches; >= full
	stuck     bool          // it waits for ever for something that no person can do
	waits     int           // steps at which a person is waited for
	cut       bool          // it is longer than longest, or has too many looks
	judge     *Judge        // that compares; nil none
	lottery   bool          // each request is routed afresh: a small share soon meets everybody
}

// run is one analysis that is run beside the course.
type run struct {
	analysis *Analysis
	watch    rollout.Watch
	step     int           // of an inline analysis; startingStep of one in the background
	from     time.Duration // it begins
	until    time.Duration // it is terminated, or has ended; Forever where nothing ends it
	ended    bool          // it ended by itself
	looks    []look        // as long as all goes well
	phase    rollout.Phase // at the end, when all goes well: not Successful where there is nothing to measure
	phases   []phases      // of its metrics
}

// look is one measurement.
type look struct {
	metric int
	at     time.Duration // since the start of the course
}

// share is that of the stretch in which a time lies; the end of a stretch belongs to it.
func (c *course) stretchAt(at time.Duration) *stretch {
	for i := range c.stretches {
		if at <= c.stretches[i].until {
			return &c.stretches[i]
		}
	}
	return &c.stretches[len(c.stretches)-1]
}

// add begins a stretch; one of no length is forgotten.
func (c *course) add(s stretch) {
	if n := len(c.stretches); n > 0 {
		last := &c.stretches[n-1]
		last.until = s.from
		if last.from == last.until {
			c.stretches = c.stretches[:n-1]
		}
	}
	s.until = rollout.Forever
	c.stretches = append(c.stretches, s)
}

// watch begins a run; its looks are made by finish.
func (c *course) watch(a *Analysis, w rollout.Watch, step int, from time.Duration) *run {
	r := run{analysis: a, watch: w, step: step, from: from, until: rollout.Forever}
	for i := range a.Metrics {
		r.phases = append(r.phases, a.Metrics[i].phases())
	}
	c.runs = append(c.runs, r)
	return &c.runs[len(c.runs)-1]
}

// met says whether any request can have met the release before a time.
func (c *course) met(at time.Duration) bool {
	for i := range c.stretches {
		if s := &c.stretches[i]; s.from < at && (s.share > 0 || s.tested) {
			return true
		}
	}
	return false
}

// drive goes on until a time with every measurement a success, but for those that err
// because nothing has met the release yet. It says when the run has ended by itself;
// false when it was still going on.
func (r *run) drive(c *course, until time.Duration) (time.Duration, bool) {
	m := rollout.NewRun(r.analysis.Machine())
	r.looks = r.looks[:0]
	for due, ok := m.Next(); ok && r.from+due.At < until; due, ok = m.Next() {
		if len(r.looks) >= mostLooks {
			return 0, false
		}
		if p := &r.phases[due.Metric]; p.known() && p.empty == rollout.Error && !c.met(r.from+due.At) {
			m.Take(due, rollout.Measurement{Phase: rollout.Error})
			continue
		}
		r.looks = append(r.looks, look{due.Metric, r.from + due.At})
		m.Take(due, rollout.Measurement{Phase: rollout.Successful})
	}
	if at, over := m.EndedAt(); over {
		r.until, r.ended, r.phase = r.from+at, true, m.Phase()
		return r.until, true
	}
	return 0, false
}

// terminate ends the run from outside.
func (r *run) terminate(c *course, at time.Duration) {
	if _, over := r.drive(c, at); !over {
		r.until, r.phase = at, rollout.Successful
	}
}

// course of a canary of Argo Rollouts.
func (c *Canary) course(ctx *Context) *course {
	w := &canaryCourse{c: c, ctx: ctx, run: rollout.NewCanary(c.Machine), out: &course{full: rollout.Forever}, background: -1}
	w.note()
	for range 10 * (len(c.Steps) + 2) {
		if !w.next() {
			break
		}
	}
	return w.out
}

// canaryCourse drives a canary on which everything goes well.
type canaryCourse struct {
	c          *Canary
	ctx        *Context
	run        *rollout.CanaryRun
	out        *course
	background int // index in out.runs; -1 before it begins
}

// note writes the present state into the course.
func (w *canaryCourse) note() {
	s, out := w.run.Status(), w.out
	if (s.Background || s.State == rollout.Promoted) && w.background < 0 && w.c.Background != nil {
		w.background = len(out.runs)
		from := s.BackgroundSince
		if !s.Background { // it begins and is terminated with the last step
			from = s.Since
		}
		out.watch(w.c.Background, rollout.Background, *w.c.Machine.Background, from)
	}
	if s.State != rollout.Promoted {
		out.add(stretch{from: s.Since, share: w.c.Machine.Share(s.Weight), step: s.Step, person: s.State == rollout.PausedForPerson})
		return
	}
	out.add(stretch{from: s.Since, share: 1, step: len(w.c.Steps)})
	out.full, out.end = s.Since, s.Since
	for _, x := range out.stretches {
		if x.share >= 1 {
			out.full = x.from
			break
		}
	}
	if w.background >= 0 {
		out.runs[w.background].terminate(out, out.end)
	}
}

// next goes on to the next step; false at the end.
func (w *canaryCourse) next() bool {
	s, out := w.run.Status(), w.out
	if s.State.Final() {
		return false
	}
	if s.Since > longest {
		out.cut = true
		return false
	}
	switch s.State {
	case rollout.Paused:
		w.run.Advance(s.Until)
	case rollout.PausedForPerson:
		out.waits++
		w.run.Promote(s.Since + w.ctx.Person)
	case rollout.Measuring:
		if !w.inline(s) {
			return false
		}
	}
	w.note()
	return true
}

// inline goes through the analysis of a step; false where it never ends.
func (w *canaryCourse) inline(s rollout.CanaryStatus) bool {
	a := w.c.Steps[s.Step].Analysis
	if a == nil || len(a.Metrics) == 0 {
		w.run.Decide(rollout.Inline, rollout.Successful, s.Since)
		return true
	}
	r := w.out.watch(a, rollout.Inline, s.Step, s.Since)
	end, over := r.drive(w.out, s.Since+longest)
	if !over {
		w.out.stuck = true
		r.terminate(w.out, min(r.until, s.Since+24*time.Hour)) // what it would see in a day
		if w.background >= 0 {
			w.out.runs[w.background].terminate(w.out, r.until)
		}
		w.out.end = r.until
		return false
	}
	w.run.Decide(rollout.Inline, rollout.Successful, end)
	return true
}

// course of a blue-green rollout of Argo Rollouts.
func (b *BlueGreen) course(ctx *Context) *course {
	out, r := &course{full: rollout.Forever}, rollout.NewBlueGreen(b.Machine)
	for range 8 {
		s := r.Status()
		share := 0.0
		if s.Switched {
			share = 1
			out.full = min(out.full, s.Since)
		}
		out.add(stretch{from: s.Since, share: share, tested: !s.Switched, step: int(s.State), person: s.State == rollout.PausedForPerson})
		out.end = s.Since
		switch {
		case s.State.Final():
			return out
		case s.State == rollout.Paused:
			r.Advance(s.Until)
		case s.State == rollout.PausedForPerson:
			out.waits++
			r.Promote(s.Since + ctx.Person)
		default:
			a := b.Before
			if s.Watch == rollout.PostPromotion {
				a = b.After
			}
			end, over := s.Since, true
			if a != nil && len(a.Metrics) > 0 {
				end, over = out.watch(a, s.Watch, 0, s.Since).drive(out, s.Since+longest)
			}
			if !over {
				last := &out.runs[len(out.runs)-1]
				last.terminate(out, s.Since+24*time.Hour)
				out.stuck, out.end = true, last.until
				return out
			}
			r.Decide(rollout.Successful, end)
		}
	}
	return out
}

// course of a plain ramp.
func (r *Ramp) course(ctx *Context) *course {
	out, at := &course{full: rollout.Forever}, time.Duration(0)
	for i, s := range r.Stops {
		out.add(stretch{from: at, share: s.Share, step: i, person: s.Person})
		if s.Share >= 1 {
			out.full = min(out.full, at)
		}
		if i == len(r.Stops)-1 {
			break
		}
		if s.Person {
			out.waits++
			at += ctx.Person
		}
		at = min(at+s.Lasts, longest)
	}
	out.end = at
	if r.Judge != nil && r.Judge.lasts() {
		out.judge = r.Judge
	}
	if r.Check != nil {
		out.watch(r.Check, rollout.Background, 0, 0).terminate(out, at+r.Stops[len(r.Stops)-1].Lasts)
		out.end = max(at, out.runs[0].until)
	}
	return out
}
