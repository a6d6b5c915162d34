package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var burnRate = Kind{
	Name:  "burn-rate",
	Title: "error budget burnt too fast",
	Doc: "A multi-window alert on an error budget (Beyer and others, The Site Reliability Workbook, 2018, chapter 5): at every " +
		"`interval` the failing share over the last `window` and over the last `short` is divided by what the objective `slo` " +
		"leaves, and the alarm rings when both burn rates are above `burn`. It looks at the whole `service`, in which a small ring " +
		"is diluted by all who do not meet the release, or at the new `version` alone. Several tiers are several detectors.",
	Example: "kind: burn-rate\nslo: 99.9%\nburn: 14.4\nwindow: 1h\nshort: 5m\ninterval: 1m\nratio: service\nbefore: baseline\n" +
		"min_requests: 1\ntraffic: fixed",
	Params: burnRateParams,
	New:    newBurnRate,
}

const (
	ratioService   = "service"
	ratioVersion   = "version"
	beforeBaseline = "baseline"
	beforeClean    = "clean"
	beforeNothing  = "nothing"
)

var burnRateParams = []Param{
	{Name: "slo", Unit: Share, Default: 0.999, Min: 0.5, Max: 0.999999, Source: "assumption; the workbook's example",
		Doc: "Share of requests that the objective promises to succeed; the rest is the budget."},
	{Name: "burn", Unit: Plain, Default: 14.4, Min: 0.01, Max: 1e5, Source: "Site Reliability Workbook, 2018, table 5-8: 2 % of a 30-day budget in one hour",
		Doc: "How many times faster than just allowed the budget burns when the alarm rings."},
	{Name: "window", Unit: Duration, Default: 1, Min: 1.0 / 3600, Max: 30 * 24, Source: "Site Reliability Workbook, 2018, table 5-8",
		Doc: "The long window, a whole multiple of `interval`."},
	{Name: "short", Unit: Duration, Default: 0, Min: 0, Max: 30 * 24, Source: "assumption; the workbook recommends a twelfth of the window",
		Doc: "The short window, a whole multiple of `interval`; 0 is none."},
	{Name: "interval", Unit: Duration, Default: 1.0 / 60, Min: 1.0 / 3600, Max: 24, Source: "Prometheus: evaluation_interval is 1m when unset",
		Doc: "Time between evaluations."},
	{Name: "ratio", Unit: Choice, Choices: []string{ratioService, ratioVersion}, Source: "Site Reliability Workbook, 2018: alerts are on the service",
		Doc: "Whose requests: the whole service, or the new version alone."},
	{Name: "before", Unit: Choice, Choices: []string{beforeBaseline, beforeClean, beforeNothing}, Source: "assumption",
		Doc: "What the windows hold of the time before the release: as many requests as in its first moments, failing at the baseline " +
			"or not at all, or nothing, as where a new version has its own series."},
	{Name: "min_requests", Unit: Count, Default: 1, Min: 1, Max: 1e9, Source: "assumption", Doc: "Requests that a window needs to ring."},
	trafficParam(),
}

// burnAlert is the description of a burn-rate alert.
type burnAlert struct {
	Kind        string        `json:"kind"`
	Label       string        `json:"label,omitempty"`
	Interval    time.Duration `json:"interval"`  // ns
	Long        int64         `json:"long"`      // intervals
	Short       int64         `json:"short"`     // intervals; 0: none
	Threshold   float64       `json:"threshold"` // failing share, budget times burn rate
	Version     bool          `json:"version"`   // the new version alone
	Before      string        `json:"before"`
	MinRequests float64       `json:"min_requests"`
	Poisson     bool          `json:"poisson"`
}

// maxIntervals bounds the memory of a window.
const maxIntervals = 50000

func newBurnRate(v Values) (models.Detector, error) {
	v, err := v.complete(burnRateParams)
	if err != nil {
		return nil, err
	}
	interval := span(v.Number("interval"))
	long, err := multiple("window", span(v.Number("window")), interval, maxIntervals)
	if err != nil {
		return nil, err
	}
	short, err := multiple("short", span(v.Number("short")), interval, maxIntervals)
	if err != nil {
		return nil, err
	}
	if short > long {
		return nil, &Fault{Param: "short", Message: "is longer than `window`"}
	}
	return burnAlert{Kind: "burn-rate", Label: v.Label, Interval: interval, Long: long, Short: short,
		Threshold: float64(v.Number("burn") * budget(v.Number("slo"))), Version: v.Choice("ratio") == ratioVersion, Before: v.Choice("before"),
		MinRequests: v.Number("min_requests"), Poisson: v.Choice("traffic") == trafficPoisson}, nil
}

// budget is what an objective leaves, as people write it: 1 - 0.9995 is a little less
// than 0.0005 in binary, which would let a burn at the very threshold ring.
func budget(slo float64) float64 { return math.Floor(float64((1-slo)*1e12)+0.5) / 1e12 }

// Monitor implements models.Detector.
func (d burnAlert) Monitor(seed uint64) models.Monitor {
	m := &burnMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.last = newStretch(seed)
	for _, b := range []*burnBook{&m.now, &m.next} {
		b.past = make([]counts, d.Long+1)
	}
	return m
}
