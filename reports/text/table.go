package text

import (
	"strings"

	"github.com/rollrisk/rollrisk/reports"
)

const (
	gutter   = 3  // blanks between columns
	headings = 3  // lines of a column's title at most
	longest  = 30 // columns of a cell of words at most
)

// table sets a table in columns. When it is too wide, columns marked Droppable
// go first, from the right; then every column of words shrinks.
func (p *printer) table(t reports.Table) {
	if len(t.Caption) > 0 {
		p.wrap(t.Caption, indent, indent)
	}
	columns := p.fit(t)
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = p.columnWidth(t, c)
	}
	p.squeeze(widths)
	p.heads(t, columns, widths)
	for _, row := range t.Rows {
		if len(row.Cells) < len(t.Columns) {
			for _, cell := range row.Cells {
				p.wrap(cell, indent, indent)
			}
			continue
		}
		p.row(t, row, columns, widths)
	}
}

// fit lists the columns that are shown.
func (p *printer) fit(t reports.Table) []int {
	var columns []int
	for i := range t.Columns {
		columns = append(columns, i)
	}
	for i := len(columns) - 1; i > 0 && p.tableWidth(t, columns) > p.width; i-- {
		if t.Columns[columns[i]].Narrow == reports.Droppable {
			columns = append(columns[:i:i], columns[i+1:]...)
		}
	}
	return columns
}

func (p *printer) tableWidth(t reports.Table, columns []int) int {
	total := len(indent)
	for i, c := range columns {
		if i > 0 {
			total += gutter
		}
		total += p.columnWidth(t, c)
	}
	return total
}

// columnWidth is the widest cell of a column, or its title folded onto a few
// lines where that is wider.
func (p *printer) columnWidth(t reports.Table, c int) int {
	widest := 0
	for _, row := range t.Rows {
		if len(row.Cells) == len(t.Columns) {
			widest = max(widest, width(clean(row.Cells[c].Plain())))
		}
	}
	title := clean(t.Columns[c].Title.Plain())
	for _, w := range strings.Fields(title) {
		widest = max(widest, min(width(w), longest))
	}
	widest = max(widest, (width(title)+headings-2)/(headings-1))
	return min(widest, longest)
}

// squeeze shrinks the widest column until the table fits.
func (p *printer) squeeze(widths []int) {
	room := p.width - len(indent) - gutter*(len(widths)-1)
	for {
		total, widest := 0, 0
		for i, w := range widths {
			total += w
			if w > widths[widest] {
				widest = i
			}
		}
		if total <= room || widths[widest] <= 4 {
			return
		}
		widths[widest]--
	}
}

// heads writes the titles of the columns, folded, the last lines level.
func (p *printer) heads(t reports.Table, columns, widths []int) {
	folded := make([][]string, len(columns))
	tall := 0
	for i, c := range columns {
		folded[i] = fold(clean(t.Columns[c].Title.Plain()), widths[i])
		tall = max(tall, len(folded[i]))
	}
	for l := range tall {
		line := indent
		for i, c := range columns {
			cell := ""
			if at := l - (tall - len(folded[i])); at >= 0 {
				cell = folded[i][at]
			}
			line += gap(i) + pad(word{cell, p.paint(bold, cell)}, widths[i], t.Columns[c].Align)
		}
		p.line(line)
	}
}

// fold breaks a title into at most a few lines of n columns; what does not fit
// is cut.
func fold(s string, n int) []string {
	var lines []string
	for _, w := range strings.Fields(s) {
		last := len(lines) - 1
		switch {
		case last >= 0 && width(lines[last])+1+width(w) <= n:
			lines[last] += " " + w
		case len(lines) == headings:
			lines[last] = cut(lines[last]+" "+w, n)
		default:
			lines = append(lines, cut(w, n))
		}
	}
	return lines
}

func (p *printer) row(t reports.Table, row reports.Row, columns, widths []int) {
	line := indent
	for i, c := range columns {
		plain := clean(row.Cells[c].Plain())
		painted := plain
		if width(plain) > widths[i] {
			plain = cut(plain, widths[i])
			painted = plain
		} else if p.color {
			painted = p.painted(row.Cells[c])
		}
		line += gap(i) + pad(word{plain, painted}, widths[i], t.Columns[c].Align)
	}
	p.line(line)
}

func (p *printer) painted(t reports.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(p.style(s, clean(s.Text)))
	}
	return b.String()
}

// gap is what stands before a column.
func gap(column int) string {
	if column == 0 {
		return ""
	}
	return strings.Repeat(" ", gutter)
}

// pad fills a cell up to the width of its column.
func pad(w word, columns int, align reports.Alignment) string {
	blank := strings.Repeat(" ", columns-width(w.plain))
	if align == reports.Right {
		return blank + w.painted
	}
	return w.painted + blank
}
