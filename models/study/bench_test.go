package study

import (
	"context"
	"testing"
)

// BenchmarkStudy is a whole study of two small pipelines, statistics included.
func BenchmarkStudy(b *testing.B) {
	p := twoRamps(3)
	p.Changes = 100_000
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(context.Background(), p, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*p.Changes), "ns/change")
}

// BenchmarkReduce is the statistics alone.
func BenchmarkReduce(b *testing.B) {
	p := twoRamps(3)
	p.Changes = 100_000
	s, err := RunShard(context.Background(), p, 0, p.Replications(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		reduce(p, s)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*p.Changes), "ns/change")
}

// BenchmarkExposures is what who is on which defective change costs the reduction.
func BenchmarkExposures(b *testing.B) {
	p := twoRamps(3)
	p.Changes = 20_000
	s, err := RunShard(context.Background(), p, 0, p.Replications(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	r := &reduction{p: p, all: s, study: &Study{Alternatives: make([]Alternative, len(s.Rows))}}
	for b.Loop() {
		r.exposures()
	}
}
