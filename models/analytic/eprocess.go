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
}

// Log is the logarithm of the e-process after n requests with x errors, 0 <= x <= n.
func (e EProcess) Log(n, x float64) float64 {
	e.mustHold()
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

// TwoArm is the same test of the split of errors between two versions: of all
// errors, a healthy new version has the share Share, that of its traffic (Lindon and
// Malek, 2022, section 2).
type TwoArm struct {
	Share         float64 // of the new version, above 0 and below 1
	Concentration float64 // of the mixture around Share, in errors, above 0
	Alpha         float64 // largest probability of a false alarm
}

func (t TwoArm) process() EProcess {
	return EProcess{Healthy: t.Share, A: float64(t.Concentration * t.Share), B: float64(t.Concentration * (1 - t.Share)), Alpha: t.Alpha, Batch: 1}
}

// Log is the logarithm of the e-process after so many errors of each version.
func (t TwoArm) Log(canary, baseline float64) float64 {
	return t.process().Log(canary+baseline, canary)
}

// Run is what the test does when errors of the new version are ratio times as
// frequent as those of the old one, within so many errors of both. The numbers of
// the Verdict count errors.
func (t TwoArm) Run(ratio float64, most int) Verdict {
	mustBePositive("the ratio", ratio)
	odds := float64(t.Share * ratio)
	return t.process().Run(odds/(odds+1-t.Share), most)
}

// logBeta is the logarithm of the beta function.
func logBeta(a, b float64) float64 {
	return portable.Lgamma(a) + portable.Lgamma(b) - portable.Lgamma(a+b)
}
