// Package sim is the engine of discrete-event simulation: a clock with its event
// list (Kernel), limited servers with their queue (Resource), and many
// independent replications on several workers with one result (Replicate).
//
// A model is a struct with its Kernel inside, and its events are its methods:
//
//	k.After(bake, (*Run).ringBaked, release)
//
// reads "after bake, ringBaked happens to release". A method expression is a
// constant, so that scheduling allocates nothing; the subject is a number that
// the model uses as an index into its own slices.
//
// The package refuses to know what is simulated. It also knows no randomness
// (that is sim/rng), no statistics beyond the time averages of a Resource
// (sim/stat), no wall clock, no output and no logging.
package sim

import (
	"math"
	"time"
)

// Forever is the end of time, some 292 years after the start of a replication:
// Run(Forever) runs until nothing is left to happen.
const Forever time.Duration = math.MaxInt64

// Kernel is the clock and the event list of one replication of a model M.
// Events happen in the order of their time; at the same time, in the order in
// which they were scheduled. A Kernel belongs to one goroutine. Its zero value
// is ready after Reset; it must not be copied while events are pending.
type Kernel[M any] struct {
	model     *M
	now       time.Duration
	events    eventList
	actions   []action[M]
	free      uint32 // first free action + 1; 0 for none
	cancelled int    // entries of the event list whose action is gone
	executed  uint64
	phase     phase
}

// An action is what an event does. Actions are kept apart from the entries of
// the event list, which moves its entries around. A free action is a link in the
// list of free actions.
type action[M any] struct {
	do         func(*M, int32) // nil once cancelled
	subject    int32           // of a free action: the next free action + 1
	generation uint32          // odd; another one for each event that uses this place
}

// maxPending is the largest number of events that can be pending at once.
const maxPending = math.MaxInt32

// phase is what a Kernel is doing.
type phase uint8

const (
	idle phase = iota
	running
	stopping
)

// Event names one scheduled event, so that it can be cancelled. It is a small
// value; the zero Event names none. An Event that has happened or was cancelled
// names nothing any more, also when the kernel has reused its memory: only if
// one and the same Event is kept over exactly 2^31 reuses could it be mistaken.
type Event struct{ place, generation uint32 }

// Reset makes the kernel ready for a new replication of model: the clock is at
// zero and nothing is pending. The memory is kept, so that a replication that
// fits in it allocates nothing. Events of the time before Reset cannot be
// cancelled any more. Called from inside a handler, it also ends Run.
func (k *Kernel[M]) Reset(model *M) {
	if model == nil {
		panic("sim: Reset without a model")
	}
	for _, e := range k.events.near {
		k.release(e.place)
	}
	for _, e := range k.events.far {
		k.release(e.place)
	}
	k.events.reset()
	if k.actions == nil {
		k.actions = make([]action[M], 0, nearLimit)
	}
	k.model, k.now, k.cancelled, k.executed, k.phase = model, 0, 0, 0, idle
}

// Now returns the time since the start of the replication.
func (k *Kernel[M]) Now() time.Duration { return k.now }

// Pending returns the number of events that are scheduled and not cancelled.
func (k *Kernel[M]) Pending() int { return k.events.len() - k.cancelled }

// Events returns the number of events that have happened since Reset, with the
// one that is happening.
func (k *Kernel[M]) Events() uint64 { return k.executed }

// At schedules do(model, subject) for the time t since the start of the
// replication. It happens after everything else that is already scheduled for t.
// It panics if t lies before Now, if do is nil, and if more than 2^31 - 1 events
// are pending; there is no limit to the number of events of a replication.
func (k *Kernel[M]) At(t time.Duration, do func(*M, int32), subject int32) Event {
	if t < k.now {
		panicPast("event", t, k.now)
	}
	if do == nil {
		panic("sim: event without a handler")
	}
	place := k.take()
	a := &k.actions[place]
	a.do, a.subject = do, subject
	k.events.push(int64(t), place)
	return Event{place: place, generation: a.generation}
}

// After schedules do(model, subject) for the time d after Now; see At. It panics
// if d is negative or reaches beyond Forever.
func (k *Kernel[M]) After(d time.Duration, do func(*M, int32), subject int32) Event {
	return k.At(k.now+d, do, subject) // an overflow lies in the past
}

// Cancel prevents a pending event from happening and reports whether there was
// one: false if e is the zero Event, has happened, is happening or was
// cancelled. The cost is constant. The memory of the event is free again at
// the time for which it was scheduled.
func (k *Kernel[M]) Cancel(e Event) bool {
	if int(e.place) >= len(k.actions) || k.actions[e.place].generation != e.generation {
		return false
	}
	a := &k.actions[e.place]
	a.do = nil
	a.generation += 2
	k.cancelled++
	return true
}

// Run lets the events happen one after the other until none is left, until a
// handler calls Stop, or until the next one lies after the time until; events at
// until itself do happen. Only in the last case is the clock put forward to
// until: otherwise it stays at the last event. Run can be called again, to go
// on. It panics if until lies before Now, inside a handler, and before Reset.
func (k *Kernel[M]) Run(until time.Duration) {
	k.start(until)
	for k.phase == running {
		n := len(k.events.near)
		if n == 0 {
			if n = k.events.refill(); n == 0 {
				break
			}
		}
		e := k.events.near[n-1]
		if e.time > int64(until) {
			if k.Pending() > 0 {
				k.now = until
			}
			break
		}
		k.events.near = k.events.near[:n-1]
		a := &k.actions[e.place]
		do, subject := a.do, a.subject
		k.release(e.place)
		if do == nil {
			k.cancelled--
			continue
		}
		k.now = time.Duration(e.time)
		k.executed++
		do(k.model, subject)
	}
	k.phase = idle
}

// Stop ends Run when the present handler returns. What is pending stays pending.
// Outside of Run it does nothing.
func (k *Kernel[M]) Stop() {
	if k.phase == running {
		k.phase = stopping
	}
}

// start checks what Run asks of its caller.
func (k *Kernel[M]) start(until time.Duration) {
	switch {
	case k.model == nil:
		panic("sim: Run before Reset")
	case k.phase != idle:
		panic("sim: Run inside a handler")
	case until < k.now:
		panicPast("Run", until, k.now)
	}
	k.phase = running
}

// take returns a place for an action: the one freed last, which is still in the
// processor's cache, or a new one.
func (k *Kernel[M]) take() uint32 {
	if k.free == 0 {
		if len(k.actions) == maxPending {
			panic("sim: more than 2147483647 events pending")
		}
		k.actions = append(k.actions, action[M]{generation: 1})
		return uint32(len(k.actions) - 1)
	}
	place := k.free - 1
	k.free = uint32(k.actions[place].subject)
	return place
}

// release frees the place of an action. The generation stays odd, so that the
// zero Event never names anything.
func (k *Kernel[M]) release(place uint32) {
	a := &k.actions[place]
	a.subject = int32(k.free)
	a.generation += 2
	k.free = place + 1
}

// panicPast stands apart to keep the text out of the hot path.
func panicPast(what string, t, now time.Duration) {
	panic("sim: " + what + " at " + t.String() + ", but it is " + now.String() + " already")
}
