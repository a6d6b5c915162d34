package chart

import "strconv"

// dot is the distance between neighbouring dots, and rowGap the height between
// two rows.
const (
	dot    = 11.
	rowGap = 34.
)

func (d Dots) size() (w, h int) { return 720, int(d.height()) + 74 }

// height of all rows. Each row is as tall as its tallest column.
func (d Dots) height() float64 {
	h := 0.
	for _, r := range d.Rows {
		h += float64(d.tallest(r))*dot + rowGap
	}
	return h
}

func (d Dots) frame() frame { return frame{left: 60, top: 10, right: 700, bottom: 10 + d.height()} }

// Stacked is where one dot stands: the middle of its column on the axis, and
// its place in the column, from 0.
type Stacked struct {
	X     float64
	Level int
	None  bool // in the column left of the axis
}

// stack sorts the values of a row into columns one dot wide. Values at or below
// the left end of the axis (no harm at all, on a logarithmic one) share a
// column of their own.
func (d Dots) stack(r Row) []Stacked {
	f := frame{left: 60, right: 700}
	columns := int((f.right - f.left) / dot)
	count := make([]int, columns+2)
	var all []Stacked
	for _, v := range r.Values {
		if !(v > d.X.Min) {
			all = append(all, Stacked{X: d.X.Min, Level: count[0], None: true})
			count[0]++
			continue
		}
		col := int(d.X.fraction(v)*float64(columns)) + 1
		col = min(col, columns)
		all = append(all, Stacked{X: d.X.value((float64(col) - 0.5) / float64(columns)), Level: count[col]})
		count[col]++
	}
	return all
}

func (d Dots) tallest(r Row) int {
	n := 1
	for _, s := range d.stack(r) {
		n = max(n, s.Level+1)
	}
	return n
}

func (d Dots) draw(cv *canvas) {
	f := d.frame()
	for _, t := range d.X.Ticks {
		cv.line("grid", f.x(d.X, t.At), f.top, f.x(d.X, t.At), f.bottom)
	}
	f.below(cv, d.X)
	base := f.top
	for _, r := range d.Rows {
		base += float64(d.tallest(r))*dot + rowGap
		cv.line("grid", 0, base, f.right, base)
		for _, s := range d.stack(r) {
			x := f.x(d.X, s.X)
			if s.None {
				x = f.left - 26
			}
			mark(cv, r.Index, x, base-dot/2-1-float64(float64(s.Level)*dot))
		}
		cv.text(short(r.Name, 40)+"  "+r.Text, f.right, base-float64(d.tallest(r))*dot-8,
			"class", class("label", r.Index), "text-anchor", "end")
	}
	cv.text(d.None, f.left-26, f.bottom+20, "class", "tick", "text-anchor", "middle")
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
