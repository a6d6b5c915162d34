package section

import (
	"fmt"
	"github.com/rollrisk/rollrisk/sim/stat"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
)

var stops = Section{
	Name:   "stops",
	Title:  "Where 1,000 defects are stopped",
	Medium: reports.ScreenOnly,
	Doc:    "Which stage stops how many of 1,000 defects, how many users meet, and how many nobody notices.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		if s.Size.Defects == 0 {
			return nil
		}
		var blocks []reports.Block
		for i := range s.Alternatives {
			blocks = append(blocks, v.flowChart(i))
		}
		return blocks
	},
}

// course is the way of 1,000 defects through one alternative.
type course struct {
	view
	i      int
	flow   chart.Flow
	before []int // stops without users, in order, as indices
	after  []int // all others
}

func (v view) course(i int) *course {
	c := &course{view: v, i: i, flow: chart.Flow{Choice: v.choice(i)}}
	for n, s := range v.Alternatives[i].Stops {
		if s.Kind == "environment" {
			c.before = append(c.before, n)
		} else {
			c.after = append(c.after, n)
		}
	}
	return c
}

// some prints the sum of stops. Its error is that of a share of so many
// defects, which bounds the digits.
func (c *course) some(stops []int) value {
	sum, from := 0., ""
	for _, n := range stops {
		sum += c.Alternatives[c.i].Stops[n].PerThousand
		if from != "" {
			from += " + "
		}
		from += fmt.Sprintf("alternatives[%d].stops[%d].per_thousand", c.i, n)
	}
	p := min(1, sum/1000)
	err := 1000 * math.Sqrt(float64(p*(1-p))/float64(c.Size.Defects))
	return value{stat.Number(sum), stat.Number(max(err, 0.5)), number.Plain, from}
}

// drawn builds the flow: each environment takes its defects off the way, and
// what is left meets users.
func (c *course) drawn() chart.Flow {
	rest := append(append([]int{}, c.before...), c.after...)
	from := c.node(chart.Source, "defects", rest, 0)
	for depth, n := range c.before {
		caught := c.node(chart.Stopped, "stopped in "+c.Alternatives[c.i].Stops[n].Where, []int{n}, depth+1)
		c.link(from, caught)
		rest = rest[1:]
		name, kind := "go on", chart.Passing
		if depth == len(c.before)-1 {
			name = "reach users"
		}
		onward := c.node(kind, name, rest, depth+1)
		c.link(from, onward)
		from = onward
	}
	for _, n := range c.after {
		kind, name := ending(c.Alternatives[c.i].Stops[n])
		c.link(from, c.node(kind, name, []int{n}, len(c.before)+1))
	}
	return c.flow
}

// ending says what became of defects that met users.
func ending(s study.Stop) (chart.Kind, string) {
	switch s.Kind {
	case "never":
		return chart.Missed, "noticed by nobody"
	case "harmless":
		return chart.Stopped, "never showed"
	}
	return chart.Noticed, "noticed at " + s.Where
}

func (c *course) node(kind chart.Kind, name string, stops []int, depth int) int {
	x := c.some(stops)
	c.flow.Nodes = append(c.flow.Nodes, chart.Node{Name: name, Text: x.say().Text, Value: float64(x.v), Depth: depth, Kind: kind})
	return len(c.flow.Nodes) - 1
}

// link carries all of a node to it.
func (c *course) link(from, to int) {
	n := c.flow.Nodes[to]
	c.flow.Links = append(c.flow.Links, chart.Link{From: from, To: to, Value: n.Value,
		Text: n.Text + " of 1,000 defects: " + n.Name})
}

func (v view) flowChart(i int) reports.Chart {
	c := v.course(i)
	reach, missed := c.some(c.after), reports.Text(nil)
	for _, n := range c.after {
		if v.Alternatives[i].Stops[n].Kind == "never" {
			missed = reports.Say("; nobody notices {}", c.some([]int{n}).say())
		}
	}
	title := reports.Say("{}: of 1,000 defects {} reach users{}", v.name(i), reach.say(), missed)
	return reports.Chart{
		Title:    title,
		Subtitle: reports.Words("Defects, from the change that brings them to the place that stops them"),
		Picture:  chart.Chart{Name: fmt.Sprintf("stops-%d", i), Alt: title.Plain(), Body: c.drawn()},
		Table:    c.table(),
	}
}

// table says where the defects end and how many are left after each place.
func (c *course) table() reports.Table {
	all := append(append([]int{}, c.before...), c.after...)
	t := reports.Table{
		Caption: reports.Say("Where 1,000 defects end with {}", c.name(c.i)),
		Columns: []reports.Column{{Title: reports.Words("place")},
			{Title: reports.Words("of 1,000 defects"), Align: reports.Right}, {Title: reports.Words("left after that"), Align: reports.Right}},
		Rows: []reports.Row{{Cells: []reports.Text{reports.Words("at the start"), nil, {c.some(all).say()}}}},
	}
	for at, n := range all {
		s, left := c.Alternatives[c.i].Stops[n], reports.Text(nil)
		place := reports.Say("stopped in {}", reports.Name(s.Where))
		if s.Kind == "environment" {
			left = reports.Text{c.some(all[at+1:]).say()}
		} else {
			_, words := ending(s)
			place = reports.Text{reports.Name(words)}
		}
		t.Rows = append(t.Rows, reports.Row{Cells: []reports.Text{place, {c.some([]int{n}).say()}, left}})
	}
	return t
}
