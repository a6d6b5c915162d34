package chart

import "slices"

// Measures of the name of a curve inside the plot.
const (
	nameCut  = 28  // letters at most
	nameWord = 8.  // width of a letter
	nameUp   = 14. // from the middle of a line of text to its upper end, with some air
	nameDown = 8.  // and to its lower end
	nameBy   = 9.  // from the curve
	nameLift = 13. // from a curve that is nearly level
)

// middles finds a place beside each curve where its name covers neither another
// name nor any curve: the curve furthest left is named on its left side if it
// can be, and the others on their right, each at a height of its own. A curve
// that has no such place is named in the key alone.
func (c Curves) middles(f frame) []anchor {
	var placed []anchor
	for i, l := range c.fromTheLeft(f) {
		sides := []string{"start", "end"}
		if i == 0 {
			sides = []string{"end", "start"}
		}
		if a, ok := c.place(f, l, placed, tries(sides, i)); ok {
			placed = append(placed, a)
		}
	}
	return placed
}

// fromTheLeft are the curves that have points, in the order in which they come
// down to half of where they start.
func (c Curves) fromTheLeft(f frame) []Line {
	var all []Line
	half := func(l Line) float64 {
		x, ok := l.crossing(l.Points[0].Y / 2)
		if !ok {
			x = l.Points[len(l.Points)-1].X
		}
		return f.x(c.X, x)
	}
	for _, l := range c.Lines {
		if len(l.Points) > 0 {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Line) int { return int(half(a) - half(b)) })
	return all
}

// try is a place to look at: a height as a share of where the curve starts, and
// the text-anchor that says on which side of the curve, and how far it stands off
// upwards on the right and downwards on the left.
type try struct {
	level float64 // 0..1
	side  string
	lift  float64 // >= 0
}

// tries are the places for the i-th curve from the left, the best first.
func tries(sides []string, i int) []try {
	var all []try
	for _, lift := range [...]float64{0, nameLift} {
		for _, side := range sides {
			for _, level := range [...]float64{0.34 + float64(0.22*float64(i)), 0.34, 0.56, 0.78, 0.45, 0.67, 0.24, 0.87, 0.14} {
				if level < 0.95 {
					all = append(all, try{level, side, lift})
				}
			}
		}
	}
	return all
}

// place is the first place for the name of a curve that is free.
func (c Curves) place(f frame, l Line, placed []anchor, all []try) (anchor, bool) {
	for _, t := range all {
		level := float64(l.Points[0].Y * t.level)
		x, ok := l.crossing(level)
		if !ok {
			continue
		}
		a := anchor{line: l, x: f.x(c.X, x) + nameBy, y: f.y(c.Y, level) - t.lift, end: t.side}
		if t.side == "end" {
			a.x, a.y = a.x-2*nameBy, a.y+2*t.lift
		}
		if c.free(f, a, placed) {
			return a, true
		}
	}
	return anchor{}, false
}

// box is the room that a name takes.
func (a anchor) box() frame {
	w := float64(nameWord * float64(min(len([]rune(a.line.Name)), nameCut)))
	b := frame{left: a.x, top: a.y - nameUp, right: a.x + w, bottom: a.y + nameDown}
	if a.end == "end" {
		b.left, b.right = a.x-w, a.x
	}
	return b
}

// meets says whether two boxes share any room.
func (f frame) meets(o frame) bool {
	return f.left < o.right && o.left < f.right && f.top < o.bottom && o.top < f.bottom
}

// free says whether a name stands inside the plot and covers nothing.
func (c Curves) free(f frame, a anchor, placed []anchor) bool {
	b := a.box()
	if b.left < f.left || b.right > f.right || b.top < f.top || b.bottom > f.bottom {
		return false
	}
	return !slices.ContainsFunc(placed, func(p anchor) bool { return b.meets(p.box()) }) &&
		!slices.ContainsFunc(c.Lines, func(l Line) bool { return c.crosses(f, l, b) })
}

// crosses says whether a curve runs through a box, its steps included.
func (c Curves) crosses(f frame, l Line, b frame) bool {
	for i, p := range l.Points {
		next := p
		if i+1 < len(l.Points) {
			next = l.Points[i+1]
		}
		step := frame{left: f.x(c.X, p.X), right: f.x(c.X, next.X), top: f.y(c.Y, p.Y), bottom: f.y(c.Y, next.Y)}
		if i+1 == len(l.Points) && c.Stays {
			step.right = f.right
		}
		level := frame{left: step.left, right: step.right, top: step.top, bottom: step.top}
		down := frame{left: step.right, right: step.right, top: step.top, bottom: step.bottom}
		if b.meets(level) || b.meets(down) {
			return true
		}
	}
	return false
}
