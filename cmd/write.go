package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is a file to be written.
type output struct {
	name  string
	write func(io.Writer) error
}

// placeOf is where a file of that name is: behind its links, which stay. It
// tells what can be known beforehand to stand in the way of writing it.
func placeOf(name string) (string, error) {
	place, info, err := name, fs.FileInfo(nil), error(nil)
	if info, err = os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if place, err = filepath.EvalSymlinks(name); err != nil {
			return "", fmt.Errorf("%s is a link that leads nowhere", name)
		}
		info, err = os.Stat(place)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return place, nil
	case err != nil:
		return "", withoutOp(err)
	case info.IsDir():
		return "", fmt.Errorf("%s is a directory", name)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no plain file", name)
	}
	f, err := os.OpenFile(place, os.O_WRONLY, 0)
	if err != nil {
		return "", withoutOp(err)
	}
	return place, f.Close()
}

// canWrite tells why a file could not be written, nil when nothing is in its
// way now: its name is free or a plain file's, and there is room beside it.
func canWrite(name string) error {
	place, err := placeOf(name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(place), ".rollrisk.*")
	if err != nil {
		return fmt.Errorf("%s: nothing can be written there: %w", filepath.Dir(place), reason(err))
	}
	f.Close()
	return os.Remove(f.Name())
}

// staged is a file that was written whole beside its place and waits.
type staged struct {
	temp, place string
	aside       bool // what was in its place waits too, as temp with ".old"
	done        bool // it is in its place
}

// writeWhole writes files so that each is the old one or the new one, whole,
// and all are old or all are new, whatever happens in between: all of them are
// written beside their places before the first is renamed.
func writeWhole(outputs ...output) (err error) {
	var files []staged
	defer func() {
		for i := range files {
			if err == nil {
				files[i].finish()
			} else {
				files[i].undo()
			}
		}
	}()
	for _, o := range outputs {
		f, err := stage(o)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	for i := range files {
		if len(files) == 1 {
			break // a single rename needs no way back
		}
		if err := files[i].putAside(); err != nil {
			return err
		}
	}
	for i := range files {
		if err := files[i].putInPlace(); err != nil {
			return err
		}
	}
	return nil
}

// stage writes a file beside its place.
func stage(o output) (staged, error) {
	place, err := placeOf(o.name)
	if err != nil {
		return staged{}, badQuestionf("%v", err)
	}
	f, err := os.CreateTemp(filepath.Dir(place), "."+filepath.Base(place)+".*")
	if err != nil {
		return staged{}, withoutOp(err)
	}
	if err = fill(f, o.write); err != nil {
		os.Remove(f.Name())
		return staged{}, err
	}
	return staged{temp: f.Name(), place: place}, nil
}

// fill writes, and makes sure that it is on the disk.
func fill(f *os.File, write func(io.Writer) error) error {
	err := write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// putAside keeps what is in the place of a file, so that it can come back.
func (s *staged) putAside() error {
	err := os.Rename(s.place, s.temp+".old")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	s.aside = err == nil
	return err
}

// putInPlace gives a file its name.
func (s *staged) putInPlace() error {
	err := os.Rename(s.temp, s.place)
	s.done = err == nil
	return err
}

// finish forgets the old file.
func (s *staged) finish() {
	if s.aside {
		os.Remove(s.temp + ".old")
	}
}

// undo brings the old file back; where there was none, there is none.
func (s *staged) undo() {
	if s.done {
		os.Remove(s.place)
	} else {
		os.Remove(s.temp)
	}
	if s.aside {
		os.Rename(s.temp+".old", s.place)
	}
}
