package detector

import "github.com/rollrisk/rollrisk/models"

var exposureHazard = Kind{
	Name:  "exposure-hazard",
	Title: "hazard that grows with exposure",
	Doc: "Somebody or something that looks at what the release does notices a defect by chance, at a rate proportional to " +
		"the share of traffic that meets it and to the traffic of the hour. The exposure up to the alarm is exponential with " +
		"mean 1/rate, for every ramp: with no response time, such a channel alone lets a slow ramp hurt as many as a big bang.",
	Example: "kind: exposure-hazard\nrate: 0.5/h\nby: nothing\nsees: visible",
	Params:  exposureHazardParams,
	New:     newExposureHazard,
}

var exposureHazardParams = []Param{
	{Name: "rate", Unit: Rate, Min: 0, Max: 1e6, Source: "assumption",
		Doc: "Alarms per hour at full exposure and mean traffic, while the defect shows. Needed unless `by: errors`."},
	{Name: "by", Unit: Choice, Choices: []string{string(byNothing), string(byReach), string(byErrors)}, Source: "assumption",
		Doc: "What scales the rate: nothing, the share of users who can meet the defect, or its failing requests (then `per_error` replaces `rate`)."},
	{Name: "per_error", Unit: Share, Min: 0, Max: 1, Source: "assumption",
		Doc: "Probability that one failing request is noticed. Needed with `by: errors`, refused otherwise."},
	seesParam(seesVisible, seesAll),
}

// seesParam is the choice of the defects that a kind can notice.
func seesParam(first, second audience) Param {
	return Param{Name: "sees", Unit: Choice, Choices: []string{string(first), string(second)}, Source: "assumption",
		Doc: "Which defects it can notice: only those `visible` to telemetry, or `all` that show to users."}
}

func newExposureHazard(v Values) (models.Detector, error) {
	v, err := v.complete(exposureHazardParams)
	if err != nil {
		return nil, err
	}
	d := exposureClock{Kind: "exposure-hazard", Label: v.Label, Events: 1, Rate: v.Number("rate"),
		By: scale(v.Choice("by")), Sees: audience(v.Choice("sees"))}
	rate, perError := v.Number("rate"), v.Number("per_error")
	switch {
	case d.By == byErrors && rate > 0:
		return nil, &Fault{Param: "rate", Message: "has no meaning with `by: errors`", Hint: "`per_error` says how often a failing request is noticed"}
	case d.By == byErrors && perError == 0:
		return nil, &Fault{Param: "per_error", Message: "is missing", Hint: "with `by: errors` it takes the place of `rate`"}
	case d.By != byErrors && perError > 0:
		return nil, &Fault{Param: "per_error", Message: "has no meaning without `by: errors`"}
	case d.By != byErrors && rate == 0:
		return nil, &Fault{Param: "rate", Message: "is missing", Hint: "nothing would ever be noticed"}
	case d.By == byErrors:
		d.Rate = perError
	}
	return d, nil
}
