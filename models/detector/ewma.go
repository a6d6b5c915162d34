package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

var ewma = Kind{
	Name:  "ewma",
	Title: "moving average of the error rate",
	Doc: "An exponentially weighted moving average (Roberts, 1959; Lucas and Saccucci, 1990): after every `interval` the errors " +
		"of the new version are turned into standard deviations above the `healthy` share, averaged with `weight` for the newest, " +
		"and the alarm rings when the average is more than `limit` of its own standard deviations above zero. Bounds are those of " +
		"a chart that has run for long. An interval without requests changes nothing.",
	Example: "kind: ewma\ninterval: 5m\nhealthy: 1%\nweight: 20%\nlimit: 2.962\nstart: zero\ntraffic: fixed",
	Params:  ewmaParams,
	New:     newEWMA,
}

var ewmaParams = []Param{
	intervalParam(),
	{Name: "healthy", Unit: Share, Required: true, Min: 1e-9, Max: 0.5,
		Doc: "Failing share of a healthy version; what the average is compared with."},
	{Name: "weight", Unit: Share, Default: 0.2, Min: 0.001, Max: 1, Source: "Lucas and Saccucci, 1990: 0.05 to 0.25 for small shifts",
		Doc: "Share of the newest interval in the average; 100 % looks at it alone."},
	{Name: "limit", Unit: Plain, Default: 2.962, Min: 0.1, Max: 20, Source: "Lucas and Saccucci, 1990, table: with weight 0.2, one false alarm in 1,000 intervals above (one in 500 on both sides)",
		Doc: "Standard deviations of the average above which the alarm rings."},
	startParam(),
	trafficParam(),
}

// ewmaTest is one-sided; memory[0] is the average in standard deviations of an
// interval.
type ewmaTest struct {
	Healthy float64 `json:"healthy"` // share, 0..1
	Weight  float64 `json:"weight"`  // 0..1
	Bound   float64 `json:"bound"`   // of the average
}

func newEWMA(v Values) (models.Detector, error) {
	v, err := v.complete(ewmaParams)
	if err != nil {
		return nil, err
	}
	weight := v.Number("weight")
	return newSeries("ewma", v, ewmaTest{Healthy: v.Number("healthy"), Weight: weight,
		Bound: float64(v.Number("limit") * math.Sqrt(weight/(2-weight)))}), nil
}

func (e ewmaTest) start() memory { return memory{} }
func (e ewmaTest) arms() bool    { return false }

func (e ewmaTest) take(m *memory, _ int64, l *look) decision {
	if l.canary.requests == 0 {
		return goesOn
	}
	mean := float64(l.canary.requests * e.Healthy)
	return e.average(m, (l.canary.errors-mean)/math.Sqrt(float64(mean*(1-e.Healthy))))
}

// average takes one observation with mean 0 and standard deviation 1 in health.
func (e ewmaTest) average(m *memory, z float64) decision {
	m[0] += float64(e.Weight * (z - m[0]))
	if m[0] > e.Bound {
		return rings
	}
	return goesOn
}
