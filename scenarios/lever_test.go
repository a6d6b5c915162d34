package scenarios

import (
	"math"
	"strings"
	"testing"
)

func levers(t *testing.T, name string) (*Scenario, map[string]Lever) {
	t.Helper()
	source, _ := Builtin(name)
	s, faults := Decode(name+".yaml", source)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	all := map[string]Lever{}
	for _, l := range s.Levers() {
		if _, twice := all[l.Path]; twice {
			t.Errorf("two levers turn %s", l.Path)
		}
		all[l.Path] = l
	}
	return s, all
}

// A turned lever gives the scenario with the other value, and the rest as it was: a
// number is multiplied, of a share the odds, what varies is turned as a whole, and a
// count stays whole.
func TestLeversTurn(t *testing.T) {
	s, all := levers(t, "checkout")
	double := math.Log(2)
	for path, want := range map[string]string{ // "": any
		"service.users":                  "",
		"response.acknowledge":           "varies 0.167h to 1h",
		"service.costs.per_incident":     "$4000",
		"environments.staging.flaky":     "",
		"detectors.error-ratio.failures": "",
	} {
		l, ok := all[path]
		if !ok {
			t.Errorf("nothing turns %s", path)
			continue
		}
		turned, value, faults := l.Turn(s, double)
		if len(faults) > 0 {
			t.Errorf("%s: %v", path, faults)
			continue
		}
		got, fault := turned.Get(path)
		if fault != nil || want != "" && got != want {
			t.Errorf("%s is %q, want %q (%v)", path, got, want, fault)
		}
		if l.Unit.Name == Share.Name {
			odds := value / (1 - value) / (l.Value / (1 - l.Value))
			if math.Abs(odds-2) > 0.02 {
				t.Errorf("%s: the odds are %v times what they were", path, odds)
			}
		} else if ratio := value / l.Value; math.Abs(ratio-2) > 0.02 {
			t.Errorf("%s is %v times what it was", path, ratio)
		}
		back, fault := s.Get(path)
		if fault != nil || back != l.Stated {
			t.Errorf("%s of the scenario itself is now %q, was %q", path, back, l.Stated)
		}
	}
}

// Every lever of the library turns a little both ways, and no step is no change.
func TestEveryLeverTurns(t *testing.T) {
	for _, name := range Library() {
		s, all := levers(t, name)
		if len(all) < 10 {
			t.Errorf("%s has %d levers", name, len(all))
		}
		var stuck []string
		for path, l := range all {
			if math.Abs(l.At(0)-l.Value) > 0.011*l.Value && l.At(0) != math.Floor(l.At(0)) {
				t.Errorf("%s %s: %v without a step from %v", name, path, l.At(0), l.Value)
			}
			if !(l.Low <= l.Value && l.Value <= l.High) {
				t.Errorf("%s %s: %v is not between %v and %v", name, path, l.Value, l.Low, l.High)
			}
			ways := 0
			for _, step := range []float64{-0.5, 0.5} {
				if _, value, faults := l.Turn(s, step); len(faults) == 0 {
					ways++
					if (value-l.Value)*step < 0 {
						t.Errorf("%s %s goes from %v to %v by %v", name, path, l.Value, value, step)
					}
				}
			}
			if ways == 0 {
				stuck = append(stuck, path)
			}
		}
		// What fits only as it is: the windows of a burn rate, evenly spread defects.
		if len(stuck) > 2 {
			t.Errorf("%s: neither way turn %v", name, stuck)
		}
	}
}

// The numbers of all classes turn together.
func TestGroupsTurnTogether(t *testing.T) {
	s, all := levers(t, "checkout")
	l, ok := all["defects.classes.*.telemetry"]
	if !ok {
		t.Fatal("nothing turns what telemetry shows")
	}
	turned, value, faults := l.Turn(s, -1)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !(value < l.Value) {
		t.Errorf("from %v to %v", l.Value, value)
	}
	changed := 0
	for _, class := range turned.root.get("defects").get("classes").children {
		path := class.path + ".telemetry"
		before, _ := s.Get(path)
		after, _ := turned.Get(path)
		if before != after {
			changed++
		}
	}
	if changed < 5 {
		t.Errorf("%d classes changed", changed)
	}
}

// SetAll refuses what Set refuses.
func TestSetAllRefuses(t *testing.T) {
	s, _ := levers(t, "checkout")
	for want, settings := range map[string][]Setting{
		"nowhere": {{Path: "service.users", Value: "5k"}, {Path: "service.nowhere", Value: "1"}},
		"many":    {{Path: "service.users", Value: "many"}},
		"[":       {{Path: "service.[", Value: "1"}},
	} {
		if _, faults := s.SetAll(settings); len(faults) == 0 || !strings.Contains(faults[0].String(), want) {
			t.Errorf("%v: %v", settings, faults)
		}
	}
}
