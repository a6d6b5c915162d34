package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxScenarioBytes bounds what is read of a scenario file; the decoder has a
// bound of its own.
const maxScenarioBytes = 4 << 20

// readBounded reads a file, or standard input for "-", up to max bytes.
func readBounded(name string, in io.Reader, max int64) ([]byte, error) {
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

// withoutOp turns "open x: no such file or directory" into "x: no such file or
// directory".
func withoutOp(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// writeWhole writes a file so that it is either the old one or the new one,
// whole, whatever happens in between: into a temporary file beside it, which
// is then renamed.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return withoutOp(err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err = write(f); err != nil {
		f.Close()
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err = f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
