package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

// checkFlags are the flags of the command check.
type checkFlags struct {
	runFlags     // those that both have
	budget       string
	inconclusive string
}

// defaultBudget is a number, not a time, so that the verdict is the same on every
// machine. An assumption: seconds for the scenarios of the library.
const defaultBudget = "1M"

func newCheckCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check SCENARIO...",
		Short: "decide the gates of scenarios, for CI",
		Long: `Check simulates each scenario until every gate under "gates:" passes or fails, and
exits with 0 when all pass, 3 when one fails, and 4 when one is undecided and none
fails. It writes no files.

SCENARIO is a file, "-" for standard input, or the name of a library scenario.

A gate is decided when the simulation shows on which side of its bound the value is,
with the confidence that the scenario states (study.confidence, 99% unless it says
otherwise). It is looked at after 200 replications, 400, 800 and so on; all looks
together err no more often than that. The same scenario and seed give the same
verdict on every machine: a gate does not flake.

--budget says how long each scenario may take: so many changes ("500k", ` + defaultBudget + ` unless
stated), or a time ("30s", "2m"; a capital M is a million changes). A time is the one
thing that can make the verdict differ from run to run: a fast machine may decide what
a slow one leaves undecided. The first look is always taken.

--inconclusive says what an undecided gate counts as.

With --resume finished blocks are kept in ` + resumeDir + `, in the current directory, until the
verdict: a check that was killed goes on from them, to the same verdict. They serve
another budget too.`,
		Example: `  rollrisk check checkout
  rollrisk check scenarios/*.yaml -o junit > gates.xml
  rollrisk check mine.yaml --budget 2m --inconclusive=pass
  rollrisk check mine.yaml -o sarif > gates.sarif`,
		Args:              cobra.MinimumNArgs(1),
		RunE:              f.check,
		ValidArgsFunction: completeScenario,
	}
	f.defineCheck(c)
	return c
}

func (f *checkFlags) defineCheck(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.seed, "seed", "1", `seed of all chance, 0 to 2^64-1, or "random"`)
	fl.IntVar(&f.workers, "workers", 0, "replications at a time; 0 for one a processor (never changes a result)")
	countFlag(fl, &f.changes, "changes", "changes before the first look, at least, such as 20000 or 20k; 0 for what the scenario says")
	fl.BoolVar(&f.quiet, "quiet", false, "print nothing but faults; the exit code tells")
	fl.StringVarP(&f.output, "output", "o", "text", "what to print: text, "+formats())
	fl.StringVar(&f.budget, "budget", defaultBudget, "how much may be simulated for each scenario: a number of changes such as 500k, or a time such as 2m")
	fl.BoolVar(&f.resume, "resume", false, "keep finished blocks in "+resumeDir+" here until the verdict, and go on from those that a check of the same question has left")
	fl.StringVar(&f.inconclusive, "inconclusive", "undecided", "what an undecided gate counts as: pass, fail or undecided")
}

// gateError ends a command with the exit code of its verdict.
type gateError struct{ code int }

func (e *gateError) Error() string { return "the gates do not all pass" }

// check is the command: questions, studies, verdict.
func (f *checkFlags) check(c *cobra.Command, names []string) error {
	b, plans, err := f.questions(c, names)
	if err != nil {
		return err
	}
	r := ci.Result{Undecided: study.GateState(f.inconclusive)}
	var kept []*keeper
	for i, p := range plans {
		st, err := f.decide(c, p, b)
		if err != nil {
			return err
		}
		st.Command = command(names[i], st)
		r.Studies, kept = append(r.Studies, st), append(kept, f.keeper)
	}
	for _, k := range kept {
		k.forget()
	}
	if err := f.say(c.OutOrStdout(), r); err != nil {
		return err
	}
	switch r.State() {
	case study.GateFail:
		return &gateError{exitGateFailed}
	case study.GateUndecided:
		return &gateError{exitUndecided}
	}
	return nil
}

