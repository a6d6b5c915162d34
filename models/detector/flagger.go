package detector

import (
	"github.com/rollrisk/rollrisk/models"
)

var flagger = Kind{
	Name:  "flagger",
	Title: "Flagger's canary analysis",
	Doc: "The analysis of a Flagger canary, tick by tick, as its scheduler does it: every `interval` the failing share of the new " +
		"version in that interval is compared with `max`; above it, or with no request, the check fails, the release stays in its " +
		"ring for one more interval, and the count of failed checks, which never goes down, grows by one. The alarm rings on the " +
		"tick after the count has reached `threshold`: one interval later than the documentation says. Rings larger than " +
		"`max_weight` are promotion, in which nothing is checked.",
	Example: "kind: flagger\ninterval: 1m\nmax: 1%\nthreshold: 5\nmax_weight: 50%\ntraffic: fixed",
	Params:  flaggerParams,
	New:     newFlagger,
}

var flaggerParams = []Param{
	intervalParam(),
	{Name: "max", Unit: Share, Default: 0.01, Min: 0, Max: 1, Source: "Flagger, documentation of the built-in metric request-success-rate: min 99",
		Doc: "Largest failing share that passes a check; 100 less `thresholdRange.min` of the success rate."},
	{Name: "threshold", Unit: Count, Default: 1, Min: 1, Max: maxCount, Source: "Flagger, scheduler: 1 when unset",
		Doc: "Failed checks after which the release is rolled back."},
	{Name: "max_weight", Unit: Share, Default: 1, Min: 0, Max: 1, Source: "Flagger, scheduler: 100 when unset",
		Doc: "Share of traffic above which the release is being promoted."},
	trafficParam(),
}

// flaggerTest counts failed checks in memory[0].
type flaggerTest struct {
	Most      float64 `json:"max"`       // failing share
	Threshold float64 `json:"threshold"` // failed checks
	MaxWeight float64 `json:"max_weight"`
}

func newFlagger(v Values) (models.Detector, error) {
	v, err := v.complete(flaggerParams)
	if err != nil {
		return nil, err
	}
	return newSeries("flagger", v, flaggerTest{Most: v.Number("max"), Threshold: v.Number("threshold"), MaxWeight: v.Number("max_weight")}), nil
}

func (f flaggerTest) start() memory { return memory{} }
func (f flaggerTest) arms() bool    { return false }

func (f flaggerTest) take(m *memory, _ int64, l *look) decision {
	switch {
	case l.share > f.MaxWeight:
		return ends
	case m[0] >= f.Threshold:
		return rings
	case l.canary.requests == 0 || l.canary.errors/l.canary.requests > f.Most:
		m[0]++
		return holds
	}
	return goesOn
}
