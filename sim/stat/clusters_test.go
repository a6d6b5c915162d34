package stat

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestClustersPartition: every row is in exactly one replication, in order.
func TestClustersPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Even(rapid.IntRange(0, 50).Draw(t, "rows"), rapid.IntRange(1, 60).Draw(t, "size"))
		if rapid.Bool().Draw(t, "offsets") {
			offsets := []int{0}
			for _, n := range rapid.SliceOfN(rapid.IntRange(0, 4), 0, 12).Draw(t, "sizes") {
				offsets = append(offsets, offsets[len(offsets)-1]+n)
			}
			c = Offsets(offsets)
		}
		at, filled := 0, 0
		for r := range c.Replications() {
			first, end := c.Bounds(r)
			if first != at || end < first {
				t.Fatalf("replication %d: rows %d to %d, want to begin at %d", r, first, end, at)
			}
			if end > first {
				filled++
			}
			at = end
		}
		if at != c.Rows() || filled != c.filled() {
			t.Fatalf("%d rows of %d, %d filled of %d", at, c.Rows(), filled, c.filled())
		}
	})
}

func TestClustersPanic(t *testing.T) {
	panics(t, "no size", func() { Even(3, 0) })
	panics(t, "negative", func() { Even(-1, 2) })
	panics(t, "no offsets", func() { Offsets(nil) })
	panics(t, "first offset", func() { Offsets([]int{1, 2}) })
	panics(t, "falling", func() { Offsets([]int{0, 5, 4}) })
	panics(t, "rows", func() { NewSample(Column{[]float64{1}, Independent(2)}, new(Scratch)) })
	panics(t, "ratio", func() { EstimateOf(Ratio{[]float64{1}, nil}, 0.9) })
	panics(t, "weight", func() { EstimateOf(Ratio{[]float64{1, 1}, []float64{1, -1}}, 0.9) })
}

func TestDefined(t *testing.T) {
	nan := math.NaN()
	var scratch Scratch
	c := scratch.Defined(Column{[]float64{nan, 1, 2, nan, nan, nan, 3}, Even(7, 2)})
	if !slices.Equal(c.Rows, []float64{1, 2, 3}) {
		t.Fatalf("rows %v", c.Rows)
	}
	for r, want := range [][2]int{{0, 1}, {1, 2}, {2, 2}, {2, 3}} {
		if first, end := c.Clusters.Bounds(r); first != want[0] || end != want[1] {
			t.Errorf("replication %d: %d to %d, want %v", r, first, end, want)
		}
	}
	whole := Column{[]float64{1, math.Inf(1)}, Independent(2)}
	if got := scratch.Defined(whole); &got.Rows[0] != &whole.Rows[0] {
		t.Error("a column without NaN was copied")
	}
}
