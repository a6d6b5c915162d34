package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
)

var argoAnalysis = Kind{
	Name:  "argo-analysis",
	Title: "analysis run of Argo Rollouts",
	Doc: "One metric of an analysis of Argo Rollouts, as its controller does it: the failing share of the new version over the last " +
		"`window` is measured first after `initial_delay`, then every `interval`, `count` times or for ever. More than `threshold` is a " +
		"failed measurement; failures add up, and the alarm rings at number `failure_limit` + 1. Without requests the result is " +
		"not a number, which fails a `success` condition and passes a `failure` condition. An inline analysis begins anew in every " +
		"ring, a background one begins with the release.",
	Example: "kind: argo-analysis\ninitial_delay: 5m\ninterval: 5m\nwindow: 5m\ncount: 0\nthreshold: 1%\nfailure_limit: 3\n" +
		"condition: success\nanalysis: background\ntraffic: fixed",
	Params: argoParams,
	New:    newArgo,
}

const (
	conditionSuccess   = "success"
	conditionFailure   = "failure"
	analysisBackground = "background"
	analysisInline     = "inline"
)

var argoParams = []Param{
	intervalParam(),
	{Name: "initial_delay", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "Argo Rollouts v1.9: 0 when unset",
		Doc: "Time before the first measurement; with 0 it sees no request."},
	{Name: "window", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "assumption",
		Doc: "Length of time that the query looks back, a whole multiple of `interval`; 0 means `interval`."},
	{Name: "count", Unit: Count, Default: 0, Min: 0, Max: 1e6, Source: "Argo Rollouts v1.9: with an interval and no count it measures until the rollout ends",
		Doc: "Measurements in all; 0 is no end."},
	{Name: "threshold", Unit: Share, Required: true, Min: 0, Max: 1, Doc: "Failing share of requests above which a measurement fails."},
	{Name: "failure_limit", Unit: Count, Default: 0, Min: 0, Max: maxCount - 1, Source: "Argo Rollouts v1.9: failureLimit is 0 when unset",
		Doc: "Failed measurements that are allowed."},
	{Name: "condition", Unit: Choice, Choices: []string{conditionSuccess, conditionFailure}, Source: "assumption",
		Doc: "Whether `threshold` stands in the successCondition or in the failureCondition; it decides what no data is."},
	{Name: "analysis", Unit: Choice, Choices: []string{analysisBackground, analysisInline}, Source: "assumption",
		Doc: "Whether it runs beside the whole release or is a step of every ring."},
	trafficParam(),
}

func newArgo(v Values) (models.Detector, error) {
	v, err := v.complete(argoParams)
	if err != nil {
		return nil, err
	}
	if limit, count := v.Count("failure_limit"), v.Count("count"); count > 0 && limit >= count {
		return nil, &Fault{Param: "failure_limit", Message: "is not below `count`", Hint: "such an analysis can never fail"}
	}
	d := threshold{
		Kind: "argo-analysis", Label: v.Label, Interval: span(v.Number("interval")), Intervals: 1,
		Threshold: v.Number("threshold"), Failures: v.Count("failure_limit") + 1, MinRequests: 1, NoData: noDataFails,
		Poisson: v.Choice("traffic") == trafficPoisson, Checks: int64(v.Number("count")), Inline: v.Choice("analysis") == analysisInline,
		Delay: max(time.Nanosecond, span(v.Number("initial_delay"))),
	}
	if v.Choice("condition") == conditionFailure {
		d.NoData = noDataPasses
	}
	if window := span(v.Number("window")); window > 0 {
		intervals, err := multiple("window", window, d.Interval, maxCount)
		if err != nil {
			return nil, err
		}
		d.Intervals = int(intervals)
	}
	return d, nil
}
