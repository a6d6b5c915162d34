package rng

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"pgregory.net/rapid"
)

func TestKeyIsSeedAndFNV1a(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		name := rapid.String().Draw(t, "name")
		h := fnv.New64a()
		h.Write([]byte(name))
		if got, want := NewKey(seed, name), (Key{seed, h.Sum64()}); got != want {
			t.Fatalf("got %x, want %x", got, want)
		}
	})
}

// TestStreamIsPhiloxInOrder says which word of which block every draw is.
func TestStreamIsPhiloxInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := NewKey(rapid.Uint64().Draw(t, "seed"), rapid.String().Draw(t, "name"))
		e, r, l := rapid.Uint64().Draw(t, "entity"), rapid.Uint64().Draw(t, "replication"), rapid.Uint64().Draw(t, "luck")
		s := k.Stream(e, r, l)
		for n := range uint64(11) {
			block := Philox([4]uint64{n / 4, e, r, l}, [2]uint64{k.seed, k.name})
			if got, want := s.Uint64(), block[n%4]; got != want {
				t.Fatalf("draw %d: got %x, want %x", n, got, want)
			}
		}
	})
}

func TestUniformsAreTheStreamsFirst(t *testing.T) {
	k := NewKey(7, "defect/onset")
	for e := range uint64(50) {
		s, all := k.Stream(e, 3, 1), k.Uniforms(e, 3, 1)
		if k.Uniform(e, 3, 1) != all[0] {
			t.Errorf("entity %d: Uniform is not the first of Uniforms", e)
		}
		for i, want := range all {
			if got := s.Uniform(); got != want {
				t.Errorf("entity %d draw %d: stream %v, Uniforms %v", e, i, got, want)
			}
		}
	}
}

// TestEveryCoordinateCounts kills a counter that drops or swaps a coordinate.
func TestEveryCoordinateCounts(t *testing.T) {
	k := NewKey(1, "a")
	first := map[float64]string{}
	for name, u := range map[string]float64{
		"origin": k.Uniform(0, 0, 0), "entity": k.Uniform(1, 0, 0), "replication": k.Uniform(0, 1, 0),
		"luck": k.Uniform(0, 0, 1), "seed": NewKey(2, "a").Uniform(0, 0, 0), "name": NewKey(1, "b").Uniform(0, 0, 0),
	} {
		if other, taken := first[u]; taken {
			t.Errorf("%s and %s give the same number", name, other)
		}
		first[u] = name
	}
}

func TestCopyRepeats(t *testing.T) {
	s := NewKey(1, "copy").Stream(1, 2, 3)
	s.Uint64()
	c := s
	for range 9 {
		if s.Uint64() != c.Uint64() {
			t.Fatal("a copy draws something else")
		}
	}
}

// TestResetIsAStreamAnew uses one Stream for many entities, left at every position.
func TestResetIsAStreamAnew(t *testing.T) {
	k := NewKey(8, "reset")
	var used Stream
	for e := range uint64(40) {
		used.Reset(k, e, 2*e, 3)
		anew := k.Stream(e, 2*e, 3)
		if first := anew; k.Exponential(e, 2*e, 3) != first.Exponential() {
			t.Errorf("entity %d: Key.Exponential is not the stream's first", e)
		}
		for n := range e % 11 {
			if got, want := used.Uint64(), anew.Uint64(); got != want {
				t.Errorf("entity %d draw %d: %x after Reset, %x anew", e, n, got, want)
			}
		}
	}
}

func TestUnitIsOpenExactAndSymmetric(t *testing.T) {
	if lo, hi := unit(0), unit(math.MaxUint64); lo != 0x1p-53 || hi != 1-0x1p-53 {
		t.Errorf("range is %x to %x", lo, hi)
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.Uint64().Draw(t, "word")
		if u := unit(w); !(u > 0 && u < 1) || unit(^w) != 1-u || math.Floor(u*0x1p52) != float64(w>>12) {
			t.Fatalf("unit(%x) = %x", w, u)
		}
	})
}

