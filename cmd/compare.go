package cmd

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/versus"
	"github.com/spf13/cobra"
)

// Defaults of compare.
const (
	// defaultConfidence is an assumption: one false alarm in a hundred pull requests.
	defaultConfidence = "99%"
	// defaultEffects is an assumption: more than a pull request changes, and less than a
	// minute for a scenario of the library.
	defaultEffects = 12
	maxEffects     = 1000
)

// compareFlags are the flags of the command compare.
type compareFlags struct {
	seed, output, confidence string
	changes, workers         int
	effects                  int
	rerun, quiet, silent     bool
}

func newCompareCommand() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "say what changed between two scenarios, or two saved studies",
		Long: `Compare sets what was asked before against what is asked now: which numbers moved and
by how much, whether the decision turned, which inputs were changed and what each of
those changes does alone. Where no difference is visible it says ~.

OLD and NEW are scenarios (files, names of the library, "-" for one of them), or studies
that "rollrisk run" saved (files that end in .json). Scenarios are both simulated, with
the same seed and as many replications each, and compared replication by replication:
the same changes, the same defects. Two saved studies are compared by what they hold,
which shows less, even where they have the same seed; --rerun simulates the scenarios
in them again, which pairs them. That happens anyway where one is a scenario.

Alternatives are matched by name. --confidence is that of all numbers together: 99% calls
something better or worse without cause in at most one comparison of a hundred.

The exit code is 0 whether something changed or not.`,
		Example: `  rollrisk compare old.yaml new.yaml
  rollrisk compare old/study.json new/study.json -o markdown
  rollrisk compare main.json branch.yaml --quiet-unless-changed`,
		Args:              cobra.ExactArgs(2),
		RunE:              f.run,
		ValidArgsFunction: completeScenario,
	}
	f.define(c)
	return c
}

func (f *compareFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.seed, "seed", "", `seed of all chance, 0 to 2^64-1, or "random"; 1 or that of a saved study when empty`)
	fl.IntVar(&f.workers, "workers", 0, "replications at a time; 0 for one a processor (never changes a result)")
	fl.IntVar(&f.changes, "changes", 0, "changes to simulate of each; 0 for the larger number of both")
	fl.StringVar(&f.confidence, "confidence", defaultConfidence, "with which no number is called better or worse that is not, all numbers together")
	fl.IntVar(&f.effects, "effects", defaultEffects, "changed inputs that are tried alone, at most; 0 for none")
	fl.BoolVar(&f.rerun, "rerun", false, "simulate the scenarios in saved studies again, so that they can be paired")
	fl.BoolVar(&f.silent, "quiet-unless-changed", false, "print nothing unless an alternative came or went, or a number moved visibly")
	fl.BoolVar(&f.quiet, "quiet", false, "show no progress")
	fl.StringVarP(&f.output, "output", "o", "text", "what to print: text, "+contrastForms())
}

// contrastForms are the names of the forms for machines, for help and faults.
func contrastForms() string {
	var names []string
	for _, f := range ci.Contrasts() {
		names = append(names, f.Name)
	}
	return strings.Join(append(names, "html"), ", ")
}

// asked is OLD or NEW.
type asked struct {
	study    *study.Study        // nil for a scenario
	scenario *scenarios.Scenario // nil for a saved study that is not simulated again
}

// run is the command: two questions, their contrast.
func (f *compareFlags) run(c *cobra.Command, args []string) error {
	confidence, err := f.check()
	if err != nil {
		return err
	}
	sides, err := f.read(c, args)
	if err != nil {
		return err
	}
	result, err := f.contrast(c, sides, confidence)
	if err != nil {
		return err
	}
	if f.silent && !result.Changed {
		return nil
	}
	return f.print(c.OutOrStdout(), result)
}

