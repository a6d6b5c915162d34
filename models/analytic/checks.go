package analytic

import "math"

// Checks are looks that fail independently of each other, and the rule that the
// Failures-th failing one, in all, is the alarm. The number of looks to the alarm
// is negative binomial (Feller, "An introduction to probability theory and its
// applications", volume 1, 1968, section VI.8).
type Checks struct {
	Fail     float64 // probability that a look fails, 0 to 1
	Failures int     // failing looks that it takes, 1 or more; a limit of L allowed failures is L+1
}

func (c Checks) mustHold() {
	mustBeShare("the probability to fail", c.Fail)
	mustCount("failures", c.Failures)
}

// Mean is the mean number of looks to the alarm; +Inf when looks never fail.
func (c Checks) Mean() float64 {
	c.mustHold()
	return float64(c.Failures) / c.Fail
}

// SD is the standard deviation of the number of looks; +Inf when looks never fail.
func (c Checks) SD() float64 {
	c.mustHold()
	if c.Fail == 0 {
		return math.Inf(1)
	}
	return math.Sqrt(float64(c.Failures)*(1-c.Fail)) / c.Fail
}

// Within is the probability of the alarm within n >= 0 looks.
func (c Checks) Within(n int) float64 {
	c.mustHold()
	_, above := binomialTails(c.Failures-1, n, c.Fail)
	return above
}

// MeanWithin is the mean number of looks when there are at most n: the sum of the
// probabilities that the i-th look is still made.
func (c Checks) MeanWithin(n int) float64 {
	c.mustHold()
	sum := 0.0
	for i := range n {
		atMost, _ := binomialTails(c.Failures-1, i, c.Fail)
		sum += atMost
	}
	return sum
}

// Runs are independent looks with the rule that Failures failing ones in a row are
// the alarm.
type Runs struct {
	Fail     float64 // probability that a look fails, 0 to 1
	Failures int     // failing looks in a row, 1 or more
}

// Mean is the mean number of looks to the alarm, (1 - f^k) / ((1-f) f^k) (Feller,
// 1968, equation XIII.7.7): the sum of f^-1 ... f^-k. +Inf when looks never fail.
func (r Runs) Mean() float64 {
	Checks(r).mustHold()
	sum, power := 0.0, 1.0
	for range r.Failures {
		power *= r.Fail
		sum += 1 / power
	}
	return sum
}

// Within is the probability of the alarm within n >= 0 looks, by the Markov chain
// of the length of the current run.
func (r Runs) Within(n int) float64 {
	Checks(r).mustHold()
	run := make([]float64, r.Failures) // probability of i failures in a row, no alarm yet
	run[0] = 1
	alarm := 0.0
	for range n {
		alarm += run[r.Failures-1] * r.Fail
		sum := 0.0
		for i := r.Failures - 1; i >= 0; i-- {
			sum += run[i]
			if i > 0 {
				run[i] = run[i-1] * r.Fail
			}
		}
		run[0] = sum * (1 - r.Fail)
	}
	return alarm
}

// Analysis is a series of measurements at a fixed interval, of which more than
// Limit failing ones abort the rollout.
type Analysis struct {
	Delay    float64 // before the first measurement, hours, 0 or more
	Interval float64 // from the end of one measurement to the next, hours, 0 or more
	Length   float64 // of a measurement, hours, 0 or more
	Limit    int     // failing measurements that are allowed, 0 or more
}

// Measurements is the number that it takes when all fail: one more than the limit.
func (a Analysis) Measurements() int {
	mustCount("one more than the limit", a.Limit+1)
	return a.Limit + 1
}

// Abort is when the rollout is aborted if all measurements fail, in hours.
func (a Analysis) Abort() float64 {
	n := float64(a.Measurements())
	return a.Delay + n*a.Length + (n-1)*a.Interval
}
