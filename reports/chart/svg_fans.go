package chart

import (
	"slices"
	"strings"
)

// Measures of a picture of fans.
const (
	fanTitle = 34. // room for the name above a panel
	fanFoot  = 54. // room for the ticks and the name of the common axis
)

// meanDash is the stroke of a mean, in the colour of text: it differs from the middle case,
// which is drawn through, without colour, and from the dashes of alternatives with it.
const meanDash = "5 4"

// tall is the height of a panel: the more there are, the lower they are.
func (f Fans) tall() float64 { return max(96, 180-float64(22*float64(len(f.Fans)))) }

func (f Fans) size() (w, h int) {
	return 720, int(fanFoot + float64(float64(len(f.Fans))*(fanTitle+f.tall())))
}

// panel is the frame of the i-th fan.
func (f Fans) panel(i int) frame {
	top := fanTitle + float64(float64(i)*(fanTitle+f.tall()))
	return frame{left: 52, top: top, right: 700, bottom: top + f.tall()}
}

func (f Fans) draw(cv *canvas) {
	for i, p := range f.Fans {
		a := f.panel(i)
		for _, t := range f.X.Ticks {
			cv.rule("grid", spot{a.x(f.X, t.At), a.top}, spot{a.x(f.X, t.At), a.bottom})
		}
		for _, t := range f.Y.Ticks {
			cv.rule("grid", spot{a.left, a.y(f.Y, t.At)}, spot{a.right, a.y(f.Y, t.At)})
			cv.text(t.Text, a.left-8, a.y(f.Y, t.At)+4, "class", "tick", "text-anchor", "end")
		}
		cv.text(short(p.Name, 40), a.left, a.top-10, "class", class("label", p.Index))
		if len(p.Points) == 0 {
			continue
		}
		cv.Leaf("path", "class", class("band", p.Index), "d", f.band(a, p.outer()))
		cv.Leaf("path", "class", class("band inner", p.Index), "d", f.band(a, p.inner()))
		cv.Leaf("path", "class", class("line", p.Index), "d", f.path(a, p.middle()))
		cv.Leaf("path", "class", "mean", "d", f.path(a, p.mean()), "stroke-dasharray", meanDash)
	}
	if n := len(f.Fans); n > 0 {
		f.panel(n-1).below(cv, f.X)
	}
}

// path is a staircase: right to the next X, then to its Y.
func (f Fans) path(a frame, line []Point) string {
	var b strings.Builder
	last := line[0].Y
	b.WriteString("M" + px(a.x(f.X, line[0].X)) + " " + px(a.y(f.Y, last)))
	for _, p := range line[1:] {
		if p.Y != last {
			b.WriteString("H" + px(a.x(f.X, p.X)) + "V" + px(a.y(f.Y, p.Y)))
			last = p.Y
		}
	}
	return b.String() + "H" + px(a.right)
}

// band lies between two staircases: along the upper one and back along the lower one.
func (f Fans) band(a frame, band []Band) string {
	var upper, lower []Point
	for _, p := range band {
		upper, lower = append(upper, Point{p.X, p.High}), append(lower, Point{p.X, p.Low})
	}
	var b strings.Builder
	b.WriteString(f.path(a, upper))
	b.WriteString("V" + px(a.y(f.Y, lower[len(lower)-1].Y)))
	for i, p := range slices.Backward(lower) {
		if i == 0 {
			b.WriteString("H" + px(a.x(f.X, p.X)))
		} else if before := lower[i-1].Y; before != p.Y {
			b.WriteString("H" + px(a.x(f.X, p.X)) + "V" + px(a.y(f.Y, before)))
		}
	}
	return b.String() + "Z"
}
