package points

import (
	"fmt"
	"math/bits"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// Sobol is a Sobol sequence with nested uniform scrambling (A. B. Owen, Randomly permuted
// (t,m,s)-nets and (t,s)-sequences, 1995): every point is uniform on the cube, and any
// 2^k points that begin at a multiple of 2^k are as even as those of the plain sequence.
// It is a plain value after it is made: points can be asked for in any order, from any
// number of goroutines.
type Sobol struct {
	columns [][32]uint32 // direction numbers of each coordinate
	keys    []uint64     // of the scrambling of each; nil for the plain sequence
}

// NewSobol makes a scrambled sequence of 1 to MaxDims coordinates. Another key gives
// another scrambling: the spread of a mean over several of them is its error.
func NewSobol(dims int, key rng.Key) *Sobol {
	s := PlainSobol(dims)
	s.keys = make([]uint64, dims)
	for d := range s.keys {
		stream := key.Stream(uint64(d), 0, 0)
		s.keys[d] = stream.Uint64()
	}
	return s
}

// PlainSobol makes the sequence without scrambling; its first point is the origin. It
// panics where dims is not between 1 and MaxDims.
func PlainSobol(dims int) *Sobol {
	if dims < 1 || dims > MaxDims {
		panic(fmt.Sprintf("points: %d coordinates, not 1 to %d", dims, MaxDims))
	}
	s := &Sobol{columns: make([][32]uint32, dims)}
	for d := range s.columns {
		s.columns[d] = column(d)
	}
	return s
}

// column are the direction numbers of coordinate d, most significant bit first.
func column(d int) (v [32]uint32) {
	if d == 0 {
		for j := range v {
			v[j] = 1 << (31 - j)
		}
		return v
	}
	row := direction[d-1]
	polynomial, m := row[0], row[1:]
	degree := bits.Len32(polynomial) - 1
	for j := range v {
		if j < degree {
			v[j] = m[j] << (31 - j)
			continue
		}
		v[j] = v[j-degree] ^ v[j-degree]>>degree
		for k := 1; k < degree; k++ {
			if polynomial>>(degree-k)&1 == 1 {
				v[j] ^= v[j-k]
			}
		}
	}
	return v
}

// Dims is the number of coordinates.
func (s *Sobol) Dims() int { return len(s.columns) }

// At writes point i, from 0 to 2^32-1, into x, which has a place for each coordinate. Each
// is in [0, 1); of a scrambled sequence in (0, 1).
func (s *Sobol) At(i uint32, x []float64) {
	for d := range s.columns {
		word := uint32(0)
		for rest := i; rest != 0; rest &= rest - 1 {
			word ^= s.columns[d][bits.TrailingZeros32(rest)]
		}
		if s.keys == nil {
			x[d] = float64(word) / (1 << 32)
			continue
		}
		x[d] = (float64(scrambled(word, s.keys[d])) + 0.5) / (1 << 32)
	}
}

// scrambled flips each bit of a word by a coin of its own for every pattern of the bits
// before it.
func scrambled(word uint32, key uint64) uint32 {
	out := word
	for b := range 32 {
		prefix := uint64(word) >> (32 - b) // the bits before; none for the first
		if mixed(key^(prefix<<6|uint64(b)))>>63 == 1 {
			out ^= 1 << (31 - b)
		}
	}
	return out
}

// mixed is the finaliser of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014), a
// permutation whose bits all depend on all bits.
func mixed(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
