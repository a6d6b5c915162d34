package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

var cusum = Kind{
	Name:  "cusum",
	Title: "cumulative sum of errors",
	Doc: "A one-sided CUSUM of the failing requests of the new version (Page, 1954; for counts Lucas, 1985): after every " +
		"`interval` the errors above what `reference` allows for the requests of the interval are added up, never below zero, " +
		"and the alarm rings when the sum reaches `limit`. Small rises add up; luck is forgotten whenever the sum is back at zero.",
	Example: "kind: cusum\ninterval: 5m\nreference: 1.5%\nlimit: 10\nhead_start: 0%\nstart: zero\ntraffic: poisson",
	Params:  cusumParams,
	New:     newCusum,
}

var cusumParams = []Param{
	intervalParam(),
	{Name: "reference", Unit: Share, Required: true, Min: 0, Max: 1,
		Doc: "Failing share that adds nothing. Best is (p1 - p0) / ln(p1 / p0) between the healthy share p0 and the share p1 to notice soon (Lucas, 1985)."},
	{Name: "limit", Unit: Plain, Required: true, Min: 0.1, Max: 1e6,
		Doc: "Errors above the reference at which the alarm rings."},
	{Name: "head_start", Unit: Share, Default: 0, Min: 0, Max: 0.99, Source: "assumption; Lucas and Crosier, 1982, recommend 50 % for a release that may be bad from the start",
		Doc: "Where the sum starts, as a share of `limit`: a fast initial response."},
	startParam(),
	trafficParam(),
}

// cusumTest is the sum of Page; memory[0] is the sum.
type cusumTest struct {
	Reference float64 `json:"reference"`  // share, 0..1
	Limit     float64 `json:"limit"`      // errors; > 0
	HeadStart float64 `json:"head_start"` // errors; 0..Limit
}

func newCusum(v Values) (models.Detector, error) {
	v, err := v.complete(cusumParams)
	if err != nil {
		return nil, err
	}
	limit := v.Number("limit")
	return newSeries("cusum", v, cusumTest{Reference: v.Number("reference"), Limit: limit,
		HeadStart: float64(limit * v.Number("head_start"))}), nil
}

func (c cusumTest) start() memory { return memory{c.HeadStart} }
func (c cusumTest) arms() bool    { return false }

func (c cusumTest) take(m *memory, _ int64, l *look) decision {
	m[0] = math.Max(0, m[0]+l.canary.errors-float64(c.Reference*l.canary.requests))
	if m[0] >= c.Limit {
		return rings
	}
	return goesOn
}
