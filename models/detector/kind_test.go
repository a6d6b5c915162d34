package detector

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// exampleValues reads the Example of a kind the way a scenario would be read.
func exampleValues(t *testing.T, k Kind) Values {
	t.Helper()
	v := Values{Numbers: map[string]float64{}, Choices: map[string]string{}}
	for i, line := range strings.Split(k.Example, "\n") {
		name, text, _ := strings.Cut(line, ": ")
		if i == 0 {
			if name != "kind" || text != k.Name {
				t.Errorf("%s: the example begins with %q", k.Name, line)
			}
			continue
		}
		at := slices.IndexFunc(k.Params, func(p Param) bool { return p.Name == name })
		if at < 0 {
			t.Fatalf("%s: the example has %q", k.Name, line)
		}
		if k.Params[at].Unit == Choice {
			v.Choices[name] = text
			continue
		}
		unit := map[Unit]map[string]float64{
			Rate: {"/h": 1}, Share: {"%": 0.01}, Duration: {"h": 1, "m": 1.0 / 60, "s": 1.0 / 3600}, Count: {"": 1}, Plain: {"": 1}, Bool: {"": 1},
		}[k.Params[at].Unit]
		digits := strings.TrimRight(text, "/hms%")
		x, err := strconv.ParseFloat(digits, 64)
		factor, ok := unit[text[len(digits):]]
		if err != nil || !ok {
			t.Fatalf("%s: the example has %q", k.Name, line)
		}
		v.Numbers[name] = x * factor
	}
	return v
}

// TestKinds: every kind describes itself completely, and its example, which
// names all its parameters that can stand together, makes a detector.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range All() {
		if seen[k.Name] || k.Title == "" || !strings.HasSuffix(k.Doc, ".") {
			t.Errorf("%q: name, title or doc", k.Name)
		}
		seen[k.Name] = true
		if got, ok := Named(k.Name); !ok || got.Name != k.Name {
			t.Errorf("%s: not found by its name", k.Name)
		}
		d, err := k.New(exampleValues(t, k))
		if err != nil {
			t.Errorf("%s: the example: %v", k.Name, err)
			continue
		}
		if text, err := json.Marshal(d); err != nil || !strings.Contains(string(text), `"kind":"`+k.Name+`"`) {
			t.Errorf("%s: JSON %s, %v", k.Name, text, err)
		}
		if e, err := k.New(exampleValues(t, k)); err != nil || d != e {
			t.Errorf("%s: two detectors of the same values differ", k.Name)
		}
		names := map[string]bool{}
		for _, p := range k.Params {
			if names[p.Name] {
				t.Errorf("%s: %s twice", k.Name, p.Name)
			}
			names[p.Name] = true
			checkParam(t, k.Name, p)
		}
	}
	if _, ok := Named("no such kind"); ok {
		t.Error("a kind without a name")
	}
}

func checkParam(t *testing.T, kind string, p Param) {
	t.Helper()
	if !strings.HasSuffix(p.Doc, ".") || p.Required == (p.Source != "") {
		t.Errorf("%s.%s: doc %q, source %q", kind, p.Name, p.Doc, p.Source)
	}
	if p.Unit == Choice {
		if len(p.Choices) < 2 || p.CheckChoice(p.Choices[0]) != nil || p.CheckChoice("no such word") == nil || p.Check(0) == nil {
			t.Errorf("%s.%s: choices %v", kind, p.Name, p.Choices)
		}
		return
	}
	if p.Unit != Bool && !(p.Min < p.Max) || !p.Required && p.Check(p.Default) != nil || p.CheckChoice("x") == nil {
		t.Errorf("%s.%s: %v to %v, default %v", kind, p.Name, p.Min, p.Max, p.Default)
	}
}

// TestEveryKindIsListed: a file with a Kind that All forgets would never be used.
func TestEveryKindIsListed(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if c, ok := n.(*ast.CompositeLit); ok {
				if id, ok := c.Type.(*ast.Ident); ok && id.Name == "Kind" && len(c.Elts) > 0 {
					found++
				}
			}
			return true
		})
	}
	if want := len(All()); found != want {
		t.Errorf("%d kinds in the files, %d in the list", found, want)
	}
}

