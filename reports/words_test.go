package reports_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"golang.org/x/net/html"
)

// answer is the text of the answer on the page, with plain spaces.
func answer(t *testing.T, s *study.Study) string {
	t.Helper()
	for n := range parse(t, render(t, s)).Descendants() {
		if id, _ := attribute(n, "id"); id == "answer" {
			return strings.ReplaceAll(strings.Join(strings.Fields(content(n)), " "), number.NoBreak, " ")
		}
	}
	t.Fatal("the page has no answer")
	return ""
}

// What the page says first must be right for every kind of result.
func TestHeadlines(t *testing.T) {
	a, b := train().title, rings().title
	check := func(name string, s *study.Study, says ...string) {
		t.Helper()
		got := answer(t, s)
		for _, phrase := range says {
			want, phrase := true, phrase
			if cut, not := strings.CutPrefix(phrase, "NOT "); not {
				want, phrase = false, cut
			}
			if strings.Contains(got, phrase) != want {
				t.Errorf("%s: whether it says %q should be %v:\n%s", name, phrase, want, got)
			}
		}
	}
	per100 := func(s *study.Study, n int) (int, int, int) {
		p := s.Comparisons[n].Contests[0].Overall.Per100
		return p.Wins, p.Losses, p.Ties
	}
	s := better()
	wins, losses, ties := per100(s, 0)
	check("better", s, fmt.Sprintf("Of 100 changes that carry a defect, %d hurt fewer users with %s and %d with %s; %d come out the same.", wins, b, losses, a, ties),
		"NOT No visible difference", "NOT more users", "NOT other way")

	s = worse()
	wins, losses, ties = per100(s, 0)
	if wins >= losses {
		t.Fatal("the sample is no example")
	}
	check("worse", s, fmt.Sprintf("Of 100 changes that carry a defect, %d hurt fewer users with %s and %d with %s; %d come out the same.", losses, b, wins, a, ties))

	check("level", levelled(), "No visible difference: of 100 changes", "no visible difference.", "In no class of defects is either visibly ahead", "NOT does better")

	check("never", never(), "hurt fewer users with Rings without alarms")

	s = three()
	wins, losses, ties = per100(s, 1)
	check("three", s, fmt.Sprintf("%d hurt fewer users with %s and %d with %s; %d come out the same", wins, both().title, losses, a, ties), "In the same 100: ", b)

	s = catastrophe()
	if k := s.Comparisons[0]; !(k.Differences[0].Visible && k.Differences[0].Difference > 0 && k.Contests[0].Overall.Lead.Low > 0) {
		t.Fatal("the sample is no example")
	}
	check("catastrophe", s, "hurt fewer users with Rings on one database", "But on average more users are hurt with Rings on one database: ", "the worst 1 in 100 hurt", "money points the other way")

	check("alone", makeStudy(train()), "With "+a+", the middle one of the changes that carry a defect hurts", "NOT fewer")
	check("unharmed", unharmed(), "None of 20 000 simulated changes carries a defect")
	check("once", once(), "1 replication can claim no difference: of 100", "NOT does better", "NOT visible")
}

// The classes in which the other side wins are named, with the counts of both.
func TestExceptionsAreNamed(t *testing.T) {
	s := better()
	c := &s.Comparisons[0].Contests[0]
	c.ByClass = []study.ClassCount{
		{Class: "clear", Pairs: 1000, Wins: 300, Losses: 610, Ties: 90},
		{Class: "by luck", Pairs: 40, Wins: 18, Losses: 22},
		{Class: "the other way", Pairs: 100, Wins: 90, Losses: 10},
		{Class: "empty"},
		{Class: "clearer", Pairs: 10, Losses: 10},
		{Class: "third", Pairs: 100, Wins: 10, Losses: 40, Ties: 50},
		{Class: "fourth", Pairs: 100, Wins: 10, Losses: 35, Ties: 55},
	}
	got := answer(t, s)
	want := train().title + " does better with clearer defects (100 of 100 against 0), clear defects (61 of 100 against 30), third defects (40 of 100 against 10) and one more class."
	if !strings.Contains(got, want) {
		t.Errorf("it does not say %q:\n%s", want, got)
	}
}

// A defect that nobody notices shows in the numbers, the picture and the text.
func TestNeverIsSaid(t *testing.T) {
	s := never()
	if got := renderText(t, s, text.Options{}); !regexp.MustCompile(`time to detect  P50 +6\.8 h +never`).MatchString(got) {
		t.Errorf("the middle case is never and the text does not say so:\n%s", got)
	}
	page := strings.ReplaceAll(string(render(t, s)), number.NoBreak, " ")
	for _, want := range []string{">never</data>", "70.0 % never noticed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// A word of probability stands only beside its number (Wintle and others 2019).
func TestProbabilityWordsHaveNumbers(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(likely|unlikely|probabl[ey]|possibl[ey]|rare(ly)?|seldom|often|usually|almost certain(ly)?|doubtful(ly)?)\b( \()?`)
	for name, s := range studies() {
		for n := range parse(t, render(t, s)).Descendants() {
			if n.Type != html.TextNode || within(n, "script", "style", "bdi", "pre") {
				continue
			}
			for _, found := range words.FindAllString(n.Data, -1) {
				if !strings.HasSuffix(found, "(") {
					t.Errorf("%s: %q without a number in %q", name, found, n.Data)
				}
			}
		}
	}
}

// Every section says what it is for, and names are the links of the page.
func TestSectionsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range section.All() {
		if s.Name == "" || s.Doc == "" || !strings.HasSuffix(s.Doc, ".") || s.Build == nil || seen[s.Name] {
			t.Errorf("section %q is not described, or twice there", s.Name)
		}
		seen[s.Name] = true
		if !regexp.MustCompile(`^[a-z-]+$`).MatchString(s.Name) {
			t.Errorf("%q cannot be linked to", s.Name)
		}
	}
}
