package stat

import "fmt"

// Apportion divides total among counts in proportion, in whole numbers that add up
// to total: each gets its share rounded down, and what is left goes one by one to
// the largest remainders (Hamilton's method). Of equal remainders the later entry
// comes first, so put the one that claims least last. If all counts are 0, so are
// the results. It panics if a count or total is negative, or total times a count
// overflows.
func Apportion(counts []int, total int) []int {
	sum := 0
	for _, c := range counts {
		if c < 0 || total < 0 || c > 0 && total > maxInt/c {
			panic(fmt.Sprintf("stat: Apportion of %d among %v", total, counts))
		}
		sum += c
	}
	parts := make([]int, len(counts))
	if sum == 0 {
		return parts
	}
	left := total
	for i, c := range counts {
		parts[i] = c * total / sum
		left -= parts[i]
	}
	for ; left > 0; left-- {
		parts[neediest(counts, parts, total)]++
	}
	return parts
}

const maxInt = int(^uint(0) >> 1)

// neediest returns the entry that is furthest below its share, the last of equals.
func neediest(counts, parts []int, total int) int {
	sum := 0
	for _, c := range counts {
		sum += c
	}
	best, most := 0, 0.0
	for i, c := range counts {
		// The remainder is c*total - parts*sum, an integer of any sign.
		if lack := float64(c*total - parts[i]*sum); i == 0 || lack >= most {
			best, most = i, lack
		}
	}
	return best
}
