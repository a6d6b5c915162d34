package cmd

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// setting is a flag and the value that was settled for it.
type setting struct{ flag, value string }

// repeats is the command line that gives the same answer again: every flag that was stated,
// but for those that never change a result, and what was settled.
func repeats(c *cobra.Command, name string, settled ...setting) string {
	line := "rollrisk " + c.Name() + " " + shellWord(name)
	skip := map[string]bool{"workers": true, "quiet": true, "output": true, "out": true, "log-format": true}
	for _, s := range settled {
		line, skip[s.flag] = line+" --"+s.flag+" "+shellWord(s.value), true
	}
	c.Flags().Visit(func(f *pflag.Flag) {
		if !skip[f.Name] {
			line += " --" + f.Name + " " + shellWord(strings.Trim(f.Value.String(), "[]"))
		}
	})
	return line
}

// openQuestion reads the scenario and the seed of a command; faults that were found before are
// told with its own.
func openQuestion(c *cobra.Command, name, seedText string, faults []string) (*scenarios.Scenario, uint64, error) {
	run := runFlags{seed: seedText}
	seed, err := run.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	s, err := readScenario(c.Context(), c.InOrStdin(), name)
	if c.Context().Err() != nil {
		return nil, 0, c.Context().Err()
	}
	if err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		return nil, 0, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	return s, seed, nil
}

// writeJSON writes a value as every command does: two spaces an indent, and < as it is.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
