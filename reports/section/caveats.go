package section

import (
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// averages speaks up when the mean tells another story than the count of wins,
// as it does when a few cases are very large.
func (v view) averages() reports.Text {
	d, ok := v.main()
	k, found := v.metric(harm)
	if !ok || !found {
		return nil
	}
	winner, loser := d.sides()
	diff := v.Comparisons[d.comparison].Differences[k]
	worse := diff.Visible && v.mean(winner, k).v > v.mean(loser, k).v
	switch {
	case worse && d.verdict != level:
		return append(reports.Say("But on average more users are hurt with {}: {} a change against {} with {}",
			v.name(winner), v.mean(winner, k).say(), v.mean(loser, k).say(), v.name(loser)), v.worstCases(winner, loser, k)...)
	case diff.Visible && d.verdict == level && v.mean(winner, k).say().Text != v.mean(loser, k).say().Text:
		return reports.Say("The averages do differ: {} users a change with {} against {} with {}.",
			v.mean(winner, k).say(), v.name(winner), v.mean(loser, k).say(), v.name(loser))
	}
	return v.heavy(k)
}

// worstCases ends the sentence about a worse average with the reason.
func (v view) worstCases(winner, loser, k int) reports.Text {
	mine, theirs := v.tail(winner, k, 0.99), v.tail(loser, k, 0.99)
	if !(mine.has() && theirs.has() && mine.v > theirs.v) {
		return reports.Say(", because the cases it loses are larger than those it wins.")
	}
	return reports.Say(", because its worst cases are worse: the worst 1 in 100 hurt {} users on average, against {}.", mine.say(), theirs.say())
}

// heavy names the alternatives whose mean is above what 9 in 10 cases stay
// below: a few cases carry it.
func (v view) heavy(k int) reports.Text {
	var all []reports.Text
	for i := range v.Alternatives {
		p90, tail := v.point(i, k, 0.9), v.tail(i, k, 0.99)
		if p90.has() && tail.has() && v.mean(i, k).v > p90.v {
			all = append(all, reports.Say("with {} the mean is {} users and the worst 1 in 100 hurt {} on average",
				v.name(i), v.mean(i, k).say(), tail.say()))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return reports.Say("A few large cases carry the mean: {}.", reports.Join(all, "; ", "; "))
}

// costs says what a change costs, and whether money points the other way.
func (v view) costs() reports.Text {
	k, ok := v.metric("cost")
	if !ok || !v.mean(0, k).has() || len(v.Alternatives) > widest { // then the table tells it better
		return nil
	}
	t := reports.Say("On average a change costs {}, harm, incidents and delay together",
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.mean(i, k).say(), v.name(i)) }))
	d, ok := v.main()
	if !ok {
		return append(t, reports.Words(".")...)
	}
	diff := v.Comparisons[d.comparison].Differences[k]
	switch {
	case d.verdict == unknown:
	case !diff.Visible:
		return append(t, reports.Say("; between {} and {} that is no visible difference.", v.name(0), v.name(d.rival))...)
	case d.verdict == ahead && diff.Difference > 0, d.verdict == behind && diff.Difference < 0:
		return append(t, reports.Say("; between {} and {} money points the other way.", v.name(0), v.name(d.rival))...)
	}
	return append(t, reports.Words(".")...)
}

// exceptions names the classes of defects in which the other side wins.
func (v view) exceptions() reports.Text {
	d, ok := v.main()
	if !ok || d.verdict == unknown {
		return nil
	}
	classes := v.Comparisons[d.comparison].Contests[d.contest].ByClass
	if d.verdict == level {
		return v.bothWays(d, classes)
	}
	_, other := d.sides()
	named := v.classes(d, classes, d.verdict == behind)
	if len(named) == 0 {
		return reports.Say("In no class of defects does {} come out visibly ahead.", v.name(other))
	}
	return reports.Say("{} does better with {}.{}", v.name(other), few(named), v.luckyClasses(classes))
}

// luckyClasses warns of many comparisons at once: each is a sign test at 95 %,
// half of whose errors are on this side.
func (v view) luckyClasses(classes []study.ClassCount) reports.Text {
	if len(classes) < 4 {
		return nil
	}
	return reports.Say(" (Each class is looked at by itself: one in forty would seem ahead by luck alone.)")
}

