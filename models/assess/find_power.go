package assess

import (
	"fmt"
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

var falseAlarms = Rule{
	ID: "RR-A004", Title: "good releases are taken back", Severity: Doubt,
	Doc: "Noise alone crosses the threshold: the baseline of failing requests, seen through few requests, fails measurements. Allow more failures, look back further, or move the threshold.",
	Find: func(s *Subject) []Finding {
		if s.table == nil || s.table.False*s.Context.FalseAlarms <= 1 || s.table.False >= 0.999 {
			return nil
		}
		f := Finding{Place: s.Rollout.Spots.At("").Place,
			Evidence: fmt.Sprintf("Of releases without any defect, at a baseline of %s failing requests, %s are stopped.", percent(s.Context.Baseline), ofReleases(s.table.False)),
			Advice:   "allow more failures in all, or a window with more requests"}
		if m, ok := s.loudest(); ok {
			f.Place = m.Spots.At("failureLimit").Place
			f.Edits = s.calmer(m)
		}
		if fl := s.Rollout.Flagger; fl != nil {
			f.Place = fl.Spots.At("threshold").Place
			f.Edits = s.calmerFlagger()
		}
		return []Finding{f}
	},
}

var alwaysBad = Rule{
	ID: "RR-A029", Title: "every release is taken back", Severity: Bad,
	Doc: "Even a release without any defect fails its checks. The threshold, the scale or the traffic that the checks can see is not what the author had in mind.",
	Find: func(s *Subject) []Finding {
		if s.table == nil || s.table.False < 0.999 {
			return nil
		}
		f := Finding{Place: s.Rollout.Spots.At("").Place, Advice: "look at what the metric measures before the first user, and at its scale",
			Evidence: fmt.Sprintf("Of releases without any defect, %s are stopped.", ofReleases(s.table.False))}
		if m, ok := s.loudest(); ok {
			f.Place = m.conditionSpot().Place
		}
		if fl := s.Rollout.Flagger; fl != nil {
			f.Place = fl.Spots.At("metrics").Place
		}
		return []Finding{f}
	},
}

// loudest is the metric that fails a good release most often at one look.
func (s *Subject) loudest() (watched, bool) {
	var found watched
	most := 0.0
	if s.course == nil {
		return found, false
	}
	l := newLedger(s.Context, s.course, defect{class: atOnce}, s.course.end+time.Hour)
	all := s.course.glances()
	ms := s.metrics()
	for i := range ms {
		for _, g := range all {
			if &s.course.runs[g.run] != ms[i].run || g.metric != ms[i].index {
				continue
			}
			n, bad := l.window(ms[i].Probe.Signal, g.from, g.at)
			o := ms[i].phases.odds(n, bad)
			if p := 1 - o.of(rollout.Successful); p > most {
				most, found = p, ms[i]
			}
		}
	}
	return found, most > 0
}

// calmer allows as many failures as make false alarms rare; none where that would be
// all of them.
func (s *Subject) calmer(m watched) []Edit {
	looks := len(m.looks())
	was := m.FailureLimit
	defer func() { m.run.analysis.Metrics[m.index].FailureLimit = was }()
	for limit := was + 1; limit < looks && limit < was+40; limit++ {
		m.run.analysis.Metrics[m.index].FailureLimit = limit
		all := s.course.glances()
		l := newLedger(s.Context, s.course, defect{class: atOnce}, s.course.end+time.Hour)
		e, ok := []ending(nil), false
		if s.course.isExact(all) {
			e, ok = s.course.exact(l, all)
		}
		if !ok {
			return nil
		}
		if sum(e)*s.Context.FalseAlarms <= 1 {
			return set(m.Spots, "failureLimit", fmt.Sprint(limit), "interval", "count", "name")
		}
	}
	return nil
}

// calmerFlagger finds the least threshold that makes false alarms rare.
func (s *Subject) calmerFlagger() []Edit {
	f := *s.Rollout.Flagger
	if !f.isExact() {
		return nil
	}
	for n := max(1, f.Machine.Threshold) + 1; n <= 20; n++ {
		f.Machine.Threshold = n
		c := newFlaggerCourse(s.Context, &f, defect{class: atOnce})
		c.stages, _, _ = c.clean()
		if stops, ok := c.chain(); ok && back(stops)*s.Context.FalseAlarms <= 1 {
			return set(f.Spots, "threshold", fmt.Sprint(n), "interval")
		}
	}
	return nil
}

var weak = Rule{
	ID: "RR-A005", Title: "it would miss a defect that it is there for", Severity: Doubt,
	Doc: "Before everybody has the release, the checks stop fewer than half of the releases with a defect of the stated size: too few measurements, too few requests, or a threshold above it. Bake longer, or bring the threshold down.",
	Find: func(s *Subject) []Finding {
		if s.table == nil || len(s.table.Rows) == 0 || !s.checks() {
			return nil
		}
		row := s.table.at(s.Context.Size)
		caught, when := row.All, "before everybody has them"
		if b := s.Rollout.BlueGreen; b != nil { // the switch is to everybody: what counts is that it is taken back
			caught, when = row.Caught, "before or after the switch"
		}
		if caught >= s.Context.Power || s.table.Never {
			return nil
		}
		f := Finding{Place: s.Rollout.Spots.At("").Place,
			Evidence: fmt.Sprintf("Of releases that fail %s of the requests, %s are stopped %s; %s users are hit on average.", percent(row.Size), ofReleases(caught), when, grouped(math.Round(row.Users)))}
		f.Place, f.Edits, f.Advice = s.longer(row)
		return []Finding{f}
	},
}

// checks says whether anything that is simulated could object.
func (s *Subject) checks() bool {
	for _, m := range s.metrics() {
		if m.phases.half > 0 {
			return true
		}
	}
	if r := s.Rollout.Ramp; r != nil && r.Judge != nil {
		return r.Judge.worst() < r.Judge.Pass
	}
	if f := s.Rollout.Flagger; f != nil {
		for i := range f.Probes {
			if p := f.phases(i); p.half > 0 {
				return true
			}
		}
	}
	return false
}

// longer finds the bake time of the last pause that brings the power to 90 %.
func (s *Subject) longer(row *Row) (Place, []Edit, string) {
	at := s.Rollout.Spots.At("").Place
	if s.Rollout.Flagger != nil {
		return s.stricter(row.Size)
	}
	if s.Rollout.BlueGreen != nil {
		return s.moreLooks(row)
	}
	if s.Rollout.Canary == nil {
		return at, nil, "bake longer, look more often, or bring the threshold down"
	}
	i := s.lastPause()
	if i < 0 {
		return at, nil, "pause before the last step, so that there is something to measure"
	}
	step := &s.Rollout.Canary.Steps[i]
	at = step.Spots.At("").Place
	for _, d := range []time.Duration{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440} {
		lasts := d * time.Minute
		if lasts <= step.Duration {
			continue
		}
		if p, ok := s.power(i, lasts, row.Size); ok && p >= 0.9 {
			return at, replace(step.Spots.At("duration"), written(lasts)),
				fmt.Sprintf("a pause of %s here would stop %s", span(lasts), ofReleases(p))
		}
	}
	return at, nil, "no pause of a day or less brings it to 90 of 100: the threshold lies above such a defect, or too few measurements are made"
}

// moreLooks finds the number of measurements of a blue-green rollout, after the switch or
// before it, that brings the power to 90 %, and makes no more false alarms than are borne.
func (s *Subject) moreLooks(row *Row) (Place, []Edit, string) {
	b := s.Rollout.BlueGreen
	for _, a := range []*Analysis{b.After, b.Before} {
		if a == nil {
			continue
		}
		for i := range a.Metrics {
			m := &a.Metrics[i]
			for _, n := range []int{2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60} {
				if m.Dry || m.Count == 0 || n <= m.Count || m.Interval == 0 && !m.Spots.Has("interval") {
					continue
				}
				if p, calm := s.caughtWith(m, n, row.Size); calm && p >= 0.9 {
					return m.Spots.At("count").Place, set(m.Spots, "count", fmt.Sprint(n), "interval", "name"), fmt.Sprintf("%d measurements would stop %s", n, ofReleases(p))
				}
			}
		}
	}
	return s.Rollout.Spots.At("").Place, nil, "look more often, or bring the threshold down"
}

// caughtWith is the probability that a defect of a size is caught when a metric takes n
// measurements, and whether good releases pass as often as they have to.
func (s *Subject) caughtWith(m *Metric, n int, size float64) (p float64, calm bool) {
	was := m.Count
	defer func() { m.Count = was }()
	m.Count = n
	t := s.Rollout.course(s.Context).table(s.Context)
	return t.at(size).Caught, t.False*s.Context.FalseAlarms <= 1
}

// stricter finds the largest threshold of a canary of Flagger that brings the power to
// 90 %, without stopping good releases too often.
func (s *Subject) stricter(size float64) (Place, []Edit, string) {
	f := *s.Rollout.Flagger
	at, advice := f.Spots.At("threshold").Place, "more steps, more traffic in each, or a tighter range"
	if !f.isExact() {
		return at, nil, advice
	}
	for n := f.Machine.Threshold - 1; n >= 1; n-- {
		f.Machine.Threshold = n
		good, bad := newFlaggerCourse(s.Context, &f, defect{class: atOnce}), newFlaggerCourse(s.Context, &f, defect{atOnce, size})
		good.stages, _, _ = good.clean()
		bad.stages = good.stages
		calm, ok := good.chain()
		caught, also := bad.chain()
		if !ok || !also || back(calm)*s.Context.FalseAlarms > 1 {
			break
		}
		p := 0.0
		for _, x := range caught {
			if x.back && !x.full {
				p += x.p
			}
		}
		if p >= 0.9 {
			return at, replace(f.Spots.At("threshold"), fmt.Sprint(n)), fmt.Sprintf("a threshold of %d would stop %s", n, ofReleases(p))
		}
	}
	return at, nil, advice
}

// lastPause is the last pause with a duration while users meet the release; -1 none.
func (s *Subject) lastPause() int {
	c, last, weight := s.Rollout.Canary, -1, 0
	for i := range c.Steps {
		switch c.Steps[i].Kind {
		case rollout.SetWeight:
			weight = c.Steps[i].Weight
		case rollout.Pause:
			if weight > 0 && weight < 100 {
				last = i
			}
		}
	}
	return last
}

// power is what the table would say if a pause were longer.
func (s *Subject) power(step int, lasts time.Duration, size float64) (float64, bool) {
	c := *s.Rollout.Canary
	c.Machine.Steps = append([]rollout.Step(nil), c.Machine.Steps...)
	if step >= len(c.Machine.Steps) {
		return 0, false
	}
	c.Machine.Steps[step].Duration = lasts
	out := c.course(s.Context)
	all := out.glances()
	if !out.isExact(all) {
		return 0, false
	}
	l := newLedger(s.Context, out, defect{atOnce, size}, out.end+time.Hour)
	e, ok := out.exact(l, all)
	p := 0.0
	for _, x := range e {
		if x.at <= out.full {
			p += x.p
		}
	}
	return p, ok
}

var atBaseline = Rule{
	ID: "RR-A012", Title: "the threshold is the baseline", Severity: Doubt,
	Doc: "A healthy service crosses the threshold about every second time. Put it well above the usual share of failing requests.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			base := s.Context.Baseline
			if m.Probe.Signal == Slow {
				continue
			}
			if bound, ok := m.phases.allows(); ok && bound <= base*1.5 && base > 0 {
				all = append(all, Finding{Place: m.conditionSpot().Place, Advice: "allow several times the baseline",
					Evidence: fmt.Sprintf("The metric %s allows %s failing requests, and %s fail without any defect.", quoted(m.Name), percent(bound), percent(base)),
					Edits:    replace(m.conditionSpot(), m.allowing(m.conditionKey(), max(0.01, float64(5*base))))})
			}
		}
		if f := s.Rollout.Flagger; f != nil {
			for i := range f.Probes {
				p := f.phases(i)
				bound, ok := p.allows()
				if ok && f.Probes[i].Signal == Failing && bound <= s.Context.Baseline*1.5 && s.Context.Baseline > 0 {
					all = append(all, Finding{Place: f.Ranges[i].At("").Place, Advice: "allow several times the baseline",
						Evidence: fmt.Sprintf("The metric %s allows %s failing requests, and %s fail without any defect.", quoted(f.Machine.Metrics[i].Name), percent(bound), percent(s.Context.Baseline)),
						Edits:    f.wider(i, max(0.01, float64(5*s.Context.Baseline)))})
				}
			}
		}
		return all
	},
}

// wider is the edit of a range that allows a share of bad requests.
func (f *Flagger) wider(metric int, bad float64) []Edit {
	key := "max"
	if f.Probes[metric].Success {
		key = "min"
	}
	return replace(f.Ranges[metric].At(key), fmt.Sprintf("%.6g", f.Probes[metric].Value(bad)))
}
