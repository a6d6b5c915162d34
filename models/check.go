package models

import (
	"fmt"
	"math"
)

// Problem is one thing in a Case that cannot be simulated.
type Problem struct {
	Path    string // address in the Case, e.g. "pipelines[1].stages[2].ring.share"
	Message string
}

func (p Problem) Error() string { return p.Path + ": " + p.Message }

// Check lists everything in the Case that cannot be simulated; an empty list
// means that it can. The engine relies on it: a Case with problems may panic.
func (c *Case) Check() []Problem {
	k := &checker{c: c}
	k.service()
	k.changes()
	k.limit("classes", len(c.Classes), 1, MaxClasses)
	total := 0.0
	for i := range c.Classes {
		k.class(fmt.Sprintf("classes[%d]", i), &c.Classes[i])
		total += c.Classes[i].Share
	}
	k.must(total > 0, "classes", "the shares add up to nothing")
	k.limit("pipelines", len(c.Pipelines), 1, MaxPipelines)
	for i := range c.Pipelines {
		k.pipeline(fmt.Sprintf("pipelines[%d]", i), &c.Pipelines[i])
	}
	k.joined()
	return k.problems
}

// joined checks which beliefs depend on one another.
func (k *checker) joined() {
	for i, j := range k.c.Joined {
		path := fmt.Sprintf("joined[%d]", i)
		if !(j.First >= 0 && j.First < j.Second && j.Second < len(k.c.Beliefs)) {
			k.must(false, path, "joins belief %d with %d of %d", j.First, j.Second, len(k.c.Beliefs))
			return
		}
		k.must(math.Abs(j.Correlation) < 1, path, "is %v; a correlation lies between -1 and 1, both excluded", j.Correlation)
	}
	_, ok := k.c.Copula()
	k.must(ok, "joined", "the correlations cannot all be true at once")
}

type checker struct {
	c        *Case
	problems []Problem
}

