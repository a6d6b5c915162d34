package chart

import (
	"slices"
	"strings"
)

func (c Curves) size() (w, h int) { return 720, 380 }

func (c Curves) frame() frame {
	f := frame{left: 52, top: 14, right: 690, bottom: 326}
	if c.Label == LabelEnd {
		f.right = 540
	}
	return f
}

func (c Curves) draw(cv *canvas) {
	f := c.frame()
	f.axes(cv, c.X, c.Y)
	for _, l := range c.Lines {
		if len(l.Band) > 0 {
			cv.Leaf("path", "class", class("band", l.Index), "d", c.band(f, l))
		}
	}
	c.readOff(cv, f)
	for _, l := range c.Lines {
		if len(l.Points) > 0 {
			cv.Leaf("path", "class", class("line", l.Index), "d", c.path(f, l), "stroke-dasharray", dash(l.Index))
		}
	}
	c.label(cv, f)
}

// readOff draws the lines of what is read off, below the curves.
func (c Curves) readOff(cv *canvas, f frame) {
	for _, r := range c.reads() {
		y := f.y(c.Y, r.y)
		cv.Leaf("path", "class", "read", "d", "M"+px(f.left)+" "+px(y)+"H"+px(f.x(c.X, r.last)))
		for _, p := range r.points {
			x := f.x(c.X, p.x)
			cv.Leaf("path", "class", class("drop", p.index), "d", "M"+px(x)+" "+px(y)+"V"+px(f.bottom))
			cv.Leaf("circle", "class", class("stop", p.index), "cx", px(x), "cy", px(y), "r", "3.5")
		}
	}
}

// readAt is a Read with what lies on the axis of it.
type readAt struct {
	y, last float64
	points  []struct {
		x     float64
		index int // of the line's look
	}
}

func (c Curves) reads() []readAt {
	var all []readAt
	for _, r := range c.Read {
		a := readAt{y: r.Y, last: c.X.Min}
		for i, x := range r.At {
			if x >= c.X.Min && x <= c.X.Max {
				a.last = max(a.last, x)
				a.points = append(a.points, struct {
					x     float64
					index int
				}{x, c.Lines[i].Index})
			}
		}
		if len(a.points) > 0 {
			all = append(all, a)
		}
	}
	return all
}

// path is a staircase: right to the next X, then to its Y.
func (c Curves) path(f frame, l Line) string {
	var b strings.Builder
	last := l.Points[0].Y
	b.WriteString("M" + px(f.x(c.X, l.Points[0].X)) + " " + px(f.y(c.Y, last)))
	for _, p := range l.Points[1:] {
		b.WriteString("H" + px(f.x(c.X, p.X)))
		if p.Y != last {
			b.WriteString("V" + px(f.y(c.Y, p.Y)))
			last = p.Y
		}
	}
	if c.Stays {
		b.WriteString("H" + px(f.right))
	}
	return b.String()
}

func (c Curves) band(f frame, l Line) string {
	var b strings.Builder
	for i, p := range l.Band {
		b.WriteString(move(i) + px(f.x(c.X, p.X)) + " " + px(f.y(c.Y, p.High)))
	}
	for _, p := range slices.Backward(l.Band) {
		b.WriteString("L" + px(f.x(c.X, p.X)) + " " + px(f.y(c.Y, p.Low)))
	}
	return b.String() + "Z"
}

func move(i int) string {
	if i == 0 {
		return "M"
	}
	return "L"
}

// crossing is the first X at which the curve is at or below level; ok is false
// if it never is.
func (l Line) crossing(level float64) (x float64, ok bool) {
	for _, p := range l.Points {
		if p.Y <= level {
			return p.X, true
		}
	}
	return 0, false
}

// anchor is where the name of a curve stands.
type anchor struct {
	line Line
	x, y float64
	end  string // text-anchor
}

// ends finds a place right of the plot for each curve, pushed apart where the
// curves meet.
func (c Curves) ends(f frame) []anchor {
	var all []anchor
	for _, l := range c.Lines {
		if n := len(l.Points); n > 0 {
			all = append(all, anchor{line: l, x: f.right + 10, y: f.y(c.Y, l.Points[n-1].Y), end: "start"})
		}
	}
	slices.SortStableFunc(all, func(a, b anchor) int { return int(a.y - b.y) })
	spread(all, 36, f.bottom)
	return all
}

// anchors are the places of the names of the curves.
func (c Curves) anchors(f frame) []anchor {
	switch c.Label {
	case LabelEnd:
		return c.ends(f)
	case LabelKey:
		return nil
	}
	return c.middles(f)
}

func (c Curves) label(cv *canvas, f frame) {
	for _, a := range c.anchors(f) {
		name := short(a.line.Name, nameCut)
		if c.Label == LabelEnd {
			name = short(a.line.Name, 20)
			cv.text(a.line.End, a.x, a.y+14, "class", "tick")
		}
		cv.text(name, a.x, a.y-2, "class", class("label", a.line.Index), "text-anchor", a.end)
	}
}

// spread keeps anchors at least gap apart and above floor.
func spread(all []anchor, gap, floor float64) {
	for i := range all {
		if i > 0 {
			all[i].y = max(all[i].y, all[i-1].y+gap)
		}
	}
	limit := floor - 16
	for i := len(all) - 1; i >= 0; i-- {
		all[i].y = min(all[i].y, limit)
		limit = all[i].y - gap
	}
}
