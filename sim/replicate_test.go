package sim_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/sim"
)

// TestReplicateAnyWorkers: the same bits for 1, 2, 3 and 8 workers, and for
// shards, from a model that carries its memory from one replication to the next.
func TestReplicateAnyWorkers(t *testing.T) {
	const n = 300
	measure := func(workers int, shards ...int) []uint64 {
		bits := make([]uint64, n)
		for i, first := range shards[:len(shards)-1] {
			err := sim.Replicate(t.Context(), sim.Replications[*station]{
				First: first, Count: shards[i+1] - first, Workers: workers,
				New: func(int) *station {
					return &station{name: "workers", rate: 0.9, batch: 1, servers: 1, urgent: 0.2,
						service: exponential(1), horizon: 30}
				},
				Do: func(s *station, index int) { bits[index] = math.Float64bits(s.replicate(index)["W"].sum) },
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return bits
	}
	want := measure(1, 0, n)
	if distinct := slices.Compact(slices.Sorted(slices.Values(want))); len(distinct) < n {
		t.Fatalf("only %d different results in %d replications", len(distinct), n)
	}
	for _, workers := range []int{0, 2, 3, 8} {
		if !slices.Equal(measure(workers, 0, n), want) {
			t.Errorf("%d workers find other results than one", workers)
		}
	}
	if !slices.Equal(measure(2, 0, 1, 100, n), want) {
		t.Error("three shards find other results than one")
	}
}

// counter replicates by counting how often each index was done.
type counter struct {
	times []atomic.Int32
}

func newCounter(n int) *counter { return &counter{times: make([]atomic.Int32, n)} }

func (c *counter) replications(workers int) sim.Replications[int] {
	return sim.Replications[int]{
		Count: len(c.times), Workers: workers,
		New: func(worker int) int { return worker },
		Do:  func(_, index int) { c.times[index].Add(1) },
	}
}

// done returns how many indices were done, and fails if one was done twice.
func (c *counter) done(t *testing.T) (n int) {
	t.Helper()
	for i := range c.times {
		switch times := c.times[i].Load(); {
		case times > 1:
			t.Fatalf("replication %d was done %d times", i, times)
		case times == 1:
			n++
		}
	}
	return n
}

func TestReplicateEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 255, 256, 257, 5000, 20001} {
		for _, workers := range []int{0, 1, 2, 3, 8} {
			c := newCounter(n)
			if err := sim.Replicate(t.Context(), c.replications(workers)); err != nil {
				t.Fatal(err)
			}
			if done := c.done(t); done != n {
				t.Errorf("%d workers have done %d of %d replications", workers, done, n)
			}
		}
	}
}

// TestReplicateNew: one W for each worker that is started, made in order and used
// by one goroutine at a time.
func TestReplicateNew(t *testing.T) {
	for _, c := range []struct{ count, workers, want int }{{100, 3, 3}, {2, 8, 2}, {0, 4, 0}, {1000, 0, runtime.GOMAXPROCS(0)}} {
		var made []int
		busy := make([]atomic.Bool, 64)
		r := sim.Replications[int]{
			Count: c.count, Workers: c.workers,
			New: func(worker int) int { made = append(made, worker); return worker },
			Do: func(worker, _ int) {
				if !busy[worker].CompareAndSwap(false, true) {
					t.Error("two goroutines share a worker's memory")
				}
				runtime.Gosched()
				busy[worker].Store(false)
			},
		}
		if err := sim.Replicate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if len(made) != c.want || !slices.IsSorted(made) {
			t.Errorf("%d replications on %d workers: made %v, want %d", c.count, c.workers, made, c.want)
		}
	}
}

// TestReplicateProgress holds the contract of Progress; the race detector proves
// that it runs in the caller's goroutine, since told is not guarded.
func TestReplicateProgress(t *testing.T) {
	for _, workers := range []int{1, 2, 8} {
		var told []int
		r := newCounter(10000).replications(workers)
		r.Progress = func(done int) { told = append(told, done) }
		if err := sim.Replicate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if len(told) == 0 || told[0] < 1 || told[len(told)-1] != 10000 {
			t.Fatalf("%d workers: told %v, want the last to be 10000", workers, told)
		}
		for i := 1; i < len(told); i++ {
			if told[i] <= told[i-1] {
				t.Fatalf("told %d after %d", told[i], told[i-1])
			}
		}
	}
}

// TestReplicateSlowProgress: the workers finish while Progress still looks at its
// first number, and what was missed is told in the end.
func TestReplicateSlowProgress(t *testing.T) {
	for range 20 {
		c := newCounter(2000)
		r := c.replications(2)
		asked := make(chan struct{})
		r.Do = func(_, index int) {
			if index == 1999 { // so that the first call comes before the end
				<-asked
			}
			c.times[index].Add(1)
		}
		var told []int
		r.Progress = func(done int) {
			told = append(told, done)
			if len(told) == 1 {
				close(asked)
			}
			for c.done(t) < 2000 {
				runtime.Gosched()
			}
			time.Sleep(time.Millisecond) // until the workers are at rest, as a rule
		}
		if err := sim.Replicate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if told[len(told)-1] != 2000 {
			t.Fatalf("told %v, want the last to be 2000", told)
		}
	}
}

func TestReplicateCancelled(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 8} {
		ctx, cancel := context.WithCancel(t.Context())
		c := newCounter(50_000)
		r := c.replications(workers)
		r.Do = func(_, index int) {
			if c.times[index].Add(1); index >= 1000 {
				cancel()
				time.Sleep(100 * time.Microsecond)
			}
		}
		if err := sim.Replicate(ctx, r); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want %v", err, context.Canceled)
		}
		// The news of the end takes a moment to spread, but not the second that
		// half of the replications would take.
		if done := c.done(t); done < 1 || done > 25_000 {
			t.Errorf("%d workers: %d replications done", workers, done)
		}
	}
}

func TestReplicateCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("no time"))
	r := newCounter(10).replications(1)
	r.New = func(int) int { t.Error("a worker was made"); return 0 }
	if err := sim.Replicate(ctx, r); err != context.Canceled {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// TestReplicateCancelledTooLate: what is complete is no error.
func TestReplicateCancelledTooLate(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := newCounter(1).replications(1)
	r.Do = func(_, _ int) { cancel() }
	if err := sim.Replicate(ctx, r); err != nil {
		t.Errorf("error %v after the only replication was done", err)
	}
}

// failure runs r and returns what it panics with.
func failure(t *testing.T, r sim.Replications[int]) (p *sim.ReplicationPanic) {
	t.Helper()
	defer func() {
		t.Helper()
		var ok bool
		if p, ok = recover().(*sim.ReplicationPanic); !ok {
			t.Fatal("no *ReplicationPanic")
		}
	}()
	err := sim.Replicate(t.Context(), r)
	t.Fatalf("no panic, error %v", err)
	return nil
}

var errFault = errors.New("a fault of the model")

func breaks() { panic(errFault) }

// TestReplicatePanic: of all the indices that panic the lowest is reported, and
// those below it are done, whatever the number of workers.
func TestReplicatePanic(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 8} {
		for _, lowest := range []int{0, 1, 255, 777, 4999} {
			c := newCounter(5000)
			r := c.replications(workers)
			r.Do = func(_, index int) {
				if index == lowest || index > lowest && index%3 == 0 {
					breaks()
				}
				c.times[index].Add(1)
			}
			p := failure(t, r)
			if p.Index != lowest || p.Value != errFault || !errors.Is(p, errFault) {
				t.Fatalf("%d workers: replication %d panicked with %v, want %d with %v",
					workers, p.Index, p.Value, lowest, errFault)
			}
			for i := range lowest {
				if c.times[i].Load() != 1 {
					t.Fatalf("%d workers: replication %d below %d was not done", workers, i, lowest)
				}
			}
			text := p.Error()
			if !strings.HasPrefix(text, fmt.Sprintf("sim: replication %d panicked: a fault of the model\n", lowest)) ||
				!strings.Contains(text, "sim_test.breaks") {
				t.Fatalf("the text does not tell index, value and stack: %s", text)
			}
		}
	}
}

