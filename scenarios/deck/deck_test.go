package deck_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/deck"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// open finds scenarios of the library.
func open(name string) (*scenarios.Scenario, []scenarios.Fault) {
	data, ok := scenarios.Builtin(name)
	if !ok {
		return nil, []scenarios.Fault{{Message: "there is none of that name", Hint: "did you mean checkout?"}}
	}
	return scenarios.Decode(name, data)
}

// Every deck of the library reads, every choice of levels that changes one knob builds a
// scenario that can be planned, and the most expensive choice is beyond the budget:
// otherwise there would be nothing to decide.
func TestLibrary(t *testing.T) {
	if n := len(deck.Library()); n != 3 {
		t.Errorf("%d decks", n)
	}
	for _, name := range deck.Library() {
		data, _ := deck.Builtin(name)
		d, faults := deck.Decode(name, data, open)
		if len(faults) > 0 {
			t.Fatalf("%v", faults)
		}
		dearest := make([]int, len(d.Budget.Knobs))
		for k := range d.Budget.Knobs {
			dearest[k] = len(d.Budget.Knobs[k].Levels) - 1
			for l := range d.Budget.Knobs[k].Levels {
				levels := make([]int, len(d.Budget.Knobs))
				levels[k] = l
				s, play, faults := d.Build(levels)
				if len(faults) > 0 {
					t.Fatalf("%s: %s level %d: %v", name, d.Budget.Knobs[k].Name, l, faults)
				}
				if use := d.Budget.Knobs[k].Levels[l].Use; use != "" && s.Alternatives()[play] != use {
					t.Errorf("%s: level uses %s, alternative %d is played", name, use, play)
				}
				for _, x := range d.Budget.Knobs[k].Levels[l].Set {
					for _, p := range s.Expand(x.Path) {
						if got, f := s.Get(p); f != nil || got != x.Value {
							t.Errorf("%s: %s is %q, want %q (%v)", name, p, got, x.Value, f)
						}
					}
				}
			}
		}
		if cost, ok := d.Budget.Cost(dearest); !ok || cost <= d.Budget.Points {
			t.Errorf("%s: everything costs %d of %d points", name, cost, d.Budget.Points)
		}
	}
}

// Each fault is told at its place, with a way out.
func TestFaults(t *testing.T) {
	good, _ := deck.Builtin("web")
	for _, c := range []struct{ old, now, want string }{
		{"scenario: checkout", "scenario: chekout", `web:8:11: scenario: the scenario "chekout" cannot be read: there is none of that name (did you mean checkout?)`},
		{"title: \"A web", "tittle: \"A web", `unknown key "tittle" (did you mean title?)`},
		{"title: \"A web", "tittle: \"A web", "`title` is missing"},
		{"story: other-wins", "story: others-win", `web:11:8: story: unknown word "others-win" (did you mean other-wins?`},
		{"points: 100", "points: many", `budget.points: "many" stands where a whole number is expected`},
		{"price: 15, set", "price: 101, set", `101 points are more than the budget of 100`},
		{"use: rings}", "use: ring}", `unknown word "ring" (did you mean rings?`},
		{"environments.staging.fidelity: 0.4 to 0.7", "environments.stagin.fidelity: 0.4 to 0.7", `stagin`},
		{"detectors.error-ratio.threshold: 1%", "detectors.error-ratio.threshold: 1", `detectors.error-ratio.threshold`},
		{"path: environments.staging.fidelity", "path: environments.staging.fidelty", `cannot be turned (did you mean environments.staging.fidelity?)`},
		{"second: rings", "second: staging", "an alternative cannot be held against itself"},
		{"seed: 1961", "seed: 1", "the hidden deck has the seed of the study that the room has seen"},
		{"factor: 8", "factor: 80", "the map goes too far"},
		{"seed: 1\n", "with: {service.users: 7k, service.slo: 12}\nseed: 1\n", "with.service.slo"},
		{"steps: 5", "steps: 4", "4 steps (an odd number"},
		{"cards: 12", "cards: 200", "200 is out of range (between 2 and 24)"},
		{"deck: 1", "deck: &x 1", "anchors are not read"},
		{"alternatives.*.stages.*.bake: 30m", "alternatives.*.stagse.*.bake: 30m", "names no value of the scenario"},
	} {
		text := strings.Replace(string(good), c.old, c.now, 1)
		if text == string(good) {
			t.Fatalf("%q is not in the deck", c.old)
		}
		_, faults := deck.Decode("web", []byte(text), open)
		found := false
		for _, f := range faults {
			found = found || strings.Contains(f.String(), c.want)
		}
		if !found {
			t.Errorf("%s: want %q, got %v", c.now, c.want, faults)
		}
	}
}

// All faults are told at once, in the order of the file.
func TestAllFaultsAtOnce(t *testing.T) {
	_, faults := deck.Decode("d", []byte("deck: 2\nname: A b\nseed: -1\nquestions: no\n"), open)
	if len(faults) < 8 {
		t.Fatalf("only %v", faults)
	}
	for i := 1; i < len(faults); i++ {
		if faults[i].Line < faults[i-1].Line {
			t.Errorf("%v stands before %v", faults[i-1], faults[i])
		}
	}
}

// What the schema refuses, Decode refuses too; the decks of the library fit it.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(deck.Schema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:deck", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("urn:deck")
	valid := func(text string) error {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			return err
		}
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		v, err = jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
	for _, name := range deck.Library() {
		data, _ := deck.Builtin(name)
		if err := valid(string(data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	good, _ := deck.Builtin("web")
	for old, now := range map[string]string{"deck: 1": "deck: 2", "cards: 12": "cards: 99", "story: other-wins": "story: none",
		"intro: >-": "outro: >-", "steps: 5": "steps: 4", "name: web": "name: We b", "points: 100": "points: x"} {
		text := strings.Replace(string(good), old, now, 1)
		if valid(text) == nil {
			t.Errorf("the schema takes %q", now)
		}
		if _, faults := deck.Decode("web", []byte(text), open); len(faults) == 0 {
			t.Errorf("Decode takes %q", now)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range deck.Library() {
		data, _ := deck.Builtin(name)
		f.Add(data)
	}
	f.Add([]byte("deck: 1\nbudget: {knobs: [{levels: [{set: {a: b}}, {}]}]}\nmap: {x: 3}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, faults := deck.Decode("fuzz", data, open)
		if (d == nil) != (len(faults) > 0) {
			t.Errorf("deck %v with faults %v", d, faults)
		}
	})
}