func TestExponential(t *testing.T) {
	k := NewKey(11, "exponential")
	const n = 200_000
	sum, squares := 0.0, 0.0
	s, twin := k.Stream(0, 0, 0), k.Stream(0, 0, 0)
	for range n {
		x := s.Exponential()
		if x != -portable.Log(twin.Uniform()) || !(x > 0 && x < 36.8) {
			t.Fatalf("drew %v", x)
		}
		sum += x
		squares += x * x
	}
	// The mean is 1 with variance 1, the second moment 2 with variance 24 - 4.
	if d := sum/n - 1; math.Abs(d) > 5/math.Sqrt(n) {
		t.Errorf("mean is off by %v", d)
	}
	if d := squares/n - 2; math.Abs(d) > 5*math.Sqrt(20.0/n) {
		t.Errorf("second moment is off by %v", d)
	}
}

// TestNeighboursAreIndependent looks for a correlation between streams whose
// coordinates differ by one, which is how the simulation uses them.
func TestNeighboursAreIndependent(t *testing.T) {
	k := NewKey(5, "neighbours")
	const n = 100_000
	var entity, replication, mean float64
	for i := range uint64(n) {
		u := k.Uniform(i, 0, 0) - 0.5
		mean += u
		entity += u * (k.Uniform(i+1, 0, 0) - 0.5)
		replication += u * (k.Uniform(i, 1, 0) - 0.5)
	}
	// Each centred uniform has variance 1/12, a product of two independent ones 1/144.
	if se := math.Sqrt(n / 12.0); math.Abs(mean) > 5*se {
		t.Errorf("sum of centred draws %v, standard error %v", mean, se)
	}
	for name, sum := range map[string]float64{"entity": entity, "replication": replication} {
		if se := math.Sqrt(n) / 12; math.Abs(sum) > 5*se {
			t.Errorf("neighbours by %s: sum of products %v, standard error %v", name, sum, se)
		}
	}
}

// TestPinned fails when the published format of streams changes: every result ever
// printed would change with it.
func TestPinned(t *testing.T) {
	h := fnv.New64a()
	s := NewKey(2026, "pinned").Stream(1, 2, 3)
	for range 10_000 {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(s.Exponential()))
		h.Write(b[:])
	}
	if got, want := h.Sum64(), uint64(0xf20526a0d524d8db); got != want {
		t.Errorf("hash of 10,000 draws is %#x, want %#x", got, want)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	k := NewKey(3, "allocation")
	sum := 0.0
	if n := testing.AllocsPerRun(100, func() {
		s := k.Stream(1, 2, 3)
		sum += s.Uniform() + s.Exponential() + k.Uniform(4, 5, 6) + k.Uniforms(1, 1, 1)[2]
		sum += NewKey(9, "name").Uniform(0, 0, 0)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

var (
	sinkWord  uint64
	sinkFloat float64
)

func BenchmarkPhilox(b *testing.B) {
	for i := range b.N {
		sinkWord += Philox([4]uint64{uint64(i)}, [2]uint64{1, 2})[0]
	}
}

func BenchmarkKeyUniform(b *testing.B) {
	k, sum := NewKey(1, "bench"), 0.0
	for i := range b.N {
		sum += k.Uniform(uint64(i), 0, 0)
	}
	sinkFloat = sum
}

func BenchmarkStreamUniform(b *testing.B) {
	s, sum := NewKey(1, "bench").Stream(0, 0, 0), 0.0
	for range b.N {
		sum += s.Uniform()
	}
	sinkFloat = sum
}

func BenchmarkStreamExponential(b *testing.B) {
	s, sum := NewKey(1, "bench").Stream(0, 0, 0), 0.0
	for range b.N {
		sum += s.Exponential()
	}
	sinkFloat = sum
}

// BenchmarkFreshStream is a stream made for one entity and asked for one number.
func BenchmarkFreshStream(b *testing.B) {
	k, sum := NewKey(1, "bench"), 0.0
	for i := range b.N {
		s := k.Stream(uint64(i), 2, 3)
		sum += s.Exponential()
	}
	sinkFloat = sum
}

// BenchmarkResetStream is one Stream set to an entity and asked for one number.
func BenchmarkResetStream(b *testing.B) {
	k, sum := NewKey(1, "bench"), 0.0
	var s Stream
	for i := range b.N {
		s.Reset(k, uint64(i), 2, 3)
		sum += s.Exponential()
	}
	sinkFloat = sum
}

// BenchmarkKeyExponential is the same number without a Stream.
func BenchmarkKeyExponential(b *testing.B) {
	k, sum := NewKey(1, "bench"), 0.0
	for i := range b.N {
		sum += k.Exponential(uint64(i), 2, 3)
	}
	sinkFloat = sum
}
