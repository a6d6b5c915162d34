package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
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

// writeWhole writes files so that each is the old one or the new one, whole, whatever
// happens in between, the end of the process included; and all are old or all are new,
// unless the process ends between two renames. All of them are written beside their
// places before the first is renamed, and no other run renames there meanwhile.
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
	defer lockAll(files)()
	for i := range files {
		if files[i].sweep(); len(files) == 1 {
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
		return staged{}, nameOf(o.name, f.Name(), err)
	}
	return staged{temp: f.Name(), place: place}, nil
}

// nameOf says what was to be written in place of the file that waits for its place.
func nameOf(name, temp string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) && p.Path == temp {
		return fmt.Errorf("%s: %w", name, p.Err)
	}
	return err
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

// lockAll locks the directories of files, in the order of their names, so that no two runs
// wait for each other.
func lockAll(files []staged) (unlock func()) {
	var dirs []string
	for _, f := range files {
		dirs = append(dirs, absolute(filepath.Dir(f.place)))
	}
	slices.Sort(dirs)
	var all []func()
	for _, dir := range slices.Compact(dirs) {
		all = append(all, lock(dir))
	}
	return func() {
		for _, unlock := range all {
			unlock()
		}
	}
}

// abandoned is after how long a file that waits for its place belongs to a run that was
// killed: an assumption, far above the minutes that a print may take.
const abandoned = time.Hour

// sweep removes what a run that was killed has left beside the place.
func (s *staged) sweep() {
	mine := regexp.MustCompile(`^\.` + regexp.QuoteMeta(filepath.Base(s.place)) + `\.[0-9]+(\.old)?$`)
	dir := filepath.Dir(s.place)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !mine.MatchString(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// putAside keeps what is in the place of a file, so that it can come back. It stays there
// too, so that a run that is killed leaves it; where the file system has no second names
// for a file, it is moved.
func (s *staged) putAside() error {
	old := s.temp + ".old"
	err := os.Link(s.place, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = os.Rename(s.place, old)
	}
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
	switch {
	case !s.done:
		os.Remove(s.temp)
	case !s.aside:
		os.Remove(s.place)
	}
	if s.aside {
		os.Rename(s.temp+".old", s.place)
		os.Remove(s.temp + ".old") // where both are one file, a rename leaves both names
	}
}
