package chart

import (
	"math"
	"strconv"

	"github.com/rollrisk/rollrisk/reports/markup"
)

// SVG draws the chart without any script: an <svg> element with the role of an
// image and the alternative text as its name. Colours come from the page's
// style sheet through classes, so the drawing follows light, dark and print.
// The same chart gives the same bytes.
func SVG(c Chart) string {
	w, h := c.Body.size()
	var cv canvas
	cv.Open("svg", "class", "plot", "viewBox", "0 0 "+strconv.Itoa(w)+" "+strconv.Itoa(h),
		"role", "img", "aria-label", c.Alt)
	c.Body.draw(&cv)
	cv.Close("svg")
	return cv.String()
}

// Height is how tall the drawing is when it is 720 wide; the live chart is as
// tall at every width.
func Height(c Chart) int {
	_, h := c.Body.size()
	return h
}

// Swatch is the sign of an alternative for a key: its colour, its dash and its
// shape. It is hidden from screen readers, because a name stands beside it.
func Swatch(index int) string {
	var cv canvas
	cv.Open("svg", "class", "sign", "viewBox", "0 0 36 12", "aria-hidden", "true")
	cv.Leaf("path", "class", class("line", index), "d", "M0 6H36", "stroke-dasharray", dash(index))
	mark(&cv, index, 18, 6)
	cv.Close("svg")
	return cv.String()
}

// canvas is a writer of markup that knows the elements of a drawing.
type canvas struct{ markup.Writer }

func (c *canvas) text(s string, x, y float64, attributes ...string) {
	c.Element("text", s, append([]string{"x", px(x), "y", px(y)}, attributes...)...)
}

// spot is a place on the canvas.
type spot struct{ x, y float64 }

// rule draws a straight line.
func (c *canvas) rule(class string, from, to spot) {
	c.Leaf("line", "class", class, "x1", px(from.x), "y1", px(from.y), "x2", px(to.x), "y2", px(to.y))
}

// px writes a coordinate to a tenth of a unit; what is none stands at 0.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	s := strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// Class is the style class that gives things the colours of the alternative
// with that index.
func Class(index int) string { return "c" + strconv.Itoa(look(index)) }

func class(kind string, index int) string { return kind + " " + Class(index) }

// short cuts a name to n characters and keeps its direction of writing to
// itself, so that it cannot turn the text around it.
func short(name string, n int) string {
	runes := []rune(name)
	if len(runes) > n {
		runes = append(runes[:n-1:n-1], '…')
	}
	return "\u2068" + string(runes) + "\u2069"
}

// frame is the rectangle a plot is drawn in.
type frame struct{ left, top, right, bottom float64 }

func (f frame) x(a Axis, v float64) float64 {
	return f.left + float64((f.right-f.left)*a.fraction(v))
}

func (f frame) y(a Axis, v float64) float64 {
	return f.bottom - float64((f.bottom-f.top)*a.fraction(v))
}

// axes draws the grid, the ticks and the names of the axes.
func (f frame) axes(c *canvas, x, y Axis) {
	for _, t := range y.Ticks {
		at := f.y(y, t.At)
		c.rule("grid", spot{f.left, at}, spot{f.right, at})
		c.text(t.Text, f.left-8, at+4, "class", "tick", "text-anchor", "end")
	}
	f.below(c, x)
}

// below draws the X axis alone.
func (f frame) below(c *canvas, x Axis) {
	c.rule("axis", spot{f.left, f.bottom}, spot{f.right, f.bottom})
	for _, t := range x.Ticks {
		at := f.x(x, t.At)
		c.rule("axis", spot{at, f.bottom}, spot{at, f.bottom + 5})
		c.text(t.Text, at, f.bottom+20, "class", "tick", "text-anchor", "middle")
	}
	c.text(x.Name, (f.left+f.right)/2, f.bottom+42, "class", "name", "text-anchor", "middle")
}
