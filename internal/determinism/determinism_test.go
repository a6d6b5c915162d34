package determinism

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"pgregory.net/rapid"
)

// result runs a plan in one piece on so many workers, 0 for one a processor.
func result(t *testing.T, p *study.Plan, workers int) *study.Study {
	t.Helper()
	s, err := study.Run(context.Background(), p, study.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// whole is the hash of that.
func whole(t *testing.T, p *study.Plan, workers int) string {
	t.Helper()
	h, err := Hash(result(t, p, workers))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestWorkers: any number of workers gives the same bytes, for every scenario of the
// library.
func TestWorkers(t *testing.T) {
	for _, name := range scenarios.Library() {
		p, err := Plan(name, 700)
		if err != nil {
			t.Fatal(err)
		}
		want := whole(t, p, 1)
		for _, workers := range []int{2, 3, 8} {
			if got := whole(t, p, workers); got != want {
				t.Errorf("%s: %d workers give %s, one gives %s", name, workers, got, want)
			}
		}
	}
}

// TestSeedCounts: another seed and another number of changes give other bytes, so that
// equal hashes mean something.
func TestSeedCounts(t *testing.T) {
	seen := map[string]string{}
	for _, c := range []struct {
		what    string
		seed    uint64
		changes int
	}{{"seed 1", 1, 700}, {"seed 2", 2, 700}, {"more changes", 1, 800}} {
		p, err := Plan("checkout", c.changes)
		if err != nil {
			t.Fatal(err)
		}
		p.Seed = c.seed
		h := whole(t, p, 2)
		if seen[h] != "" {
			t.Errorf("%s and %s give the same hash", c.what, seen[h])
		}
		seen[h] = c.what
	}
}

// TestShards: any split into shards, merged in any order, with any number of workers in
// each, gives the bytes of one run.
func TestShards(t *testing.T) {
	p, err := Plan("checkout", 950) // the last replication is not full
	if err != nil {
		t.Fatal(err)
	}
	want := whole(t, p, 2)
	rapid.Check(t, func(t *rapid.T) {
		n := p.Replications()
		var shards []*study.Shard
		for first := 0; first < n; {
			count := rapid.IntRange(1, n-first).Draw(t, "count")
			s, err := study.RunShard(context.Background(), p, first, count, study.Options{Workers: rapid.IntRange(1, 3).Draw(t, "workers")})
			if err != nil {
				t.Fatal(err)
			}
			shards = append(shards, s)
			first += count
		}
		s, err := study.Merge(p, rapid.Permutation(shards).Draw(t, "order")...)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Hash(s); err != nil || got != want {
			t.Fatalf("%d shards give %s, one run gives %s (%v)", len(shards), got, want, err)
		}
	})
}

// TestStudySurvivesJSON: a study that was read back is written with the same bytes, so
// that a report made later is the same report.
func TestStudySurvivesJSON(t *testing.T) {
	p, err := Plan("checkout", 700)
	if err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(result(t, p, 0))
	if err != nil {
		t.Fatal(err)
	}
	var back study.Study
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(&back)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error(difference(first, second))
	}
}

// difference shows where two texts part.
func difference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("at byte %d: %q against %q", i, a[from:min(i+60, len(a))], b[from:min(i+60, len(b))])
}
