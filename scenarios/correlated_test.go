package scenarios

import (
	"math"
	"strings"
	"testing"
)

const correlatedScenario = `rollrisk: 1
title: Two guesses that hang together
service: {users: 1k to 5k}
changes: {rate: 2/w, defects: 0.1 to 0.2}
response: {decide: varies 1h to 2h, act: 1h to 2h}
detectors: {complaints: {kind: complaints, report_probability: 1%, reports: 3}}
alternatives:
  a: {title: at once, stages: [ring: 100%]}
correlated:
`

// TestCorrelated: what is drawn of two inputs hangs together as stated, that of a third one
// does not. Spearman's rank correlation of 4,000 worlds has a standard error below 1.1/63.
func TestCorrelated(t *testing.T) {
	for by, r := range map[string]float64{"0.8": 0.8, "-60%": -0.6} {
		s, faults := Decode("x.yaml", []byte(correlatedScenario+"  - {inputs: [changes.defects, service.users], by: "+by+"}\n"))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		p, faults := s.Plan(Options{Seed: 1, Changes: 100})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		at := map[string]int{}
		for i, b := range p.Case.Beliefs {
			at[b.Path] = i
		}
		var joined, apart float64
		const n = 4000
		for rep := range uint64(n) {
			u := p.Case.Draws(1, rep)
			joined += 12 * (u[at["changes.defects"]] - 0.5) * (u[at["service.users"]] - 0.5) / n
			apart += 12 * (u[at["response.act"]] - 0.5) * (u[at["service.users"]] - 0.5) / n
		}
		tolerance := 5 * math.Sqrt(1.8/n)
		if want := 6 / math.Pi * math.Asin(r/2); math.Abs(joined-want) > tolerance || math.Abs(apart) > tolerance {
			t.Errorf("by %s: %v and %v, want %v and 0", by, joined, apart, want)
		}
	}
}

func TestCorrelatedFaults(t *testing.T) {
	for _, c := range []struct{ list, want string }{
		{"[changes.defect, service.users], by: 0.5}", "x.yaml:10:15: correlated[0].inputs[0]: there is no defect here (did you mean defects?)"},
		{"[changes.defects, response.decide], by: 0.5}", "response.decide differs at each use"},
		{"[changes.defects, title], by: 0.5}", "title is no number"},
		{"[changes.defects], by: 0.5}", "1 address"},
		{"[changes.defects, changes.defects], by: 0.5}", "joined twice"},
		{"[changes.defects, service.users], by: 1}", "1 is not a correlation (write it like `0.6`)"},
		{"[changes.defects, service.users]}", "`by` is missing"},
		{"[changes.defects, service.users], by: 0.9}\n  - {inputs: [service.users, response.act], by: 0.9}\n  - {inputs: [changes.defects, response.act], by: -0.9}", "cannot all be true at once"},
	} {
		_, faults := Decode("x.yaml", []byte(correlatedScenario+"  - {inputs: "+c.list+"\n"))
		if len(faults) != 1 || !strings.Contains(faults[0].String(), c.want) {
			t.Errorf("%s: %v, want %q", c.list, faults, c.want)
		}
	}
	s, faults := Decode("x.yaml", []byte(strings.Replace(correlatedScenario, "1k to 5k", "1k", 1)+"  - {inputs: [changes.defects, service.users], by: 0.5}\n"))
	if len(faults) > 0 || len(s.world.Joined) != 0 {
		t.Errorf("an input that is known: %v, %v", faults, s.world.Joined)
	}
}
