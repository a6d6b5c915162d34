package detector

import (
	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

var eProcess = Kind{
	Name:  "e-process",
	Title: "test that may be looked at any time",
	Doc: "A test of the failing share of the new version against `healthy` that stays valid however often it is looked at: the " +
		"likelihood of the requests so far under a Beta distribution around `expected` of the weight of `weight` requests, over their " +
		"likelihood in health, is an e-process (Robbins, 1970; Ramdas and others, 2023), and the alarm rings when it reaches " +
		"1 / alpha with more errors than health explains. Over a whole release a healthy version rings with probability alpha " +
		"at most. It ends without an alarm after `requests`.",
	Example: "kind: e-process\nhealthy: 1%\nalpha: 5%\nexpected: 1%\nweight: 100\nrequests: 20000\nbatch: 1",
	Params:  eProcessParams,
	New:     newEProcess,
}

var eProcessParams = []Param{
	{Name: "healthy", Unit: Share, Required: true, Min: 1e-9, Max: 0.999, Doc: "Failing share that is all right."},
	{Name: "alpha", Unit: Share, Default: 0.05, Min: 1e-9, Max: 0.5, Source: "assumption", Doc: "Largest probability of a false alarm in a release."},
	{Name: "expected", Unit: Share, Default: 0, Min: 0, Max: 0.999, Source: "assumption",
		Doc: "Failing share around which a broken version is sought; not below `healthy`, and 0 means `healthy`."},
	{Name: "weight", Unit: Plain, Default: 100, Min: 0.1, Max: 1e6, Source: "assumption",
		Doc: "How sure that is, in requests: fewer seek large rises, more seek small ones."},
	{Name: "requests", Unit: Count, Default: 1e9, Min: 1, Max: 1e12, Source: "assumption: the test hardly ever ends by itself",
		Doc: "Requests after which the test ends without an alarm."},
	batchParam(),
}

// betaBinomial is the region of the e-process of a Beta mixture.
type betaBinomial struct {
	Healthy float64 `json:"healthy"` // share
	A       float64 `json:"a"`       // of the Beta distribution
	B       float64 `json:"b"`
	Bound   float64 `json:"bound"`    // log(1/alpha)
	Most    float64 `json:"requests"` // at which it ends
}

func newEProcess(v Values) (models.Detector, error) {
	v, err := v.complete(eProcessParams)
	if err != nil {
		return nil, err
	}
	p0, mean, weight := v.Number("healthy"), v.Number("expected"), v.Number("weight")
	if mean == 0 {
		mean = p0
	}
	if mean < p0 {
		return nil, &Fault{Param: "expected", Message: "is below `healthy`", Hint: "such a test would seek versions that are better"}
	}
	return newGaps("e-process", v, betaBinomial{Healthy: p0, A: float64(weight * mean), B: float64(weight * (1 - mean)),
		Bound: -portable.Log(v.Number("alpha")), Most: v.Number("requests")}), nil
}

// rings needs to be asked after an error only: where more have failed than
// health explains, and the prior mean is not below health, a good request
// lowers the e-process.
func (r betaBinomial) rings(n, x float64) bool {
	return x > float64(n*r.Healthy) && r.most(n, x) >= r.Bound && r.logE(n, x) >= r.Bound
}

// most is above logE: a mixture is below the largest likelihood, whose logarithm
// over that of health is n times the divergence of x/n, and that is below chi
// square (Gibbs and Su, 2002, theorem 5).
func (r betaBinomial) most(n, x float64) float64 {
	away := x - float64(n*r.Healthy)
	return float64(away*away) / float64(n*r.Healthy*(1-r.Healthy))
}

func (r betaBinomial) seenEnough(float64) float64 { return r.Most }

// logE is the logarithm of the e-process after n requests with x errors:
// B(a+x, b+n-x) / B(a, b) / (p0^x (1-p0)^(n-x)).
func (r betaBinomial) logE(n, x float64) float64 {
	likelihood := float64(x*portable.Log(r.Healthy)) + float64((n-x)*portable.Log1p(-r.Healthy))
	return logBeta(r.A+x, r.B+n-x) - logBeta(r.A, r.B) - likelihood
}

// logBeta is the logarithm of the beta function, a and b > 0.
func logBeta(a, b float64) float64 {
	return portable.Lgamma(a) + portable.Lgamma(b) - portable.Lgamma(a+b)
}
