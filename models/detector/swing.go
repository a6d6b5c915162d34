package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// swing is how the baseline errors of the service wander. It is part of the world,
// not of a detector: all monitors of a study draw the same.
type swing struct {
	key         rng.Key
	every       time.Duration // 0: they do not wander
	weight      float64       // a + b of the Beta distribution
	replication uint64
	at          int64   // number of the stretch that is known; -1: none
	mean, known float64 // around which, and what was drawn
}

// begin takes over what a Window says.
func (s *swing) begin(w *models.Window) {
	s.every = 0
	if w.Swings.Correlation > 0 {
		s.every = span(w.Swings.Every)
	}
	weight := 0.0
	if s.every > 0 {
		weight = 1/w.Swings.Correlation - 1
	}
	if s.weight != weight || s.replication != w.Luck.Replication {
		s.weight, s.replication, s.at = weight, w.Luck.Replication, -1
	}
}

// share is the failing share at t around a mean, and when it is drawn anew. A share
// is inverted from one uniform a stretch: what raises the mean raises it.
func (s *swing) share(mean float64, t time.Duration) (p float64, until time.Duration) {
	number := int64(t / s.every)
	until = time.Duration(number+1) * s.every
	if mean <= 0 || mean >= 1 {
		return mean, until
	}
	if s.at != number || s.mean != mean {
		u := s.key.Uniform(uint64(number), s.replication, 0)
		s.at, s.mean = number, mean
		s.known = portable.InverseIncompleteBeta(float64(s.weight*mean), float64(s.weight*(1-mean)), u)
	}
	return s.known, until
}
