package sim

import (
	"math"
	"slices"
)

// The event list has two tiers, because the pending set of a release pipeline
// is nearly always tiny and only now and then huge.
//
// The near tier is a sorted array with the soonest event last: taking the next
// event is a decrement, and a new event is placed by shifting the few events
// that come before it. The far tier is a 4-ary heap. It stays empty until
// the near tier overflows, and then every far event comes after every near one.
//
// Entries hold no pointers, so that moving them costs no write barrier and the
// garbage collector never reads them.
const (
	// nearLimit is the largest near tier, in events. Beyond some 64 events the
	// shifting costs more than a heap.
	nearLimit = 64
	// nearKeep is how many events the near tier has after an overflow, and how
	// many it takes from the far tier when it has run dry. Half the limit leaves
	// 32 pushes or pops until the next exchange, which pays for it.
	nearKeep = nearLimit / 2
	// arity is the number of children of a node of the far tier.
	arity = 4
)

// An entry is one pending event: when, in which order among equals, and where
// its action is kept.
type entry struct {
	time     int64  // nanoseconds since the start of the replication
	sequence uint32 // order of scheduling; breaks ties of time
	place    uint32 // index into the kernel's actions
}

// before reports whether e happens before f: the order (time, sequence).
func (e entry) before(f entry) bool {
	return e.time < f.time || e.time == f.time && e.sequence < f.sequence
}

// An eventList is a priority queue of entries, first in first out among equal
// times. The zero value is an empty list.
type eventList struct {
	near []entry // soonest last; at most nearLimit
	far  []entry // 4-ary heap, soonest first; nothing in it is before anything in near
	next uint32  // sequence of the next push
}

// reset empties the list and keeps its memory. The near tier has its full size from
// the start, so that the small lists of two workers never share a cache line.
func (l *eventList) reset() {
	if l.near == nil {
		l.near = make([]entry, 0, nearLimit)
	}
	l.near, l.far, l.next = l.near[:0], l.far[:0], 0
}

// len returns the number of entries.
func (l *eventList) len() int { return len(l.near) + len(l.far) }

// push adds an entry behind all entries of the same time.
func (l *eventList) push(time int64, place uint32) {
	if l.next == math.MaxUint32 {
		l.renumber()
	}
	e := entry{time: time, sequence: l.next, place: place}
	l.next++
	if len(l.near) >= nearLimit {
		l.spill() // first, since the new entry may belong behind what is spilled
	}
	if len(l.far) > 0 && (len(l.near) == 0 || time >= l.near[0].time) {
		l.pushFar(e)
		return
	}
	// A new entry has the largest sequence, so that comparing times is enough:
	// whatever has the same time comes first.
	l.near = append(l.near, e)
	i := len(l.near) - 1
	for ; i > 0 && l.near[i-1].time <= time; i-- {
		l.near[i] = l.near[i-1]
	}
	l.near[i] = e
}

// refill brings the soonest far entries into an empty near tier and returns their
// number, which is zero only if the list is empty.
func (l *eventList) refill() int {
	n := min(nearKeep, len(l.far))
	l.near = slices.Grow(l.near[:0], n)[:n]
	for i := n - 1; i >= 0; i-- {
		l.near[i] = l.popFar()
	}
	return n
}

// spill moves the latest entries of a full near tier to the far tier.
func (l *eventList) spill() {
	surplus := len(l.near) - nearKeep
	for i := surplus - 1; i >= 0; i-- {
		l.pushFar(l.near[i])
	}
	n := copy(l.near, l.near[surplus:])
	l.near = l.near[:n]
}

// pushFar adds an entry to the heap.
func (l *eventList) pushFar(e entry) {
	l.far = append(l.far, e)
	h := l.far
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / arity
		if !e.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
}

// popFar removes and returns the soonest entry of the heap, which must not be empty.
func (l *eventList) popFar() entry {
	h := l.far
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	l.far = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		first := i*arity + 1
		if first >= len(h) {
			break
		}
		best := first
		for child := first + 1; child < min(first+arity, len(h)); child++ {
			if h[child].before(h[best]) {
				best = child
			}
		}
		if !h[best].before(last) {
			break
		}
		h[i] = h[best]
		i = best
	}
	h[i] = last
	return top
}

// renumber gives the pending entries the sequences 0, 1, 2 ... in their present
// order, so that a replication may schedule more than 2^32 events. A sorted
// slice is a heap, so the far tier is left valid.
func (l *eventList) renumber() {
	slices.SortFunc(l.far, func(a, b entry) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	l.next = 0
	for i := len(l.near) - 1; i >= 0; i-- {
		l.near[i].sequence = l.next
		l.next++
	}
	for i := range l.far {
		l.far[i].sequence = l.next
		l.next++
	}
}
