package cmd

import (
	"context"
	"errors"
	"strings"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newCalcCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "calc",
		Short: "answer a question about risk by a closed form, at once",
		Long: `Calc answers for one pipeline without queues between its stages, or for one queue,
by closed forms and small Markov chains instead of simulation. It draws no chance:
the same question has the same answer.

Times are 90s, 30m, 1h30m, 2d or 1w; rates are 0.5/h or 3/d; shares and
probabilities are 1% or 0.01. The keys of -o json are stable; a mean that does not
exist, because it may never happen, is null there and "never" in the text.`,
		Example: `  rollrisk calc ramp --shares 1%,10%,50%,100% --starts 0h,24h,48h,96h --hazard 0.5/h --respond 6h
  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3 -o json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.PersistentFlags().StringP("output", "o", "text", "form of the answer: text or json")
	c.AddCommand(newCalcRampCommand(), newCalcWindowCommand(), newCalcComplaintsCommand(),
		newCalcGatesCommand(), newCalcQueueCommand(), newCalcPowerCommand(), newCalcBurnCommand(),
		newCalcSPRTCommand(), newCalcEProcessCommand(), newCalcMaxSPRTCommand(), newCalcGroupSeqCommand(), newCalcZTestCommand(),
		newCalcCusumCommand(), newCalcEWMACommand(), newCalcKayentaCommand())
	return c
}

// A calculation is one subcommand of calc.
type calculation struct {
	use, short, long, example string
	symbols                   map[string]string // of the textbooks, for flags: another name for each
	declare                   func(f *calcFlags)
	// read reads the flags and notes their faults; where there are none, what it
	// returns works out the answer.
	read func(f *calcFlags) func() (calcAnswer, error)
}

func (k calculation) command() *cobra.Command {
	c := &cobra.Command{Use: k.use, Short: k.short, Long: k.long, Example: k.example, Args: cobra.NoArgs}
	f := &calcFlags{set: c.Flags()}
	k.declare(f)
	f.set.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if flag, ok := k.symbols[name]; ok {
			name = flag
		}
		return pflag.NormalizedName(name)
	})
	c.RunE = func(c *cobra.Command, _ []string) error { return k.run(c, f) }
	return c
}

// run reads the question, faults and all, and answers it.
func (k calculation) run(c *cobra.Command, f *calcFlags) error {
	solve := k.read(f)
	output := c.Flag("output").Value.String()
	if output != "text" && output != "json" {
		f.fault("-o %s is no form of an answer; text or json", output)
	}
	if len(f.faults) > 0 {
		return badQuestionf("%s", strings.Join(f.faults, "\n"))
	}
	answer, err := unlessInterrupted(c.Context(), solve)
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		return unanswerable(f, err)
	}
	if output == "json" {
		return answer.writeJSON(c.OutOrStdout())
	}
	return answer.writeText(c.OutOrStdout())
}

// unlessInterrupted gives an answer up as soon as Ctrl-C is pressed: the largest
// Markov chains take seconds.
func unlessInterrupted(ctx context.Context, solve func() (calcAnswer, error)) (calcAnswer, error) {
	var answer calcAnswer
	solved := make(chan error, 1)
	go func() {
		a, err := solve()
		answer = a
		solved <- err
	}()
	select {
	case <-ctx.Done():
		return calcAnswer{}, ctx.Err()
	case err := <-solved:
		return answer, err
	}
}

// unanswerable makes a fault of the question out of an error that tells why it has
// no answer.
func unanswerable(f *calcFlags, err error) error {
	var unstable *analytic.Unstable
	var large *analytic.TooLarge
	switch {
	case errors.As(err, &unstable):
		return badQuestionf("%s: utilisation is %s, it must be below 1: the queue grows for ever; "+
			"fewer arrivals, a shorter service or more servers", f.given(), digits(unstable.Utilisation))
	case errors.As(err, &large):
		return badQuestionf("%s: %v, which is too many here; fewer requests or a shorter --sliding, or rollrisk run, which simulates it", f.given(), err)
	}
	return badQuestionf("%s: %v", f.given(), err)
}
