package points

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// The first points of two coordinates, as they stand in every book (in the order of the
// binary number; Gray codes visit the same ones in another order).
func TestFirstPoints(t *testing.T) {
	s := PlainSobol(2)
	for i, want := range map[uint32][2]float64{0: {0, 0}, 1: {0.5, 0.5}, 2: {0.25, 0.75}, 3: {0.75, 0.25}, 6: {0.375, 0.375}, 7: {0.875, 0.875}, 5: {0.625, 0.125}, 4: {0.125, 0.625}} {
		var x [2]float64
		if s.At(i, x[:]); x != want {
			t.Errorf("point %d is %v, want %v", i, x, want)
		}
	}
}

// Any two of the first coordinates split 2^10 points evenly: as many in each of the
// 2^10-t boxes of every shape, where t is 0 for the first two. Scrambling keeps that, and
// so does a beginning at any multiple. Every single coordinate has one in each part.
func TestNets(t *testing.T) {
	const m = 10
	for name, s := range map[string]*Sobol{"plain": PlainSobol(MaxDims), "scrambled": NewSobol(MaxDims, rng.NewKey(1, "test/points"))} {
		for _, from := range []uint32{0, 3 << m} {
			all := make([][]float64, 1<<m)
			for i := range all {
				all[i] = make([]float64, MaxDims)
				s.At(from+uint32(i), all[i])
			}
			for a := 0; a <= m; a++ {
				if n := boxes(all, 0, 1, a, m-a); n != 1 {
					t.Errorf("%s from %d: a box of 2^-%d by 2^-%d has %d points", name, from, a, m-a, n)
				}
			}
			for d := range 20 { // any two of them are even enough in squares of 2^-5
				for e := range d {
					if n := boxes(all, d, e, m/2, m/2); n > 8 {
						t.Errorf("%s from %d: a square of coordinates %d and %d has %d points", name, from, d, e, n)
					}
				}
			}
			for d := range MaxDims {
				if n := boxes(all, d, d, m, 0); n != 1 {
					t.Errorf("%s from %d: a part of coordinate %d has %d points", name, from, d, n)
				}
			}
		}
	}
}

// boxes is the largest number of points in a box of 2^-a by 2^-b.
func boxes(all [][]float64, d, e, a, b int) int {
	count := map[[2]int]int{}
	most := 0
	for _, x := range all {
		box := [2]int{int(x[d] * float64(int(1)<<a)), int(x[e] * float64(int(1)<<b))}
		count[box]++
		most = max(most, count[box])
	}
	return most
}

// The g-function of Sobol with six coordinates has the mean 1. The error of 2^12 scrambled
// points, over 16 scramblings, is below a tenth of that of as many random ones, whose
// variance is known; and the mean is right within its own error.
func TestIntegrates(t *testing.T) {
	const dims, n, repeats = 6, 1 << 12, 16
	a := [dims]float64{0, 1, 4.5, 9, 99, 99}
	g := func(x []float64) float64 {
		y := 1.0
		for d := range x {
			y *= (math.Abs(4*x[d]-2) + a[d]) / (1 + a[d])
		}
		return y
	}
	variance := 1.0
	for _, x := range a {
		variance *= 1 + 1/(3*(1+x)*(1+x))
	}
	variance--
	var means []float64
	for r := range repeats {
		s, sum, x := NewSobol(dims, rng.NewKey(uint64(r), "test/points")), 0.0, make([]float64, dims)
		for i := range uint32(n) {
			s.At(i, x)
			sum += g(x)
		}
		means = append(means, sum/n)
	}
	square, mean := 0.0, 0.0
	for _, m := range means {
		square += (m - 1) * (m - 1) / repeats
		mean += m / repeats
	}
	if root, random := math.Sqrt(square), math.Sqrt(variance/n); root > random/10 {
		t.Errorf("the error is %v, that of random points %v", root, random)
	}
	if math.Abs(mean-1) > 4*math.Sqrt(square/repeats) {
		t.Errorf("the mean is %v, 1 +/- %v", mean, math.Sqrt(square/repeats))
	}
}

// Scrambled points are uniform each: over 4,000 keys, the fifth point has the mean and the
// variance of a uniform number, and two coordinates of it are not correlated.
func TestScramblingIsUniform(t *testing.T) {
	const n = 4000
	var x [3]float64
	var sum, square [3]float64
	cross := 0.0
	for k := range uint64(n) {
		NewSobol(3, rng.NewKey(k, "test/uniform")).At(5, x[:])
		for d := range x {
			sum[d] += x[d]
			square[d] += (x[d] - 0.5) * (x[d] - 0.5)
		}
		cross += (x[1] - 0.5) * (x[2] - 0.5)
	}
	for d := range x {
		if math.Abs(sum[d]/n-0.5) > 4*math.Sqrt(1./12/n) {
			t.Errorf("coordinate %d has the mean %v", d, sum[d]/n)
		}
		if math.Abs(square[d]/n-1./12) > 4*math.Sqrt(1./180/n) { // variance of (u-1/2)^2
			t.Errorf("coordinate %d has the variance %v", d, square[d]/n)
		}
	}
	if math.Abs(cross/n) > 4*1./12/math.Sqrt(n) {
		t.Errorf("two coordinates have the covariance %v", cross/n)
	}
}

// One point in each part of each coordinate, and no two coordinates alike.
func TestLatinHypercube(t *testing.T) {
	all := LatinHypercube(100, 5, rng.NewKey(1, "test/lhs"))
	var orders [5][]int
	for d := range 5 {
		for _, x := range all {
			orders[d] = append(orders[d], int(x[d]*100))
		}
		sorted := slices.Sorted(slices.Values(orders[d]))
		for i, part := range sorted {
			if part != i {
				t.Fatalf("coordinate %d: part %d has none or two", d, i)
			}
		}
		if d > 0 && slices.Equal(orders[d], orders[d-1]) {
			t.Errorf("coordinates %d and %d are alike", d-1, d)
		}
	}
}

func TestGrid(t *testing.T) {
	g := Grid{Levels: []int{2, 3}}
	var got [][2]int
	for i := range g.Len(100) {
		var x [2]int
		g.At(i, x[:])
		got = append(got, x)
	}
	if want := [][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if n := (Grid{Levels: []int{1000, 1000, 1000}}).Len(1 << 20); n != -1 {
		t.Errorf("%d points", n)
	}
}

// The direction numbers are odd and below their power of two, and the polynomials differ.
func TestDirectionNumbers(t *testing.T) {
	seen := map[uint32]bool{}
	for d, row := range direction {
		if seen[row[0]] {
			t.Errorf("polynomial %d stands twice", row[0])
		}
		seen[row[0]] = true
		for j, m := range row[1:] {
			if m%2 == 0 || m >= 1<<(j+1) {
				t.Errorf("coordinate %d: number %d is %d", d+1, j, m)
			}
		}
	}
}

func BenchmarkSobol(b *testing.B) {
	s, x := NewSobol(10, rng.NewKey(1, "bench")), make([]float64, 10)
	for i := range b.N {
		s.At(uint32(i), x)
	}
}
