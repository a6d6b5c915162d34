package analytic

import (
	"math"
	"sort"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// FixedTest is one look at the errors of a ring: are there too many for a known
// baseline? Of the requests each fails with its probability, independently, so the
// number of errors is binomial; the test is one-sided and rings at the least number
// that health reaches with probability Alpha at most (Clopper and Pearson, 1934, turned
// round; Chernick and Liu, "The saw-toothed behavior of power versus sample size and
// software solutions", 2002, for what its power looks like).
type FixedTest struct {
	Baseline float64 // failing share in health, above 0
	Rise     float64 // by which it is higher when the release is bad, above 0
	Alpha    float64 // largest probability of a false alarm, above 0 and below 1
}

func (f FixedTest) mustHold() {
	mustBePositive("the baseline", f.Baseline)
	mustBePositive("the rise", f.Rise)
	mustBeShare("the baseline and the rise", f.bad())
	mustBePositive("alpha", f.Alpha)
	mustBePositive("1 less alpha", 1-f.Alpha)
}

// bad is the failing share of a bad release.
func (f FixedTest) bad() float64 { return f.Baseline + f.Rise }

// Power is the probability to notice the rise within so many requests, a whole
// number, and the errors that it takes: one more than requests where no number is rare
// enough in health, and the power is 0.
func (f FixedTest) Power(requests float64) (power float64, errors int) {
	f.mustHold()
	mustBePositive("requests", requests)
	n := math.Floor(requests)
	mean := n * f.Baseline
	high := math.Min(n, mean+20*math.Sqrt(mean)+200)
	errors = sort.Search(int(high)+1, func(c int) bool { return reaches(float64(c), n, f.Baseline) <= f.Alpha })
	return reaches(float64(errors), n, f.bad()), errors
}

// reaches is the probability of c or more errors of n requests. Where n is not whole it
// is the smooth function between, above 0 for n above c - 1.
func reaches(c, n, p float64) float64 {
	switch {
	case c <= 0:
		return 1
	case c >= n+1:
		return 0
	}
	atLeast, _ := portable.IncompleteBeta(c, n-c+1, p)
	return atLeast
}

// Requests is the least whole number of requests from which on the power is never
// below the given one, above 0 and below 1.
//
// Power is a saw: it grows with the requests until one error more is needed, and then
// falls. Its low points are where that happens. Were requests not whole, those would
// grow too; as they are, a low point is above the one at the fraction, and the search
// comes down from where that has the power.
func (f FixedTest) Requests(power float64) float64 {
	f.mustHold()
	mustBePositive("the power", power)
	mustBePositive("1 less the power", 1-power)
	enough := 1
	for ; reaches(float64(enough), f.allows(enough-1), f.bad()) < power; enough *= 2 {
	}
	errors := enough/2 + sort.Search(enough-enough/2, func(i int) bool {
		c := enough/2 + i
		return c > 0 && reaches(float64(c), f.allows(c-1), f.bad()) >= power
	})
	for ; errors > 1; errors-- {
		if start := math.Floor(f.allows(errors-1)) + 1; reaches(float64(errors), start, f.bad()) < power {
			return f.within(errors, start, power)
		}
	}
	return f.within(1, 1, power)
}

// allows is the largest number of requests, not a whole one, at which so many errors
// ring: health reaches them with probability Alpha.
func (f FixedTest) allows(errors int) float64 {
	if errors == 0 {
		return 0
	}
	return f.solve(float64(errors), f.Baseline, f.Alpha)
}

// within is the first whole number of requests, from some on, at which so many errors
// are reached by a bad release with the power; the next low point where it is above.
func (f FixedTest) within(errors int, from, power float64) float64 {
	need := math.Ceil(f.solve(float64(errors), f.bad(), power))
	if next := math.Floor(f.allows(errors)) + 1; need > next {
		need = next
	}
	return math.Max(from, need)
}

// solve is the number of requests, not a whole one, of which c or more fail with
// probability level when each does with probability p.
func (f FixedTest) solve(c, p, level float64) float64 {
	missing := func(n float64) float64 { return level - reaches(c, n, p) }
	low, high := c-1, c+1
	for missing(high) > 0 {
		low, high = high, 2*high
	}
	return falling(missing, low, high)
}
