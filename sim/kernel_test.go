package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// diary is a model that writes down what happens to it.
type diary struct {
	k     Kernel[diary]
	lines []string
	chain int   // how many events ahead each noted event schedules
	last  Event // what At returned last
}

func newDiary() *diary {
	d := new(diary)
	d.k.Reset(d)
	return d
}

func (d *diary) noted(subject int32) {
	d.lines = append(d.lines, fmt.Sprintf("%d@%d", subject, int64(d.k.Now())))
}

func (d *diary) notedAndStopped(subject int32) {
	d.noted(subject)
	d.k.Stop()
}

// chained schedules another for the same moment, d.chain times.
func (d *diary) chained(subject int32) {
	d.noted(subject)
	if d.chain > 0 {
		d.chain--
		d.k.After(0, (*diary).chained, subject+1)
	}
}

// want compares the diary with the expected words.
func (d *diary) want(t *testing.T, words string) {
	t.Helper()
	if got := strings.Join(d.lines, " "); got != words {
		t.Errorf("happened: %q, want %q", got, words)
	}
}

func TestKernelOrder(t *testing.T) {
	d := newDiary()
	d.k.At(5, (*diary).noted, 1)
	d.k.At(3, (*diary).noted, 2)
	d.k.At(5, (*diary).noted, 3)
	d.k.At(0, (*diary).noted, 4)
	d.k.After(3, (*diary).noted, 5)
	d.k.Run(Forever)
	d.want(t, "4@0 2@3 5@3 1@5 3@5")
	if d.k.Now() != 5 || d.k.Events() != 5 || d.k.Pending() != 0 {
		t.Errorf("now %d, events %d, pending %d; want 5, 5, 0", d.k.Now(), d.k.Events(), d.k.Pending())
	}
}

// TestKernelNowComesLast: an event for the present moment waits for its turn
// behind those already scheduled for it.
func TestKernelNowComesLast(t *testing.T) {
	d := newDiary()
	d.chain = 2
	d.k.At(7, (*diary).chained, 10)
	d.k.At(7, (*diary).noted, 1)
	d.k.At(8, (*diary).noted, 2)
	d.k.Run(Forever)
	d.want(t, "10@7 1@7 11@7 12@7 2@8")
}

func TestKernelRunUntil(t *testing.T) {
	d := newDiary()
	for _, at := range []time.Duration{10, 20, 30} {
		d.k.At(at, (*diary).noted, int32(at))
	}
	d.k.Run(9)
	d.want(t, "")
	if d.k.Now() != 9 {
		t.Errorf("the clock is at %d after Run(9) with an event pending", d.k.Now())
	}
	d.k.Run(20) // inclusive
	d.want(t, "10@10 20@20")
	d.k.Run(20) // again, to no effect
	d.k.At(20, (*diary).noted, 21)
	d.k.Run(25)
	d.want(t, "10@10 20@20 21@20")
	if d.k.Now() != 25 || d.k.Pending() != 1 {
		t.Errorf("now %d, pending %d; want 25, 1", d.k.Now(), d.k.Pending())
	}
	d.k.Run(1000)
	if d.k.Now() != 30 {
		t.Errorf("the clock is at %d, want 30: the list ran dry there", d.k.Now())
	}
	d.k.At(Forever, (*diary).noted, 99)
	d.k.Run(Forever)
	if d.k.Now() != Forever || d.k.Events() != 5 {
		t.Errorf("now %d, events %d: an event at Forever happens too", d.k.Now(), d.k.Events())
	}
}

func TestKernelStop(t *testing.T) {
	d := newDiary()
	d.k.Stop() // outside of Run: nothing
	d.k.At(1, (*diary).notedAndStopped, 1)
	d.k.At(1, (*diary).noted, 2)
	d.k.Run(50)
	d.want(t, "1@1")
	if d.k.Now() != 1 || d.k.Pending() != 1 {
		t.Errorf("now %d, pending %d; want 1, 1", d.k.Now(), d.k.Pending())
	}
	d.k.Run(50)
	d.want(t, "1@1 2@1")
}

