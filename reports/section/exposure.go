package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var exposure = Section{
	Name:   "exposure",
	Title:  "How many are on a defective release, over time",
	Medium: reports.ScreenOnly,
	Doc:    "The share of the users who are on a release with a live defect of a change, from the time it was ready on: the middle case, the mean, and how far luck spreads it.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		hours, reached := v.exposedHours()
		switch {
		case hours == 0:
			return nil
		case !reached:
			return []reports.Block{paragraph(reports.Body, v.nobodyExposed())}
		}
		return []reports.Block{v.exposureChart(), paragraph(reports.Note, reports.Words(
			"Each time is looked at by itself, so a curve is no single change. The time runs from when a change was ready: what takes longer to reach users is with them later, which by itself is not with fewer of them. A defect that nobody notices stays with its users."))}
	},
}

// exposedHours is how many times every alternative has, 0 when one has none, and whether
// any defective change ever was with a user.
func (v view) exposedHours() (n int, reached bool) {
	n = math.MaxInt
	for i := range v.Alternatives {
		e := &v.Alternatives[i].Exposure
		n, reached = min(n, len(e.Points)), reached || e.Reached > 0
	}
	return n, reached
}

// nobodyExposed stands where there is nothing to draw.
func (v view) nobodyExposed() reports.Text {
	with := reports.Say("with {}", v.name(0))
	if len(v.Alternatives) > 1 {
		with = reports.Words("with any alternative")
	}
	return reports.Say("No user is ever on a release with a live defect {}: each is caught before.", with)
}

// exposed is a field of point k of the exposure of alternative i. The error is that of a
// share of so many changes, which bounds that of a mean.
func (v view) exposed(i, k int, field string) value {
	e := &v.Alternatives[i].Exposure
	p := e.Points[k]
	x := map[string]float64{"mean": p.Mean, "p5": p.P5, "p25": p.P25, "p50": p.P50, "p75": p.P75, "p95": p.P95}[field]
	err := 0.0
	if field == "mean" {
		err = math.Sqrt(float64(x*(1-x)) / float64(e.Changes))
	}
	return value{stat.Number(x), stat.Number(err), number.Share, fmt.Sprintf("alternatives[%d].exposure.points[%d].%s", i, k, field)}
}

// exposedAt is the time of point k.
func (v view) exposedAt(i, k int) value {
	return value{stat.Number(v.Alternatives[i].Exposure.Points[k].Hours), 0, number.Hours, fmt.Sprintf("alternatives[%d].exposure.points[%d].hours", i, k)}
}

// times are the times that people name, in hours, as a sentence begins with them.
var times = [...]struct {
	hours float64
	words string
}{{1, "An hour"}, {6, "Six hours"}, {12, "Twelve hours"}, {24, "A day"}, {72, "Three days"}, {168, "A week"}, {730, "A month"}, {2190, "Three months"}, {8766, "A year"}}

// named are the points at such times; the last point alone where there is none.
func (v view) named() []int {
	var all []int
	points := v.Alternatives[0].Exposure.Points
	for k, p := range points {
		if moment(p.Hours) != nil {
			all = append(all, k)
		}
	}
	if len(all) == 0 {
		all = append(all, len(points)-1)
	}
	return all
}

// moment is the name of a time in hours, nil where it has none.
func moment(hours float64) reports.Text {
	for _, t := range times {
		if hours == t.hours {
			return reports.Words(t.words)
		}
	}
	return nil
}

// apartest is the named point at which the means of the alternatives differ most; where
// they never do, or there is one alternative, at which the mean is largest.
func (v view) apartest() int {
	best, most, top := 0, -1.0, -1.0
	for _, k := range v.named() {
		low, high := 1.0, 0.0
		for i := range v.Alternatives {
			m := v.Alternatives[i].Exposure.Points[k].Mean
			low, high = min(low, m), max(high, m)
		}
		if d := high - low; d > most || d == most && high > top {
			best, most, top = k, d, high
		}
	}
	return best
}

