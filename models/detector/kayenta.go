package detector

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var kayenta = Kind{
	Name:  "kayenta",
	Title: "Kayenta's judge",
	Doc: "The judge of Kayenta on the error rate: one point a `step` for the new version and one for as large a part of the old one. Every " +
		"`interval` the points since the release began, or of the last `lookback`, are compared by the Mann-Whitney test: the metric " +
		"is High when the lower limit of the confidence interval for the shift is above `tolerance` of the estimate. The alarm rings at " +
		"High number `failures`. It counts points, not requests: a hundred requests a minute and a million weigh the same. Where nobody " +
		"meets the old version, or with fewer than `min_points`, there is no verdict.",
	Example: "kind: kayenta\nstep: 1m\ninterval: 1h\nlookback: 0m\nconfidence: 98%\ntolerance: 25%\nmin_points: 50\nfailures: 1\ntraffic: fixed",
	Params:  kayentaParams,
	New:     newKayenta,
}

// maxPoints bounds the memory of a judge and the cost of a judgement.
const maxPoints = 1440

var kayentaParams = []Param{
	{Name: "step", Unit: Duration, Default: 1.0 / 60, Min: 1.0 / 60, Max: 24, Source: "Kayenta: step is 60 seconds in its stage", Doc: "Length of time of a point."},
	{Name: "interval", Unit: Duration, Required: true, Min: 1.0 / 60, Max: maxHours, Doc: "Time between judgements, a whole multiple of `step`."},
	{Name: "lookback", Unit: Duration, Default: 0, Min: 0, Max: maxHours, Source: "Kayenta: growing when lookbackMins is unset",
		Doc: "Length of time that a judgement looks back, a whole multiple of `step`; 0 is all since the release began, 1440 points at most."},
	{Name: "confidence", Unit: Share, Default: 0.98, Min: 0.5, Max: 0.9999, Source: "Kayenta, judge: 98 % is fixed", Doc: "Level of the confidence interval."},
	{Name: "tolerance", Unit: Share, Default: 0.25, Min: 0, Max: 1, Source: "Kayenta, judge: 0.25 is fixed", Doc: "Share of the estimate that the lower limit must be above."},
	{Name: "min_points", Unit: Count, Default: 50, Min: 3, Max: maxPoints, Source: "Kayenta, documentation: 50 points for each metric",
		Doc: "Points of each side that a judgement needs."},
	{Name: "failures", Unit: Count, Default: 1, Min: 1, Max: maxCount, Source: "assumption", Doc: "High judgements at which the alarm rings."},
	trafficParam(),
}

// judge is the description of a Kayenta judge.
type judge struct {
	Kind      string        `json:"kind"`
	Label     string        `json:"label,omitempty"`
	Step      time.Duration `json:"step"`     // ns
	Every     int64         `json:"every"`    // points between judgements
	Lookback  int           `json:"lookback"` // points
	Normal    float64       `json:"normal"`   // quantile of the confidence level
	Tolerance float64       `json:"tolerance"`
	MinPoints int           `json:"min_points"`
	Failures  int           `json:"failures"`
	Poisson   bool          `json:"poisson"`
}

func newKayenta(v Values) (models.Detector, error) {
	v, err := v.complete(kayentaParams)
	if err != nil {
		return nil, err
	}
	step := span(v.Number("step"))
	every, err := multiple("interval", span(v.Number("interval")), step, 1e6)
	if err != nil {
		return nil, err
	}
	lookback := int64(maxPoints)
	if back := span(v.Number("lookback")); back > 0 {
		if lookback, err = multiple("lookback", back, step, maxPoints); err != nil {
			return nil, err
		}
	}
	return judge{Kind: "kayenta", Label: v.Label, Step: step, Every: every, Lookback: int(lookback),
		Normal: portable.NormalQuantile((1 + v.Number("confidence")) / 2), Tolerance: v.Number("tolerance"), MinPoints: v.Count("min_points"),
		Failures: v.Count("failures"), Poisson: v.Choice("traffic") == trafficPoisson}, nil
}

// Monitor implements models.Detector.
func (d judge) Monitor(seed uint64) models.Monitor {
	m := &judgeMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.last = newStretch(seed)
	for _, b := range []*judgeBook{&m.now, &m.next} {
		b.canary, b.control = make([]float64, 0, 2*d.Lookback), make([]float64, 0, 2*d.Lookback)
	}
	m.x, m.y = make([]float64, 0, d.Lookback), make([]float64, 0, d.Lookback)
	return m
}

// judgeMonitor watches one release point by point.
type judgeMonitor struct {
	foresight[judgeBook, *judgeBook]
	d    judge
	key  rng.Key
	luck models.Luck
	x, y []float64 // room to sort in
}

type judgeBook struct {
	step            time.Duration
	most            int // points that a judgement looks back
	origin, at      time.Duration
	point           int64   // points over
	open, rest      account // of the point that is not over
	failures        int
	canary, control []float64 // error rates of the last points, one list a side; NaN where nobody came
}

func (b *judgeBook) begin(w *models.Window) {
	*b = judgeBook{step: b.step, most: b.most, origin: w.Start, at: w.Start, canary: b.canary[:0], control: b.control[:0]}
}

