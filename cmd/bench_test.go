package cmd

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

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

// ordinaryManifest is the canary of the command-line tests, with its template.
func ordinaryManifest(t testing.TB) string {
	t.Helper()
	archive, err := os.ReadFile("testdata/script/assess.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(archive), "-- shop.yaml --\n")
	text, _, _ = strings.Cut(text, "-- copy.yaml --\n")
	return text
}

// BenchmarkAssess is the whole command on an ordinary manifest, but for the start of the
// process.
func BenchmarkAssess(b *testing.B) {
	text := ordinaryManifest(b)
	for b.Loop() {
		if code := Main([]string{"assess", "-"}, strings.NewReader(text), io.Discard, io.Discard); code != exitDone {
			b.Fatal(code)
		}
	}
}

// TestAssessIsQuick: an ordinary manifest is assessed in under a second.
func TestAssessIsQuick(t *testing.T) {
	text, began := ordinaryManifest(t), time.Now()
	if code := Main([]string{"assess", "-"}, strings.NewReader(text), io.Discard, io.Discard); code != exitDone {
		t.Fatal(code)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
}
