package scenarios

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
)

// builtin decodes a scenario of the library; a fault in it fails the test.
func builtin(t *testing.T, name string) *Scenario {
	t.Helper()
	data, ok := Builtin(name)
	if !ok {
		t.Fatalf("there is no scenario %s", name)
	}
	s, faults := Decode("library/"+name+".yaml", data)
	for _, f := range faults {
		t.Error(f)
	}
	if s == nil {
		t.FailNow()
	}
	return s
}

func eachBuiltin(t *testing.T, check func(t *testing.T, s *Scenario)) {
	t.Helper()
	names := Library()
	if len(names) < 7 {
		t.Fatalf("the library has %v", names)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) { check(t, builtin(t, name)) })
	}
}

func TestLibraryNamesItself(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		if want := "library/" + s.Name + ".yaml"; s.File != want {
			t.Errorf("%s calls itself %s", s.File, s.Name)
		}
		if s.Title == "" || !strings.HasSuffix(s.Question, "?") {
			t.Errorf("title %q, question %q: a question is asked", s.Title, s.Question)
		}
	})
}

// Every input of a library scenario says where it comes from, in one of the
// four words, and a citation has a source.
func TestLibraryInputsHaveProvenance(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		p, _ := s.Plan(Options{Seed: 1})
		if len(p.Inputs) < 40 {
			t.Fatalf("only %d inputs", len(p.Inputs))
		}
		for _, in := range p.Inputs {
			switch in.Provenance {
			case study.Measured, study.Elicited, study.Assumption:
			case study.Cited:
				if in.Source == "" {
					t.Errorf("%s: cited, but not from where", in.Path)
				}
			default:
				t.Errorf("%s: provenance %q", in.Path, in.Provenance)
			}
			if in.Source == "stated without a source" {
				t.Errorf("%s: %s", in.Path, in.Source)
			}
			if in.Label == "" || in.Value == "" {
				t.Errorf("%+v: no label or no value", in)
			}
		}
	})
}

// What is written out with all its defaults is the same case.
func TestExplicitIsTheSameCase(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		text := s.Explicit()
		full, faults := Decode(s.File, text)
		for _, f := range faults {
			t.Fatalf("%v\n%s", f, text)
		}
		if !reflect.DeepEqual(full.world, s.world) {
			t.Errorf("the case differs:\n%+v\n%+v", full.world, s.world)
		}
		if again := full.Explicit(); !reflect.DeepEqual(withoutMarks(again), withoutMarks(text)) {
			t.Errorf("written twice it differs:\n%s\n%s", again, text)
		}
		for _, in := range full.inputs {
			if in.Default {
				t.Errorf("%s is still a default", in.Path)
			}
		}
	})
}

func withoutMarks(text []byte) string { return strings.ReplaceAll(string(text), "   # default", "") }

// The library holds answers of both kinds: what the tool was written to show is wrong
// where defects show to nobody before everyone has them.
func TestLibraryAnswersBothWays(t *testing.T) {
	for name, want := range map[string]float64{"checkout": 1, "payroll": -1} {
		source, _ := Builtin(name)
		s, faults := Decode(name+".yaml", source)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		p, _ := s.Plan(Options{Seed: 1, Changes: 6000})
		st, err := study.Run(context.Background(), &p, study.Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		lead := st.Comparisons[0].Contests[0].Overall.Lead // of rings over staging
		if !(want*float64(lead.Low) > 0 && want*float64(lead.High) > 0) {
			t.Errorf("%s: the lead of rings over staging is %.2f to %.2f", name, float64(lead.Low), float64(lead.High))
		}
	}
}
