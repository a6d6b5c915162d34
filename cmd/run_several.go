package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/spf13/cobra"
)

// maxScenarios bounds what is simulated at once: the studies are kept for the index.
const maxScenarios = 500

// expand turns patterns and directories into names, and tells all that lead nowhere.
// several says that there is more than one name, or that more were asked for.
func expand(args []string) (names []string, several bool, err error) {
	var faults []error
	for _, arg := range args {
		found, many, fault := expandOne(arg)
		names, several = append(names, found...), several || many
		if fault != nil {
			faults = append(faults, fault)
		}
	}
	if len(names) > maxScenarios {
		faults = append(faults, badQuestionf("%d scenarios: at most %d are simulated at once", len(names), maxScenarios))
	}
	return names, several || len(names) > 1, together(faults)
}

// expandOne is the scenarios of one argument. What is a name of the library, or a file,
// stands for itself.
func expandOne(arg string) (names []string, many bool, err error) {
	if _, builtin := scenarios.Builtin(arg); builtin || arg == "-" {
		return []string{arg}, false, nil
	}
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		for _, pattern := range []string{"*.yaml", "*.yml"} {
			found, _ := filepath.Glob(filepath.Join(literal(arg), pattern)) // the pattern is sound
			names = append(names, found...)
		}
		if len(names) == 0 {
			return nil, true, badQuestionf("%s: there is no *.yaml and no *.yml in this directory", arg)
		}
		slices.Sort(names)
		return names, true, nil
	case err != nil && strings.ContainsAny(arg, "*?["):
		found, err := filepath.Glob(arg)
		if err != nil {
			return nil, true, badQuestionf("%s: not a pattern: %v", arg, err)
		}
		if len(found) == 0 {
			return nil, true, badQuestionf("%s: no file is called so", arg)
		}
		return found, true, nil
	}
	return []string{arg}, false, nil
}

