package stat

import (
	"math"
	"slices"
)

// Scratch is the memory in which columns are sorted: two numbers a row, 16 MB for
// a million rows. Its zero value is ready; it grows to the largest column and is
// used again for the next. It belongs to one goroutine.
type Scratch struct{ sorted, spare, defined []float64 }

// fewRows is the length from which on the radix sort is the faster one (measured:
// BenchmarkSort).
const fewRows = 2000

// Sort returns the values of xs in rising order, in memory that is valid until the
// next call; xs stays as it is. Infinite values are allowed, -0 becomes 0. It
// panics at NaN, which has no place in an order.
func (s *Scratch) Sort(xs []float64) []float64 {
	s.sorted = fit(s.sorted, len(xs))
	for i, x := range xs {
		if x != x {
			panic("stat: NaN in a column that is to be sorted; see Scratch.Defined")
		}
		s.sorted[i] = x + 0 // turns -0 into 0
	}
	if len(xs) < fewRows {
		slices.Sort(s.sorted)
		return s.sorted
	}
	s.spare = fit(s.spare, len(xs))
	s.sorted, s.spare = radixSort(s.sorted, s.spare)
	return s.sorted
}

// fit returns memory for n numbers, that of xs if it is enough.
func fit(xs []float64, n int) []float64 {
	if cap(xs) < n {
		return make([]float64, n)
	}
	return xs[:n]
}

// A key is the bit pattern of a float64, changed so that keys are ordered as the
// numbers are, in digits of 11 bits.
const (
	digitBits = 11
	digits    = 6
	digitMask = 1<<digitBits - 1
)

func key(x float64) uint64 {
	b := math.Float64bits(x)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

// radixSort sorts xs by its keys, the least significant digit first, and returns
// the sorted slice and the other one. A digit that all keys share is skipped: counts
// and shares have few digits that differ.
func radixSort(xs, spare []float64) (sorted, rest []float64) {
	var counts [digits][digitMask + 1]uint32
	for _, x := range xs {
		k := key(x)
		for d := range counts {
			counts[d][k&digitMask]++
			k >>= digitBits
		}
	}
	for d := range counts {
		shift := d * digitBits
		if counts[d][key(xs[0])>>shift&digitMask] == uint32(len(xs)) {
			continue
		}
		places := &counts[d]
		accumulate(places)
		for _, x := range xs {
			digit := key(x) >> shift & digitMask
			spare[places[digit]] = x
			places[digit]++
		}
		xs, spare = spare, xs
	}
	return xs, spare
}

// accumulate turns counts into the place of the first of each digit.
func accumulate(counts *[digitMask + 1]uint32) {
	place := uint32(0)
	for i, c := range counts {
		counts[i] = place
		place += c
	}
}
