package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports/assessment"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// assessFlags are the flags of the command assess, and of scenario import.
type assessFlags struct {
	requests, users, baseline string
	context                   string
	ramp                      string
	output                    string
	against                   string
	strict                    bool
}

// assessLong is the help of assess.
func assessLong() string {
	return `Assess reads rollouts as teams have them: ` + importer.Kinds() + `.
It reads files, directories and, for "-", standard input; resources may refer to
each other across files. Templates have to be rendered first:
helm template CHART | rollrisk assess -

For defects of several sizes it tells how many of 100 releases are stopped before
each step, how late, and how many users are hit; and it lists what in the
configuration does not do what it seems to, with the line and the change.

Traffic and people are flags, or a context file with the keys requests, users,
baseline, slow, load_test, matched, respond, person, notice, late, false_alarms,
power, size, and metrics, which says what a metric measures:

  requests: 50/s
  metrics:
    my-metric: {measures: error ratio, window: 5m}

Two files or more are set side by side. --against runs a scenario with its staging
beside the rollout, on the same changes. The exit code is 2 when a file cannot be
assessed, and with --strict 3 when there is a finding of severity error.`
}

const assessExample = `  rollrisk assess rollout.yaml
  rollrisk assess k8s/ --requests 50/s --users 200k --baseline 0.1%
  helm template chart | rollrisk assess -
  rollrisk assess --ramp "1% 1h, 10% 1d, 50% 1d, 100%"
  rollrisk assess before.yaml after.yaml
  rollrisk assess rollout.yaml --against checkout
  rollrisk assess rollout.yaml -o sarif > rollrisk.sarif`

