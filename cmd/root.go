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
	"os"
	"os/signal"
	"runtime/debug"
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
	exitInterrupted = 130 // Ctrl-C
)

// badQuestion is a fault in what was asked. Its text is printed as it is, one
// fault a line.
type badQuestion struct{ text string }

func (e *badQuestion) Error() string { return e.text }

func badQuestionf(format string, args ...any) error {
	return &badQuestion{text: fmt.Sprintf(format, args...)}
}

// Main runs the command line and returns its exit code. args are without the
// program's name.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	var gate *gateError
	if err != nil && !errors.Is(err, errSilent) && !errors.As(err, &gate) {
		fmt.Fprintln(errOut, errorText(err))
	}
	return exitCode(ctx, err)
}

// errSilent ends a command with exit code 2 when everything has been said.
var errSilent = errors.New("said already")

// errorText is what is printed of an error. Faults in a file stand as they are,
// place first, so that editors and CI find them.
func errorText(err error) string {
	var bad *badQuestion
	switch {
	case errors.Is(err, context.Canceled):
		return "rollrisk: interrupted; nothing was written"
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
		return exitInterrupted
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
	root.SetVersionTemplate("rollrisk {{.Version}}\n")
	root.AddCommand(newRunCommand(), newCheckCommand(), newExplainCommand(), newAssessCommand(), newCalcCommand(), newScenarioCommand(), newReportCommand(), newVersionCommand())
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

// version is the version of the module as built, "devel" from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "print the version", Example: "  rollrisk version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "rollrisk", version()) },
	}
}
