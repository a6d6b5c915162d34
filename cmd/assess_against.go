package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/spf13/cobra"
)

// runAgainst simulates a rollout beside the alternatives of a scenario.
func (f *assessFlags) runAgainst(c *cobra.Command, result *importer.Result, ctx *assess.Context) error {
	write, ok := printerOf(f.output)
	if !ok {
		return badQuestionf("--against answers with -o text, markdown, csv or json")
	}
	r, err := theRollout(result)
	if err != nil {
		return err
	}
	s, err := readScenario(c.Context(), c.InOrStdin(), f.against)
	if err != nil {
		return err
	}
	text, ok := importer.Beside(s.Source(), r, *ctx)
	if !ok {
		return badQuestionf("%s cannot be simulated beside %s: a good release does not reach everybody; rollrisk assess without --against says why", r.Name, f.against)
	}
	both, faults := scenarios.Decode(s.File, []byte(text))
	if len(faults) > 0 {
		return &badQuestion{faultLines(faults)}
	}
	plan, faults := both.Plan(scenarios.Options{Seed: ctx.Seed, Version: version()})
	if len(faults) > 0 {
		return &badQuestion{faultLines(faults)}
	}
	bar := newProgress(c.ErrOrStderr(), false)
	st, err := study.Run(c.Context(), &plan, study.Options{Progress: bar.at})
	bar.done()
	if err != nil {
		return err
	}
	st.Command = f.command(c.Flags().Args()) + " --against " + shellWord(f.against)
	return write(c.OutOrStdout(), st)
}

// theRollout is the one rollout of what was read.
func theRollout(result *importer.Result) (*assess.Rollout, error) {
	switch {
	case len(result.Faults) > 0:
		return nil, &badQuestion{faultLines(result.Faults)}
	case len(result.Rollouts) == 0:
		return nil, badQuestionf("%s", nothingFound(result))
	case len(result.Rollouts) > 1:
		names := ""
		for _, r := range result.Rollouts {
			names += fmt.Sprintf("\n  %s, %s line %d", r.Name, r.Spots.At("").File, r.Spots.At("").Line)
		}
		return nil, badQuestionf("there are %d rollouts; name the file of one:%s", len(result.Rollouts), names)
	}
	return result.Rollouts[0], nil
}

func newScenarioImport() *cobra.Command {
	var f assessFlags
	c := &cobra.Command{
		Use:   "import [FILE...|DIR|-]",
		Short: "write a scenario from a rollout that you really run",
		Long: `Import reads a rollout as assess does and writes an ordinary scenario to standard
output: the rollout beside a release to everybody at once. Everything else works on
it: run, explain, report.`,
		Example: `  rollrisk scenario import rollout.yaml > shop.yaml
  rollrisk scenario import --ramp "1% 1h, 10% 1d, 100%" | rollrisk run -`,
		RunE: func(c *cobra.Command, args []string) error {
			result, ctx, _, err := f.read(c, args)
			if err != nil {
				return err
			}
			r, err := theRollout(result)
			if err != nil {
				return err
			}
			text, ok := importer.Scenario(r, *ctx)
			if !ok {
				return badQuestionf("%s: a good release does not reach everybody by itself; rollrisk assess says why", r.Name)
			}
			_, err = c.OutOrStdout().Write([]byte(text))
			return err
		},
	}
	f.define(c)
	return c
}
