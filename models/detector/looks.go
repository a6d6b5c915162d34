package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

var zTest = Kind{
	Name:  "z-test",
	Title: "two shares compared at every look",
	Doc: "The failing share of the new version against that of the old one beside it, by the two-proportion z test over all " +
		"intervals since the release began, each a stratum of its own (Mantel and Haenszel, 1959), at every `interval`; each look is made at level `alpha`, one-sided, as dashboards do. " +
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
		"bounds share one level `alpha`, one-sided: equal bounds (Pocock, 1977), " +
		"bounds that are strict early (O'Brien and Fleming, 1979), or those that spend the level like them (Lan and DeMets, 1983). " +
		"The level is that of looks which bring equally much. In a ramp later looks bring more, and healthy releases ring up to as often " +
		"as the looks do together: at five looks and 2.5 %, 4.0 % with equal bounds and 3.7 % with strict early ones. It ends after the last look.",
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

// The memory of a zLooks.
const (
	sumExcess   = iota // errors of the new version above what both have in common
	sumVariance        // of that, where the versions are alike
	looksTaken
)

// zLooks compares the shares of both arms.
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

// take adds an interval as a stratum of its own (Mantel and Haenszel, 1959): rings
// and hours differ in who comes and in how much fails, and requests pooled over them
// would compare a crowded hour of the new version with a calm one of the old. Where
// nobody meets one of the versions there is nothing to compare, and no look.
func (z zLooks) take(m *memory, check int64, l *look) decision {
	n1, n0 := l.canary.requests, l.rest.requests
	if n1 == 0 || n0 == 0 {
		return goesOn
	}
	n := n1 + n0
	p := (l.canary.errors + l.rest.errors) / n
	m[sumExcess] += l.canary.errors - float64(n1*p)
	m[sumVariance] += float64(float64(n1*n0) / n * float64(p*(1-p)))
	look := int64(m[looksTaken])
	m[looksTaken]++
	switch {
	case m[sumVariance] > 0 && m[sumExcess]/math.Sqrt(m[sumVariance]) > z.bound(look):
		return rings
	case z.Looks > 0 && look+1 >= z.Looks:
		return ends
	}
	return goesOn
}
