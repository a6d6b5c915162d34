package sim

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const (
	hotfix Priority = iota
	normal
	routine
)

func TestResourceServesByPriorityThenOrder(t *testing.T) {
	var r Resource
	r.Reset(2)
	for subject := range int32(2) {
		if !r.Seize(0, subject, routine) {
			t.Fatalf("subject %d must wait for a free server", subject)
		}
	}
	for _, s := range []struct {
		subject  int32
		priority Priority
	}{{10, normal}, {20, routine}, {11, normal}, {1, hotfix}, {12, normal}, {2, hotfix}} {
		if r.Seize(1, s.subject, s.priority) {
			t.Fatalf("subject %d was served by a busy server", s.subject)
		}
	}
	var order []int32
	for range 5 {
		next, ok := r.Release(2)
		if !ok {
			t.Fatal("nobody was waiting")
		}
		order = append(order, next)
	}
	next, ok := r.Take(2)
	order = append(order, next)
	if want := []int32{1, 2, 10, 11, 12, 20}; !ok || !slices.Equal(order, want) {
		t.Errorf("served %v, want %v", order, want)
	}
	if r.Busy() != 2 || r.Waiting() != 0 || r.Capacity() != 2 {
		t.Errorf("busy %d, waiting %d, capacity %d; want 2, 0, 2", r.Busy(), r.Waiting(), r.Capacity())
	}
	if next, ok := r.Take(2); ok || next != -1 {
		t.Errorf("Take of an empty queue: %d, %t; want -1, false", next, ok)
	}
	if next, ok := r.Release(2); ok || next != -1 || r.Busy() != 1 {
		t.Errorf("Release without a queue: %d, %t, busy %d; want -1, false, 1", next, ok, r.Busy())
	}
}

// TestResourceMeans follows one small history by hand:
//
//	time     0   10   20   30   40   50
//	busy     0    1    1    1    0
//	waiting  0    0    1    0    0
func TestResourceMeans(t *testing.T) {
	var r Resource
	r.Reset(1)
	check := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("busy at time 0", r.BusyMean(0), 0)
	r.Seize(10, 1, normal)
	r.Seize(20, 2, normal)
	check("waiting so far", r.WaitingMean(25), 5.0/25)
	r.Release(30)
	check("busy so far", r.BusyMean(35), 25.0/35)
	r.Release(40)
	check("busy", r.BusyMean(50), 30.0/50)
	check("utilisation", r.Utilisation(50), 30.0/50)
	check("waiting", r.WaitingMean(50), 10.0/50)
	r.Seize(60, 3, normal)
	r.EndWarmUp(70)
	check("busy right after the warm-up", r.BusyMean(70), 1)
	r.Seize(80, 4, normal)
	check("busy after the warm-up", r.BusyMean(90), 1)
	check("waiting after the warm-up", r.WaitingMean(90), 0.5)
	check("asking changes nothing", r.WaitingMean(90), 0.5)
}

func TestResourceUnlimited(t *testing.T) {
	var r Resource // the zero value
	for subject := range int32(1000) {
		if !r.Seize(0, subject, normal) {
			t.Fatal("an unlimited resource let a subject wait")
		}
	}
	if r.Busy() != 1000 || r.BusyMean(5) != 1000 || r.Utilisation(5) != 0 {
		t.Errorf("busy %d, mean %v, utilisation %v; want 1000, 1000, 0", r.Busy(), r.BusyMean(5), r.Utilisation(5))
	}
}

func TestResourceReset(t *testing.T) {
	var r Resource
	r.Reset(1)
	for subject := range int32(100) {
		r.Seize(50, subject, Priority(subject%3))
	}
	r.Reset(2)
	if r.Busy() != 0 || r.Waiting() != 0 || r.WaitingMean(10) != 0 {
		t.Errorf("after Reset: busy %d, waiting %d, mean %v", r.Busy(), r.Waiting(), r.WaitingMean(10))
	}
	for subject := range int32(3) { // the clock is back at the start, too
		r.Seize(1, subject, normal)
	}
	if next, ok := r.Release(2); !ok || next != 2 {
		t.Errorf("Release: %d, %t; want 2, true", next, ok)
	}
}

func TestResourcePanics(t *testing.T) {
	used := func() *Resource {
		r := new(Resource)
		r.Reset(1)
		r.Seize(10, 1, normal)
		return r
	}
	const past = "sim: use of a Resource at 9ns, but it is 10ns already"
	cases := []struct {
		name, want string
		fault      func()
	}{
		{"negative capacity", "sim: Resource with a negative capacity", func() { used().Reset(-1) }},
		{"idle", "sim: Release of a Resource that nobody has seized", func() { new(Resource).Release(1) }},
		{"Seize in the past", past, func() { used().Seize(9, 2, normal) }},
		{"Release in the past", past, func() { used().Release(9) }},
		{"Take in the past", past, func() { used().Take(9) }},
		{"mean of the past", past, func() { used().BusyMean(9) }},
		{"warm-up in the past", past, func() { used().EndWarmUp(9) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantPanic(t, c.want, c.fault) })
	}
}

