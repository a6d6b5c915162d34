package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var stories = Section{
	Name:   "stories",
	Title:  "Single changes, from ready to the end",
	Medium: reports.ScreenOnly,
	Doc:    "What happened to single changes in every alternative, on one clock: a middle case, bad luck, and one in which the alternative that does worse on the whole does better.",
	Build: func(s *study.Study) []reports.Block {
		var blocks []reports.Block
		for i := range s.Stories {
			n := narrator{Story: &s.Stories[i], from: fmt.Sprintf("stories[%d].", i)}
			blocks = append(blocks, n.picture(i), reports.Details{Summary: reports.Say("Change {}, event by event", whole(n.Change, n.from+"change")), Blocks: n.tales()})
		}
		if len(blocks) == 0 {
			return nil
		}
		return append(blocks, paragraph(reports.Note, reports.Words(
			"These are changes of this very simulation. Failed requests are expected numbers: the defect is drawn, the single request is not. rollrisk explain tells the story of any other change.")))
	},
}

// tales are the opening and what happened in each alternative.
func (n narrator) tales() []reports.Block {
	var blocks []reports.Block
	for k := range n.Defects {
		blocks = append(blocks, paragraph(reports.Body, n.defect(k)))
	}
	for i := range n.Tales {
		blocks = append(blocks, paragraph(reports.Body, reports.Say("{}:", reports.NameOf(n.Tales[i].Title, i))))
		blocks = append(blocks, n.tale(i)...)
	}
	return blocks
}

// picture draws how much of the traffic is on a release with the change, over the hours
// since it was ready.
func (n narrator) picture(at int) reports.Block {
	var lines []chart.Line
	var times []float64
	table := reports.Table{Caption: reports.Say("What became of change {}", whole(n.Change, n.from+"change")),
		Columns: []reports.Column{{Title: reports.Words("alternative")}, {Title: reports.Words("users hurt"), Align: reports.Right},
			{Title: reports.Words("failed requests"), Align: reports.Right}, {Title: reports.Words("everyone has it for good after"), Align: reports.Right}}}
	for i, t := range n.Tales {
		l := chart.Line{Choice: chart.Choice{Name: t.Title, Index: i}, Points: n.course(i)}
		for _, p := range l.Points {
			times = append(times, p.X)
		}
		lines = append(lines, l)
		table.Rows = append(table.Rows, reports.Row{Cells: []reports.Text{{reports.NameOf(t.Title, i)},
			{n.at(i, "users_affected", t.UsersAffected, number.Count)}, {n.at(i, "failed_requests", t.FailedRequests, number.Count)},
			{n.at(i, "lead_time", t.LeadTime, number.Hours)}}})
	}
	x := chart.LogAxis("time since the change was ready", number.Hours, times)
	for i := range lines {
		lines[i].Points = append([]chart.Point{{X: x.Min}}, lines[i].Points...)
	}
	title := append(reports.Words(capital(n.Pick)+". Users hurt: "), n.hurt()...)
	return reports.Chart{
		Title:    title,
		Subtitle: reports.Say("Share of the traffic that meets a defect of change {}, which was ready on {}", whole(n.Change, n.from+"change"), clock(n.Arrives)),
		Picture: chart.Chart{Name: fmt.Sprintf("story-%d", at+1), Alt: title.Plain() + ". A step curve for each alternative.",
			Body: chart.Curves{X: x, Y: chart.ShareAxis("share of the traffic that meets a defect of it"),
				Lines: lines, Stays: true, Label: chart.LabelKey, Reads: "after"}},
		Table: table,
	}
}

// shortest is what a time in a picture is at least, in hours: a minute.
const shortest = 1.0 / 60

// course is the share of the traffic that meets a defect of the change, from each time
// on at which it changes; X in hours since the change was ready.
func (n narrator) course(i int) []chart.Point {
	var points []chart.Point
	share, last := 0.0, 0.0
	for k, e := range n.Tales[i].Events {
		switch e.What {
		case "ring":
			share = e.Share
		case "formed", "caught":
			share = 0
		case "ended":
			if !n.stays(i, k) {
				share = 0
			}
		}
		if now := share * float64(min(1, e.Live)); now != last {
			points = append(points, chart.Point{X: max(shortest, e.At-n.Arrives), Y: now})
			last = now
		}
	}
	return points
}

// hurt says how many users the change hurts with each alternative.
func (n narrator) hurt() reports.Text {
	var all []reports.Text
	for i, t := range n.Tales {
		all = append(all, reports.Say("{} with {}", n.at(i, "users_affected", t.UsersAffected, number.Count), reports.NameOf(t.Title, i)))
	}
	return reports.Join(all, ", ", " and ")
}

// at is a field of the tale of alternative i.
func (n narrator) at(i int, field string, x stat.Number, u number.Unit) reports.Span {
	return value{x, 0, u, fmt.Sprintf("%stales[%d].%s", n.from, i, field)}.say()
}
