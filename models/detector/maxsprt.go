package detector

import (
	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

var maxSPRT = Kind{
	Name:  "maxsprt",
	Title: "maximised sequential probability ratio test",
	Doc: "Kulldorff's test (2011), made for watching the safety of vaccines: after every error, the errors so far are compared with " +
		"the number that `healthy` lets expect, for the rise that explains them best, and the alarm rings when the log-likelihood " +
		"ratio reaches `critical_value`. It ends without an alarm when `expected` errors would have been seen in health. " +
		"The critical value that keeps the probability of a false alarm is what `rollrisk calc maxsprt` computes.",
	Example: "kind: maxsprt\nhealthy: 1%\nexpected: 10\ncritical_value: 3.467952",
	Params:  maxSPRTParams,
	New:     newMaxSPRT,
}

var maxSPRTParams = []Param{
	{Name: "healthy", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share that is all right."},
	{Name: "expected", Unit: Plain, Default: 10, Min: 0.1, Max: 1e6, Source: "assumption",
		Doc: "Errors expected in health at which the test ends."},
	{Name: "critical_value", Unit: Plain, Default: 3.467952, Min: 0.1, Max: 100, Source: "Kulldorff and others, 2011, table 1: alpha 5 %, expected 10",
		Doc: "Log-likelihood ratio at which the alarm rings; it belongs to `expected`."},
}

// kulldorff is the region of the Poisson MaxSPRT.
type kulldorff struct {
	Healthy  float64 `json:"healthy"`
	Requests float64 `json:"requests"` // at which it ends
	Critical float64 `json:"critical_value"`
}

func newMaxSPRT(v Values) (models.Detector, error) {
	v, err := v.complete(maxSPRTParams)
	if err != nil {
		return nil, err
	}
	v.Numbers["batch"] = 1
	return newGaps("maxsprt", v, kulldorff{Healthy: v.Number("healthy"), Critical: v.Number("critical_value"),
		Requests: v.Number("expected") / v.Number("healthy")}), nil
}

func (k kulldorff) rings(n, x float64) bool {
	mean := float64(n * k.Healthy)
	return x > mean && float64(x*portable.Log(x/mean))-(x-mean) >= k.Critical
}

func (k kulldorff) seenEnough(float64) float64 { return k.Requests }
