package reports_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode"

	"github.com/rivo/uniseg"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/sim/stat"
	"golang.org/x/net/html"
)

// hostile are names that break out of pages that trust them.
func hostile() []string {
	return []string{
		`</script><script>alert(1)</script>`, `__f__alert(1)__f__`, `"'>&<!--`, "]]>", "@name", "{}", "%s%d",
		"line\u2028separator\u2029", "\u202eright to left", "שלום עולם", "👩‍🔬🏳️‍🌈", "", " ", "=1+1",
		"constructor", "__proto__", strings.Repeat("long", 2500), strings.Repeat("long ", 2500),
		"nul\x00esc\x1b[31m", "bad\xff", "new\nline\r\ttab", " · ",
	}
}

// haunted is a study in which every text of the scenario is the name.
func haunted(name string) *study.Study {
	s := three()
	s.About = study.About{Name: name, Title: name, Question: name, File: name, Text: name}
	s.Command, s.Version, s.Currency = name, name, name
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		a.Name, a.Title, a.Doc = name, name, name
		for k := range a.Stops {
			a.Stops[k].Where = name
		}
	}
	for i := range s.Comparisons {
		for k := range s.Comparisons[i].Contests[0].ByClass {
			s.Comparisons[i].Contests[0].ByClass[k] = study.ClassCount{Class: name, Pairs: 100, Losses: 90, Wins: 10}
		}
	}
	for i := range s.Inputs {
		s.Inputs[i] = study.Input{Path: name, Label: name, Value: name, Doubt: "unknown", Provenance: study.Provenance(name), Source: name}
	}
	for i := range s.Metrics {
		s.Metrics[i].Title, s.Metrics[i].Doc = name, name
	}
	s.Excluded, s.Warnings = []string{name}, []stat.Warning{{Text: name}}
	return s
}

// No text of a scenario becomes an element of the page, an attribute, or code.
func TestNamesStayNames(t *testing.T) {
	shape := func(name string) (elements map[string]int, scripts []string) {
		elements = map[string]int{}
		for n := range parse(t, render(t, haunted(name))).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			elements[n.Data]++
			if kind, _ := attribute(n, "type"); n.Data == "script" {
				if kind == "application/json" {
					var v any
					if err := json.Unmarshal([]byte(content(n)), &v); err != nil {
						t.Errorf("%.40q breaks the data of a chart: %v", name, err)
					}
				} else {
					scripts = append(scripts, content(n))
				}
			}
		}
		return elements, scripts
	}
	plain, code := shape("plain")
	for _, name := range hostile() {
		got, scripts := shape(name)
		for element, n := range plain {
			// A text may be left out when it is empty, and an alternative is then called by another name.
			// The name of a curve is left out of the drawing when it is too long for every place in it.
			if got[element] != n && strings.TrimSpace(name) != "" && !(element == "text" && got[element] < n) {
				t.Errorf("%.40q: %d <%s>, with a plain name %d", name, got[element], element, n)
			}
		}
		for element := range got {
			if plain[element] == 0 {
				t.Errorf("%.40q makes a <%s>", name, element)
			}
		}
		if len(scripts) != len(code) || scripts[0] != code[0] || scripts[1] != code[1] {
			t.Errorf("%.40q changes a script", name)
		}
	}
}

// On a terminal no name moves the cursor, turns the direction of a line or
// makes it wider than asked.
func TestTerminalIsSafe(t *testing.T) {
	for _, name := range hostile() {
		for _, width := range []int{40, 80, 132} {
			for l := range strings.Lines(renderText(t, haunted(name), text.Options{Width: width})) {
				l = strings.TrimSuffix(l, "\n")
				if w := uniseg.StringWidth(l); w > width {
					t.Errorf("%.20q: %d columns of %d: %.100q", name, w, width, l)
				}
				for _, r := range l {
					if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
						t.Errorf("%.20q: %U in %.100q", name, r, l)
					}
				}
			}
		}
	}
}

// Colour comes only when it is asked for, and changes nothing but colour.
func TestColorOnlyWhenAsked(t *testing.T) {
	for name, s := range studies() {
		plain := renderText(t, s, text.Options{})
		if strings.ContainsRune(plain, '\x1b') {
			t.Errorf("%s: colour that nobody asked for", name)
		}
		colored := renderText(t, s, text.Options{Color: true})
		if !strings.ContainsRune(colored, '\x1b') {
			t.Errorf("%s: no colour", name)
		}
		var b strings.Builder
		for i, piece := range strings.Split(colored, "\x1b[") {
			if i > 0 {
				_, piece, _ = strings.Cut(piece, "m")
			}
			b.WriteString(piece)
		}
		if b.String() != plain {
			t.Errorf("%s: colour changes the text", name)
		}
	}
}

// A study full of values that do not exist makes a page all the same, and the
// pictures that cannot be drawn say so.
func TestMissingValues(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		s := better()
		for i := range s.Alternatives {
			a := &s.Alternatives[i]
			for k := range a.Summaries {
				a.Summaries[k].Mean, a.Summaries[k].StandardError = stat.Number(bad), stat.Number(bad)
				for q := range a.Summaries[k].Quantiles {
					a.Summaries[k].Quantiles[q].Value = stat.Number(bad)
				}
			}
			for k := range a.Dots {
				a.Dots[k] = stat.Number(bad)
			}
			a.Survival.Never.Share = stat.Number(bad)
			a.Survival.Points[0].P = bad
		}
		page := string(render(t, s))
		if strings.Contains(page, "cannot be drawn") == false {
			t.Errorf("%v is drawn", bad)
		}
		for _, word := range []string{">NaN<", "+Inf<", "-Inf<", "d=\"MNaN", "Infinity"} {
			if strings.Contains(strings.Split(page, "<script>")[0], word) {
				t.Errorf("%v shows as %s", bad, word)
			}
		}
		renderText(t, s, text.Options{})
	}
}
