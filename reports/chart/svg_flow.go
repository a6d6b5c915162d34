package chart

import "strconv"

// Measures of a flow drawing.
const (
	flowTop   = 26.
	flowTall  = 190. // height of the whole, at depth 0
	flowGap   = 24.  // between nodes of one column
	flowNode  = 12.  // width of a node
	flowLeft  = 4.
	flowRight = 150. // room for the names of the last column
)

func (f Flow) size() (w, h int) {
	tallest := 0.
	for _, p := range f.layout() {
		tallest = max(tallest, p.y+p.h)
	}
	return 720, int(tallest) + 34
}

// place is where a node stands.
type place struct{ x, y, h float64 }

// total is the value at depth 0, which fills the height.
func (f Flow) total() float64 {
	sum := 0.
	for _, n := range f.Nodes {
		if n.Depth == 0 {
			sum += n.Value
		}
	}
	return sum
}

// layout puts the nodes of each column under one another in the order of
// Nodes. Heights are in proportion to values; nothing else is moved, so the
// same flow always looks the same and two flows can be compared.
func (f Flow) layout() []place {
	deepest := 1
	for _, n := range f.Nodes {
		deepest = max(deepest, n.Depth)
	}
	scale := 0.
	if t := f.total(); t > 0 {
		scale = flowTall / t
	}
	step := (720 - flowLeft - flowRight - flowNode) / float64(deepest)
	next := make([]float64, deepest+1)
	places := make([]place, len(f.Nodes))
	for i, n := range f.Nodes {
		h := float64(n.Value * scale)
		places[i] = place{x: flowLeft + float64(float64(n.Depth)*step), y: flowTop + next[n.Depth], h: h}
		next[n.Depth] += h + flowGap
	}
	return places
}

func (f Flow) draw(cv *canvas) {
	places := f.layout()
	f.drawLinks(cv, places)
	for i, n := range f.Nodes {
		p := places[i]
		cv.leaf("rect", "class", class("node "+n.Kind.class(), f.Index),
			"x", px(p.x), "y", px(p.y), "width", px(flowNode), "height", px(max(p.h, 1)))
		cv.text(n.Text, p.x+flowNode+5, p.y+min(p.h/2, 12)+4, "class", "value")
		cv.text(short(n.Name, 20), p.x, p.y-6, "class", "tick")
	}
}

// drawLinks draws each link as a band between the free parts of the sides of
// its nodes, from top to bottom in the order of Links.
func (f Flow) drawLinks(cv *canvas, places []place) {
	scale := 0.
	if t := f.total(); t > 0 {
		scale = flowTall / t
	}
	out, in := make([]float64, len(places)), make([]float64, len(places))
	for _, l := range f.Links {
		from, to, h := places[l.From], places[l.To], float64(l.Value*scale)
		y0, y1 := from.y+out[l.From], to.y+in[l.To]
		out[l.From] += h
		in[l.To] += h
		if h <= 0 {
			continue
		}
		x0, x1 := from.x+flowNode, to.x
		mid := (x0 + x1) / 2
		cv.leaf("path", "class", class("flow "+f.Nodes[l.To].Kind.class(), f.Index), "d",
			"M"+px(x0)+" "+px(y0)+"C"+px(mid)+" "+px(y0)+" "+px(mid)+" "+px(y1)+" "+px(x1)+" "+px(y1)+
				"v"+px(h)+"C"+px(mid)+" "+px(y1+h)+" "+px(mid)+" "+px(y0+h)+" "+px(x0)+" "+px(y0+h)+"Z")
	}
}

// class is the style class of a kind.
func (k Kind) class() string { return "k" + strconv.Itoa(int(k)) }
