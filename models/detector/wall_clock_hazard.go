package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var wallClockHazard = Kind{
	Name:  "wall-clock-hazard",
	Title: "hazard of the wall clock",
	Doc: "A defect is noticed at a constant rate per hour for as long as it shows to anybody, however few: nightly audits, " +
		"reports of partners, a colleague who tries. The hours in which it shows up to the alarm are exponential with mean 1/rate. " +
		"This is the channel that rewards small first rings.",
	Example: "kind: wall-clock-hazard\nrate: 0.02/h\nsees: all",
	Params:  wallClockHazardParams,
	New:     newWallClockHazard,
}

var wallClockHazardParams = []Param{
	{Name: "rate", Unit: Rate, Required: true, Min: 0, Max: 1e6,
		Doc: "Alarms per hour on the wall while the defect shows to at least one user."},
	seesParam(seesAll, seesVisible),
}

// wallClock rings when the hours for which a defect has shown reach its own
// exponential. Hours in which the release was withdrawn do not count.
type wallClock struct {
	Kind  string   `json:"kind"`
	Label string   `json:"label,omitempty"`
	Rate  float64  `json:"rate"` // per hour
	Sees  audience `json:"sees"`
}

type wallMonitor struct {
	d   wallClock
	key rng.Key
}

func newWallClockHazard(v Values) (models.Detector, error) {
	v, err := v.complete(wallClockHazardParams)
	if err != nil {
		return nil, err
	}
	return wallClock{Kind: "wall-clock-hazard", Label: v.Label, Rate: v.Number("rate"), Sees: audience(v.Choice("sees"))}, nil
}

// Monitor implements models.Detector.
func (d wallClock) Monitor(seed uint64) models.Monitor {
	return &wallMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
}

// Reset implements models.Monitor. There is nothing to forget.
func (m *wallMonitor) Reset() {}

// Observe implements models.Monitor. It takes about 40 ns for each defect.
func (m *wallMonitor) Observe(w *models.Window) models.Verdict {
	best := nothing
	best.At = w.End
	if !(m.d.Rate > 0 && w.Share > 0) {
		return best
	}
	for i := range w.Signals {
		s := &w.Signals[i]
		if s.From >= w.End || !m.d.Sees.of(s) {
			continue
		}
		u := m.key.Uniform(s.Entity, w.Luck.Replication, w.Luck.Coupling)
		left := -portable.Log(u)/m.d.Rate - s.Age
		if left >= hours(w.End-s.From) {
			continue
		}
		if at := s.From + max(0, time.Duration(left*float64(time.Hour))); at < best.At {
			best = models.Verdict{Finding: models.Fail, At: at, Signal: i}
		}
	}
	return best
}
