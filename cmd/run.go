package cmd

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
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
}

func newRunCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [SCENARIO]",
		Short: "simulate a scenario, print the answer and write the report",
		Long: `Run simulates every alternative of a scenario on the same changes with the same
defects, prints the answer, and writes report.html and study.json.

SCENARIO is a file, "-" for standard input, or the name of a library scenario
(rollrisk scenario list); without one it is ` + defaultScenario + `.

Numbers depend on the scenario, the seed and the number of changes, on nothing
else: not on the number of workers, not on the machine.`,
		Example: `  rollrisk run
  rollrisk run regulated --changes 50000
  rollrisk run mine.yaml --out out --seed 7
  rollrisk run checkout -o json | jq .alternatives[0].name`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) == 1 {
				name = args[0]
			}
			return f.run(c, name)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.out, "out", ".", "directory for report.html and study.json; made when absent")
	fl.BoolVar(&f.noReport, "no-report", false, "write no files")
	fl.StringVar(&f.seed, "seed", "1", `seed of all chance, 0 to 2^64-1, or "random"`)
	fl.IntVar(&f.workers, "workers", 0, "replications at a time; 0 for one a processor (never changes a result)")
	fl.IntVar(&f.changes, "changes", 0, "changes to simulate; 0 for what the scenario says")
	fl.BoolVar(&f.quiet, "quiet", false, "print nothing but faults")
	fl.StringVarP(&f.output, "output", "o", "text", "what to print: text, or json (the whole study)")
	fl.StringVar(&f.precision, "precision", "", "go on until the mean cost is known to this relative error, e.g. 1%")
	return c
}

// run is the command: question, study, answer.
func (f *runFlags) run(c *cobra.Command, name string) error {
	plan, err := f.plan(c, name)
	if err != nil {
		return err
	}
	if err := f.makeRoom(); err != nil {
		return err
	}
	began := time.Now()
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	st, err := study.Run(c.Context(), plan, study.Options{Workers: f.workers, Progress: bar.at})
	bar.done()
	if err != nil {
		return err
	}
	st.Command = command(name, st)
	if err := f.write(c.Context(), st); err != nil {
		return err
	}
	return f.print(c.OutOrStdout(), st, time.Since(began))
}

// plan reads the scenario and the flags, and reports the faults of both.
func (f *runFlags) plan(c *cobra.Command, name string) (*study.Plan, error) {
	var faults []string
	seed, err := f.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	precision, err := relative(f.precision)
	if err != nil {
		faults = append(faults, err.Error())
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if _, ok := printerOf(f.output); !ok {
		faults = append(faults, fmt.Sprintf("-o %s: text or json", f.output))
	}
	plan, err := planOf(c.InOrStdin(), name, seed, max(0, f.changes))
	if err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		return nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	plan.Precision = precision
	return plan, nil
}

// Limits of the flags.
const (
	maxChanges = 20_000_000 // about 3 GB of outcomes
	maxWorkers = 1024
)

// command is the command line that repeats the study: all that the numbers
// depend on, and nothing else.
//
// A run with --precision is repeated by the number of changes that it took.
func command(name string, st *study.Study) string {
	return fmt.Sprintf("rollrisk run %s --seed %d --changes %d", name, st.Seed, st.Size.Changes)
}

// seedValue is the seed; a random one is drawn and said.
func (f *runFlags) seedValue(errOut io.Writer) (uint64, error) {
	if f.seed == "random" {
		var b [4]byte
		if _, err := rand.Read(b[:]); err != nil {
			return 0, err
		}
		seed := uint64(binary.LittleEndian.Uint32(b[:]))
		fmt.Fprintf(errOut, "seed %d\n", seed)
		return seed, nil
	}
	seed, err := strconv.ParseUint(f.seed, 10, 64)
	if err != nil {
		return 0, fmt.Errorf(`--seed %s: a whole number from 0 to 2^64-1, or "random"`, f.seed)
	}
	return seed, nil
}

// relative reads a relative error, "1%" or "0.01"; "" is none.
func relative(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, percent := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0.0001 && v <= 1) {
		return 0, fmt.Errorf("--precision %s: a relative error from 0.01%% to 100%%", s)
	}
	return v, nil
}

// makeRoom makes the directory for the outputs before the work begins, so that
// a mistake in its name is found at once.
func (f *runFlags) makeRoom() error {
	if f.noReport {
		return nil
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return badQuestionf("--out %s: %v", f.out, withoutOp(err))
	}
	return nil
}

// write writes report.html and study.json, each whole or not at all.
func (f *runFlags) write(ctx context.Context, st *study.Study) error {
	if f.noReport {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(f.out, "study.json"), func(w io.Writer) error { return writeStudy(w, st) }); err != nil {
		return err
	}
	return writeWhole(filepath.Join(f.out, "report.html"), func(w io.Writer) error { return writePage(w, st) })
}

// print writes the answer to standard output.
func (f *runFlags) print(out io.Writer, st *study.Study, took time.Duration) error {
	if f.quiet {
		return nil
	}
	write, _ := printerOf(f.output)
	if err := write(out, st); err != nil || f.output != "text" {
		return err
	}
	files := "no files written"
	if !f.noReport {
		files = filepath.Join(f.out, "report.html") + "  " + filepath.Join(f.out, "study.json")
	}
	_, err := fmt.Fprintf(out, "\n%s  (%s)\n", files, seconds(took))
	return err
}
