// Package rng makes every random number of the project: counter-based streams
// that are named by their cause, so that a number depends on what it is for and
// never on who asked first, on how many workers run or on what was drawn before.
//
// The generator is Philox4x64-10 of Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (SC11, 2011), section 3.3: a bijection of
// 256-bit counters under a 128-bit key. Here the key is (seed, hash of the
// stream's name) and the counter is (block, entity, replication, luck).
//
// The package refuses to know distributions (that is sim/dist), the clock, any
// global state and any source of true randomness: a seed is always an argument.
package rng

import "math/bits"

// Multipliers of the two halves of a round and the steps of the key between
// rounds: Salmon et al. (2011), table 2 and section 3.3 (the steps are the golden
// ratio and the square root of 3 less 1, each as 64 bits of fraction).
const (
	multiplier0 = 0xD2E7470EE14C6C93
	multiplier1 = 0xCA5A826395121157
	keyStep0    = 0x9E3779B97F4A7C15
	keyStep1    = 0xBB67AE8584CAA73B
)

// round is one of the ten rounds: two full 64 x 64 bit products, whose high
// halves are mixed with the key and the other words and whose low halves swap
// places.
func round(c0, c1, c2, c3, k0, k1 uint64) (uint64, uint64, uint64, uint64) {
	high0, low0 := bits.Mul64(multiplier0, c0)
	high1, low1 := bits.Mul64(multiplier1, c2)
	return high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
}

// Philox returns the four 64-bit words of the block that counter names under
// key: the bijection Philox4x64-10 of Salmon et al. (2011). It has no state, any
// argument is valid, and different counters under one key give different blocks.
func Philox(counter [4]uint64, key [2]uint64) [4]uint64 {
	w0, w1, w2, w3 := philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])
	return [4]uint64{w0, w1, w2, w3}
}

// philox is Philox on loose words, which stay in registers. The rounds are
// written out because the compiler does not unroll loops.
func philox(c0, c1, c2, c3, k0, k1 uint64) (uint64, uint64, uint64, uint64) {
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	k0, k1 = k0+keyStep0, k1+keyStep1
	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)
	return c0, c1, c2, c3
}
