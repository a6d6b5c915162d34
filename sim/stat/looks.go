package stat

import (
	"fmt"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Looks is a schedule by which growing data may be looked at again and again without
// adding up errors: First replications, then always twice as many, without an end. Look
// k may err with the probability 3(1-Level)/((k+2)(k+3)); these add up to 1-Level, and
// so, whatever the looks have to do with each other (Boole's inequality), the
// probability that any of them errs is at most that: a confidence sequence in the sense
// of Darling and Robbins (1967, Confidence sequences for mean, variance, and median),
// who look at growing times and give each a part of the error. A quarter of it is for the
// first look, where the central limit theorem holds least. Since the schedule has no end,
// more data never changes what a look was worth.
type Looks struct {
	First int     // replications at look 1, >= 1
	Level float64 // with which no look errs, between 0 and 1
}

// mostLooks keeps the numbers of replications in an int32.
const mostLooks = 24

// At is the number of replications at look k, from 1.
func (l Looks) At(k int) int {
	l.check()
	if k < 1 || k > mostLooks {
		panic(fmt.Sprintf("stat: look %d", k))
	}
	return l.First << (k - 1)
}

// Number is the look that so many replications are enough for and no more: the first one
// with at least as many.
func (l Looks) Number(replications int) int {
	k := 1
	for k < mostLooks && l.At(k) < replications {
		k++
	}
	return k
}

// Error is the probability with which look k may err, on either side of a bound.
func (l Looks) Error(k int) float64 {
	l.check()
	if k < 1 {
		panic(fmt.Sprintf("stat: look %d", k))
	}
	return 3 * (1 - l.Level) / float64(k+2) / float64(k+3)
}

// Enough is the first look after k at which a margin, in standard errors at so many
// replications, is decided if the value stays what it is; 0 where none up to most
// replications is. The margin grows with the root of the replications.
func (l Looks) Enough(k int, margin float64, replications, most int) int {
	for next := k + 1; next <= mostLooks && l.At(next) <= most; next++ {
		growth := float64(l.At(next)) / float64(replications)
		z := portable.NormalQuantile(1 - l.Error(next)/2)
		if float64(margin*margin)*growth >= float64(z*z) {
			return next
		}
	}
	return 0
}

func (l Looks) check() {
	checkShare("level", l.Level)
	if l.First < 1 {
		panic(fmt.Sprintf("stat: Looks %+v", l))
	}
}
