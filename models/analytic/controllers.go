package analytic

import "math"

// Canary is a release on its way through the weights of a controller that looks at
// its error rate once an interval. Every request fails with probability Rate, and a
// check fails when more than Threshold of the interval's have.
type Canary struct {
	Weights   []float64 // share of traffic, one a step; above 0, at most 1
	Requests  float64   // of the whole service in an interval; times each weight a whole number
	Rate      float64   // failing share
	Threshold float64   // share
}

// Fails is the probability of a failing check at each weight.
func (c Canary) Fails() []float64 {
	mustCount("weights", len(c.Weights))
	var fails []float64
	for _, w := range c.Weights {
		mustBePositive("a weight", w)
		mustBeShare("a weight", w)
		fails = append(fails, Window{Requests: math.Round(c.Requests * w), Threshold: c.Threshold, Rate: c.Rate}.FailFixed())
	}
	return fails
}

// Flagger is what its scheduler makes of a Canary: a failed check holds the weight,
// failed checks never go down, and on the tick after there are Failures of them the
// release is rolled back. A passed check at the last weight promotes it.
type Flagger struct {
	Canary   Canary
	Failures int // 1 or more
}

// FlaggerEnd is how the analysis ends.
type FlaggerEnd struct {
	Rollback  float64 // probability
	Promote   float64 // probability, the rest of it
	Intervals float64 // from the first traffic to the rollback or to the promotion, mean
	Requests  float64 // that meet the release by then, mean
	Failed    float64 // of those, mean
}

// Run goes through the ticks: a chain of the weight and of the failed checks.
func (f Flagger) Run() FlaggerEnd {
	mustCount("the failed checks", f.Failures)
	fails := f.Canary.Fails()
	var end FlaggerEnd
	at := make([]float64, f.Failures+1) // probability to enter a weight with so many failed checks
	at[0] = 1
	for i, w := range f.Canary.Weights {
		for k := range f.Failures {
			// One interval at this weight, and its check.
			end.spend(at[k], w*f.Canary.Requests)
			at[k+1] += at[k] * fails[i]
			at[k] *= 1 - fails[i]
		}
		end.Rollback += at[f.Failures]
		end.spend(at[f.Failures], w*f.Canary.Requests) // it is noticed a tick later
		at[f.Failures] = 0
	}
	end.Promote = total(at)
	end.Failed = end.Requests * f.Canary.Rate
	return end
}

// spend adds an interval with some probability.
func (e *FlaggerEnd) spend(p, requests float64) {
	e.Intervals += p
	e.Requests += p * requests
}

// Argo is what an analysis run of Argo Rollouts makes of a Canary with one weight for
// each measurement: it aborts at failure number Limit + 1.
type Argo struct {
	Canary   Canary
	Limit    int     // failures allowed, 0 or more
	Delay    float64 // of the first measurement, seconds; the release has its first weight then
	Interval float64 // between measurements, seconds
}

// ArgoEnd is how the run ends.
type ArgoEnd struct {
	Abort    float64 // probability
	Time     float64 // of the abort, given that there is one; seconds, mean; NaN where there never is
	Requests float64 // that meet the release before the abort or the last measurement, mean
}

// Run goes through the measurements.
func (a Argo) Run() ArgoEnd {
	mustCount("one more than the limit", a.Limit+1)
	fails := a.Canary.Fails()
	var end ArgoEnd
	at := make([]float64, a.Limit+2)
	at[0] = 1
	for i, w := range a.Canary.Weights {
		end.Requests += (total(at) - at[a.Limit+1]) * w * a.Canary.Requests
		before := at[a.Limit+1]
		for k := a.Limit; k >= 0; k-- {
			at[k+1] += at[k] * fails[i]
			at[k] *= 1 - fails[i]
		}
		aborted := at[a.Limit+1] - before
		end.Time += aborted * (a.Delay + float64(i)*a.Interval)
	}
	end.Abort = at[a.Limit+1]
	end.Time /= end.Abort
	return end
}
