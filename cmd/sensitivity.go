package cmd

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios/inquiry"
	"github.com/spf13/cobra"
)

// sensitivityFlags are the flags of the command sensitivity.
type sensitivityFlags struct {
	seed, output string
	workers      int
	quiet        bool
	ask          inquiry.Question
}

func newSensitivityCommand() *cobra.Command {
	f := sensitivityFlags{ask: inquiry.Usual()}
	c := &cobra.Command{
		Use:   "sensitivity [SCENARIO]",
		Short: "say which inputs matter for the choice between two alternatives",
		Long: `Sensitivity moves the inputs of a scenario and looks at what the alternative that does
best saves against its strongest rival, in the mean for a change:

  one at a time, from one end of its 90 % interval to the other (a tornado);
  all together in few points, to see which matter at all (screening by Morris);
  those that do in many, to see which share of the variance each accounts for, alone
  and with all its interactions (Sobol indices, with 90 % intervals in JSON and CSV).

Inputs that the scenario states as a range are moved within it. Of the others those that
matter most are taken to be off by a --factor either way, a share by its odds, in 90 of
100 cases; 0 leaves them as they are. Every point is simulated with the same changes, the
same defects and the same luck.`,
		Example: `  rollrisk sensitivity
  rollrisk sensitivity mine.yaml --factor 0
  rollrisk sensitivity regulated -o csv > inputs.csv`,
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

func (f *sensitivityFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.seed, "seed", "1", "seed of all chance, 0 to 2^64-1")
	fl.IntVar(&f.workers, "workers", 0, "points at a time; 0 for one a processor (never changes a result)")
	fl.BoolVar(&f.quiet, "quiet", false, "show no progress")
	fl.Float64Var(&f.ask.Factor, "factor", f.ask.Factor, "by which an input that is stated without a range may be off; 0 for not at all")
	fl.IntVar(&f.ask.Inputs, "inputs", f.ask.Inputs, "inputs that are moved, at most")
	fl.IntVar(&f.ask.Survivors, "survivors", f.ask.Survivors, "inputs that are decomposed, at most")
	fl.IntVar(&f.ask.Base, "base", f.ask.Base, "base points of the decomposition, best a power of two")
	fl.IntVar(&f.ask.Trajectories, "trajectories", f.ask.Trajectories, "trajectories of the screening")
	countFlag(fl, &f.ask.Each, "changes", "changes simulated at each point, such as 2000 or 2k")
	fl.StringVarP(&f.output, "output", "o", "text", "what to print: "+strings.Join(sensitivityForms, ", "))
}

var sensitivityForms = []string{"text", "markdown", "csv", "json", "html"}

// faults are those of the flags, all at once.
func (f *sensitivityFlags) faults() []string {
	var faults []string
	if !(f.ask.Factor == 0 || f.ask.Factor > 1 && f.ask.Factor <= 100) {
		faults = append(faults, fmt.Sprintf("--factor %v: above 1, at most 100, or 0", f.ask.Factor))
	}
	for _, x := range []struct {
		name         string
		is, from, to int
	}{{"inputs", f.ask.Inputs, 1, 40}, {"survivors", f.ask.Survivors, 1, 20}, {"base", f.ask.Base, 32, 1 << 16}, {"trajectories", f.ask.Trajectories, 2, 1000},
		{"changes", f.ask.Each, 1, maxChanges}, {"workers", f.workers, 0, maxWorkers}} {
		if x.is < x.from || x.is > x.to {
			faults = append(faults, fmt.Sprintf("--%s %d: between %d and %d", x.name, x.is, x.from, x.to))
		}
	}
	if !slices.Contains(sensitivityForms, f.output) {
		faults = append(faults, fmt.Sprintf("-o %s: %s", f.output, strings.Join(sensitivityForms, ", ")))
	}
	return faults
}

func (f *sensitivityFlags) run(c *cobra.Command, name string) error {
	s, seed, err := openQuestion(c, name, f.seed, f.faults())
	if err != nil {
		return err
	}
	f.ask.Scenario, f.ask.Seed, f.ask.Version = s, seed, version()
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	defer bar.done()
	answer, wrong, err := inquiry.Ask(c.Context(), f.ask, inquiry.Options{Workers: f.workers, Progress: func(what string, done, total int) {
		bar.what = "points, " + what
		bar.at(done, total)
	}})
	switch {
	case len(wrong) > 0:
		return &badQuestion{faultLines(wrong)}
	case errors.Is(err, inquiry.ErrNothing):
		return badQuestionf("%s: %v", name, err)
	case err != nil:
		return err
	}
	bar.done()
	answer.Command = repeats(c, name, setting{"seed", strconv.FormatUint(seed, 10)})
	return f.print(c.OutOrStdout(), answer)
}

func (f *sensitivityFlags) print(out io.Writer, s *study.Sensitivity) error {
	switch f.output {
	case "json":
		return writeJSON(out, s)
	case "csv":
		_, err := io.WriteString(out, section.SensitivityCSV(s))
		return err
	case "markdown":
		return markdown.Write(out, section.Sensitivity(s))
	case "html":
		return html.Write(out, section.Sensitivity(s))
	}
	return text.Write(out, section.SensitivityDrawn(s), text.Options{Width: width(out), Color: colored(out)})
}
