package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var syntheticProbes = Kind{
	Name:  "synthetic-probes",
	Title: "scripted requests against production",
	Doc: "A script uses the service every `interval`, day and night, whatever the traffic; the alarm rings at `failures` failing runs in a " +
		"row. A run meets a defect only where the script covers it, which is drawn once for each defect with probability `covers`, and " +
		"where it is sent to the new version: at `random`, like a user, or always (`pinned`). It sees what telemetry does not " +
		"show, it needs no users, and its few requests see weak defects late. Baseline errors fail runs too.",
	Example: "kind: synthetic-probes\ninterval: 1m\ncovers: 40%\nrouting: random\nfailures: 3",
	Params:  probesParams,
	New:     newProbes,
}

const (
	routingRandom = "random"
	routingPinned = "pinned"
)

var probesParams = []Param{
	{Name: "interval", Unit: Duration, Required: true, Min: 1.0 / 3600, Max: maxHours, Doc: "Time between runs."},
	{Name: "covers", Unit: Share, Default: 0.4, Min: 0, Max: 1, Source: "assumption",
		Doc: "Probability that the script does what a defect breaks."},
	{Name: "routing", Unit: Choice, Choices: []string{routingRandom, routingPinned}, Source: "assumption",
		Doc: "Whether a run meets the new version like any request, with the share of its ring, or always."},
	{Name: "failures", Unit: Count, Default: 3, Min: 1, Max: maxCount, Source: "assumption", Doc: "Failing runs in a row at which the alarm rings."},
}

// probing is the description of synthetic probes.
type probing struct {
	Kind     string        `json:"kind"`
	Label    string        `json:"label,omitempty"`
	Interval time.Duration `json:"interval"` // ns
	Covers   float64       `json:"covers"`   // probability, 0..1
	Pinned   bool          `json:"pinned"`
	Failures int           `json:"failures"` // in a row
}

func newProbes(v Values) (models.Detector, error) {
	v, err := v.complete(probesParams)
	if err != nil {
		return nil, err
	}
	return probing{Kind: "synthetic-probes", Label: v.Label, Interval: span(v.Number("interval")), Covers: v.Number("covers"),
		Pinned: v.Choice("routing") == routingPinned, Failures: v.Count("failures")}, nil
}

// Monitor implements models.Detector.
func (d probing) Monitor(seed uint64) models.Monitor {
	runs := threshold{Kind: d.Kind, Label: d.Label, Interval: d.Interval, Intervals: 1, Failures: d.Failures, Consecutive: true,
		MinRequests: 1, NoData: noDataPasses}
	m := &probeMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label)+"/covers"), runs: runs.Monitor(seed)}
	m.seen.Signals = make([]models.Signal, 0, models.MaxDefects)
	m.seen.Clock = models.NewClock(&models.Shape{})
	return m
}

// probeMonitor turns what users meet into what the script meets: one request in
// each interval, whatever the traffic. A failing run is a failing check of that
// one request.
type probeMonitor struct {
	d    probing
	key  rng.Key
	runs models.Monitor
	seen models.Window
}

// Reset implements models.Monitor.
func (m *probeMonitor) Reset() { m.runs.Reset() }

// Observe implements models.Monitor.
func (m *probeMonitor) Observe(w *models.Window) models.Verdict {
	s := &m.seen
	clock, signals := s.Clock, s.Signals[:0]
	*s = *w
	s.Clock, s.Share, s.Requests = clock, 1, 1/hours(m.d.Interval)
	meets := w.Share
	if m.d.Pinned && w.Share > 0 {
		meets = 1
	}
	for i := range w.Signals {
		g := w.Signals[i]
		g.Visible = m.key.Uniform(g.Entity, w.Luck.Replication, 0) < m.d.Covers
		// A script is one user: where it covers the defect, it can meet it.
		g.Errors = float64(meets * g.Strength)
		signals = append(signals, g)
	}
	s.Signals = signals
	return m.runs.Observe(s)
}
