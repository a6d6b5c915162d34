package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
)

var detection = Section{
	Name:   "detection",
	Title:  "How long until somebody knows",
	Medium: reports.PageOnly,
	Doc:    "The share of defects that nobody has noticed yet, by the time since the first user met them, and the share that nobody ever notices.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		k, ok := v.metric("time_to_detect")
		var lines []chart.Line
		var values []float64
		for i := range s.Alternatives {
			c := s.Alternatives[i].Survival
			l := line(v.choice(i), c.Curve)
			if never := v.missed(i); never.has() {
				l.End = never.say().Text + " never noticed"
			}
			lines = append(lines, l)
			for _, p := range c.Points {
				values = append(values, p.X)
			}
		}
		if !ok || len(values) == 0 {
			return nil
		}
		return []reports.Block{v.survivalChart(k, lines, values), paragraph(reports.Note, reading())}
	},
}

func (v view) survivalChart(k int, lines []chart.Line, values []float64) reports.Chart {
	x := chart.LogAxis("time since the first user met the defect", number.Hours, values)
	begin(lines, x)
	half := v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.5).say(), v.name(i)) })
	var key []reports.Text
	for i := range v.Alternatives {
		key = append(key, reports.Say("{} never noticed", v.missed(i).say()))
	}
	return reports.Chart{
		Title:    reports.Say("Half of the defects that show to users are noticed within {}", half),
		Subtitle: reports.Words("Share of the defects that showed to users and that nobody has noticed yet. A curve that stays up never comes down: those defects are noticed by nobody while the simulation watches."),
		Key:      key,
		Picture: chart.Chart{Name: "survival", Alt: v.survivalAlt(k), Body: chart.Curves{
			X: x, Y: chart.ShareAxis("not yet noticed"), Lines: lines, Label: chart.LabelEnd, Stays: true, Reads: "not noticed after"}},
		Table: v.survivalTable(k),
	}
}

// missed is the share of defects that showed to users and nobody noticed.
func (v view) missed(i int) value {
	p := v.Alternatives[i].Survival.Never
	return value{p.Share, p.StandardError, number.Share, fmt.Sprintf("alternatives[%d].survival.never.share", i)}
}

func (v view) survivalAlt(k int) string {
	return reports.Say("A falling curve for each alternative over a logarithmic axis of time. Middle case: {}. Never noticed: {}.",
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.5).say(), v.title(i)) }),
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.missed(i).say(), v.title(i)) })).Plain()
}

// survivalTable adds the mass that is never noticed to the table of times.
func (v view) survivalTable(k int) reports.Table {
	t := v.quantiles(k, reports.Words("Time from the first exposure of a user until somebody knows"))
	cells := []reports.Text{reports.Words("never noticed")}
	for i := range v.Alternatives {
		cells = append(cells, reports.Text{v.missed(i).say()})
	}
	t.Rows = append(t.Rows, reports.Row{Cells: cells})
	return t
}

// reading is what a leader must know to choose bake times well: the theorem of
// the exposure clock, in words.
func reading() reports.Text {
	return reports.Words("Smaller rings slow detection down as much as they shrink the harm, wherever an alarm only counts what exposed users do: it needs the same exposure, be it one user in a hundred for long or everyone for a moment. Such alarms alone do not make rings save failed requests. Rings save harm through the time it takes to respond, which passes while few users are exposed; through alarms that run on the clock; through touching fewer different people; and by stopping before the last ring.")
}