func (b *judgeBook) take(from *judgeBook) {
	canary, control := append(b.canary[:0], from.canary...), append(b.control[:0], from.control...)
	*b = *from
	b.canary, b.control = canary, control
}

func (b *judgeBook) skipTo(start time.Duration) {
	if b.at < start {
		b.open, b.rest = account{}, account{}
		passed := int64((start - b.origin) / b.step)
		for range min(passed-b.point, int64(b.most)) {
			b.canary, b.control = keep(b.canary, math.NaN(), b.most), keep(b.control, math.NaN(), b.most)
		}
		b.at, b.point = start, passed
	}
}

// Reset implements models.Monitor.
func (m *judgeMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. It takes a fraction of a microsecond for
// each point, and some ten for each judgement.
func (m *judgeMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.luck, m.now.step, m.now.most = w.Luck, m.d.Step, m.d.Lookback
	}
	return m.observe(m, w)
}

// count goes through the points of the last window up to until.
func (m *judgeMonitor) count(b *judgeBook, until time.Duration) (time.Duration, bool) {
	for b.at < until {
		perHour, p, end := m.last.part(b.at, until)
		due := b.origin + time.Duration(b.point+1)*m.d.Step
		stop := min(end, due)
		b.open.add(perHour, p, stop-b.at)
		// The control is as large a part of the old version as the canary, or all of it.
		besides, share := m.last.others(b.at)
		b.rest.add(math.Min(perHour, besides), share, stop-b.at)
		b.at = stop
		if stop == due && m.ends(b) {
			return b.at - 1, true
		}
	}
	return 0, false
}

// ends closes a point and judges when it is time.
func (m *judgeMonitor) ends(b *judgeBook) (rings bool) {
	u := m.key.Uniforms(m.luck.Release, m.luck.Replication, m.luck.Coupling+uint64(b.point+1)<<1)
	d := series{Poisson: m.d.Poisson}
	b.canary = keep(b.canary, rateOf(d.draw(u[0], u[1], &b.open)), b.most)
	b.control = keep(b.control, rateOf(d.draw(u[2], u[3], &b.rest)), b.most)
	b.open, b.rest = b.open.next(), b.rest.next()
	b.point++
	if b.point%m.d.Every != 0 {
		return false
	}
	m.x, m.y = recent(m.x[:0], b.canary, b.most), recent(m.y[:0], b.control, b.most)
	if min(len(m.x), len(m.y)) < m.d.MinPoints || !m.d.high(m.x, m.y) {
		return false
	}
	b.failures++
	if b.failures < m.d.Failures {
		return false
	}
	b.failures = 0
	return true
}

// rateOf is the error rate of a point, NaN where nobody came.
func rateOf(c counts) float64 {
	if c.requests == 0 {
		return math.NaN()
	}
	return c.errors / c.requests
}

// keep appends a point and forgets what is too old whenever the list is full.
// A point without requests keeps its place, so that a lookback is one of time.
func keep(list []float64, rate float64, most int) []float64 {
	if len(list) == cap(list) {
		list = append(list[:0], list[len(list)-most:]...)
	}
	return append(list, rate)
}

// recent appends those of the last points that have requests.
func recent(to, list []float64, most int) []float64 {
	for _, rate := range list[max(0, len(list)-most):] {
		if !math.IsNaN(rate) {
			to = append(to, rate)
		}
	}
	return to
}

// high is the judgement on two samples, which it sorts: is the lower limit of
// the shift from y to x above the tolerated share of the estimate? Limits are
// order statistics of all differences (Hollander and Wolfe, Nonparametric
// Statistical Methods, 1999, section 4.3), at the ranks of the normal
// approximation.
func (d *judge) high(x, y []float64) bool {
	slices.Sort(x)
	slices.Sort(y)
	m, n := float64(len(x)), float64(len(y))
	half := float64(float64(m*n) / 2)
	spread := float64(d.Normal * math.Sqrt(float64(m*n*(m+n+1))/12))
	lower := difference(x, y, math.Max(0, math.Floor(half-spread)))
	estimate := float64((difference(x, y, math.Floor(float64((float64(m*n)-1)/2))) + difference(x, y, math.Floor(half))) / 2)
	return lower > float64(d.Tolerance*math.Abs(estimate))
}

// difference is the one of all x - y, both sorted, that has so many below it.
func difference(x, y []float64, rank float64) float64 {
	low, high := x[0]-y[len(y)-1], x[len(x)-1]-y[0]
	for range 60 {
		middle := low + float64((high-low)/2)
		if upTo(x, y, middle) > rank {
			high = middle
		} else {
			low = middle
		}
	}
	return atMost(x, y, high)
}

// atMost is the largest difference x - y that is at most d: halving stops a hair above
// it, and a hair above zero is not zero.
func atMost(x, y []float64, d float64) float64 {
	best, j := math.Inf(-1), 0
	for _, a := range x {
		for j < len(y) && y[j] < a-d {
			j++
		}
		if j < len(y) {
			best = math.Max(best, a-y[j])
		}
	}
	return best
}

// upTo counts the differences x - y that are at most d.
func upTo(x, y []float64, d float64) float64 {
	count, j := 0, 0
	for _, a := range x { // the y that are a-d or more move up with a
		for j < len(y) && y[j] < a-d {
			j++
		}
		count += len(y) - j
	}
	return float64(count)
}