// literal is a path in which no character is a pattern.
func literal(path string) string {
	if runtime.GOOS == "windows" {
		return path // where \ divides and cannot quote
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// job is one scenario of several.
type job struct {
	name  string
	flags runFlags // with a directory of its own
	plan  *study.Plan
	study *study.Study
	err   error
}

// runSeveral is the command for several scenarios: each as run does it alone, side by
// side, and an index.
func (f *runFlags) runSeveral(c *cobra.Command, names []string) error {
	jobs, err := f.jobs(c, names)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := f.work(c, jobs); err != nil {
		return err
	}
	var studies []*study.Study
	var faults []error
	for i := range jobs {
		if jobs[i].err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", jobs[i].name, jobs[i].err))
			continue
		}
		studies = append(studies, jobs[i].study)
	}
	if err := f.writeIndex(jobs); err != nil {
		return failed(append(faults, err))
	}
	for i := range jobs {
		if jobs[i].err == nil {
			jobs[i].flags.keeper.forget()
		}
	}
	if err := f.printSeveral(c.OutOrStdout(), studies, time.Since(began)); err != nil {
		return err
	}
	return failed(faults)
}

// failed makes one error of what went wrong with some, one a line; nil of none. It is a
// fault of the question only if all are.
func failed(faults []error) error {
	err := together(faults)
	for _, fault := range faults {
		var bad *badQuestion
		if !errors.As(fault, &bad) {
			return errors.New(err.Error())
		}
	}
	return err
}

// jobs reads all scenarios and makes room for each. Two of one name are a fault, since
// their studies would be one.
func (f *runFlags) jobs(c *cobra.Command, names []string) ([]job, error) {
	plans, err := f.plans(c, names)
	if err != nil {
		return nil, err
	}
	jobs, faults := make([]job, len(names)), []error(nil)
	taken := map[string]string{}
	for i, p := range plans {
		jobs[i] = job{name: names[i], flags: *f, plan: p}
		jobs[i].flags.out, jobs[i].flags.quiet = filepath.Join(f.out, p.About.Name), true
		if first, ok := taken[p.About.Name]; ok && !f.noReport {
			faults = append(faults, badQuestionf("%s and %s are both called %s, and would be written to one place; `name:` in a scenario gives it another one", first, names[i], p.About.Name))
		}
		taken[p.About.Name] = names[i]
	}
	if err := together(faults); err != nil || f.noReport {
		return jobs, err
	}
	if err := f.makeRoomFor("index.html"); err != nil {
		return nil, err
	}
	for i := range jobs {
		if err := jobs[i].flags.makeRoom(); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// work simulates the scenarios side by side, each on its share of the processors. What
// becomes of one is none of the others' business.
func (f *runFlags) work(c *cobra.Command, jobs []job) error {
	all := f.workers
	if all == 0 {
		all = runtime.GOMAXPROCS(0)
	}
	beside := min(all, len(jobs))
	bar := newProgress(c.ErrOrStderr(), f.quiet)
	bar.what = "scenarios"
	defer bar.done()
	err := sim.Replicate(c.Context(), sim.Replications[struct{}]{
		Count: len(jobs), Workers: beside,
		New: func(int) struct{} { return struct{}{} },
		Do: func(_ struct{}, i int) {
			j := &jobs[i]
			j.flags.workers = (all + beside - 1) / beside
			j.study, j.err = j.flags.simulate(c, j.plan, j.name)
		},
		Progress: func(done int) { bar.at(done, len(jobs)) },
	})
	done := 0
	for i := range jobs {
		if jobs[i].study != nil && jobs[i].err == nil {
			done++
		}
	}
	if c.Context().Err() != nil {
		return &interrupted{fmt.Sprintf("%d of %d scenarios were finished, and there is no new index%s", done, len(jobs), takenUp(jobs))}
	}
	return err
}

// takenUp says how the scenarios that were cut off are taken up again.
func takenUp(jobs []job) string {
	for i := range jobs {
		if text := jobs[i].flags.keeper.left(); text != "" {
			return text
		}
	}
	return ""
}

// writeIndex writes the page that leads to the reports.
func (f *runFlags) writeIndex(jobs []job) error {
	if f.noReport {
		return nil
	}
	var entries []html.Entry
	for i := range jobs {
		if jobs[i].err == nil {
			entries = append(entries, html.Entry{Report: section.Build(jobs[i].study), Page: jobs[i].plan.About.Name + "/report.html"})
		}
	}
	return writeWhole(output{filepath.Join(f.out, "index.html"), func(w io.Writer) error { return html.WriteIndex(w, entries...) }})
}

// printSeveral writes the answers to standard output: in the forms for people first all
// headlines; JSON is a list of studies, CSV has a column for the scenario.
func (f *runFlags) printSeveral(out io.Writer, all []*study.Study, took time.Duration) error {
	if f.quiet {
		return nil
	}
	if form, ok := ci.Named(f.output); ok && f.gatesAlone() {
		return form.Write(out, ci.Result{Studies: all})
	}
	switch f.output {
	case "json":
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(all)
	case "csv":
		_, err := io.WriteString(out, section.CSVOf(all...))
		return err
	case "markdown":
		return markdownSeveral(out, all)
	}
	if err := text.Write(out, section.Index(all...), text.Options{Width: width(out), Color: colored(out)}); err != nil {
		return err
	}
	files := "no files written"
	if !f.noReport {
		files = filepath.Join(f.out, "index.html")
	}
	verdict := ""
	if slices.ContainsFunc(all, func(s *study.Study) bool { return s.Gates != nil }) {
		verdict = section.Verdict(all...) + "\n"
	}
	_, err := fmt.Fprintf(out, "\n%s  (%s, %s)\n%s", files, studiesOf(len(all)), seconds(took), verdict)
	return err
}

func studiesOf(n int) string {
	if n == 1 {
		return "1 study"
	}
	return fmt.Sprintf("%d studies", n)
}

// markdownSeveral writes all headlines, then each report.
func markdownSeveral(out io.Writer, all []*study.Study) error {
	if err := markdown.Write(out, section.Index(all...)); err != nil {
		return err
	}
	for _, st := range all {
		if _, err := io.WriteString(out, "\n---\n\n"); err != nil {
			return err
		}
		if err := printMarkdown(out, st); err != nil {
			return err
		}
	}
	return nil
}
