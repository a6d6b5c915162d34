package cmd

import (
	"github.com/spf13/cobra"
)

func newCalcCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "calc",
		Short: "closed-form answers about one ramp, window, gate or queue",
		Long: `Calc answers small questions at once, by closed forms and small Markov chains
instead of simulation: no chance is involved, and no scenario is needed.

Lengths of time are written 30m, 2d, 1w or 1h30m; rates 0.5/h, 3/d, 40/w or 2/m
(a minute); shares and probabilities 1% or 0.01. Answers are in hours.

With -o json the answer is one object: the keys that the help of each command
names, "inputs" with the question as it was understood, and "method". All are
numbers, lists of numbers or text. A number that does not exist, such as the mean
time of something that may never happen, is null.`,
		Example: `  rollrisk calc ramp --shares 1%,10%,100% --starts 0h,24h,48h --hazard 0.5/h
  rollrisk calc window --requests 500 --threshold 2% --rate 3% --failures 4
  rollrisk calc queue --arrivals 2.4/h --service 1h --servers 3 -o json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newCalcRamp(), newCalcWindow(), newCalcComplaints(), newCalcGates(), newCalcQueue())
	return c
}

// calcAsk reads the question from the flags and returns how to work out the answer.
// That is called only when the question has no fault.
type calcAsk func(q *calcQuestion) (solve func() (calcAnswer, error))

// newCalc makes a command of calc of a described one.
func newCalc(c *cobra.Command, ask calcAsk) *cobra.Command {
	c.Args = cobra.NoArgs
	c.Flags().StringP("output", "o", "text", "what to print: text or json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		q := &calcQuestion{command: c}
		print := q.printer()
		solve := ask(q)
		if err := q.err(); err != nil {
			return err
		}
		a, err := solveUnlessInterrupted(c, solve)
		if err != nil {
			return err
		}
		a.name, a.inputs = c.Name(), q.inputs
		return print(c.OutOrStdout(), a)
	}
	return c
}

// solveUnlessInterrupted gives up on an answer as soon as Ctrl-C is pressed: large
// Markov chains take seconds.
func solveUnlessInterrupted(c *cobra.Command, solve func() (calcAnswer, error)) (calcAnswer, error) {
	type result struct {
		answer calcAnswer
		err    error
	}
	done := make(chan result, 1)
	go func() {
		a, err := solve()
		done <- result{a, err}
	}()
	select {
	case <-c.Context().Done():
		return calcAnswer{}, c.Context().Err()
	case r := <-done:
		return r.answer, r.err
	}
}