// TestReplicatePanicsMeet: index 0 waits until index 2 has panicked. With two workers the
// blocks are of two indices, so that index 1 has not begun by then: it must be
// run all the same, and if it panics, too, it is the one to report.
func TestReplicatePanicsMeet(t *testing.T) {
	second := make(chan struct{})
	r := newCounter(64).replications(2)
	r.Do = func(_, index int) {
		switch index {
		case 0:
			<-second
			time.Sleep(10 * time.Millisecond) // until the panic has arrived, as a rule
		case 1:
			breaks()
		case 2:
			close(second)
			breaks()
		}
	}
	if p := failure(t, r); p.Index != 1 {
		t.Errorf("replication %d is reported, want 1", p.Index)
	}
}

// TestReplicatePanicsLate: a higher index that panics after a lower one does not
// take its place.
func TestReplicatePanicsLate(t *testing.T) {
	begun, first := make(chan struct{}), make(chan struct{})
	r := newCounter(2).replications(2)
	r.Do = func(_, index int) {
		if index == 0 {
			<-begun
			close(first)
			breaks()
		}
		close(begun)
		<-first
		time.Sleep(10 * time.Millisecond)
		breaks()
	}
	if p := failure(t, r); p.Index != 0 {
		t.Errorf("replication %d is reported, want 0", p.Index)
	}
}

func TestReplicatePanicOfAText(t *testing.T) {
	r := newCounter(1).replications(1)
	r.First = 41
	r.Do = func(_, _ int) { panic("lost") }
	if p := failure(t, r); p.Index != 41 || p.Value != "lost" || errors.Unwrap(p) != nil {
		t.Errorf("replication %d panicked with %v, wrapped %v", p.Index, p.Value, errors.Unwrap(p))
	}
}

// TestReplicateGoexit: a worker that leaves without a panic is one, too.
func TestReplicateGoexit(t *testing.T) {
	r := newCounter(50).replications(2)
	r.Do = func(_, index int) {
		if index == 7 {
			runtime.Goexit()
		}
	}
	if p := failure(t, r); p.Index != 7 || p.Value != "runtime.Goexit was called" {
		t.Errorf("replication %d panicked with %v", p.Index, p.Value)
	}
}

// TestReplicateRestsAfterwards: when Progress panics, no worker runs on behind the
// caller's back.
func TestReplicateRestsAfterwards(t *testing.T) {
	var running sync.WaitGroup
	var inside atomic.Int32
	r := newCounter(100_000).replications(3)
	r.Do = func(_, _ int) { inside.Add(1); runtime.Gosched(); inside.Add(-1) }
	r.Progress = func(int) { panic("progress fails") }
	running.Go(func() {
		defer func() {
			if value := recover(); value != "progress fails" {
				t.Errorf("panic %v", value)
			}
		}()
		_ = sim.Replicate(context.Background(), r)
	})
	running.Wait()
	if n := inside.Load(); n != 0 {
		t.Errorf("%d workers are still running", n)
	}
}

func TestReplicateMisuse(t *testing.T) {
	whole := newCounter(1).replications(1)
	for _, c := range []struct {
		want  string
		spoil func(r *sim.Replications[int])
	}{
		{"sim: Replications with a negative number", func(r *sim.Replications[int]) { r.Count = -1 }},
		{"sim: Replications with a negative number", func(r *sim.Replications[int]) { r.First = -1 }},
		{"sim: Replications with a negative number", func(r *sim.Replications[int]) { r.Workers = -1 }},
		{"sim: Replications with an index beyond 2^62", func(r *sim.Replications[int]) { r.First = math.MaxInt }},
		{"sim: Replications without New or Do", func(r *sim.Replications[int]) { r.New = nil }},
		{"sim: Replications without New or Do", func(r *sim.Replications[int]) { r.Do = nil }},
	} {
		r := whole
		c.spoil(&r)
		func() {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("panic %v, want %q", got, c.want)
				}
			}()
			_ = sim.Replicate(t.Context(), r)
		}()
	}
}
