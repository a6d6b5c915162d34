package sim

import (
	"bytes"
	"container/heap"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// reference is the event list at its plainest: a binary heap of the standard
// library, with an order number that cannot wrap.
type reference struct {
	entries []referenceEntry
	order   uint64
}

type referenceEntry struct {
	time  int64
	order uint64
	place uint32
}

func (r *reference) Len() int { return len(r.entries) }
func (r *reference) Less(i, j int) bool {
	a, b := r.entries[i], r.entries[j]
	return a.time < b.time || a.time == b.time && a.order < b.order
}
func (r *reference) Swap(i, j int) { r.entries[i], r.entries[j] = r.entries[j], r.entries[i] }
func (r *reference) Push(e any)    { r.entries = append(r.entries, e.(referenceEntry)) }
func (r *reference) Pop() any {
	last := r.entries[len(r.entries)-1]
	r.entries = r.entries[:len(r.entries)-1]
	return last
}

func (r *reference) push(time int64, place uint32) {
	heap.Push(r, referenceEntry{time: time, order: r.order, place: place})
	r.order++
}

func (r *reference) pop() (int64, uint32) {
	e := heap.Pop(r).(referenceEntry)
	return e.time, e.place
}

// twin drives an event list and the reference side by side. Every entry has
// its own place, so that equal places mean the same entry.
type twin struct {
	t     failer
	list  eventList
	ref   reference
	place uint32
	now   int64 // time of the entry taken last
}

// failer is the part of testing.TB that rapid's T has too.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func (w *twin) push(time int64) {
	w.list.push(time, w.place)
	w.ref.push(time, w.place)
	w.place++
}

func (w *twin) pop() {
	w.t.Helper()
	if w.ref.Len() != w.list.len() {
		w.t.Fatalf("%d entries, want %d", w.list.len(), w.ref.Len())
	}
	if len(w.list.near) == 0 && w.list.refill() == 0 {
		if w.ref.Len() > 0 {
			w.t.Fatalf("the list is empty, but %d entries are missing", w.ref.Len())
		}
		return
	}
	last := len(w.list.near) - 1
	got := w.list.near[last]
	w.list.near = w.list.near[:last]
	time, place := w.ref.pop()
	if got.time != time || got.place != place {
		w.t.Fatalf("took (time %d, place %d), want (time %d, place %d)", got.time, got.place, time, place)
	}
	w.now = time
}

func (w *twin) drain() {
	w.t.Helper()
	for w.ref.Len() > 0 || w.list.len() > 0 {
		w.pop()
	}
}

// check proves what the two tiers promise.
func (w *twin) check() {
	w.t.Helper()
	near, far := w.list.near, w.list.far
	if len(near) > nearLimit {
		w.t.Fatalf("near tier of %d, limit %d", len(near), nearLimit)
	}
	for i := 1; i < len(near); i++ {
		if !near[i].before(near[i-1]) {
			w.t.Fatalf("near tier: entry %d is not before entry %d", i, i-1)
		}
	}
	for i := range far {
		if i > 0 && !far[(i-1)/arity].before(far[i]) {
			w.t.Fatalf("far tier: entry %d is before its parent", i)
		}
		if len(near) > 0 && !near[0].before(far[i]) {
			w.t.Fatalf("far entry %d is before the latest near entry", i)
		}
	}
}

// gaps are ways to choose the time of the next entry, given now and a stream.
var gaps = []struct {
	name string
	time func(now int64, s *rng.Stream) int64
}{
	{"exponential", func(now int64, s *rng.Stream) int64 { return now + int64(1e6*s.Exponential()) }},
	{"few times, many ties", func(now int64, s *rng.Stream) int64 { return now + int64(s.Uint64()%4) }},
	{"one time", func(now int64, _ *rng.Stream) int64 { return now }},
	{"near or very far", func(now int64, s *rng.Stream) int64 {
		return now + int64(s.Uint64()%8) + int64(s.Uint64()%2)*1e9
	}},
	{"falling", func(now int64, s *rng.Stream) int64 { return now + 1e6 - int64(s.Uint64()%2)*now%1000 }},
	{"end of time", func(int64, *rng.Stream) int64 { return math.MaxInt64 }},
}

