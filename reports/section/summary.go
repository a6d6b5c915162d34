package section

import (
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
)

var summary = Section{
	Name:   "summary",
	Medium: reports.TerminalOnly,
	Doc:    "The few rows of the table of measures that fit a terminal.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		t := reports.Table{Columns: append(v.columns(""), v.lastColumn()...)}
		for _, row := range shortRows() {
			if k, ok := v.metric(row.metric); ok {
				t.Rows = append(t.Rows, v.shortRow(row, k, len(t.Columns)))
			}
		}
		if len(t.Rows) == 0 {
			return nil
		}
		wasMarked := marked(t)
		if len(v.Alternatives) > widest {
			t = turned(t)
		}
		blocks := []reports.Block{t}
		if wasMarked {
			blocks = append(blocks, paragraph(reports.Note, reports.Say("{}  no difference from {} is visible", same, v.name(0))))
		}
		if v.filtered() {
			blocks = append(blocks, paragraph(reports.Note, reports.Words("Times to detect are of the defects that reached users: one that an environment stops first is in none of them.")))
		}
		return blocks
	},
}

// widest is the most alternatives that fit side by side into 80 columns.
const widest = 4

// turned gives each alternative a line for its name and one for its numbers,
// under the measures.
func turned(t reports.Table) reports.Table {
	out := reports.Table{Columns: []reports.Column{{}}}
	first, kept := "", []int{}
	for n, row := range t.Rows {
		label := row.Cells[0].Plain()
		if !strings.HasPrefix(label, " ") {
			first, _, _ = strings.Cut(label, "  ")
		} else if label = first + " " + strings.TrimSpace(label); first == "time to detect" {
			continue // so that the rest fits; the page has it
		}
		kept = append(kept, n)
		out.Columns = append(out.Columns, reports.Column{Title: reports.Words(strings.Join(strings.Fields(label), " ")), Align: reports.Right})
	}
	for c := 1; c < len(t.Columns); c++ {
		cells := []reports.Text{nil}
		for _, n := range kept {
			cells = append(cells, t.Rows[n].Cells[c])
		}
		out.Rows = append(out.Rows, reports.Row{Cells: []reports.Text{t.Columns[c].Title}}, reports.Row{Cells: cells})
	}
	return out
}

// filtered says whether the alternatives stop different shares of the defects
// before users meet them, so that their times to detect are of other defects.
func (v view) filtered() bool {
	k, ok := v.metric("caught_before_release")
	if !ok {
		return false
	}
	for i := range v.Comparisons {
		if v.Comparisons[i].Differences[k].Visible {
			return true
		}
	}
	return false
}

// marked says whether the mark of no visible difference stands in a table.
func marked(t reports.Table) bool {
	for _, row := range t.Rows {
		for _, cell := range row.Cells {
			if strings.Contains(cell.Plain(), same) {
				return true
			}
		}
	}
	return false
}

// shortRow is one row of the terminal's table.
type shortRow struct {
	metric string
	label  string
	p      float64 // quantile; 0 for the mean
}

func shortRows() []shortRow {
	return []shortRow{
		{harm, "users affected  P50", 0.5},
		{harm, "                P95", 0.95},
		{"time_to_detect", "time to detect  P50", 0.5},
		{"time_to_detect", "                P95", 0.95},
		{"never_detected", "never detected", 0},
		{"cost", "cost / change   mean", 0},
		{"lead_time", "lead time       P50", 0.5},
		{"change_failure_rate", "change failure rate", 0},
	}
}

// columns are the title of the rows and one column an alternative.
func (v view) columns(first string) []reports.Column {
	all := []reports.Column{{Title: reports.Words(first)}}
	for i := range v.Alternatives {
		all = append(all, reports.Column{Title: reports.Text{v.name(i)}, Align: reports.Right})
	}
	return all
}

// lastColumn is the difference, where there are two to compare. With more, each
// value is marked instead.
func (v view) lastColumn() []reports.Column {
	if len(v.Comparisons) != 1 {
		return nil
	}
	return []reports.Column{{Title: reports.Words("difference"), Align: reports.Right, Narrow: reports.Droppable}}
}

func (v view) shortRow(row shortRow, k, columns int) reports.Row {
	cells := []reports.Text{reports.Words(row.label)}
	for i := range v.Alternatives {
		cell := reports.Text{v.at(i, k, row.p).say()}
		if len(v.Comparisons) > 1 {
			cell = append(cell, reports.Words(number.NoBreak+v.mark(i, k, row.p))...)
		}
		cells = append(cells, cell)
	}
	if len(cells) < columns {
		cells = append(cells, v.told(1, k, row.p))
	}
	return reports.Row{Cells: cells}
}

// at is the p-quantile of metric k of alternative i, or its mean for p = 0.
func (v view) at(i, k int, p float64) value {
	if p == 0 {
		return v.mean(i, k)
	}
	return v.point(i, k, p)
}

// gap is the difference of alternative i from the baseline at p.
func (v view) gap(i, k int, p float64) reports.Text {
	if p == 0 {
		return v.difference(i-1, k)
	}
	return v.apart(i, k, p)
}

// told is the gap, or the word for none.
func (v view) told(i, k int, p float64) reports.Text {
	if t := v.gap(i, k, p); len(t) > 0 {
		return t
	}
	return reports.Words(number.Absent)
}

// mark is one character: whether alternative i differs from the baseline.
func (v view) mark(i, k int, p float64) string {
	if i > 0 && v.gap(i, k, p).Plain() == same {
		return same
	}
	return number.NoBreak
}
