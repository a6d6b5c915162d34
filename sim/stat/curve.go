package stat

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Curve is an exceedance curve: the probability that a row is larger than x, at
// some points. It never rises.
type Curve struct {
	N            int       `json:"n"`            // rows
	Replications int       `json:"replications"` // with at least one row
	Level        float64   `json:"level"`        // of the interval at each point by itself
	Points       []Point   `json:"points"`       // x rises strictly
	Warnings     []Warning `json:"warnings,omitempty"`
}

// Point is one point of a Curve.
type Point struct {
	X    float64 `json:"x"`    // finite
	P    float64 `json:"p"`    // share of rows above x
	Low  Number  `json:"low"`  // of its interval; NaN if all rows are of one replication
	High Number  `json:"high"` // of its interval
}

// CurveOptions says where a curve has points.
type CurveOptions struct {
	Level float64 // of the intervals, between 0 and 1
	// At are the points, finite, in any order. If it is empty they are chosen: 0 if
	// rows are 0 and none is negative; and from the 1 % quantile of the positive rows
	// to the value that Tail of the finite rows exceed, in equal ratios, with six
	// significant digits. If rows are negative: in equal steps from the 1 % quantile
	// of all.
	At     []float64
	Points int     // at most so many are chosen, at least 2; 0 is 60
	Tail   float64 // where the chosen ones end, between 0 and 1; 0 is 0.001
}

// What CurveOptions stand for when they are 0, and the number of finite rows that
// lie beyond the last chosen point (half of them if that is less), since a curve is
// not to end in a maximum.
const (
	defaultPoints = 60
	defaultTail   = 0.001
	fewestAbove   = 10
)

// Exceedance returns the share of rows above each point. The intervals are those of
// ProportionOf: Wilson's (1927), each for one point, with the design effect of the
// share there. Rows that are +Inf are above every point. Without rows there are no
// points. It panics at NaN or infinite points and impossible options.
func Exceedance(s Sample, o CurveOptions) Curve {
	o.check()
	c := Curve{N: len(s.sorted), Level: o.Level, Points: []Point{}}
	if c.N == 0 {
		c.Warnings = replicationWarnings(0)
		return c
	}
	xs := slices.Sorted(slices.Values(o.At))
	if len(xs) == 0 {
		xs = o.choose(s.sorted)
	}
	xs = slices.Compact(xs)
	designs := s.designsAbove(xs)
	penalty := designs[0].penalty(o.Level)
	c.Replications = designs[0].replications
	for k, x := range xs {
		p := Point{X: x, P: shareAbove(s.sorted, x)}
		worth := float64(float64(c.N) / designs[k].effect * penalty)
		p.Low, p.High = wilson(p.P, worth, o.Level)
		c.Points = append(c.Points, p)
	}
	if math.IsNaN(designs[0].effect) {
		c.Warnings = replicationWarnings(1)
	}
	return c
}

// Above returns the probability that a row is larger than x, as the curve has it at
// the last point that is not beyond x: exact at the points, between them too high
// rather than too low. It is NaN before the first point.
func (c Curve) Above(x float64) float64 {
	k := sort.Search(len(c.Points), func(k int) bool { return c.Points[k].X > x })
	if k == 0 {
		return math.NaN()
	}
	return c.Points[k-1].P
}

// ExceededBy returns the value that at most the share p of rows exceed, as the curve
// has it: the first such point. It is NaN if the curve ends before. It is the way
// back from Above: x >= ExceededBy(p) just if Above(x) <= p.
func (c Curve) ExceededBy(p float64) float64 {
	k := sort.Search(len(c.Points), func(k int) bool { return c.Points[k].P <= p })
	if k == len(c.Points) {
		return math.NaN()
	}
	return c.Points[k].X
}

// check panics if the options make no sense.
func (o CurveOptions) check() {
	checkShare("level", o.Level)
	if o.Points < 0 || o.Points == 1 || !(o.Tail >= 0 && o.Tail < 1) {
		panic(fmt.Sprintf("stat: a curve of %d points with a tail of %v", o.Points, o.Tail))
	}
	for _, x := range o.At {
		if !finite(x) {
			panic(fmt.Sprintf("stat: a curve with a point at %v", x))
		}
	}
}
