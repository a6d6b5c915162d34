package detector

import "github.com/rollrisk/rollrisk/models"

// Hazardous is a Detector whose alarm about a defect has a hazard that depends on the
// present share alone: PerHour + PerDose times the share. It has no false alarms.
type Hazardous interface {
	// Hazard is that of a defect; known is false where this detector, by what it was
	// asked for, has none. requests are those of the whole service in an hour.
	Hazard(s *models.Signal, requests float64) (perHour, perDose float64, known bool)
}

// Hazard implements Hazardous; an alarm at the second event or later has none.
func (d exposureClock) Hazard(s *models.Signal, requests float64) (perHour, perDose float64, known bool) {
	if d.Events != 1 {
		return 0, 0, false
	}
	if !d.Sees.of(s) {
		return 0, 0, true
	}
	return 0, d.rate(&models.Window{Requests: requests}, s), true
}

// Hazard implements Hazardous.
func (d wallClock) Hazard(s *models.Signal, _ float64) (perHour, perDose float64, known bool) {
	if !d.Sees.of(s) {
		return 0, 0, true
	}
	return d.Rate, 0, true
}
