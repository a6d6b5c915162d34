package stat

import "fmt"

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
