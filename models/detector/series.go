package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// look is what one interval brought: the requests that met the new version and,
// beside them, those that met the old one.
type look struct {
	canary, rest counts
	share        float64 // of traffic that met the new version at the end of the interval
}

// memory is what a test remembers from look to look.
type memory [4]float64

// test decides on looks that come one by one.
type test interface {
	// start is the memory of a test that has seen nothing.
	start() memory
	// take adds look number check (0, 1, ...) of the release and decides.
	take(m *memory, check int64, l *look) decision
	// arms says whether the test needs what the old version did as well.
	arms() bool
}

// decision is what a test makes of a look.
type decision uint8

const (
	goesOn decision = iota
	rings           // the alarm
	ends            // without an alarm: nothing more is looked at in this release
	holds           // goes on, and the release stays in its ring for one more interval
)

// series is a detector that draws the counts of every interval and hands them
// to a test.
type series struct {
	Kind     string        `json:"kind"`
	Label    string        `json:"label,omitempty"`
	Interval time.Duration `json:"interval"` // ns; > 0
	Poisson  bool          `json:"poisson"`  // requests of an interval vary
	Warm     int64         `json:"warm"`     // intervals of the old version that the test has seen before the release
	Test     test          `json:"test"`
}

// Gauge implements models.Gauged, for the tests that compare a share with a bound.
func (d series) Gauge() (interval time.Duration, allows, least float64) {
	if f, ok := d.Test.(flaggerTest); ok {
		return d.Interval, f.Most, 1
	}
	return 0, 0, 0
}

// Monitor implements models.Detector.
func (d series) Monitor(seed uint64) models.Monitor {
	m := &seriesMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label)), arms: d.Test.arms()}
	m.last = newStretch(seed)
	return m
}

// seriesMonitor watches one release interval by interval. Every interval of a
// release has its own place in the stream of chance, so counting it again
// after a window was cut brings the same.
type seriesMonitor struct {
	foresight[seriesBook, *seriesBook]
	d    series
	key  rng.Key
	luck models.Luck // of the release
	arms bool
	seen look // by the test at present
}

type seriesBook struct {
	interval   time.Duration
	origin, at time.Duration
	check      int64   // intervals over
	open, rest account // of the interval that is not over: new version, old one
	memory     memory
	ended      bool
	held       int64 // looks that held the release in its ring
}

func (b *seriesBook) begin(w *models.Window) {
	*b = seriesBook{interval: b.interval, origin: w.Start, at: w.Start, memory: b.memory}
}
func (b *seriesBook) take(from *seriesBook) { *b = *from }

func (b *seriesBook) skipTo(start time.Duration) {
	if b.at < start {
		b.open, b.rest = account{}, account{}
		b.at, b.check = start, int64((start-b.origin)/b.interval)
	}
}

// Reset implements models.Monitor.
func (m *seriesMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. It takes a fraction of a microsecond for
// each interval.
func (m *seriesMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.luck = w.Luck
		m.now.interval, m.now.memory = m.d.Interval, m.d.Test.start()
	}
	v := m.observe(m, w)
	if v.Finding == models.Continue {
		v.Hold = time.Duration(m.next.held-m.now.held) * m.d.Interval
	}
	return v
}

// count goes through the intervals of the last window up to until. An alarm
// rings in the last nanosecond of its interval.
func (m *seriesMonitor) count(b *seriesBook, until time.Duration) (time.Duration, bool) {
	for b.at < until {
		if b.ended {
			b.at = until
			break
		}
		perHour, p, end := m.last.part(b.at, until)
		due := b.origin + time.Duration(b.check+1)*m.d.Interval
		stop := min(end, due)
		b.open.add(perHour, p, stop-b.at)
		if m.arms {
			besides, share := m.last.others(b.at)
			b.rest.add(besides, share, stop-b.at)
		}
		b.at = stop
		if stop == due && m.looks(b) {
			return b.at - 1, true
		}
	}
	return 0, false
}

