package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// The names of the streams that the benchmarks draw from.
func benchKeys() (arrivals, services rng.Key) {
	return rng.NewKey(1, "benchmark/arrivals"), rng.NewKey(1, "benchmark/services")
}

// mm1 is the queue M/M/1, as small as it can be written on a Kernel: the number
// of those present is the whole state.
type mm1 struct {
	k                  sim.Kernel[mm1]
	arrivals, services rng.Stream
	gap                float64 // mean time between arrivals, in mean service times
	left               int     // customers still to come
	present            int
}

func (q *mm1) run(customers int) {
	q.k.Reset(q)
	q.left, q.present = customers, 0
	q.k.After(q.nextGap(), (*mm1).arrives, 0)
	q.k.Run(sim.Forever)
}

func (q *mm1) nextGap() time.Duration {
	return time.Duration(q.arrivals.Exponential() * q.gap * 1e9)
}

func (q *mm1) nextService() time.Duration {
	return time.Duration(q.services.Exponential() * 1e9)
}

func (q *mm1) arrives(customer int32) {
	q.left--
	if q.left > 0 {
		q.k.After(q.nextGap(), (*mm1).arrives, customer+1)
	}
	q.present++
	if q.present == 1 {
		q.k.After(q.nextService(), (*mm1).served, customer)
	}
}

func (q *mm1) served(customer int32) {
	q.present--
	if q.present > 0 {
		q.k.After(q.nextService(), (*mm1).served, customer+1)
	}
}

// BenchmarkMM1 is the kernel's yardstick: arrival rate 0.9, service rate 1, a
// million arrivals, two million events, one thread. Target: 45 ns an event.
func BenchmarkMM1(b *testing.B) {
	arrivals, services := benchKeys()
	q := &mm1{gap: 1 / 0.9}
	q.run(1000) // to grow its memory
	events, replication := uint64(0), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		q.arrivals = arrivals.Stream(0, replication, 0)
		q.services = services.Stream(0, replication, 0)
		q.run(1_000_000)
		events += q.k.Events()
		replication++
	}
	perEvent(b, events)
}

// hold is the classic test of an event list (Vaucher and Duval, 1975): each event
// schedules one more, so that the number pending stays the same.
type hold struct {
	k    sim.Kernel[hold]
	gaps []time.Duration
	left int
}

func (h *hold) happens(subject int32) {
	if h.left == 0 {
		h.k.Stop()
	}
	h.left--
	h.k.After(h.gaps[h.left&(len(h.gaps)-1)], (*hold).happens, subject)
}

// BenchmarkHold is one removal and one insertion by the number of pending events,
// with exponential gaps. Target: 70 ns at 16 pending.
func BenchmarkHold(b *testing.B) {
	key, _ := benchKeys()
	stream := key.Stream(0, 0, 0)
	gaps := make([]time.Duration, 1<<14)
	for i := range gaps {
		gaps[i] = time.Duration(stream.Exponential() * 1e9)
	}
	for _, pending := range []int{2, 16, 64, 256, 4096, 65536} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			h := &hold{gaps: gaps}
			h.k.Reset(h)
			for i := range pending {
				h.k.After(gaps[i%len(gaps)], (*hold).happens, int32(i))
			}
			h.left = 5 * pending
			h.k.Run(sim.Forever)
			b.ReportAllocs()
			b.ResetTimer()
			h.left = b.N
			h.k.Run(sim.Forever)
			perEvent(b, uint64(b.N))
		})
	}
}

// BenchmarkTinyReplication is what a replication costs at least: fresh streams,
// Reset, and 20 events. Target: 1,100 ns.
func BenchmarkTinyReplication(b *testing.B) {
	arrivals, services := benchKeys()
	q := &mm1{gap: 1 / 0.9}
	q.run(1000)
	events, replication := uint64(0), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		q.arrivals = arrivals.Stream(0, replication, 0)
		q.services = services.Stream(0, replication, 0)
		q.run(10)
		events += q.k.Events()
		replication++
	}
	perEvent(b, events)
}

// BenchmarkReplicate is a tiny replication handed out to one and to two workers:
// what is above BenchmarkTinyReplication is the price of Replicate.
func BenchmarkReplicate(b *testing.B) {
	arrivals, services := benchKeys()
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			err := sim.Replicate(b.Context(), sim.Replications[*mm1]{
				Count: b.N, Workers: workers,
				New: func(int) *mm1 { return &mm1{gap: 1 / 0.9} },
				Do: func(q *mm1, index int) {
					q.arrivals = arrivals.Stream(0, uint64(index), 0)
					q.services = services.Stream(0, uint64(index), 0)
					q.run(10)
				},
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

// perEvent reports the time of an event.
func perEvent(b *testing.B, events uint64) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}