func newAssessCommand() *cobra.Command {
	var f assessFlags
	c := &cobra.Command{
		Use:     "assess [FILE...|DIR|-]",
		Short:   "say what a rollout that you really run would catch, how late, and what to change",
		Long:    assessLong(),
		Example: assessExample,
		RunE:    func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	f.define(c)
	fl := c.Flags()
	fl.StringVarP(&f.output, "output", "o", "text", "form of the answer: "+assessForms())
	fl.StringVar(&f.against, "against", "", "a scenario, by file or name of the library, to run the rollout beside")
	fl.BoolVar(&f.strict, "strict", false, "exit with code 3 when there is a finding of severity error")
	return c
}

// define adds the flags that say what the files do not.
func (f *assessFlags) define(c *cobra.Command) {
	f.traffic(c.Flags())
	c.Flags().StringVar(&f.ramp, "ramp", "", `a plain ramp instead of files, e.g. "1% 1h, 10% 1d, 50% 1d, 100%", or app-store for the phased release of Apple`)
}

// traffic adds the flags about the service.
func (f *assessFlags) traffic(fl *pflag.FlagSet) {
	fl.StringVar(&f.requests, "requests", "", "requests of the whole service, e.g. 50/s (default 50/s, an assumption)")
	fl.StringVar(&f.users, "users", "", "users of the whole service, e.g. 200k (default 200k, an assumption)")
	fl.StringVar(&f.baseline, "baseline", "", "share of requests that fail without any defect, e.g. 0.1% (default 0.1%, an assumption)")
	fl.StringVar(&f.context, "context", "", "file with these and more")
}

// read reads files, flags and context; all faults are told.
func (f *assessFlags) read(c *cobra.Command, args []string) (*importer.Result, *assess.Context, []importer.File, error) {
	ctx := assess.Default()
	var o importer.Options
	var faults []string
	if f.context != "" {
		data, err := readBounded(c.Context(), f.context, c.InOrStdin(), maxScenarioBytes)
		if err != nil {
			return nil, nil, nil, err
		}
		if all := importer.ReadContext(importer.File{Name: f.context, Data: data}, &ctx, &o); len(all) > 0 {
			faults = append(faults, faultLines(all))
		}
	}
	for _, flag := range []struct{ name, text string }{{"requests", f.requests}, {"users", f.users}, {"baseline", f.baseline}} {
		if flag.text == "" {
			continue
		}
		if err := importer.Set(&ctx, flag.name, flag.text); err != nil {
			faults = append(faults, fmt.Sprintf("--%s %v", flag.name, err))
		}
	}
	if len(args) == 0 && f.ramp == "" {
		faults = append(faults, "name a file, a directory or - for standard input, or give --ramp (see rollrisk assess --help)")
	}
	if len(faults) > 0 {
		return nil, nil, nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	files, err := gather(c.Context(), c.InOrStdin(), args)
	if err != nil {
		return nil, nil, nil, err
	}
	if f.ramp != "" {
		files = append(files, importer.File{Name: importer.RampFile, Data: []byte(f.ramp)})
	}
	result := importer.Read(files, o)
	return &result, &ctx, files, nil
}

func (f *assessFlags) run(c *cobra.Command, args []string) error {
	write, ok := assessPrinter(f.output)
	if !ok && f.against == "" {
		return badQuestionf("-o %s: %s", f.output, assessForms())
	}
	result, ctx, files, err := f.read(c, args)
	if err != nil {
		return err
	}
	if f.against != "" {
		return f.runAgainst(c, result, ctx)
	}
	answer := answerOf(result, ctx, files)
	answer.Command = f.command(args)
	if len(answer.Rollouts) > 0 {
		if err := write(c.OutOrStdout(), answer); err != nil {
			return err
		}
	}
	switch {
	case len(result.Faults) > 0:
		return &badQuestion{faultLines(result.Faults)}
	case len(answer.Rollouts) == 0:
		return badQuestionf("%s", nothingFound(result))
	case f.strict && anyBad(answer):
		return &gateError{exitGateFailed}
	}
	return nil
}

// command is the line that repeats the answer.
func (f *assessFlags) command(args []string) string {
	line := "rollrisk assess"
	for _, flag := range []struct{ name, text string }{{"requests", f.requests}, {"users", f.users}, {"baseline", f.baseline}, {"context", f.context}, {"ramp", f.ramp}} {
		if flag.text != "" {
			line += " --" + flag.name + " " + shellWord(flag.text)
		}
	}
	for _, a := range args {
		line += " " + shellWord(a)
	}
	return line
}

// answerOf assesses everything that was read.
func answerOf(result *importer.Result, ctx *assess.Context, files []importer.File) *assessment.Answer {
	a := &assessment.Answer{Schema: assessment.Schema, Version: version(), Context: *ctx, Rollouts: []assess.Assessment{}, Residue: []assessment.Left{},
		Skipped: []string{}, Alone: []string{}, Texts: map[string][]string{}}
	for _, file := range files {
		a.Texts[file.Name] = strings.Split(strings.ReplaceAll(string(file.Data), "\r\n", "\n"), "\n")
	}
	names := map[string]int{}
	for _, r := range result.Rollouts {
		names[r.Name]++
	}
	for _, r := range result.Rollouts {
		if names[r.Name] > 1 {
			p := r.Spots.At("")
			r.Name += fmt.Sprintf(" (%s:%d)", p.File, p.Line)
		}
		a.Rollouts = append(a.Rollouts, assess.Assess(r, *ctx))
	}
	for _, x := range result.Alone {
		a.Alone = append(a.Alone, x.Name)
	}
	for _, x := range result.Skipped {
		a.Skipped = append(a.Skipped, x.Name)
	}
	for _, r := range result.Residue {
		a.Residue = append(a.Residue, assessment.Left(r))
	}
	return a
}

// nothingFound says what was read instead of a rollout, each with its place.
func nothingFound(r *importer.Result) string {
	var lines []string
	all := append(append([]importer.Skipped{}, r.Alone...), r.Skipped...)
	for _, x := range all[:min(10, len(all))] {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s: %s", x.Place.File, x.Place.Line, x.Place.Column, x.Name, x.Why))
	}
	return strings.Join(append(lines, "there is no rollout in what was read; known are "+importer.Kinds()), "\n")
}

func anyBad(a *assessment.Answer) bool {
	for i := range a.Rollouts {
		if a.Rollouts[i].Worst() == assess.Bad {
			return true
		}
	}
	return false
}

// assessPrinter is a form of the answer.
func assessPrinter(name string) (write func(io.Writer, *assessment.Answer) error, ok bool) {
	switch name {
	case "text":
		return func(w io.Writer, a *assessment.Answer) error {
			return text.Write(w, a.Report(), text.Options{Width: width(w), Color: colored(w)})
		}, true
	case "html":
		return func(w io.Writer, a *assessment.Answer) error { return html.Write(w, a.Report()) }, true
	}
	f, ok := ci.NamedAssessment(name)
	return f.Write, ok
}

// assessForms are their names, for help and faults.
func assessForms() string {
	names := []string{"text"}
	for _, f := range ci.Assessments() {
		names = append(names, f.Name)
	}
	return strings.Join(append(names, "html"), ", ")
}
