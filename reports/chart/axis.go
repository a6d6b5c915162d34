package chart

import (
	"math"

	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// decades is how many powers of ten a logarithmic axis shows at most. What is
// smaller stands at its left edge.
const decades = 7

// LogAxis spans the positive finite values from the power of ten below the
// smallest to the one above the largest, at most seven decades down from the
// top. Where the largest is above 1, counts and amounts begin at 1 at the
// earliest: less than one user is nobody. Hours get ticks at the steps people name (1 min, 1 h, 1 d, 1 wk), all
// other units at powers of ten. Without any positive value the axis is 1..10.
func LogAxis(name string, unit number.Unit, values []float64) Axis {
	low, high := math.Inf(1), 0.
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high == 0 {
		low, high = 1, 10
	}
	top := math.Ceil(log10(high))
	bottom := max(math.Floor(log10(low)), top-decades)
	if unit != number.Hours && unit != number.Share && top > 0 {
		bottom = max(bottom, 0)
	}
	if bottom >= top {
		bottom = top - 1
	}
	a := Axis{Name: name, Unit: unit, Log: true, Min: pow10(bottom), Max: pow10(top)}
	if unit == number.Hours {
		a.clockTicks(low, high)
	} else {
		for e := bottom; e <= top; e++ {
			a.Ticks = append(a.Ticks, Tick{pow10(e), number.Text(pow10(e), 0, unit)})
		}
	}
	return a
}

// clockTicks gives the axis the steps people name and narrows it to the steps
// around the data.
func (a *Axis) clockTicks(low, high float64) {
	steps := [...]Tick{
		{1. / 3600, "1 s"}, {10. / 3600, "10 s"}, {1. / 60, "1 min"}, {10. / 60, "10 min"}, {1, "1 h"},
		{6, "6 h"}, {24, "1 d"}, {168, "1 wk"}, {730, "1 mo"}, {8766, "1 y"}, {87660, "10 y"},
	}
	low = max(low, a.Min)
	first, last := 0, len(steps)-1
	for i, s := range steps {
		if s.At <= low {
			first = i
		}
	}
	for i := last; i > first; i-- {
		if steps[i].At >= high {
			last = i
		}
	}
	if first == last {
		first = max(0, first-1)
		last = first + 1
	}
	a.Min, a.Max = steps[first].At, max(high, steps[last].At)
	a.Ticks = append(a.Ticks, steps[first:last+1]...)
}

// ShareAxis runs from nothing to all, with a tick at every quarter.
func ShareAxis(name string) Axis {
	a := Axis{Name: name, Unit: number.Share, Max: 1}
	for _, at := range [...]float64{0, .25, .5, .75, 1} {
		a.Ticks = append(a.Ticks, Tick{at, number.Text(at, 0, number.Share)})
	}
	return a
}

// fraction places v on the axis: 0 at Min, 1 at Max, and no further. NaN is
// placed at Min.
func (a Axis) fraction(v float64) float64 {
	low, high := a.Min, a.Max
	if a.Log {
		if !(v > low) {
			return 0
		}
		v, low, high = log10(v), log10(low), log10(high)
	}
	f := (v - low) / (high - low)
	if !(f > 0) {
		return 0
	}
	return min(f, 1)
}

// log10 comes from the portable logarithm so that a drawing has the same bytes
// on every machine. It is exact at powers of ten within the range of an axis.
func log10(v float64) float64 {
	l := portable.Log(v) / math.Ln10
	if r := math.Round(l); math.Abs(l-r) < 1e-12 {
		return r
	}
	return l
}

// pow10 is 10^e for a whole e, exact wherever a float64 can be.
func pow10(e float64) float64 { return math.Pow10(int(e)) }

// value is the place on the axis at a fraction of its length, 0..1.
func (a Axis) value(fraction float64) float64 {
	if !a.Log {
		return a.Min + float64(fraction*(a.Max-a.Min))
	}
	low, high := log10(a.Min), log10(a.Max)
	return portable.Exp((low + float64(fraction*(high-low))) * math.Ln10)
}
