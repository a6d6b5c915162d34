package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/breakeven"
	"github.com/rollrisk/rollrisk/scenarios/regions"
	"github.com/spf13/cobra"
)

// defaultScenario is what `rollrisk run` runs without an argument.
const defaultScenario = "checkout"

// runFlags are the flags of the command run.
type runFlags struct {
	out       string
	noReport  bool
	seed      string
	workers   int
	changes   int
	quiet     bool
	output    string
	precision string
	resume    bool
	keeper    *keeper // nil without --resume

	noBreakEvens bool
	drawMap      bool
}

func newRunCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [SCENARIO...]",
		Short: "simulate scenarios, print the answers and write the reports",
		Long: `Run simulates every alternative of a scenario on the same changes with the same
defects, prints the answer, and writes report.html and study.json.

SCENARIO is a file, "-" for standard input, or the name of a library scenario
(rollrisk scenario list); without one it is ` + defaultScenario + `.

Numbers depend on the scenario, the seed and the number of changes, on nothing
else: not on the number of workers, not on the machine.

Several scenarios, a pattern ("pipelines/*.yaml") or a directory, whose *.yaml and *.yml
files are taken: each is simulated beside the others and gets its own directory under
--out, with the name of the scenario, and index.html leads to all of them. All faults
are told before anything is simulated. Where one fails, the others are finished.

With --resume finished blocks are kept below --out, in ` + resumeDir + `, until the end:
a run that was killed and is started again with the same scenario, seed and size goes on
from them, to the identical result.

With --precision the run goes on until the mean cost of a change is known that
well for every alternative; in a scenario that prices nothing, until the mean
number of users affected is. At most ` + fmt.Sprint(study.MaxChanges/1_000_000) + ` million changes are simulated.`,
		Example: `  rollrisk run
  rollrisk run regulated --changes 50000
  rollrisk run mine.yaml --out out --seed 7
  rollrisk run checkout --precision 5%
  rollrisk run pipelines/ --out site
  rollrisk run checkout -o json | jq .alternatives[0].name`,
		RunE:              f.command,
		ValidArgsFunction: completeScenario,
	}
	f.define(c)
	return c
}

// define adds the flags to the command.
func (f *runFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.out, "out", ".", "directory for report.html and study.json; made when absent")
	fl.BoolVar(&f.noReport, "no-report", false, "write no files")
	fl.StringVar(&f.seed, "seed", "1", `seed of all chance, 0 to 2^64-1, or "random"`)
	fl.IntVar(&f.workers, "workers", 0, "replications at a time; 0 for one a processor (never changes a result)")
	countFlag(fl, &f.changes, "changes", "changes to simulate, such as 20000 or 20k; 0 for what the scenario says")
	fl.BoolVar(&f.quiet, "quiet", false, "print nothing but faults")
	fl.StringVarP(&f.output, "output", "o", "text", "what to print: text, markdown, csv (every measure), json (the whole study), or of the gates alone: "+formats("markdown", "csv", "json"))
	fl.BoolVar(&f.resume, "resume", false, "keep finished blocks below --out until the end, and go on from those that a run of the same question has left")
	fl.BoolVar(&f.noBreakEvens, "no-break-evens", false, "do not look for the inputs that turn the answer round")
	fl.BoolVar(&f.drawMap, "map", false, "draw where the answer flips over the two inputs that move it most, into the page and study.json; takes up to a minute more")
	fl.StringVar(&f.precision, "precision", "", "go on until the mean cost (without prices: users affected) is known to this relative error, e.g. 1%")
}

// command is one scenario, or several.
func (f *runFlags) command(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		args = []string{defaultScenario}
	}
	names, several, err := expand(args)
	switch {
	case err != nil:
		return err
	case several:
		return f.runSeveral(c, names)
	}
	return f.run(c, names[0])
}

// run is the command for one scenario: question, study, answer.
func (f *runFlags) run(c *cobra.Command, name string) error {
	plans, err := f.plans(c, []string{name})
	if err != nil {
		return err
	}
	if err := f.makeRoom(); err != nil {
		return err
	}
	began := time.Now()
	st, err := f.simulate(c, plans[0], name)
	if err != nil {
		return err
	}
	f.keeper.forget()
	return f.print(c.OutOrStdout(), plans[0], st, time.Since(began))
}

// simulate makes the study and writes its files.
func (f *runFlags) simulate(c *cobra.Command, plan *study.Plan, name string) (*study.Study, error) {
	if err := f.keepBlocks(c, plan); err != nil {
		return nil, err
	}
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	st, err := study.Run(c.Context(), plan, study.Options{Workers: f.workers, Progress: bar.at, Keeping: f.keeper.keeping()})
	bar.done()
	if err == nil {
		st.Command = command(name, st)
		err = f.turn(c, plan, st)
	}
	if err == nil {
		err = f.write(c.Context(), st)
	}
	if c.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return nil, &interrupted{"nothing was written" + f.keeper.left()}
	}
	return st, err
}

