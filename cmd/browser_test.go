package cmd

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The report of the default scenario fills two sheets of A4: a browser of this
// machine says so. Without one the test is skipped, unless ROLLRISK_BROWSER=required.
func TestPrint(t *testing.T) {
	if _, err := findBrowser(); err != nil {
		if os.Getenv("ROLLRISK_BROWSER") == "required" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	do := func(args ...string) {
		t.Helper()
		var out, errOut bytes.Buffer
		if code := Main(args, strings.NewReader(""), &out, &errOut); code != exitDone {
			t.Fatalf("%v: exit code %d\n%s", args, code, errOut.String())
		}
	}
	study, pdf := filepath.Join(dir, "study.json"), filepath.Join(dir, "report.pdf")
	do("run", "--out", dir, "--quiet")
	do("report", study, "--out", filepath.Join(dir, "report.html"), "--pdf", pdf)
	data, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Errorf("it begins with %q", data[:min(len(data), 10)])
	}
	if n := len(regexp.MustCompile(`/Type */Page\b`).FindAll(data, -1)); n != 2 {
		t.Errorf("%d pages", n)
	}
	if !regexp.MustCompile(`/MediaBox \[0 0 59[45][.0-9]* 84[12][.0-9]*\]`).Match(data) {
		t.Error("the paper is not A4")
	}
	holdsOnly(t, temp)
}

// holdsOnly checks that a folder holds these names and nothing else.
func holdsOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %v, want %v", dir, got, names)
	}
}

// standIn is a browser that does what a shell script says.
func standIn(t *testing.T, script string) browser {
	if runtime.GOOS == "windows" {
		t.Skip("stand-ins are shell scripts")
	}
	name := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return browser{path: name, patience: time.Minute}
}

// A browser that hangs is stopped with all that it started.
func TestPrintTakesTooLong(t *testing.T) {
	temp := t.TempDir()
	b := standIn(t, "sleep 300 & wait")
	t.Setenv("TMPDIR", temp)
	b.patience = 200 * time.Millisecond
	began := time.Now()
	err := b.print(t.Context(), io.Discard, func(w io.Writer) error { _, err := io.WriteString(w, "page"); return err })
	if err == nil || !strings.Contains(err.Error(), "took longer than 200ms to print; it was stopped") {
		t.Errorf("%v", err)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %v: what the browser started held it up", took)
	}
	holdsOnly(t, temp)
}

// Where no browser is found the message says what to do.
func TestFindNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(browserVariable, "")
	b, err := findBrowser()
	if err == nil {
		t.Skip("this machine has ", b.path)
	}
	const want = "no Chromium was found: install chromium, or set ROLLRISK_CHROMIUM, or print report.html from any browser"
	if err.Error() != want || exitCode(t.Context(), err) != exitBadQuestion {
		t.Errorf("%v, exit code %d", err, exitCode(t.Context(), err))
	}
}

// Each name is tried, and the variable goes before all.
func TestFindBrowser(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	for _, name := range []string{"google-chrome-stable", "google-chrome", "chromium-browser", "chromium", "mine"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv(browserVariable, "")
		if name == "mine" {
			t.Setenv(browserVariable, path)
		}
		if b, err := findBrowser(); runtime.GOOS != "windows" && b.path != path {
			t.Errorf("with %s it is %q, %v", name, b.path, err)
		}
	}
}

func TestFileAddress(t *testing.T) {
	for name, want := range map[string]string{"/a b/c#d%.html": "file:///a%20b/c%23d%25.html", "C:/x": "file:///C:/x"} {
		if got := fileAddress(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
