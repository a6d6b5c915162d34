package study

import (
	"math"
	"os"
	"testing"
)

// TestCoverage: over 1,000 small studies, the intervals of level 95 % hold the truth
// in 93 to 97 of 100, for means, shares, ratios and differences. The truth is a study
// 100 times as large (25 times where it is not deep), whose own error is a tenth (a
// fifth) of that of a small one. At a
// thousand studies the standard error of a coverage is 0.7 points.
func TestCoverage(t *testing.T) {
	studies, size := 60, 100_000
	low, high := 0.95-5*math.Sqrt(0.05*0.95/60), 1.0
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		studies, size, low, high = 1000, 400_000, 0.93, 0.97
	}
	plan := func(seed uint64, changes int) *Study {
		p := twoRamps(4)
		p.Seed, p.Changes, p.Level = seed, changes, 0.95
		return run(t, p)
	}
	truth := plan(1, size)
	names := []string{"failed_requests", "change_failure_rate", "lead_time", "users_affected", "time_to_restore"}
	hits, differences := map[string]int{}, map[string]int{}
	for s := range studies {
		small := plan(uint64(s+2), 4000)
		for _, name := range names {
			k := small.index(t, name)
			e, want := small.Alternatives[1].Summaries[k].Estimate, float64(truth.Alternatives[1].Summaries[k].Estimate.Mean)
			if float64(e.Low) <= want && want <= float64(e.High) {
				hits[name]++
			}
			d, far := small.Comparisons[0].Differences[k], float64(truth.Comparisons[0].Differences[k].Difference)
			if float64(d.Low) <= far && far <= float64(d.High) {
				differences[name]++
			}
		}
	}
	for _, name := range names {
		for what, n := range map[string]int{"value": hits[name], "difference": differences[name]} {
			if name == "change_failure_rate" && what == "difference" {
				continue // every defect is noticed in both: the difference is 0 without any doubt
			}
			if share := float64(n) / float64(studies); share < low || share > high {
				t.Errorf("%s, %s: the intervals of %d studies hold the truth in %.1f of 100", name, what, studies, 100*share)
			}
		}
	}
}
