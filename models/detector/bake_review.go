package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var bakeReview = Kind{
	Name:  "bake-review",
	Title: "a person looks at the release",
	Doc: "In working hours, Monday to Friday from `begins` to `ends`, somebody looks at the release every `interval`, first one " +
		"interval after the start of the day. Each look notices a defect that shows with probability `notices`. What begins on " +
		"Friday evening is seen on Monday. Nothing rings falsely.",
	Example: "kind: bake-review\ninterval: 2h\nnotices: 30%\nbegins: 9h\nends: 17h\nsees: visible",
	Params:  bakeReviewParams,
	New:     newBakeReview,
}

var bakeReviewParams = []Param{
	{Name: "interval", Unit: Duration, Default: 4, Min: 1.0 / 60, Max: 24, Source: "assumption", Doc: "Working time between looks."},
	{Name: "notices", Unit: Share, Default: 0.3, Min: 0, Max: 1, Source: "assumption", Doc: "Probability that one look notices one defect that shows."},
	{Name: "begins", Unit: Duration, Default: 9, Min: 0, Max: 24, Source: "assumption", Doc: "Start of the working day, hours after midnight."},
	{Name: "ends", Unit: Duration, Default: 17, Min: 0, Max: 24, Source: "assumption", Doc: "End of the working day."},
	seesParam(seesVisible, seesAll),
}

// review is the description of a bake review.
type review struct {
	Kind     string        `json:"kind"`
	Label    string        `json:"label,omitempty"`
	Interval time.Duration `json:"interval"` // ns, of working time
	Notices  float64       `json:"notices"`  // probability
	Begins   time.Duration `json:"begins"`   // after midnight
	Ends     time.Duration `json:"ends"`
	Sees     audience      `json:"sees"`
}

func newBakeReview(v Values) (models.Detector, error) {
	v, err := v.complete(bakeReviewParams)
	if err != nil {
		return nil, err
	}
	d := review{Kind: "bake-review", Label: v.Label, Interval: span(v.Number("interval")), Notices: v.Number("notices"),
		Begins: span(v.Number("begins")), Ends: span(v.Number("ends")), Sees: audience(v.Choice("sees"))}
	if d.Ends < d.Begins+d.Interval {
		return nil, &Fault{Param: "ends", Message: "leaves no time for a look after `begins`", Hint: "a day needs at least one `interval`"}
	}
	return d, nil
}

// Monitor implements models.Detector.
func (d review) Monitor(seed uint64) models.Monitor {
	return &reviewMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
}

// reviewMonitor needs no memory: looks stand on a fixed grid of the week, and
// each has its own place in the stream of chance.
type reviewMonitor struct {
	d   review
	key rng.Key
}

// Reset implements models.Monitor. There is nothing to forget.
func (m *reviewMonitor) Reset() {}

// Observe implements models.Monitor. It takes some 30 ns for each look.
func (m *reviewMonitor) Observe(w *models.Window) models.Verdict {
	best := nothing
	best.At = w.End
	for i := range w.Signals {
		s := &w.Signals[i]
		if s.From >= w.End || w.Share == 0 || m.d.Notices == 0 || !m.d.Sees.of(s) {
			continue
		}
		for at := m.d.next(s.From); at < best.At; at = m.d.next(at + 1) {
			luck := w.Luck.Coupling + uint64(at/m.d.Interval+1)<<1
			if m.key.Uniform(s.Entity, w.Luck.Replication, luck) < m.d.Notices {
				best = models.Verdict{Finding: models.Fail, At: at, Signal: i}
			}
		}
	}
	return best
}

// next is the first look at t or later.
func (d *review) next(t time.Duration) time.Duration {
	const day = 24 * time.Hour
	today := t / day
	if today%7 < 5 {
		k := max(1, (t-today*day-d.Begins+d.Interval-1)/d.Interval)
		if at := d.Begins + k*d.Interval; at <= d.Ends {
			return today*day + at
		}
	}
	for today++; today%7 >= 5; today++ {
	}
	return today*day + d.Begins + d.Interval
}
