package reports_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/scenarios"
	"golang.org/x/net/html"
)

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// studies are all cases that the words of the page tell apart.
func studies() map[string]*study.Study {
	return map[string]*study.Study{
		"better": better(), "three": three(), "worse": worse(), "level": levelled(),
		"never": never(), "catastrophe": catastrophe(), "alone": makeStudy(train()), "unharmed": unharmed(), "once": once(),
	}
}

// Every number on the page is marked with its value and its place in the study:
// the place holds that value, and the text is that value, rounded.
func TestEveryNumberComesFromTheStudy(t *testing.T) {
	for name, s := range studies() {
		t.Run(name, func(t *testing.T) {
			var root any
			data, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &root); err != nil {
				t.Fatal(err)
			}
			numbers := 0
			for n := range parse(t, render(t, s)).Descendants() {
				if n.Type == html.ElementNode && n.Data == "data" {
					numbers++
					checkNumber(t, n, root)
				}
			}
			if numbers < 20 && name != "alone" && name != "unharmed" {
				t.Errorf("only %d numbers", numbers)
			}
		})
	}
}

// TestEveryNumberOfARealStudy: the same of what the simulation made, stories and all.
func TestEveryNumberOfARealStudy(t *testing.T) {
	for _, name := range scenarios.Library() {
		s := simulated(t, name)
		var root any
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		places := map[string]bool{}
		for n := range parse(t, render(t, s)).Descendants() {
			if n.Type == html.ElementNode && n.Data == "data" {
				checkNumber(t, n, root)
				from, _ := attribute(n, "data-from")
				places[strings.SplitN(from, "[", 2)[0]] = true
			}
		}
		if !places["stories"] {
			t.Errorf("%s: no number of a story is on the page", name)
		}
	}
}

// simulated is a study of a library scenario.
func simulated(t *testing.T, name string) *study.Study {
	t.Helper()
	data, _ := scenarios.Builtin(name)
	sc, faults := scenarios.Decode(name, data)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := sc.Plan(scenarios.Options{Seed: 1, Changes: 3000})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	s, err := study.Run(t.Context(), &plan, study.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func checkNumber(t *testing.T, n *html.Node, root any) {
	t.Helper()
	raw, _ := attribute(n, "value")
	from, _ := attribute(n, "data-from")
	got, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		t.Errorf("%q of %s is no number", raw, from)
		return
	}
	want, err := evaluate(from, root)
	if err != nil {
		t.Errorf("%q: %v", content(n), err)
		return
	}
	same := got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= 1e-12*math.Abs(want)
	if !same {
		t.Errorf("%s is %v in the study and %v on the page", from, want, got)
	}
	if shown, step, ok := readBack(content(n)); ok && math.Abs(shown-got) > step*(0.5+1e-9) {
		t.Errorf("%s is %v and printed as %q", from, got, content(n))
	}
}

var printed = regexp.MustCompile(`^([+−-]?)\D*?([\d\x{a0}]*\d(?:\.(\d+))?)\x{a0}?(k|M|G|T|%|min|s|h|d|y)?$`)

// readBack reads a printed number: its value in the unit of the study and the
// size of its last digit. ok is false for words such as "never".
func readBack(s string) (v, step float64, ok bool) {
	m := printed.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(m[2], number.NoBreak, ""), 64)
	if err != nil {
		return 0, 0, false
	}
	scale := map[string]float64{"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "%": 0.01,
		"min": 1. / 60, "s": 1. / 3600, "h": 1, "d": 24, "y": 8760}[m[4]]
	step = scale * math.Pow(10, -float64(len(m[3])))
	if m[3] == "" {
		// Zeros at the end may be rounded ones.
		for w := v; w >= 10 && math.Mod(w, 10) == 0; w /= 10 {
			step *= 10
		}
	}
	if m[1] == "−" || m[1] == "-" {
		v = -v
	}
	return v * scale, step, true
}

func TestReadBack(t *testing.T) {
	for s, want := range map[string][2]float64{
		"41" + number.NoBreak + "k": {41000, 1000}, "−$52.1k": {-52100, 100}, "4.0" + number.NoBreak + "%": {0.04, 0.001},
		"20" + number.NoBreak + "000": {20000, 10000}, "+6.4" + number.NoBreak + "h": {6.4, 0.1}, "never": {}, "n/a": {},
	} {
		v, step, ok := readBack(s)
		if ok != (want[1] > 0) || math.Abs(v-want[0]) > 1e-9 || math.Abs(step-want[1]) > 1e-9 {
			t.Errorf("%q is read as %v in steps of %v", s, v, step)
		}
	}
}

// evaluate works out where a number comes from: places joined by " + ", " - ",
// " * " and " / ", from left to right.
func evaluate(from string, root any) (float64, error) {
	fields := strings.Fields(from)
	if len(fields)%2 == 0 {
		return 0, fmt.Errorf("%q says no place", from)
	}
	v, err := term(fields[0], root)
	for i := 1; i < len(fields) && err == nil; i += 2 {
		var w float64
		w, err = term(fields[i+1], root)
		switch fields[i] {
		case "+":
			v += w
		case "-":
			v -= w
		case "*":
			v *= w
		case "/":
			v /= w
		default:
			err = fmt.Errorf("%q", fields[i])
		}
	}
	return v, err
}

