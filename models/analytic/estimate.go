package analytic

import "math"

// Recapture is two independent searches of the same text for defects.
type Recapture struct {
	First, Second int // found by each, positive
	Both          int // found by both, at most the smaller
}

func (r Recapture) mustHold() {
	mustCount("what the first search found", r.First)
	mustCount("what the second search found", r.Second)
	mustCount("one more than what both found", r.Both+1)
	mustCount("one more than what only one found", min(r.First, r.Second)-r.Both+1)
}

// LincolnPetersen estimates how many defects there are: First Second / Both
// (Lincoln, "Calculating waterfowl abundance on the basis of banding returns",
// 1930); +Inf when nothing was found twice.
func (r Recapture) LincolnPetersen() float64 {
	r.mustHold()
	return float64(r.First) * float64(r.Second) / float64(r.Both)
}

// Chapman is the same estimate, nearly without bias and finite: (First+1)
// (Second+1) / (Both+1) - 1 (Chapman, "Some properties of the hypergeometric
// distribution with applications to zoological sample censuses", 1951).
func (r Recapture) Chapman() float64 {
	r.mustHold()
	return float64(r.First+1)*float64(r.Second+1)/float64(r.Both+1) - 1
}

// ZeroFailures is the highest failure probability that n >= 1 trials without a
// failure leave possible at a confidence from 0 to below 1: 1 - (1-confidence)^(1/n)
// (Clopper and Pearson, "The use of confidence or fiducial limits illustrated in
// the case of the binomial", 1934, one-sided, for no failure).
func ZeroFailures(n int, confidence float64) float64 {
	mustCount("trials", n)
	mustBeLevel(confidence)
	return -math.Expm1(math.Log1p(-confidence) / float64(n))
}

// RuleOfThree is the usual short form of ZeroFailures at 95 %: 3/n (Hanley and
// Lippman-Hand, "If nothing goes wrong, is everything all right?", 1983).
func RuleOfThree(n int) float64 {
	mustCount("trials", n)
	return 3 / float64(n)
}
