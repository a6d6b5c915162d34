package detector

import (
	"fmt"
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var thresholdWindow = Kind{
	Name:  "threshold-window",
	Title: "error ratio against a threshold",
	Doc: "Every `interval` the failing share of the requests that met the new version in the last `window` is compared with " +
		"`threshold`; strictly above is a failing check, and the alarm rings at failing check number `failures`. Baseline errors " +
		"count as well as those of the defects that telemetry shows, so that false alarms come from the same mechanism. Checks " +
		"start with the release and go on through its rings, on one grid; a check that falls on the end of a ring is made " +
		"before the release moves on. After an alarm the count begins anew.",
	Example: "kind: threshold-window\ninterval: 5m\nwindow: 5m\nthreshold: 2%\nfailures: 4\ncount: cumulative\n" +
		"min_requests: 1\nno_data: pass\ntraffic: fixed",
	Params: thresholdWindowParams,
	New:    newThresholdWindow,
}

// The words of the choices.
const (
	countCumulative  = "cumulative"
	countConsecutive = "consecutive"
	noDataPasses     = "pass"
	noDataFails      = "fail"
	noDataSkips      = "skip"
	trafficFixed     = "fixed"
	trafficPoisson   = "poisson"
)

var thresholdWindowParams = []Param{
	{Name: "interval", Unit: Duration, Required: true, Min: 1.0 / 3600, Max: maxHours,
		Doc: "Time between checks."},
	{Name: "window", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "assumption",
		Doc: "Length of time a check looks back, a whole multiple of `interval`; 0 means `interval`. Longer windows overlap, so that " +
			"one burst of errors fails several checks; they are drawn interval by interval, which is slower."},
	{Name: "threshold", Unit: Share, Required: true, Min: 0, Max: 1,
		Doc: "Failing share of requests above which a check fails."},
	{Name: "failures", Unit: Count, Default: 1, Min: 1, Max: maxCount,
		Source: "Argo Rollouts v1.9: failureLimit is 0 when unset, and the run fails at failure number limit + 1; Flagger: threshold is 1 when unset",
		Doc:    "Failing checks at which the alarm rings."},
	{Name: "count", Unit: Choice, Choices: []string{countCumulative, countConsecutive},
		Source: "Argo Rollouts v1.9 (failureLimit) and Flagger (failedChecks) never count down",
		Doc:    "Whether failing checks add up for the whole release, or a passing check sets the count back."},
	{Name: "min_requests", Unit: Count, Default: 1, Min: 1, Max: 100000, Source: "assumption",
		Doc: "Requests that a check needs to be one; with fewer it has no data."},
	{Name: "no_data", Unit: Choice, Choices: []string{noDataPasses, noDataFails, noDataSkips},
		Source: "Argo Rollouts v1.9: a failureCondition on no value is Successful; Flagger: no values fail the check",
		Doc:    "What a check without data is: a passing one, a failing one, or none at all."},
	{Name: "traffic", Unit: Choice, Choices: []string{trafficFixed, trafficPoisson}, Source: "assumption",
		Doc: "Whether the requests of a check are their expected number, rounded, or Poisson around it."},
}

// threshold is the description of a threshold window.
type threshold struct {
	Kind        string        `json:"kind"`
	Label       string        `json:"label,omitempty"`
	Interval    time.Duration `json:"interval"`  // ns; > 0
	Intervals   int           `json:"intervals"` // length of the window in intervals; >= 1
	Threshold   float64       `json:"threshold"` // share, 0..1
	Failures    int           `json:"failures"`  // >= 1
	Consecutive bool          `json:"consecutive"`
	MinRequests float64       `json:"min_requests"` // >= 1
	NoData      string        `json:"no_data"`
	Poisson     bool          `json:"poisson"`
	Delay       time.Duration `json:"delay,omitempty"`  // of the first check, ns; 0: one interval
	Checks      int64         `json:"checks,omitempty"` // after which it ends; 0: never
	Inline      bool          `json:"inline,omitempty"` // it begins anew in every ring
}

func newThresholdWindow(v Values) (models.Detector, error) {
	v, err := v.complete(thresholdWindowParams)
	if err != nil {
		return nil, err
	}
	d := threshold{
		Kind: "threshold-window", Label: v.Label, Interval: span(v.Number("interval")), Intervals: 1,
		Threshold: v.Number("threshold"), Failures: v.Count("failures"), Consecutive: v.Choice("count") == countConsecutive,
		MinRequests: v.Number("min_requests"), NoData: v.Choice("no_data"), Poisson: v.Choice("traffic") == trafficPoisson,
	}
	window := span(v.Number("window"))
	if window == 0 {
		return d, nil
	}
	intervals, err := multiple("window", window, d.Interval, maxCount)
	if err != nil {
		return nil, err
	}
	d.Intervals = int(intervals)
	return d, nil
}

// multiple is how many intervals make a window; at most the given number.
func multiple(param string, window, interval time.Duration, most int64) (int64, error) {
	if n := int64(window / interval); window%interval == 0 && n <= most {
		return n, nil
	}
	n := math.Max(1, math.Min(float64(most), math.Floor(float64(window)/float64(interval)+0.5)))
	return 0, &Fault{Param: param, Message: fmt.Sprintf("is %v; it is 1 to %d times the interval of %v", window, most, interval),
		Hint: fmt.Sprintf("%v would do", time.Duration(n)*interval)}
}

// Gauge implements models.Gauged.
func (d threshold) Gauge() (interval time.Duration, allows, least float64) {
	return time.Duration(d.Intervals) * d.Interval, d.Threshold, d.MinRequests
}

// Monitor implements models.Detector.
func (d threshold) Monitor(seed uint64) models.Monitor {
	m := &thresholdMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.last = newStretch(seed)
	if d.Intervals > 1 {
		for _, t := range []*tally{&m.now, &m.next} {
			t.past = make([]counts, d.Intervals)
		}
	}
	return m
}
