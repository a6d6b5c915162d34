package section

import (
	"fmt"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var flips = Section{
	Name:   "map",
	Title:  "Where the answer flips",
	Medium: reports.ScreenOnly,
	Doc:    "Over two inputs at once, which of two alternatives does better where; when it was asked for.",
	Build: func(s *study.Study) []reports.Block {
		if s.Map == nil {
			return nil
		}
		v := atlas{s.Map, "map."}
		return append([]reports.Block{paragraph(reports.Lead, v.headline())}, v.blocks()...)
	},
}

// Regions says in words what a map of two inputs shows.
func Regions(r *study.Regions) reports.Report {
	v := atlas{r, ""}
	return reports.Report{Title: r.About.Title, Summary: v.headline().Plain(), Parts: []reports.Part{
		{Name: "answer", Blocks: []reports.Block{paragraph(reports.Headline, v.headline()), paragraph(reports.Strip, v.strip())}},
		{Name: "map", Title: "Where the answer flips", Blocks: v.blocks()},
	}}
}

// blocks are the picture, and in words where it turns.
func (v atlas) blocks() []reports.Block {
	return []reports.Block{reports.Atlas{Picture: RegionPicture(v.Regions), Lines: RegionLines(v.Regions)},
		reports.List{Items: v.bounds()}, paragraph(reports.Note, v.shares())}
}

type atlas struct {
	*study.Regions
	from string // where it stands in the study; "" where it stands alone
}

// say is a number of the map.
func (v atlas) say(x, round float64, unit number.Unit, at string) reports.Span {
	return value{stat.Number(x), stat.Number(round), unit, v.from + at}.say()
}

func (v atlas) best() reports.Span  { return reports.NameOf(v.Best, v.BestAt) }
func (v atlas) rival() reports.Span { return reports.NameOf(v.Rival, v.RivalAt) }

func (v atlas) does() string {
	if v.Of == "cost" {
		return "costs less on average"
	}
	return "hurts fewer users in more changes"
}

// headline says who does better here, and when the other one would.
func (v atlas) headline() reports.Text {
	here := v.Nodes[len(v.Nodes)/2]
	switch here.Winner {
	case "level":
		return reports.Say("At what is stated neither {} nor {} visibly "+v.does()+".", v.best(), v.rival())
	case "stuck":
		return reports.Words("At what is stated an alternative does not keep up with its changes.")
	}
	winner, other := v.best(), v.rival()
	if here.Winner == "rival" {
		winner, other = other, winner
	}
	var when []reports.Text
	for i := range v.Bounds {
		when = append(when, v.bound(i))
	}
	if len(when) == 0 {
		return reports.Say("{} "+v.does()+" than {} at what is stated, and neither of these two inputs alone turns that round on this map.", winner, other)
	}
	return reports.Say("{} "+v.does()+" than {} at what is stated; {} wins if {}.", winner, other, other, reports.Join(when, ", or if ", ", or if "))
}

// bound is where one input turns the answer round.
func (v atlas) bound(i int) reports.Text {
	b := &v.Regions.Bounds[i]
	a := &v.X
	if b.Axis == "y" {
		a = &v.Y
	}
	word := "below"
	if b.Above {
		word = "above"
	}
	return reports.Say("{} is "+word+" {} (stated: {})", reports.Name(a.Label), v.say(b.At, b.At/20, v.unit(a), fmt.Sprintf("bounds[%d].at", i)), v.stated(a))
}

// stated is what the scenario says of an input, with its currency.
func (v atlas) stated(a *study.RegionAxis) reports.Span {
	if a.Unit == "money" {
		return reports.Name(v.Currency + a.Stated)
	}
	return reports.Name(a.Stated)
}

// unit is that of an axis.
func (v atlas) unit(a *study.RegionAxis) number.Unit {
	switch a.Unit {
	case "hours":
		return number.Hours
	case "share":
		return number.Share
	case "money":
		return number.Money(v.Currency)
	}
	return number.Count
}

// write prints a value of an axis.
func (v atlas) write(a *study.RegionAxis, x float64) string {
	return number.Text(x, x/20, v.unit(a))
}

func (v atlas) strip() reports.Text {
	return reports.Say("{} · {} points of {} changes or more · seed {}", reports.Hard(v.About.Name), whole(v.Points, v.from+"points"), whole(v.Regions.Changes, v.from+"changes"), fmt.Sprint(v.Seed))
}

// bounds tell how far an input would have to be from what is stated.
func (v atlas) bounds() []reports.Text {
	var all []reports.Text
	for i := range v.Regions.Bounds {
		b := &v.Regions.Bounds[i]
		a := &v.X
		if b.Axis == "y" {
			a = &v.Y
		}
		what := "its value"
		if a.Unit == "share" {
			what = "its odds"
		}
		all = append(all, reports.Say("{} would have to be {} times "+what+" as you state it.", reports.Name(a.Label), v.say(b.Times, b.Times/20, number.Plain, fmt.Sprintf("bounds[%d].times", i))))
	}
	if len(all) == 0 {
		all = append(all, reports.Say("Neither input turns the answer round by itself within a factor of {}; see the corners of the map.", v.say(v.Factor, v.Factor/10, number.Plain, "factor")))
	}
	return all
}

func (v atlas) shares() reports.Text {
	part := func(x float64, at string) reports.Span { return v.say(x, 0.01, number.Share, "shares."+at) }
	s := v.Ahead
	t := reports.Say("Of the map {} is {}'s, {} is {}'s, {} lies inside the simulation error", part(s.Best, "best"), v.best(), part(s.Rival, "rival"), v.rival(), part(s.Level, "level"))
	if s.Stuck > 0 {
		t = append(t, reports.Say(", and in {} a pipeline does not keep up", part(s.Stuck, "stuck"))...)
	}
	return append(t, reports.Words(". Axes multiply what is stated, a share by its odds.")...)
}

// RegionLines is the map in characters, for a terminal: a row for each second node of y, the
// largest first.
func RegionLines(r *study.Regions) []string {
	v := atlas{r, ""}
	n := len(r.X.Steps)
	sign := map[string]byte{"best": '#', "rival": '.', "level": '/', "stuck": ' '}
	lines := []string{fmt.Sprintf("%s upwards, %s to the right", r.Y.Label, r.X.Label)}
	for j := n - 1; j >= 0; j -= 2 {
		label := ""
		if j%8 == 0 {
			label = v.write(&r.Y, r.Y.Values[j])
		}
		var row strings.Builder
		for i := range n {
			c := sign[r.Nodes[j*n+i].Winner]
			if i == n/2 && j == n/2 {
				c = '@'
			}
			row.WriteByte(c)
			if i < n-1 {
				if c == '@' {
					c = sign[r.Nodes[j*n+i].Winner]
				}
				row.WriteByte(c)
			}
		}
		lines = append(lines, fmt.Sprintf("%9s |%s|", strings.ReplaceAll(label, number.NoBreak, " "), row.String()))
	}
	plain := func(x float64) string { return strings.ReplaceAll(v.write(&r.X, x), number.NoBreak, " ") }
	left, middle, right := plain(r.X.Values[0]), plain(r.X.Values[n/2]), plain(r.X.Values[n-1])
	width := 2*n - 1
	gap := max(1, (width-len(left)-len(middle)-len(right))/2)
	lines = append(lines, "           "+left+strings.Repeat(" ", gap)+middle+strings.Repeat(" ", max(1, width-len(left)-gap-len(middle)-len(right)))+right)
	return append(lines, fmt.Sprintf("           # %s   . %s   / inside the simulation error   @ as stated", r.Best, r.Rival))
}

// RegionPicture is the map as a picture.
func RegionPicture(r *study.Regions) chart.Regions {
	v := atlas{r, ""}
	p := chart.Regions{Title: v.headline().Plain(), Best: r.Best, Rival: r.Rival, BestAt: r.BestAt, RivalAt: r.RivalAt, X: v.axis(&r.X), Y: v.axis(&r.Y)}
	p.About = fmt.Sprintf("A map of %s, to the right, and %s, upwards. %s", r.X.Label, r.Y.Label, v.shares().Plain())
	for _, n := range r.Nodes {
		p.Winner = append(p.Winner, n.Winner)
	}
	return p
}

// axis is an axis of the picture, with its ends, the middle and the quarters as ticks.
func (v atlas) axis(a *study.RegionAxis) chart.RegionAxis {
	n := len(a.Steps)
	whole := a.Steps[n-1] - a.Steps[0]
	place := func(step float64) float64 { return math.Max(0, math.Min(1, (step-a.Steps[0])/whole)) }
	x := chart.RegionAxis{Name: a.Label}
	for i := 0; i < n; i += n / 4 {
		x.Ticks = append(x.Ticks, chart.Tick{At: place(a.Steps[i]), Text: v.write(a, a.Values[i])})
	}
	if len(a.Range) == 2 {
		x.Half = [2]float64{place(a.Half[0]), place(a.Half[1])}
		x.Range = [2]float64{place(a.Range[0]), place(a.Range[1])}
	} else {
		x.Half, x.Range = [2]float64{0.5, 0.5}, [2]float64{0.5, 0.5}
	}
	return x
}
