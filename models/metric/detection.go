package metric

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

var timeToDetect = Metric{
	Name: "time_to_detect", Title: "time to detect", Unit: "hours", Better: Lower, Per: Defect, Form: Amount,
	Doc:      "From the first exposure of a user to the alarm, over the defects that showed to users; never when nobody noticed until the watch ended.",
	OfDefect: func(d *models.DefectOutcome) float64 { return d.Detect },
}

var neverDetected = Metric{
	Name: "never_detected", Title: "never detected", Unit: "share", Better: Lower, Per: Defect, Form: Event,
	Doc: "Share of the defects that showed to users which nobody noticed until the watch ended.",
	OfDefect: func(d *models.DefectOutcome) float64 {
		if math.IsNaN(d.Detect) {
			return math.NaN()
		}
		return is(math.IsInf(d.Detect, 1))
	},
}

var detectFromMerge = Metric{
	Name: "time_to_detect_from_merge", Title: "time to detect, from merge", Unit: "hours", Better: Lower, Per: Defect, Form: Amount,
	Doc: "From the arrival of the change to the catch before release or the alarm after it, over all defects but those that never showed.",
	OfDefect: func(d *models.DefectOutcome) float64 {
		if d.Stop == models.StopHarmless {
			return math.NaN()
		}
		return d.FromMerge
	},
}

var timeToRestore = Metric{
	Name: "time_to_restore", Title: "time to restore", Unit: "hours", Better: Lower, Per: Defect, Form: Amount,
	Doc:      "From when a defect first showed to users to the end of their exposure, over the defects that were noticed.",
	OfDefect: func(d *models.DefectOutcome) float64 { return d.Restore },
}

var caughtBefore = Metric{
	Name: "caught_before_release", Title: "caught before release", Unit: "share", Better: Higher, Per: Defect, Form: Event,
	Doc: "Share of all defects that never reached a user because an environment caught them.",
	OfDefect: func(d *models.DefectOutcome) float64 {
		if d.Stop == models.StopPending {
			return math.NaN() // nobody knows yet
		}
		return is(!d.Escaped)
	},
}

var escapes = Metric{
	Name: "escapes", Title: "escapes per period", Unit: "defects", Better: Lower, Per: Period, Form: Amount,
	Doc:      "Defects that reached a user, in one period.",
	OfPeriod: func(p *models.Period) float64 { return p.Escapes },
}
