package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

var zTest = Kind{
	Name:  "z-test",
	Title: "two shares compared at every look",
	Doc: "The failing share of the new version against that of the old one beside it, by the pooled two-proportion z test over all " +
		"requests since the release began, at every `interval`; each look is made at level `alpha`, one-sided, as dashboards do. " +
		"Looking often raises false alarms far above `alpha` (Armitage, McPherson and Rowe, 1969). Where nobody meets the old " +
		"version there is nothing to compare.",
	Example: "kind: z-test\ninterval: 10m\nalpha: 2.5%\nlooks: 100\ntraffic: fixed",
	Params:  zTestParams,
	New:     newZTest,
}

var zTestParams = []Param{
	intervalParam(),
	{Name: "alpha", Unit: Share, Default: 0.025, Min: 1e-9, Max: 0.5, Source: "assumption: 5 % on both sides is the custom",
		Doc: "Level of each look, one-sided."},
	{Name: "looks", Unit: Count, Default: 0, Min: 0, Max: 1e6, Source: "assumption", Doc: "Looks after which the test ends; 0 means never."},
	trafficParam(),
}

var groupSequential = Kind{
	Name:  "group-sequential",
	Title: "two shares compared at planned looks",
	Doc: "The failing share of the new version against that of the old one, as in the z-test, at a planned number of `looks` whose " +
		"bounds share one level `alpha`, one-sided, so that looking often does not raise false alarms: equal bounds (Pocock, 1977), " +
		"bounds that are strict early (O'Brien and Fleming, 1979), or those that spend the level like them (Lan and DeMets, 1983). " +
		"It ends after the last look.",
	Example: "kind: group-sequential\ninterval: 1h\nalpha: 2.5%\nlooks: 5\nshape: obrien-fleming\ntraffic: fixed",
	Params:  groupSequentialParams,
	New:     newGroupSequential,
}

var groupSequentialParams = []Param{
	intervalParam(),
	{Name: "alpha", Unit: Share, Default: 0.025, Min: 1e-6, Max: 0.4, Source: "assumption: 5 % on both sides is the custom",
		Doc: "Level of all looks together, one-sided."},
	{Name: "looks", Unit: Count, Required: true, Min: 1, Max: maxLooks, Doc: "Looks planned."},
	{Name: "shape", Unit: Choice, Choices: []string{shapeOBrienFleming, shapePocock, shapeSpendOBF, shapeSpendPocock}, Source: "O'Brien and Fleming, 1979",
		Doc: "How the level is spread over the looks."},
	trafficParam(),
}

// zLooks compares the shares of both arms; memory is requests and errors of the
// new version, then of the old one.
type zLooks struct {
	Looks  int64      `json:"looks"`  // 0: no end
	Bounds lookBounds `json:"bounds"` // in standard deviations; the first is that of all looks where the others are 0
}

func newZTest(v Values) (models.Detector, error) {
	v, err := v.complete(zTestParams)
	if err != nil {
		return nil, err
	}
	return newSeries("z-test", v, zLooks{Looks: int64(v.Number("looks")),
		Bounds: lookBounds{portable.NormalQuantile(1 - v.Number("alpha"))}}), nil
}

func newGroupSequential(v Values) (models.Detector, error) {
	v, err := v.complete(groupSequentialParams)
	if err != nil {
		return nil, err
	}
	looks := v.Count("looks")
	return newSeries("group-sequential", v, zLooks{Looks: int64(looks),
		Bounds: plan{looks: looks, alpha: v.Number("alpha"), shape: v.Choice("shape")}.bounds()}), nil
}

func (z zLooks) bound(check int64) float64 {
	if check < maxLooks && z.Bounds[check] > 0 {
		return z.Bounds[check]
	}
	return z.Bounds[0]
}

func (z zLooks) start() memory { return memory{} }
func (z zLooks) arms() bool    { return true }

func (z zLooks) take(m *memory, check int64, l *look) decision {
	m[0] += l.canary.requests
	m[1] += l.canary.errors
	m[2] += l.rest.requests
	m[3] += l.rest.errors
	switch {
	case twoShares(m) >= z.bound(check):
		return rings
	case z.Looks > 0 && check+1 >= z.Looks:
		return ends
	}
	return goesOn
}

// twoShares is the pooled z statistic of two shares; 0 where there is nothing to
// compare.
func twoShares(m *memory) float64 {
	if m[0] == 0 || m[2] == 0 {
		return 0
	}
	pooled := (m[1] + m[3]) / (m[0] + m[2])
	variance := float64(float64(pooled*(1-pooled)) * (1/m[0] + 1/m[2]))
	if !(variance > 0) {
		return 0
	}
	return (m[1]/m[0] - m[3]/m[2]) / math.Sqrt(variance)
}
