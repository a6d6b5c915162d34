package study

import (
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// What is told of every metric.
var (
	quantiles = [...]float64{0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99}
	tails     = [...]float64{0.95, 0.99}
)

// dots is the number of points of a quantile dotplot.
const dots = 50

// reduction turns the rows of a whole plan into a Study. Every number has a
// place of its own, so that the workers that compute them cannot change the
// result.
type reduction struct {
	p       *Plan
	all     *Shard
	metrics []metric.Metric
	scale   metric.Scale
	changes stat.Clusters // counted changes by replication
	harmful stat.Clusters // the changes that carry a defect, by replication
	defects stat.Clusters
	periods stat.Clusters
	study   *Study
}

func reduce(p *Plan, all *Shard) *Study {
	r := newReduction(p, all)
	r.describe()
	var jobs []func(*desk)
	for i := range p.Case.Pipelines {
		jobs = append(jobs, r.alternative(i)...)
		if i > 0 {
			jobs = append(jobs, r.comparison(i)...)
		}
	}
	jobs = append(jobs, func(*desk) { r.study.Stories = p.stories(all) }, func(*desk) { r.exposures() })
	each(jobs)
	r.study.Gates = r.gates()
	worlds := r.drawn()
	r.doubt(worlds)
	r.study.Worth = r.worth(worlds)
	r.warn()
	return r.study
}

// desk is the memory that one worker computes in, used again for every job.
type desk struct {
	scratch stat.Scratch
	values  []float64
	other   *desk // for the second side of a comparison
}

// column reads a metric of one alternative and leaves out the rows without a
// value. It is valid until the desk is used for another.
func (d *desk) column(r *reduction, m *metric.Metric, rows *Rows) stat.Column {
	c := r.column(m, rows, d.values)
	d.values = c.Rows
	return d.scratch.Defined(c)
}

// second is a desk for the other side.
func (d *desk) second() *desk {
	if d.other == nil {
		d.other = new(desk)
	}
	return d.other
}

// each runs the jobs on all processors, each worker at a desk of its own.
func each(jobs []func(*desk)) {
	err := sim.Replicate(context.Background(), sim.Replications[*desk]{
		Count: len(jobs),
		New:   func(int) *desk { return new(desk) },
		Do:    func(d *desk, i int) { jobs[i](d) },
	})
	if err != nil {
		panic("study: " + err.Error()) // the background context never ends
	}
}

// cluster works out which rows belong to which replication.
func (r *reduction) cluster() {
	rows, per := r.all.Rows[0].Lean, r.p.Case.Changes.PerPeriod
	r.changes = stat.Even(len(rows), per)
	r.periods = stat.Independent(r.all.Count)
	harmful, defects := []int{0}, []int{0}
	harmed, carried := 0, 0
	for i := range rows {
		if rows[i].Defects > 0 {
			harmed++
			carried += int(rows[i].Defects)
		}
		if (i+1)%per == 0 || i+1 == len(rows) {
			harmful, defects = append(harmful, harmed), append(defects, carried)
		}
	}
	r.harmful, r.defects = stat.Offsets(harmful), stat.Offsets(defects)
}

// describe fills in everything that is not a result.
func (r *reduction) describe() {
	p, n := r.p, r.all.Rows[0]
	r.study = &Study{
		Schema: SchemaVersion, Version: p.Version, Command: p.Command, Seed: p.Seed, About: p.About,
		Currency: p.Case.Service.Cost.Currency, Level: p.Level, Inputs: p.Inputs, Excluded: p.Excluded,
		Size: Size{Changes: len(n.Lean), Defective: len(n.Harm), Defects: len(n.Defects),
			Replications: r.all.Count, PerPeriod: p.Case.Changes.PerPeriod},
		Alternatives: make([]Alternative, len(p.Case.Pipelines)),
		Comparisons:  make([]Comparison, max(0, len(p.Case.Pipelines)-1)),
		Warnings:     []stat.Warning{},
	}
	for _, m := range r.metrics {
		r.study.Metrics = append(r.study.Metrics, Metric{Name: m.Name, Title: m.Title, Unit: m.Unit,
			Better: string(m.Better), Per: string(m.Per), Form: string(m.Form), Doc: m.Doc})
	}
	for i := range p.Case.Pipelines {
		r.study.Alternatives[i] = r.introduce(&p.Case.Pipelines[i])
	}
}

// introduce is an Alternative without results.
func (r *reduction) introduce(p *models.Pipeline) Alternative {
	a := Alternative{Name: p.Name, Title: p.Title, Doc: p.Doc, Detectors: []string{},
		Summaries: make([]stat.Summary, len(r.metrics)), Exceed: make([]ExceedCurve, len(exceeded))}
	for i := range p.Stages {
		info := StageInfo{Name: p.Stages[i].Name, Kind: "environment"}
		if p.Stages[i].Kind == models.InRing {
			info.Kind, info.Share = "ring", p.Stages[i].Ring.Share.Value
		}
		a.Stages = append(a.Stages, info)
	}
	for k := range p.Detectors {
		a.Detectors = append(a.Detectors, p.Watcher(k))
	}
	return a
}

// column reads a metric of one alternative, NaN where a row has no value.
func (r *reduction) column(m *metric.Metric, rows *Rows, to []float64) stat.Column {
	to = slices.Grow(to[:0], len(rows.Lean))
	switch m.Per {
	case metric.Change, metric.Defective:
		return r.ofChanges(m, rows, to)
	case metric.Defect:
		for i := range rows.Defects {
			to = append(to, m.OfDefect(&rows.Defects[i]))
		}
		return stat.Column{Rows: to, Clusters: r.defects}
	}
	for i := range rows.Periods {
		to = append(to, m.OfPeriod(&rows.Periods[i]))
	}
	return stat.Column{Rows: to, Clusters: r.periods}
}

// ofChanges reads a metric of changes: of all, or of those that carry a defect.
func (r *reduction) ofChanges(m *metric.Metric, rows *Rows, to []float64) stat.Column {
	clusters, at := r.changes, 0
	o := new(models.Outcome) // one for all rows: it escapes into OfChange
	if m.Per == metric.Defective {
		clusters = r.harmful
	}
	for i := range rows.Lean {
		l, h := &rows.Lean[i], Harm{}
		if l.Defects > 0 {
			h = rows.Harm[at]
			at++
		} else if m.Per == metric.Defective {
			continue
		}
		*o = l.outcome(h)
		to = append(to, m.OfChange(o, r.scale))
	}
	return stat.Column{Rows: to, Clusters: clusters}
}

// ratio reads a metric that is a ratio of sums over replications.
func ratio(m *metric.Metric, rows *Rows) stat.Ratio {
	q := stat.Ratio{Numerators: make([]float64, len(rows.Periods)), Denominators: make([]float64, len(rows.Periods))}
	for i := range rows.Periods {
		q.Numerators[i], q.Denominators[i] = m.OfRatio(&rows.Periods[i])
	}
	return q
}

// totals is a metric as what a mean is made of.
func (r *reduction) totals(m *metric.Metric, rows *Rows, d *desk) stat.Totals {
	if m.Form == metric.Ratio {
		return ratio(m, rows)
	}
	return d.column(r, m, rows)
}

// alternative lists the work on one alternative.
func (r *reduction) alternative(i int) []func(*desk) {
	rows, a := &r.all.Rows[i], &r.study.Alternatives[i]
	var jobs []func(*desk)
	for k := range r.metrics {
		jobs = append(jobs, func(d *desk) { a.Summaries[k] = r.summary(&r.metrics[k], rows, d) })
	}
	for k, name := range exceeded {
		jobs = append(jobs, func(d *desk) { a.Exceed[k] = r.exceed(name, rows, d) })
	}
	return append(jobs,
		func(*desk) { a.Stops = r.stops(i) },
		func(*desk) { a.Noticed = r.noticed(i) },
		func(d *desk) { a.Dots = r.spots(rows, d) },
		func(d *desk) { a.Survival = r.survival(rows, d) })
}

func (r *reduction) summary(m *metric.Metric, rows *Rows, d *desk) stat.Summary {
	if m.Form == metric.Ratio {
		q := ratio(m, rows)
		e := stat.EstimateOf(q, r.p.Level)
		return stat.Summary{N: e.Replications, Estimate: e, StandardDeviation: stat.Number(math.NaN())}
	}
	c := d.column(r, m, rows)
	o := stat.SummaryOptions{Level: r.p.Level}
	if m.Form == metric.Amount {
		o.Quantiles, o.Tails = quantiles[:], tails[:]
	}
	return stat.Summarise(stat.NewSample(c, &d.scratch), o)
}

// stops counts where 1,000 defects ended.
func (r *reduction) stops(i int) []Stop {
	stages, rows := r.study.Alternatives[i].Stages, &r.all.Rows[i]
	counts := make([]int, len(stages)+3)
	for k := range rows.Defects {
		switch at := rows.Defects[k].Stop; at {
		case models.StopNever:
			counts[len(stages)]++
		case models.StopHarmless:
			counts[len(stages)+1]++
		case models.StopPending:
			counts[len(stages)+2]++
		default:
			counts[at]++
		}
	}
	per := func(n int) float64 {
		if len(rows.Defects) == 0 {
			return 0
		}
		return 1000 * float64(n) / float64(len(rows.Defects))
	}
	var stops []Stop
	for k, st := range stages {
		stops = append(stops, Stop{Where: st.Name, Kind: st.Kind, PerThousand: per(counts[k])})
	}
	stops = append(stops,
		Stop{Where: "never", Kind: "never", PerThousand: per(counts[len(stages)])},
		Stop{Where: "harmless", Kind: "harmless", PerThousand: per(counts[len(stages)+1])})
	if pending := counts[len(stages)+2]; pending > 0 {
		stops = append(stops, Stop{Where: "pending", Kind: "pending", PerThousand: per(pending)})
	}
	return stops
}

// noticed counts whose alarm was the first, over the defects that have a time to
// detect.
func (r *reduction) noticed(i int) []Notice {
	detectors, rows, m := r.study.Alternatives[i].Detectors, &r.all.Rows[i], r.named("time_to_detect")
	counts, showed := make([]int, len(detectors)), 0
	for k := range rows.Defects {
		d := &rows.Defects[k]
		if math.IsNaN(m.OfDefect(d)) {
			continue
		}
		showed++
		if d.Channel >= 0 {
			counts[d.Channel]++
		}
	}
	notices := []Notice{}
	for k, name := range detectors {
		n := Notice{By: name}
		if showed > 0 {
			n.Share = float64(counts[k]) / float64(showed)
		}
		notices = append(notices, n)
	}
	return notices
}

// comparison lists the work on alternative i against the baseline.
func (r *reduction) comparison(i int) []func(*desk) {
	c := &r.study.Comparisons[i-1]
	c.Alternative = i
	c.Differences = make([]stat.Comparison, len(r.metrics))
	c.Contests = make([]Contest, len(contested))
	o := stat.CompareOptions{Level: r.p.Level, Comparisons: len(r.study.Comparisons)}
	var jobs []func(*desk)
	for k := range r.metrics {
		jobs = append(jobs, func(d *desk) {
			m := &r.metrics[k]
			c.Differences[k] = stat.Compare(r.totals(m, &r.all.Rows[0], d), r.totals(m, &r.all.Rows[i], d.second()), o)
		})
	}
	for k := range contested {
		jobs = append(jobs, func(*desk) { c.Contests[k] = r.contest(k, &r.all.Rows[i]) })
	}
	return jobs
}

// warn gathers the doubts that concern the whole study.
func (r *reduction) warn() {
	for i := range r.all.Rows {
		over := r.givenUp(i)
		a := &r.study.Alternatives[i]
		a.GivenUp = float64(over) / float64(r.all.Count)
		if over > 0 {
			r.study.Warnings = append(r.study.Warnings, overloaded(r.study.Alternatives[i].Title, over, r.all.Count))
		}
		if share, sure := r.grown(&r.all.Rows[i]); sure {
			a.Behind = share
			r.study.Warnings = append(r.study.Warnings, growing(r.study.Alternatives[i].Title, share))
		} else if wait := rampWait(r.all.Rows[i].Periods); wait > 1 && wait > float64(r.medianLead(i)/2) {
			r.study.Warnings = append(r.study.Warnings, queuing(a.Title, wait, r.medianLead(i), r.p.Case.Pipelines[i].RampSlots))
		}
	}
}

// rampWait is how long a release waits on average for room on the ramp, in hours:
// by Little's law, what waits over what comes.
func rampWait(periods []models.Period) float64 {
	var waited, releases float64
	for i := range periods {
		waited += float64(periods[i].RampQueue * periods[i].Hours)
		releases += periods[i].Releases
	}
	return waited / max(1, releases)
}

// medianLead is the median lead time of an alternative, in hours; NaN or infinite
// where most changes never arrive.
func (r *reduction) medianLead(alternative int) float64 {
	for k := range r.metrics {
		if r.metrics[k].Name == "lead_time" {
			for _, q := range r.study.Alternatives[alternative].Summaries[k].Quantiles {
				if q.P == 0.5 {
					return float64(q.Value)
				}
			}
		}
	}
	return math.NaN()
}

// grown is the mean share of arriving changes that is added to those on their
// way, and whether that is far from chance: a twentieth or more, and five
// standard errors from nothing, over at least ten replications.
func (r *reduction) grown(rows *Rows) (share float64, sure bool) {
	share, se := Behind(rows.Periods)
	return share, len(rows.Periods) >= 10 && share >= 0.05 && share > 5*se
}

// Behind is the mean share of arriving changes that is added to those on their way, about 0
// where a pipeline keeps up with them, and its standard error.
func Behind(periods []models.Period) (share, standardError float64) {
	values := make([]float64, len(periods))
	for i := range periods {
		values[i] = periods[i].Grown
	}
	e := stat.EstimateOf(stat.Column{Rows: values, Clusters: stat.Even(len(values), 1)}, 0.9)
	return float64(e.Mean), float64(e.StandardError)
}
