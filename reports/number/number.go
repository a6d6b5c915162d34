// Package number prints measured values the way people read them: two or three
// digits, a suffix or a unit of time that fits the size, and never more digits
// than the simulation error leaves meaning to.
//
// It refuses to know what the values measure, where they came from and whether
// they are good news.
package number

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollrisk/rollrisk/sim/stat"
)

// NoBreak joins a number to its unit so that no line ends between them. The
// text renderer turns it into an ordinary space.
const NoBreak = "\u00a0"

// Minus is the sign of negative numbers; as wide as "+", unlike a hyphen.
const Minus = "\u2212"

// Absent stands for a value that does not exist (NaN): a quantile of nothing,
// a mean that is not defined.
const Absent = "n/a"

// Unit says what one of a value is, and thereby how it is printed.
type Unit string

// The units a report prints.
const (
	Count Unit = "count" // things: 41 k
	Hours Unit = "hours" // a span given in hours: 57 min, 6.4 h, 3.1 d
	Share Unit = "share" // a part of one, 0..1: 44 %
	Plain Unit = "plain" // a bare number without suffix: 0.82
)

// Money is the unit of amounts in the named currency: an ISO 4217 code or any
// short text ("" prints the bare amount).
func Money(currency string) Unit { return Unit("money:" + currency) }

// IsMoney reports whether u was made by Money.
func (u Unit) IsMoney() bool { return strings.HasPrefix(string(u), "money:") }

// Text prints v in unit u. The last digit printed is the first uncertain one:
// no place below the leading digit of err, the simulation error in the same
// unit as v, is shown. err of 0 or NaN means "not known" and gives two
// digits without idle zeros. At most three digits are ever printed. NaN prints as Absent; an
// infinite span prints as "never", other infinities as "unbounded".
func Text(v, err float64, u Unit) string {
	switch {
	case math.IsNaN(v):
		return Absent
	case math.IsInf(v, 0):
		return infinite(v, u)
	case v < 0:
		if s := Text(-v, err, u); strings.ContainsAny(s, "123456789") {
			return Minus + s
		}
		return Text(0, err, u)
	}
	if sym, ok := strings.CutPrefix(string(u), "money:"); ok {
		return money(v, err, sym)
	}
	switch u {
	case Hours:
		return hours(v, err)
	case Share:
		return share(v, err)
	case Plain:
		return decimal(v, place(v, err), err)
	}
	return suffixed(v, err, NoBreak)
}

// Whole prints an exact count, its digits in groups of three: 20 000.
func Whole(n int) string {
	s := strconv.Itoa(n)
	var b strings.Builder
	for i, r := range s {
		if left := len(s) - i; i > 0 && left%3 == 0 && s[i-1] != '-' {
			b.WriteString(NoBreak)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Signed prints v as Text does, with an explicit sign unless it prints as zero.
// It is for differences.
func Signed(v, err float64, u Unit) string {
	s := Text(v, err, u)
	if v > 0 && !math.IsInf(v, 0) && strings.ContainsAny(s, "123456789") {
		return "+" + s
	}
	return s
}

func infinite(v float64, u Unit) string {
	word := "unbounded"
	if u == Hours {
		word = "never"
	}
	if v < 0 {
		return Minus + word
	}
	return word
}

// money writes the currency before the amount, as in $52k, with no space before
// the suffix; one that ends in a letter stands apart: "CHF 52k".
func money(v, err float64, currency string) string {
	amount := suffixed(v, err, "")
	switch currency {
	case "USD":
		return "$" + amount
	case "EUR":
		return "€" + amount
	case "GBP":
		return "£" + amount
	}
	if last, _ := utf8.DecodeLastRuneInString(currency); unicode.IsLetter(last) {
		return currency + NoBreak + amount
	}
	return currency + amount
}

// suffixed writes counts with k, M, G and T. The suffix is chosen after
// rounding, so that 999.9 thousand becomes 1 M and not 1000 k.
func suffixed(v, err float64, gap string) string {
	digits := place(v, err)
	v = round(v, digits)
	for _, step := range [...]struct {
		size   float64
		zeros  int
		suffix string
	}{{1e12, 12, "T"}, {1e9, 9, "G"}, {1e6, 6, "M"}, {1e3, 3, "k"}} {
		if v >= step.size {
			return decimal(v/step.size, digits-step.zeros, err) + gap + step.suffix
		}
	}
	return decimal(v, digits, err)
}

// hours picks the unit of time by the size of the span.
func hours(v, err float64) string {
	type scale struct {
		from, per float64 // used from this many hours; how many hours one unit is
		name      string
	}
	scales := [...]scale{
		{2 * 365 * 24, 365 * 24, "y"}, {48, 24, "d"}, {1, 1, "h"},
		{1. / 60, 1. / 60, "min"}, {0, 1. / 3600, "s"},
	}
	for i, s := range scales {
		if v < s.from {
			continue
		}
		n := round(v/s.per, place(v/s.per, err/s.per))
		// 59.9 minutes rounds to 60: say 1 h. The step up is at most one.
		if i > 0 && n*s.per >= scales[i-1].from && v < scales[i-1].from {
			s = scales[i-1]
		}
		return decimal(v/s.per, place(v/s.per, err/s.per), err) + NoBreak + s.name
	}
	return Absent // not reached: v >= 0
}

// share writes a part of one in per cent. Close to the whole the digits count
// what is missing, so that 99.96 % is not printed as 100 %.
func share(v, err float64) string {
	pct := v * 100
	digits := place(pct, err*100)
	if pct > 50 && pct < 100 {
		digits = min(0, magnitude(100-pct))
		if err > 0 {
			digits = place(100-pct, err*100)
		}
	}
	// Whole per cents are fine from 10 on both sides, when the error is not known.
	if !(err > 0) && pct >= 10 && pct <= 90 {
		digits = 0
	}
	return decimal(pct, digits, err) + NoBreak + "%"
}

// place is the decimal place of the last digit worth printing: 0 for units,
// -1 for tenths, 3 for thousands. What the error leaves is for stat.RoundTo to
// say; more than three digits nobody reads.
func place(v, err float64) int {
	if v == 0 {
		return 0
	}
	if !(err > 0) {
		err = math.NaN()
	}
	return max(-stat.RoundTo(v, err), magnitude(v)-2)
}

// magnitude is the power of ten of the leading digit of v: 2 for 410, -2 for
// 0.07. Without a known error stat.RoundTo shows one digit after that.
func magnitude(v float64) int { return 1 - stat.RoundTo(v, math.NaN()) }

// round rounds v >= 0 to the given place, in decimal and half to even.
func round(v float64, at int) float64 {
	top := magnitude(v)
	if v == 0 || at > top {
		return v
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', top-at, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// decimal writes v >= 0 rounded to the given place, without exponent. Closing
// zeros after the point are kept only when a known err gives them meaning.
func decimal(v float64, at int, err float64) string {
	s := strconv.FormatFloat(round(v, at), 'f', max(0, -at), 64)
	if !(err > 0) && strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
