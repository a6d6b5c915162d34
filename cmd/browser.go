package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// browserVariable is the environment variable that names the browser.
const browserVariable = "ROLLRISK_CHROMIUM"

// browser is a Chromium that prints.
type browser struct {
	path     string
	patience time.Duration // after which it is stopped
}

// patience is how long a print may take: one of twenty studies takes seconds.
const patience = 2 * time.Minute

// findBrowser looks for a Chromium where people have one.
func findBrowser() (browser, error) {
	if named := os.Getenv(browserVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return browser{}, badQuestionf("%s=%s: no such program", browserVariable, named)
		}
		return browser{path, patience}, nil
	}
	for _, name := range browserNames() {
		if path, err := exec.LookPath(name); err == nil {
			return browser{path, patience}, nil
		}
	}
	return browser{}, badQuestionf("no Chromium was found: install chromium, or set %s, or print report.html from any browser", browserVariable)
}

// browserNames are the names under which a Chromium is installed.
func browserNames() []string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	if runtime.GOOS == "darwin" {
		for _, app := range []string{"Chromium", "Google Chrome"} {
			names = append(names, "/Applications/"+app+".app/Contents/MacOS/"+app)
		}
	}
	return names
}

// print writes the page as a PDF. The browser works in a folder of its own, which
// goes away with it.
func (b browser) print(ctx context.Context, w io.Writer, page func(io.Writer) error) error {
	dir, err := os.MkdirTemp("", "rollrisk-print")
	if err != nil {
		return withoutOp(err)
	}
	defer removeSoon(dir)
	source, paper := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := writeWhole(output{source, page}); err != nil {
		return err
	}
	said, err := b.start(ctx, dir, "--print-to-pdf="+paper, fileAddress(source))
	if err != nil {
		return err
	}
	data, err := os.ReadFile(paper)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s made no PDF%s (one that may not see %s needs another TMPDIR)", b.path, said, filepath.Dir(dir))
	}
	if err == nil && !bytes.HasPrefix(data, []byte("%PDF-")) {
		err = fmt.Errorf("what %s made is no PDF%s", b.path, said)
	}
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// start runs the browser to its end, or ends it and all that it started. It
// returns the last that the browser said.
func (b browser) start(ctx context.Context, dir string, args ...string) (said string, err error) {
	hurried, stop := context.WithTimeout(ctx, b.patience)
	defer stop()
	c := exec.CommandContext(hurried, b.path, append(browserFlags(dir), args...)...)
	var out lastWords
	c.Stderr, c.WaitDelay = &out, 5*time.Second
	alone(c)
	if err = c.Run(); errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it has ended, and something that it started holds the pipe
	}
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case hurried.Err() != nil:
		return "", fmt.Errorf("%s took longer than %v to print; it was stopped", b.path, b.patience)
	case err != nil:
		return "", fmt.Errorf("%s: %w%s", b.path, err, out.String())
	}
	return out.String(), nil
}

// browserFlags start a browser that shows nothing, talks to nobody and keeps its
// own files in dir. Chromium refuses to run as root in its sandbox.
func browserFlags(dir string) []string {
	flags := []string{"--headless", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
		"--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer"}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox")
	}
	return flags
}

// fileAddress is the address of a file.
func fileAddress(name string) string {
	path := filepath.ToSlash(name)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/...
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// removeSoon removes a folder. What a browser started may still write there for a
// moment after it has ended, so it is tried for a while.
func removeSoon(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// lastWords keeps the end of what a program says.
type lastWords struct{ text []byte }

func (l *lastWords) Write(p []byte) (int, error) {
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-4096):]
	return len(p), nil
}

// String is the last line, behind a colon; "" when nothing was said.
func (l *lastWords) String() string {
	lines := strings.Split(strings.TrimSpace(string(l.text)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return ": " + last
	}
	return ""
}
