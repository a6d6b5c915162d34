package analytic

// simplex numbers the states of a chain that remembers the counts of the last
// intervals, as far as they add up to at most cap. The newest count is the slowest
// to change, so that states that differ only in the oldest one stand side by side,
// from 0 up: a fibre.
type simplex struct {
	memory int
	cap    int
	size   [][]int // size[d][c]: how many lists of d counts add up to at most c
	sums   []int   // of each fibre, what the counts but the oldest add up to
	shift  []int32 // where a state of a fibre goes: its y-th entry is for a newest count of y
}

// simplexStates is the number of lists of memory counts that add up to at most
// cap, (cap + memory choose memory), or anything above limit if that is.
func simplexStates(memory, cap, limit int) int {
	n := 1
	for i := 1; i <= memory && n <= limit; i++ {
		n = n * (cap + i) / i
	}
	return n
}

// newSimplex makes the table for a memory of at least 1.
func newSimplex(memory, cap int) *simplex {
	s := &simplex{memory: memory, cap: cap, size: make([][]int, memory+1)}
	for d := range s.size {
		s.size[d] = make([]int, cap+1)
		for c := range s.size[d] {
			s.size[d][c] = simplexStates(d, c, 1<<40)
		}
	}
	s.shift = make([]int32, 0, s.states())
	s.fill(make([]int, memory), memory-1, 0)
	return s
}

func (s *simplex) states() int { return s.size[s.memory][s.cap] }

// fill goes through the fibres in order. others are all counts but the oldest,
// from others[1], the second oldest, to the newest; those from i on stand.
func (s *simplex) fill(others []int, i, sum int) {
	if i == 0 {
		s.sums = append(s.sums, sum)
		for y := 0; y <= s.cap-sum; y++ {
			s.shift = append(s.shift, int32(s.rank(others[1:], y)))
		}
		return
	}
	for others[i] = 0; sum+others[i] <= s.cap; others[i]++ {
		s.fill(others, i-1, sum+others[i])
	}
}

// rank is the number of the state of the counts and, after them, a newest y: how
// many states have a smaller newest count, and then the same for the counts before
// it, in what is left of cap.
func (s *simplex) rank(counts []int, y int) int {
	left, rank := s.cap, 0
	for d := s.memory; d > 0; d-- {
		rank += s.size[d][left] - s.size[d][left-y]
		left -= y
		if d > 1 {
			y = counts[d-2]
		}
	}
	return rank
}
