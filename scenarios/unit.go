package scenarios

import (
	"math"
	"strconv"
	"strings"
)

// Unit is a way to write an amount: how it is read, printed and explained.
type Unit struct {
	Name     string   // "duration", "share" ...
	Wants    string   // what a fault asks for, e.g. "a length of time such as 30m, 2h or 1d"
	Base     string   // what the number is measured in once it is read, e.g. "hours"
	Examples []string // of one amount
	pattern  string   // regular expression of one amount, for the JSON schema
	bare     bool     // a plain number is an amount: the schema allows JSON numbers
	parse    func(text, currency string) (float64, *problem)
	format   func(x float64, currency string) string
}

// The units of the format.
var (
	// Duration is a length of time on the wall clock, in hours.
	Duration = Unit{Name: "duration", Wants: "a length of time such as 30m, 2h or 1d", Base: "hours",
		Examples: []string{"90s", "30m", "1h30m", "2d", "1w"},
		pattern:  `(0|(\d+(\.\d+)?[wdhms])+)`, parse: parseDuration, format: formatDuration}
	// WorkTime is a length of working time, in hours. Days are refused: two
	// days of work are not 48 hours.
	WorkTime = Unit{Name: "working time", Wants: "working time such as 30m or 4h", Base: "working hours",
		Examples: []string{"30m", "4h", "16h"},
		pattern:  `(0|(\d+(\.\d+)?[hms])+)`, parse: parseWorkTime, format: formatWorkTime}
	// Share is a probability or a part of a whole, 0 to 1.
	Share = Unit{Name: "share", Wants: "a percentage such as 12%", Base: "0 to 1",
		Examples: []string{"0.1%", "12%", "100%"},
		pattern:  `(0|100(\.0+)?%|\d{1,2}(\.\d+)?%)`, parse: parseShare, format: formatShare}
	// Factor is a plain number; a percentage is one too.
	Factor = Unit{Name: "factor", Wants: "a number such as 0.8 or 80%", Base: "1",
		Examples: []string{"0.8", "1", "80%"},
		pattern:  `(\d[\d_]*(\.\d+)?([eE][+-]?\d+)?%?)`, bare: true, parse: parseFactor, format: formatFactor}
	// Count is a number of things.
	Count = Unit{Name: "count", Wants: "a number such as 500, 50k or 1M", Base: "things",
		Examples: []string{"500", "50k", "1M", "1_000_000"},
		pattern:  `(\d[\d_]*(\.\d+)?([eE][+-]?\d+)?[kMG]?)`, bare: true, parse: parseCount, format: formatCount}
	// Rate is events in a length of time, per hour.
	Rate = Unit{Name: "rate", Wants: "a rate such as 6/h or 40/w", Base: "per hour",
		Examples: []string{"0.5/h", "6/h", "40/w", "2k/d"},
		pattern:  `(0|\d[\d_]*(\.\d+)?[kMG]?/[wdhms])`, parse: parseRate, format: formatRate}
	// Weekly is a Rate of rare events, per week.
	Weekly = Unit{Name: "rate", Wants: "a rate such as 40/w or 8/d", Base: "per week",
		Examples: []string{"8/w", "40/w", "2/h"},
		pattern:  Rate.pattern, parse: parseWeekly, format: formatWeekly}
	// Money is an amount in the currency of the scenario.
	Money = Unit{Name: "money", Wants: "an amount such as 12 or 1.5k", Base: "the scenario's currency",
		Examples: []string{"0.05", "12", "1.5k", "$2M"},
		pattern:  `([^\d\s]{0,8}\d[\d_]*(\.\d+)?([eE][+-]?\d+)?[kMG]?)`, bare: true, parse: parseMoney, format: formatMoney}
)

// number reads a decimal number without a unit. Underscores may group digits.
func number(text string) (float64, *problem) { return times(text, 0, text) }

// times reads a decimal number times a power of ten, rounded once: 4.35k is
// exactly 4350. A problem is told about the whole amount.
func times(text string, power int, whole string) (float64, *problem) {
	if p := notDecimal(text, whole); p != nil {
		return 0, p
	}
	digits, exponent, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(text, "_", "")), "e")
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil {
			n = math.MaxInt16
		}
		power += max(-math.MaxInt16, min(n, math.MaxInt16))
	}
	x, err := strconv.ParseFloat(digits+"e"+strconv.Itoa(power), 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, problemf("", "%s is too large", show(whole))
	}
	return x, nil
}

// notDecimal says why a text, a part of a whole amount, is no decimal number; nil
// when it is one.
func notDecimal(text, whole string) *problem {
	switch strings.ToLower(strings.TrimLeft(text, "+-.")) {
	case "nan":
		return problemf("", "%s is not a number", show(whole))
	case "inf", "infinity":
		return problemf("", "%s is not finite", show(whole))
	}
	head := digits(text)
	switch {
	case strings.HasPrefix(text, "-") && digits(text[1:]) > 0:
		return problemf("", "%s is negative", show(whole))
	case head == 0:
		return problemf("", "%s is not a number", show(whole))
	case strings.Contains(text, ","):
		return problemf("write "+strings.ReplaceAll(text, ",", "_")+" or use a point for decimals", "%s has a comma", show(whole))
	case head > 1 && text[0] == '0':
		return problemf("write "+strings.TrimLeft(text[:head-1], "0")+text[head-1:], "%s begins with a zero", show(whole))
	case decimal(text) != len(text):
		return problemf("", "%s is not a number", show(whole))
	}
	return nil
}

