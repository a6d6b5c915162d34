package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var measures = Section{
	Name:   "measures",
	Title:  "All measures",
	Medium: reports.ScreenOnly,
	Doc:    "Every metric of every alternative, and the differences from the baseline with their simulation error.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		blocks := append([]reports.Block{v.measures()}, v.pairing()...)
		blocks = append(blocks, reports.Details{
			Summary: reports.Words("What each measure means"), Blocks: []reports.Block{v.definitions()}})
		if doubts := v.doubts(); len(doubts) > 0 {
			blocks = append(blocks, reports.Details{
				Summary: reports.Words("Doubts about single numbers"), Blocks: []reports.Block{reports.List{Items: doubts}}})
		}
		return blocks
	},
}

func (v view) measures() reports.Table {
	t := reports.Table{
		Caption: reports.Say("{} marks a difference that this simulation cannot tell from none at the {} level. ± is the standard error of the simulation. Differences are from {}.",
			same, v.level(), v.name(0)),
		Columns: v.columns("measure"),
	}
	for _, c := range v.Comparisons {
		title := reports.Words("difference")
		if len(v.Comparisons) > 1 {
			title = reports.Say("difference, {}", v.name(c.Alternative))
		}
		t.Columns = append(t.Columns, reports.Column{Title: title, Align: reports.Right})
	}
	for k, m := range v.Metrics {
		if m.Form != "amount" {
			t.Rows = append(t.Rows, v.measure(reports.Text{reports.Hard(m.Title)}, k, 0))
			continue
		}
		t.Rows = append(t.Rows,
			reports.Row{Cells: []reports.Text{reports.Say("{}{}", m.Title, per(m))}},
			v.measure(reports.Words("middle case (P50)"), k, 0.5),
			v.measure(reports.Words("1 in 20 above (P95)"), k, 0.95),
			v.measure(reports.Words("mean"), k, 0))
	}
	return t
}

// per says what one value of a metric belongs to.
func per(m study.Metric) string {
	switch m.Per {
	case "change":
		return ", of one change"
	case "defective_change":
		return ", of one change that carries a defect"
	case "defect":
		return ", of one defect"
	}
	return ", of one period"
}

// measure is a row: the value at p of every alternative, and the differences.
func (v view) measure(label reports.Text, k int, p float64) reports.Row {
	cells := []reports.Text{label}
	for i := range v.Alternatives {
		cells = append(cells, reports.Text{v.at(i, k, p).say()})
	}
	for _, c := range v.Comparisons {
		cells = append(cells, v.told(c.Alternative, k, p))
	}
	return reports.Row{Cells: cells}
}

func (v view) definitions() reports.List {
	var l reports.List
	for _, m := range v.Metrics {
		l.Items = append(l.Items, reports.Say("{}{}. {}", reports.Hard(capital(m.Title)), per(m), m.Doc))
	}
	return l
}
