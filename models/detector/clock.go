package detector

import (
	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// audience says which defects a detector can notice.
type audience string

const (
	seesVisible  audience = "visible"  // those that telemetry shows
	seesAll      audience = "all"      // every defect that shows to users
	seesReported audience = "reported" // those that users complain about
)

func (a audience) of(s *models.Signal) bool {
	switch a {
	case seesVisible:
		return s.Visible
	case seesReported:
		return s.Reported
	}
	return true
}

// scale says what makes the events of a clock more frequent.
type scale string

const (
	byNothing scale = "nothing" // the same for every defect
	byReach   scale = "reach"   // the share of users who can meet the defect
	byErrors  scale = "errors"  // the defect's failing requests per hour
)

// exposureClock rings at the k-th event of a Poisson process whose rate is
// proportional to exposure. By the time change of a Poisson process (Kingman,
// Poisson Processes, 1993, section 2.3) the exposure at the k-th event is
// Erlang(k) over the rate at full exposure, whatever the ramp: that is the
// exposure-clock theorem. So nothing has to be remembered: the k-th event of a
// defect is one number for each replication, and a window only asks whether
// the defect's dose reaches it.
type exposureClock struct {
	Kind   string   `json:"kind"`
	Label  string   `json:"label,omitempty"`
	Events int      `json:"events"` // k; >= 1
	Rate   float64  `json:"rate"`   // events per hour at full exposure; by errors: per failing request
	By     scale    `json:"by"`
	Sees   audience `json:"sees"`
}

type exposureMonitor struct {
	d   exposureClock
	key rng.Key
}

// Monitor implements models.Detector.
func (d exposureClock) Monitor(seed uint64) models.Monitor {
	return &exposureMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
}

// Reset implements models.Monitor. There is nothing to forget.
func (m *exposureMonitor) Reset() {}

// Observe implements models.Monitor. It takes about 50 ns for each defect.
func (m *exposureMonitor) Observe(w *models.Window) models.Verdict {
	best := nothing
	best.At = w.End
	for i := range w.Signals {
		s := &w.Signals[i]
		if s.From >= w.End || !m.d.Sees.of(s) {
			continue
		}
		rate := m.d.rate(w, s)
		if !(rate > 0 && w.Share > 0) {
			continue
		}
		luck := m.key.Stream(s.Entity, w.Luck.Replication, w.Luck.Coupling)
		left := erlang(&luck, m.d.Events)/rate - s.Dose
		if at := w.Clock.After(s.From, left/w.Share); at < best.At {
			best = models.Verdict{Finding: models.Fail, At: at, Signal: i}
		}
	}
	return best
}

// rate is the events per hour at full exposure of one defect.
func (d *exposureClock) rate(w *models.Window, s *models.Signal) float64 {
	switch d.By {
	case byReach:
		return float64(d.Rate * s.Reach)
	case byErrors:
		return float64(d.Rate * w.Requests * s.Errors)
	}
	return d.Rate
}

// erlang is the sum of the next k unit exponentials of a stream; k >= 1. The
// logarithm of a product replaces a sum of logarithms; sixteen factors of at
// least 2^-53 stay far from the smallest float64. It grows with k at the same
// luck, so that a later event is never an earlier one.
func erlang(luck *rng.Stream, k int) float64 {
	sum, product := 0.0, 1.0
	for i := range k {
		product = float64(product * luck.Uniform())
		if i%16 == 15 {
			sum -= portable.Log(product)
			product = 1
		}
	}
	return sum - portable.Log(product)
}
