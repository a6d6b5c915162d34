package section

import (
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var exceedance = Section{
	Name:   "exceedance",
	Title:  "How bad it can get",
	Medium: reports.PageOnly, NewSheet: true,
	Doc: "For every size of harm, the chance of more than that: by one change, and by all changes of a period.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		var blocks []reports.Block
		for n := range s.Alternatives[0].Exceed {
			if k, ok := v.metric(s.Alternatives[0].Exceed[n].Metric); ok {
				blocks = append(blocks, v.exceedanceChart(n, k)...)
			}
		}
		if len(blocks) == 0 {
			return nil
		}
		return append(blocks, paragraph(reports.Note, reports.Words(
			"Read a curve from a size on the axis upwards: its height is the share of cases that are worse. The shaded band, where nothing else is said of it, is the error of the simulation. A curve ends where only a few cases are left, and no largest case is shown, because the largest of many says more about how many there were than about the world.")))
	},
}

// exceedanceChart draws the n-th exceedance curve of every alternative.
func (v view) exceedanceChart(n, k int) []reports.Block {
	m := v.Metrics[k]
	what, cases := "a change that carries a defect", "changes that carry a defect"
	if m.Per == "period" {
		what, cases = "a period", "periods"
	}
	lines, values, doubted := v.exceedanceLines(n)
	if len(values) == 0 {
		return nil
	}
	x := chart.LogAxis(m.Title, v.unit(k), values)
	begin(lines, x)
	said, read := v.readOff(k)
	if doubted {
		said = append(said, reports.Words(". Shaded: what you state as ranges leaves open; in nine of ten worlds that they allow the curve lies there, and within one world there is luck alone")...)
	}
	return []reports.Block{reports.Chart{
		Title: reports.Say("{}: 1 in 20 {} exceeds {}", capital(m.Title), cases,
			v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.95).say(), v.name(i)) })),
		Subtitle: reports.Say("Chance that {} comes to more than so much{}. {}", what, v.period(m), said),
		Picture: chart.Chart{Name: "exceedance-" + m.Name, Alt: v.exceedanceAlt(m, k),
			Body: chart.Curves{X: x, Y: chart.ShareAxis("chance of more"), Lines: lines, Reads: "more than", Read: read}},
		Table: v.quantiles(k, reports.Say("{} of {}", capital(m.Title), what)),
	}}
}

// exceedanceLines are the n-th curves, all sizes in them, and whether their bands are what
// ranges leave open; else they are the error of the simulation.
func (v view) exceedanceLines(n int) (lines []chart.Line, values []float64, doubted bool) {
	for i := range v.Alternatives {
		e := &v.Alternatives[i].Exceed[n]
		l := line(v.choice(i), e.Curve)
		if len(e.Doubt) > 0 {
			l.Band, doubted = nil, true
		}
		for _, d := range e.Doubt {
			l.Band = append(l.Band, chart.Band{X: d.X, Low: d.Low, High: d.High})
		}
		lines = append(lines, l)
		for _, p := range e.Curve.Points {
			values = append(values, p.X)
		}
	}
	return lines, values, doubted
}

// readOff is what the lines in an exceedance chart are drawn at, and the sentence of the
// first; the title says the second.
func (v view) readOff(k int) (said reports.Text, read []chart.Read) {
	for _, p := range [...]float64{0.5, 0.95} {
		at := make([]float64, len(v.Alternatives))
		for i := range at {
			at[i] = float64(v.point(i, k, p).v)
		}
		read = append(read, chart.Read{Y: 1 - p, At: at})
	}
	return reports.Say("Dashed: what 1 in 20 exceeds, and what every second does: {}", v.each(func(i int) reports.Text {
		return reports.Say("{} with {}", v.point(i, k, 0.5).say(), v.name(i))
	})), read
}

// period says how long a period is.
func (v view) period(m study.Metric) reports.Text {
	if m.Per != "period" {
		return nil
	}
	return reports.Say("; a period is {} changes", whole(v.Size.PerPeriod, "size.changes_per_replication"))
}

func (v view) exceedanceAlt(m study.Metric, k int) string {
	return reports.Say("A falling curve for each alternative over a logarithmic axis of {}. 1 in 20 is above: {}.", m.Title,
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.95).say(), v.title(i)) })).Plain()
}

// line is a curve of the study as a picture draws it.
func line(who chart.Choice, c stat.Curve) chart.Line {
	l := chart.Line{Choice: who}
	for _, p := range c.Points {
		l.Points = append(l.Points, chart.Point{X: p.X, Y: p.P})
		if low, high := float64(p.Low), float64(p.High); !math.IsNaN(low + high) {
			l.Band = append(l.Band, chart.Band{X: p.X, Low: low, High: high})
		}
	}
	return l
}

// begin lets every curve start at the left edge: before its first point, which
// hardly any case is below, everything is larger.
func begin(lines []chart.Line, x chart.Axis) {
	for i := range lines {
		if p := lines[i].Points; len(p) > 0 && p[0].X > x.Min {
			lines[i].Points = append([]chart.Point{{X: x.Min, Y: 1}}, p...)
		}
	}
}