func TestKernelReset(t *testing.T) {
	d := newDiary()
	var names []Event
	for i := range int32(500) {
		names = append(names, d.k.At(time.Duration(i), (*diary).noted, i))
	}
	d.k.Run(100)
	d.lines = nil
	d.k.Reset(d)
	for i, e := range names {
		if d.k.Cancel(e) {
			t.Fatalf("event %d outlived Reset", i)
		}
	}
	for i := range int32(500) {
		d.k.At(0, (*diary).noted, i)
	}
	if len(d.k.actions) > 500 {
		t.Errorf("memory for %d events, but never more than 500 were pending", len(d.k.actions))
	}
	d.k.Reset(d)
	if d.k.Now() != 0 || d.k.Pending() != 0 || d.k.Events() != 0 {
		t.Fatalf("after Reset: now %d, pending %d, events %d", d.k.Now(), d.k.Pending(), d.k.Events())
	}
	d.k.At(2, (*diary).noted, 7)
	d.k.Run(Forever)
	d.want(t, "7@2")
}

// resets is a handler that starts its own replication anew.
func (d *diary) resets(subject int32) {
	d.noted(subject)
	d.k.Reset(d)
	d.k.At(4, (*diary).noted, subject+1)
}

func TestKernelResetInsideHandler(t *testing.T) {
	d := newDiary()
	d.k.At(9, (*diary).resets, 1)
	d.k.At(9, (*diary).noted, 5)
	d.k.Run(Forever)
	d.want(t, "1@9")
	d.k.Run(Forever)
	d.want(t, "1@9 2@4")
}

func TestKernelCancel(t *testing.T) {
	d := newDiary()
	check := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("Cancel of %s: %t, want %t", what, got, want)
		}
	}
	first := d.k.At(1, (*diary).noted, 1)
	second := d.k.At(2, (*diary).noted, 2)
	d.k.At(3, (*diary).noted, 3)
	check("the zero Event", d.k.Cancel(Event{}), false)
	check("a pending event", d.k.Cancel(second), true)
	check("a cancelled event", d.k.Cancel(second), false)
	if d.k.Pending() != 2 {
		t.Errorf("%d pending, want 2", d.k.Pending())
	}
	d.k.Run(Forever)
	d.want(t, "1@1 3@3")
	if d.k.Events() != 2 {
		t.Errorf("%d events, want 2: a cancelled one does not happen", d.k.Events())
	}
	check("an event of the past", d.k.Cancel(first), false)
	reused := d.k.At(4, (*diary).noted, 4)
	check("an event whose memory is used again", d.k.Cancel(first) || d.k.Cancel(second), false)
	d.k.Reset(d)
	check("an event from before Reset", d.k.Cancel(reused), false)
	check("an event of a larger kernel", d.k.Cancel(Event{place: 1000, generation: 1}), false)
}

// cancelsItself tries to cancel the event that is happening.
func (d *diary) cancelsItself(int32) {
	d.lines = append(d.lines, fmt.Sprint(d.k.Cancel(d.last)))
}

func TestKernelCancelOfTheHappening(t *testing.T) {
	d := newDiary()
	d.last = d.k.At(1, (*diary).cancelsItself, 0)
	d.k.Run(Forever)
	d.want(t, "false")
}

// TestKernelCancelledLeavesNoTrace: the clock neither stops at a cancelled event
// nor waits for it.
func TestKernelCancelledLeavesNoTrace(t *testing.T) {
	d := newDiary()
	d.k.At(1, (*diary).noted, 1)
	d.k.Cancel(d.k.At(5, (*diary).noted, 5))
	d.k.Cancel(d.k.At(50, (*diary).noted, 50))
	d.k.Run(20)
	if d.k.Now() != 1 || d.k.Pending() != 0 {
		t.Errorf("now %d, pending %d; want 1, 0", d.k.Now(), d.k.Pending())
	}
	d.k.Run(Forever)
	d.want(t, "1@1")
}

// nests calls Run inside of Run.
func (d *diary) nests(int32) { d.k.Run(Forever) }

