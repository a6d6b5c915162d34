package reports_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// contrastText is a contrast as a terminal shows it.
func contrastText(t *testing.T, c *study.Contrast) string {
	t.Helper()
	var b strings.Builder
	if err := text.Write(&b, section.Contrast(c), text.Options{Width: 100}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The decision of a study is what its headline says.
func TestDecisionIsTheHeadline(t *testing.T) {
	all := studies()
	all["once"], all["never"], all["levelled"], all["worse"], all["unharmed"] = once(), never(), levelled(), worse(), unharmed()
	seen := map[study.DecisionState]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		d, says := s.Decision(), section.Build(s).Summary
		seen[d.State] = true
		ok := map[study.DecisionState]bool{
			study.DecisionAhead:   strings.HasPrefix(says, "Of 100 changes"),
			study.DecisionLevel:   strings.HasPrefix(says, "No visible difference"),
			study.DecisionUnknown: strings.Contains(says, "can claim no difference"),
			study.DecisionAlone:   strings.HasPrefix(says, "None of") || strings.HasPrefix(says, "There is nothing") || strings.HasPrefix(says, "With "),
			study.DecisionStuck:   true,
		}[d.State]
		if !ok {
			t.Errorf("%s is %q: %s", name, d.State, says)
		}
		if i := slices.IndexFunc(s.Alternatives, func(a study.Alternative) bool { return a.Name == d.Ahead }); d.State == study.DecisionAhead {
			if _, rest, found := strings.Cut(says, "hurt fewer users with "); i < 0 || !found || !strings.HasPrefix(rest, s.Alternatives[i].Title) {
				t.Errorf("%s: %s is ahead, but: %s", name, d.Ahead, says)
			}
		}
	}
	for _, state := range []study.DecisionState{study.DecisionAhead, study.DecisionLevel, study.DecisionAlone} {
		if !seen[state] {
			t.Errorf("no study is %s", state)
		}
	}
}

// What is said of two studies, for every outcome.
func TestContrastWords(t *testing.T) {
	stuck := better()
	stuck.Alternatives[1].GivenUp = 0.5
	turned := worse()
	turned.Alternatives[0].Name, turned.Alternatives[1].Name = turned.Alternatives[1].Name, turned.Alternatives[0].Name
	for what, x := range map[string]struct {
		old, now *study.Study
		want     []string
	}{
		"the same":    {better(), better(), []string{"Nothing changed: the same inputs and the same numbers."}},
		"turned":      {better(), turned, []string{"The decision turned", "± "}},
		"stuck":       {better(), stuck, []string{"There is no answer any more", "does not keep up with its changes, so that there is no answer"}},
		"free again":  {stuck, better(), []string{"There is an answer now"}},
		"one more":    {better(), three(), []string{"Other alternatives or gates are in it", " was added; alternatives are matched by name"}},
		"one less":    {three(), better(), []string{" was removed; alternatives are matched by name"}},
		"no contest":  {better(), unharmed(), []string{"Before, ", "now there is nothing to decide"}},
		"now visible": {levelled(), better(), []string{"Before, no alternative is visibly ahead; now "}},
	} {
		t.Run(what, func(t *testing.T) {
			says := strings.Join(strings.Fields(contrastText(t, study.ContrastOf(x.old, x.now, 0.99))), " ")
			for _, want := range x.want {
				if !strings.Contains(says, want) {
					t.Errorf("%q is missing in %s", want, says)
				}
			}
		})
	}
}

// However long the names and however many the inputs are, a comment takes the Markdown;
// what is left out is said. The marks of a name stay text.
func TestContrastFitsAComment(t *testing.T) {
	const most = 1 << 16 // characters of a comment, see reports/ci
	old, now := three(), three()
	long := strings.Repeat("|x", 60)
	for i := range 2000 {
		path := fmt.Sprintf("%s.%d", long, i)
		old.Inputs = append(old.Inputs, study.Input{Path: path, Label: path, Value: long})
		now.Inputs = append(now.Inputs, study.Input{Path: path, Label: path, Value: "2" + long})
	}
	for i := range now.Alternatives {
		old.Alternatives[i].Title, now.Alternatives[i].Title = long, long
	}
	c := study.ContrastOf(old, now, 0.99)
	for i := range c.Inputs {
		for k := range 6 {
			c.Inputs[i].Effects = append(c.Inputs[i].Effects, study.Effect{Alternative: k % 3, Metric: "cost", Title: "cost", Unit: "money", Comparison: stat.Comparison{Visible: true, Difference: 1}})
		}
	}
	var b strings.Builder
	if err := markdown.Write(&b, section.Contrast(c)); err != nil {
		t.Fatal(err)
	}
	if b.Len() > most {
		t.Errorf("%d bytes", b.Len())
	}
	if !strings.Contains(b.String(), "and 1980 more") {
		t.Error("nothing is said of what was left out")
	}
	if strings.Contains(b.String(), "|x|") {
		t.Error("a name breaks the table")
	}
}

// Names can be anything.
func TestContrastHostile(t *testing.T) {
	for _, name := range hostile() {
		c := study.ContrastOf(haunted(name), haunted(name), 0.99)
		if s := contrastText(t, c); strings.ContainsRune(s, '\x1b') {
			t.Errorf("%q moves the cursor", name)
		}
	}
}

// The CSV is a table, with every number of the contrast.
func TestContrastCSV(t *testing.T) {
	c := study.ContrastOf(better(), worse(), 0.99)
	rows, err := csv.NewReader(strings.NewReader(section.ContrastCSV(c))).ReadAll()
	if err != nil || len(rows) != 1+len(c.Moves) {
		t.Fatalf("%d rows for %d moves (%v)", len(rows), len(c.Moves), err)
	}
	for i, m := range c.Moves {
		if r := rows[i+1]; r[2] != m.Metric || r[12] != m.Verdict {
			t.Errorf("row %d is %v", i, r)
		}
	}
}