// bothWays is exceptions where nobody is ahead overall.
func (v view) bothWays(d duel, classes []study.ClassCount) reports.Text {
	var sides []reports.Text
	for _, alternative := range []bool{false, true} {
		who := 0
		if alternative {
			who = d.rival
		}
		if named := v.classes(d, classes, alternative); len(named) > 0 {
			sides = append(sides, reports.Say("{} does better with {}", v.name(who), few(named)))
		}
	}
	if len(sides) == 0 {
		return reports.Words("In no class of defects is either visibly ahead.")
	}
	return reports.Say("{}.", reports.Join(sides, "; ", "; "))
}

// few keeps the first three of a list.
func few(all []reports.Text) reports.Text {
	if len(all) > 3 {
		rest := len(all) - 3
		more := "classes"
		if rest == 1 {
			more = "class"
		}
		all = append(all[:3:3], reports.Words(fmt.Sprintf("%s more %s", spelled(rest), more)))
	}
	return reports.Join(all, ", ", " and ")
}

// spelled writes small counts of things in the text itself as words.
func spelled(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return "several"
}

// signError is how many standard errors of a sign test a class must be ahead to
// be named: the two-sided 95 % point of the normal distribution.
const signError = 1.96

// classes names the classes in which one side wins more pairs than the other,
// by more than a sign test leaves to luck (Dixon and Mood 1946, normal
// approximation without ties), largest margin first.
func (v view) classes(d duel, classes []study.ClassCount, alternative bool) []reports.Text {
	type margin struct {
		text reports.Text
		size float64
	}
	var all []margin
	for n, c := range classes {
		mine, theirs, mineAt, theirsAt := c.Losses, c.Wins, "losses", "wins"
		if alternative {
			mine, theirs, mineAt, theirsAt = theirs, mine, theirsAt, mineAt
		}
		if lead := float64(mine - theirs); c.Pairs > 0 && lead > signError*math.Sqrt(float64(mine+theirs)) {
			at := func(field string) string {
				return fmt.Sprintf("100 * %s / %s", d.at(fmt.Sprintf("by_class[%d].%s", n, field)), d.at(fmt.Sprintf("by_class[%d].pairs", n)))
			}
			all = append(all, margin{reports.Say("{} defects ({} of 100 against {})", reports.Name(c.Class),
				hundred(mine, c.Pairs, at(mineAt)), hundred(theirs, c.Pairs, at(theirsAt))), lead / float64(c.Pairs)})
		}
	}
	slices.SortStableFunc(all, func(a, b margin) int {
		switch {
		case a.size > b.size:
			return -1
		case a.size < b.size:
			return 1
		}
		return 0
	})
	var texts []reports.Text
	for _, m := range all {
		texts = append(texts, m.text)
	}
	return texts
}

// hundred prints n of all as a whole number per 100.
func hundred(n, all int, from string) reports.Span {
	v := 100 * float64(n) / float64(all)
	return reports.Span{Text: number.Whole(int(math.Round(v))), Style: reports.Number, Value: v, From: from}
}

// doubt says how far the simulation itself can be trusted, and what kind of
// chance the pairs share.
func (v view) doubt() reports.Text {
	d, ok := v.main()
	if !ok || d.verdict == unknown {
		return reports.Say("Simulated in {}.", counted(v.Size.Replications, "replication", "size.replications"))
	}
	winner, loser := d.sides()
	low, high, lowAt, highAt := d.Lead.Low, d.Lead.High, d.at("overall.lead.low"), d.at("overall.lead.high")
	form := "100 * "
	if d.verdict == behind {
		low, high, lowAt, highAt, form = -high, -low, highAt, lowAt, "-100 * "
	}
	step := max(100*d.Lead.StandardError, 1)
	say := func(x stat.Number, at string) reports.Span {
		return value{min(100, max(-100, 100*x)), step, number.Plain, form + at}.say()
	}
	return reports.Say("Simulation error: the lead of {} over {}, wins less losses, is between {} and {} of 100 ({} interval, {}). Pairs: {}.",
		v.name(winner), v.name(loser), say(low, lowAt), say(high, highAt), v.level(),
		counted(v.Size.Replications, "replication", "size.replications"),
		reports.Name(v.Comparisons[d.comparison].Contests[d.contest].Coupling))
}

// sides are the alternative whose margin is told, the baseline when it is ahead
// and its rival otherwise, and the other one.
func (d duel) sides() (winner, loser int) {
	if d.verdict == behind {
		return 0, d.rival
	}
	return d.rival, 0
}
