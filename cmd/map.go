package cmd

import (
	"fmt"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios/regions"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// mapFlags are the flags of the command map.
type mapFlags struct {
	seed, output, out string
	workers           int
	quiet             bool
	draw              regions.Question
}

func newMapCommand() *cobra.Command {
	f := mapFlags{draw: regions.Usual()}
	c := &cobra.Command{
		Use:   "map [SCENARIO]",
		Short: "draw where which alternative wins, over two inputs",
		Long: `Map takes two inputs from a tenth of what is stated to ten times it, a share by its odds,
and draws where the alternative that does best does better than its strongest rival, and
where it does not; hatched where the difference lies inside the simulation error. It looks
closely along the border only. Every point is simulated with the same changes, defects and
luck.

Without --x and --y the two inputs are taken that move the answer farthest to the other
side. An address is that of a number in the scenario, as "rollrisk sensitivity -o csv" and
the break-evens of a run print it.`,
		Example: `  rollrisk map payroll
  rollrisk map checkout --of cost --x service.users --y alternatives.both.response.act
  rollrisk map payroll --out map.html`,
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
	f.define(c.Flags())
	return c
}

func (f *mapFlags) define(fl *pflag.FlagSet) {
	fl.StringVar(&f.draw.X, "x", "", "address of the input to the right")
	fl.StringVar(&f.draw.Y, "y", "", "address of the input upwards")
	fl.StringSliceVar(&f.draw.Between, "between", nil, "names of two alternatives, separated by a comma; the one that does best and its strongest rival when empty")
	fl.StringVar(&f.draw.Of, "of", f.draw.Of, "what decides: users (who hurts fewer in more changes) or cost (what a change costs on average)")
	fl.Float64Var(&f.draw.Factor, "factor", f.draw.Factor, "by which the inputs are divided and multiplied at the ends")
	countFlag(fl, &f.draw.Changes, "changes", "changes at each point, such as 1000 or 1k; four times as many where they do not decide")
	fl.StringVar(&f.seed, "seed", "1", "seed of all chance, 0 to 2^64-1")
	fl.IntVar(&f.workers, "workers", 0, "points at a time; 0 for one a processor (never changes a result)")
	fl.BoolVar(&f.quiet, "quiet", false, "show no progress")
	fl.StringVarP(&f.output, "output", "o", "", "form: "+strings.Join(mapForms, ", ")+"; when empty that of --out, else text")
	fl.StringVar(&f.out, "out", "", "file to write; standard output when empty")
}

var mapForms = []string{"text", "markdown", "json", "svg", "png", "html"}

func (f *mapFlags) form() string {
	if f.output != "" {
		return f.output
	}
	if ext := strings.TrimPrefix(filepath.Ext(f.out), "."); slices.Contains(mapForms, ext) {
		return ext
	}
	return "text"
}

// faults are those of the flags, all at once.
func (f *mapFlags) faults() []string {
	var faults []string
	if f.draw.Of != "users" && f.draw.Of != "cost" {
		faults = append(faults, fmt.Sprintf("--of %s: users or cost", f.draw.Of))
	}
	if !(f.draw.Factor > 1 && f.draw.Factor <= 1000) {
		faults = append(faults, fmt.Sprintf("--factor %v: above 1, at most 1000", f.draw.Factor))
	}
	if n := len(f.draw.Between); n != 0 && (n != 2 || f.draw.Between[0] == f.draw.Between[1]) {
		faults = append(faults, fmt.Sprintf("--between %s: the names of two alternatives", strings.Join(f.draw.Between, ",")))
	}
	if f.draw.Changes < 1 || f.draw.Changes > maxChanges/4 {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d", f.draw.Changes, maxChanges/4))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if !slices.Contains(mapForms, f.form()) {
		faults = append(faults, fmt.Sprintf("-o %s: %s", f.output, strings.Join(mapForms, ", ")))
	}
	return faults
}

func (f *mapFlags) run(c *cobra.Command, name string) error {
	s, seed, err := openQuestion(c, name, f.seed, f.faults())
	if err != nil {
		return err
	}
	f.draw.Scenario, f.draw.Seed, f.draw.Version = s, seed, version()
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	defer bar.done()
	bar.what = "points"
	r, wrong, err := regions.Draw(c.Context(), f.draw, regions.Options{Workers: f.workers, Progress: bar.at})
	switch {
	case len(wrong) > 0:
		return &badQuestion{faultLines(wrong)}
	case c.Context().Err() != nil:
		return c.Context().Err()
	case err != nil:
		return badQuestionf("%s: %v", name, err)
	}
	bar.done()
	r.Command = repeats(c, name, setting{"seed", strconv.FormatUint(seed, 10)}, setting{"x", r.X.Path}, setting{"y", r.Y.Path})
	write := func(w io.Writer) error { return f.print(w, r) }
	if f.out != "" {
		return writeWhole(output{f.out, write})
	}
	return write(c.OutOrStdout())
}

func (f *mapFlags) print(out io.Writer, r *study.Regions) error {
	switch f.form() {
	case "json":
		return writeJSON(out, r)
	case "markdown":
		return markdown.Write(out, section.Regions(r))
	case "html":
		return html.Write(out, section.Regions(r))
	case "svg":
		_, err := io.WriteString(out, section.RegionPicture(r).SVG())
		return err
	case "png":
		return png.Encode(out, section.RegionPicture(r).Image())
	}
	return text.Write(out, section.Regions(r), text.Options{Width: width(out), Color: colored(out)})
}
