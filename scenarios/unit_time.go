package scenarios

import (
	"math"
	"strings"
)

// timeUnits are the units of time, long to short.
var timeUnits = []struct {
	name  string
	hours float64
}{{"w", 168}, {"d", 24}, {"h", 1}, {"m", 1.0 / 60}, {"s", 1.0 / 3600}}

func hoursOf(unit string) (float64, bool) {
	for _, u := range timeUnits {
		if u.name == unit {
			return u.hours, true
		}
	}
	return 0, false
}

// perHour is how many of a unit make an hour, for units below an hour: whole
// numbers, so that 5m is exactly what 5/60 is.
func perHour(unit string) float64 {
	switch unit {
	case "m":
		return 60
	case "s":
		return 3600
	}
	return 0
}

// parseDuration reads "1h30m" and its like. Units go from long to short, each
// once.
func parseDuration(text, _ string) (float64, *problem) {
	if text == "0" {
		return 0, nil
	}
	if p := notDuration(text); p != nil {
		return 0, p
	}
	sum, rest, before := 0.0, text, math.Inf(1)
	for rest != "" {
		n := decimal(rest)
		if n == 0 {
			return 0, problemf("", "%s is not a length of time", show(text))
		}
		x, p := times(rest[:n], 0, text)
		if p != nil {
			return 0, p
		}
		rest = rest[n:]
		unit := rest[:letters(rest)]
		hours, known := hoursOf(unit)
		switch {
		case unit == "":
			return 0, problemf("did you mean "+text+"m?", "%s has no unit", show(text))
		case !known:
			return 0, problemf(timeHint(unit, text[:len(text)-len(rest)]), "%s has an unknown unit", show(text))
		case hours >= before:
			return 0, problemf("write it as 1d12h or 1h30m", "the units of %s do not go from long to short", show(text))
		}
		sum += inHours(x, unit, hours)
		before, rest = hours, rest[len(unit):]
	}
	return sum, nil
}

func inHours(x float64, unit string, hours float64) float64 {
	if n := perHour(unit); n > 0 {
		return x / n
	}
	return float64(x * hours)
}

// notDuration finds what is wrong with the whole text at once.
func notDuration(text string) *problem {
	switch n := decimal(text); {
	case strings.HasPrefix(text, "-") && decimal(text[1:]) > 0:
		return problemf("", "%s is negative", show(text))
	case n == 0:
		p := notDecimal(text, text)
		if p == nil || strings.HasSuffix(p.message, "is not a number") && !strings.EqualFold(strings.Trim(text, "."), "nan") {
			return problemf("", "%s is not a length of time", show(text))
		}
		return p
	case n == len(text):
		if p := notDecimal(text, text); p != nil {
			return p
		}
		return problemf("did you mean "+text+"m?", "%s has no unit", show(text))
	}
	return nil
}

func letters(text string) int {
	n := 0
	for n < len(text) && !isDigit(text[n]) {
		n++
	}
	return n
}

// timeHint says how a unit of time is written here; before is what stands in
// front of it.
func timeHint(unit, before string) string {
	word := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(unit), "."))
	for len(word) > 1 && word[len(word)-1] == 's' {
		word = word[:len(word)-1]
	}
	short := map[string]string{"sec": "s", "second": "s", "min": "m", "minute": "m", "h": "h", "hr": "h", "hour": "h",
		"d": "d", "day": "d", "w": "w", "wk": "w", "week": "w", "m": "m"}
	switch s, ok := short[word]; {
	case unit == "ms" || unit == "us" || unit == "ns":
		return "the shortest unit is s"
	case unit == "M":
		return "minutes are m; a month is about 30d"
	case ok:
		return "write " + before + s
	case word == "mo" || word == "month":
		return "a month has no fixed length; write 30d"
	case word == "y" || word == "yr" || word == "year" || word == "a":
		return "a year is 365d or 52w"
	}
	return "the units of time are w, d, h, m and s"
}

// parseWorkTime reads hours, minutes and seconds of work.
func parseWorkTime(text, currency string) (float64, *problem) {
	x, p := parseDuration(text, currency)
	if p == nil && strings.ContainsAny(text, "dw") {
		return 0, problemf("state working time in hours: a working day of 9-17 is 8h", "%s counts whole days, but this is working time", show(text))
	}
	return x, p
}

// formatDuration prints hours in the longest units that lose nothing.
func formatDuration(hours float64, _ string) string { return inUnits(hours, 0) }

func formatWorkTime(hours float64, _ string) string { return inUnits(hours, 2) }

// inUnits uses one unit where the length is a whole number of it, hours where
// not; first is the longest unit to use.
func inUnits(hours float64, first int) string {
	if hours == 0 {
		return "0"
	}
	for _, u := range timeUnits[first:] {
		n := hours / u.hours
		if k := perHour(u.name); k > 0 {
			n = float64(hours * k)
		}
		if whole := math.Floor(n + 0.5); whole >= 1 && math.Abs(n-whole) < float64(1e-9*whole) {
			return shortest(whole) + u.name
		}
	}
	return shortest(hours) + "h"
}
