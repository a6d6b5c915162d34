package stat

import (
	"fmt"
	"math"
)

// Totals is what a mean over replications is made of: the ratio of a sum and a
// weight, both added up over replications. Column, Indicator and Ratio are Totals.
type Totals interface {
	// Replications returns their number.
	Replications() int
	// Total returns what replication r adds to the sum and to the weight, which is
	// not negative.
	Total(r int) (sum, weight float64)
	// Grand returns the sum and the weight over all replications.
	Grand() (sum, weight float64)
}

// Replications implements Totals.
func (c Column) Replications() int { return c.Clusters.Replications() }

// Total implements Totals: the sum of the rows of replication r and their number.
func (c Column) Total(r int) (sum, weight float64) {
	first, end := c.Clusters.Bounds(r)
	if end == first+1 {
		return c.Rows[first], 1
	}
	return Sum(c.Rows[first:end]), float64(end - first)
}

// Grand implements Totals: Sum of all rows and their number.
func (c Column) Grand() (sum, weight float64) {
	c.check()
	return Sum(c.Rows), float64(len(c.Rows))
}

// Indicator is the share of the rows for which Holds is true, as Totals.
type Indicator struct {
	Column
	Holds func(x float64) bool // a pure function
}

// Never is the Indicator of the rows that are +Inf.
func Never(c Column) Indicator {
	return Indicator{Column: c, Holds: func(x float64) bool { return math.IsInf(x, 1) }}
}

// Total implements Totals: how many rows of replication r hold, and how many there
// are.
func (i Indicator) Total(r int) (sum, weight float64) {
	first, end := i.Clusters.Bounds(r)
	return float64(i.count(i.Rows[first:end])), float64(end - first)
}

// Grand implements Totals: how many rows hold, and how many there are.
func (i Indicator) Grand() (sum, weight float64) {
	i.check()
	return float64(i.count(i.Rows)), float64(len(i.Rows))
}

func (i Indicator) count(rows []float64) int {
	n := 0
	for _, x := range rows {
		if i.Holds(x) {
			n++
		}
	}
	return n
}

// Ratio is a ratio of two sums over replications, as Totals: failed releases to
// releases, releases to weeks. Shape: one entry a replication.
type Ratio struct {
	Numerators   []float64
	Denominators []float64 // >= 0
}

// Replications implements Totals. It panics if the two columns differ in length.
func (q Ratio) Replications() int {
	if len(q.Numerators) != len(q.Denominators) {
		panic(fmt.Sprintf("stat: Ratio of %d numerators and %d denominators", len(q.Numerators), len(q.Denominators)))
	}
	return len(q.Numerators)
}

// Total implements Totals.
func (q Ratio) Total(r int) (sum, weight float64) { return q.Numerators[r], q.Denominators[r] }

// Grand implements Totals.
func (q Ratio) Grand() (sum, weight float64) { return Sum(q.Numerators), Sum(q.Denominators) }
