package detector

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var complaints = Kind{
	Name:  "complaints",
	Title: "complaints of users",
	Doc: "Users report a defect: each request that fails by it is reported with `report_probability`, so that reports come at " +
		"the rate of the defect's failing requests per hour times that probability. The alarm rings at report number `reports` " +
		"of one defect or, with `within`, when so many reports of it arrive within that time. Only defects that users complain " +
		"about at all are reported. Without `within` and `delay` the exposure up to the alarm is Erlang, for every ramp.",
	Example: "kind: complaints\nreport_probability: 0.1%\nreports: 5\nwithin: 1h\ndelay: 20m\ndelay_varies: fixed",
	Params:  complaintsParams,
	New:     newComplaints,
}

const (
	delayFixed       = "fixed"
	delayExponential = "exponential"
)

var complaintsParams = []Param{
	{Name: "report_probability", Unit: Share, Required: true, Min: 0, Max: 1,
		Doc: "Probability that one failing request makes its user report it, for a defect that is reported at all."},
	{Name: "reports", Unit: Count, Required: true, Min: 1, Max: maxCount,
		Doc: "Reports of one defect at which the alarm rings."},
	{Name: "within", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "assumption",
		Doc: "Time within which the reports must arrive; it slides. 0 means any time since the release began."},
	{Name: "delay", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "assumption",
		Doc: "Time from the failing request to the arrival of its report, or the mean of that time."},
	{Name: "delay_varies", Unit: Choice, Choices: []string{delayFixed, delayExponential}, Source: "assumption",
		Doc: "Whether every report takes `delay`, or each its own exponential time with that mean."},
}

func newComplaints(v Values) (models.Detector, error) {
	v, err := v.complete(complaintsParams)
	if err != nil {
		return nil, err
	}
	within, delay := span(v.Number("within")), span(v.Number("delay"))
	if delay == 0 && (within == 0 || v.Count("reports") == 1) {
		return exposureClock{Kind: "complaints", Label: v.Label, Events: v.Count("reports"),
			Rate: v.Number("report_probability"), By: byErrors, Sees: seesReported}, nil
	}
	d := reports{Kind: "complaints", Label: v.Label, Probability: v.Number("report_probability"),
		Reports: v.Count("reports"), Within: within, Delay: delay}
	if v.Choice("delay_varies") == delayExponential && delay > 0 {
		d.Delay, d.Arrival = 0, 1/hours(delay)
	}
	return d, nil
}

// reports is the description of complaints for which it matters when each
// report arrives.
type reports struct {
	Kind        string        `json:"kind"`
	Label       string        `json:"label,omitempty"`
	Probability float64       `json:"report_probability"`
	Reports     int           `json:"reports"` // >= 1
	Within      time.Duration `json:"within"`  // ns; 0 for no limit
	Delay       time.Duration `json:"delay"`   // ns; of every report
	Arrival     float64       `json:"arrival"` // per hour, of a report that is under way; 0 when none is
}

// Monitor implements models.Detector.
func (d reports) Monitor(seed uint64) models.Monitor {
	m := &reportMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.trial.arrived = make([]time.Duration, d.Reports-1)
	return m
}

// reportMonitor follows the reports of each defect of a release.
type reportMonitor struct {
	d     reports
	key   rng.Key
	logs  []reportLog // one for each defect that was reported
	trial reportLog   // memory for looking ahead
}

// never is later than every window.
const never = time.Duration(math.MaxInt64)

// Reset implements models.Monitor. The memory of the logs is kept.
func (m *reportMonitor) Reset() { m.logs = m.logs[:0] }

// Observe implements models.Monitor. It takes about 30 ns for each report up
// to the alarm or the end of the window. A window is looked at before it
// happens and may be cut short, so each log stays at the start of the window
// until the next one says how far it went.
func (m *reportMonitor) Observe(w *models.Window) models.Verdict {
	best := nothing
	best.At = w.End
	for i := range w.Signals {
		s := &w.Signals[i]
		full := float64(w.Requests * w.Share * s.Errors * m.d.Probability)
		if !s.Reported || !(full > 0) || s.From >= w.End {
			continue
		}
		l := m.log(w, s)
		m.settle(l, w.Start)
		l.from, l.end, l.full, l.clock = s.From, w.End, full, w.Clock
		if at := max(m.ahead(l), s.From); at < best.At {
			best = models.Verdict{Finding: models.Fail, At: at, Signal: i}
		}
	}
	return best
}

// log is the log of the reports of one defect. One that showed in an earlier
// release has other luck here: its first reports are not sent again.
func (m *reportMonitor) log(w *models.Window, s *models.Signal) *reportLog {
	for i := range m.logs {
		if m.logs[i].entity == s.Entity {
			return &m.logs[i]
		}
	}
	n := len(m.logs)
	m.logs = slices.Grow(m.logs, 1)[:n+1]
	l, luck := &m.logs[n], w.Luck.Coupling
	if l.arrived == nil {
		l.arrived = make([]time.Duration, m.d.Reports-1)
	}
	if s.Dose > 0 {
		luck += (w.Luck.Release + 1) << 1
	}
	*l = reportLog{entity: s.Entity, at: w.Start, end: w.Start, due: never, arrived: l.arrived,
		luck: m.key.Stream(s.Entity, w.Luck.Replication, luck)}
	return l
}

// settle brings a log to the start of a window: over the part of the last one
// that happened. Hours that were never handed over bring no reports.
func (m *reportMonitor) settle(l *reportLog, start time.Duration) {
	m.advance(l, min(start, l.end))
	l.at = max(l.at, start)
}

// ahead is when the alarm of a log rings, if nothing ends its window before.
func (m *reportMonitor) ahead(l *reportLog) time.Duration {
	t := &m.trial
	arrived := t.arrived
	*t = *l
	t.arrived = arrived
	copy(arrived, l.arrived)
	m.advance(t, l.end)
	return t.due
}
