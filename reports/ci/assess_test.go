package ci

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports/assessment"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// assessed is what is said of ramps: one with nothing against it but its speed, one whose
// name is hostile.
func assessed(t *testing.T, ramps ...string) *assessment.Answer {
	t.Helper()
	a := &assessment.Answer{Schema: assessment.Schema, Version: "1.2.3", Command: "rollrisk assess", Context: assess.Default(), Residue: []assessment.Left{},
		Skipped: []string{}, Alone: []string{}, Texts: map[string][]string{}}
	for _, ramp := range ramps {
		r := importer.Read([]importer.File{{Name: importer.RampFile, Data: []byte(ramp)}}, importer.Options{})
		if len(r.Faults) > 0 {
			t.Fatal(r.Faults)
		}
		for _, x := range r.Rollouts {
			one := assess.Assess(x, a.Context)
			one.Name = "shop \"<b>|\\\n" + ramp
			a.Rollouts = append(a.Rollouts, one)
		}
	}
	return a
}

func assessedAs(t *testing.T, form string, a *assessment.Answer) string {
	t.Helper()
	f, ok := NamedAssessment(form)
	if !ok || f.Doc == "" {
		t.Fatalf("there is no form %s", form)
	}
	var b bytes.Buffer
	if err := f.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAssessForms: every form is the same each time, is read by what nobody here wrote,
// and notices a full disk.
func TestAssessForms(t *testing.T) {
	a := assessed(t, "1% 10m, 10% 10m, 100%", "1% 1w, 10% 1w, 100%")
	for _, f := range Assessments() {
		if once, again := assessedAs(t, f.Name, a), assessedAs(t, f.Name, a); once != again {
			t.Errorf("%s differs from time to time", f.Name)
		}
		if err := f.Write(full{}, a); err == nil {
			t.Errorf("%s does not notice that nothing can be written", f.Name)
		}
	}
	for name, schema := range map[string]*jsonschema.Schema{"sarif": sarifSchema(t), "json": published(t, "assess")} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(assessedAs(t, name, a)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	rows := 0
	for i := range a.Rollouts {
		rows += len(a.Rollouts[i].Table.Rows)
	}
	if got, want := len(seriesOf(t, assessedAs(t, "openmetrics", a))), 2*rows+2+3*2; got != want {
		t.Errorf("%d series, want %d", got, want)
	}
	if all, err := csv.NewReader(strings.NewReader(assessedAs(t, "csv", a))).ReadAll(); err != nil || len(all) != 1+rows {
		t.Errorf("%d rows, want %d: %v", len(all), 1+rows, err)
	}
	var b shield
	if err := json.Unmarshal([]byte(assessedAs(t, "badge", a)), &b); err != nil || b.Color == "brightgreen" || b.Version != 1 {
		t.Errorf("%+v %v", b, err)
	}
}

func published(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/reference/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAssessJUnit: a case for every rule; what is found fails, unless it is only worth
// knowing.
func TestAssessJUnit(t *testing.T) {
	a := assessed(t, "1% 10m, 10% 10m, 100%")
	text := assessedAs(t, "junit", a)
	fails := map[string]bool{}
	for _, f := range a.Rollouts[0].Findings {
		if f.Severity != assess.Worth {
			fails[f.Rule] = true
		}
	}
	if len(fails) == 0 || strings.Count(text, "<failure ") != len(fails) || strings.Count(text, "<testcase ") != len(assess.Rules()) {
		t.Errorf("%d findings fail:\n%s", len(fails), text)
	}
	if out, err := junitSchema(t)(text); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAssessMarkdown: the answer comes first, names add no markup, and however many
// rollouts there are, a comment has room for it and its marker.
func TestAssessMarkdown(t *testing.T) {
	var ramps []string
	for range 60 {
		ramps = append(ramps, "1% 10m, 10% 10m, 100%")
	}
	text := assessedAs(t, "comment", assessed(t, ramps...))
	if len(text) >= commentBytes || !strings.HasSuffix(text, AssessMarker+"\n") || !strings.Contains(text, " more parts are left out") || !strings.HasPrefix(text, "## Of 100 releases") {
		t.Errorf("%d bytes: %.200s ... %s", len(text), text, text[len(text)-100:])
	}
	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(assessedAs(t, "markdown", assessed(t, ramps[:1]...))), &html); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html.String(), "<b>") || !strings.Contains(html.String(), "<table>") {
		t.Error(html.String())
	}
}
