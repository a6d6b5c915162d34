package stat

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// exactSum adds without rounding.
func exactSum(xs []float64) (sum, size *big.Float) {
	sum, size = new(big.Float).SetPrec(2400), new(big.Float).SetPrec(2400)
	for _, x := range xs {
		b := new(big.Float).SetPrec(2400).SetFloat64(x)
		sum.Add(sum, b)
		size.Add(size, b.Abs(b))
	}
	return sum, size
}

// TestSumErrorBound holds the bound in Sum's comment, over numbers that cancel.
// Kills: plain addition, the correction subtracted instead of added, what a block
// has lost not carried over.
func TestSumErrorBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := make([]float64, rapid.SampledFrom([]int{0, 1, 2, 3, 50, 4095, 4096, 4097, 12289}).Draw(t, "n"))
		s := draws(rapid.Uint64().Draw(t, "seed"))
		spread := rapid.Float64Range(0, 80).Draw(t, "binades")
		for i := range xs {
			xs[i] = (s.Uniform() - 0.5) * math.Exp2(spread*(s.Uniform()-0.5))
			if i%3 == 2 {
				xs[i] = -xs[i-1] // nearly all of it cancels
			}
		}
		exact, size := exactSum(xs)
		e, _ := exact.Float64()
		all, _ := size.Float64()
		gap, _ := exact.Sub(exact, big.NewFloat(Sum(xs))).Float64()
		if bound := 0x1p-53*math.Abs(e) + 0x1p-80*all; math.Abs(gap) > bound*(1+1e-9) {
			t.Fatalf("error %g, bound %g", gap, bound)
		}
	})
}

// TestPlainAdditionWouldFail shows that the test above can see the mutant.
func TestPlainAdditionWouldFail(t *testing.T) {
	xs := make([]float64, 10_000)
	plain := 0.0
	for i := range xs {
		xs[i] = 0.1
		plain += xs[i]
	}
	if Sum(xs) != 1000 || plain == 1000 {
		t.Errorf("compensated %v, plain %v, want 1000 and not 1000", Sum(xs), plain)
	}
	// What one block loses must survive to the end: 2^53 swallows the ones of its block.
	big := make([]float64, 2*BlockSize)
	big[0], big[len(big)-1] = 0x1p53*4, -0x1p53*4
	for i := range 5 {
		big[1+i] = 1
	}
	if got := Sum(big); got != 5 {
		t.Errorf("got %v, want 5", got)
	}
}

// neumaier is Sum as its comment has it, in Neumaier's own words: the smaller of both
// terms is the one that loses digits.
func neumaier(xs []float64, size int) float64 {
	var total, lost float64
	add := func(sum, lost *float64, x float64) {
		t := *sum + x
		if math.Abs(*sum) >= math.Abs(x) {
			*lost += (*sum - t) + x
		} else {
			*lost += (x - t) + *sum
		}
		*sum = t
	}
	for first := 0; first < len(xs); first += size {
		var block, blockLost float64
		for _, x := range xs[first:min(first+size, len(xs))] {
			add(&block, &blockLost, x)
		}
		add(&total, &lost, block)
		lost += blockLost
	}
	return total + lost
}

// TestSumBits holds the published bits, at once and streamed, around the ends of
// blocks. Kills: another size of the blocks, an end off by one.
func TestSumBits(t *testing.T) {
	seen := false
	for seed := range uint64(40) {
		s := draws(seed)
		var b blockwise
		var xs []float64
		for n := range 2*BlockSize + 3 {
			if near := (n+1)%BlockSize < 3; near || n < 5 || n%1000 == 0 {
				want := neumaier(xs, BlockSize)
				if at, streamed := Sum(xs), b.value(); at != want || streamed != want {
					t.Fatalf("%d terms: %v at once, %v streamed, want %v", n, at, streamed, want)
				}
				seen = seen || want != neumaier(xs, BlockSize/2)
			}
			x := (s.Uniform() - 0.5) * math.Exp2(60*s.Uniform())
			if n%2 == 1 {
				x = -xs[n-1] + s.Uniform()
			}
			xs = append(xs, x)
			b.add(x)
		}
	}
	if !seen {
		t.Error("blocks of half the size would not be seen")
	}
}

func TestSumOfTheInfinite(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		xs   []float64
		want float64
	}{
		{nil, 0}, {[]float64{inf}, inf}, {[]float64{1, inf, 2}, inf}, {[]float64{-inf, 5}, -inf},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, inf},
	} {
		if got := Sum(c.xs); got != c.want {
			t.Errorf("Sum(%v) = %v, want %v", c.xs, got, c.want)
		}
	}
	if got := Sum([]float64{inf, -inf}); got == got {
		t.Errorf("Sum(inf, -inf) = %v, want NaN", got)
	}
	if got := Mean(nil); got == got {
		t.Errorf("Mean of nothing = %v, want NaN", got)
	}
}