// TestKernelPanics holds the faults of a programmer and what they say.
func TestKernelPanics(t *testing.T) {
	at := func(now time.Duration) *diary {
		d := newDiary()
		d.k.At(now, (*diary).noted, 0)
		d.k.Run(now)
		return d
	}
	cases := []struct {
		name, want string
		fault      func()
	}{
		{"the past", "sim: event at 4ns, but it is 5ns already", func() { at(5).k.At(4, (*diary).noted, 0) }},
		{"a negative time", "sim: event at -1ns, but it is 0s already", func() { newDiary().k.At(-1, (*diary).noted, 0) }},
		{"a negative wait", "sim: event at 4ns, but it is 5ns already", func() { at(5).k.After(-1, (*diary).noted, 0) }},
		{"beyond Forever", "sim: event at -", func() { at(5).k.After(math.MaxInt64-4, (*diary).noted, 0) }},
		{"no handler", "sim: event without a handler", func() { newDiary().k.At(1, nil, 0) }},
		{"no model", "sim: Reset without a model", func() { new(Kernel[diary]).Reset(nil) }},
		{"no Reset", "sim: Run before Reset", func() { new(Kernel[diary]).Run(1) }},
		{"Run into the past", "sim: Run at 4ns, but it is 5ns already", func() { at(5).k.Run(4) }},
		{"Run in Run", "sim: Run inside a handler", func() {
			d := newDiary()
			d.k.At(1, (*diary).nests, 0)
			d.k.Run(Forever)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantPanic(t, c.want, c.fault) })
	}
}

// wantPanic runs fault and checks the beginning of the panic's text.
func wantPanic(t *testing.T, want string, fault func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	fault()
}

// TestKernelAfterPanic: Reset makes a kernel whole again whose handler panicked.
func TestKernelAfterPanic(t *testing.T) {
	d := newDiary()
	d.k.At(1, (*diary).nests, 0)
	wantPanic(t, "sim: Run inside", func() { d.k.Run(Forever) })
	d.k.Reset(d)
	d.k.At(1, (*diary).noted, 3)
	d.k.Run(Forever)
	d.want(t, "3@1")
}

// A plan is the kernel at its plainest, for comparison: a list of what is to
// come, sorted anew at every step.
type plan struct {
	now    int64
	coming []planned
}

type planned struct {
	time    int64
	subject int32
	event   Event
}

// run returns what happens until then, in the diary's words.
func (p *plan) run(until int64) (lines []string) {
	slices.SortStableFunc(p.coming, func(a, b planned) int { return int(a.time - b.time) })
	for len(p.coming) > 0 && p.coming[0].time <= until {
		p.now = p.coming[0].time
		lines = append(lines, fmt.Sprintf("%d@%d", p.coming[0].subject, p.now))
		p.coming = p.coming[1:]
	}
	if len(p.coming) > 0 {
		p.now = until
	}
	return lines
}

// cancel removes the event and reports whether it was still to come.
func (p *plan) cancel(e Event) bool {
	i := slices.IndexFunc(p.coming, func(c planned) bool { return c.event == e })
	if i < 0 {
		return false
	}
	p.coming = slices.Delete(p.coming, i, i+1)
	return true
}

// TestKernelAgainstPlan: scheduling, cancelling and running in any order agree
// with the plan; no two events ever share a name.
func TestKernelAgainstPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, p := newDiary(), new(plan)
		var names []Event
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				n := rapid.IntRange(1, 40).Draw(t, "events")
				ahead := rapid.Int64Range(0, 20).Draw(t, "ahead")
				for i := range n {
					c := planned{time: p.now + ahead*int64(i%3), subject: int32(len(names))}
					c.event = d.k.At(time.Duration(c.time), (*diary).noted, c.subject)
					if slices.Contains(names, c.event) {
						t.Fatalf("the name %v was given twice", c.event)
					}
					p.coming, names = append(p.coming, c), append(names, c.event)
				}
			case 2:
				if len(names) > 0 {
					e := rapid.SampledFrom(names).Draw(t, "name")
					if got, want := d.k.Cancel(e), p.cancel(e); got != want {
						t.Fatalf("Cancel: %t, want %t", got, want)
					}
				}
			case 3:
				until := p.now + rapid.Int64Range(0, 30).Draw(t, "until")
				want := p.run(until)
				d.lines = nil
				d.k.Run(time.Duration(until))
				if !slices.Equal(d.lines, want) {
					t.Fatalf("happened %v, want %v", d.lines, want)
				}
			}
			if int64(d.k.Now()) != p.now || d.k.Pending() != len(p.coming) {
				t.Fatalf("now %d, pending %d; want %d, %d", d.k.Now(), d.k.Pending(), p.now, len(p.coming))
			}
		}
	})
}
