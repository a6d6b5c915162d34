package assess

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// Outline is a rollout as an ordinary scenario can say it: rings and the checks that
// watch them. It is a simplification; Loose says, in sentences, of what.
type Outline struct {
	Rings  []OutlineRing
	Checks []OutlineCheck
	Loose  []string
}

// OutlineRing is a share of the traffic and how long it lasts.
type OutlineRing struct {
	Share  float64 // 0..1, not falling
	Bake   time.Duration
	Checks []int // indices into Outline.Checks of those that watch it
}

// OutlineCheck is one check of the share of failing requests.
type OutlineCheck struct {
	Name      string
	Flagger   bool // as Flagger does it; else as Argo Rollouts does
	Judge     bool // as Kayenta does it
	Interval  time.Duration
	Delay     time.Duration
	Window    time.Duration
	Count     int     // measurements; 0 is no end
	Allows    float64 // failing share, 0..1
	Failures  int     // that are borne by Argo Rollouts, or the threshold of Flagger
	Empty     bool    // no data passes
	Inline    bool
	MaxWeight float64 // of Flagger, 0..1
	Spot      Spot
}

// Outline makes one of a rollout that the controller would take; false otherwise.
func (r *Rollout) Outline(ctx Context) (Outline, bool) {
	switch {
	case len(r.Refused) > 0:
		return Outline{}, false
	case r.Flagger != nil:
		return r.Flagger.outline(&ctx)
	}
	c := r.course(&ctx)
	if c.full == rollout.Forever || c.stuck {
		return Outline{}, false
	}
	var o Outline
	for i := range c.runs {
		o.run(c, &c.runs[i])
	}
	o.rings(c)
	if j := c.judge; j != nil && j.worst() < j.Pass {
		o.Checks = append(o.Checks, OutlineCheck{Name: "judge", Judge: true, Interval: j.Every, Window: j.Step, Spot: r.Spots.At("")})
		for i := range o.Rings[:len(o.Rings)-1] {
			o.Rings[i].Checks = append(o.Rings[i].Checks, len(o.Checks)-1)
		}
	}
	return o, true
}

// rings are the stretches, with the runs that watch each.
func (o *Outline) rings(c *course) {
	most := 0.0
	for _, s := range c.stretches {
		if s.share == 0 || s.from > c.full {
			continue
		}
		if s.share < most {
			o.Loose = append(o.Loose, "a weight that falls again is taken to stay")
		}
		most = math.Max(most, s.share)
		ring := OutlineRing{Share: most}
		if s.until != rollout.Forever {
			ring.Bake = s.until - s.from
		}
		for i := range o.Checks {
			if r := o.runOf(c, i); r.from < s.until && s.from < max(r.until, r.from+1) {
				ring.Checks = append(ring.Checks, i)
			}
		}
		o.push(ring)
		if most >= 1 {
			break
		}
	}
	if most < 1 {
		o.push(OutlineRing{Share: 1})
	}
}

// runOf is the run that a check was made of.
func (o *Outline) runOf(c *course, check int) *run {
	for i := range c.runs {
		for k := range c.runs[i].analysis.Metrics {
			m := &c.runs[i].analysis.Metrics[k]
			if usable(m, &c.runs[i].phases[k]) {
				if check == 0 {
					return &c.runs[i]
				}
				check--
			}
		}
	}
	return &run{}
}

// usable says whether a scenario has a word for a metric; one that can never fail has
// none.
func usable(m *Metric, p *phases) bool {
	_, ok := p.allows()
	n := m.Count
	if n == 0 && m.Interval == 0 {
		n = 1
	}
	return ok && (n == 0 || m.FailureLimit < n) && !m.Dry && m.Probe.Signal == Failing
}

// push adds a ring; to one of the same share it is added.
func (o *Outline) push(r OutlineRing) {
	n := len(o.Rings)
	if n > 0 && o.Rings[n-1].Share == r.Share && r.Share < 1 {
		last := &o.Rings[n-1]
		last.Bake += r.Bake
		for _, c := range r.Checks {
			last.Checks = include(last.Checks, c)
		}
		return
	}
	if n > 0 && o.Rings[n-1].Bake == 0 && o.Rings[n-1].Share < 1 {
		o.Rings = o.Rings[:n-1] // it takes no time
	}
	o.Rings = append(o.Rings, r)
}

func include(all []int, x int) []int {
	for _, y := range all {
		if y == x {
			return all
		}
	}
	return append(all, x)
}

// run adds the checks of an analysis.
func (o *Outline) run(c *course, r *run) {
	for i := range r.analysis.Metrics {
		m, p := &r.analysis.Metrics[i], &r.phases[i]
		if !usable(m, p) {
			if p.known() && p.half > 0 || m.Probe.Signal == Slow {
				o.Loose = append(o.Loose, "the metric "+quoted(m.Name)+" is not in the scenario, which has no word for what it measures")
			}
			continue
		}
		allows, _ := p.allows()
		check := OutlineCheck{Name: m.Name, Interval: m.Interval, Delay: m.InitialDelay, Window: m.Probe.Window, Count: m.Count, Allows: allows,
			Failures: max(0, m.FailureLimit), Empty: p.none == rollout.Successful, Inline: r.watch != rollout.Background, Spot: m.Spots.At("")}
		if check.Interval == 0 {
			check.Interval, check.Count = max(time.Minute, check.Window), 1
		}
		if check.Window%check.Interval != 0 {
			check.Window = max(1, (check.Window+check.Interval/2)/check.Interval) * check.Interval
			o.Loose = append(o.Loose, "the window of "+quoted(m.Name)+" is rounded to whole intervals")
		}
		o.Checks = append(o.Checks, check)
	}
}

// outline of a canary of Flagger.
func (f *Flagger) outline(ctx *Context) (Outline, bool) {
	c := newFlaggerCourse(ctx, f, defect{class: atOnce})
	stages, _, done := c.clean()
	if !done {
		return Outline{}, false
	}
	var o Outline
	most := 0.0
	for _, s := range stages {
		if s.Share < 1 {
			most = math.Max(most, s.Share)
		}
	}
	for i := range f.Probes {
		p := f.phases(i)
		bound, ok := p.allows()
		if !ok || f.Probes[i].Signal != Failing {
			o.Loose = append(o.Loose, "the metric "+quoted(f.Machine.Metrics[i].Name)+" is not in the scenario, which has no word for what it measures")
			continue
		}
		o.Checks = append(o.Checks, OutlineCheck{Name: f.Machine.Metrics[i].Name, Flagger: true, Interval: f.Machine.Every(), Allows: bound,
			Failures: max(1, f.Machine.Threshold), MaxWeight: most, Spot: f.Metrics[i].At("")})
	}
	var watch []int
	for i := range o.Checks {
		watch = append(watch, i)
	}
	for _, s := range stages {
		if s.Share > 0 {
			o.push(OutlineRing{Share: s.Share, Bake: s.Lasts, Checks: watch})
		}
	}
	if n := len(o.Rings); n == 0 || o.Rings[n-1].Share < 1 {
		o.push(OutlineRing{Share: 1, Checks: watch})
	}
	return o, true
}
