// Package manual executes the manual: every console block of the README and of the
// tutorial runs in a shell, in the order of the page, and must print what the page says
// it prints. It has no code of its own.
//
// In a page,
//
//	```console
//	$ rollrisk version
//	rollrisk ...
//	```
//
// runs the command and wants that output: each line in turn, "..." standing for any
// text, and a line of nothing but "..." for any lines. A block without output wants
// success only; "console exit=2" wants that exit code. A block after the comment
//
//	<!-- file: mine.yaml -->
//
// is written to that file instead. Other blocks are only read.
package manual

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	// So that a change of any code below the command line is a reason to run this again.
	_ "github.com/rollrisk/rollrisk/cmd"
)

const root = "../.."

func TestPages(t *testing.T) {
	tool := build(t)
	for _, page := range []string{"README.md", "docs/tutorial.md", "docs/guides/ci.md", "docs/guides/deciding.md", "docs/guides/assess-argo.md", "docs/guides/assess-flagger.md", "docs/reference/calc.md", "docs/background/detection.md"} {
		t.Run(page, func(t *testing.T) {
			if page == "docs/tutorial.md" && os.Getenv("ROLLRISK_DEEP") != "1" {
				t.Skip("half a minute of simulation; set ROLLRISK_DEEP=1")
			}
			text, err := os.ReadFile(filepath.Join(root, page))
			if err != nil {
				t.Fatal(err)
			}
			steps := parse(string(text))
			if len(steps) == 0 {
				t.Fatal("the page has no block to execute")
			}
			s := shell{dir: t.TempDir(), path: tool}
			for _, step := range steps {
				if problem := s.perform(step); problem != "" {
					t.Errorf("%s:%d: %s", page, step.line, problem)
				}
			}
		})
	}
}

