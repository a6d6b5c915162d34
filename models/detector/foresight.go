package detector

import (
	"time"

	"github.com/rollrisk/rollrisk/models"
)

// foresight is how a monitor keeps what it has counted. A window is looked at
// before it happens, and what follows an alarm may cut it short; so the book
// at the start of a window is kept until the next one says how far it went.
type foresight[B any, P book[B]] struct {
	begun bool
	now   B       // at the start of the last window
	next  B       // at its end
	ahead bool    // next is true: the last window rang no alarm
	last  stretch // the last window
}

// book is what has been counted so far in a release.
type book[B any] interface {
	*B
	// begin opens an empty book at the start of a release.
	begin(w *models.Window)
	// take makes the book the same as another.
	take(from *B)
	// skipTo passes over time that was never handed over, up to start.
	skipTo(start time.Duration)
}

// counting goes on with a book up to until, or to the first alarm, and says
// when that rings. It counts nothing where everything is in the book already.
type counting[B any] interface {
	count(b *B, until time.Duration) (at time.Duration, rings bool)
}

// observe is the Observe of a monitor that counts.
func (f *foresight[B, P]) observe(m counting[B], w *models.Window) models.Verdict {
	f.settle(m, w)
	f.last.fill(w)
	P(&f.next).take(&f.now)
	at, rings := m.count(&f.next, w.End)
	f.ahead = !rings
	if !rings {
		return nothing
	}
	return models.Verdict{Finding: models.Fail, At: at, Signal: f.last.culprit(at)}
}

// settle brings the book to the start of w: over the whole last window, or
// again over the part of it that happened.
func (f *foresight[B, P]) settle(m counting[B], w *models.Window) {
	switch now := P(&f.now); {
	case !f.begun:
		f.begun = true
		now.begin(w)
		return
	case f.ahead && w.Start >= f.last.end:
		now.take(&f.next)
	default:
		for rings := true; rings; { // an alarm before the cut was not the first to ring
			_, rings = m.count(&f.now, min(w.Start, f.last.end))
		}
	}
	P(&f.now).skipTo(w.Start)
}
