package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var headline = Section{
	Name:  "answer",
	Title: "Answer",
	Doc:   "Which choice, how often it is better, how large the harm is, when it is worse.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		if stuck := v.stuck(); len(stuck) > 0 {
			return v.noAnswer(stuck)
		}
		blocks := []reports.Block{paragraph(reports.Headline, v.headline())}
		blocks = append(blocks, v.sizes()...)
		blocks = append(blocks, v.others()...)
		for _, t := range []reports.Text{v.averages(), v.costs(), v.exceptions()} {
			if len(t) > 0 {
				blocks = append(blocks, paragraph(reports.Lead, t))
			}
		}
		return blocks
	},
}

// verdict says who is ahead in a contest.
type verdict int

const (
	level   verdict = iota // no difference can be seen
	ahead                  // the alternative is
	behind                 // the baseline is
	unknown                // too few replications to tell
)

// fewest is the least number of replications whose spread says anything: with
// four, a 90 % interval of a mean is still wider than four standard errors.
const fewest = 5

// duel is the contest that the headline tells.
type duel struct {
	stat.Contest
	comparison int // index into Comparisons
	contest    int // index into its Contests
	rival      int // index of the alternative
	verdict    verdict
}

func (d duel) at(field string) string {
	return fmt.Sprintf("comparisons[%d].contests[%d].%s", d.comparison, d.contest, field)
}

// duelOf is the contest of one comparison over one metric.
func (v view) duelOf(comparison int, metric string) (d duel, ok bool) {
	c := &v.Comparisons[comparison]
	for k := range c.Contests {
		if c.Contests[k].Metric == metric {
			d = duel{c.Contests[k].Overall, comparison, k, c.Alternative, level}
			switch {
			case math.IsNaN(float64(d.Lead.Low)) || v.Size.Replications < fewest:
				d.verdict = unknown
			case d.Lead.Low > 0:
				d.verdict = ahead
			case d.Lead.High < 0:
				d.verdict = behind
			}
			return d, d.Pairs > 0
		}
	}
	return duel{}, false
}

// main is the contest with the largest lead over the baseline. Alternatives meet
// only the baseline, so nothing is said of how they would do against each other.
func (v view) main() (best duel, ok bool) {
	for i := range v.Comparisons {
		if d, some := v.duelOf(i, harm); some && (!ok || d.Lead.Mean > best.Lead.Mean) {
			best, ok = d, true
		}
	}
	return best, ok
}

// harm is the metric that the headline is about.
const harm = "users_affected"

// per100 prints the numbers of a contest. They add up to 100.
func (v view) per100(d duel) (wins, losses, ties reports.Span) {
	return whole(d.Per100.Wins, d.at("overall.per_100.wins")),
		whole(d.Per100.Losses, d.at("overall.per_100.losses")),
		whole(d.Per100.Ties, d.at("overall.per_100.ties"))
}

func (v view) headline() reports.Text {
	d, ok := v.main()
	if !ok {
		return v.alone()
	}
	wins, losses, ties := v.per100(d)
	switch d.verdict {
	case ahead:
		return reports.Say("Of 100 changes that carry a defect, {} hurt fewer users with {} and {} with {}; {} come out the same.",
			wins, v.name(d.rival), losses, v.name(0), ties)
	case behind:
		return reports.Say("Of 100 changes that carry a defect, {} hurt fewer users with {} and {} with {}; {} come out the same.",
			losses, v.name(0), wins, v.name(d.rival), ties)
	}
	opening := reports.Words("No visible difference")
	if d.verdict == unknown {
		opening = reports.Say("{} can claim no difference", counted(v.Size.Replications, "replication", "size.replications"))
	}
	return reports.Say("{}: of 100 changes that carry a defect, {} hurt fewer users with {} and {} with {}; {} come out the same.",
		opening, losses, v.name(0), wins, v.name(d.rival), ties)
}

// alone is the headline without a contest: there is one alternative, or no
// change carries a defect.
func (v view) alone() reports.Text {
	if v.Size.Defective == 0 {
		return reports.Say("None of {} simulated changes carries a defect: there is no harm to compare.", whole(v.Size.Changes, "size.changes"))
	}
	k, ok := v.metric(harm)
	if !ok || !v.point(0, k, 0.5).has() {
		return reports.Say("There is nothing to compare {} with.", v.name(0))
	}
	return reports.Say("With {}, the middle one of the changes that carry a defect hurts {} users; 9 in 10 hurt between {} and {}, in this model and with these inputs.",
		v.name(0), v.point(0, k, 0.5).say(), v.point(0, k, 0.05).say(), v.point(0, k, 0.95).say())
}

// sizes says how large the harm is: the spread of outcomes, not the interval of
// a mean.
func (v view) sizes() []reports.Block {
	k, ok := v.metric(harm)
	if !ok || v.Size.Defective == 0 || len(v.Alternatives) == 1 {
		return nil
	}
	var items []reports.Text
	for i := range v.Alternatives {
		if middle := v.point(i, k, 0.5); middle.has() {
			items = append(items, reports.Say("{} with {}; 9 in 10 lie between {} and {}",
				middle.say(), v.name(i), v.point(i, k, 0.05).say(), v.point(i, k, 0.95).say()))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []reports.Block{
		paragraph(reports.Lead, reports.Words("Users hurt by such a change in the middle case, in this model and with these inputs:")),
		reports.List{Items: items},
	}
}

// others tells the contests that the headline leaves out.
func (v view) others() []reports.Block {
	best, ok := v.main()
	if !ok || len(v.Comparisons) < 2 {
		return nil
	}
	var all []reports.Text
	for i := range v.Comparisons {
		d, some := v.duelOf(i, harm)
		if !some || i == best.comparison {
			continue
		}
		wins, losses, ties := v.per100(d)
		t := reports.Say("{} hurt fewer users with {} and {} with {}, {} come out the same", wins, v.name(d.rival), losses, v.name(0), ties)
		if len(v.Alternatives) > widest {
			t = reports.Say("{}: fewer in {}, more in {}, the same in {}", v.name(d.rival), wins, losses, ties)
		}
		if d.verdict == level {
			t = append(t, reports.Say(" (no visible difference)")...)
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil
	}
	if len(v.Alternatives) > widest {
		return []reports.Block{paragraph(reports.Lead, reports.Say("In the same 100, users hurt against {}:", v.name(0))), reports.List{Items: all}}
	}
	return []reports.Block{paragraph(reports.Lead, reports.Say("In the same 100: {}.", reports.Join(all, "; ", "; ")))}
}
