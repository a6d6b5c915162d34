package cmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// says is an output that writes a text.
func says(name, text string) output {
	return output{name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }}
}

// holds checks what is in a directory: names and contents, nothing else.
func holds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want[e.Name()]; !ok {
			t.Errorf("there is %s", e.Name())
		}
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, text)
		}
	}
}

// Two files are both new or both old, whatever goes wrong with the second one,
// and nothing else is left.
func TestWriteWholeIsAllOrNothing(t *testing.T) {
	faults := map[string]func(dir string, w io.Writer) error{
		"it cannot be written": func(string, io.Writer) error { return errors.New("no more room") },
		"it vanishes before it has its name": func(dir string, w io.Writer) error {
			found, err := filepath.Glob(filepath.Join(dir, ".second.*"))
			if err != nil || len(found) != 1 {
				t.Fatalf("%v, %v", found, err)
			}
			return os.Remove(found[0])
		},
	}
	for what, fault := range faults {
		for _, old := range []map[string]string{{}, {"first": "old 1"}, {"second": "old 2"}, {"first": "old 1", "second": "old 2"}} {
			dir := t.TempDir()
			for name, text := range old {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			second := output{filepath.Join(dir, "second"), func(w io.Writer) error { return fault(dir, w) }}
			if err := writeWhole(says(filepath.Join(dir, "first"), "new"), second); err == nil {
				t.Errorf("%s: no error", what)
			}
			holds(t, dir, old)
		}
	}
}

// A directory that takes the second name while the first file is written is
// told, and the first file stays the old one.
func TestWriteWholeTaken(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	if err := writeWhole(says(first, "old 1")); err != nil {
		t.Fatal(err)
	}
	err := writeWhole(output{first, func(io.Writer) error { return os.Mkdir(second, 0o755) }}, says(second, "new 2"))
	var bad *badQuestion
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), "second is a directory") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string]string{"first": "old 1"})
}

// Where nothing goes wrong both are new.
func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for _, text := range []string{"one", "two"} {
		if err := writeWhole(says(first, text), says(second, text)); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"first": text, "second": text})
	}
}

// A file that may not be written is told beforehand.
func TestCanWriteReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser may write everything")
	}
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := canWrite(name); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("%v", err)
	}
}
