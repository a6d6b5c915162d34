package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/rollrisk/rollrisk/internal/playground"
	"github.com/spf13/cobra"
)

// The files of an engine, in the directory of --engine and in a released program.
const (
	engineFile  = "engine.wasm"
	runtimeFile = "wasm_exec.js"
)

// found is the engine: from a directory that was named, from inside the program, or
// compiled now.
func (f *playgroundFlags) found(c *cobra.Command) (playground.Engine, error) {
	if f.engine != "" {
		e, err := engineOf(os.DirFS(f.engine))
		if err != nil {
			return e, badQuestionf("--engine %s: %v", f.engine, err)
		}
		return e, nil
	}
	if carried != nil {
		return engineOf(carried)
	}
	return compiled(c.Context(), func(line string) { fmt.Fprintln(c.ErrOrStderr(), line) })
}

// engineOf reads the two files.
func engineOf(files fs.FS) (e playground.Engine, err error) {
	if e.Wasm, err = fs.ReadFile(files, engineFile); err != nil {
		return e, err
	}
	text, err := fs.ReadFile(files, runtimeFile)
	e.Runtime = string(text)
	return e, err
}

// compiled is the engine of the source that this program was built from, by the Go on this
// machine. The same source and Go give the same bytes.
func compiled(ctx context.Context, tell func(string)) (e playground.Engine, err error) {
	source, err := sourceDir()
	if err != nil {
		return e, err
	}
	dir, err := os.MkdirTemp("", "rollrisk-engine-")
	if err != nil {
		return e, err
	}
	defer os.RemoveAll(dir)
	tell("compiling the engine for browsers ...")
	file := filepath.Join(dir, engineFile)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, "./internal/playground/engine")
	build.Dir, build.Env = source, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if text, err := build.CombinedOutput(); err != nil {
		return e, fmt.Errorf("the engine could not be compiled: %w\n%s", err, bytes.TrimSpace(text))
	}
	if e.Wasm, err = os.ReadFile(file); err != nil {
		return e, err
	}
	root := exec.CommandContext(ctx, "go", "env", "GOROOT")
	root.Dir = source
	where, err := root.Output()
	if err != nil {
		return e, fmt.Errorf("go env GOROOT: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(where)), "lib", "wasm", runtimeFile))
	e.Runtime = string(text)
	return e, err
}

// sourceDir is the directory that this program was compiled from, if it is still there.
func sourceDir() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	dir := filepath.Dir(filepath.Dir(file))
	if _, err := os.Stat(filepath.Join(dir, "internal", "playground", "engine", "main.go")); !ok || !filepath.IsAbs(file) || err != nil {
		return "", badQuestionf("this program carries no engine for browsers, and its source is not on this machine; take a released one, run it from its source (go run . playground), or name a directory with --engine")
	}
	return dir, nil
}
