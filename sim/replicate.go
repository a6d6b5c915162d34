package sim

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Replications describes independent replications of one model for Replicate. W
// is what a worker owns, as a rule a pointer to a model with all its memory.
type Replications[W any] struct {
	// First is the index of the first replication and Count their number, both
	// at least 0. A shard is a part of the indices.
	First, Count int
	// Workers is the number of goroutines; 0 means one for each processor that
	// Go may use. More than Count are never started.
	Workers int
	// New makes what worker 0, 1, ... owns. It is called in the caller's
	// goroutine before the first replication.
	New func(worker int) W
	// Do runs one replication and stores its result in a place that belongs to
	// the index. What it stores must depend on the index only, not on what the
	// worker has done before.
	Do func(w W, index int)
	// Progress, unless nil, is told how many replications are done. It is called
	// in the caller's goroutine, never twice at the same time and never after
	// Replicate has returned; the numbers rise, and the last one is Count if
	// nothing stops the work. Numbers are left out when it is slow: the workers
	// never wait for it.
	Progress func(done int)
}

// Replicate runs each replication once. The results are the same for any number
// of workers, since each depends on its index only. Indices are handed out in
// rising order, in blocks, to whichever worker is free.
//
// It returns nil when all replications are done, and ctx.Err() if ctx ended
// before: each worker then finishes the replication it is at, and the others
// are left out. It returns only when all workers are at rest.
//
// If Do panics, Replicate panics in the caller's goroutine with a
// *ReplicationPanic. If it would panic for several indices, the lowest is
// reported, for any number of workers: those below it are run to the end. It
// panics if a number of r is negative, an index would be beyond 2^62, or a function
// other than Progress is nil.
func Replicate[W any](ctx context.Context, r Replications[W]) error {
	r.check()
	if err := ctx.Err(); err != nil || r.Count == 0 {
		return err
	}
	c := newCrew(r)
	defer context.AfterFunc(ctx, func() { c.stopAt(r.First) })()
	c.start()
	c.watch()
	switch {
	case c.failure != nil:
		panic(c.failure)
	case c.done.Load() < int64(r.Count):
		return ctx.Err()
	}
	return nil
}

// ReplicationPanic is what Replicate panics with when a replication has panicked.
type ReplicationPanic struct {
	Index int    // the replication
	Value any    // what Do panicked with; a text if it called runtime.Goexit
	Stack []byte // the worker's stack at the panic, as debug.Stack formats it
}

// Error names the replication and tells its panic and stack.
func (p *ReplicationPanic) Error() string {
	return fmt.Sprintf("sim: replication %d panicked: %v\n\n%s", p.Index, p.Value, p.Stack)
}

// Unwrap returns Value if it is an error, else nil.
func (p *ReplicationPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// maxIndex bounds the indices, so that handing out blocks cannot overflow.
const maxIndex = 1 << 62

// check panics if the description makes no sense.
func (r *Replications[W]) check() {
	switch {
	case min(r.First, r.Count, r.Workers) < 0:
		panic("sim: Replications with a negative number")
	case int64(r.First) > maxIndex-int64(r.Count):
		panic("sim: Replications with an index beyond 2^62")
	case r.New == nil || r.Do == nil:
		panic("sim: Replications without New or Do")
	}
}

// A crew is the workers at their common work.
type crew[W any] struct {
	Replications[W]
	block int64 // indices handed out at a time
	end   int64 // the index after the last

	next  atomic.Int64  // the first index not handed out
	limit atomic.Int64  // indices from here on are not begun
	done  atomic.Int64  // replications
	news  chan struct{} // holds a token when done has changed
	home  chan struct{} // closed when all workers are at rest

	mutex   sync.Mutex
	failure *ReplicationPanic // the one of the lowest index
}

func newCrew[W any](r Replications[W]) *crew[W] {
	if r.Workers == 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	r.Workers = min(r.Workers, r.Count)
	c := &crew[W]{Replications: r, news: make(chan struct{}, 1), home: make(chan struct{})}
	// A block costs one atomic addition, which 256 short replications do not
	// feel; 16 blocks a worker keep the wait for the last one short.
	c.block = int64(max(1, min(256, r.Count/(16*r.Workers))))
	c.end = int64(r.First + r.Count)
	c.next.Store(int64(r.First))
	c.limit.Store(c.end)
	return c
}

// start sends the workers out.
func (c *crew[W]) start() {
	owned := make([]W, c.Workers)
	for i := range owned {
		owned[i] = c.New(i)
	}
	var out sync.WaitGroup
	for _, w := range owned {
		out.Go(func() { c.work(w) })
	}
	go func() {
		out.Wait()
		close(c.home)
	}()
}

// watch reports progress until all workers are at rest, also if the report panics.
func (c *crew[W]) watch() {
	defer func() {
		c.stopAt(c.First)
		<-c.home
	}()
	told := int64(0)
	tell := func() {
		if done := c.done.Load(); c.Progress != nil && done > told {
			told = done
			c.Progress(int(done))
		}
	}
	for {
		select {
		case <-c.news:
			tell()
		case <-c.home:
			tell()
			return
		}
	}
}

// work runs blocks of replications until there are none or the limit is reached.
func (c *crew[W]) work(w W) {
	index, finished := int64(0), false
	defer func() {
		if !finished {
			c.fail(int(index), recover())
		}
	}()
	for !finished {
		first := c.next.Add(c.block) - c.block
		last := min(first+c.block, c.end)
		for index = first; index < last && index < c.limit.Load(); index++ {
			c.Do(w, int(index))
		}
		c.report(index - first)
		finished = index < last || last == c.end
		runtime.Gosched() // lets watch tell the news where nothing preempts, as in a browser
	}
}

// report counts replications as done.
func (c *crew[W]) report(n int64) {
	if n <= 0 {
		return
	}
	c.done.Add(n)
	select {
	case c.news <- struct{}{}:
	default: // there is news already
	}
}

// fail keeps the panic of the lowest index.
func (c *crew[W]) fail(index int, value any) {
	if value == nil {
		value = "runtime.Goexit was called"
	}
	p := &ReplicationPanic{Index: index, Value: value, Stack: debug.Stack()}
	c.mutex.Lock()
	if c.failure == nil || index < c.failure.Index {
		c.failure = p
	}
	c.mutex.Unlock()
	c.stopAt(index)
}

// stopAt lowers the limit: no replication from index on will be begun.
func (c *crew[W]) stopAt(index int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if int64(index) < c.limit.Load() {
		c.limit.Store(int64(index))
	}
}
