package stat

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSortIsTheLibrarys, for numbers of all sizes and signs, in both methods, with
// memory that has been used before. Kills: a digit left out, negative numbers by
// their raw bits, the histogram of one pass used for another.
func TestSortIsTheLibrarys(t *testing.T) {
	var scratch Scratch
	rapid.Check(t, func(t *rapid.T) {
		s := draws(rapid.Uint64().Draw(t, "seed"))
		n := rapid.SampledFrom([]int{0, 1, 2, fewRows - 1, fewRows, fewRows + 1, 5000}).Draw(t, "n")
		kind := rapid.IntRange(0, 4).Draw(t, "kind")
		xs := make([]float64, n)
		for i := range xs {
			switch xs[i] = math.Float64frombits(s.Uint64()); {
			case xs[i] != xs[i]:
				xs[i] = math.Inf(1 - 2*(i&1))
			case kind == 1:
				xs[i] = math.Floor(s.Exponential() * 5)
			case kind == 2:
				xs[i] = s.Uniform() - 0.5
			case kind == 3:
				xs[i] = 7
			case kind == 4: // differ in their last bits only
				xs[i] = 1 + math.Floor(s.Exponential()*300)*0x1p-52
			}
		}
		given := slices.Clone(xs)
		got := scratch.Sort(xs)
		if !slices.Equal(xs, given) {
			t.Fatal("the column was changed")
		}
		slices.Sort(given)
		if !slices.Equal(got, given) {
			t.Fatal("not sorted")
		}
	})
}

func TestSortEdges(t *testing.T) {
	var scratch Scratch
	got := scratch.Sort([]float64{math.Inf(1), math.Copysign(0, -1), math.Inf(-1), 0})
	if want := []float64{math.Inf(-1), 0, 0, math.Inf(1)}; !slices.Equal(got, want) || math.Signbit(got[1]) {
		t.Errorf("got %v, want %v", got, want)
	}
	panics(t, "NaN", func() { scratch.Sort([]float64{1, math.NaN()}) })
}

func BenchmarkSort(b *testing.B) {
	for _, n := range []int{300, 1000, 3000, 1_000_000} {
		xs := make([]float64, n)
		for i, s := 0, draws(1); i < n; i++ {
			xs[i] = 1000 * s.Exponential()
		}
		b.Run(fmt.Sprint("radix/", n), func(b *testing.B) {
			to, spare := make([]float64, n), make([]float64, n)
			for b.Loop() {
				copy(to, xs)
				to, spare = radixSort(to, spare)
			}
		})
		b.Run(fmt.Sprint("library/", n), func(b *testing.B) {
			to := make([]float64, n)
			for b.Loop() {
				copy(to, xs)
				slices.Sort(to)
			}
		})
	}
}