// exposureTitle says who is on a defective change when it differs most: in the middle
// case, unless that is the same for all.
func (v view) exposureTitle() reports.Text {
	k := v.apartest()
	when := moment(v.Alternatives[0].Exposure.Points[k].Hours)
	if when == nil {
		when = reports.Text{v.exposedAt(0, k).say()}
	}
	field, how := "mean", "on average"
	for i := range v.Alternatives {
		if v.Alternatives[i].Exposure.Points[k].P50 != v.Alternatives[0].Exposure.Points[k].P50 {
			field, how = "p50", "in the middle case"
		}
	}
	t := reports.Say("{} after a defective change is ready, this share of the users is on it {}: {}", when, how,
		v.each(func(i int) reports.Text { return reports.Say("{} with {}", v.exposed(i, k, field).say(), v.name(i)) }))
	if v.nothingEnds() {
		t = append(t, reports.Words("; what has reached users is never taken from them")...)
	}
	return t
}

// nothingEnds says that every change that was with a user still is.
func (v view) nothingEnds() bool {
	for i := range v.Alternatives {
		if e := &v.Alternatives[i].Exposure; e.Left < e.Reached {
			return false
		}
	}
	return true
}

func (v view) exposureChart() reports.Chart {
	points := v.Alternatives[0].Exposure.Points
	x := chart.LogAxis("time since the change was ready", number.Hours, []float64{points[0].Hours, points[len(points)-1].Hours})
	x.Max = points[len(points)-1].Hours // nothing is known of later
	for n := len(x.Ticks); n > 0 && x.Ticks[n-1].At > x.Max; n-- {
		x.Ticks = x.Ticks[:n-1]
	}
	fans := chart.Fans{X: x, Y: chart.ShareAxis("share of the users"), Reads: "after"}
	var key []reports.Text
	for i := range v.Alternatives {
		fans.Fans = append(fans.Fans, v.fan(i))
		key = append(key, v.peak(i))
	}
	title := v.exposureTitle()
	return reports.Chart{
		Title: title,
		Subtitle: reports.Say("Share of the users who are on a release with a live defect of a change, of {} that carry one. Line: the middle case; dashed: the mean; dark band: half of the changes; light band: 9 in 10.",
			counted(v.Alternatives[0].Exposure.Changes, "change", "alternatives[0].exposure.changes")),
		Key:     key,
		Picture: chart.Chart{Name: "exposure-fans", Alt: reports.Say("A panel for each alternative over a logarithmic axis of time, each with two bands and two lines. {}.", title).Plain(), Body: fans},
		Table:   v.exposureTable(),
	}
}

// fan is alternative i as the picture draws it.
func (v view) fan(i int) chart.Fan {
	f := chart.Fan{Choice: v.choice(i)}
	for k, p := range v.Alternatives[i].Exposure.Points {
		at := func(field string) string { return v.exposed(i, k, field).say().Text }
		f.Points = append(f.Points, chart.FanPoint{X: p.Hours, Middle: p.P50, Mean: p.Mean,
			Outer: chart.Band{Low: p.P5, High: p.P95}, Inner: chart.Band{Low: p.P25, High: p.P75},
			Text: at("p50"), Rest: "mean " + at("mean") + ", 9 in 10 from " + at("p5") + " to " + at("p95")})
	}
	return f
}

// peak says when the mean of alternative i is largest, and what is left in the end.
func (v view) peak(i int) reports.Text {
	e := &v.Alternatives[i].Exposure
	if e.Reached == 0 {
		return reports.Words("never with a user")
	}
	most := 0
	for k := range e.Points {
		if e.Points[k].Mean > e.Points[most].Mean {
			most = k
		}
	}
	left := value{stat.Number(e.Left), stat.Number(math.Sqrt(float64(e.Left*(1-e.Left)) / float64(e.Changes))), number.Share, fmt.Sprintf("alternatives[%d].exposure.left", i)}
	return reports.Say("mean at most {}, after {}; {} of them left at the end", v.exposed(i, most, "mean").say(), v.exposedAt(i, most).say(), left.say())
}

// exposureTable says the same at the times that people name.
func (v view) exposureTable() reports.Table {
	t := reports.Table{
		Caption: reports.Words("Share of the users who are on a release with a live defect of a change: the middle case; in brackets where 9 in 10 lie, and the mean."),
		Columns: v.columns("time since the change was ready"),
	}
	rows := v.named()
	if last := len(v.Alternatives[0].Exposure.Points) - 1; rows[len(rows)-1] != last {
		rows = append(rows, last)
	}
	for _, k := range rows {
		cells := []reports.Text{{v.exposedAt(0, k).say()}}
		for i := range v.Alternatives {
			at := func(field string) reports.Span { return v.exposed(i, k, field).say() }
			cells = append(cells, reports.Say("{} ({} to {}; mean {})", at("p50"), at("p5"), at("p95"), at("mean")))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	return t
}
