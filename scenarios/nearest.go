package scenarios

import "unicode/utf8"

// longestKey is the longest text that is compared with the known keys; no key
// is near to a longer one.
const longestKey = 40

// nearest is the word that is closest to a misspelt one, "" when none is close
// enough to be what was meant: at most a third of the letters are wrong.
func nearest(word string, known []string) string {
	n := utf8.RuneCountInString(word)
	if n == 0 || n > longestKey {
		return ""
	}
	best, least := "", max(1, n/3)+1
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, drop, replace or swap with
// their neighbour that lead from a to b (optimal string alignment: Boytsov,
// "Indexing methods for approximate dictionary searching", 2011, section 2.2).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			change := 1
			if x[i] == y[j] {
				change = 0
			}
			row[j+1] = min(last[j]+change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// didYouMean is the hint for a misspelt word.
func didYouMean(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}
