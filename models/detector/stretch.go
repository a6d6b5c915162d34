package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// stretch is what a threshold window keeps of a Window: traffic and errors of
// the new version as functions of time, constant between the full hours and
// the times at which a defect begins to show.
type stretch struct {
	start, end time.Duration
	perHour    float64 // requests that meet the release in an average hour
	besides    float64 // requests that meet the old version then
	elsewhere  float64 // share of those that fails by an outage of others
	errors     float64 // baseline share of failing requests
	clock      *models.Clock
	signals    []shown // of the visible defects that fail requests in it
	swing      swing
}

// newStretch is a stretch with room for all defects of a release.
func newStretch(seed uint64) stretch {
	return stretch{signals: make([]shown, 0, models.MaxDefects), swing: swing{key: rng.NewKey(seed, "service/errors"), at: -1}}
}

type shown struct {
	from   time.Duration
	errors float64 // share of requests that fail by it
	index  int     // in Window.Signals
}

// fill takes a Window over.
func (s *stretch) fill(w *models.Window) {
	s.start, s.end, s.clock = w.Start, w.End, w.Clock
	s.perHour, s.errors = float64(w.Requests*w.Share), w.Errors
	s.besides, s.elsewhere = float64(w.Requests*(1-w.Share)), w.Elsewhere
	s.swing.begin(w)
	s.signals = s.signals[:0]
	for i := range w.Signals {
		if g := &w.Signals[i]; g.Visible && g.Errors > 0 && g.From < w.End {
			s.signals = append(s.signals, shown{from: g.From, errors: g.Errors, index: i})
		}
	}
}

// part is the stretch of constant conditions that begins at t: requests per
// hour, the share of them that fails, and its end, at most until.
func (s *stretch) part(t, until time.Duration) (perHour, p float64, end time.Duration) {
	rate, full := s.clock.Rate(t)
	end, p = s.alike(t, min(full, until))
	return float64(s.perHour * rate), p, end
}

// share is that of the traffic which meets the new version.
func (s *stretch) share() float64 { return s.perHour / (s.perHour + s.besides) }

// others is the requests per hour that meet the old version at t, and the share of
// them that fails.
func (s *stretch) others(t time.Duration) (perHour, p float64) {
	rate, _ := s.clock.Rate(t)
	return float64(s.besides * rate), s.old(t)
}

// old is the share of the requests to the old version that fails at t.
func (s *stretch) old(t time.Duration) float64 {
	p, _ := s.baseline(t)
	return math.Min(1, p+s.elsewhere)
}

// baseline is the share of requests that fail without a defect at t, and how long
// it stays so.
func (s *stretch) baseline(t time.Duration) (p float64, until time.Duration) {
	if s.swing.every == 0 {
		return s.errors, math.MaxInt64
	}
	return s.swing.share(s.errors, t)
}

// alike is how long from t on the same share of requests fails, at most until,
// and that share.
func (s *stretch) alike(t, until time.Duration) (end time.Duration, p float64) {
	p, end = s.baseline(t)
	end = min(end, until)
	for i := range s.signals {
		if g := &s.signals[i]; g.from <= t {
			p += g.errors
		} else {
			end = min(end, g.from)
		}
	}
	return end, math.Min(1, p)
}

// culprit is the index of the defect that fails most of the requests at t; -1
// when none shows. At a tie, the first.
func (s *stretch) culprit(t time.Duration) int {
	index, most := -1, 0.0
	for i := range s.signals {
		if g := &s.signals[i]; g.from <= t && g.errors > most {
			index, most = g.index, g.errors
		}
	}
	return index
}

// account adds up the requests of one interval from parts that differ. Time
// under the same conditions is added as whole nanoseconds, so that a boundary
// between two rings that are alike leaves no trace, not even in the last bit.
type account struct {
	span       time.Duration // under perHour and p, not yet in requests
	perHour, p float64
	requests   float64 // expected, of the parts before
	errors     float64 // expected, of the parts before
	carry      float64 // of a request that rounding has left over from the intervals before, -0.5..0.5
}

// next is an account for the next interval.
func (a *account) next() account { return account{carry: a.carry} }

func (a *account) add(perHour, p float64, d time.Duration) {
	if perHour != a.perHour || p != a.p {
		a.requests, a.errors = a.sum()
		a.span, a.perHour, a.p = 0, perHour, p
	}
	a.span += d
}

func (a *account) sum() (requests, errors float64) {
	n := float64(a.perHour * hours(a.span))
	return a.requests + n, a.errors + float64(n*a.p)
}

// total is the expected number of requests, and the share of them that fails.
// Requests of one interval are alike in this: each falls into a part with the
// part's share of the traffic.
func (a *account) total() (requests, p float64) {
	requests, errors := a.sum()
	if a.requests == 0 || requests == 0 {
		return requests, a.p
	}
	return requests, math.Min(1, errors/requests)
}
