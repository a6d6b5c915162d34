package analytic

// TwoArm is the same test of the split of errors between two versions: of all
// errors, a healthy new version has the share Share, that of its traffic (Lindon and
// Malek, 2022, section 2).
type TwoArm struct {
	Share         float64 // of the new version, above 0 and below 1
	Concentration float64 // of the mixture around Share, in errors, above 0
	Alpha         float64 // largest probability of a false alarm, above 0 and at most 1
}

func (t TwoArm) process() EProcess {
	return EProcess{Healthy: t.Share, A: float64(t.Concentration * t.Share), B: float64(t.Concentration * (1 - t.Share)), Alpha: t.Alpha, Batch: 1}
}

// Log is the logarithm of the e-process after so many errors of each version, 0 or
// more.
func (t TwoArm) Log(canary, baseline float64) float64 {
	return t.process().Log(canary+baseline, canary)
}

// Run is what the test does when errors of the new version are ratio times as
// frequent as those of the old one, above 0, within so many errors of both, 1 or more. The numbers of
// the Verdict count errors.
func (t TwoArm) Run(ratio float64, most int) Verdict {
	mustBePositive("the ratio", ratio)
	odds := float64(t.Share * ratio)
	return t.process().Run(odds/(odds+1-t.Share), most)
}
