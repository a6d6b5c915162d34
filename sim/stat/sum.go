package stat

// BlockSize is the number of terms that are summed before their total is handed
// to the sum of the blocks. It is part of the published results: another size can
// change last bits.
const BlockSize = 4096

// Sum returns the sum of xs: blocks of BlockSize terms in index order, each
// compensated, and then the compensated sum of the blocks. The result depends on
// the values and their order only. For up to 2^24 terms its error is at most 2^-53
// of the exact sum plus 2^-80 of the sum of the absolute values (Ogita, Rump and
// Oishi 2005, proposition 4.5). The sum of nothing is 0. NaN, infinite terms and
// overflow give what plain addition gives.
func Sum(xs []float64) float64 {
	var blocks compensated
	for len(xs) > BlockSize {
		blocks.join(sumBlock(xs[:BlockSize]))
		xs = xs[BlockSize:]
	}
	blocks.join(sumBlock(xs))
	return blocks.value()
}

// Mean returns Sum(xs)/len(xs), NaN if xs is empty.
func Mean(xs []float64) float64 { return Sum(xs) / float64(len(xs)) }

// sumBlock is the compensated sum of xs.
func sumBlock(xs []float64) (s compensated) {
	for _, x := range xs {
		s.add(x)
	}
	return s
}

// compensated is a running sum beside what rounding took from it (Neumaier 1974).
type compensated struct{ sum, lost float64 }

// add adds x. The error of the addition is found without a branch (Knuth, The Art
// of Computer Programming 2, section 4.2.2, theorem B): it is exact, and so the same
// number that Neumaier's comparison of magnitudes gives.
func (s *compensated) add(x float64) {
	t := s.sum + x
	z := t - s.sum
	s.lost += (s.sum - (t - z)) + (x - z)
	s.sum = t
}

// join adds another sum and what it has lost.
func (s *compensated) join(other compensated) {
	s.add(other.sum)
	s.lost += other.lost
}

// value returns the sum. What an infinite sum has lost is NaN and left out.
func (s *compensated) value() float64 {
	if finite(s.lost) {
		return s.sum + s.lost
	}
	return s.sum
}

// blockwise is Sum for terms that come one at a time.
type blockwise struct {
	block, blocks compensated
	n             int // terms in block
}

// add adds x.
func (b *blockwise) add(x float64) {
	if b.n == BlockSize {
		b.blocks.join(b.block)
		b.block, b.n = compensated{}, 0
	}
	b.block.add(x)
	b.n++
}

// value returns the sum of all terms so far.
func (b *blockwise) value() float64 {
	all := b.blocks
	all.join(b.block)
	return all.value()
}
