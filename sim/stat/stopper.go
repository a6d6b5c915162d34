package stat

import (
	"fmt"
	"math"
)

// Stopper decides after how much simulation a mean is precise enough. It is asked at
// the ends of fixed blocks only and answers from the numbers alone, so that the
// decision does not depend on workers, speed or the clock. Amounts are in one unit
// of the caller's choice (rows, changes, replications).
type Stopper struct {
	Target  float64 // largest relative error of the mean, between 0 and 1; 0 never stops before Maximum
	Level   float64 // with which the error is at most Target, between 0 and 1
	Block   int     // every total but Maximum is a multiple of it; at least 1
	Minimum int     // the first total is at least this
	Maximum int     // no total is above this; at least 1
}

// Decision is what a Stopper says.
type Decision struct {
	Stop     bool   `json:"stop"`
	Total    int    `json:"total"`    // how much there is to be in all: the next end, or what is done
	Reached  bool   `json:"reached"`  // the Target was reached
	Relative Number `json:"relative"` // half width of the interval over the mean; NaN if unknown, infinite if the mean is 0 and its error is not
}

// First returns the total to simulate before Next is asked for the first time.
func (s Stopper) First() int {
	s.check()
	return s.boundary(float64(s.Minimum), 0)
}

// Next decides about the estimate that done has given. The rule is that of Chow and
// Robbins (1965), which covers at Level as Target falls to 0: the half width t*SE of
// the interval with R-1 degrees of freedom is to be at most Target/(1+Target) times
// the mean, so that the error is at most Target of the true mean (Law 2015, section
// 9.4.1), where the squared standard error is enlarged by (mean/R)^2 so that a few
// equal values do not stop it.
//
// If it goes on, the next total is where the half width promises to be small enough,
// but not more than twice what is done. A mean of 0 with a standard error of 0 is a
// value that is always the same, like any other. A mean of 0 with an error above 0 has
// no relative precision, nor has one replication, nor NaN: it goes on to Maximum. It
// panics if done is not positive or the Stopper makes no sense.
func (s Stopper) Next(done int, e Estimate) Decision {
	s.check()
	if done < 1 {
		panic(fmt.Sprintf("stat: Stopper asked after %d", done))
	}
	d := Decision{Total: done, Relative: Number(s.relative(e))}
	goal := s.Target / (1 + s.Target)
	d.Reached = float64(d.Relative) <= goal // false if NaN
	d.Stop = d.Reached || done >= s.Maximum
	if d.Stop {
		return d
	}
	growth := float64(d.Relative) / goal
	need := float64(done) * 2
	if growth < 2 { // not if it is NaN or infinite: then it doubles
		need = math.Min(need, float64(done)*(growth*growth))
	}
	d.Total = s.boundary(need, done)
	return d
}

// relative is the relative half width with the enlarged standard error.
func (s Stopper) relative(e Estimate) float64 {
	mean, se := math.Abs(float64(e.Mean)), float64(e.StandardError)
	if e.Replications < 2 || math.IsNaN(mean) {
		return math.NaN()
	}
	r := float64(e.Replications)
	if se != 0 { // 0 of 0 is no error at all
		se /= mean
	}
	enlarged := math.Sqrt(float64(se*se) + 1/(r*r))
	return float64(StudentQuantile((1+s.Level)/2, r-1) * enlarged)
}

// boundary is the first end of a block that is beyond done and not below need.
func (s Stopper) boundary(need float64, done int) int {
	blocks := math.Max(math.Ceil(need/float64(s.Block)), float64(done/s.Block+1))
	if total := float64(blocks * float64(s.Block)); total < float64(s.Maximum) {
		return int(total)
	}
	return s.Maximum
}

// check panics if the Stopper makes no sense.
func (s Stopper) check() {
	checkShare("level", s.Level)
	if !(s.Target >= 0 && s.Target < 1) || s.Block < 1 || s.Minimum < 0 || s.Maximum < 1 {
		panic(fmt.Sprintf("stat: Stopper %+v", s))
	}
}
