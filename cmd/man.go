package cmd

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newManCommand writes the manual pages. It is hidden: whoever makes a package needs it,
// once.
func newManCommand() *cobra.Command {
	dir := ""
	c := &cobra.Command{
		Use:    "man",
		Short:  "write the manual pages, one a command",
		Hidden: true,
		Long: `Man writes a manual page (section 1) for every command into a directory. The same
program writes the same bytes.`,
		Example: `  rollrisk man --dir man/man1
  MANPATH=man man rollrisk-run`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if dir == "" {
				return badQuestionf(`--dir "": name a directory`)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return badQuestionf("--dir %s: %v", dir, noDirectory(dir, err))
			}
			epoch := time.Unix(0, 0).UTC() // a page says nothing of when it was made
			root := c.Root()
			root.DisableAutoGenTag = true
			if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "rollrisk", Manual: "rollrisk", Date: &epoch}, dir); err != nil {
				return withoutOp(err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&dir, "dir", "man", "directory to write to; made when absent")
	return c
}
