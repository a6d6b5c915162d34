package assessment

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports/number"
)

// at is file:line:column.
func at(p assess.Place) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// share is a part of one in per cent.
func share(x float64) string {
	return strconv.FormatFloat(math.Round(x*1e6)/1e4, 'g', 4, 64) + " %"
}

// hundredths is a probability as a number of 100.
func hundredths(p float64) string {
	x := p * 100
	switch {
	case p <= 0:
		return "0"
	case p >= 1-1e-12:
		return "100"
	case x < 0.05:
		return "<0.1"
	case x > 99.95:
		return ">99.9"
	case x < 10 || x > 90:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// frequency is a probability as so many of 100, or of more.
func frequency(p float64) string {
	of := 100.0
	for p > 0 && p*of < 0.95 && of < 1e6 {
		of *= 10
	}
	switch n := math.Round(p * of); {
	case p > 0 && n < 1:
		return "fewer than 1 of 1 000 000"
	case p < 1 && n >= of:
		return fmt.Sprintf("more than %s of %s", number.Whole(int(of)-1), number.Whole(int(of)))
	default:
		return fmt.Sprintf("%s of %s", number.Whole(int(n)), number.Whole(int(of)))
	}
}

// people is a count of users or requests to two digits.
func people(x float64) string { return number.Text(x, math.NaN(), number.Count) }

// duration is a time as people say it.
func duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(math.Round(d.Seconds())))
	}
	return number.Text(d.Hours(), math.NaN(), number.Hours)
}

// Diff shows edits as a unified difference, without context.
func (a *Answer) Diff(edits []assess.Edit) string {
	var b strings.Builder
	for _, e := range edits {
		lines := a.Texts[e.File]
		if e.Line < 1 || e.Line > len(lines) {
			continue
		}
		was := lines[e.Line-1]
		if len(e.Insert) > 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n@@ -%d +%d,%d @@\n %s\n", e.File, e.File, e.Line, e.Line, len(e.Insert)+1, was)
			for _, l := range e.Insert {
				b.WriteString("+" + l + "\n")
			}
			continue
		}
		fmt.Fprintf(&b, "--- %s\n+++ %s\n@@ -%d +%d @@\n-%s\n+%s\n", e.File, e.File, e.Line, e.Line, was, Changed(was, e))
	}
	return strings.TrimRight(b.String(), "\n")
}

// Changed is a line after an edit that replaces a part of it.
func Changed(line string, e assess.Edit) string {
	runes := []rune(line)
	from := min(max(0, e.Column-1), len(runes))
	before, rest := string(runes[:from]), string(runes[from:])
	return before + strings.Replace(rest, e.Old, e.New, 1)
}
