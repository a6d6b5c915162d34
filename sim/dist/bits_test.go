package dist

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// TestBits pins every bit of some 100,000 draws. It must pass with GOARCH=amd64,
// GOAMD64=v3, GOARCH=arm64 and GOOS=js GOARCH=wasm: that is the proof that a seed
// gives the same study everywhere.
func TestBits(t *testing.T) {
	h := fnv.New64a()
	add := func(bits uint64) { h.Write(binary.LittleEndian.AppendUint64(nil, bits)) }
	s := rng.NewKey(2026, "bits").Stream(0, 0, 0)
	for _, e := range examples() {
		d := make1(t, e)
		c := d.(CDFer)
		add(math.Float64bits(d.Mean()))
		for range 1_000 {
			x := d.Quantile(s.Uniform())
			add(math.Float64bits(x))
			add(math.Float64bits(c.CDF(x)))
			add(math.Float64bits(c.Survival(x)))
		}
	}
	for _, c := range counts() {
		for range 1_000 {
			add(uint64(c.quantile(s.Uniform())))
		}
	}
	if got, want := h.Sum64(), uint64(0xa03d0d5e50503566); got != want {
		t.Errorf("hash of the draws is %#x, want %#x", got, want)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	var all []Dist
	for _, e := range examples() {
		all = append(all, make1(t, e))
	}
	s, sum, total := rng.NewKey(5, "allocation").Stream(0, 0, 0), 0.0, int64(0)
	if n := testing.AllocsPerRun(50, func() {
		for _, d := range all {
			sum += d.Quantile(s.Uniform()) + d.Mean()
		}
		u := s.Uniform()
		total += PoissonQuantile(u, 3) + PoissonQuantile(u, 300) + BinomialQuantile(u, 30, 0.2) + BinomialQuantile(u, 3000, 0.2)
		total += NegativeBinomialQuantile(u, 3, 2) + NegativeBinomialQuantile(u, 300, 2) + NegativeBinomialQuantile(u, 90, 20)
		total += NegativeBinomialTrials(u, 3, 0.01) + GeometricQuantile(u, 0.01)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