func term(s string, root any) (float64, error) {
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return v, nil
	}
	if path, ok := strings.CutPrefix(s, "len("); ok {
		list, err := lookup(strings.TrimSuffix(path, ")"), root)
		all, isList := list.([]any)
		if err != nil || !isList {
			return 0, fmt.Errorf("%s: %v", s, err)
		}
		return float64(len(all)), nil
	}
	if rest, ok := strings.CutPrefix(s, "count("); ok {
		return countWord(strings.TrimSuffix(rest, ")"), root)
	}
	found, err := lookup(s, root)
	if err != nil {
		return 0, err
	}
	switch v := found.(type) {
	case nil:
		return math.NaN(), nil
	case float64:
		return v, nil
	case string:
		if v == "inf" {
			return math.Inf(1), nil
		}
	}
	return 0, fmt.Errorf("%s is %v", s, found)
}

// countWord counts the elements of a list with a word in a field: "list.field=word".
func countWord(s string, root any) (float64, error) {
	path, word, _ := strings.Cut(s, "=")
	dot := strings.LastIndex(path, ".")
	list, err := lookup(path[:dot], root)
	if err != nil {
		return 0, err
	}
	n := 0.
	for _, e := range list.([]any) {
		if e.(map[string]any)[path[dot+1:]] == word {
			n++
		}
	}
	return n, nil
}

var steps = regexp.MustCompile(`[^.\[\]]+`)

func lookup(path string, at any) (any, error) {
	for _, step := range steps.FindAllString(path, -1) {
		switch node := at.(type) {
		case map[string]any:
			next, ok := node[step]
			if !ok {
				return nil, fmt.Errorf("%s: no %q", path, step)
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				return nil, fmt.Errorf("%s: no element %q", path, step)
			}
			at = node[i]
		default:
			return nil, fmt.Errorf("%s: nothing under %q", path, step)
		}
	}
	return at, nil
}

// phrases are all digits in the words of the page that are no result.
var phrases = regexp.MustCompile(`[Oo]f 100|In the same 100|1,000 defects|9 in 10|1 in 20|1 in 100|1 change in 50|P50|P95|90 % interval`)

// Whatever else shows a digit on the page is a fixed phrase, a tick of an axis,
// or a text of the scenario.
func TestNoOtherNumbers(t *testing.T) {
	for name, s := range studies() {
		doc := parse(t, render(t, s))
		known := map[string]bool{}
		for n := range doc.Descendants() {
			if n.Data == "data" {
				known[content(n)] = true
			}
		}
		for n := range doc.Descendants() {
			switch n.Type {
			case html.TextNode:
				if !within(n, "data", "bdi", "script", "style", "code", "pre", "svg", "header", "title") {
					noDigits(t, name, n.Data, nil)
				} else if class, _ := attribute(n.Parent, "class"); within(n, "svg") && class != "tick" && class != "name" {
					noDigits(t, name, cutNames(n.Data, s), known)
				}
			case html.ElementNode:
				if label, ok := attribute(n, "aria-label"); ok {
					noDigits(t, name, cutNames(label, s), known)
				}
			}
		}
	}
}

func cutNames(text string, s *study.Study) string {
	for _, a := range s.Alternatives {
		text = strings.ReplaceAll(text, a.Title, "")
		for _, st := range a.Stops {
			text = strings.ReplaceAll(text, st.Where, "")
		}
	}
	return text
}

func within(n *html.Node, names ...string) bool {
	for p := range n.Ancestors() {
		for _, name := range names {
			if p.Data == name {
				return true
			}
		}
	}
	return false
}

var digits = regexp.MustCompile(`[$€]?\d+(?:[\x{a0}.]\d+)*(?:\x{a0}?(?:k|M|G|T|min|s|h|d|y)\b|\x{a0}%)?`)

func noDigits(t *testing.T, name, text string, known map[string]bool) {
	t.Helper()
	for _, found := range digits.FindAllString(phrases.ReplaceAllString(text, ""), -1) {
		if !known[found] {
			t.Errorf("%s: %q in %q comes from nowhere", name, found, text)
		}
	}
}

// The curves of the live charts are those of the study, point by point.
func TestLiveCurvesAreTheStudys(t *testing.T) {
	s := three()
	for n := range parse(t, render(t, s)).Descendants() {
		if n.Data != "script" || n.Parent == nil || n.Parent.Data != "figure" {
			continue
		}
		id, _ := attribute(n.Parent, "id")
		if id != "survival" && id != "exceedance-users_affected" {
			continue
		}
		var live struct {
			X      []struct{ At float64 }
			Series []struct {
				Name string
				At   []float64
				Y    []string
			}
		}
		if err := json.Unmarshal([]byte(content(n)), &live); err != nil {
			t.Fatal(err)
		}
		if len(live.Series) != len(s.Alternatives) {
			t.Errorf("%s: %d curves", id, len(live.Series))
		}
		for i, series := range live.Series {
			points := s.Alternatives[i].Survival.Points
			if id != "survival" {
				points = s.Alternatives[i].Exceed[0].Curve.Points
			}
			// What lies left of the axis stands at its edge, and every curve begins there.
			begun := len(series.At) - len(points)
			if begun < 0 || begun > 1 {
				t.Fatalf("%s: %d points of %d", id, len(series.At), len(points))
			}
			for k, p := range points {
				if at, y := series.At[begun+k], series.Y[begun+k]; at != max(p.X, live.X[0].At) || y != number.Text(p.P, 0, number.Share) {
					t.Errorf("%s of %s: (%v, %s) is drawn for (%v, %v)", id, series.Name, at, y, p.X, p.P)
				}
			}
		}
	}
}
