package chart

// Fans are the spreads of several alternatives over common axes, a panel for each, one
// under the other. Y is a share. Between two points everything keeps the value of the
// left one.
type Fans struct {
	X, Y  Axis
	Fans  []Fan
	Reads string // how the tooltip opens, before the X value: "after"
}

// Fan is the spread of one alternative.
type Fan struct {
	Choice
	Points []FanPoint // X rising, the same in every Fan of a picture
}

// FanPoint is a spread at one X, in the units of the axes: two bands, one within the
// other, and two lines.
type FanPoint struct {
	X            float64 // in the unit of the axis
	Outer, Inner Band    // their X is not used
	Middle, Mean float64 // shares, 0..1
	Text, Rest   string  // what the tooltip says: the middle case, and everything else
}

func (f Fans) choices() []Choice {
	var all []Choice
	for _, p := range f.Fans {
		all = append(all, p.Choice)
	}
	return all
}

func (f Fans) finite() bool {
	for _, p := range f.Fans {
		for _, x := range p.Points {
			if !real(x.X, x.Outer.Low, x.Outer.High, x.Inner.Low, x.Inner.High, x.Middle, x.Mean) {
				return false
			}
		}
	}
	return true
}

// outer, inner are the bands of a fan, each with its X.
func (f Fan) outer() []Band { return f.bands(func(p FanPoint) Band { return p.Outer }) }
func (f Fan) inner() []Band { return f.bands(func(p FanPoint) Band { return p.Inner }) }

func (f Fan) bands(of func(FanPoint) Band) []Band {
	var all []Band
	for _, p := range f.Points {
		b := of(p)
		b.X = p.X
		all = append(all, b)
	}
	return all
}

// middle, mean are the lines of a fan.
func (f Fan) middle() []Point { return f.line(func(p FanPoint) float64 { return p.Middle }) }
func (f Fan) mean() []Point   { return f.line(func(p FanPoint) float64 { return p.Mean }) }

func (f Fan) line(of func(FanPoint) float64) []Point {
	var all []Point
	for _, p := range f.Points {
		all = append(all, Point{p.X, of(p)})
	}
	return all
}
