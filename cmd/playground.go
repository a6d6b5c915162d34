package cmd

import (
	"cmp"
	"fmt"
	"io"
	"strconv"

	"github.com/rollrisk/rollrisk/internal/playground"
	"github.com/rollrisk/rollrisk/internal/playground/tick"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

// playgroundFlags are the flags of the command playground.
type playgroundFlags struct {
	seed, out, engine string
	changes           int
}

func newPlaygroundCommand() *cobra.Command {
	f := playgroundFlags{changes: 10_000}
	c := &cobra.Command{
		Use:   "playground [SCENARIO]",
		Short: "write a page that simulates: sliders, the report, one change on stage",
		Long: `Playground writes one file that a browser opens without a server and without a network.
The same engine as in this program, compiled to WebAssembly, simulates the scenario again
whenever a slider moves; the same seed gives the same numbers as "run", to the last digit.
What was moved is kept in the address, can be copied as a scenario and saved as study.json.
Below the report, single changes travel through two alternatives on one clock.

The engine comes with a released program. In one that was built from its source, such as
by "go run .", it is compiled when it is asked for, by the same Go; that takes some ten seconds the
first time.`,
		Example: `  rollrisk playground
  rollrisk playground mine.yaml --out mine.html`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) == 1 {
				name = args[0]
			}
			return f.run(c, name)
		},
		ValidArgsFunction: completeScenario,
	}
	fl := c.Flags()
	fl.StringVar(&f.out, "out", "playground.html", "file to write")
	fl.StringVar(&f.seed, "seed", "1", "seed that the page opens with, 0 to 2^64-1")
	countFlag(fl, &f.changes, "changes", "changes that a move simulates, such as 2000 or 10k")
	fl.StringVar(&f.engine, "engine", "", "directory with engine.wasm and wasm_exec.js, instead of compiling them")
	return c
}

func (f *playgroundFlags) run(c *cobra.Command, name string) error {
	var faults string
	add := func(format string, args ...any) { faults += fmt.Sprintf(format, args...) + "\n" }
	run := runFlags{seed: f.seed}
	seed, err := run.seedValue(c.ErrOrStderr())
	if err != nil {
		add("%v", err)
	}
	if f.changes < 1 || f.changes > tick.MaxChanges {
		add("--changes %d: between 1 and %d", f.changes, tick.MaxChanges)
	}
	if f.out == "" {
		add("--out: a file is needed")
	}
	s, err := readScenario(c.Context(), c.InOrStdin(), name)
	if c.Context().Err() != nil {
		return c.Context().Err()
	}
	if err != nil {
		add("%v", err)
	}
	if faults != "" {
		return badQuestionf("%s", faults[:len(faults)-1])
	}
	if _, faults := s.Plan(scenarios.Options{Seed: seed, Changes: f.changes}); len(faults) > 0 {
		return &badQuestion{faultLines(faults)}
	}
	engine, err := f.found(c)
	if err != nil {
		return err
	}
	page := playground.Page{Title: cmp.Or(s.Title, s.Name), File: s.Name + ".yaml", Scenario: string(s.Source()),
		Seed: strconv.FormatUint(seed, 10), Changes: f.changes, Version: version(), Engine: engine}
	if err := writeWhole(output{f.out, func(w io.Writer) error { return page.Write(w) }}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s simulates in a browser: open it, no network is needed.\n", f.out)
	return err
}
