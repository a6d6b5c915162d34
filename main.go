// Command rollrisk simulates how release pipelines meet defects and who is
// hurt before somebody notices. See README.md.
package main

import (
	"os"

	"github.com/rollrisk/rollrisk/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
