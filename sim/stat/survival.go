package stat

// Survival is the curve of times that may be never: the probability that something
// has not happened by the time x. It does not fall to 0 but to Never.Share.
type Survival struct {
	Curve
	Never Proportion `json:"never"` // of the rows that are +Inf
}

// SurvivalOf returns the survival curve of times, of which +Inf is never. Nothing is
// censored: never is an observation, so that the share of rows above x is the
// estimate of Kaplan and Meier (1958). Points and intervals are those of Exceedance;
// the points end where few finite times are left. Warnings about Never that do not
// concern the points are in Never.Warnings. Without rows there are no points and the
// share is NaN. It panics as Exceedance does.
func SurvivalOf(s Sample, o CurveOptions) Survival {
	return Survival{Curve: Exceedance(s, o), Never: ProportionOf(Never(s.Column), o.Level)}
}
