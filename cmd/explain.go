package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

// explainFlags are the flags of the command explain.
type explainFlags struct {
	change                 int
	median, badLuck, other bool
	seed, output           string
	changes                int
}

func newExplainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain [SCENARIO]",
		Short: "tell what happened to one change in every alternative",
		Long: `Explain tells the story of one change and its defects through every alternative, on
one clock: when it was ready, where it waited, what caught it or who noticed, how many
requests had failed by then. It is a change of the replications that the study counts,
with the same seed; running the study again changes nothing.

Which change: --change N, the N-th that the study counts; --median (the default), the
middle case with the first alternative of those that carry a defect; --bad-luck, the
1 in 20 case with the alternative that does best; --other-wins, the middle one of those
with which the alternative that does worse on the whole does better. The page of a
study tells these three.

Failed requests are expected numbers, as everywhere: no request is drawn.`,
		Example: `  rollrisk explain checkout
  rollrisk explain checkout --bad-luck
  rollrisk explain regulated --change 17 --seed 7 -o json`,
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
	f.define(c)
	return c
}

func (f *explainFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.IntVar(&f.change, "change", 0, "number of the change, from 1")
	fl.BoolVar(&f.median, "median", false, "the middle case (the default)")
	fl.BoolVar(&f.badLuck, "bad-luck", false, "the 1 in 20 case with the alternative that does best")
	fl.BoolVar(&f.other, "other-wins", false, "a case in which the alternative that does worse does better")
	fl.StringVar(&f.seed, "seed", "1", "seed of all chance, 0 to 2^64-1")
	countFlag(fl, &f.changes, "changes", "changes of the study, such as 20000 or 20k; 0 for what the scenario says")
	fl.StringVarP(&f.output, "output", "o", "text", "text or json")
}

// pick is the change that is asked for.
func (f *explainFlags) pick() study.Pick {
	switch {
	case f.badLuck:
		return study.Pick{By: study.PickBadLuck}
	case f.other:
		return study.Pick{By: study.PickOtherWins}
	case f.change > 0:
		return study.Pick{Change: f.change}
	}
	return study.Pick{By: study.PickMedian}
}

// plan reads the flags and the scenario, and reports the faults of both.
func (f *explainFlags) plan(c *cobra.Command, name string) (*study.Plan, error) {
	var faults []string
	run := runFlags{seed: f.seed}
	seed, err := run.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	if c.Flags().Changed("change") && f.change < 1 {
		faults = append(faults, fmt.Sprintf("--change %d: changes are counted from 1", f.change))
	}
	if chosen := given(c, "change", "median", "bad-luck", "other-wins"); len(chosen) > 1 {
		faults = append(faults, "--"+strings.Join(chosen, " and --")+": each chooses the change; keep one")
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.output != "text" && f.output != "json" {
		faults = append(faults, fmt.Sprintf("-o %s: text or json", f.output))
	}
	plan, err := planOf(c.Context(), c.InOrStdin(), name, scenarios.Options{Seed: seed, Changes: max(0, f.changes), Version: version()})
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		return nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	return plan, nil
}

// given is those of the named flags that are on the command line.
func given(c *cobra.Command, names ...string) []string {
	var set []string
	for _, name := range names {
		if c.Flags().Changed(name) {
			set = append(set, name)
		}
	}
	return set
}

func (f *explainFlags) run(c *cobra.Command, name string) error {
	plan, err := f.plan(c, name)
	if err != nil {
		return err
	}
	story, err := study.Explain(c.Context(), plan, f.pick(), study.Options{})
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		return badQuestionf("%s: %v", name, err)
	}
	out := c.OutOrStdout()
	if f.output == "json" {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(story)
	}
	return text.Write(out, section.Story(story), text.Options{Width: width(out), Color: colored(out)})
}
