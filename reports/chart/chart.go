// Package chart holds pictures as plain data and turns them into two forms: the
// options of the live chart (echarts.go, the only file that knows go-echarts)
// and a static drawing (svg.go) that stands where no script runs and on paper.
//
// It refuses to compute: every value arrives ready, and every text that shows a
// value was made by the caller with package number. It knows neither the study
// nor the page.
package chart

import (
	"math"

	"github.com/rollrisk/rollrisk/reports/number"
)

// Chart is one picture. Alt says what a reader who cannot see it should take
// from it; its title and its numbers stand beside it on the page.
type Chart struct {
	Name string // letters, digits and hyphens; unique on the page; becomes the element's id
	Alt  string
	Body Body
}

// Body is what is drawn: Curves, Flow or Dots.
type Body interface {
	shape
	choices() []Choice // who is drawn, in order, for the key
	finite() bool      // whether every value can be drawn
}

// shape is the static drawing.
type shape interface {
	draw(*canvas)
	size() (w, h int) // in its own units
}

// Choice is one alternative as a picture shows it: a name, and an index that
// fixes its colour, dash and shape everywhere on the page (0 is the baseline).
type Choice struct {
	Name  string
	Index int
}

// Point is one corner of a curve, in the units of the axes.
type Point struct{ X, Y float64 }

// Band is the range of Y at one X, in the units of the axes.
type Band struct{ X, Low, High float64 }

// Line is the curve of one alternative.
type Line struct {
	Choice
	Points []Point // X rising; shape: any length, an empty line is left out
	Band   []Band  // optional, X rising
	End    string  // said at the right end of the curve, beside the name; may be empty
}

// Curves are step lines over a common X axis; Y is a share. The value of a
// curve between two points is that of the left one.
type Curves struct {
	X, Y  Axis
	Lines []Line
	Label LabelAt
	Stays bool   // a curve keeps its last value up to the right edge; else it ends at its last point
	Reads string // how the tooltip opens, before the X value: "more than", "after"
	Read  []Read // the values that the sentences beside the chart tell
}

// Read is one height at which curves are read off: a line from the left to the last of
// the points, and from each point down to the axis.
type Read struct {
	Y  float64   // a share
	At []float64 // X of each curve, in their order; NaN for one that is not read there
}

// LabelAt says where the names of curves stand.
type LabelAt int

// The places for the names of curves.
const (
	LabelMiddle LabelAt = iota // beside the curve, halfway down
	LabelEnd                   // right of the plot, at the height of the last point
	LabelKey                   // in the key alone, where curves cross too often
)

func (c Curves) choices() []Choice {
	var all []Choice
	for _, l := range c.Lines {
		all = append(all, l.Choice)
	}
	return all
}

func (c Curves) finite() bool {
	for _, l := range c.Lines {
		for _, p := range l.Points {
			if !real(p.X, p.Y) {
				return false
			}
		}
		for _, b := range l.Band {
			if !real(b.X, b.Low, b.High) {
				return false
			}
		}
	}
	return true
}

// real says whether all values are finite numbers.
func real(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Kind says what became of the things in a node of a Flow.
type Kind int

// The kinds of nodes, from harmless to bad.
const (
	Source  Kind = iota // where everything starts
	Passing             // still on the way
	Stopped             // stopped before any user met it
	Noticed             // met users and was noticed
	Missed              // met users and nobody noticed
)

// Node is one station of a Flow.
type Node struct {
	Name  string
	Text  string  // its value as printed
	Value float64 // >= 0
	Depth int     // column, 0 at the left
	Kind  Kind
}

// Link carries Value from one node to another, by index into Nodes.
type Link struct {
	From, To int
	Value    float64 // >= 0
	Text     string  // its value as printed
}

// Flow is a Sankey diagram of one alternative. Links run from a smaller to a
// larger depth.
type Flow struct {
	Choice
	Nodes []Node
	Links []Link
}

func (f Flow) choices() []Choice { return []Choice{f.Choice} }

func (f Flow) finite() bool {
	for _, n := range f.Nodes {
		if !real(n.Value) {
			return false
		}
	}
	for _, l := range f.Links {
		if !real(l.Value) {
			return false
		}
	}
	return true
}

// Row is the spread of one alternative as equally likely dots.
type Row struct {
	Choice
	Values []float64 // rising; each stands for 1/len of the cases
	Text   string    // the middle value as printed
}

// Dots is a quantile dotplot: one row an alternative on one common axis.
type Dots struct {
	X    Axis
	Rows []Row
	None string // name of the column for values at or below X.Min
}

func (d Dots) choices() []Choice {
	var all []Choice
	for _, r := range d.Rows {
		all = append(all, r.Choice)
	}
	return all
}

func (d Dots) finite() bool {
	for _, r := range d.Rows {
		if !real(r.Values...) {
			return false
		}
	}
	return true
}

// Key lists who is drawn, for a legend beside the picture.
func (c Chart) Key() []Choice { return c.Body.choices() }

// Tick is one labelled place on an axis.
type Tick struct {
	At   float64 // in the unit of the axis
	Text string
}

// Axis is the scale of one direction.
type Axis struct {
	Name     string
	Unit     number.Unit
	Log      bool
	Min, Max float64 // Min < Max; both > 0 when Log
	Ticks    []Tick  // rising, within Min..Max
}
