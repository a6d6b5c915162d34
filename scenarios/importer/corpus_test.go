package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios"
)

const manifests = "testdata/manifests"

// manifestFiles are the manifests of our own making.
func manifestFiles(t testing.TB) []File {
	t.Helper()
	names, err := filepath.Glob(manifests + "/*")
	if err != nil {
		t.Fatal(err)
	}
	var files []File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: filepath.Base(name), Data: data})
	}
	return files
}

// assessed are the findings about all rollouts of some files.
func assessed(files ...File) ([]assess.Finding, Result) {
	r := Read(files, Options{})
	var all []assess.Finding
	for _, x := range r.Rollouts {
		all = append(all, assess.Assess(x, assess.Default()).Findings...)
	}
	return all, r
}

func has(all []assess.Finding, rule string) bool {
	return slices.ContainsFunc(all, func(f assess.Finding) bool { return f.Rule == rule })
}

var cased = regexp.MustCompile(`^a(\d{3})-(positive|negative)`)

// TestRules: every rule finds its positive manifests, and not its negative ones; every
// finding stands in the file; and what a change mends is found no more.
func TestRules(t *testing.T) {
	met := map[string]map[string]bool{}
	mended := 0
	for _, f := range manifestFiles(t) {
		m := cased.FindStringSubmatch(f.Name)
		if m == nil {
			continue
		}
		rule := "RR-A" + m[1]
		if met[rule] == nil {
			met[rule] = map[string]bool{}
		}
		met[rule][m[2]] = true
		all, _ := assessed(f)
		if has(all, rule) != (m[2] == "positive") {
			t.Errorf("%s: %s found: %v; %v", f.Name, rule, has(all, rule), all)
		}
		for _, x := range all {
			if x.Rule != rule || len(x.Edits) == 0 {
				continue
			}
			mended++
			after, r := assessed(File{f.Name, applied(t, f.Data, x.Edits)})
			if has(after, rule) || len(r.Faults) > 0 {
				t.Errorf("%s: still found after %+v: %v %v", f.Name, x.Edits, after, r.Faults)
			}
		}
	}
	for _, r := range assess.Rules() {
		if !met[r.ID]["positive"] || !met[r.ID]["negative"] {
			t.Errorf("%s has positive and negative manifests: %v", r.ID, met[r.ID])
		}
	}
	if mended < 25 {
		t.Errorf("only %d changes were tried", mended)
	}
	t.Logf("%d changes mend what they should", mended)
}

// applied is a file after edits.
func applied(t *testing.T, data []byte, edits []assess.Edit) []byte {
	t.Helper()
	lines := strings.Split(string(data), "\n")
	for _, e := range edits {
		if e.Line < 1 || e.Line > len(lines) {
			t.Fatalf("an edit outside of the file: %+v", e)
		}
		line := lines[e.Line-1]
		if len(e.Insert) > 0 {
			lines = slices.Insert(lines, e.Line, e.Insert...)
			continue
		}
		if !strings.HasPrefix(line[e.Column-1:], e.Old) {
			t.Fatalf("%q is not at column %d of %q", e.Old, e.Column, line)
		}
		lines[e.Line-1] = line[:e.Column-1] + e.New + line[e.Column-1+len(e.Old):]
	}
	return []byte(strings.Join(lines, "\n"))
}

