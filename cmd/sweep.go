package cmd

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/sweep"
	"github.com/rollrisk/rollrisk/sim/points"
	"github.com/rollrisk/rollrisk/sim/rng"
	"github.com/spf13/cobra"
)

// sweepFlags are the flags of the command sweep.
type sweepFlags struct {
	lists, grids, over []string
	sobol, latin       int
	seed, output, out  string
	changes, workers   int
	quiet, resume      bool
}

func newSweepCommand() *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep [SCENARIO]",
		Short: "simulate a scenario at many values of its inputs, as a table",
		Long: `Sweep simulates a scenario again and again with other values of any inputs, always with
the same changes, defects and luck, and prints a row for each point and alternative:
the mean of every metric with its standard error, and P50 and P95 where there are some.

  --set PATH=A,B,C             a list of values, as a scenario would write them
  --grid PATH=LOW..HIGH:N      N values in equal steps; with :log after N, in equal ratios
  --over PATH=LOW..HIGH        an axis of the points that --sobol or --latin spreads; :log

All lists and grids are crossed with each other, and with those points. A PATH is an
address in the scenario (alternatives.rings.stages[1].bake); "rollrisk sensitivity -o csv"
lists those that matter.

Where a point has a fault, or cannot be simulated, its row says so and the others go on.
With --resume finished points are kept beside --out until the end, and a sweep that was
killed goes on from them, to the identical table.`,
		Example: `  rollrisk sweep --grid 'alternatives.rings.stages[2].bake=15m..16h:7:log' > bake.csv
  rollrisk sweep mine.yaml --set 'response.automatic=yes,no' --set 'watch=1w,2w'
  rollrisk sweep --sobol 256 --over 'service.users=10k..10M:log' --over 'changes.defects=0.05..0.5' --out sweep.parquet --resume`,
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

func (f *sweepFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.StringArrayVar(&f.lists, "set", nil, "PATH=A,B,C: values of an input")
	fl.StringArrayVar(&f.grids, "grid", nil, "PATH=LOW..HIGH:N or PATH=LOW..HIGH:N:log")
	fl.StringArrayVar(&f.over, "over", nil, "PATH=LOW..HIGH or PATH=LOW..HIGH:log: an axis of --sobol or --latin")
	fl.IntVar(&f.sobol, "sobol", 0, "points of a scrambled Sobol sequence over all --over")
	fl.IntVar(&f.latin, "latin", 0, "points of a Latin hypercube over all --over")
	fl.StringVar(&f.seed, "seed", "1", "seed of all chance, 0 to 2^64-1")
	countFlag(fl, &f.changes, "changes", "changes at each point, such as 2000 or 2k; 0 for what the scenario says")
	fl.IntVar(&f.workers, "workers", 0, "points at a time; 0 for one a processor (never changes a result)")
	fl.BoolVar(&f.quiet, "quiet", false, "show no progress")
	fl.StringVarP(&f.output, "output", "o", "", "form: "+strings.Join(sweepForms, ", ")+"; when empty that of --out, else csv")
	fl.StringVar(&f.out, "out", "", "file to write; standard output when empty")
	fl.BoolVar(&f.resume, "resume", false, "keep finished points beside --out until the end, and go on from those that a sweep of the same question has left")
}

var sweepForms = []string{"csv", "jsonl", "parquet"}

// form is what is printed.
func (f *sweepFlags) form() string {
	if f.output != "" {
		return f.output
	}
	if ext := strings.TrimPrefix(filepath.Ext(f.out), "."); slices.Contains(sweepForms, ext) {
		return ext
	}
	return "csv"
}

func (f *sweepFlags) run(c *cobra.Command, name string) error {
	q, paths, err := f.question(c, name)
	if err != nil {
		return err
	}
	o := sweep.Options{Workers: f.workers}
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	defer bar.done()
	bar.what = "points"
	o.Progress = bar.at
	kept := ""
	if f.resume {
		if kept, err = f.keep(c, q, &o); err != nil {
			return err
		}
	}
	results, err := sweep.Run(c.Context(), *q, o)
	if err != nil {
		if kept != "" {
			return &interrupted{"with --resume it goes on from what is finished"}
		}
		return err
	}
	bar.done()
	t := sweepTable{paths, q.Points, results}
	write := map[string]func(io.Writer) error{"csv": t.csv, "jsonl": t.jsonl, "parquet": t.parquet}[f.form()]
	if f.out == "" {
		err = write(c.OutOrStdout())
	} else {
		err = writeWhole(output{f.out, write})
	}
	if err == nil && kept != "" {
		err = os.RemoveAll(kept)
		os.Remove(filepath.Dir(kept)) // fails where another run has blocks there
	}
	return err
}

