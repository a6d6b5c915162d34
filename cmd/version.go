package cmd

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/spf13/cobra"
)

// version is the version of the module as built, "devel" from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// build is what is known of the program, for machines.
type build struct {
	Version  string   `json:"version"`            // "devel" from a checkout
	Revision string   `json:"revision,omitempty"` // of the source, where it is known
	Modified bool     `json:"modified"`           // the source was changed after that revision
	Go       string   `json:"go"`                 // that compiled it
	Platform string   `json:"platform"`           // e.g. "linux/amd64"
	Schemas  []string `json:"schemas"`            // of what it writes and reads
}

func builtAs() build {
	b := build{Version: version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Schemas: []string{study.SchemaVersion, study.ContrastVersion}}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Revision = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	return b
}

func newVersionCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Long: `Version prints the version of the program; with --json also the revision of its source,
the compiler, the platform, and the names of the forms of JSON that it writes.`,
		Example: `  rollrisk version
  rollrisk version --json | jq -r .version`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !asJSON {
				_, err := fmt.Fprintln(c.OutOrStdout(), "rollrisk", version())
				return err
			}
			e := json.NewEncoder(c.OutOrStdout())
			e.SetIndent("", "  ")
			return e.Encode(builtAs())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all that is known of the build, as JSON")
	return c
}
