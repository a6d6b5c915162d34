package rng

import "github.com/rollrisk/rollrisk/sim/portable"

// Key is one family of streams: the seed of the whole study and the hash of the
// family's name, which names a cause ("defect/onset", "tests/staging") and never
// an alternative, so that all alternatives meet the same chance. A Key is a small
// comparable value; its zero value is a valid family that no name leads to in
// practice.
type Key struct {
	seed uint64 // any value
	name uint64 // FNV-1a of the name
}

// NewKey returns the family of streams called name under seed. Any seed and any
// name are valid, the empty name too. The name is hashed with 64-bit FNV-1a
// (Fowler, Noll and Vo, 1991), which is part of the published format: changing it
// would change every result.
func NewKey(seed uint64, name string) Key {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := uint64(offset)
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * prime
	}
	return Key{seed: seed, name: hash}
}

// Uniform returns the one number in the open interval (0, 1) that belongs to
// (entity, replication, luck): the first word of block 0, hence equal to the first
// Uniform of the Stream of the same three numbers. Use it for every attribute that
// takes a single draw.
func (k Key) Uniform(entity, replication, luck uint64) float64 {
	w, _, _, _ := philox(0, entity, replication, luck, k.seed, k.name)
	return unit(w)
}

// Uniforms returns the four numbers in (0, 1) of block 0: the first four Uniforms
// of the Stream of the same three numbers, at the price of one.
func (k Key) Uniforms(entity, replication, luck uint64) [4]float64 {
	w0, w1, w2, w3 := philox(0, entity, replication, luck, k.seed, k.name)
	return [4]float64{unit(w0), unit(w1), unit(w2), unit(w3)}
}

// Stream returns the sequence that belongs to (entity, replication, luck), at its
// beginning. Making one computes nothing: the first block is made at the first
// draw, so streams can be made freshly for every entity.
func (k Key) Stream(entity, replication, luck uint64) Stream {
	return Stream{key: k, entity: entity, replication: replication, luck: luck}
}

// Exponential returns the one draw from the exponential distribution of mean 1 that
// belongs to (entity, replication, luck): -Log of Uniform, hence the first Exponential
// of the Stream of the same three numbers.
func (k Key) Exponential(entity, replication, luck uint64) float64 {
	return -portable.Log(k.Uniform(entity, replication, luck))
}

// Stream is one sequence of 2^66 random words, private to one entity and purpose.
// It is a value without pointers: a copy repeats what the original draws. The zero
// value is the stream of the zero Key at (0, 0, 0).
type Stream struct {
	key         Key
	entity      uint64
	replication uint64
	luck        uint64
	drawn       uint64    // words drawn so far; drawn/4 is the block
	words       [4]uint64 // the current block, empty before the first draw
}

// Reset makes s what k.Stream(entity, replication, luck) returns, in place, for one
// Stream that serves many entities in turn: without the copy, the first draw comes in
// about half the time.
func (s *Stream) Reset(k Key, entity, replication, luck uint64) {
	s.key, s.entity, s.replication, s.luck, s.drawn = k, entity, replication, luck, 0
}

// Uint64 returns the next 64 random bits.
func (s *Stream) Uint64() uint64 {
	i := s.drawn & 3 // written so that the compiler can inline this function
	if i == 0 {
		s.fill()
	}
	s.drawn++
	return s.words[i]
}

// fill makes the block that the next word stands in.
func (s *Stream) fill() {
	s.words[0], s.words[1], s.words[2], s.words[3] =
		philox(s.drawn/4, s.entity, s.replication, s.luck, s.key.seed, s.key.name)
}

// Uniform returns the next number in the open interval (0, 1); see unit for its
// grid.
func (s *Stream) Uniform() float64 { return unit(s.Uint64()) }

// Exponential returns the next draw from the exponential distribution of mean 1:
// -Log(Uniform), always positive and at most 36.8. It falls as the uniform rises.
func (s *Stream) Exponential() float64 { return -portable.Log(s.Uniform()) }

// unit turns a word into a number of the open interval (0, 1): the centre of one
// of 2^52 equal cells. With 52 bits the centre is exact, 0 and 1 cannot occur and
// u and 1-u are equally likely; with 53 bits the centres of the upper half would
// be rounded, the last one to 1.
func unit(w uint64) float64 {
	return float64((float64(w>>12) + 0.5) * 0x1p-52)
}