// TestEventListOrder lets the list grow and shrink between 0 and several
// thousand entries, at random, and compares every entry taken with the reference.
func TestEventListOrder(t *testing.T) {
	for _, gap := range gaps {
		t.Run(gap.name, func(t *testing.T) {
			s := rng.NewKey(1, "test/event list/"+gap.name).Stream(0, 0, 0)
			w := &twin{t: t}
			for phase := range 60 {
				pushShare := s.Uniform()
				for range int(s.Uint64() % 3000) {
					if s.Uniform() < pushShare {
						w.push(gap.time(w.now, &s))
					} else {
						w.pop()
					}
				}
				w.check()
				if phase%10 == 9 {
					w.drain()
				}
			}
			w.drain()
		})
	}
}

// TestEventListRenumbers brings the sequence to its limit again and again, with
// ties across it and with both tiers in use.
func TestEventListRenumbers(t *testing.T) {
	s := rng.NewKey(1, "test/renumber").Stream(0, 0, 0)
	w := &twin{t: t}
	renumbered := 0
	for range 300 {
		w.list.next = max(w.list.next, math.MaxUint32-uint32(s.Uint64()%200))
		for range 200 + s.Uint64()%200 {
			before := w.list.next
			if s.Uniform() < 0.52 {
				w.push(w.now + int64(s.Uint64()%5))
			} else {
				w.pop()
			}
			if w.list.next < before {
				renumbered++
				w.check()
			}
		}
	}
	w.drain()
	if renumbered < 200 {
		t.Fatalf("renumbered %d times, the test wants at least 200", renumbered)
	}
}

// TestEventListReset: an emptied list is as good as a new one and keeps its memory.
func TestEventListReset(t *testing.T) {
	w := &twin{t: t}
	for i := range int64(1000) {
		w.push(i % 7)
	}
	near, far := cap(w.list.near), cap(w.list.far)
	w.list.reset()
	w.ref = reference{}
	if w.list.len() != 0 || w.list.next != 0 {
		t.Fatalf("after reset: %d entries, next sequence %d", w.list.len(), w.list.next)
	}
	for i := range int64(1000) {
		w.push(1000 - i)
	}
	w.check()
	w.drain()
	if cap(w.list.near) != near || cap(w.list.far) != far {
		t.Errorf("capacities %d and %d, before reset %d and %d", cap(w.list.near), cap(w.list.far), near, far)
	}
}

// TestEventListAgainstReference lets rapid search for a short sequence of bulk
// pushes and pops that breaks the order or the tiers.
func TestEventListAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &twin{t: t}
		w.list.next = rapid.SampledFrom([]uint32{0, math.MaxUint32 - 100}).Draw(t, "first sequence")
		for range rapid.IntRange(1, 12).Draw(t, "phases") {
			pushes := rapid.Int64Range(0, 200).Draw(t, "pushes")
			stride := rapid.Int64Range(-40, 40).Draw(t, "stride")
			modulus := rapid.Int64Range(1, 50).Draw(t, "modulus")
			for i := range pushes {
				w.push(w.now + (i*stride%modulus+modulus)%modulus)
			}
			w.check()
			for range rapid.IntRange(0, 200).Draw(t, "pops") {
				w.pop()
			}
			w.check()
		}
		w.drain()
	})
}

// FuzzEventList reads a sequence of operations from bytes: an even byte takes an
// entry, an odd one adds an entry up to 127 ahead.
func FuzzEventList(f *testing.F) {
	f.Add([]byte{1, 1, 1, 0, 0, 0})
	f.Add([]byte{255, 3, 255, 3, 0, 1, 0, 0, 0, 0})
	f.Add(bytes.Repeat([]byte{9}, 200))
	ramp := make([]byte, 600)
	for i := range ramp {
		ramp[i] = byte(i*37%256) | byte(1-i/300)
	}
	f.Add(ramp)
	f.Fuzz(func(t *testing.T, operations []byte) {
		w := &twin{t: t}
		for _, b := range operations {
			if b%2 == 1 {
				w.push(w.now + int64(b/2))
			} else {
				w.pop()
			}
		}
		w.check()
		w.drain()
	})
}
