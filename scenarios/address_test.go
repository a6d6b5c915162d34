package scenarios

import (
	"bytes"
	"strings"
	"testing"
)

// leaves are the addresses of every value of a scenario, stated or not.
func leaves(e *entry) []string {
	if e.isInput && len(e.children) == 0 {
		return []string{e.path}
	}
	var all []string
	for _, c := range e.children {
		all = append(all, leaves(c)...)
	}
	return all
}

// Setting what stands there already changes not one byte; setting a default
// adds one line or one word, and then it stands there.
func TestSetWhatIsThere(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		stated := map[string]bool{}
		for _, in := range s.inputs {
			stated[in.Path] = !in.Default
		}
		for _, path := range leaves(s.root) {
			value, f := s.Get(path)
			if f != nil {
				t.Fatalf("get %s: %v", path, f)
			}
			if value == "" {
				continue // silence means absence
			}
			again, faults := s.Set(path, value)
			if faults != nil {
				t.Fatalf("set %s to %q: %v", path, value, faults)
			}
			same := bytes.Equal(again.Source(), s.Source())
			if stated[path] && !same {
				t.Errorf("set %s to %q: the text changed", path, value)
			}
			if got, _ := again.Get(path); got != value {
				t.Errorf("%s: got %q, want %q", path, got, value)
			}
		}
	})
}

func TestSet(t *testing.T) {
	const text = `rollrisk: 1   # the format
title: T
service: {users: 1M}
changes:
  # how often
  rate: 40/w
detectors:
  alarms:
    kind: kth-error
    errors: 20
alternatives:
  rings:
    title: 'rings: two'
    stages:
      - ring: 10%   # first
        bake: {value: 1h, provenance: elicited}
      - ring: 100%
`
	s, faults := Decode("t.yaml", []byte(text))
	if faults != nil {
		t.Fatal(faults)
	}
	for _, c := range []struct{ path, value, was, old, new string }{
		{"changes.rate", "10/w to 50/w", "40/w", "rate: 40/w", "rate: 10/w to 50/w"},
		{"alternatives.rings.stages[0].bake", "2h", "1h", "{value: 1h,", "{value: 2h,"},
		{"alternatives.rings.stages[0].ring", "5%", "10%", "ring: 10%   #", "ring: 5%   #"},
		{"alternatives.rings.batching", "train every 1w on Tue 10:00", "when free",
			"title: 'rings: two'\n", "title: 'rings: two'\n    batching: train every 1w on Tue 10:00\n"},
		{"service.slo", "99.9%", "", "{users: 1M}", "{slo: 99.9%, users: 1M}"},
		{"service.costs.per_incident", "$5k", "0", "{users: 1M}", "{costs: {per_incident: $5k}, users: 1M}"},
		{"response.automatic", "yes", "no", "rollrisk: 1   # the format\n", "rollrisk: 1   # the format\nresponse: {automatic: yes}\n"},
		{"alternatives.rings.stages[1].name", "everybody", "", "      - ring: 100%\n", "      - ring: 100%\n        name: everybody\n"},
		{"alternatives.rings.response.act", "varies 1m to 5m", "", "title: 'rings: two'\n", "title: 'rings: two'\n    response: {act: varies 1m to 5m}\n"},
		{"detectors.alarms.errors", "5", "20", "errors: 20", "errors: 5"},
		{"defects.classes.logic.telemetry", "10%", "45%", "rollrisk: 1   # the format\n", "rollrisk: 1   # the format\ndefects: {classes: {logic: {telemetry: 10%}}}\n"},
	} {
		if was, f := s.Get(c.path); f != nil || was != c.was {
			t.Errorf("get %s: %q, %v; want %q", c.path, was, f, c.was)
		}
		got, faults := s.Set(c.path, c.value)
		if faults != nil {
			t.Errorf("set %s: %v", c.path, faults)
			continue
		}
		if want := strings.Replace(text, c.old, c.new, 1); string(got.Source()) != want {
			t.Errorf("set %s to %q:\n%s\nwant:\n%s", c.path, c.value, got.Source(), want)
		}
		if now, _ := got.Get(c.path); now != c.value {
			t.Errorf("set %s: now %q", c.path, now)
		}
	}
	if string(s.Source()) != text {
		t.Error("the scenario itself has changed")
	}
}

// Line ends and byte order marks of other systems are kept.
func TestSetKeepsLineEnds(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(soundText, "\n", "\r\n")
	s, faults := Decode("t.yaml", []byte(text))
	if faults != nil {
		t.Fatal(faults)
	}
	for path, value := range map[string]string{"title": "Another", "service.users": "2M", "alternatives.one.stages[1].bake": "2h"} {
		old, _ := s.Get(path)
		changed, faults := s.Set(path, value)
		if faults != nil {
			t.Fatal(path, faults)
		}
		if back, faults := changed.Set(path, old); faults != nil || string(back.Source()) != text {
			t.Errorf("%s there and back: %v\n%q", path, faults, back.Source())
		}
	}
	if _, faults := s.Set("watch", "1w"); faults != nil {
		t.Error(faults)
	}
}

func TestSetRefuses(t *testing.T) {
	s := builtin(t, "checkout")
	for _, c := range []struct{ path, value, want string }{
		{"", "1", "is no address"},
		{"alternatives.rings.stages[2", "1", "is no address"},
		{"alternatives..rings", "1", "is no address"},
		{"alternatives.rings.stages.[2]", "1", "is no address"},
		{"alternatives.ringz.watch", "1w", "`stages` is missing"}, // it would be another alternative
		{"alternatives.rings.stages[9].bake", "1h", "there is no [9] here"},
		{"alternatives.rings.stages[2].bake", "1", "1 has no unit (did you mean 1m?)"},
		{"alternatives.rings.stages[2].bakes", "1h", "unknown key bakes (did you mean bake?)"},
		{"alternatives.rings.stages[4].ring", "5%", "5% is less than the ring before it"},
		{"alternatives.rings.stages", "5%", "this is a list of values"},
		{"alternatives.rings", "5%", "this is a group of values"},
		{"service.users.people", "5", "unknown key people"},
		{"changes.rate", "40/w: 5", "40/w: 5 is not understood"},
		{"title", "", `"" `},
	} {
		_, faults := s.Set(c.path, c.value)
		if len(faults) == 0 {
			t.Errorf("set %q to %q: no fault", c.path, c.value)
			continue
		}
		found := false
		for _, f := range faults {
			found = found || strings.Contains(f.String(), c.want)
		}
		if !found {
			t.Errorf("set %q to %q: %v; want %q", c.path, c.value, faults, c.want)
		}
	}
	for path, want := range map[string]string{
		"alternatives.rings.stages":         "group of values",
		"alternatives.rings.stages[2].bakr": "did you mean bake?",
		"alternativs":                       "did you mean alternatives?",
		"service.users[0]":                  "there is no [0] here",
		"x y":                               "there is no",
	} {
		if _, f := s.Get(path); f == nil || !strings.Contains(f.String(), want) {
			t.Errorf("get %s: %v; want %q", path, f, want)
		}
	}
}
