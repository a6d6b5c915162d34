package ci

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/sim/stat"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// contrast is one in which everything happens: a decision turns, gates flip both ways,
// inputs are changed on a line and on none, numbers get worse, better, moved, and unknown.
func contrast() *study.Contrast {
	none := stat.Number(math.NaN())
	gap := stat.Comparison{Difference: 600, StandardError: 10, Low: 560, High: 640, Visible: true}
	move := func(verdict string, old, now stat.Number) study.Move {
		return study.Move{Metric: "users_affected", Title: "users affected", Unit: "users", Statistic: "quantile", P: 0.95, Old: old, New: now, OldError: 5, NewError: 8, Verdict: verdict, Comparison: gap}
	}
	c := &study.Contrast{Schema: study.ContrastVersion, Version: "1.2.3", Changed: true, Turned: true, Pairing: study.Paired, Why: "both were simulated on the same chance", Confidence: 0.99,
		Old:          study.Party{Name: "shop", Title: "A shop", File: "old.yaml", Seed: 1, Size: study.Size{Changes: 4000}, Currency: "$", Winner: "rings", Decision: study.Decision{State: study.DecisionAhead, Ahead: "rings"}},
		New:          study.Party{Name: "shop", Title: "A <b>shop</b>", File: `release\a b, 50%.yaml`, Seed: 1, Size: study.Size{Changes: 4000}, Currency: "$", Winner: "train", Decision: study.Decision{State: study.DecisionAhead, Ahead: "train"}},
		Alternatives: []study.Matched{{Name: "train", Title: "weekly train", State: "kept"}, {Name: "rings", Title: "rings | <i>1 %</i>", State: "kept"}},
		Moves:        []study.Move{move(study.MoveWorse, 400, 1000), move(study.MoveBetter, 1000, 400), move(study.MoveMoved, 1, 2), move(study.MoveUnseen, 1, 1), move(study.MoveUnknown, none, 3), move(study.MoveSame, 2, 2)},
		Gates: []study.GateTurn{{Name: "few", Old: study.GatePass, New: study.GateFail, Flipped: true, Line: 12, Column: 3}, {Name: "soon", Old: study.GateFail, New: study.GatePass, Flipped: true, Line: 17, Column: 3},
			{Name: "gone", Old: study.GatePass}},
		Inputs: []study.InputChange{{Path: "response.decide", Label: "deciding\n::error::", State: "changed", Old: "1h", New: "9h", Line: 7, Column: 20,
			Effects: []study.Effect{{Metric: "users_affected", Title: "users affected", Unit: "users", Comparison: gap}}}, {Path: "watch", Label: "watch", State: "removed", Old: "2w"}},
	}
	for i, alternative := range []int{0, 1, 0, 1, 0, 1} {
		c.Moves[i].Alternative = alternative
		c.Moves[i].Metric += string(rune('a' + i))
	}
	return c
}

// quiet is the same question asked twice.
func quiet() *study.Contrast {
	c := contrast()
	c.Same, c.Changed, c.Turned, c.Gates, c.Inputs = true, false, false, nil, nil
	for i := range c.Moves {
		c.Moves[i].Verdict = study.MoveSame
	}
	return c
}

func contrasted(t *testing.T, form string, c *study.Contrast) string {
	t.Helper()
	f, ok := NamedContrast(form)
	if !ok {
		t.Fatalf("there is no form %s", form)
	}
	var b bytes.Buffer
	if err := f.Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestContrastForms: each has a reader, writes the same bytes again, and notices a full disk.
func TestContrastForms(t *testing.T) {
	for _, f := range Contrasts() {
		if once, again := contrasted(t, f.Name, contrast()), contrasted(t, f.Name, contrast()); f.Doc == "" || once != again {
			t.Errorf("%s: no reader, or other bytes each time", f.Name)
		}
		if err := f.Write(full{}, contrast()); err == nil {
			t.Errorf("%s does not notice that nothing can be written", f.Name)
		}
	}
	if _, ok := NamedContrast("xml"); ok {
		t.Error("there is a form xml")
	}
}

func TestContrastSARIF(t *testing.T) {
	schema := sarifSchema(t)
	for _, c := range []*study.Contrast{contrast(), quiet()} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(contrasted(t, "sarif", c)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(contrasted(t, "sarif", contrast())), &log); err != nil {
		t.Fatal(err)
	}
	var got []string
	prints := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		place := r.Locations[0].Physical
		got = append(got, r.Level+" "+r.RuleID+" "+string(rune('0'+place.Region.StartLine%10)))
		prints[r.Fingerprints["rollriskContrast/v1"]] = true
		if log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || place.Artifact.URI != "release/a%20b%2C%2050%25.yaml" {
			t.Errorf("%+v", r)
		}
	}
	want := "warning decision-turned 1, error gate-fails-now 2, note gate-passes-now 7, note input-changed 7, note input-changed 1, warning number-worse 1, note number-better 1, note number-moved 1"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if len(prints) != len(got) {
		t.Errorf("%d fingerprints of %d results", len(prints), len(got))
	}
	if strings.Contains(contrasted(t, "sarif", quiet()), `"ruleId"`) {
		t.Error("a result although nothing changed")
	}
}

