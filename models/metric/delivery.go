package metric

import (
	"github.com/rollrisk/rollrisk/models"
)

const hoursPerWeek = 7 * 24

var leadTime = Metric{
	Name: "lead_time", Title: "lead time", Unit: "hours", Better: Lower, Per: Change, Form: Amount,
	Doc:      "From the arrival of a change to the full exposure of the release that delivered it for good.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.LeadTime },
}

var deploymentFrequency = Metric{
	Name: "deployment_frequency", Title: "releases per week", Unit: "per_week", Better: Higher, Per: Period, Form: Ratio,
	Doc:     "Releases that reached users, per week.",
	OfRatio: func(p *models.Period) (float64, float64) { return p.Releases, p.Hours / hoursPerWeek },
}

var changeFailureRate = Metric{
	Name: "change_failure_rate", Title: "change failure rate", Unit: "share", Better: Lower, Per: Change, Form: Event,
	Doc:      "Share of changes for which an alarm rang in production for a defect of their own, and that had to be taken back or repaired.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return is(o.Detected > 0) },
}

var falseAlarms = Metric{
	Name: "stopped_by_false_alarm", Title: "stopped by a false alarm", Unit: "share", Better: Lower, Per: Change, Form: Event,
	Doc:      "Share of changes whose release was stopped at least once by an alarm without a defect.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return is(o.FalseAlarms > 0) },
}

var heldUp = Metric{
	Name: "held_up_by_others", Title: "held up by others", Unit: "share", Better: Lower, Per: Change, Form: Event,
	Doc:      "Share of changes that were taken back at least once for a defect of another change in their release.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return is(o.Innocent > 0) },
}

var falseConfidence = Metric{
	Name: "false_confidence", Title: "release passed staging, still hurt users", Unit: "share", Better: Lower, Per: Period, Form: Ratio,
	Doc:     "Of the releases that passed the last environment, the share that went on to make requests of users fail. No value where nothing passed or there is no environment.",
	OfRatio: func(p *models.Period) (float64, float64) { return p.PassedHurting, p.Passed },
}

var falseConfidenceChange = Metric{
	Name: "false_confidence_change", Title: "change passed staging, still hurt users", Unit: "share", Better: Lower, Per: Period, Form: Ratio,
	Doc:     "Of the changes that passed the last environment, the share that went on to make requests of users fail: unlike the share of releases, it does not grow with the number of changes in a release.",
	OfRatio: func(p *models.Period) (float64, float64) { return p.PassedChangesHurting, p.PassedChanges },
}

var stagingBusy = Metric{
	Name: "staging_busy", Title: "staging utilisation", Unit: "share", Better: Neither, Per: Period, Form: Amount,
	Doc:      "Busy share of the slots of the last environment.",
	OfPeriod: func(p *models.Period) float64 { return p.Busy },
}

var stagingQueue = Metric{
	Name: "staging_queue", Title: "waiting for staging", Unit: "releases", Better: Lower, Per: Period, Form: Amount,
	Doc:      "Mean number of releases that wait for a slot of the last environment. No value without an environment.",
	OfPeriod: func(p *models.Period) float64 { return p.Queue },
}
