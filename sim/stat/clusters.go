package stat

import (
	"fmt"
	"math"
)

// Clusters says which rows belong to which replication: each is a run of
// neighbouring rows. It is a plain value; its zero value is no rows.
type Clusters struct {
	rows    int
	size    int   // rows of a replication; 0 with offsets
	offsets []int // first row of each replication and, last, the number of rows
}

// Even says that rows are in replications of size rows each, the last one shorter
// if they do not divide. It panics if rows is negative or size is not positive.
func Even(rows, size int) Clusters {
	if rows < 0 || size < 1 {
		panic(fmt.Sprintf("stat: Even(%d, %d)", rows, size))
	}
	return Clusters{rows: rows, size: size}
}

// Independent says that each row is a replication of its own.
func Independent(rows int) Clusters { return Even(rows, 1) }

// Offsets says where replications begin: replication r is the rows from offsets[r]
// to offsets[r+1]-1, possibly none. Shape: one entry a replication and one more,
// the number of rows. It keeps the slice, and panics unless it begins with 0 and
// never falls.
func Offsets(offsets []int) Clusters {
	if len(offsets) == 0 || offsets[0] != 0 {
		panic("stat: Offsets that do not begin with 0")
	}
	for r := range len(offsets) - 1 {
		if offsets[r+1] < offsets[r] {
			panic("stat: Offsets that fall")
		}
	}
	return Clusters{rows: offsets[len(offsets)-1], offsets: offsets}
}

// Rows returns the number of rows.
func (c Clusters) Rows() int { return c.rows }

// Replications returns the number of replications, those without rows included.
func (c Clusters) Replications() int {
	switch {
	case c.offsets != nil:
		return len(c.offsets) - 1
	case c.rows == 0:
		return 0
	}
	return (c.rows-1)/c.size + 1
}

// Bounds returns the rows of replication r: from first to end-1.
func (c Clusters) Bounds(r int) (first, end int) {
	if c.offsets != nil {
		return c.offsets[r], c.offsets[r+1]
	}
	first = r * c.size
	return first, min(first+c.size, c.rows)
}

// filled returns the number of replications that have rows.
func (c Clusters) filled() int {
	n := 0
	for r := range c.Replications() {
		if first, end := c.Bounds(r); first < end {
			n++
		}
	}
	return n
}

// Column is one number a row.
type Column struct {
	Rows     []float64 // +Inf for never; NaN only where a function says so
	Clusters Clusters  // of the same rows
}

// check panics if rows and replications do not belong together.
func (c Column) check() {
	if len(c.Rows) != c.Clusters.rows {
		panic(fmt.Sprintf("stat: %d rows with Clusters of %d", len(c.Rows), c.Clusters.rows))
	}
}

// Defined returns the rows of c that are not NaN, which stands for "not defined for
// this row" (the time to restore of what never broke). If there is no NaN, that is
// c itself; otherwise the rows are copied into memory that is valid until the next
// call.
func (s *Scratch) Defined(c Column) Column {
	c.check()
	n := 0
	for _, x := range c.Rows {
		if x == x {
			n++
		}
	}
	if n == len(c.Rows) {
		return c
	}
	s.defined = fit(s.defined, n)[:0]
	offsets := make([]int, 1, c.Clusters.Replications()+1)
	for r := range c.Clusters.Replications() {
		first, end := c.Clusters.Bounds(r)
		for _, x := range c.Rows[first:end] {
			if x == x {
				s.defined = append(s.defined, x)
			}
		}
		offsets = append(offsets, len(s.defined))
	}
	return Column{Rows: s.defined, Clusters: Offsets(offsets)}
}

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