// keepBlocks makes the keeper of a plan where blocks are to be kept.
func (f *runFlags) keepBlocks(c *cobra.Command, plan *study.Plan) (err error) {
	if !f.resume {
		return nil
	}
	f.keeper, err = newKeeper(f.out, plan, func(format string, args ...any) {
		warn(c.ErrOrStderr(), format, args...)
	})
	return err
}

// turn looks for the break-evens of a study, and draws its map.
func (f *runFlags) turn(c *cobra.Command, plan *study.Plan, st *study.Study) error {
	if f.noBreakEvens && !f.drawMap {
		return nil
	}
	s, faults := scenarios.Decode(plan.About.File, []byte(plan.About.Text))
	if len(faults) > 0 {
		return &badQuestion{faultLines(faults)} // it was read before
	}
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	defer bar.done()
	if !f.noBreakEvens {
		var err error
		bar.what = "inputs"
		if st.BreakEvens, err = breakeven.Find(c.Context(), s, plan, st, breakeven.Options{Workers: f.workers, Progress: bar.at}); err != nil {
			return err
		}
	}
	if f.drawMap {
		bar.what = "points of the map"
		return f.flips(c, s, st, bar.at)
	}
	return nil
}

// flips draws the map of a study; where there is nothing to draw it says so and goes on.
func (f *runFlags) flips(c *cobra.Command, s *scenarios.Scenario, st *study.Study, progress func(done, total int)) error {
	q := regions.Usual()
	q.Scenario, q.Seed, q.Version = s, st.Seed, version()
	drawn, faults, err := regions.Draw(c.Context(), q, regions.Options{Workers: f.workers, Progress: progress})
	if errors.Is(err, regions.ErrNothing) {
		warn(c.ErrOrStderr(), "no map: %v", err)
		return nil
	}
	if len(faults) > 0 {
		return &badQuestion{faultLines(faults)}
	}
	st.Map = drawn
	return err
}

// files are the names of what is written.
func (f *runFlags) files() (page, saved string) {
	return filepath.Join(f.out, "report.html"), filepath.Join(f.out, "study.json")
}

// makeRoom makes the directory for the outputs and looks at their names before
// the work begins, so that a mistake is found at once.
func (f *runFlags) makeRoom() error { return f.makeRoomFor("report.html", "study.json") }

// makeRoomFor does it for files of other names.
func (f *runFlags) makeRoomFor(names ...string) error {
	if f.noReport {
		return nil
	}
	if f.out == "" {
		return badQuestionf(`--out "": name a directory; . is this one`)
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return badQuestionf("--out %s: %v", f.out, noDirectory(f.out, err))
	}
	for _, name := range names {
		if err := canWrite(filepath.Join(f.out, name)); err != nil {
			return badQuestionf("--out %s: %v", f.out, err)
		}
	}
	return nil
}

// noDirectory says why a directory could not be made.
func noDirectory(name string, err error) error {
	info, missing := os.Lstat(name)
	switch {
	case missing != nil:
		return withoutOp(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("it is a link that leads to no directory")
	case !info.IsDir():
		return errors.New("it is a file; name a directory")
	}
	return reason(err)
}

// write writes report.html and study.json, both or neither.
func (f *runFlags) write(ctx context.Context, st *study.Study) error {
	if f.noReport {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	page, saved := f.files()
	return writeWhole(
		output{saved, func(w io.Writer) error { return writeStudy(w, st) }},
		output{page, func(w io.Writer) error { return writePage(w, st) }})
}

// print writes the answer to standard output.
func (f *runFlags) print(out io.Writer, plan *study.Plan, st *study.Study, took time.Duration) error {
	if f.quiet {
		return nil
	}
	write, _ := printerOf(f.output)
	if err := write(out, st); err != nil || f.output != "text" {
		return err
	}
	files := "no files written"
	if page, saved := f.files(); !f.noReport {
		files = page + "  " + saved
	}
	verdict := ""
	if st.Gates != nil {
		verdict = section.Verdict(st) + "\n"
	}
	_, err := fmt.Fprintf(out, "\n%s%s  (%s)\n%s", f.known(plan, st), files, seconds(took), verdict)
	return err
}

// known says whether the precision that was asked for was reached, and of what;
// nothing when none was.
func (f *runFlags) known(plan *study.Plan, st *study.Study) string {
	if plan.Precision == 0 {
		return ""
	}
	is := "is known"
	for _, w := range st.Warnings {
		if w.Code == study.WarnImprecise {
			is = "is NOT known"
		}
	}
	return fmt.Sprintf("The mean of %s %s to %s for every alternative, after %d changes.\n",
		titleOf(st, plan.Aim()), is, f.precision, st.Size.Changes)
}

// titleOf is what people call a metric.
func titleOf(st *study.Study, name string) string {
	for _, m := range st.Metrics {
		if m.Name == name {
			return m.Title
		}
	}
	return name
}
