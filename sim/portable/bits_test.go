package portable

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBits pins every bit of 120,000 results. It is the proof that platforms agree:
// it must pass with GOARCH=amd64, GOAMD64=v3, GOARCH=arm64 and GOOS=js GOARCH=wasm.
// The arguments are made without any operation that could differ between them.
func TestBits(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 33))
	h := fnv.New64a()
	add := func(values ...float64) {
		for _, v := range values {
			if math.IsNaN(v) { // the bits of a NaN are not specified
				v = -7
			}
			h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
		}
	}
	for range 6_000 {
		u := random.Float64() // exact, as are products with powers of 2
		any := math.Abs(math.Float64frombits(random.Uint64()))
		signed := 64 * (u - 0.5)
		add(Exp(signed), Exp(32*signed), Expm1(signed), Expm1(signed/1024))
		add(Log(u), Log(any), Log1p(-u), Log1p(any), Pow(any, u-0.5), Pow(8*u, signed))
		add(Erf(signed/8), Erfc(signed), NormalCDF(signed), NormalQuantile(u), Lgamma(64*u), Lgamma(any))
		shape := 128 * random.Float64()
		lower, upper := IncompleteGamma(shape, 128*u)
		add(lower, upper)
		lower, upper = IncompleteBeta(shape, 32, u)
		add(lower, upper)
	}
	for range 600 {
		u, shape := random.Float64(), 64*random.Float64()
		add(InverseIncompleteGamma(shape, u), InverseIncompleteBeta(shape, 16, u))
		add(PoissonWeight(shape, 64*u), BinomialWeight(math.Floor(shape), 64, u))
	}
	if got, want := h.Sum64(), uint64(0x9b4a7b38297aeb4); got != want {
		t.Errorf("hash of the results is %#x, want %#x", got, want)
	}
}
