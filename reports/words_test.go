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

// What turns the answer round: the nearest first, who wins then, and what is possible
// already; what nothing turns round; and what nobody can see.
func TestBreakEvenSentences(t *testing.T) {
	check := func(name string, b study.BreakEvens, want ...string) {
		t.Helper()
		s := better()
		s.BreakEvens = []study.BreakEvens{b}
		got := strings.Join(strings.Fields(renderText(t, s, text.Options{Width: 1000})), " ")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", name, w, got)
			}
		}
	}
	a, b := train().title, rings().title
	ahead := func(i int) study.BreakEvenOf { return study.BreakEvenOf{Known: true, Ahead: i, By: 1} }
	check("both ways", turnedRound(1, 0, ahead(1), ahead(0)),
		"WHEN DOES THE OTHER ONE WIN? "+b+" hurts fewer users than "+a+" in more changes than the other way round, but not if one of these alone is otherwise: "+
			"defects in a change below 0.113 (stated: 0.1 to 0.25, which allows it); staging: flaky passes above 18.0 % (stated: 10%); or defects that telemetry shows below 31 % (stated: on average 57 %). "+
			"4 of 7 inputs could turn it round; these need the least change.",
		a+" costs less on average than "+b+", but not if one of these alone is otherwise: cost of delay below $31 (stated: 100); or changes above 210 per week (stated: 40/w).")
	none := study.BreakEvens{Best: 1, Changes: 4000, Factor: 10, Inputs: make([]study.BreakEvenInput, 38)}
	none.Users, none.Cost = ahead(1), ahead(1)
	firm := "and no single input turns that round: each of 38 was changed by a factor of 10 either way, a share by its odds."
	check("firm", none, b+" hurts fewer users than "+a+" in more changes than the other way round, and costs less on average, "+firm)
	none.Cost = ahead(0)
	check("firm both ways", none, b+" hurts fewer users than "+a+" in more changes than the other way round, "+firm, a+" costs less on average than "+b+", "+firm)
	none.Cost.Known = false
	check("not known", none, "Whether "+b+" costs less on average than "+a+" cannot be seen at what is stated: the difference is inside the simulation error, and there is nothing to turn round.")
}

// While an alternative does not keep up there is no winner, whatever the
// numbers of what it did deliver say.
func TestStandstillWinsNothing(t *testing.T) {
	stuck := better()
	stuck.Alternatives[1].GivenUp = 0.75
	behind := three()
	behind.Alternatives[0].Behind, behind.Alternatives[2].Behind = 0.2, 0.1
	for name, s := range map[string]*study.Study{"stuck": stuck, "behind": behind} {
		got := answer(t, s)
		if !strings.Contains(got, "There is no answer yet: ") || strings.Contains(got, "hurt fewer users") || strings.Contains(got, "On average") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	if got, want := answer(t, stuck), "There is no answer yet: "+rings().title+" does not keep up with its changes. With "+rings().title+", 75 % of the replications were given up"; !strings.Contains(got, want) {
		t.Errorf("it does not say %q:\n%s", want, got)
	}
	if got, want := answer(t, behind), train().title+" and "+both().title+" do not keep up"; !strings.Contains(got, want) {
		t.Errorf("it does not say %q:\n%s", want, got)
	}
}

// A lead is no more than all of 100, a few replications say nothing, and a
// difference that the digits do not show is not told.
func TestNothingIsOverstated(t *testing.T) {
	s := better()
	lead := &s.Comparisons[0].Contests[0].Overall.Lead
	lead.Low, lead.High = 0.9, 1.3
	if got := strings.ReplaceAll(string(render(t, s)), number.NoBreak, " "); !strings.Contains(got, ">100</data>") || strings.Contains(got, ">130</data>") {
		t.Error("a lead of 130 in 100 is told")
	}
	s = better()
	s.Size.Replications = 4
	if got := answer(t, s); !strings.Contains(got, "4 replications can claim no difference") {
		t.Errorf("of four replications the page says:\n%s", got)
	}
	s = levelled()
	k := s.Comparisons[0].Differences
	k[0].Visible = true
	for i := range s.Alternatives {
		s.Alternatives[i].Summaries[0].Mean, s.Alternatives[i].Summaries[0].StandardError = 320_000, 9_000
	}
	if got := answer(t, s); strings.Contains(got, "The averages do differ") {
		t.Errorf("320 k against 320 k is told as a difference:\n%s", got)
	}
}

// Many alternatives are read from top to bottom.
func TestManyAlternatives(t *testing.T) {
	var many []pipeline
	for i := range 6 {
		p := rings()
		p.title = fmt.Sprintf("Rings, plan %d of a long row of plans", i)
		many = append(many, p)
	}
	got := renderText(t, makeStudy(many...), text.Options{})
	for i := range many {
		if !regexp.MustCompile(fmt.Sprintf(`(?m)^ +"?Rings, plan %d of a long row of plans"?\n +1\.3\d k .* h .*\$.*%%`, i)).MatchString(got) {
			t.Errorf("plan %d has no line of numbers:\n%s", i, got)
		}
	}
	for _, line := range strings.Split(got, "\n") {
		if n := len([]rune(line)); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
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
