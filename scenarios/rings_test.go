package scenarios

import (
	"slices"
	"strings"
	"testing"
)

// Other rings are what the changed scenario says, and nothing else changes.
func TestWithRings(t *testing.T) {
	for _, name := range Library() {
		data, _ := Builtin(name)
		s, faults := Decode(name, data)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		for _, p := range s.world.Pipelines {
			want := []RingStep{{0.002, 0.75}, {0.3, 26}, {1, 0}}
			changed, faults := s.WithRings(p.Name, want)
			if len(faults) > 0 {
				t.Logf("%s/%s: %v", name, p.Name, faults)
				continue
			}
			if got, f := changed.Rings(p.Name); f != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v %v", p.Name, got, f)
			}
			stated, _ := s.Rings(p.Name)
			back, faults := changed.WithRings(p.Name, stated)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if a, b := string(s.Explicit()), string(back.Explicit()); a != b && !strings.Contains(a, "ramp_slots") {
				t.Errorf("%s/%s: there and back changes the scenario", name, p.Name)
			}
			for k, q := range s.world.Pipelines {
				if q.Name != p.Name && len(changed.world.Pipelines[k].Stages) != len(q.Stages) {
					t.Errorf("%s: %s has other stages too", p.Name, q.Name)
				}
			}
		}
	}
}

func TestWithRingsRefuses(t *testing.T) {
	data, _ := Builtin("checkout")
	s, _ := Decode("checkout", data)
	if _, faults := s.WithRings("nobody", []RingStep{{1, 0}}); len(faults) == 0 {
		t.Error("an alternative that is not there")
	}
	if _, faults := s.WithRings("rings", []RingStep{{0.5, 1}, {0.2, 1}, {1, 0}}); len(faults) == 0 {
		t.Error("a ring with fewer users than the one before")
	}
	if _, f := s.Rings("nobody"); f == nil {
		t.Error("rings of an alternative that is not there")
	}
}

// Rings that are watched alike stay so, the last one by its own; others are no plan's choice.
func TestRingsAreWatchedAsBefore(t *testing.T) {
	const stages = `rollrisk: 1
title: watched
service: {users: 1k}
changes: {rate: 2/w, defects: 0.1}
detectors:
  calls: {kind: complaints, report_probability: 1%, reports: 3}
  errors: {kind: complaints, report_probability: 1%, reports: 2}
alternatives:
  a:
    title: a
    stages:
      - {ring: 10%, bake: 1h, watched_by: [calls, errors]}
      - {ring: 50%, bake: 1h, watched_by: [calls, errors]}
      - {ring: 100%, watched_by: [calls]}
`
	s, faults := Decode("w.yaml", []byte(stages))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	changed, faults := s.WithRings("a", []RingStep{{0.01, 2}, {0.2, 3}, {0.6, 4}, {1, 0}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if text := string(changed.Source()); strings.Count(text, "watched_by: [calls, errors]") != 3 || strings.Count(text, "watched_by: [calls]\n") != 1 {
		t.Errorf("%s", text)
	}
	s, faults = Decode("w.yaml", []byte(strings.Replace(stages, "bake: 1h, watched_by: [calls, errors]", "bake: 1h, watched_by: [errors]", 1)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, faults = s.WithRings("a", []RingStep{{1, 0}}); len(faults) != 1 || !strings.Contains(faults[0].String(), "not all watched by the same") {
		t.Errorf("%v", faults)
	}
}
