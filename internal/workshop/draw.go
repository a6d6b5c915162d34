package workshop

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/reports/number"
)

// picture is an SVG drawing under construction. Colours are classes of the style sheet.
type picture struct {
	b      strings.Builder
	w, h   float64
	toX    float64 // logarithm at the right end of the axis
	left   float64
	margin float64
}

func newPicture(w, h float64, label string) *picture {
	p := &picture{w: w, h: h, left: 30, margin: 20}
	fmt.Fprintf(&p.b, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s" xmlns="http://www.w3.org/2000/svg">`, w, h, template.HTMLEscapeString(label))
	return p
}

func (p *picture) add(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// text puts words, which may be anybody's, at a place.
func (p *picture) text(x, y float64, class, words string) {
	p.add(`<text x="%.1f" y="%.1f" class="%s">%s</text>`, x, y, class, template.HTMLEscapeString(words))
}

func (p *picture) done() template.HTML {
	p.b.WriteString("</svg>")
	return template.HTML(p.b.String()) // every word in it was escaped by text and newPicture
}

// x is where an amount lies on the axis.
func (p *picture) x(v float64) float64 {
	return p.left + (p.w-p.left-p.margin)*math.Min(1.02, scale(v)/p.toX)
}

// axis draws powers of ten up to the largest amount.
func (p *picture) axis(largest, y float64, u number.Unit) {
	p.toX = math.Max(1, math.Ceil(scale(largest)))
	for e := -1.0; e <= p.toX; e++ {
		v := 0.0
		if e >= 0 {
			v = math.Pow(10, e)
		}
		if e == 0 {
			continue // 1 stands too near to 0
		}
		p.add(`<line x1="%.1f" x2="%.1f" y1="10" y2="%.1f" class="grid"/>`, p.x(v), p.x(v), y)
		p.text(p.x(v), y+18, "tick", number.Text(v, 0, u))
	}
}

// rangesDrawn is how many guesses are drawn one by one; a page has no room for more.
const rangesDrawn = 120

// distribution draws the outcomes of a question as dots, and the room's ranges under them.
// Without outcomes it draws the ranges alone.
func distribution(outcomes []float64, ranges []Range, u number.Unit) template.HTML {
	rows := min(len(ranges), rangesDrawn)
	top := 190.0
	p := newPicture(900, top+60+6*float64(rows), "the outcomes as dots, each one in fifty, and below them the ranges that the room has said")
	largest := 10.0
	for _, v := range outcomes {
		largest = math.Max(largest, v)
	}
	for _, r := range ranges {
		largest = math.Max(largest, math.Min(r.High, 1e8))
	}
	p.axis(largest, top, u)
	stack := map[int]int{}
	for _, v := range outcomes {
		bin := int(p.x(v) / 13)
		p.add(`<circle cx="%.1f" cy="%.1f" r="5" class="dot"/>`, float64(bin)*13+6.5, top-7-11*math.Min(15, float64(stack[bin])))
		stack[bin]++
	}
	for bin, n := range stack {
		if n > 16 {
			p.text(float64(bin)*13+6.5, 12, "tick", fmt.Sprint(n))
		}
	}
	for i, r := range ranges[:rows] {
		y := top + 34 + 6*float64(i)
		p.add(`<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" class="range"/>`, p.x(r.Low), p.x(r.High)+1, y, y)
	}
	return p.done()
}

// fates draws the first shown of the seeds: one row of marks for each alternative.
func fates(all [][]float64, names []string, shown int) template.HTML {
	p := newPicture(900, 60+70*float64(len(all)), fmt.Sprintf("users hurt in each of %d seeds, one row for each pipeline", shown))
	largest := 10.0
	for _, row := range all {
		for _, v := range row {
			largest = math.Max(largest, v)
		}
	}
	bottom := 20 + 70*float64(len(all))
	p.axis(largest, bottom, number.Count)
	for i, row := range all {
		y := 50 + 70*float64(i)
		p.text(p.left, y-22, "label", names[i])
		for _, v := range row[:min(shown, len(row))] {
			p.add(`<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" class="mark%d"/>`, p.x(v), p.x(v), y-14, y+14, i%3)
		}
	}
	return p.done()
}

// placed is a team on the map.
type placed struct {
	Name string
	X, Y float64 // in steps
}

// drawn is the map: a square for each point, by who is ahead, and the teams on it.
func (m *Map) drawn(titles [2]string, names [2]string, teams []placed) template.HTML {
	const cell, left = 90.0, 64.0
	n := float64(len(m.X))
	p := newPicture(n*cell+284, n*cell+80, "who hurts fewer users, over two numbers of the scenario, and where the teams stand")
	for row := range m.Cells {
		for col, lead := range m.Cells[row] {
			class, word := "even", "no difference seen"
			switch {
			case lead.Replications == 0:
				class, word = "stuck", "cannot keep up"
			case float64(lead.Low) > 0:
				class, word = "first", names[0]
			case float64(lead.High) < 0:
				class, word = "second", names[1]
			}
			x, y := left+cell*float64(col), 10+cell*(n-1-float64(row))
			p.add(`<rect x="%.1f" y="%.1f" width="%g" height="%g" class="%s"><title>%s</title></rect>`, x, y, cell-2, cell-2, class, template.HTMLEscapeString(word))
		}
	}
	for i := range m.X {
		p.text(left+cell*(float64(i)+0.5), n*cell+22, "tick", number.Text(m.X[i], 0, m.Units[0]))
		p.text(left/2, 14+cell*(n-0.5-float64(i)), "tick", number.Text(m.Y[i], 0, m.Units[1]))
	}
	p.legend(n*cell+left+16, names)
	for i, t := range teams {
		x, y := left+cell*(t.X+0.5), 10+cell*(n-0.5-t.Y)+13*float64(i%4)-20
		p.add(`<circle cx="%.1f" cy="%.1f" r="6" class="team"/>`, x, y)
		p.text(x+9, y+4, "teamname", t.Name)
	}
	p.text(left, n*cell+46, "label", "→ "+titles[0])
	p.text(left, n*cell+66, "label", "↑ "+titles[1])
	return p.done()
}

func (p *picture) legend(x float64, names [2]string) {
	for i, l := range [...][2]string{{"first", names[0]}, {"second", names[1]}, {"even", "no difference seen"}} {
		y := 20 + 26*float64(i)
		p.add(`<rect x="%.1f" y="%.1f" width="16" height="16" class="%s"/>`, x, y, l[0])
		p.text(x+24, y+13, "small", l[1])
	}
}