func (k *checker) must(ok bool, path, format string, args ...any) {
	if !ok {
		k.problems = append(k.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
	}
}

func (k *checker) limit(path string, n, low, high int) {
	k.must(n >= low && n <= high, path, "there are %d; between %d and %d can be simulated", n, low, high)
}

func (k *checker) slot(path string, q Quantity) {
	k.must(q.Slot >= 0 && q.Slot <= len(k.c.Beliefs), path, "refers to belief %d of %d", q.Slot, len(k.c.Beliefs))
}

// least checks a Quantity that must not be below low.
func (k *checker) least(path string, q Quantity, low float64) {
	k.slot(path, q)
	k.must(q.Value >= low && !math.IsInf(q.Value, 1), path, "is %v; it must be a finite number, at least %v", q.Value, low)
}

func (k *checker) share(path string, q Quantity) {
	k.slot(path, q)
	k.must(q.Value >= 0 && q.Value <= 1, path, "is %v; a share or probability lies between 0 and 1", q.Value)
}

func (k *checker) amount(path string, a Amount) {
	if a.Varies == nil {
		k.share(path, a.Value)
	}
}

func (k *checker) span(path string, s Span) {
	if s.Varies == nil {
		k.least(path, s.Hours, 0)
	}
}

func (k *checker) service() {
	s := &k.c.Service
	k.least("service.users", s.Users, 0)
	k.least("service.requests_per_hour", s.RequestsPerHr, 0)
	k.share("service.baseline_errors", s.BaselineErrors)
	k.must(s.SLO >= 0 && s.SLO < 1, "service.slo", "is %v; it lies between 0 (none) and 1", s.SLO)
	if err := s.Shape.Check(); err != nil {
		k.must(false, "service.shape", "%v", err)
	}
	k.must(s.Swings.Correlation >= 0 && s.Swings.Correlation < 1, "service.swings.correlation", "is %v; it lies between 0 and 1", s.Swings.Correlation)
	k.must(s.Swings.Correlation == 0 || s.Swings.Every > 0, "service.swings.every", "is %v hours; it must be positive", s.Swings.Every)
	k.least("service.outages.per_week", s.Outages.PerWeek, 0)
	k.span("service.outages.lasts", s.Outages.Lasts)
	k.amount("service.outages.errors", s.Outages.Errors)
	c := &s.Cost
	for _, q := range []Quantity{c.PerFailedReq, c.PerAffectedUser, c.PerUserHour, c.PerIncident, c.PerIrreversible, c.PerChangeDay} {
		k.least("service.cost", q, 0)
	}
	w := k.c.Work
	k.must(w.Start >= 0 && w.Start < w.End && w.End <= hoursPerDay && w.Days >= 1 && w.Days <= 7, "workweek",
		"%v to %v on %d days is no working week", w.Start, w.End, w.Days)
}

func (k *checker) changes() {
	ch := &k.c.Changes
	k.least("changes.defects", ch.Defects, 0)
	k.must(ch.Warmup >= 0, "changes.warmup", "is %d; it must be 0 or more", ch.Warmup)
	k.must(ch.PerPeriod >= 1, "changes.per_period", "is %d; a replication counts at least 1 change", ch.PerPeriod)
	k.span("changes.every", ch.Every)
	for i, at := range ch.At {
		k.must(at >= 0 && (i == 0 || at >= ch.At[i-1]) && at <= ch.AtCycle, fmt.Sprintf("changes.at[%d]", i),
			"is %v; the list must rise and end before the cycle of %v hours", at, ch.AtCycle)
	}
	if len(ch.At) > 0 {
		k.must(ch.AtCycle > 0, "changes.at_cycle", "is %v; a list needs a cycle above 0", ch.AtCycle)
	} else if ch.Every.IsZero() {
		k.least("changes.per_week", ch.PerWeek, 0)
		k.must(ch.PerWeek.Value > 0 || ch.PerWeek.Slot > 0, "changes.per_week", "is 0; no change would ever arrive")
	}
}

func (k *checker) class(path string, cl *Class) {
	k.must(cl.Share >= 0 && !math.IsInf(cl.Share, 1), path+".share", "is %v; it must be finite and not negative", cl.Share)
	for _, f := range []struct {
		name string
		q    Quantity
	}{
		{"reproducible", cl.Reproducible}, {"exercised", cl.Exercised}, {"visible", cl.Visible},
		{"reported", cl.Reported}, {"global", cl.Global}, {"load_bound", cl.LoadBound}, {"irreversible", cl.Irreversible},
		{"together", cl.Together},
		{"absent", cl.Absent},
	} {
		k.share(path+"."+f.name, f.q)
	}
	k.least(path+".calendar", cl.Calendar, 0)
	k.amount(path+".reach", cl.Reach)
	k.amount(path+".strength", cl.Strength)
	k.amount(path+".load_share", cl.LoadShare)
	k.span(path+".onset", cl.Onset)
	k.span(path+".onset_dose", cl.OnsetDose)
}

func (k *checker) pipeline(path string, p *Pipeline) {
	k.limit(path+".stages", len(p.Stages), 1, MaxStages)
	k.limit(path+".detectors", len(p.Detectors), 0, MaxDetectors)
	b := p.Batching
	rules := 0
	for _, used := range []bool{b.Every > 0, b.Cadence > 0, b.WhenFree} {
		if used {
			rules++
		}
	}
	k.must(rules == 1 && b.Every >= 0 && b.Cadence >= 0 && b.Offset >= 0, path+".batching", "exactly one rule must apply, %d do", rules)
	k.must(p.WatchHours > 0 && !math.IsInf(p.WatchHours, 1), path+".watch_hours", "is %v; the last ring must be watched for a while", p.WatchHours)
	k.must(p.RampSlots >= 0, path+".ramp_slots", "is %d", p.RampSlots)
	k.span(path+".response.acknowledge", p.Response.Acknowledge)
	k.span(path+".response.decide", p.Response.Decide)
	k.span(path+".response.act", p.Response.Act)
	k.span(path+".fix.effort", p.Fix.Effort)
	k.least(path+".fix.late_multiplier", p.Fix.LateMultiplier, 0)
	k.share(path+".response.fails", p.Response.Fails)
	k.must(p.Response.Responders >= 0, path+".response.responders", "is %d", p.Response.Responders)
	k.share(path+".skips_ramp", p.SkipsRamp)
	k.limit(path+".freezes", len(p.Freezes), 0, maxFreezes)
	for i, f := range p.Freezes {
		k.must(f.From >= 0 && f.Hours > 0 && f.Hours < f.Every && f.Every <= maxDuration.Hours(), fmt.Sprintf("%s.freezes[%d]", path, i),
			"lasts %v of every %v hours; it must end before it begins again", f.Hours, f.Every)
	}
	k.stages(path, p)
}

func (k *checker) stages(path string, p *Pipeline) {
	rings, share := 0, 0.0
	for i := range p.Stages {
		st, at := &p.Stages[i], fmt.Sprintf("%s.stages[%d]", path, i)
		if st.Kind == InEnvironment {
			k.must(rings == 0, at, "environment %q stands behind a ring", st.Name)
			k.environment(at, &st.Environment)
			continue
		}
		rings++
		r := &st.Ring
		k.share(at+".share", r.Share)
		k.must(r.Share.Value >= share, at+".share", "is %v; the ring before has %v already", r.Share.Value, share)
		share = r.Share.Value
		k.span(at+".bake", r.Bake)
		k.span(at+".approval", r.Approval)
		for _, d := range r.Watch {
			k.must(d >= 0 && d < len(p.Detectors), at+".watch", "there is no detector %d", d)
		}
	}
	k.limit(path+".stages (rings)", rings, 1, MaxRings)
}

func (k *checker) environment(path string, e *Environment) {
	k.must(e.Slots >= 0, path+".slots", "is %d", e.Slots)
	k.must(e.MaxReruns >= 0 && e.MaxReruns < maxReruns, path+".max_reruns", "is %d", e.MaxReruns)
	k.must(len(e.ByClass) == 0 || len(e.ByClass) == len(k.c.Classes), path+".by_class", "has %d entries for %d classes", len(e.ByClass), len(k.c.Classes))
	k.span(path+".setup", e.Setup)
	k.span(path+".run", e.Run)
	k.span(path+".approval", e.Approval)
	k.least(path+".fidelity", e.Fidelity, 0)
	k.least(path+".coverage", e.Coverage, 0)
	k.share(path+".flaky", e.Flaky)
}
