package assess

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ofReleases is a probability as a natural frequency: "12 of 100", "3 of 10 000".
func ofReleases(p float64) string {
	if p > 1-1e-9 { // a sum of what was drawn
		p = 1
	}
	of := 100.0
	for p > 0 && p*of < 0.95 && of < 1e6 {
		of = float64(of * 10)
	}
	n := math.Floor(float64(p*of) + 0.5)
	switch {
	case p > 0 && n < 1:
		return "fewer than 1 of 1 000 000"
	case p < 1 && n >= of:
		return fmt.Sprintf("more than %s of %s", grouped(of-1), grouped(of))
	}
	return grouped(n) + " of " + grouped(of)
}

// times is how often something happens.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// grouped is a whole number, its digits in groups of three.
func grouped(x float64) string {
	digits := strconv.FormatFloat(x, 'f', 0, 64)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// percent is a share: "5 %", "0.1 %".
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e6)/1e4, 'g', 3, 64) + " %"
}

// span is a time as people write it: 1 h 30 min, 5 min, 2 d.
func span(d time.Duration) string {
	if d >= 48*time.Hour {
		return strconv.FormatFloat(math.Round(d.Hours()/2.4)/10, 'f', -1, 64) + " d"
	}
	d = d.Round(time.Second)
	var parts []string
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, " h"}, {time.Minute, " min"}, {time.Second, " s"}} {
		if n := d / u.of; n > 0 {
			parts = append(parts, strconv.Itoa(int(n))+u.name)
			d -= n * u.of
		}
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// written is a time as a manifest of Kubernetes has it: 90m, 30s.
func written(d time.Duration) string {
	d = max(time.Second, d.Round(time.Second))
	switch {
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	}
	return strconv.Itoa(int(d/time.Second)) + "s"
}

// upTo rounds a time up to a round one.
func upTo(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour} {
		if d <= 20*unit {
			return (d + unit - 1) / unit * unit
		}
	}
	return (d + time.Hour - 1) / time.Hour * time.Hour
}

// replace is the edit of a value that is written on one line; none where it is not.
func replace(s Spot, value string) []Edit {
	if s.Text == "" || s.Text == value {
		return nil
	}
	return []Edit{{File: s.File, Line: s.Value.Line, Column: s.Value.Column, Old: s.Text, New: value}}
}

// set replaces the value of a key, or writes the key after another of its group that
// stands on one line; none where there is no such key.
func set(g Spots, key, value string, after ...string) []Edit {
	if s, ok := g[key]; ok {
		return replace(s, value)
	}
	return insert(g, []string{key + ": " + value}, after...)
}

// insert writes lines after a key of a group that stands on one line, as far to the
// right as the key.
func insert(g Spots, lines []string, after ...string) []Edit {
	for _, k := range after {
		s, ok := g[k]
		if !ok || s.Last != s.Line || s.Value.Line != s.Line || s.Column < 1 {
			continue
		}
		var all []string
		for _, l := range lines {
			all = append(all, strings.Repeat(" ", s.Column-1)+l)
		}
		return []Edit{{File: s.File, Line: s.Line, Insert: all}}
	}
	return nil
}
