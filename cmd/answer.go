package cmd

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
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
	form, ok := ci.Named(name)
	return func(out io.Writer, st *study.Study) error {
		return form.Write(out, ci.Result{Studies: []*study.Study{st}})
	}, ok
}

// formats are the names of the forms of the gates but for those that are taken.
func formats(taken ...string) string {
	var names []string
	for _, f := range ci.All() {
		if !slices.Contains(taken, f.Name) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
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
	if f, ok := behind(out).(*os.File); ok {
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

// writePage writes the reports of studies as one HTML file.
func writePage(w io.Writer, all ...*study.Study) error {
	var built []reports.Report
	for _, st := range all {
		built = append(built, section.Build(st))
	}
	return html.Write(w, built...)
}

// writeStudy writes a study as JSON.
func writeStudy(w io.Writer, st *study.Study) error { return writeJSON(w, st) }

// seconds writes how long something took.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
