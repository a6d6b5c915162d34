package manual

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// gated is a scenario whose one gate passes, strict one whose gate fails.
const gated = `rollrisk: 1
title: Two ways
service: {users: 1k}
changes: {rate: 2/w, defects: 0.4}
detectors: {complaints: {kind: complaints, report_probability: 1%, reports: 3}}
alternatives:
  a: {title: all at once, stages: [ring: 100%]}
  b: {title: step by step, stages: [{ring: 10%, bake: 1d}, ring: 100%]}
gates:
  few-hurt: {alternative: b, metric: users_affected, at_most: 900}
`

// load reads a file of the project as YAML.
func load[T any](t *testing.T, name string) T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// action is what the test needs of action.yml.
type action struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Runs struct {
		Using string
		Steps []struct {
			Name, If, Run, Shell, Uses string
			Env                        map[string]string
		}
	}
}

// bash runs a script in a directory as a runner does; what it printed and how it ended.
func bash(t *testing.T, dir, script string, env ...string) (out string, code int) {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	c := exec.Command(path, "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	data, _ := c.CombinedOutput()
	return string(data), c.ProcessState.ExitCode()
}

// The steps of the action do on this machine what they say: every one is run, with the
// inputs of a workflow. Only the step that installs Go is left out.
func TestAction(t *testing.T) {
	a := load[action](t, "action.yml")
	if a.Runs.Using != "composite" {
		t.Fatalf("it is %q", a.Runs.Using)
	}
	tool, here := build(t), t.TempDir()
	where, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"old.yaml": gated, "good.yaml": strings.Replace(gated, "bake: 1d", "bake: 3d", 1), "bad.yaml": strings.Replace(gated, "900", "1", 1)} {
		if err := os.WriteFile(filepath.Join(here, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		inputs map[string]string
		code   int
		want   []string // in the summary
		said   string   // on the lines of the pull request
	}{
		{map[string]string{"scenarios": "good.yaml", "old": "old.yaml"}, 0, []string{"moved visibly", "<!-- rollrisk:compare -->", "1 of 1 gates passes"}, "::notice"},
		{map[string]string{"scenarios": "old.yaml", "old": "old.yaml"}, 0, []string{"1 of 1 gates passes"}, "::notice"},
		{map[string]string{"scenarios": "bad.yaml"}, 3, []string{"1 of 1 gates fails"}, "::error file=bad.yaml,line="},
	} {
		summary, code, said := a.run(t, c.inputs, runner{dir: here, action: where, temp: tool})
		if code != c.code || !strings.Contains(said, c.said) {
			t.Errorf("%v: code %d, %s", c.inputs, code, said)
		}
		for _, want := range c.want {
			if !strings.Contains(summary, want) {
				t.Errorf("%v: %q is missing in %s", c.inputs, want, summary)
			}
		}
		if c.inputs["scenarios"] == c.inputs["old"] && strings.Contains(summary, "compare") {
			t.Errorf("nothing changed, and it is told: %s", summary)
		}
	}
}

// runner is where an action runs.
type runner struct{ dir, action, temp string }

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// run runs the steps with inputs.
func (a action) run(t *testing.T, inputs map[string]string, r runner) (summary string, code int, said string) {
	t.Helper()
	out, file := filepath.Join(t.TempDir(), "output"), filepath.Join(t.TempDir(), "summary")
	value := func(s string) string {
		return expression.ReplaceAllStringFunc(s, func(e string) string {
			name, ok := strings.CutPrefix(expression.FindStringSubmatch(e)[1], "inputs.")
			if !ok {
				t.Fatalf("%s is not known here", e)
			}
			input, ok := a.Inputs[name]
			if !ok || input.Description == "" {
				t.Errorf("there is no input %s, or it is not explained", name)
			}
			if v, ok := inputs[name]; ok {
				return v
			}
			return input.Default
		})
	}
	for _, step := range a.Runs.Steps {
		if step.Run == "" || step.If == "inputs.old != ''" && inputs["old"] == "" || step.Name == "build" {
			continue // the program is built already, in the place where that step would put it
		}
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: an expression within a script may bring commands along; it belongs into env", step.Name)
		}
		env := []string{"GITHUB_STEP_SUMMARY=" + file, "GITHUB_OUTPUT=" + out, "GITHUB_ACTION_PATH=" + r.action, "RUNNER_TEMP=" + r.temp}
		for k, v := range step.Env {
			env = append(env, k+"="+value(v))
		}
		if said, code = bash(t, r.dir, step.Run, env...); code != 0 {
			break
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || !strings.Contains(string(got), "code=") {
		t.Errorf("the output is %q (%v)", got, err)
	}
	return string(data), code, said
}

// The script of the template for GitLab ends as the gates do, and leaves both reports.
func TestGitLab(t *testing.T) {
	type job struct {
		Image     string
		Script    []string
		Variables map[string]string
		Artifacts struct {
			When    string
			Reports map[string]string
		}
	}
	j := load[map[string]job](t, "packaging/gitlab-ci.yml")[".rollrisk"]
	tool := build(t)
	for at, want := range map[string]int{"900": 0, "1": 3} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(strings.Replace(gated, "900", at, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		env := []string{"PATH=" + tool + string(filepath.ListSeparator) + os.Getenv("PATH")}
		for k, v := range j.Variables {
			env = append(env, k+"="+v)
		}
		script := strings.Replace(strings.Join(j.Script, "\n"), `go install "$ROLLRISK"`, "true", 1)
		if out, code := bash(t, dir, script, env...); code != want {
			t.Errorf("code %d, want %d: %s", code, want, out)
		}
		for kind, name := range j.Artifacts.Reports {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
				t.Errorf("there is no %s in %s (%v)", kind, name, err)
			}
		}
	}
	if j.Artifacts.When != "always" {
		t.Error("the reports of gates that fail are lost")
	}
}

// Every hook runs a command that there is, and takes the files that it should.
func TestPreCommit(t *testing.T) {
	hooks := load[[]struct{ ID, Name, Entry, Language, Files string }](t, ".pre-commit-hooks.yaml")
	tool, dir := build(t), t.TempDir()
	for name, text := range map[string]string{"good.yaml": gated, "bad.yaml": "rollrisk: 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range hooks {
		if h.ID == "" || h.Name == "" || h.Language != "golang" {
			t.Errorf("%+v", h)
		}
		for file, want := range map[string]int{"good.yaml": 0, "bad.yaml": 2} {
			if out, code := bash(t, dir, filepath.Join(tool, h.Entry)+" "+file); code != want {
				t.Errorf("%s %s: code %d, %s", h.Entry, file, code, out)
			}
		}
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{"pipelines/a.yaml": true, "x/scenarios/a.yml": true, "docker-compose.yaml": false, "pipelines/a.json": false} {
			if files.MatchString(name) != want {
				t.Errorf("%s takes %s: %v", h.ID, name, !want)
			}
		}
	}
	if len(hooks) == 0 {
		t.Error("there are no hooks")
	}
}