// A crowd is the resource at its plainest, for comparison: it remembers everybody
// and adds up each one's own time in service and in the queue.
type crowd struct {
	capacity int
	serving  []attendance
	queue    []attendance
	served   big.Int // nanoseconds of those who have left a server
	queued   big.Int // nanoseconds of those who have left the queue
}

type attendance struct {
	subject  int32
	priority Priority
	since    time.Duration
}

func (c *crowd) seize(now time.Duration, subject int32, priority Priority) bool {
	a := attendance{subject, priority, now}
	if c.capacity == 0 || len(c.serving) < c.capacity {
		c.serving = append(c.serving, a)
		return true
	}
	c.queue = append(c.queue, a)
	return false
}

func (c *crowd) take(now time.Duration) (attendance, bool) {
	if len(c.queue) == 0 {
		return attendance{subject: -1}, false
	}
	first := 0
	for i, a := range c.queue {
		if a.priority < c.queue[first].priority {
			first = i
		}
	}
	a := c.queue[first]
	c.queue = slices.Delete(c.queue, first, first+1)
	c.queued.Add(&c.queued, big.NewInt(int64(now-a.since)))
	return a, true
}

func (c *crowd) release(now time.Duration) (int32, bool) {
	c.served.Add(&c.served, big.NewInt(int64(now-c.serving[0].since)))
	c.serving = c.serving[1:]
	a, ok := c.take(now)
	if ok {
		a.since = now
		c.serving = append(c.serving, a)
	}
	return a.subject, ok
}

// upTo is what all have spent until now, with those who are still there.
func upTo(now time.Duration, gone *big.Int, there []attendance) *big.Int {
	sum := new(big.Int).Set(gone)
	for _, a := range there {
		sum.Add(sum, big.NewInt(int64(now-a.since)))
	}
	return sum
}

func (s integral) big() *big.Int {
	sum := new(big.Int).SetUint64(s.high)
	return sum.Lsh(sum, 64).Add(sum, new(big.Int).SetUint64(s.low))
}

// TestResourceAgainstCrowd holds the order of service, and Little's law as the
// identity that it is on every path (Little, 1961; Stidham, 1974): the integral of
// the number present equals the sum of the times of each, to the nanosecond.
func TestResourceAgainstCrowd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := crowd{capacity: rapid.IntRange(0, 4).Draw(t, "capacity")}
		var r Resource
		r.Reset(c.capacity)
		// Steps up to 30 years, so that the integrals leave 64 bits.
		step := rapid.SampledFrom([]time.Duration{1, 1 << 30, 1 << 59}).Draw(t, "step")
		now := time.Duration(0)
		for subject := range rapid.Int32Range(1, 200).Draw(t, "operations") {
			if now < math.MaxInt64-step {
				now += step * time.Duration(rapid.IntRange(0, 1).Draw(t, "steps"))
			}
			switch operation := rapid.IntRange(0, 4).Draw(t, "operation"); {
			case operation <= 2:
				p := Priority(rapid.IntRange(0, 3).Draw(t, "priority"))
				if got, want := r.Seize(now, subject, p), c.seize(now, subject, p); got != want {
					t.Fatalf("Seize: %t, want %t", got, want)
				}
			case operation == 3 && len(c.serving) > 0:
				got, ok := r.Release(now)
				if want, wantOK := c.release(now); got != want || ok != wantOK {
					t.Fatalf("Release: %d, %t; want %d, %t", got, ok, want, wantOK)
				}
			case operation == 4:
				got, ok := r.Take(now)
				if want, wantOK := c.take(now); got != want.subject || ok != wantOK {
					t.Fatalf("Take: %d, %t; want %d, %t", got, ok, want.subject, wantOK)
				}
			}
			if r.Busy() != len(c.serving) || r.Waiting() != len(c.queue) {
				t.Fatalf("busy %d, waiting %d; want %d, %d", r.Busy(), r.Waiting(), len(c.serving), len(c.queue))
			}
		}
		r.advance(now)
		if got, want := r.served.big(), upTo(now, &c.served, c.serving); got.Cmp(want) != 0 {
			t.Fatalf("integral of the busy servers %v, want %v", got, want)
		}
		if got, want := r.queued.big(), upTo(now, &c.queued, c.queue); got.Cmp(want) != 0 {
			t.Fatalf("integral of the queue %v, want %v", got, want)
		}
	})
}

// TestIntegralCarries: 2^62 ns times 1,001 is more than 64 bits hold, and every
// fourth of them carries from the low half into the high one.
func TestIntegralCarries(t *testing.T) {
	var s integral
	for range 8 {
		s.add(1001, 1<<62)
	}
	want := new(big.Int).Lsh(big.NewInt(8008), 62)
	if s.big().Cmp(want) != 0 {
		t.Errorf("sum %v, want %v", s.big(), want)
	}
	if got := s.float(); got != 8008*0x1p62 {
		t.Errorf("float %v, want %v", got, 8008*0x1p62)
	}
}
