package detector

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// TestSameBits: every kind says the same on every machine, to the nanosecond.
// A change of this number changes published results, and must be meant.
func TestSameBits(t *testing.T) {
	const want = 0xf3bc677c02ed5962
	h, detectors := fnv.New64a(), all(t)
	for _, name := range slices.Sorted(maps.Keys(detectors)) {
		m := detectors[name].Monitor(1)
		for release := range uint64(500) {
			tr := &trip{legs: []leg{{0.013, 7.7}, {0.21, 5.3}, {1, 60.1}},
				window: models.Window{Requests: 1237.7, Users: 100, Errors: 0.021, Clock: daily()}}
			tr.window.Signals = []models.Signal{broken(0.0213)}
			tr.window.Signals[0].From, tr.window.Luck.Release = span(1.37), release
			v := tr.ride(m, release).verdict
			if err := binary.Write(h, binary.LittleEndian, []int64{int64(v.At), int64(v.Signal)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := h.Sum64(); got != want {
		t.Errorf("the verdicts hash to %#x, want %#x", got, uint64(want))
	}
}
