package stat

import (
	"fmt"
	"math"
)

// Direction says which values are better.
type Direction uint8

// The directions.
const (
	LowerIsBetter Direction = iota
	HigherIsBetter
)

// Result is how the alternative does against the baseline in one pair.
type Result uint8

// The results. Undefined is that of a pair with a NaN.
const (
	Win Result = iota
	Loss
	Tie
	Undefined
)

// Rule says who wins a pair. A difference of at most Absolute, or of at most
// Relative times the larger of both sizes, is a tie; equal values are a tie always,
// also +Inf and +Inf.
type Rule struct {
	Better   Direction
	Absolute float64 // >= 0, in the unit of the values
	Relative float64 // >= 0, a share
}

// Judge returns the result of the alternative in one pair.
func (u Rule) Judge(baseline, alternative float64) Result {
	switch gap := math.Abs(baseline - alternative); {
	case baseline != baseline || alternative != alternative:
		return Undefined
	case baseline == alternative, gap <= u.Absolute, u.within(gap, baseline, alternative):
		return Tie
	case (alternative < baseline) == (u.Better == LowerIsBetter):
		return Win
	}
	return Loss
}

// within reports whether the gap is small beside both values. An infinite gap is
// beside an infinite value, but not small.
func (u Rule) within(gap, a, b float64) bool {
	return finite(gap) && gap <= u.Relative*math.Max(math.Abs(a), math.Abs(b))
}

// Contest counts in how many pairs an alternative does better than the baseline.
// Which pairs these are (all chance in common, or only the causes) changes the
// answer: whoever shows it must say so.
type Contest struct {
	Pairs     int        `json:"pairs"`     // decided ones: Wins + Losses + Ties
	Undefined int        `json:"undefined"` // left out, since a side had no value
	Wins      Proportion `json:"wins"`      // the alternative is better
	Losses    Proportion `json:"losses"`    // the baseline is better
	Ties      Proportion `json:"ties"`      // neither
	Lead      Estimate   `json:"lead"`      // wins less losses a pair, from -1 to 1
	Per100    PerHundred `json:"per_100"`
	Warnings  []Warning  `json:"warnings,omitempty"`
}

// PerHundred is a Contest in whole numbers that add up to 100; all are 0 if there
// are no pairs.
type PerHundred struct {
	Wins   int `json:"wins"`
	Losses int `json:"losses"`
	Ties   int `json:"ties"`
}

// Compete lets the alternative meet the baseline row by row, in the replications
// that c describes. Standard errors and intervals are by replication as in
// ProportionOf, for each share alone, at the level. The numbers per 100 are
// apportioned; of equal claims to the last one, a tie is preferred to a loss and a
// loss to a win.
//
// It panics if the numbers of rows differ, a tolerance of the rule is negative or
// NaN, or not 0 < level < 1.
func Compete(baseline, alternative Column, u Rule, level float64) Contest {
	results := u.judgeAll(baseline, alternative)
	scored := func(s scores) pairs { return pairs{results, baseline.Clusters, s} }
	c := Contest{
		Wins:   ProportionOf(scored(scores{Win: 1}), level),
		Losses: ProportionOf(scored(scores{Loss: 1}), level),
		Ties:   ProportionOf(scored(scores{Tie: 1}), level),
		Lead:   EstimateOf(scored(scores{Win: 1, Loss: -1}), level),
	}
	c.Pairs = c.Wins.N
	c.Undefined = len(results) - c.Pairs
	share := Apportion([]int{c.Wins.Count, c.Losses.Count, c.Ties.Count}, 100)
	c.Per100 = PerHundred{Wins: share[0], Losses: share[1], Ties: share[2]}
	c.gatherWarnings()
	return c
}

// judgeAll returns the result of each pair of rows.
func (u Rule) judgeAll(baseline, alternative Column) []Result {
	baseline.check()
	alternative.check()
	if len(baseline.Rows) != len(alternative.Rows) {
		panic(fmt.Sprintf("stat: Compete with %d and %d rows", len(baseline.Rows), len(alternative.Rows)))
	}
	if !(u.Absolute >= 0 && u.Relative >= 0) {
		panic(fmt.Sprintf("stat: a tie within %v or %v", u.Absolute, u.Relative))
	}
	results := make([]Result, len(baseline.Rows))
	for i, b := range baseline.Rows {
		results[i] = u.Judge(b, alternative.Rows[i])
	}
	return results
}

// gatherWarnings moves the warnings to the contest. Those of the shares stay
// behind: they repeat the one of Lead, or say that nothing was a tie, which is no
// cause for doubt.
func (c *Contest) gatherWarnings() {
	c.Warnings, c.Lead.Warnings = c.Lead.Warnings, nil
	c.Wins.Warnings, c.Losses.Warnings, c.Ties.Warnings = nil, nil, nil
	if c.Undefined > 0 {
		c.Warnings = append(c.Warnings, warn(WarnUndefinedPairs,
			"%d of %d pairs are left out, since a side has no value", c.Undefined, c.Pairs+c.Undefined))
	}
}

// scores is what each decided Result counts.
type scores [Undefined]float64

// pairs is the mean score of the decided pairs, as Totals.
type pairs struct {
	results  []Result
	clusters Clusters
	scores   scores
}

// Replications implements Totals.
func (p pairs) Replications() int { return p.clusters.Replications() }

// Total implements Totals.
func (p pairs) Total(r int) (sum, weight float64) {
	first, end := p.clusters.Bounds(r)
	return p.count(p.results[first:end])
}

// Grand implements Totals.
func (p pairs) Grand() (sum, weight float64) { return p.count(p.results) }

// count adds up whole numbers, which needs no care.
func (p pairs) count(results []Result) (sum, weight float64) {
	for _, r := range results {
		if r != Undefined {
			sum += p.scores[r]
			weight++
		}
	}
	return sum, weight
}
