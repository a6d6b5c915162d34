package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// calcAnswer is the answer to one question.
type calcAnswer struct {
	question string    // one line
	rows     []calcRow // in order
	assumes  string    // what it rests on
	means    string    // what to make of it
}

// calcRow is one number of an answer, or a list of numbers with one line each.
type calcRow struct {
	key    string   // of JSON; "" for a row of the text alone
	label  string   // of the text; "" for a row of JSON alone
	values any      // float64, []float64 or string
	unit   calcForm // how numbers are printed
	each   []string // labels of the lines of a list
}

// calcForm is how a number is printed in the text: a factor and what follows it.
type calcForm struct {
	times float64
	name  string
}

// The forms of numbers.
var (
	inHours   = calcForm{1, "h"}
	inPercent = calcForm{100, "%"}
	inThings  = calcForm{1, ""}
)

func (f calcForm) named(name string) calcForm { return calcForm{f.times, name} }

// writeJSON writes the keys in order. Numbers have the fewest digits that read back
// the same; what is infinite is null, which is how JSON says that there is none.
func (a calcAnswer) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	for _, r := range a.rows {
		if r.key == "" {
			continue
		}
		value, err := json.Marshal(finite(r.values))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, ",\n  %q: %s", r.key, value)
	}
	b.WriteString("\n}\n")
	text := b.Bytes()
	text[0] = '{'
	_, err := w.Write(text)
	return err
}

// finite is v, or nil for an infinite number.
func finite(v any) any {
	if x, ok := v.(float64); ok && math.IsInf(x, 0) {
		return nil
	}
	return v
}

// writeText writes a table, what it assumes and what it means.
func (a calcAnswer) writeText(w io.Writer) error {
	var b strings.Builder
	b.WriteString(wrap(a.question, "") + "\n\n")
	lines := a.lines()
	label, value := 0, 0
	for _, l := range lines {
		label, value = max(label, runes(l[0])), max(value, runes(l[1]))
	}
	for _, l := range lines {
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %s  %s %s", left(strings.ReplaceAll(l[0], noBreak, " "), label), right(l[1], value), l[2]), " ") + "\n")
	}
	b.WriteString("\n" + wrap(a.assumes, "  assumes  ") + "\n" + wrap(a.means, "  means    ") + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// lines are label, number and unit of each line of the table.
func (a calcAnswer) lines() [][3]string {
	var lines [][3]string
	for _, r := range a.rows {
		if r.label == "" {
			continue
		}
		switch v := r.values.(type) {
		case float64:
			number, unit := r.unit.text(v)
			lines = append(lines, [3]string{r.label, number, unit})
		case string:
			lines = append(lines, [3]string{r.label, "", v})
		case []float64:
			for i, x := range v {
				number, unit := r.unit.text(x)
				lines = append(lines, [3]string{r.label + " " + r.each[i], number, unit})
			}
		}
	}
	return lines
}

// text is a number as it is printed, and its unit.
func (f calcForm) text(x float64) (number, unit string) {
	if math.IsInf(x, 0) {
		return "never", ""
	}
	return digits(f.times * x), f.name
}

// digits prints four significant digits, and more before the point.
func digits(x float64) string {
	size := math.Abs(x)
	if size != 0 && (size < 1e-5 || size >= 1e9) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	places := 3
	if size > 0 {
		places = max(0, 3-int(math.Floor(math.Log10(size))))
	}
	s := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func left(s string, n int) string { return s + strings.Repeat(" ", n-runes(s)) }

func right(s string, n int) string { return strings.Repeat(" ", n-runes(s)) + s }

// wrap breaks a text into lines of at most 78 characters; the first begins with a
// head, the others with as much space. A number stays with its unit.
func wrap(text, head string) string {
	var lines []string
	line, empty := head, true
	for _, word := range strings.Split(text, " ") {
		if !empty && runes(line)+1+runes(word) > 78 {
			lines, line, empty = append(lines, line), strings.Repeat(" ", runes(head)), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return strings.ReplaceAll(strings.Join(append(lines, line), "\n"), noBreak, " ")
}

// noBreak joins a number with its unit within a text that is wrapped.
const noBreak = "\u00a0"

// hoursText, percentText and perHourText write a number with its unit within a text.
func hoursText(x float64) string { return digits(x) + noBreak + "h" }

func percentText(x float64) string { return digits(100*x) + noBreak + "%" }

func perHourText(x float64) string { return digits(x) + noBreak + "per" + noBreak + "hour" }
