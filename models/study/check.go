package study

import (
	"fmt"
	"math"
)

// Check says what is wrong with a Study that was read from a file, "" when
// its parts belong together. A report of such a study is safe to draw.
func (s *Study) Check() string {
	if len(s.Alternatives) == 0 {
		return "there are no alternatives"
	}
	if len(s.Comparisons) != len(s.Alternatives)-1 {
		return fmt.Sprintf("%d comparisons for %d alternatives", len(s.Comparisons), len(s.Alternatives))
	}
	if !(s.Level > 0 && s.Level < 1) {
		return fmt.Sprintf("the level is %v", s.Level)
	}
	for i := range s.Alternatives {
		if a := &s.Alternatives[i]; len(a.Summaries) != len(s.Metrics) || len(a.Exceed) != len(exceeded) {
			return fmt.Sprintf("alternative %q has %d summaries for %d metrics", a.Name, len(a.Summaries), len(s.Metrics))
		}
	}
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		if c.Alternative != i+1 || len(c.Differences) != len(s.Metrics) || len(c.Contests) != len(contested) {
			return fmt.Sprintf("comparison %d does not fit its alternative", i+1)
		}
	}
	for i := range s.Stories {
		if t := &s.Stories[i]; len(t.Tales) != len(s.Alternatives) || math.IsNaN(t.Arrives) {
			return fmt.Sprintf("story %d has %d tales for %d alternatives", i+1, len(t.Tales), len(s.Alternatives))
		}
	}
	return ""
}
