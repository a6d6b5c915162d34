package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxScenarioBytes bounds what is read of a scenario file; the decoder has a
// bound of its own.
const maxScenarioBytes = 4 << 20

// readBounded reads a file, or standard input for "-", up to max bytes. It
// waits no longer than ctx: a pipe may stay silent for ever.
func readBounded(ctx context.Context, name string, in io.Reader, max int64) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		data, err := readAll(name, in, max)
		read <- result{data, err}
	}()
	select {
	case r := <-read:
		return r.data, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func readAll(name string, in io.Reader, max int64) ([]byte, error) {
	r := in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, badQuestionf("%v", withoutOp(err))
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, badQuestionf("%s is a directory; name a file", name)
		}
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, badQuestionf("%s: %v", name, withoutOp(err))
	}
	if int64(len(data)) > max {
		return nil, badQuestionf("%s is larger than %d MiB, the most that is read", name, max>>20)
	}
	return data, nil
}

// reason is what the machine says, without the name of the file.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// withoutOp turns "open x: no such file or directory" into "x: no such file or
// directory".
func withoutOp(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}
