package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// printer writes a study to standard output in one of the forms of -o.
type printer func(out io.Writer, st *study.Study) error

// printerOf is the printer of that name.
func printerOf(name string) (printer, bool) {
	switch name {
	case "text":
		return printText, true
	case "json":
		return writeStudy, true
	case "markdown":
		return printMarkdown, true
	case "csv":
		return printCSV, true
	}
	return nil, false
}

func printText(out io.Writer, st *study.Study) error {
	return text.Write(out, section.Build(st), text.Options{Width: width(out), Color: colored(out)})
}

func printMarkdown(out io.Writer, st *study.Study) error {
	return markdown.Write(out, section.Build(st))
}

func printCSV(out io.Writer, st *study.Study) error {
	_, err := io.WriteString(out, section.CSV(st))
	return err
}

// width is that of the terminal, at most 100 columns; 80 anywhere else.
func width(out io.Writer) int {
	if f, ok := out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return min(w, 100)
		}
	}
	return 80
}

// colored reports whether colour is wanted: on a terminal, unless NO_COLOR is
// set (no-color.org) or the terminal is dumb.
func colored(out io.Writer) bool {
	return isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// writePage writes the report of a study as one HTML file.
func writePage(w io.Writer, st *study.Study) error {
	return html.Write(w, section.Build(st))
}

// writeStudy writes a study as JSON, two spaces an indent.
func writeStudy(w io.Writer, st *study.Study) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(st)
}

// maxStudyBytes bounds what is read of a saved study.
const maxStudyBytes = 64 << 20

func newReportCommand() *cobra.Command {
	out := "report.html"
	c := &cobra.Command{
		Use:   "report STUDY.json",
		Short: "render a saved study as a page",
		Long: `Report renders the study that "rollrisk run" saved. It computes nothing: the page
is the same, byte for byte, as the one that run wrote.`,
		Example: `  rollrisk run checkout --out out
  rollrisk report out/study.json --out report.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := canWrite(out); err != nil {
				return badQuestionf("--out %v", err)
			}
			st, err := readStudy(c.Context(), c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			if err := writeWhole(output{out, func(w io.Writer) error { return writePage(w, st) }}); err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), filepath.Clean(out))
			return err
		},
	}
	c.Flags().StringVar(&out, "out", out, "file to write")
	return c
}

// readStudy reads a saved study of the form this program writes.
func readStudy(ctx context.Context, in io.Reader, name string) (*study.Study, error) {
	data, err := readBounded(ctx, name, in, maxStudyBytes)
	if err != nil {
		return nil, err
	}
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

// seconds writes how long something took.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
