//go:build unix

package cmd

import (
	"os"
	"syscall"
)

// lock waits until no other run renames files in a directory, and returns what lets the
// next one in. It ends with the process, however that ends. Where the file system has no
// locks there is none.
func lock(dir string) (unlock func()) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			break
		}
	}
	return func() { f.Close() }
}
