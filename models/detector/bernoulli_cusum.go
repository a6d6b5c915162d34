package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

var bernoulliCusum = Kind{
	Name:  "bernoulli-cusum",
	Title: "cumulative sum, request by request",
	Doc: "A one-sided CUSUM over single requests (Reynolds and Stoumbos, 1999): every failing request of the new version adds one, " +
		"every request takes 1/m away, never below zero, and the alarm rings when the sum reaches `limit`. m is the whole number " +
		"that tells `broken` from `healthy` best. It never ends, and only errors are drawn.",
	Example: "kind: bernoulli-cusum\nhealthy: 1%\nbroken: 2.5%\nlimit: 5",
	Params:  bernoulliCusumParams,
	New:     newBernoulliCusum,
}

var bernoulliCusumParams = []Param{
	{Name: "healthy", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share that is all right."},
	{Name: "broken", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share to notice soon; above `healthy`."},
	{Name: "limit", Unit: Plain, Required: true, Min: 0.1, Max: 1e6, Doc: "The sum, in errors, at which the alarm rings."},
}

// pageBernoulli counts in m-ths of an error: with n requests and x errors since
// the sum was zero it is m x - n, a whole number.
type pageBernoulli struct {
	M     float64 `json:"m"`
	Limit float64 `json:"limit"` // m-ths of an error
}

func newBernoulliCusum(v Values) (models.Detector, error) {
	v, err := v.complete(bernoulliCusumParams)
	if err != nil {
		return nil, err
	}
	p0, p1 := v.Number("healthy"), v.Number("broken")
	if !(p1 > p0) {
		return nil, &Fault{Param: "broken", Message: "is not above `healthy`", Hint: "it is the failing share that the sum shall notice"}
	}
	m := math.Max(1, math.Floor(1/newWald(p0, p1, 0.5, 0.5).Slope+0.5))
	limit := math.Ceil(float64(v.Number("limit")*m) - 1e-9)
	v.Numbers["batch"], v.Choices["then"] = 1, thenAgains
	return newGaps("bernoulli-cusum", v, pageBernoulli{M: m, Limit: limit}), nil
}

func (c pageBernoulli) rings(n, x float64) bool      { return float64(c.M*x)-n >= c.Limit }
func (c pageBernoulli) seenEnough(x float64) float64 { return float64(c.M * x) }