// question reads the flags and the scenario, and tells the faults of both.
func (f *sweepFlags) question(c *cobra.Command, name string) (q *sweep.Question, paths []string, err error) {
	run := runFlags{seed: f.seed}
	var faults []string
	seed, err := run.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	faults = append(faults, f.faults()...)
	s, err := readScenario(c.Context(), c.InOrStdin(), name)
	if c.Context().Err() != nil {
		return nil, nil, c.Context().Err()
	}
	if err != nil {
		return nil, nil, badQuestionf("%s", strings.Join(append(faults, err.Error()), "\n"))
	}
	d := design{s: s, seed: seed}
	d.read(f)
	if faults = append(faults, d.faults...); len(faults) > 0 {
		return nil, nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	q = &sweep.Question{Scenario: s, Points: d.points, Seed: seed, Changes: f.changes, Version: version()}
	if err := q.Check(); err != nil {
		return nil, nil, badQuestionf("%v (see rollrisk sweep --help)", err)
	}
	return q, d.paths, nil
}

// faults are those of the flags alone.
func (f *sweepFlags) faults() []string {
	var faults []string
	if !slices.Contains(sweepForms, f.form()) {
		faults = append(faults, fmt.Sprintf("-o %s: %s", f.output, strings.Join(sweepForms, ", ")))
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if f.sobol < 0 || f.latin < 0 || f.sobol > 0 && f.latin > 0 {
		faults = append(faults, "--sobol and --latin: one of the two, and a number above 0")
	}
	if (f.sobol > 0 || f.latin > 0) != (len(f.over) > 0) {
		faults = append(faults, "--over says where, --sobol or --latin in how many points: it takes both")
	}
	if f.resume && f.out == "" {
		faults = append(faults, "--resume: finished points are kept beside --out; name a file")
	}
	return faults
}

// design makes the points of the flags.
type design struct {
	s      *scenarios.Scenario
	seed   uint64
	paths  []string
	values [][]string // of each list and grid
	points []sweep.Point
	faults []string
}

func (d *design) wrong(flag, text, why string) {
	d.faults = append(d.faults, fmt.Sprintf("--%s %s: %s", flag, text, why))
}

func (d *design) read(f *sweepFlags) {
	for _, text := range f.lists {
		d.list(text)
	}
	for _, text := range f.grids {
		d.grid(text)
	}
	n := max(f.sobol, f.latin)
	var axes []scenarios.Axis
	for _, text := range f.over {
		axis, count, ok := d.axis("over", text)
		if ok && count != 0 {
			d.wrong("over", text, "the number of points stands in --sobol or --latin")
		}
		axes = append(axes, axis)
	}
	if len(d.faults) > 0 {
		return
	}
	for _, a := range axes {
		d.paths = append(d.paths, a.Path)
	}
	for i, path := range d.paths {
		if slices.Contains(d.paths[:i], path) {
			d.faults = append(d.faults, path+": named twice")
		}
	}
	d.cross(axes, n, f.latin > 0)
}

func (d *design) list(text string) {
	path, list, ok := strings.Cut(text, "=")
	if !ok {
		d.wrong("set", text, "PATH=A,B,C")
		return
	}
	if _, fault := d.s.Get(path); fault != nil {
		d.faults = append(d.faults, fault.String())
	}
	var values []string
	for _, v := range strings.Split(list, ",") {
		values = append(values, strings.Join(strings.Fields(v), " "))
	}
	d.paths, d.values = append(d.paths, path), append(d.values, values)
}

func (d *design) grid(text string) {
	a, n, ok := d.axis("grid", text)
	if !ok {
		return
	}
	if n < 2 || n > sweep.MaxPoints {
		d.wrong("grid", text, "PATH=LOW..HIGH:N with N of 2 or more")
		return
	}
	var values []string
	for i := range n {
		values = append(values, a.At(float64(i)/float64(n-1)))
	}
	d.paths, d.values = append(d.paths, a.Path), append(d.values, slices.Compact(values))
}

// axis reads PATH=LOW..HIGH[:N][:log].
func (d *design) axis(flag, text string) (a scenarios.Axis, n int, ok bool) {
	path, rest, found := strings.Cut(text, "=")
	low, rest, between := strings.Cut(rest, "..")
	if !found || !between {
		d.wrong(flag, text, "PATH=LOW..HIGH")
		return a, 0, false
	}
	parts := strings.Split(rest, ":")
	spacing := scenarios.Steps
	for _, p := range parts[1:] {
		k, err := strconv.Atoi(p)
		switch {
		case p == "log":
			spacing = scenarios.Ratios
		case err == nil && k > 0:
			n = k
		default:
			d.wrong(flag, text, p+" is neither a number of values nor log")
			return a, 0, false
		}
	}
	a, fault := d.s.Axis(path, [2]string{low, parts[0]}, spacing)
	if fault != nil {
		d.faults = append(d.faults, fault.String())
		return a, 0, false
	}
	return a, n, true
}

// cross makes every combination of the lists and grids with every spread point.
func (d *design) cross(axes []scenarios.Axis, n int, latin bool) {
	if len(axes) > points.MaxDims {
		d.faults = append(d.faults, fmt.Sprintf("--over: %d axes; %d are the most", len(axes), points.MaxDims))
	}
	g := points.Grid{}
	for _, v := range d.values {
		g.Levels = append(g.Levels, len(v))
	}
	size := g.Len(sweep.MaxPoints)
	if size < 0 || len(axes) > 0 && size > sweep.MaxPoints/n || size == 1 && len(d.values)+len(axes) == 0 {
		if len(d.values)+len(axes) > 0 {
			d.faults = append(d.faults, fmt.Sprintf("these are more than %d points", sweep.MaxPoints))
		}
		return
	}
	if len(d.faults) > 0 {
		return
	}
	at := make([]int, len(d.values))
	spread := d.spread(len(axes), max(1, n), latin)
	for i := range size {
		g.At(i, at)
		for _, x := range spread {
			var p sweep.Point
			for k, level := range at {
				p = append(p, scenarios.Setting{Path: d.paths[k], Value: d.values[k][level]})
			}
			for k, a := range axes {
				p = append(p, scenarios.Setting{Path: a.Path, Value: a.At(x[k])})
			}
			d.points = append(d.points, p)
		}
	}
}

// spread are n points over so many axes.
func (d *design) spread(dims, n int, latin bool) [][]float64 {
	switch {
	case dims == 0:
		return [][]float64{nil}
	case latin:
		return points.LatinHypercube(n, dims, rng.NewKey(d.seed, "sweep/latin"))
	}
	s, all := points.NewSobol(dims, rng.NewKey(d.seed, "sweep/sobol")), make([][]float64, n)
	for i := range all {
		all[i] = make([]float64, dims)
		s.At(uint32(i), all[i])
	}
	return all
}

// keep takes up finished points from files beside --out, and keeps new ones there. Another
// scenario, seed, size, design or program has other files.
func (f *sweepFlags) keep(c *cobra.Command, q *sweep.Question, o *sweep.Options) (dir string, err error) {
	program, err := identity()
	if err != nil {
		return "", err
	}
	plan, faults := q.Scenario.Plan(scenarios.Options{Seed: q.Seed})
	if len(faults) > 0 {
		return "", &badQuestion{faultLines(faults)}
	}
	h := sha256.New()
	fmt.Fprintf(h, "rollrisk sweep 1\n%s\n%d %d\n%d %s\n%q", program, q.Seed, q.Changes, len(plan.About.Text), plan.About.Text, q.Points)
	dir = filepath.Join(filepath.Dir(f.out), resumeDir, hex.EncodeToString(h.Sum(nil))[:32])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", badQuestionf("--resume: %v", withoutOp(err))
	}
	name := func(point int) string { return filepath.Join(dir, fmt.Sprintf("%06d.json", point)) }
	o.Kept = func(point int) *sweep.Result {
		var r sweep.Result
		data, err := os.ReadFile(name(point))
		if err != nil || json.Unmarshal(data, &r) != nil { // simulated again
			return nil
		}
		return &r
	}
	o.Keep = func(point int, r sweep.Result) {
		data, err := json.Marshal(r)
		if err == nil {
			err = writeWhole(output{name(point), func(w io.Writer) error { _, err := w.Write(data); return err }})
		}
		if err != nil && !errors.Is(err, c.Context().Err()) {
			warn(c.ErrOrStderr(), "a point is not kept for --resume: %v", withoutOp(err))
		}
	}
	return dir, nil
}
