package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

var twoArm = Kind{
	Name:  "two-arm",
	Title: "errors of both versions compared at any time",
	Doc: "Of the errors of both versions together, a healthy new one has the share of its traffic. After every error of the new version " +
		"their split is compared with that share by an e-process (a Beta mixture of the weight of `weight` errors around it, as in " +
		"the tests of counts of Lindon and Malek, 2022), and the alarm rings when it reaches 1 / alpha with too many on the new " +
		"side. No failing share has to be known, and a fault outside that fails both versions alike rings nothing. In each ring " +
		"it begins with a new share and keeps what it has learnt. Where nobody meets the old version it learns nothing.",
	Example: "kind: two-arm\nalpha: 5%\nweight: 10",
	Params:  twoArmParams,
	New:     newTwoArm,
}

var twoArmParams = []Param{
	{Name: "alpha", Unit: Share, Default: 0.05, Min: 1e-9, Max: 0.5, Source: "assumption", Doc: "Largest probability of a false alarm in a release."},
	{Name: "weight", Unit: Plain, Default: 10, Min: 0.01, Max: 1e6, Source: "assumption",
		Doc: "How sure the mixture is of an equal share, in errors: fewer seek large rises, more seek small ones."},
}

// twoArms is the description of a two-arm test.
type twoArms struct {
	Kind   string  `json:"kind"`
	Label  string  `json:"label,omitempty"`
	Bound  float64 `json:"bound"`  // log(1/alpha)
	Weight float64 `json:"weight"` // errors; > 0
}

func newTwoArm(v Values) (models.Detector, error) {
	v, err := v.complete(twoArmParams)
	if err != nil {
		return nil, err
	}
	return twoArms{Kind: "two-arm", Label: v.Label, Bound: -portable.Log(v.Number("alpha")), Weight: v.Number("weight")}, nil
}

// Monitor implements models.Detector.
func (d twoArms) Monitor(seed uint64) models.Monitor {
	m := &twoArmMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.last = newStretch(seed)
	return m
}

// twoArmMonitor watches one release. Errors of both sides are independent
// Poisson processes: the next error of the new version comes when its expected
// number has grown by a unit exponential, and until then those of the old
// version are Poisson.
type twoArmMonitor struct {
	foresight[twoArmBook, *twoArmBook]
	d   twoArms
	key rng.Key
}

type twoArmBook struct {
	at     time.Duration
	left   float64 // expected errors left to the next error of the new version; 0: not drawn
	others float64 // errors of the old version expected since the last look
	share  float64 // of traffic, in this ring
	before float64 // logarithm of the e-process at the end of the rings before
	n, x   float64 // errors in this ring: of both, of the new version
	luck   rng.Stream
}

func (b *twoArmBook) begin(w *models.Window)     { *b = twoArmBook{at: w.Start, luck: b.luck} }
func (b *twoArmBook) take(from *twoArmBook)      { *b = *from }
func (b *twoArmBook) skipTo(start time.Duration) { b.at = max(b.at, start) }

// Reset implements models.Monitor.
func (m *twoArmMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. It takes some 200 ns for each error of the
// new version.
func (m *twoArmMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.now.luck = m.key.Stream(w.Luck.Release, w.Luck.Replication, w.Luck.Coupling)
	}
	return m.observe(m, w)
}

// count goes from error to error of the new version up to until.
func (m *twoArmMonitor) count(b *twoArmBook, until time.Duration) (time.Duration, bool) {
	if share := m.last.share(); share != b.share {
		m.ring(b, share)
	}
	for b.at < until {
		if b.share <= 0 || b.share >= 1 {
			b.at = until
			break
		}
		end, p := m.last.alike(b.at, until)
		if m.errors(b, end, p) {
			return b.at - 1, true
		}
	}
	return 0, false
}

// ring keeps what has been learnt and begins with another share. The errors of the
// old version since the last of the new one belong to what has been learnt: without
// them a ring would end with the value of its last error, which nobody knows to be
// the last before the ring ends.
func (m *twoArmMonitor) ring(b *twoArmBook, share float64) {
	if b.others > 0 {
		b.n += float64(dist.PoissonQuantile(b.luck.Uniform(), b.others))
		b.others = 0
	}
	b.before += m.logE(b)
	b.n, b.x, b.share = 0, 0, share
}

// errors goes to the next error of the new version or to end. An error rings in
// the nanosecond before the time that is kept.
func (m *twoArmMonitor) errors(b *twoArmBook, end time.Duration, p float64) (rings bool) {
	if b.left == 0 {
		b.left = b.luck.Exponential()
	}
	rate := float64(m.last.perHour * p)
	share := m.last.old(b.at)
	dose := m.last.clock.Between(b.at, end)
	if grown := float64(rate * dose); !(grown >= b.left) {
		b.left -= grown
		b.others += float64(m.last.besides * share * dose)
		b.at = end
		return false
	}
	at := min(max(b.at+1, m.last.clock.After(b.at, b.left/rate)), end)
	b.others += float64(m.last.besides * share * m.last.clock.Between(b.at, at))
	b.at, b.left = at, 0
	b.n += 1 + float64(dist.PoissonQuantile(b.luck.Uniform(), b.others))
	b.x++
	b.others = 0
	mixture := betaBinomial{Healthy: b.share}
	if b.x > float64(b.n*b.share) && b.before+mixture.most(b.n, b.x) >= m.d.Bound && b.before+m.logE(b) >= m.d.Bound {
		b.before, b.n, b.x = 0, 0, 0
		return true
	}
	return false
}

// logE is the logarithm of the e-process of this ring.
func (m *twoArmMonitor) logE(b *twoArmBook) float64 {
	if b.n == 0 {
		return 0
	}
	mixture := betaBinomial{Healthy: b.share, A: float64(m.d.Weight * b.share), B: float64(m.d.Weight * (1 - b.share))}
	return mixture.logE(b.n, b.x)
}
