package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

var sprt = Kind{
	Name:  "sprt",
	Title: "sequential probability ratio test",
	Doc: "Wald's test (1945) of the failing share of the new version: `healthy` against `broken`. It looks after every request, " +
		"or after every `batch` of them; the alarm rings as soon as the requests so far speak (1 - beta) / alpha times more for " +
		"broken, and the test ends as soon as they speak (1 - alpha) / beta times more for healthy. Then it stops, and what " +
		"begins to fail later is not noticed, or it begins anew. Errors are all that is drawn.",
	Example: "kind: sprt\nhealthy: 1%\nbroken: 3%\nalpha: 5%\nbeta: 5%\nbatch: 1\nthen: restart",
	Params:  sprtParams,
	New:     newSPRT,
}

var sprtParams = []Param{
	{Name: "healthy", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share that is all right."},
	{Name: "broken", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share to notice; above `healthy`."},
	{Name: "alpha", Unit: Share, Default: 0.05, Min: 1e-9, Max: 0.4999, Source: "assumption", Doc: "Probability aimed at of a false alarm in one test."},
	{Name: "beta", Unit: Share, Default: 0.05, Min: 1e-9, Max: 0.4999, Source: "assumption", Doc: "Probability aimed at of passing a broken version in one test."},
	batchParam(),
	{Name: "then", Unit: Choice, Choices: []string{thenStops, thenAgains}, Source: "Wald, 1945: the test ends with its decision",
		Doc: "What follows when the version is found healthy: the test stops for this release, or begins anew."},
}

// wald is the region between two parallel lines: x >= Above + Slope n rings, x
// <= Slope n - Below has seen enough.
type wald struct {
	Above float64 `json:"above"` // errors; > 0
	Below float64 `json:"below"` // errors; > 0
	Slope float64 `json:"slope"` // errors per request; between healthy and broken
}

func newSPRT(v Values) (models.Detector, error) {
	v, err := v.complete(sprtParams)
	if err != nil {
		return nil, err
	}
	p0, p1 := v.Number("healthy"), v.Number("broken")
	if !(p1 > p0) {
		return nil, &Fault{Param: "broken", Message: "is not above `healthy`", Hint: "it is the failing share that the test shall notice"}
	}
	return newGaps("sprt", v, newWald(p0, p1, v.Number("alpha"), v.Number("beta"))), nil
}

// newWald is Wald's region for shares 0 < p0 < p1 < 1 (Wald, Sequential Analysis,
// 1947, section 5.3).
func newWald(p0, p1, alpha, beta float64) wald {
	good := portable.Log1p(-p0) - portable.Log1p(-p1) // by which a good request speaks for healthy
	scale := portable.Log(p1/p0) + good
	return wald{
		Above: portable.Log((1-beta)/alpha) / scale,
		Below: portable.Log((1-alpha)/beta) / scale,
		Slope: good / scale,
	}
}

func (w wald) rings(n, x float64) bool { return x >= w.Above+float64(w.Slope*n) }

func (w wald) seenEnough(x float64) float64 {
	n := math.Ceil((x + w.Below) / w.Slope)
	for x > float64(w.Slope*n)-w.Below {
		n++
	}
	return n
}