// TestFaults: what a user gets wrong is said at once, by name.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		kind   string
		n      numbers
		w      words
		params []string
	}{
		{"exposure-hazard", nil, nil, []string{"rate"}},
		{"exposure-hazard", numbers{"rate": -1}, nil, []string{"rate"}},
		{"exposure-hazard", numbers{"rate": 1, "per_error": 0.1}, nil, []string{"per_error"}},
		{"exposure-hazard", numbers{"rate": 1}, words{"by": "errors"}, []string{"rate"}},
		{"exposure-hazard", nil, words{"by": "errors"}, []string{"per_error"}},
		{"exposure-hazard", numbers{"rat": 1}, words{"by": "luck", "see": "all"}, []string{"rat", "see", "by"}},
		{"kth-error", nil, nil, []string{"errors"}},
		{"kth-error", numbers{"errors": 2.5}, nil, []string{"errors"}},
		{"kth-error", numbers{"errors": 0}, nil, []string{"errors"}},
		{"kth-error", numbers{"errors": 2, "sees": 1}, nil, []string{"sees"}},
		{"wall-clock-hazard", numbers{}, words{"rate": "fast"}, []string{"rate", "rate"}},
		{"complaints", numbers{"report_probability": 1.5}, nil, []string{"report_probability", "reports"}},
		{"threshold-window", numbers{"interval": 0, "threshold": 2, "failures": 2000}, nil, []string{"interval", "threshold", "failures"}},
		{"threshold-window", numbers{"interval": 1, "threshold": 0.1, "window": 1.5}, nil, []string{"window"}},
		{"threshold-window", numbers{"interval": 1, "threshold": 0.1, "window": 0.5}, nil, []string{"window"}},
		{"threshold-window", numbers{"interval": 0.001, "threshold": 0.1, "window": 2}, nil, []string{"window"}},
	} {
		k, _ := Named(c.kind)
		d, err := k.New(Values{Numbers: c.n, Choices: c.w})
		if d != nil || err == nil {
			t.Errorf("%s %v %v: no fault", c.kind, c.n, c.w)
			continue
		}
		var params []string
		for _, f := range Faults(err) {
			params = append(params, f.Param)
			if !strings.HasPrefix(f.Error(), f.Param+": ") {
				t.Errorf("%q", f.Error())
			}
		}
		if !slices.Equal(params, c.params) {
			t.Errorf("%s %v %v: faults in %v, want %v", c.kind, c.n, c.w, params, c.params)
		}
	}
	if Faults(nil) != nil {
		t.Error("faults of no error")
	}
}

// TestHint: the hint of a window makes a detector.
func TestHint(t *testing.T) {
	k, _ := Named("threshold-window")
	_, err := k.New(Values{Numbers: numbers{"interval": 5.0 / 60, "threshold": 0.1, "window": 12.0 / 60}})
	if f := Faults(err); len(f) != 1 || f[0].Hint != "10m0s would do" {
		t.Errorf("%+v", err)
	}
}

// TestLabels: two detectors of a kind have the same luck, unless labels say
// that they are two.
func TestLabels(t *testing.T) {
	for _, c := range []struct {
		kind string
		n    numbers
	}{
		{"exposure-hazard", numbers{"rate": 0.1}}, {"kth-error", numbers{"errors": 3}}, {"wall-clock-hazard", numbers{"rate": 0.1}},
		{"complaints", numbers{"report_probability": 0.01, "reports": 3, "within": 10}},
		{"threshold-window", numbers{"interval": 0.1, "threshold": 0.105, "failures": 20}},
	} {
		k, _ := Named(c.kind)
		at := func(label string, seed uint64) any {
			d, err := k.New(Values{Label: label, Numbers: c.n})
			if err != nil {
				t.Fatal(err)
			}
			tr := &trip{legs: []leg{{1, 1000}}, window: models.Window{Requests: 2000, Users: 100, Clock: flat(), Signals: []models.Signal{broken(0.1)}}}
			return tr.ride(d.Monitor(seed), 3).verdict
		}
		if at("", 1) != at("", 1) || at("a", 1) != at("a", 1) {
			t.Errorf("%s: not repeatable", c.kind)
		}
		if at("", 1) == at("a", 1) || at("b", 1) == at("a", 1) || at("", 1) == at("", 2) {
			t.Errorf("%s: label or seed ignored", c.kind)
		}
	}
}
