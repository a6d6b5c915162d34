package cmd

import (
	"context"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// BenchmarkScenario is a whole study of each library scenario, statistics
// included. ns/change is the time of one change through all its alternatives.
func BenchmarkScenario(b *testing.B) {
	for _, name := range scenarios.Library() {
		b.Run(name, func(b *testing.B) {
			plan, err := planOf(context.Background(), nil, name, scenarios.Options{Seed: 1, Changes: 20_000})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := study.Run(context.Background(), plan, study.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*plan.Changes), "ns/change")
		})
	}
}
