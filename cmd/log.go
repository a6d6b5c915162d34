package cmd

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// logFormats are the forms of --log-format.
var logFormats = []string{"text", "json"}

// logEvery is how often progress is written as JSON, an assumption: a log of an hour has
// some hundred lines of it.
const logEvery = 5 * time.Second

// log is standard error: for people as it is, for machines a line of JSON for each event.
type log struct {
	w    io.Writer
	json *slog.Logger // nil for people
}

// newLog is standard error in the form that the arguments ask for. They are looked at
// before they are read, so that what is wrong with them has that form too.
func newLog(w io.Writer, args []string) *log {
	l := &log{w: w}
	if askedFor(args) == "json" {
		l.json = slog.New(slog.NewJSONHandler(w, nil))
	}
	return l
}

// askedFor is the last form of the log that the arguments name.
func askedFor(args []string) string {
	form := ""
	for i, arg := range args {
		value, joined := strings.CutPrefix(arg, "--log-format=")
		switch {
		case arg == "--":
			return form
		case joined:
			form = value
		case arg == "--log-format" && i+1 < len(args):
			form = args[i+1]
		}
	}
	return form
}

// checkLogFormat is a fault where there is no such form.
func checkLogFormat(form string) error {
	if !slices.Contains(logFormats, form) {
		return badQuestionf("--log-format %s: %s", form, strings.Join(logFormats, " or "))
	}
	return nil
}

// Write is for those who know only a writer.
func (l *log) Write(p []byte) (int, error) {
	if l.json == nil {
		return l.w.Write(p)
	}
	for line := range strings.Lines(string(p)) {
		if line = strings.TrimSpace(line); line != "" {
			l.json.Info(line)
		}
	}
	return len(p), nil
}

// machine is the log for machines behind a writer; nil where it is for people.
func machine(w io.Writer) *slog.Logger {
	if l, ok := w.(*log); ok {
		return l.json
	}
	return nil
}

// inform says what is worth knowing.
func inform(w io.Writer, format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// warn says what may be wrong, and does not end the program.
func warn(w io.Writer, format string, args ...any) {
	if to := machine(w); to != nil {
		to.Warn(fmt.Sprintf(format, args...))
		return
	}
	fmt.Fprintf(w, format+"\n", args...)
}

var placed = regexp.MustCompile(`^(.+?):(\d+):(\d+): (.*)$`)

// fault says why the program ends. For machines each line is an event, with its place in
// a file where it has one.
func (l *log) fault(text string, code int) {
	if l.json == nil {
		fmt.Fprintln(l.w, text)
		return
	}
	for _, line := range strings.Split(text, "\n") {
		if m := placed.FindStringSubmatch(line); m != nil {
			row, _ := strconv.Atoi(m[2]) // digits
			column, _ := strconv.Atoi(m[3])
			l.json.Error(m[4], "exit", code, "file", m[1], "line", row, "column", column)
			continue
		}
		l.json.Error(strings.TrimPrefix(line, "rollrisk: "), "exit", code)
	}
}
