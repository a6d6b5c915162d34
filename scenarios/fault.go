package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fault is one thing in a scenario that is not understood or cannot be
// simulated. It is the user's fault, so it says where, what and, where there is
// one, a way out.
type Fault struct {
	File    string // as given to Decode
	Line    int    // from 1
	Column  int    // from 1, in characters (not bytes)
	Path    string // address of the value, e.g. "alternatives.rings.stages[1].bake"; empty for the file as a whole
	Message string // what is wrong, with the offending value
	Hint    string // what to write instead; empty when there is nothing to say
}

// String is the fault on one line: "file:line:column: path: message (hint)".
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.Message)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return b.String()
}

// Error makes a Fault an error.
func (f Fault) Error() string { return f.String() }

// problem is what is wrong with a text, wherever it stands.
type problem struct {
	message string
	hint    string
}

func problemf(hint, format string, args ...any) *problem {
	return &problem{message: fmt.Sprintf(format, args...), hint: hint}
}

// place is a position in the file.
type place struct{ line, column int }

// maxFaults is how many faults are told at once; more would not be read.
const maxFaults = 100

// faultList gathers faults. It keeps a bounded number and counts the rest.
type faultList struct {
	file  string
	lines []int // characters of each line, without its end
	all   []Fault
	more  int
}

// full reports that further faults are only counted, so that nobody works on
// hints that are never told.
func (l *faultList) full() bool { return len(l.all) >= maxFaults }

// add notes a fault at a place, which is moved into the file where it lies
// outside.
func (l *faultList) add(at place, path string, p *problem) {
	if p == nil {
		return
	}
	if l.full() {
		l.more++
		return
	}
	at = l.inside(at)
	l.all = append(l.all, Fault{File: l.file, Line: at.line, Column: at.column, Path: path, Message: p.message, Hint: p.hint})
}

// inside moves a place to the nearest one in the file: the end of a line counts
// as inside, a line after the last does not.
func (l *faultList) inside(at place) place {
	last := max(1, len(l.lines))
	if at.line > last {
		at = place{last, l.width(last) + 1}
	}
	at.line = max(1, at.line)
	at.column = min(max(1, at.column), l.width(at.line)+1)
	return at
}

func (l *faultList) width(line int) int {
	if line > len(l.lines) {
		return 0
	}
	return l.lines[line-1]
}

// sorted is the list in the order of the file, with a last entry that counts
// what was left out.
func (l *faultList) sorted() []Fault {
	slices.SortStableFunc(l.all, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if l.more == 0 {
		return l.all
	}
	last := l.all[len(l.all)-1]
	return append(l.all, Fault{File: l.file, Line: last.Line, Column: last.Column,
		Message: "and " + plural(l.more, "more fault"), Hint: "only the first " + strconv.Itoa(maxFaults) + " are told"})
}

// plural is "1 thing" or "7 things".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// widths counts the characters of each line. Lines end at LF, CR or CRLF, as
// YAML says (YAML 1.2.2, section 5.4).
func widths(data []byte) []int {
	var lines []int
	n := 0
	for i := 0; i < len(data); {
		if data[i] == '\n' || data[i] == '\r' {
			lines = append(lines, n)
			n = 0
			if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
				i++
			}
			i++
			continue
		}
		_, size := utf8.DecodeRune(data[i:])
		i += size
		n++
	}
	if n > 0 || len(lines) == 0 {
		lines = append(lines, n)
	}
	return lines
}

// show is a text from the file as a message quotes it: short, and without
// characters that would spoil a terminal.
func show(s string) string {
	const most = 40
	runes := []rune(s)
	if len(runes) > most {
		runes = append(runes[:most], '…')
	}
	s = string(runes)
	for _, r := range runes {
		if !strconv.IsPrint(r) || r == utf8.RuneError {
			return strconv.Quote(s)
		}
	}
	if s == "" || strings.TrimSpace(s) != s {
		return strconv.Quote(s)
	}
	return s
}
