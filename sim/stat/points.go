package stat

import (
	"math"
	"slices"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// choose returns rising points for sorted values.
func (o CurveOptions) choose(sorted []float64) []float64 {
	values := sorted[:countUpTo(sorted, math.MaxFloat64)] // those that are finite
	zero := countUpTo(values, 0)
	switch {
	case len(values) == 0:
		return []float64{0} // every row is above it
	case values[0] < 0:
		return o.spaced(values, values, nil)
	case zero > 0:
		return o.spaced(values, values[zero:], []float64{0})
	}
	return o.spaced(values, values, nil)
}

// spaced appends points from the 1 % quantile of body to where Tail of values are
// above: in equal ratios if the body is positive, else in equal steps. If the body
// is all beyond that end, it appends none unless there would be none.
func (o CurveOptions) spaced(values, body, xs []float64) []float64 {
	most, tail := defaultPoints, defaultTail
	if o.Points > 0 {
		most = o.Points
	}
	if o.Tail > 0 {
		tail = o.Tail
	}
	beyond := max(int(tail*float64(len(values))), min(fewestAbove, len(values)/2))
	high := values[len(values)-1-beyond]
	if len(body) == 0 || len(xs) > 0 && high < body[0] {
		return xs
	}
	low := body[rankOf(0.01, len(body))-1]
	high = max(low, high)
	for n := most - len(xs); len(xs) < most; {
		xs = append(xs, between(low, high, float64(most-1-len(xs))/float64(max(1, n-1))))
	}
	slices.Sort(xs)
	return xs
}

// between is the number that leaves the part t of the way from low to high to go, in
// ratios if low is positive, rounded to six significant digits.
func between(low, high, t float64) float64 {
	x := high - float64(t*(high-low))
	if low > 0 {
		ratio := portable.Log(high) - portable.Log(low)
		x = float64(high * portable.Exp(-float64(t*ratio)))
	}
	return math.Max(-math.MaxFloat64, math.Min(significant(x, 6), math.MaxFloat64))
}

// countUpTo is the number of sorted values that are at most x.
func countUpTo(sorted []float64, x float64) int {
	return sort.Search(len(sorted), func(i int) bool { return sorted[i] > x })
}

// shareAbove is the share of sorted values above x.
func shareAbove(sorted []float64, x float64) float64 {
	return float64(len(sorted)-countUpTo(sorted, x)) / float64(len(sorted))
}

// designsAbove returns the design of the share of rows above each of the rising xs.
func (s Sample) designsAbove(xs []float64) []design {
	t := tally{xs: xs, shares: make([]float64, len(xs))}
	for k, x := range xs {
		t.shares[k] = shareAbove(s.sorted, x)
	}
	filled := s.Clusters.filled()
	t.squares = make([]compensated, len(xs))
	if filled < len(s.Rows) { // else the rows are independent, and the sums not used
		t.between = make([]int, len(xs)+1)
		for r := range s.Replications() {
			first, end := s.Clusters.Bounds(r)
			t.add(s.Rows[first:end])
		}
	}
	n := float64(len(s.Rows))
	designs := make([]design, len(xs))
	for k := range designs {
		se := math.Sqrt(varianceOf(t.squares[k].value(), filled)) / n
		designs[k] = designOf(spread{mean: t.shares[k], se: se, weight: n, replications: filled})
	}
	return designs
}

// A tally is the sums of squared residuals of the shares above many points. One
// pass over the rows does for all points.
type tally struct {
	xs, shares []float64
	squares    []compensated
	between    []int // rows of one replication between the points
}

// add adds the rows of one replication.
func (t *tally) add(rows []float64) {
	for _, x := range rows {
		t.between[sort.SearchFloat64s(t.xs, x)]++
	}
	above := 0
	for k := len(t.xs) - 1; k >= 0; k-- {
		above += t.between[k+1]
		e := float64(above) - float64(t.shares[k]*float64(len(rows)))
		t.squares[k].add(float64(e * e))
	}
	clear(t.between)
}
