package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var spread = Section{
	Name:   "spread",
	Title:  "What to expect of one change",
	Medium: reports.PageOnly,
	Doc:    "Fifty equally frequent outcomes of a change that carries a defect, for each alternative on one axis.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		k, ok := v.metric(harm)
		if !ok || !v.drawable() {
			return nil
		}
		return []reports.Block{
			reports.Chart{
				Title: reports.Say("In the middle case a change that carries a defect hurts this many users: {}",
					v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.5).say(), v.name(i)) })),
				Subtitle: reports.Words("Users affected by one change that carries a defect. Each dot is 1 change in 50; the dots left of the axis are below it."),
				Picture:  chart.Chart{Name: "dots", Alt: v.dotsAlt(k), Body: v.dots()},
				Table:    v.quantiles(k, reports.Words("Users affected by one change that carries a defect")),
			},
		}
	},
}

// drawable says whether every alternative has its dots.
func (v view) drawable() bool {
	for i := range v.Alternatives {
		if len(v.Alternatives[i].Dots) == 0 {
			return false
		}
	}
	return len(v.Alternatives) > 0
}

func (v view) dots() chart.Dots {
	var all []float64
	var rows []chart.Row
	for i := range v.Alternatives {
		row := chart.Row{Choice: v.choice(i)}
		for _, d := range v.Alternatives[i].Dots {
			row.Values = append(row.Values, float64(d))
		}
		all = append(all, row.Values...)
		rows = append(rows, row)
	}
	x := chart.LogAxis("users affected", number.Count, all)
	return chart.Dots{X: x, Rows: rows, None: "<" + x.Ticks[0].Text}
}

// dotsAlt is the picture in words.
func (v view) dotsAlt(k int) string {
	return reports.Say("Fifty dots for each alternative on one logarithmic axis of users affected. Middle dot: {}. 1 in 20 is above: {}.",
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.5).say(), v.title(i)) }),
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.point(i, k, 0.95).say(), v.title(i)) })).Plain()
}

// quantiles is the table beside a picture of a spread: all quantiles of metric
// k that the study has, with their intervals.
func (v view) quantiles(k int, caption reports.Text) reports.Table {
	t := reports.Table{
		Caption: reports.Say("{}; in brackets the {} interval of the simulation.", caption, v.level()),
		Columns: v.columns("share of cases at or below"),
	}
	for q, entry := range v.Alternatives[0].Summaries[k].Quantiles {
		cells := []reports.Text{{value{v: stat.Number(entry.P), unit: number.Share, from: quantileAt(0, k, q) + ".p"}.say()}}
		for i := range v.Alternatives {
			x, low, high := v.quantile(i, k, entry.P)
			cells = append(cells, ranged(x, low, high))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	return t
}

// ranged is a value with its interval in brackets, where that says more than
// the value.
func ranged(x, low, high value) reports.Text {
	if !low.has() || !high.has() || low.v == x.v && high.v == x.v {
		return reports.Text{x.say()}
	}
	return reports.Say("{} ({} to {})", x.say(), low.say(), high.say())
}

// level is the level of every interval.
func (v view) level() reports.Span {
	return value{stat.Number(v.Level), 0, number.Share, "level"}.say()
}
