package analytic

import "github.com/rollrisk/rollrisk/sim/portable"

// EProcess is a test of a failing share that may be looked at any time: the
// likelihood under a Beta mixture over that in health rings the alarm at 1/Alpha
// (Robbins, 1970, section 9; Ramdas, Grünwald, Vovk and Shafer, 2023, section 3).
type EProcess struct {
	Healthy float64 // share, above 0 and below 1
	A, B    float64 // of the Beta distribution, above 0
	Alpha   float64 // largest probability of a false alarm, above 0 and at most 1
	Batch   int     // requests between two looks, 1 or more
}

func (e EProcess) mustHold() {
	mustBePositive("the healthy share", e.Healthy)
	mustBePositive("1 less the healthy share", 1-e.Healthy)
	mustBePositive("A", e.A)
	mustBePositive("B", e.B)
	mustBePositive("alpha", e.Alpha)
	mustNotBeNegative("1 less alpha", 1-e.Alpha)
}

// Log is the logarithm of the e-process after n requests with x errors, 0 <= x <= n.
func (e EProcess) Log(n, x float64) float64 {
	e.mustHold()
	mustNotBeNegative("the errors", x)
	mustNotBeNegative("the requests less the errors", n-x)
	return e.log(n, x)
}

func (e EProcess) log(n, x float64) float64 {
	healthy := float64(x*portable.Log(e.Healthy)) + float64((n-x)*portable.Log1p(-e.Healthy))
	return logBeta(e.A+x, e.B+n-x) - logBeta(e.A, e.B) - healthy
}

// Run is what the test does when each request fails with probability p, within so
// many requests. It rings only where more have failed than health explains.
func (e EProcess) Run(p float64, most int) Verdict {
	e.mustHold()
	bound := -portable.Log(e.Alpha)
	return CountTest{Batch: e.Batch, Rejects: func(n, x int) bool {
		return float64(x) > float64(float64(n)*e.Healthy) && e.log(float64(n), float64(x)) >= bound
	}}.Run(p, most)
}

// logBeta is the logarithm of the beta function.
func logBeta(a, b float64) float64 {
	return portable.Lgamma(a) + portable.Lgamma(b) - portable.Lgamma(a+b)
}
