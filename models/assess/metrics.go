package assess

import (
	"math"
	"strconv"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// watched is one metric with the run that it belongs to.
type watched struct {
	*Metric
	run    *run
	index  int // in the run
	phases *phases
}

// metrics are those of all runs of a course, in their order, without dry ones.
func (s *Subject) metrics() []watched {
	var all []watched
	if s.course == nil {
		return nil
	}
	for r := range s.course.runs {
		run := &s.course.runs[r]
		for i := range run.analysis.Metrics {
			if m := &run.analysis.Metrics[i]; !m.Dry {
				all = append(all, watched{m, run, i, &run.phases[i]})
			}
		}
	}
	return all
}

// once leaves out the metrics of a template that has been met.
func once(all []watched) []watched {
	seen := map[Place]bool{}
	var out []watched
	for _, m := range all {
		if at := m.Spots.At("").Place; !seen[at] {
			seen[at] = true
			out = append(out, m)
		}
	}
	return out
}

// looks are the measurements of a metric.
func (w *watched) looks() []look {
	var all []look
	for _, l := range w.run.looks {
		if l.metric == w.index {
			all = append(all, l)
		}
	}
	return all
}

// analyses are all that a rollout asks for, with the word for each.
func (s *Subject) analyses() []*Analysis {
	var all []*Analysis
	r := s.Rollout
	switch {
	case r.Canary != nil:
		if r.Canary.Background != nil {
			all = append(all, r.Canary.Background)
		}
		for i := range r.Canary.Steps {
			if a := r.Canary.Steps[i].Analysis; a != nil {
				all = append(all, a)
			}
		}
	case r.BlueGreen != nil:
		for _, a := range []*Analysis{r.BlueGreen.Before, r.BlueGreen.After} {
			if a != nil {
				all = append(all, a)
			}
		}
	case r.Ramp != nil && r.Ramp.Check != nil:
		all = append(all, r.Ramp.Check)
	}
	return all
}

// allows is the largest bad share that a metric takes for a success; false where it
// takes none, or all.
func (p *phases) allows() (float64, bool) {
	if len(p.pieces) < 2 || p.pieces[0].phase != rollout.Successful {
		return 0, false
	}
	return p.pieces[0].upTo, true
}

// row of the table for a defect that fails at once.
func (t *Table) at(size float64) *Row {
	best := -1
	for i := range t.Rows {
		if t.Rows[i].Class == string(atOnce) && (best < 0 || math.Abs(t.Rows[i].Size-size) < math.Abs(t.Rows[best].Size-size)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &t.Rows[best]
}

// conditionSpot is where the condition of a metric stands.
func (m *Metric) conditionSpot() Spot {
	if m.Spots.Has("successCondition") {
		return m.Spots.At("successCondition")
	}
	return m.Spots.At("failureCondition")
}

// quoted is a text in the quotes of a manifest.
func quoted(s string) string { return strconv.Quote(s) }

// within is the part of a course in which less than everybody has the release.
func (c *course) within() time.Duration {
	if c.full == rollout.Forever {
		return c.end
	}
	return c.full
}