// A number belongs to the line of the one input that was changed.
func TestContrastLine(t *testing.T) {
	c := contrast()
	c.Inputs = c.Inputs[:1]
	for _, r := range section.Remarks(c) {
		if r.Kind == section.RemarkWorse && (r.Line != 7 || r.Col != 20) {
			t.Errorf("%+v", r)
		}
	}
}

func TestContrastGitHub(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(contrasted(t, "github", contrast())), "\n")
	if len(lines) != 9 {
		t.Fatalf("%d lines: %s", len(lines), lines)
	}
	if want := "::error file=release/a b%2C 50%25.yaml,line=12,col=3,title=gate-fails-now::gate few fails now; it passed before"; lines[1] != want {
		t.Errorf("got  %s\nwant %s", lines[1], want)
	}
	if want := "::warning file=release/a b%2C 50%25.yaml,line=1,col=1,title=number-worse::weekly train: users affected P95 1.00 k, was 400 (+600 ± 10), worse"; lines[5] != want {
		t.Errorf("got  %s\nwant %s", lines[5], want)
	}
	if got := contrasted(t, "github", quiet()); got != "::notice title=rollrisk::Nothing changed: the same inputs and the same numbers.\n" {
		t.Error(got)
	}
}

func TestContrastJUnit(t *testing.T) {
	text := contrasted(t, "junit", contrast())
	for _, want := range []string{`<testsuites name="rollrisk" tests="9" failures="2" errors="0">`, `skipped="1"`, `<failure type="worse"`, `<failure type="fail"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	check := junitSchema(t)
	for _, c := range []*study.Contrast{contrast(), quiet()} {
		if out, err := check(contrasted(t, "junit", c)); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

func TestContrastOpenMetrics(t *testing.T) {
	series := seriesOf(t, contrasted(t, "openmetrics", contrast()))
	if want := 2*6 + 6*6 + 1; len(series) != want {
		t.Errorf("%d series, want %d", len(series), want)
	}
	key := `{__name__="rollrisk_number", alternative="train", metric="users_affecteda", scenario="shop", side="new", statistic="p95"}`
	if series[key] != 1000 {
		t.Errorf("%v", series)
	}
}

func TestContrastBadge(t *testing.T) {
	turned, worse, better := contrast(), contrast(), contrast()
	turned.Gates = nil
	worse.Gates, worse.Turned = nil, false
	better.Gates, better.Turned, better.Moves = nil, false, better.Moves[1:2]
	for _, x := range []struct {
		c    *study.Contrast
		want string
	}{{contrast(), "1 gate fails now red"}, {turned, "decision turned orange"}, {worse, "1 worse, 1 better orange"}, {better, "1 better brightgreen"}, {quiet(), "unchanged brightgreen"}} {
		var b shield
		if err := json.Unmarshal([]byte(contrasted(t, "badge", x.c)), &b); err != nil {
			t.Fatal(err)
		}
		if got := b.Message + " " + b.Color; got != x.want {
			t.Errorf("%s, want %s", got, x.want)
		}
	}
}

// The first line is the change, names add no markup, and however much changed, it fits
// into a comment with its marker.
func TestContrastMarkdown(t *testing.T) {
	text := contrasted(t, "markdown", contrast())
	if !strings.HasPrefix(text, "## The decision turned: ") || !strings.HasSuffix(text, "\n"+ContrastMarker+"\n") {
		t.Error(text)
	}
	var page bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &page); err != nil {
		t.Fatal(err)
	}
	if html := page.String(); strings.Contains(html, "<b>") || strings.Contains(html, "<i>") || strings.Count(html, "<table>") != 1 {
		t.Error(html)
	}
	long := contrast()
	long.Moves = nil
	for range 2000 {
		long.Moves = append(long.Moves, contrast().Moves...)
	}
	text = contrasted(t, "markdown", long)
	if len(text) > commentBytes || !strings.HasPrefix(text, "## The decision turned: ") || !strings.HasSuffix(text, ContrastMarker+"\n") || !strings.Contains(text, "More does not fit here") {
		t.Errorf("%d bytes: %.300s", len(text), text)
	}
}
