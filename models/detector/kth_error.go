package detector

import "github.com/rollrisk/rollrisk/models"

var kthError = Kind{
	Name:  "kth-error",
	Title: "the k-th failing request",
	Doc: "A counter of the failing requests that a defect causes in the new version; the alarm rings at the k-th. It knows " +
		"neither a baseline nor a window. Failing requests are a Poisson process in exposure, so the exposure up to the alarm is " +
		"Erlang(k), for every ramp.",
	Example: "kind: kth-error\nerrors: 20\nsees: visible",
	Params:  kthErrorParams,
	New:     newKthError,
}

var kthErrorParams = []Param{
	{Name: "errors", Unit: Count, Required: true, Min: 1, Max: maxCount,
		Doc: "The number of failing requests of one defect at which the alarm rings."},
	seesParam(seesVisible, seesAll),
}

func newKthError(v Values) (models.Detector, error) {
	v, err := v.complete(kthErrorParams)
	if err != nil {
		return nil, err
	}
	return exposureClock{Kind: "kth-error", Label: v.Label, Events: v.Count("errors"), Rate: 1,
		By: byErrors, Sees: audience(v.Choice("sees"))}, nil
}
