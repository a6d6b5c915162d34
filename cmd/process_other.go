//go:build !unix

package cmd

import "os/exec"

// alone does nothing where there are no process groups: the program itself is
// killed when its context ends.
func alone(*exec.Cmd) {}
