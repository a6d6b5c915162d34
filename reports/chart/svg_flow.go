package chart

import "strconv"

// Measures of a flow drawing.
const (
	flowTop   = 8.
	flowTall  = 200. // height of all things together
	flowGap   = 10.  // least distance between nodes of one column
	flowLine  = 19.  // least distance between the names of two nodes
	flowNode  = 12.  // width of a node
	flowLeft  = 2.
	flowRight = 190. // least room for the names of the last column
	flowWord  = 7.3  // width of a letter of a name
	flowCut   = 30   // letters of a name at most
)

func (f Flow) size() (w, h int) {
	bottom := flowTop
	for _, p := range f.layout() {
		bottom = max(bottom, p.y+max(p.h, flowLine))
	}
	return 720, int(bottom) + 8
}

// place is where a node stands.
type place struct{ x, y, h float64 }

// total is the value at depth 0, which fills flowTall.
func (f Flow) total() float64 {
	sum := 0.
	for _, n := range f.Nodes {
		if n.Depth == 0 {
			sum += n.Value
		}
	}
	return sum
}

// scale is the height of one thing.
func (f Flow) scale() float64 {
	if t := f.total(); t > 0 {
		return flowTall / t
	}
	return 0
}

func (f Flow) deepest() int {
	d := 1
	for _, n := range f.Nodes {
		d = max(d, n.Depth)
	}
	return d
}

// room is what the names of the last column need.
func (f Flow) room() float64 {
	longest, deepest := 0, f.deepest()
	for _, n := range f.Nodes {
		if n.Depth == deepest {
			longest = max(longest, len([]rune(n.Text))+1+min(len([]rune(n.Name)), flowCut))
		}
	}
	return max(flowRight, flowNode+6+float64(flowWord*float64(longest)))
}

// layout makes a staircase: each column starts at the height of the node it
// comes from, and its nodes stand under one another in the order of Nodes. What
// leaves the way first therefore has nothing but paper on its right, where its
// name stands. Nothing else is moved, so two flows can be compared.
func (f Flow) layout() []place {
	scale, deepest := f.scale(), f.deepest()
	step := (720 - flowLeft - f.room() - flowNode) / float64(deepest)
	next := make([]float64, deepest+1)
	begun := make([]bool, deepest+1)
	places := make([]place, len(f.Nodes))
	next[0] = flowTop
	for i, n := range f.Nodes {
		if d := n.Depth; d > 0 && !begun[d] {
			begun[d], next[d] = true, f.parentTop(i, places)
		}
		h := float64(n.Value * scale)
		places[i] = place{x: flowLeft + float64(float64(n.Depth)*step), y: next[n.Depth], h: h}
		next[n.Depth] += max(h+flowGap, flowLine)
	}
	return places
}

// parentTop is the height of the node that feeds node i; nodes come after those
// that feed them.
func (f Flow) parentTop(i int, places []place) float64 {
	for _, l := range f.Links {
		if l.To == i {
			return places[l.From].y
		}
	}
	return flowTop
}

func (f Flow) draw(cv *canvas) {
	places := f.layout()
	f.drawLinks(cv, places)
	for i, n := range f.Nodes {
		p := places[i]
		cv.Leaf("rect", "class", class("node "+n.Kind.class(), f.Index),
			"x", px(p.x), "y", px(p.y), "width", px(flowNode), "height", px(max(p.h, 1)))
		cv.Open("text", "x", px(p.x+flowNode+6), "y", px(p.y+p.h/2+4.5))
		cv.Element("tspan", n.Text, "class", "value")
		cv.Text(" " + short(n.Name, flowCut))
		cv.Close("text")
	}
}

// drawLinks draws each link as a band between the free parts of the sides of
// its nodes, from top to bottom in the order of Links.
func (f Flow) drawLinks(cv *canvas, places []place) {
	scale := f.scale()
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
		cv.Leaf("path", "class", class("flow "+f.Nodes[l.To].Kind.class(), f.Index), "d",
			"M"+px(x0)+" "+px(y0)+"C"+px(mid)+" "+px(y0)+" "+px(mid)+" "+px(y1)+" "+px(x1)+" "+px(y1)+
				"v"+px(h)+"C"+px(mid)+" "+px(y1+h)+" "+px(mid)+" "+px(y0+h)+" "+px(x0)+" "+px(y0+h)+"Z")
	}
}

// class is the style class of a kind.
func (k Kind) class() string { return "k" + strconv.Itoa(int(k)) }
