package assessment

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const hostile = "shop <b>|x</b>\x1b[31m"

// sample is an answer with two rollouts, one of which would not run.
func sample() *Answer {
	spots := assess.Spots{"": {Place: assess.Place{File: "k8s/a b, 50%.yaml", Line: 2, Column: 1}}}
	r := &assess.Rollout{Kind: "ramp", Name: hostile, Spots: spots, Ramp: &assess.Ramp{Spots: spots, Stops: []assess.Stop{{Share: 0.1, Lasts: time.Hour}, {Share: 1}}}}
	bad := &assess.Rollout{Kind: "Argo Rollouts", Name: "bad", Spots: spots, Refused: []assess.Refusal{{Spot: spots[""], Message: "x\n::error::y", Hint: "z"}}}
	ctx := assess.Default()
	a := &Answer{Schema: Schema, Version: "1.2.3", Context: ctx, Rollouts: []assess.Assessment{assess.Assess(r, ctx), assess.Assess(bad, ctx)},
		Residue: []Left{{Place: assess.Place{File: "f", Line: 1, Column: 2}, Path: "spec.x", Risk: true, Why: "not simulated"}, {Why: "other"}},
		Texts:   map[string][]string{"k8s/a b, 50%.yaml": {"one", "two: 1m # 1m", "three"}}}
	a.Rollouts[0].Findings[0].Edits = []assess.Edit{{File: "k8s/a b, 50%.yaml", Line: 2, Column: 6, Old: "1m", New: "2m"}, {File: "k8s/a b, 50%.yaml", Line: 2, Insert: []string{"four"}}}
	return a
}

// TestSARIF: code scanning is given what its schema wants, with the rule of every
// result and the same fingerprint when lines are added above.
func TestSARIF(t *testing.T) {
	a := sample()
	var b bytes.Buffer
	if err := a.WriteSARIF(&b); err != nil {
		t.Fatal(err)
	}
	schema := sarifSchema(t)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if n := len(log.Runs[0].Results); n == 0 {
		t.Fatal("no results")
	}
	first := log.Runs[0].Results[0]
	if got := first.Locations[0].Physical.Artifact.URI; got != "k8s/a%20b,%2050%25.yaml" {
		t.Errorf("the file is called %s", got)
	}
	a.Texts["k8s/a b, 50%.yaml"] = append([]string{"zero"}, a.Texts["k8s/a b, 50%.yaml"]...)
	a.Rollouts[0].Findings[0].Place.Line++
	b.Reset()
	if err := a.WriteSARIF(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), first.Prints["rollriskLine/v1"]) {
		t.Error("the fingerprint changes with lines above")
	}
}

// sarifSchema is the schema of OASIS, which a library for the format carries in its source.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(source, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && len(l.Value) > len(text) {
			text = l.Value
		}
		return true
	})
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Trim(text, "`")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGitHub: one command a line, whatever a name or a message holds.
func TestGitHub(t *testing.T) {
	a := sample()
	var b bytes.Buffer
	if err := a.WriteGitHub(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	want := 0
	for i := range a.Rollouts {
		want += len(a.Rollouts[i].Findings)
	}
	if len(lines) != want {
		t.Errorf("%d lines for %d findings:\n%s", len(lines), want, b.String())
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "::") || !strings.Contains(l, " file=k8s/a b%2C 50%25.yaml,line=2,col=1,title=RR-A0") {
			t.Errorf("no command: %s", l)
		}
	}
}

// TestForms: every renderer takes the answer, and none lets a name through as markup.
func TestForms(t *testing.T) {
	r := sample().Report()
	var plain, md, page bytes.Buffer
	if err := text.Write(&plain, r, text.Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if err := markdown.Write(&md, r); err != nil {
		t.Fatal(err)
	}
	if err := html.Write(&page, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") || strings.Contains(md.String(), "<b>") || strings.Contains(page.String(), "<b>|x") {
		t.Error("a name is markup")
	}
	for _, want := range []string{"SIDE BY SIDE", "changes the risk: spec.x", "1 more field", "-two: 1m # 1m", "+two: 2m # 1m", "+four"} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("%q is not in\n%s", want, plain.String())
		}
	}
}

// TestJSON: the answer is JSON, with no number that JSON has not.
func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Answer
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Schema != Schema || len(back.Rollouts) != 2 || back.Rollouts[1].Table != nil || math.IsNaN(back.Rollouts[0].Table.Rows[0].Users) {
		t.Errorf("%+v", back)
	}
}

// TestWords: probabilities as people read them.
func TestWords(t *testing.T) {
	for p, want := range map[float64]string{0: "0", 1: "100", 0.5: "50", 0.0001: "<0.1", 0.99999: ">99.9", 0.021: "2.1", 0.956: "95.6"} {
		if got := hundredths(p); got != want {
			t.Errorf("%v is %s, want %s", p, got, want)
		}
	}
	for p, want := range map[float64]string{0: "0 of 100", 1: "100 of 100", 0.02: "2 of 100", 0.0004: "4 of 10 000", 1e-9: "fewer than 1 of 1 000 000", 0.999: "more than 99 of 100"} {
		if got := strings.ReplaceAll(strings.ReplaceAll(frequency(p), "\u202f", " "), "\u00a0", " "); got != want {
			t.Errorf("%v is %q, want %q", p, got, want)
		}
	}
}
