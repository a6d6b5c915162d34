package html

import (
	"strconv"

	"github.com/rollrisk/rollrisk/reports"
)

func (p *page) table(t reports.Table) {
	p.Open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", t.Caption.Plain())
	p.Open("table")
	if len(t.Caption) > 0 {
		p.say("caption", t.Caption)
	}
	p.Open("thead")
	p.Open("tr")
	for _, c := range t.Columns {
		p.say("th", c.Title, append(side(c), "scope", "col")...)
	}
	p.close("tr")
	p.close("thead")
	p.Open("tbody")
	for _, row := range t.Rows {
		p.row(t, row)
	}
	p.close("tbody")
	p.close("table")
	p.close("div")
}

// row writes the first cell as the title of the row. A row with too few cells
// is a heading over the rows below it.
func (p *page) row(t reports.Table, row reports.Row) {
	p.Open("tr")
	defer p.close("tr")
	if len(row.Cells) < len(t.Columns) {
		for _, cell := range row.Cells {
			p.say("th", cell, "class", "group", "colspan", strconv.Itoa(len(t.Columns)), "scope", "colgroup")
		}
		return
	}
	for i, cell := range row.Cells {
		if i == 0 {
			p.say("th", cell, "scope", "row")
			continue
		}
		p.say("td", cell, side(t.Columns[i])...)
	}
}

func side(c reports.Column) []string {
	if c.Align == reports.Right {
		return []string{"class", "right"}
	}
	return nil
}