// check reports the faults of the flags, all at once.
func (f *compareFlags) check() (confidence float64, err error) {
	var faults []string
	number, percent := strings.CutSuffix(f.confidence, "%")
	confidence, err = strconv.ParseFloat(number, 64)
	if percent {
		confidence /= 100
	}
	if err != nil || !(confidence >= 0.5 && confidence <= 0.999999) {
		faults = append(faults, fmt.Sprintf("--confidence %s: from 50%% to 99.9999%%", f.confidence))
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if f.effects < 0 || f.effects > maxEffects {
		faults = append(faults, fmt.Sprintf("--effects %d: between 0 and %d", f.effects, maxEffects))
	}
	if _, ok := ci.NamedContrast(f.output); !ok && f.output != "text" && f.output != "html" {
		faults = append(faults, fmt.Sprintf("-o %s: text, %s", f.output, contrastForms()))
	}
	if len(faults) > 0 {
		return 0, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	return confidence, nil
}

// saved says that a name is that of a saved study.
func saved(name string) bool { return strings.EqualFold(filepath.Ext(name), ".json") }

// read reads both sides, and tells the faults of both. A saved study becomes a scenario
// where it is to be simulated again.
func (f *compareFlags) read(c *cobra.Command, names []string) ([]asked, error) {
	if names[0] == "-" && names[1] == "-" {
		return nil, badQuestionf("- - : one of the two can come from standard input")
	}
	again := f.rerun || saved(names[0]) != saved(names[1])
	sides, faults := make([]asked, 2), []error(nil)
	for i, name := range names {
		var err error
		if sides[i], err = readAsked(c, name, again); c.Context().Err() != nil {
			return nil, c.Context().Err()
		}
		if err != nil {
			faults = append(faults, err)
		}
	}
	if err := together(faults); err != nil {
		return nil, err
	}
	return sides, f.unused(sides)
}

// unused is a fault where flags were given that saved studies have no use for.
func (f *compareFlags) unused(sides []asked) error {
	if sides[0].scenario == nil && (f.seed != "" || f.changes != 0) {
		return badQuestionf("--seed and --changes are for scenarios: saved studies are what they are (--rerun simulates them again)")
	}
	return nil
}

func readAsked(c *cobra.Command, name string, again bool) (asked, error) {
	if !saved(name) {
		s, err := readScenario(c.Context(), c.InOrStdin(), name)
		return asked{scenario: s}, err
	}
	st, _, err := readStudy(c.Context(), c.InOrStdin(), name)
	if err != nil || !again {
		if st != nil {
			st.About.File = name
		}
		return asked{study: st}, err
	}
	s, faults := scenarios.Decode(name, []byte(st.About.Text))
	if len(faults) > 0 {
		return asked{}, badQuestionf("%s: the scenario in it is none for this program:\n%s", name, faultLines(faults))
	}
	return asked{study: st, scenario: s}, nil
}

// contrast compares what was read.
func (f *compareFlags) contrast(c *cobra.Command, sides []asked, confidence float64) (*study.Contrast, error) {
	if sides[0].scenario == nil {
		return study.ContrastOf(sides[0].study, sides[1].study, confidence), nil
	}
	seed, err := f.seedOf(c.ErrOrStderr(), sides)
	if err != nil {
		return nil, err
	}
	q := versus.Question{Old: sides[0].scenario, New: sides[1].scenario, Seed: seed, Changes: f.sizeOf(sides),
		Version: version(), Confidence: confidence, Inputs: f.effects}
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	bar.what = "simulations"
	defer bar.done()
	result, faults, err := versus.Run(c.Context(), q, versus.Options{Workers: f.workers, Progress: bar.at})
	switch {
	case len(faults) > 0:
		return nil, &badQuestion{faultLines(faults)}
	case c.Context().Err() != nil:
		return nil, c.Context().Err()
	}
	return result, err
}

// seedOf is the seed for both: what the flag says, else that of a saved study, else 1.
func (f *compareFlags) seedOf(errOut io.Writer, sides []asked) (uint64, error) {
	if f.seed != "" {
		run := runFlags{seed: f.seed}
		seed, err := run.seedValue(errOut)
		if err != nil {
			err = badQuestionf("%v", err)
		}
		return seed, err
	}
	for _, s := range sides {
		if s.study != nil {
			return s.study.Seed, nil
		}
	}
	return 1, nil
}

// sizeOf is how many changes are simulated of each: what the flag says, else the most
// that a saved study has; 0 for what the scenarios say.
func (f *compareFlags) sizeOf(sides []asked) int {
	n := f.changes
	for _, s := range sides {
		if f.changes == 0 && s.study != nil {
			n = max(n, s.study.Size.Changes)
		}
	}
	return min(n, maxChanges)
}

// print writes the contrast.
func (f *compareFlags) print(out io.Writer, c *study.Contrast) error {
	if f.output == "html" {
		return html.Write(out, section.Contrast(c))
	}
	if form, ok := ci.NamedContrast(f.output); ok {
		return form.Write(out, c)
	}
	return text.Write(out, section.Contrast(c), text.Options{Width: width(out), Color: colored(out)})
}
