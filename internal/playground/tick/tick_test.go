package tick

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

func asked(t *testing.T, change func(q *Request)) (Answer, *Request) {
	t.Helper()
	text, _ := scenarios.Builtin("bigbang")
	q := &Request{File: "bigbang.yaml", Scenario: string(text), Seed: "1", Changes: 600}
	if change != nil {
		change(q)
	}
	var d Desk
	return d.Tick(q), q
}

// TestTick: a move gives the study of the scenario that it hands out, and its report.
func TestTick(t *testing.T) {
	a, q := asked(t, func(q *Request) {
		q.Turns, q.Values, q.Whole = map[string]int{"service.users": 20, "environments.staging.fidelity": -7}, map[string]string{"changes.defects": "0.2"}, true
	})
	if len(a.Faults) > 0 {
		t.Fatal(a.Faults)
	}
	s, faults := scenarios.Decode(q.File, []byte(a.Scenario))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for path, want := range map[string]string{"service.users": "63.2k", "changes.defects": "0.2"} {
		if got, f := s.Get(path); f != nil || got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	plan, faults := s.Plan(scenarios.Options{Seed: 1, Changes: 600})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	st, err := study.Run(context.Background(), &plan, study.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(a.Study) != strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(want)) {
		t.Error("not the study of the scenario that it hands out")
	}
	if !strings.Contains(a.HTML, "<svg") || strings.Contains(a.HTML, "<script") || !strings.HasPrefix(a.Says, "Of 100 changes") {
		t.Errorf("%.200s ... %q", a.HTML, a.Says)
	}
	at := func(path string) Lever {
		i := slices.IndexFunc(a.Levers, func(l Lever) bool { return l.Path == path })
		if i < 0 {
			t.Fatal("no lever ", path)
		}
		return a.Levers[i]
	}
	if l := at("service.users"); l.Text != "63.2k" || l.Factor != "× 3.16" || l.Stated != "20k" || !l.Main || !l.Single {
		t.Errorf("%+v", l)
	}
	if l := at("changes.defects"); l.Text != "0.2" || l.Factor != "" {
		t.Errorf("%+v", l)
	}
	if l := at("defects.classes.*.reach"); l.Single || l.Text != "" || !l.Main {
		t.Errorf("%+v", l)
	}
	if len(a.Stories) == 0 || len(a.Stories[0].Tales) != 3 {
		t.Fatalf("%+v", a.Stories)
	}
	for _, tale := range a.Stories[0].Tales {
		if !slices.IsSortedFunc(tale.Events, func(x, y Event) int { return int(1e6 * (x.At - y.At)) }) || tale.Events[0].At != 0 || tale.Events[0].Says == "" {
			t.Errorf("%+v", tale.Events)
		}
	}
}

// The numbers of main inputs that the brief asks for are there.
func TestMainLevers(t *testing.T) {
	a, _ := asked(t, nil)
	for _, want := range []string{"fidelity", "ring", "bake", "threshold", "requests_per_user", "decide", "reach"} {
		if !slices.ContainsFunc(a.Levers, func(l Lever) bool { return l.Main && strings.HasSuffix(l.Path, want) }) {
			t.Errorf("no main lever for %s", want)
		}
	}
}

func TestFaults(t *testing.T) {
	for want, change := range map[string]func(q *Request){
		"the seed \"x\"":          func(q *Request) { q.Seed = "x" },
		"0 changes: between 1":    func(q *Request) { q.Changes = 0 },
		"300000 changes: between": func(q *Request) { q.Changes = 300_000 },
		"is missing":              func(q *Request) { q.Scenario = "rollrisk: 1" },
		"many":                    func(q *Request) { q.Values = map[string]string{"service.users": "many"} },
		"nowhere":                 func(q *Request) { q.Values = map[string]string{"nowhere": "1"} },
	} {
		a, _ := asked(t, change)
		if !strings.Contains(strings.Join(a.Faults, "\n"), want) || a.HTML != "" {
			t.Errorf("%v, want %q", a.Faults, want)
		}
	}
	// What lies beyond the last notch is the last notch.
	a, _ := asked(t, func(q *Request) { q.Turns = map[string]int{"service.users": 1000} })
	b, _ := asked(t, func(q *Request) { q.Turns = map[string]int{"service.users": Reach} })
	if a.Scenario != b.Scenario || a.Scenario == "" {
		t.Error("a notch beyond the last one is another")
	}
}