// decide simulates one scenario within its budget.
func (f *checkFlags) decide(c *cobra.Command, p *study.Plan, b budget) (*study.Study, error) {
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	defer bar.done()
	o := study.Options{Workers: f.workers, Progress: bar.at}
	if b.time > 0 {
		until, cancel := context.WithTimeout(c.Context(), b.time)
		defer cancel()
		o.Until = until
	}
	f.out = "."
	if err := f.keepBlocks(c, p); err != nil {
		return nil, err
	}
	o.Keeping = f.keeper.keeping()
	st, err := study.Run(c.Context(), p, o)
	if c.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return nil, &interrupted{"there is no verdict" + f.keeper.left()}
	}
	return st, err
}

// questions reads flags and scenarios, and reports the faults of all of them.
func (f *checkFlags) questions(c *cobra.Command, names []string) (b budget, plans []*study.Plan, err error) {
	b, faults := f.flagFaults(c)
	seed, err := f.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			faults = append(faults, name+": named twice")
			continue
		}
		p, err := planOf(c.Context(), c.InOrStdin(), name, scenarios.Options{Seed: seed, Changes: max(0, f.changes), Version: version()})
		switch {
		case errors.Is(err, context.Canceled):
			return b, nil, err
		case err != nil:
			faults = append(faults, err.Error())
			continue
		}
		if problem := b.grant(name, p); problem != "" {
			faults = append(faults, problem)
		}
		plans = append(plans, p)
	}
	if len(faults) > 0 {
		return b, nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	return b, plans, nil
}

// flagFaults are those of the flags alone.
func (f *checkFlags) flagFaults(*cobra.Command) (b budget, faults []string) {
	b, err := readBudget(f.budget)
	if err != nil {
		faults = append(faults, err.Error())
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if _, ok := ci.Named(f.output); !ok && f.output != "text" {
		faults = append(faults, fmt.Sprintf("-o %s: text, %s", f.output, formats()))
	}
	if !slices.Contains([]string{"pass", "fail", "undecided"}, f.inconclusive) {
		faults = append(faults, fmt.Sprintf("--inconclusive %s: pass, fail or undecided", f.inconclusive))
	}
	return b, faults
}

// budget is how much may be simulated: a number of changes, or a time.
type budget struct {
	changes int
	time    time.Duration // 0 for no limit
}

// readBudget reads "500k" or "2m".
func readBudget(s string) (budget, error) {
	bad := fmt.Errorf("--budget %s: a number of changes such as 500k, or a time such as 30s or 2m", s)
	if _, err := strconv.Atoi(s[max(0, len(s)-1):]); err == nil || strings.HasSuffix(s, "k") || strings.HasSuffix(s, "M") {
		n, err := scenarios.Count.Read(s)
		if err != nil || !(n >= 1 && n <= maxChanges) {
			return budget{}, fmt.Errorf("--budget %s: between 1 and %d changes can be simulated", s, maxChanges)
		}
		return budget{changes: int(n)}, nil
	}
	hours, err := scenarios.Duration.Read(s)
	if err != nil || !(hours > 0 && hours <= 24*365) {
		return budget{}, bad
	}
	return budget{changes: maxChanges, time: time.Duration(hours * float64(time.Hour))}, nil
}

// grant gives a plan the budget, or says why there is nothing to decide.
func (b budget) grant(name string, p *study.Plan) string {
	p.Budget = b.changes
	switch {
	case len(p.Gates) == 0:
		return name + ": there are no gates to check; the scenario states none under `gates:`"
	case b.changes > 0 && p.FirstLook() > b.changes:
		return fmt.Sprintf("--budget: the first look at the gates of %s takes %d changes, 200 replications or more of %d each", name, p.FirstLook(), p.Case.Changes.PerPeriod)
	}
	return ""
}

// say prints the verdict.
func (f *checkFlags) say(out io.Writer, r ci.Result) error {
	if f.quiet {
		return nil
	}
	if form, ok := ci.Named(f.output); ok {
		return form.Write(out, r)
	}
	for _, s := range r.Studies {
		if err := text.Write(out, section.GateLines(s), text.Options{Width: width(out), Color: colored(out)}); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	counted := ""
	if section.TallyOf(r.Studies...).Undecided > 0 && f.inconclusive != "undecided" {
		counted = " (undecided counts as " + f.inconclusive + ")"
	}
	_, err := fmt.Fprintln(out, section.Verdict(r.Studies...)+counted)
	return err
}
