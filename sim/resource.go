package sim

import (
	"math/bits"
	"time"
)

// Priority orders those who wait for a Resource: 0 is served first. The memory of
// a Resource grows with the largest Priority in use.
type Priority uint8

// Resource is a number of equal servers and the queue before them: test
// environments, reviewers, deployment slots. It decides who is served next, by
// priority and first come, first served within a priority, without interrupting
// a service that has begun. It schedules nothing: the model asks, and lets the
// events happen.
//
//	if slots.Seize(k.Now(), change, normal) {
//		k.After(testTime, (*Run).tested, change)
//	}
//	...
//	if next, ok := slots.Release(k.Now()); ok {
//		k.After(testTime, (*Run).tested, next)
//	}
//
// It integrates the number of busy servers and of waiting subjects over time,
// exactly, in integers. Its clock is an argument, the time since the start of
// the replication; a clock that runs backwards panics. The zero value has
// unlimited capacity. Nothing is allocated once the queue has had its longest
// length.
type Resource struct {
	capacity int // servers; 0 is unlimited
	busy     int
	waiting  int
	lines    []line // those who wait, by priority
	begin    time.Duration
	last     time.Duration
	served   integral // of busy
	queued   integral // of waiting
}

// Reset makes all servers free, empties the queue and puts the clock and the
// integrals to zero. Capacity is the number of servers, 0 for as many as are
// asked for; it panics if capacity is negative. The memory is kept.
func (r *Resource) Reset(capacity int) {
	if capacity < 0 {
		panic("sim: Resource with a negative capacity")
	}
	lines := r.lines
	for i := range lines {
		lines[i].clear()
	}
	*r = Resource{capacity: capacity, lines: lines}
}

// Seize takes a server for subject and returns true, or puts subject into the
// queue and returns false. Subjects are the model's numbers, not checked here.
func (r *Resource) Seize(now time.Duration, subject int32, priority Priority) bool {
	r.advance(now)
	if r.capacity == 0 || r.busy < r.capacity {
		r.busy++
		return true
	}
	for int(priority) >= len(r.lines) {
		r.lines = append(r.lines, line{})
	}
	r.lines[priority].push(subject)
	r.waiting++
	return false
}

// Release gives a server back. If somebody waits, the first of the queue gets it
// at once and is returned with true: the model must start its service now.
// Otherwise the server is idle and the result is -1 and false. It panics if no
// server is busy.
func (r *Resource) Release(now time.Duration) (next int32, ok bool) {
	if r.busy == 0 {
		panic("sim: Release of a Resource that nobody has seized")
	}
	next, ok = r.Take(now)
	if !ok {
		r.busy--
	}
	return next, ok
}

// Take removes the first of the queue without giving it a server, as a batch
// does that takes along all who wait; -1 and false if nobody waits.
func (r *Resource) Take(now time.Duration) (next int32, ok bool) {
	r.advance(now)
	if r.waiting == 0 {
		return -1, false
	}
	r.waiting--
	i := 0
	for r.lines[i].length == 0 {
		i++
	}
	return r.lines[i].pop(), true
}

// Capacity returns the number of servers, 0 if it is unlimited.
func (r *Resource) Capacity() int { return r.capacity }

// Busy returns the number of servers that are seized.
func (r *Resource) Busy() int { return r.busy }

// Waiting returns the number of subjects in the queue.
func (r *Resource) Waiting() int { return r.waiting }

// EndWarmUp forgets what was measured before now: the means are those from now on.
func (r *Resource) EndWarmUp(now time.Duration) {
	r.advance(now)
	r.begin, r.served, r.queued = now, integral{}, integral{}
}

// BusyMean returns the time average of Busy from Reset or EndWarmUp until now. If
// no time has passed it is Busy, the limit.
func (r *Resource) BusyMean(now time.Duration) float64 {
	return r.mean(r.served, r.busy, now)
}

// WaitingMean returns the time average of Waiting, the mean queue length, from
// Reset or EndWarmUp until now. If no time has passed it is Waiting, the limit.
func (r *Resource) WaitingMean(now time.Duration) float64 {
	return r.mean(r.queued, r.waiting, now)
}

// Utilisation returns the share of the servers' time that was busy, 0 to 1, from
// Reset or EndWarmUp until now; 0 if the capacity is unlimited.
func (r *Resource) Utilisation(now time.Duration) float64 {
	if r.capacity == 0 {
		return 0
	}
	return r.BusyMean(now) / float64(r.capacity)
}

// advance integrates up to now, before a number changes.
func (r *Resource) advance(now time.Duration) {
	elapsed := r.since(now)
	r.served.add(r.busy, elapsed)
	r.queued.add(r.waiting, elapsed)
	r.last = now
}

// since returns the time since the last change.
func (r *Resource) since(now time.Duration) time.Duration {
	if now < r.last {
		panicPast("use of a Resource", now, r.last)
	}
	return now - r.last
}

// mean is the integral up to now over the time since the beginning.
func (r *Resource) mean(sum integral, present int, now time.Duration) float64 {
	sum.add(present, r.since(now))
	if now == r.begin {
		return float64(present)
	}
	return sum.float() / float64(now-r.begin)
}

// An integral is a sum of counts times nanoseconds, in 128 bits: 64 bits would
// hold no more than a queue of 1,000 over a hundred days, and a float64 would
// depend on the order of the events.
type integral struct{ high, low uint64 }

// add adds count x elapsed; neither is negative.
func (s *integral) add(count int, elapsed time.Duration) {
	high, low := bits.Mul64(uint64(count), uint64(elapsed))
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
}

// float returns the integral in nanoseconds.
func (s integral) float() float64 {
	return float64(float64(s.high)*0x1p64) + float64(s.low)
}

// A line is a first-in-first-out queue in a ring.
type line struct {
	ring   []int32 // its length is zero or a power of two
	first  int
	length int
}

func (l *line) clear() { l.first, l.length = 0, 0 }

// push adds a subject at the end.
func (l *line) push(subject int32) {
	if l.length == len(l.ring) {
		l.grow()
	}
	l.ring[(l.first+l.length)&(len(l.ring)-1)] = subject
	l.length++
}

// pop removes and returns the first; the line must not be empty.
func (l *line) pop() int32 {
	subject := l.ring[l.first]
	l.first = (l.first + 1) & (len(l.ring) - 1)
	l.length--
	return subject
}

// grow doubles the ring and puts the first subject at its beginning.
func (l *line) grow() {
	ring := make([]int32, max(8, 2*len(l.ring)))
	n := copy(ring, l.ring[l.first:])
	copy(ring[n:], l.ring[:l.first])
	l.ring, l.first = ring, 0
}