// TestCalcKeys: every key that an example of the page on calc prints is described there.
func TestCalcKeys(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/reference/calc.md"))
	if err != nil {
		t.Fatal(err)
	}
	s, n := shell{dir: t.TempDir(), path: build(t)}, 0
	for _, step := range parse(string(text)) {
		for _, c := range step.commands {
			out, _, err := s.run(c.text)
			if err != nil {
				t.Fatal(err)
			}
			var keys map[string]any
			if err := json.Unmarshal([]byte(out), &keys); err != nil {
				t.Fatalf("%s: %v", c.text, err)
			}
			for key := range keys {
				n++
				if !strings.Contains(string(text), "| `"+key+"` |") {
					t.Errorf("%s: the key %s is not described", c.text, key)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no example prints a key")
	}
}

// TestThePagesCanFail performs steps that are wrong.
func TestThePagesCanFail(t *testing.T) {
	for text, want := range map[string]string{
		"```console\n$ echo one\ntwo\n```":                                       `not next in the output: "two"`,
		"```console\n$ printf 'a\\nb\\n'\nb\na\n```":                             `not next in the output: "b"`,
		"```console\n$ false\n```":                                               "exit code 1, want 0",
		"```console exit=3\n$ exit 3\n```":                                       "",
		"```console\n$ printf 'a 1 s\\nb\\nc\\n'\na ... s\n...\nc\n```":          "",
		"<!-- file: x -->\n```yaml\nhello\n```\n```console\n$ cat x\nhello\n```": "",
		"```console\n$ printf 'a\\nb\\n'\na\n```":                                `more output: "b"`,
		"```sh\n$ false\n```":                                                    "",
	} {
		s := shell{dir: t.TempDir()}
		got := ""
		for _, step := range parse(text) {
			got += s.perform(step)
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// build compiles the tool and returns the directory that it is in.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	c := exec.Command("go", "build", "-buildvcs=false", "-o", dir+string(filepath.Separator), ".")
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// A step is one block of a page: a file to write, or commands to run.
type step struct {
	line     int
	file     string
	content  string
	commands []command
}

// A command is a line after "$ " and the output that the page shows for it.
type command struct {
	text string
	want []string
	exit int
}

var (
	fence    = regexp.MustCompile("^```(\\S*) *(?:exit=(\\d+))?$")
	fileName = regexp.MustCompile(`^<!-- file: (\S+) -->$`)
)

// parse finds the steps of a page.
func parse(text string) []step {
	var steps []step
	lines := strings.Split(text, "\n")
	file := ""
	for i := 0; i < len(lines); i++ {
		if m := fileName.FindStringSubmatch(lines[i]); m != nil {
			file = m[1]
			continue
		}
		m := fence.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		begin := i + 1
		for i++; i < len(lines) && lines[i] != "```"; i++ {
		}
		block := lines[begin:min(i, len(lines))]
		switch {
		case file != "":
			steps = append(steps, step{line: begin, file: file, content: strings.Join(block, "\n") + "\n"})
		case m[1] == "console":
			exit, _ := strconv.Atoi(m[2]) // "" is 0
			steps = append(steps, step{line: begin, commands: commands(block, exit)})
		}
		file = ""
	}
	return steps
}

// commands takes a console block apart. Only the last command of a block may fail.
func commands(block []string, exit int) []command {
	var list []command
	for _, line := range block {
		if text, ok := strings.CutPrefix(line, "$ "); ok {
			list = append(list, command{text: text})
		} else if n := len(list); n > 0 {
			list[n-1].want = append(list[n-1].want, line)
		}
	}
	if len(list) > 0 {
		list[len(list)-1].exit = exit
	}
	return list
}

// A shell performs steps in a directory of its own.
type shell struct{ dir, path string }

// perform returns what is wrong with a step, "" for nothing.
func (s shell) perform(st step) string {
	if st.file != "" {
		if err := os.WriteFile(filepath.Join(s.dir, st.file), []byte(st.content), 0o600); err != nil {
			return err.Error()
		}
	}
	for _, c := range st.commands {
		out, exit, err := s.run(c.text)
		switch {
		case err != nil:
			return fmt.Sprintf("%s: %v", c.text, err)
		case exit != c.exit:
			return fmt.Sprintf("%s: exit code %d, want %d\n%s", c.text, exit, c.exit, out)
		case len(c.want) > 0:
			if problem := match(c.want, strings.Split(strings.TrimRight(out, "\n"), "\n")); problem != "" {
				return fmt.Sprintf("%s: %s\n%s", c.text, problem, out)
			}
		}
	}
	return ""
}

// run runs one command line. In a checkout "go run ." is the tool; here the tool is
// built already.
func (s shell) run(text string) (out string, exit int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	text = strings.Replace(text, "go run . ", "rollrisk ", 1)
	c := exec.CommandContext(ctx, "bash", "-c", text)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "PATH="+s.path+string(filepath.ListSeparator)+os.Getenv("PATH"), "NO_COLOR=1", "COLUMNS=100")
	data, err := c.CombinedOutput()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return string(data), failed.ExitCode(), nil
	}
	return string(data), 0, err
}

// match compares output with what a page shows of it.
func match(want, got []string) string {
	anywhere := false
	for _, w := range want {
		if strings.TrimSpace(w) == "..." {
			anywhere = true
			continue
		}
		i := find(w, got)
		if i < 0 || i > 0 && !anywhere {
			return fmt.Sprintf("not next in the output: %q", w)
		}
		got, anywhere = got[i+1:], false
	}
	if len(got) > 0 && !anywhere {
		return fmt.Sprintf("more output: %q", got[0])
	}
	return ""
}

// find is the first line that looks like w; -1 when none does.
func find(w string, lines []string) int {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(w, " ")), `\.\.\.`, ".*")
	r := regexp.MustCompile("^" + pattern + "$")
	for i, line := range lines {
		if r.MatchString(strings.TrimRight(line, " ")) {
			return i
		}
	}
	return -1
}
