// Package mutants plants named faults, one at a time, and demands that the test which
// claims to notice each does fail. The faults are those that people make in such a
// model: an alarm one failure too early, users counted ring by ring, an interval from
// rows as if they were independent. A fault that nobody notices is a hole in the tests.
//
// The table is checked always. Planting takes minutes and is done when ROLLRISK_DEEP is
// 1, as .ci/run does. The sources are never touched: the go command is told to read
// other bytes in place of a file.
package mutants

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// A mutant is one fault: in file, old becomes new, and test of the package must fail.
type mutant struct {
	name     string // what is wrong
	file     string // from the root
	old, new string // old stands in the file exactly once
	pkg      string // of the test, from the root
	test     string // regular expression of the tests that must notice
}

// read returns the text of a mutant's file with the fault in it.
func (m *mutant) read() ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		return nil, fmt.Errorf("%s: the text to change stands there %d times, not once:\n%s", m.file, n, m.old)
	}
	return []byte(strings.Replace(string(text), m.old, m.new, 1)), nil
}

// TestTable holds the table against the sources: a fault that can no longer be planted
// is no fault.
func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, m := range mutants {
		if names[m.name] {
			t.Errorf("two mutants are called %q", m.name)
		}
		names[m.name] = true
		if _, err := m.read(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		if m.old == m.new {
			t.Errorf("%s: changes nothing", m.name)
		}
		if !hasTest(t, m.pkg, m.test) {
			t.Errorf("%s: package %s has no test that matches %s", m.name, m.pkg, m.test)
		}
	}
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// hasTest reports whether a package has a test whose name matches.
func hasTest(t *testing.T, pkg, pattern string) bool {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	return anyTestFile(t, pkg, func(text string) bool {
		return slices.ContainsFunc(testFunc.FindAllStringSubmatch(text, -1), func(m []string) bool { return wanted.MatchString(m[1]) })
	})
}

// usesRapid reports whether the tests of a package know the flags of the library of
// property tests.
func usesRapid(t *testing.T, pkg string) bool {
	t.Helper()
	return anyTestFile(t, pkg, func(text string) bool { return strings.Contains(text, `"pgregory.net/rapid"`) })
}

func anyTestFile(t *testing.T, pkg string, holds func(text string) bool) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return holds(string(text))
	})
}

// TestMutants plants every fault.
func TestMutants(t *testing.T) {
	deep(t)
	healthy(t)
	for _, m := range mutants {
		t.Run(strings.ReplaceAll(m.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			if verdict := plant(t, &m); verdict != killed {
				t.Errorf("%s: %s", m.name, verdict)
			}
		})
	}
}

// TestTheTestOfMutants shows that a fault which nobody notices, and one that does not
// compile, are told apart from one that is noticed.
func TestTheTestOfMutants(t *testing.T) {
	deep(t)
	base := mutant{file: "sim/rng/philox.go", old: "multiplier1 = 0xCA5A826395121157", pkg: "sim/rng", test: "^TestKnownAnswers$"}
	for verdict, text := range map[string]string{
		killed:   "multiplier1 = 0xCA5A826395121159",
		survived: "multiplier1 = 0xCA5A826395121157 // as it was",
		broken:   "multiplier1 = no number",
	} {
		m := base
		m.new = text
		if got := plant(t, &m); got != verdict {
			t.Errorf("%q: %s, want %s", text, got, verdict)
		}
	}
}

func deep(t *testing.T) {
	t.Helper()
	if os.Getenv("ROLLRISK_DEEP") != "1" {
		t.Skip("takes minutes; set ROLLRISK_DEEP=1")
	}
}

// healthy runs the named tests without a fault: they must pass, or their failing
// would say nothing.
func healthy(t *testing.T) {
	t.Helper()
	tests := map[string][]string{}
	for _, m := range mutants {
		if !slices.Contains(tests[m.pkg], m.test) {
			tests[m.pkg] = append(tests[m.pkg], m.test)
		}
	}
	for pkg, patterns := range tests {
		if out, err := goTest(pkg, strings.Join(patterns, "|")); err != nil {
			t.Fatalf("without any fault, in %s: %v\n%s", pkg, err, out)
		}
	}
}

// What can become of a mutant.
const (
	killed   = "killed"
	survived = "survived: its test passes"
	broken   = "does not compile"
	endless  = "never ends: plant it so that a test can say what is wrong"
)

// plant runs the test of a mutant with the fault in place.
func plant(t *testing.T, m *mutant) string {
	t.Helper()
	text, err := m.read()
	if err != nil {
		return err.Error()
	}
	flags := []string{"-count=1", "-failfast", "-overlay=" + overlay(t, m.file, text)}
	if usesRapid(t, m.pkg) {
		flags = append(flags, "-rapid.nofailfile") // what fails here on purpose is nothing to keep
	}
	out, err := goTest(m.pkg, m.test, flags...)
	switch {
	case err == nil:
		return survived
	case strings.Contains(out, "panic: test timed out"):
		return endless
	case strings.Contains(out, "--- FAIL") || strings.Contains(out, "panic:"):
		return killed
	case strings.Contains(out, "[build failed]"):
		return broken
	}
	return fmt.Sprintf("%v\n%s", err, out)
}

// overlay writes what tells the go command to read text in place of a file.
func overlay(t *testing.T, file string, text []byte) string {
	t.Helper()
	dir := t.TempDir()
	real, err := filepath.Abs(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	instead := filepath.Join(dir, filepath.Base(file))
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{real: instead}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{instead: text, filepath.Join(dir, "overlay.json"): list} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "overlay.json")
}

func goTest(pkg, run string, flags ...string) (string, error) {
	// The package goes before the flags that only its tests know.
	c := exec.Command("go", append([]string{"test", "-vet=off", "-timeout=60s", "-run", run, "./" + pkg}, flags...)...)
	c.Dir = root
	// The tests that a mutant names are the ordinary ones.
	c.Env = append(os.Environ(), "ROLLRISK_DEEP=")
	out, err := c.CombinedOutput()
	return string(out), err
}