// TestGolden: what is found in every manifest is what is written in testdata/golden.txt.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, f := range manifestFiles(t) {
		all, r := assessed(f)
		fmt.Fprintf(&b, "== %s\n", f.Name)
		for _, x := range r.Faults {
			fmt.Fprintf(&b, "fault %s\n", x)
		}
		for _, x := range r.Rollouts {
			if a := assess.Assess(x, assess.Default()); a.Table != nil {
				fmt.Fprintf(&b, "table %v, good ones stopped %.4g, exact %v:", a.Table.Lasts, a.Table.False, a.Table.Exact)
				for _, row := range a.Table.Rows {
					fmt.Fprintf(&b, " %.4g/%.4g/%.3g", row.All, row.Caught, row.Users)
				}
				b.WriteString("\n")
			}
		}
		for _, x := range all {
			fmt.Fprintf(&b, "%s %s %d:%d %s\n", x.Severity, x.Rule, x.Place.Line, x.Place.Column, x.Evidence)
		}
		for _, x := range r.Residue {
			if x.Risk {
				fmt.Fprintf(&b, "risk %d %s: %s\n", x.Place.Line, x.Path, x.Why)
			}
		}
	}
	const golden = "testdata/golden.txt"
	if os.Getenv("ROLLRISK_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("not what is in %s; ROLLRISK_UPDATE=1 writes it anew:\n%s", golden, firstDifference(string(want), b.String()))
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "was  " + x[i] + "\nnow  " + y[i]
		}
	}
	return "one is longer"
}

// TestScenarios: every rollout that reaches everybody makes a scenario without faults.
func TestScenarios(t *testing.T) {
	made := 0
	for _, f := range manifestFiles(t) {
		r := Read([]File{f}, Options{})
		for _, x := range r.Rollouts {
			text, ok := Scenario(x, assess.Default())
			if !ok {
				continue
			}
			made++
			if _, faults := scenarios.Decode(f.Name, []byte(text)); len(faults) > 0 {
				t.Errorf("%s: %v\n%s", f.Name, faults, text)
			}
		}
	}
	if made < 50 {
		t.Errorf("only %d scenarios were made", made)
	}
}

// TestNothingIsDropped: every key of the groups that are read is used or residue.
func TestNothingIsDropped(t *testing.T) {
	for name, want := range map[string][]string{
		"unknown-field.yaml": {"spec.strategy.canary.canaryFoo"},
		"steps-all.yaml":     {"spec.strategy.canary.steps[5].setHeaderRoute", "spec.strategy.canary.steps[6].setMirrorRoute", "spec.strategy.canary.steps[7].plugin", "spec.strategy.canary.steps[8].experiment.templates"},
	} {
		for _, f := range manifestFiles(t) {
			if f.Name != name {
				continue
			}
			_, r := assessed(f)
			for _, path := range want {
				if !slices.ContainsFunc(r.Residue, func(x Residue) bool { return x.Path == path }) {
					t.Errorf("%s: %s is no residue: %v", name, path, r.Residue)
				}
			}
		}
	}
}

// TestTwoOfOneName: a rollout takes the template of its own file, and says so where it
// has to choose.
func TestTwoOfOneName(t *testing.T) {
	rollout := "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: %s}\nspec: {strategy: {canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 10}, {pause: {duration: 1h}}]}}}\n"
	template := "---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: t}\nspec: {metrics: [{name: m, interval: %s, provider: {prometheus: {query: 'sum(rate(r{code!~\"5..\"}[1m])) / sum(rate(r[1m]))'}}}]}\n"
	a := File{"a.yaml", []byte(fmt.Sprintf(rollout, "a") + fmt.Sprintf(template, "1m"))}
	b := File{"b.yaml", []byte(fmt.Sprintf(rollout, "b") + fmt.Sprintf(template, "2m"))}
	c := File{"c.yaml", []byte(fmt.Sprintf(rollout, "c"))}
	r := Read([]File{a, b, c}, Options{})
	for i, want := range []string{"1m0s", "2m0s", "1m0s"} {
		if got := r.Rollouts[i].Canary.Background.Metrics[0].Interval.String(); got != want {
			t.Errorf("rollout %d takes the template of %s, want %s", i, got, want)
		}
	}
	if n := len(r.Rollouts[0].Blind) + len(r.Rollouts[1].Blind); n != 0 {
		t.Errorf("no choice is needed: %v %v", r.Rollouts[0].Blind, r.Rollouts[1].Blind)
	}
	if !slices.ContainsFunc(r.Rollouts[2].Blind, func(s string) bool { return strings.Contains(s, "there are several") }) {
		t.Errorf("the choice is not told: %v", r.Rollouts[2].Blind)
	}
}