// looks draws the interval that is over and hands it to the test.
func (m *seriesMonitor) looks(b *seriesBook) (alarm bool) {
	if b.check == 0 && m.d.Warm > 0 {
		m.warm(b)
	}
	u := m.key.Uniforms(m.luck.Release, m.luck.Replication, m.luck.Coupling+uint64(b.check+1)<<1)
	m.seen = look{canary: m.d.draw(u[0], u[1], &b.open), share: m.last.share()}
	if m.arms {
		m.seen.rest = m.d.draw(u[2], u[3], &b.rest)
	}
	b.open, b.rest = b.open.next(), b.rest.next()
	d := m.d.Test.take(&b.memory, b.check, &m.seen)
	b.check++
	switch d {
	case rings:
		b.memory = m.d.Test.start()
	case ends:
		b.ended = true
	case holds:
		b.held++
	}
	return d == rings
}

// warm lets the test watch the old version before the release, with as many requests
// in an interval as the first one of the release has, so that it does not begin from
// nothing. Alarms of that time are over.
func (m *seriesMonitor) warm(b *seriesBook) {
	before := b.open
	before.requests, before.errors = before.sum()
	before.span, before.p = 0, 0
	p, _ := m.last.baseline(b.origin)
	before.errors = float64(before.requests * p)
	for i := -m.d.Warm; i < 0; i++ {
		u := m.key.Uniforms(m.luck.Release, m.luck.Replication, m.luck.Coupling+uint64(i+1)<<1)
		m.seen = look{canary: m.d.draw(u[0], u[1], &before), share: m.last.share()}
		if m.d.Test.take(&b.memory, i, &m.seen) == rings {
			b.memory = m.d.Test.start()
		}
	}
}

// startParam says whether a chart begins with the release.
func startParam() Param {
	return Param{Name: "start", Unit: Choice, Choices: []string{startZero, startSteady}, Source: "assumption: a new version has a series of its own",
		Doc: "Whether the chart begins with the release (`zero`), or has been running on the old version for long without an alarm (`steady`)."}
}

// The words of startParam, and for how many intervals a steady chart has been running:
// long for any that rings soon after a change.
const (
	startZero     = "zero"
	startSteady   = "steady"
	steadyRunning = 500
)

// draw turns two uniforms into the counts of an interval: errors, and with
// Poisson traffic good requests, which are independent of them (Kingman, Poisson
// Processes, 1993, section 1.2).
func (d *series) draw(u, v float64, a *account) counts {
	mean, p := a.total()
	if d.Poisson {
		errors := float64(dist.PoissonQuantile(u, float64(mean*p)))
		return counts{errors: errors, requests: errors + float64(dist.PoissonQuantile(v, float64(mean*(1-p))))}
	}
	n := math.Floor(mean + a.carry + 0.5)
	a.carry += mean - n // so that few requests a day are not none for ever
	return counts{errors: float64(dist.BinomialQuantile(u, int64(n), p)), requests: n}
}

// intervalParam and trafficParam are what every series needs.
func intervalParam() Param {
	return Param{Name: "interval", Unit: Duration, Required: true, Min: 1.0 / 3600, Max: maxHours,
		Doc: "Time between looks; each look adds the requests of one interval."}
}

func trafficParam() Param {
	return Param{Name: "traffic", Unit: Choice, Choices: []string{trafficFixed, trafficPoisson}, Source: "assumption",
		Doc: "Whether the requests of an interval are their expected number, in whole requests, or Poisson around it."}
}

// newSeries puts a test into a series of the parameters that all series share.
func newSeries(kind string, v Values, t test) series {
	d := series{Kind: kind, Label: v.Label, Interval: span(v.Number("interval")), Poisson: v.Choice("traffic") == trafficPoisson, Test: t}
	if v.Choice("start") == startSteady {
		d.Warm = steadyRunning
	}
	return d
}
