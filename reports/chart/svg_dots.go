package chart

import "strconv"

// Measures of a dotplot.
const (
	dot      = 11. // distance between neighbouring dots
	rowGap   = 34. // height between two rows
	rowName  = 8.  // from the tallest dot of a row up to its name
	noneGap  = 48. // from the axis to the first column of none
	noneTall = 12  // dots of a column of none at most; the rest start another
	tall     = 14  // dots of any other column that stand clear of each other
	noneRoom = 5 * dot
)

func (d Dots) size() (w, h int) { return 720, int(d.height()) + 74 }

// height of all rows. Each row is as tall as its tallest column.
func (d Dots) height() float64 {
	h := 0.
	for _, r := range d.Rows {
		h += d.tallest(r) + rowGap
	}
	return h
}

// step is the height of one dot in its column: where most values are equal the
// dots overlap rather than grow beyond the screen.
func (d Dots) step(r Row) float64 {
	most := 1
	for _, s := range d.stack(r) {
		most = max(most, s.Level+1)
	}
	return dot * min(1, tall/float64(most))
}

// tallest is the height of the tallest column of a row.
func (d Dots) tallest(r Row) float64 {
	top := 0.
	step := d.step(r)
	for _, s := range d.stack(r) {
		top = max(top, float64(s.Level)*step)
	}
	return top + dot
}

func (d Dots) frame() frame {
	return frame{left: 8 + noneGap + noneRoom, top: 10, right: 690, bottom: 10 + d.height()}
}

// stacked is where one dot stands.
type stacked struct {
	X     float64 // the middle of its column, in the unit of the axis; the left end of the axis for none
	Level int     // its place in the column, from 0
	None  int     // 0 on the axis; else the column left of it, counted from the axis
}

// stack sorts the values of a row into columns one dot wide. Values at or below
// the left end of the axis (no harm at all, on a logarithmic one) stand in
// columns of their own beside it.
func (d Dots) stack(r Row) []stacked {
	f := frame{left: 8 + noneGap + noneRoom, right: 690}
	columns := int((f.right - f.left) / dot)
	count := make([]int, columns+1)
	none := 0
	var all []stacked
	for _, v := range r.Values {
		if !(v > d.X.Min) {
			all = append(all, stacked{X: d.X.Min, Level: none % noneTall, None: 1 + none/noneTall})
			none++
			continue
		}
		col := min(int(d.X.fraction(v)*float64(columns)), columns-1)
		all = append(all, stacked{X: d.X.value((float64(col) + 0.5) / float64(columns)), Level: count[col]})
		count[col]++
	}
	return all
}

// offset is how far left of the axis a column of none stands.
func (s stacked) offset() float64 { return noneGap + dot*float64(s.None-1) }

func (d Dots) draw(cv *canvas) {
	f := d.frame()
	for _, t := range d.X.Ticks {
		cv.rule("grid", spot{f.x(d.X, t.At), f.top}, spot{f.x(d.X, t.At), f.bottom})
	}
	f.below(cv, d.X)
	base := f.top
	for _, r := range d.Rows {
		base += d.tallest(r) + rowGap
		step := d.step(r)
		cv.rule("grid", spot{0, base}, spot{f.right, base})
		for _, s := range d.stack(r) {
			x := f.x(d.X, s.X)
			if s.None > 0 {
				x = f.left - s.offset()
			}
			mark(cv, r.Index, x, base-dot/2-1-float64(float64(s.Level)*step))
		}
		cv.text(short(r.Name, 40)+"  "+r.Text, f.right, base-d.tallest(r)-rowName,
			"class", class("label", r.Index), "text-anchor", "end")
	}
	cv.text(d.None, f.left-noneGap, f.bottom+20, "class", "tick", "text-anchor", "middle")
}

// mark draws the symbol of a choice, so that rows differ without colour.
func mark(cv *canvas, index int, x, y float64) {
	const r = dot/2 - 0.7
	name := class("mark", index)
	switch symbol(index) {
	case "circle":
		cv.Leaf("circle", "class", name, "cx", px(x), "cy", px(y), "r", strconv.FormatFloat(r, 'f', 1, 64))
	case "diamond":
		cv.Leaf("path", "class", name, "d", "M"+px(x)+" "+px(y-r)+"L"+px(x+r)+" "+px(y)+"L"+px(x)+" "+px(y+r)+"L"+px(x-r)+" "+px(y)+"Z")
	case "triangle":
		cv.Leaf("path", "class", name, "d", "M"+px(x)+" "+px(y-r)+"L"+px(x+r)+" "+px(y+r)+"L"+px(x-r)+" "+px(y+r)+"Z")
	default:
		cv.Leaf("rect", "class", name, "x", px(x-r+1), "y", px(y-r+1), "width", px(2*r-2), "height", px(2*r-2))
	}
}
