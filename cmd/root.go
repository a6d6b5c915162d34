// Package cmd is the command line: it reads flags and files, calls the
// packages below it, and writes what they answer. It is the only package, with
// internal/workshop, that knows the operating system, signals and the wall
// clock; it refuses to compute anything that belongs into an answer.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitDone        = 0
	exitInternal    = 1   // a fault of the program or the machine
	exitBadQuestion = 2   // a fault in what was asked: flags, scenario
	exitGateFailed  = 3   // a gate failed
	exitUndecided   = 4   // a gate is undecided
	exitSignal      = 128 // and the number of the signal that ended it: 130 for Ctrl-C
)

// badQuestion is a fault in what was asked. Its text is printed as it is, one
// fault a line.
type badQuestion struct{ text string }

func (e *badQuestion) Error() string { return e.text }

func badQuestionf(format string, args ...any) error {
	return &badQuestion{text: fmt.Sprintf(format, args...)}
}

// telltale remembers the first error of a writer, so that help and other texts whose
// errors nobody looks at are not lost in silence.
type telltale struct {
	w   io.Writer
	err error
}

func (t *telltale) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	if t.err == nil {
		t.err = err
	}
	return n, err
}

// behind is what a writer writes to.
func behind(w any) any {
	switch t := w.(type) {
	case *telltale:
		return t.w
	case *log:
		return t.w
	}
	return w
}

// interrupted is Ctrl-C with something to say about it.
type interrupted struct{ text string }

func (e *interrupted) Error() string { return e.text }

// Unwrap makes it what every interruption is.
func (e *interrupted) Unwrap() error { return context.Canceled }

// Main runs the command line and returns its exit code. args are without the
// program's name.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := untilSignal()
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	printed := &telltale{w: out}
	root.SetOut(printed)
	said := newLog(errOut, args)
	root.SetErr(said)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = printed.err
	}
	var gate *gateError
	code := exitCode(ctx, err)
	if err != nil && !errors.Is(err, errSilent) && !errors.As(err, &gate) {
		said.fault(errorText(ctx, err), code)
	}
	return code
}

// errSilent ends a command with exit code 2 when everything has been said.
var errSilent = errors.New("said already")

// errorText is what is printed of an error. Faults in a file stand as they are,
// place first, so that editors and CI find them.
func errorText(ctx context.Context, err error) string {
	var bad *badQuestion
	var cut *interrupted
	switch {
	case errors.As(err, &cut):
		return "rollrisk: " + how(ctx) + "; " + cut.text
	case errors.Is(err, context.Canceled):
		return "rollrisk: " + how(ctx) + "; nothing was written"
	case errors.Is(err, syscall.EPIPE):
		return "rollrisk: standard output was closed before all was printed"
	case errors.As(err, &bad):
		return bad.text
	}
	return "rollrisk: " + err.Error()
}

func exitCode(ctx context.Context, err error) int {
	var bad *badQuestion
	var gate *gateError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &gate):
		return gate.code
	case errors.Is(err, context.Canceled), ctx.Err() != nil:
		return exitSignal + int(signalOf(ctx))
	case errors.Is(err, syscall.EPIPE):
		return exitSignal + int(syscall.SIGPIPE)
	case errors.As(err, &bad), errors.Is(err, errSilent):
		return exitBadQuestion
	default:
		return exitInternal
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "rollrisk",
		Short: "simulate release pipelines and the harm of the defects they let through",
		Long: `rollrisk simulates release pipelines: the same changes with the same defects travel
through each, and it tells where a defect is stopped, how long until somebody
knows, how many users were hurt by then, and how late the good changes arrive.`,
		Example: `  rollrisk run                     the default scenario, checkout
  rollrisk run regulated           another one of the library
  rollrisk run mine.yaml --out out your own
  rollrisk calc ramp --shares 1%,10%,100% --starts 0h,24h,48h --hazard 0.5/h`,
		Version:           version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
		Args:              cobra.NoArgs,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return badQuestionf("%v (see %s --help)", err, c.CommandPath())
	})
	form := root.PersistentFlags().String("log-format", "text", "form of progress, warnings and faults on standard error: text, or json (one event a line)")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return checkLogFormat(*form) }
	root.SetVersionTemplate("rollrisk {{.Version}}\n")
	root.AddCommand(newRunCommand(), newCheckCommand(), newCompareCommand(), newExplainCommand(), newSensitivityCommand(), newSweepCommand(), newMapCommand(), newOptimizeCommand(), newAssessCommand(), newCalcCommand(), newScenarioCommand(), newReportCommand(), newPlaygroundCommand(), newWorkshopCommand(), newVersionCommand(), newManCommand())
	usageAsBadQuestion(root)
	return root
}

// usageAsBadQuestion makes wrong numbers of arguments and unknown commands a
// fault of the question, with the way to the help.
func usageAsBadQuestion(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return badQuestionf("%v (see %s --help)", err, c.CommandPath())
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		usageAsBadQuestion(sub)
	}
}
