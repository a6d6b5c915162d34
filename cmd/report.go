package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/spf13/cobra"
)

// Bounds of what a page is made from. A study of three alternatives has half a MiB.
const (
	maxStudies    = 20
	maxStudyBytes = 64 << 20  // of one study
	maxTotalBytes = 256 << 20 // of all studies of a page
)

// reportFlags are the flags of the command report.
type reportFlags struct {
	out string
	pdf string // "" for none
}

func newReportCommand() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report STUDY.json...",
		Short: "render saved studies as a page, or on paper",
		Long: `Report renders the studies that "rollrisk run" saved. It computes nothing: the page
of one study is the same, byte for byte, as the one that run wrote.

Several studies, at most ` + fmt.Sprint(maxStudies) + `, come on one page: an index of their answers, and each report
whole under a heading of its own, in the order in which they are named. Nothing is
written when one of them is no study.

With --pdf the page is printed as well: two A4 pages a study, what is decided on and
what it rests on. That takes a Chromium or Chrome of this machine; the environment
variable ROLLRISK_CHROMIUM names another one. Any browser prints report.html alike.`,
		Example: `  rollrisk run checkout --out out
  rollrisk report out/study.json --out report.html
  rollrisk report out/study.json --pdf report.pdf
  rollrisk report before/study.json after/study.json --out both.html`,
		Args: cobra.MinimumNArgs(1),
		RunE: f.run,
	}
	fl := c.Flags()
	fl.StringVar(&f.out, "out", "report.html", "file to write")
	fl.StringVar(&f.pdf, "pdf", "", "file to print the page to, through a Chromium of this machine")
	return c
}

// run is the command: studies, page, paper. What is in the way is told first.
func (f *reportFlags) run(c *cobra.Command, args []string) error {
	ctx := c.Context()
	browser, faults := f.prepare(c)
	all, more, err := readStudies(ctx, c.InOrStdin(), args)
	if err != nil {
		return err
	}
	if err := together(append(faults, more...)); err != nil {
		return err
	}
	outputs := []output{{f.out, func(w io.Writer) error { return writePage(w, all...) }}}
	if f.pdf != "" {
		outputs = append(outputs, output{f.pdf, func(w io.Writer) error {
			return browser.print(ctx, w, func(page io.Writer) error { return writePage(page, all...) })
		}})
	}
	if err := writeWhole(outputs...); err != nil {
		return err
	}
	var names []string
	for _, o := range outputs {
		names = append(names, filepath.Clean(o.name))
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), strings.Join(names, "  "))
	return err
}

// prepare finds all that can be known beforehand to stand in the way, and the
// browser where one is needed.
func (f *reportFlags) prepare(c *cobra.Command) (b browser, faults []error) {
	if err := canWrite(f.out); err != nil {
		faults = append(faults, badQuestionf("--out %v", err))
	}
	if !c.Flags().Changed("pdf") {
		return b, faults
	}
	if err := f.pdfFault(); err != nil {
		faults = append(faults, err)
	}
	b, err := findBrowser()
	if err != nil {
		faults = append(faults, err)
	}
	return b, faults
}

// pdfFault is what is wrong with the name of the print.
func (f *reportFlags) pdfFault() error {
	if f.pdf == "" {
		return badQuestionf(`--pdf "": name a file`)
	}
	if err := canWrite(f.pdf); err != nil {
		return badQuestionf("--pdf %v", err)
	}
	page, _ := placeOf(f.out)
	paper, _ := placeOf(f.pdf)
	if absolute(page) == absolute(paper) {
		return badQuestionf("--pdf %s: the page is written there; give one of them another name", f.pdf)
	}
	return nil
}

// absolute is the path from the root, or the name where there is none.
func absolute(name string) string {
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}

// together makes one fault of many, one a line; nil of none.
func together(faults []error) error {
	var lines []string
	for _, fault := range faults {
		lines = append(lines, fault.Error())
	}
	if len(lines) == 0 {
		return nil
	}
	return badQuestionf("%s", strings.Join(lines, "\n"))
}

// readStudies reads saved studies, and tells the faults of all of them at once. An
// err is none of them: the reading was interrupted.
func readStudies(ctx context.Context, in io.Reader, names []string) (all []*study.Study, faults []error, err error) {
	if len(names) > maxStudies {
		return nil, []error{badQuestionf("%d studies: one page shows %d at most", len(names), maxStudies)}, nil
	}
	left := int64(maxTotalBytes)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			faults = append(faults, badQuestionf("%s: named twice", name))
			continue
		}
		st, size, err := readStudy(ctx, in, name)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if left -= size; left < 0 {
			return nil, append(faults, badQuestionf("%s: with this one the studies are larger than %d MiB, the most that is read", name, maxTotalBytes>>20)), nil
		}
		if err != nil {
			faults = append(faults, err)
		}
		all = append(all, st)
	}
	return all, faults, nil
}

// readStudy reads one saved study, and says how many bytes it has.
func readStudy(ctx context.Context, in io.Reader, name string) (st *study.Study, size int64, err error) {
	data, err := readBounded(ctx, name, in, maxStudyBytes)
	if err == nil {
		st, err = decodeStudy(name, data)
	}
	return st, int64(len(data)), err
}

// decodeStudy reads a saved study of the form this program writes.
func decodeStudy(name string, data []byte) (*study.Study, error) {
	var st study.Study
	if err := json.Unmarshal(data, &st); err != nil {
		return nil, badQuestionf("%s: no study: %v (a study is what rollrisk run writes as study.json)", name, err)
	}
	if st.Schema != study.SchemaVersion {
		return nil, badQuestionf("%s: schema is %q, this program reads %q", name, st.Schema, study.SchemaVersion)
	}
	if problem := st.Check(); problem != "" {
		return nil, badQuestionf("%s: %s (was it edited?)", name, problem)
	}
	return &st, nil
}
