package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// region decides after n requests of which x failed, and only an error can
// bring the alarm nearer: so nothing is drawn but the gaps between errors.
type region interface {
	// rings says whether the alarm rings at n requests with x errors.
	rings(n, x float64) bool
	// seenEnough is the number of requests at which, with x errors, the test
	// ends without an alarm; +Inf when it goes on for ever.
	seenEnough(x float64) float64
}

// gaps is a detector that goes from error to error.
type gaps struct {
	Kind   string  `json:"kind"`
	Label  string  `json:"label,omitempty"`
	Batch  float64 `json:"batch"` // the test looks whenever so many requests are complete; >= 1, whole
	Again  bool    `json:"again"` // it begins anew when it has seen enough
	Region region  `json:"region"`
}

// Monitor implements models.Detector.
func (d gaps) Monitor(seed uint64) models.Monitor {
	m := &gapMonitor{d: d, key: rng.NewKey(seed, streamName(d.Kind, d.Label))}
	m.last = newStretch(seed)
	return m
}

// gapMonitor watches one release. Requests are made at the pace of the
// traffic, number k when the expected number reaches k; each fails by itself,
// so the requests up to the next error are geometric: with a hazard of
// -log(1 - p) for each, the sum at the error is the first to pass a unit
// exponential.
type gapMonitor struct {
	foresight[gapBook, *gapBook]
	d   gaps
	key rng.Key
}

type gapBook struct {
	at     time.Duration
	anchor time.Duration // since then perHour is the same
	pace   float64       // requests in an average hour since the anchor
	base   float64       // requests expected up to the anchor
	made   float64       // requests made; whole
	left   float64       // hazard left to the next error; 0: not drawn
	n, x   float64       // requests and errors of the test
	owed   bool          // an error has not been looked at yet
	ended  bool
	luck   rng.Stream // private to the release
}

func (b *gapBook) begin(w *models.Window) { *b = gapBook{at: w.Start, anchor: w.Start, luck: b.luck} }
func (b *gapBook) take(from *gapBook)     { *b = *from }

func (b *gapBook) skipTo(start time.Duration) {
	if b.at < start {
		b.at, b.anchor, b.base, b.pace = start, start, b.made, 0
	}
}

// Reset implements models.Monitor.
func (m *gapMonitor) Reset() { m.begun = false }

// Observe implements models.Monitor. It takes some 20 ns for each error, and
// nothing for the requests between them.
func (m *gapMonitor) Observe(w *models.Window) models.Verdict {
	if !m.begun {
		m.now.luck = m.key.Stream(w.Luck.Release, w.Luck.Replication, w.Luck.Coupling)
	}
	return m.observe(m, w)
}

// count goes through the requests of the last window up to until.
func (m *gapMonitor) count(b *gapBook, until time.Duration) (time.Duration, bool) {
	for b.at < until {
		if b.ended {
			b.at = until
			break
		}
		end, p := m.last.alike(b.at, until)
		if b.pace != m.last.perHour {
			b.base += float64(b.pace * m.last.clock.Between(b.anchor, b.at))
			b.anchor, b.pace = b.at, m.last.perHour
		}
		most := math.Floor(b.base + float64(b.pace*m.last.clock.Between(b.anchor, end)))
		if m.requests(b, most, p) {
			at := m.last.clock.After(b.anchor, (b.made-b.base)/b.pace)
			b.at = max(b.at, min(at, end-1))
			at = b.at
			b.at++
			return at, true
		}
		b.at = end
	}
	return 0, false
}

// requests makes requests up to number most, each failing with probability p,
// or up to the one at which the alarm rings.
func (m *gapMonitor) requests(b *gapBook, most, p float64) (rings bool) {
	hazard := -portable.Log1p(-p)
	for b.made < most && !b.ended {
		if b.left == 0 {
			b.left = b.luck.Exponential()
		}
		good, fails := most-b.made, false
		if all := float64(hazard * good); all >= b.left {
			good, fails = math.Min(good, math.Max(1, math.Ceil(b.left/hazard)))-1, true
			b.left = 0
		} else {
			b.left -= all
		}
		if m.good(b, good) {
			return true
		}
		if !fails || b.ended {
			continue
		}
		b.made, b.n, b.x, b.owed = b.made+1, b.n+1, b.x+1, true
		if m.good(b, 0) {
			return true
		}
	}
	return false
}

// good counts requests that do not fail. The alarm can ring at the first look
// after an error only; the test can see enough at any look.
func (m *gapMonitor) good(b *gapBook, count float64) (rings bool) {
	for !b.ended {
		end := b.n + count
		if look := m.lookAt(b.n); b.owed && look <= end {
			count -= look - b.n
			b.made += look - b.n
			b.n, b.owed = look, false
			if m.d.Region.rings(b.n, b.x) {
				b.n, b.x, b.left = 0, 0, 0 // a gap has no memory: what is left of it may be drawn again
				return true
			}
		}
		enough := m.lookAt(math.Max(b.n, m.d.Region.seenEnough(b.x)))
		if b.owed || enough > end {
			b.made += count
			b.n = end
			return false
		}
		rounds := 1.0
		if b.n == 0 && m.d.Again {
			rounds = math.Max(1, math.Floor(count/enough)) // all those without an error
		}
		count -= float64(rounds*enough) - b.n
		b.made += float64(rounds*enough) - b.n
		b.n, b.x, b.ended = 0, 0, !m.d.Again
	}
	return false
}

// lookAt is the first look at n requests or more.
func (m *gapMonitor) lookAt(n float64) float64 {
	return float64(math.Max(1, math.Ceil(n/m.d.Batch)) * m.d.Batch)
}

// batchParam and againParam are what tests of single requests share.
func batchParam() Param {
	return Param{Name: "batch", Unit: Count, Default: 1, Min: 1, Max: 1e6, Source: "assumption",
		Doc: "The test looks whenever so many requests are complete; 1 looks after each. Larger batches decide later and err less often."}
}

const (
	thenStops  = "stop"
	thenAgains = "restart"
)

func newGaps(kind string, v Values, r region) gaps {
	return gaps{Kind: kind, Label: v.Label, Batch: v.Number("batch"), Again: v.Choice("then") == thenAgains, Region: r}
}
