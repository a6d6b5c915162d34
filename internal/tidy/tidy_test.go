// Package tidy holds the rules of the house as tests: who may import whom, how long a
// function may be, what must have a comment, what must have the same bits everywhere.
// It has no code of its own. Each check is also run on small trees that are planted
// with faults, in testdata, so that a check that finds nothing is known to be able to.
package tidy

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// checks are the rules by name. Each returns its faults as "file:line: what".
var checks = map[string]func(t *tree) []string{
	"layers":      checkLayers,
	"reserves":    checkReserves,
	"clock":       checkClock,
	"quiet-start": checkQuietStart,
	"goroutines":  checkGoroutines,
	"functions":   checkFunctions,
	"files":       checkFiles,
	"interfaces":  checkInterfaces,
	"arguments":   checkArguments,
	"comments":    checkComments,
	"format":      checkFormat,
	"machine":     checkMachine,
	"links":       checkLinks,
	"changelog":   checkChangelog,
	"kinds":       typedCheck(words("sim/... models/... scenarios/... reports/..."), checkKinds),
	"globals":     typedCheck(words("sim/... models/... scenarios/... reports/... cmd"), checkGlobals),
	"maps":        typedCheck(portable, checkMaps),
	"math":        typedCheck(portable, checkFunctionsOfMath),
	"products":    typedCheck(portable, checkProducts),
}

func TestTree(t *testing.T) {
	tree, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.code) < 20 {
		t.Fatalf("only %d Go files found", len(tree.code))
	}
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		t.Run(name, func(t *testing.T) {
			for _, fault := range checks[name](tree) {
				t.Error(fault)
			}
		})
	}
}

// TestPlanted runs each check on the archives in testdata that bear its name. The
// comment of an archive lists the faults that must be found, and no others:
//
//	file:line: a part of the message
func TestPlanted(t *testing.T) {
	tested := map[string]bool{}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txtar"), "_")
		t.Run(filepath.Base(file), func(t *testing.T) {
			check, ok := checks[name]
			if !ok {
				t.Fatalf("there is no check called %q", name)
			}
			want, got := plant(t, file, check)
			compare(t, want, got)
			tested[name] = len(want) > 0
		})
	}
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		if !tested[name] {
			t.Errorf("no planted fault shows that %q can fail", name)
		}
	}
}

// plant runs a check on an archive and returns what its comment wants and what it got.
func plant(t *testing.T, file string, check func(*tree) []string) (want, got []string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	tree, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			want = append(want, line)
		}
	}
	return want, check(tree)
}

// compare matches each fault that is wanted with one that was found.
func compare(t *testing.T, want, got []string) {
	t.Helper()
	for _, w := range want {
		place, text, _ := strings.Cut(w, ": ")
		i := slices.IndexFunc(got, func(g string) bool { return strings.HasPrefix(g, place+": ") && strings.Contains(g, text) })
		if i < 0 {
			t.Errorf("not found: %s", w)
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	for _, g := range got {
		t.Errorf("found without cause: %s", g)
	}
}