// digits is the length of the digits and underscores that text begins with; 0
// unless the first is a digit.
func digits(text string) int {
	n := 0
	for n < len(text) && (isDigit(text[n]) || n > 0 && text[n] == '_') {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// decimal is the length of the decimal number that text begins with.
func decimal(text string) int {
	n := digits(text)
	if n == 0 {
		return 0
	}
	if n+1 < len(text) && text[n] == '.' && isDigit(text[n+1]) {
		n += 1 + digits(text[n+1:])
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		m := n + 1
		if m < len(text) && (text[m] == '+' || text[m] == '-') {
			m++
		}
		if d := digits(text[m:]); d > 0 {
			n = m + d
		}
	}
	return n
}

// shortest prints a number with as many digits as it takes to read it back.
func shortest(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if len(s) > 15 {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return s
}

// powerOf is the power of ten that a suffix of large numbers stands for.
func powerOf(suffix string) (int, bool) {
	switch suffix {
	case "":
		return 0, true
	case "k":
		return 3, true
	case "M":
		return 6, true
	case "G":
		return 9, true
	}
	return 0, false
}

// scaled reads a number with a suffix k, M or G.
func scaled(text, whole string) (float64, *problem) {
	n := decimal(text)
	if n == 0 || notDecimal(text[:n], whole) != nil {
		return times(text, 0, whole)
	}
	if power, ok := powerOf(text[n:]); ok {
		return times(text[:n], power, whole)
	}
	switch suffix := text[n:]; suffix {
	case "K":
		return 0, problemf("write "+text[:n]+"k", "%s has an unknown suffix", show(whole))
	case "m", "mio", "million":
		return 0, problemf("a million is "+text[:n]+"M", "%s has an unknown suffix", show(whole))
	case "B", "bn", "billion":
		return 0, problemf("a thousand million is "+text[:n]+"G", "%s has an unknown suffix", show(whole))
	case "%":
		return 0, problemf("write a number, not a percentage", "%s has an unknown suffix", show(whole))
	default:
		if suffix[0] == ',' {
			return times(text, 0, whole)
		}
	}
	return 0, problemf("the suffixes are k, M and G", "%s is not a number", show(whole))
}

func parseCount(text, _ string) (float64, *problem) { return scaled(text, text) }

func parseFactor(text, _ string) (float64, *problem) {
	if body, ok := strings.CutSuffix(text, "%"); ok {
		return times(body, -2, text)
	}
	return number(text)
}

// parseShare wants the percent sign: 1 could be 1 % or all.
func parseShare(text, _ string) (float64, *problem) {
	if body, ok := strings.CutSuffix(text, "%"); ok {
		return times(body, -2, text)
	}
	x, p := number(text)
	switch {
	case p != nil || x == 0:
		return 0, p
	case x == 1:
		return 0, problemf("write 1% or 100%", "1 could be 1%% or all")
	case x < 1:
		return 0, problemf("did you mean "+formatShare(x, "")+"?", "%s has no unit", show(text))
	}
	return 0, problemf("did you mean "+text+"%?", "%s has no unit", show(text))
}

func parseMoney(text, currency string) (float64, *problem) {
	at := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r == '-' || r == '.' || r == '+' })
	if at <= 0 {
		return scaled(text, text)
	}
	if text[:at] != currency {
		return 0, problemf("amounts are in "+currency+", as `currency` says", "%s is in another currency", show(text))
	}
	return scaled(text[at:], text)
}

// parseRate reads "6/h" and its like, per hour.
func parseRate(text, _ string) (float64, *problem) {
	x, unit, p := rate(text, "h")
	if n := perHour(unit); n > 0 {
		return float64(x * n), p
	}
	hours, _ := hoursOf(unit)
	return x / max(1, hours), p
}

// parseWeekly reads "40/w" and its like, per week.
func parseWeekly(text, _ string) (float64, *problem) {
	x, unit, p := rate(text, "w")
	if n := perHour(unit); n > 0 {
		return float64(x * n * 168), p
	}
	hours, _ := hoursOf(unit)
	return float64(x * (168 / max(1, hours))), p
}

// rate takes a rate apart: events, and the unit of time in which they happen;
// usual is the one that is meant when there is none.
func rate(text, usual string) (events float64, unit string, p *problem) {
	amount, unit, ok := strings.Cut(text, "/")
	x, p := scaled(amount, text)
	switch {
	case p != nil:
		return 0, "h", p
	case !ok && x == 0:
		return 0, "h", nil
	case !ok:
		return 0, "h", problemf("did you mean "+text+"/"+usual+"?", "%s has no unit", show(text))
	}
	if _, known := hoursOf(unit); !known {
		return 0, "h", problemf(timeHint(unit, amount+"/"), "%s has an unknown unit", show(text))
	}
	return x, unit, nil
}

func formatShare(x float64, _ string) string  { return shortest(percent(x)) + "%" }
func formatFactor(x float64, _ string) string { return shortest(x) }
func formatMoney(x float64, currency string) string {
	return currency + shortest(x)
}

// percent is 100 x without the noise of binary numbers: 0.07 is 7, not
// 7.000000000000001.
func percent(x float64) float64 {
	y := float64(x * 100)
	if r := math.Floor(float64(y*1e9)+0.5) / 1e9; math.Abs(r-y) < float64(1e-15*math.Abs(y)) {
		return r
	}
	return y
}

// formatCount uses a suffix where that loses nothing.
func formatCount(x float64, _ string) string {
	for _, s := range []struct {
		by   float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if y := x / s.by; y >= 1 && y*10 == math.Floor(y*10) {
			return shortest(y) + s.name
		}
	}
	return shortest(x)
}

func formatRate(x float64, _ string) string { return shortest(x) + "/h" }

func formatWeekly(x float64, _ string) string { return shortest(x) + "/w" }
