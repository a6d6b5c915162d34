package scenarios

import (
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/models"
)

func (b *builder) changes() {
	e, c := b.root.get("changes"), &b.world.Changes
	b.arrivals(e)
	c.Defects = b.quantity(e.get("defects"))
	c.Variance = b.number(e.get("dispersion"))
	c.Evenly = b.yes(e.get("evenly"))
	c.PerPeriod = max(1, b.many(e.get("period"), 1))
	c.Warmup = b.many(e.get("warm_up"), 0)
	if d := e.get("dispersion"); c.Evenly && d.written && d.number != 1 {
		b.fault(d, problemf("leave out one of the two", "dispersion has no meaning where defects come evenly"))
	}
	if d := e.get("defects"); c.Evenly && !d.bad && d.number > 1 {
		b.fault(d, problemf("", "%s: at most 1 where defects come evenly", show(d.text)))
	}
}

// arrivals reads the one way in which changes arrive.
func (b *builder) arrivals(e *entry) {
	rate, every, at, cycle := e.get("rate"), e.get("every"), e.get("at"), e.get("cycle")
	var said []*entry
	for _, x := range []*entry{rate, every, at} {
		if x.written {
			said = append(said, x)
		}
	}
	switch {
	case e.bad:
	case len(said) == 0:
		b.fault(e, problemf("for example `rate: 40/w`", "one of `rate`, `every` and `at` is missing"))
	case len(said) > 1:
		b.fault(said[1], problemf("keep one of them", "`%s` and `%s` both say when changes arrive", said[0].name, said[1].name))
	}
	c := &b.world.Changes
	switch {
	case rate.written:
		c.PerWeek = b.quantity(rate)
	case every.written:
		c.Every = b.span(every)
	case at.written:
		b.listed(at, cycle)
	}
	if cycle.written && !at.written {
		b.fault(cycle, problemf("leave it out", "`cycle` has no meaning without `at`"))
	}
}

// listed reads a list of arrivals, which must rise and fit into its cycle.
func (b *builder) listed(at, cycle *entry) {
	c := &b.world.Changes
	if !cycle.written && !cycle.bad {
		b.fault(at, problemf("for example `cycle: 1w`", "the list needs `cycle`, the time after which it begins anew"))
	}
	c.AtCycle = b.number(cycle)
	last := 0.0
	for _, item := range at.children {
		x := b.number(item)
		switch {
		case item.bad:
		case x < last:
			b.fault(item, problemf("", "%s comes before the time above it", show(item.text)))
		case cycle.written && !cycle.bad && x > c.AtCycle:
			b.fault(item, problemf("", "%s lies behind the cycle of %s", show(item.text), show(cycle.text)))
		}
		last = math.Max(last, x)
		c.At = append(c.At, x)
	}
}

// maxPeriod is the most changes of one replication.
const maxPeriod = 100_000

// many reads a number of changes, or what arrives on average in a time.
func (b *builder) many(e *entry, least int) int {
	if b.use(e); !e.here() || len(e.parts) < 2 {
		return least
	}
	var n float64
	var p *problem
	if e.form == 0 {
		n, p = parseCount(e.parts[1], "")
	} else {
		n, p = parseDuration(e.parts[1], "")
		n = math.Floor(float64(n/168*b.perWeek()) + 0.5)
	}
	switch {
	case p != nil:
		b.fault(e, p)
		return least
	case n != math.Floor(n) || n < float64(least) || n > maxPeriod:
		b.fault(e, problemf("", "%s is out of range: a whole number between %d and %s changes", show(e.text), least, formatCount(maxPeriod, "")))
		return least
	}
	return int(n)
}

// perWeek is the mean number of changes in a week.
func (b *builder) perWeek() float64 { return b.world.Changes.Weekly() }

// traffic reads the shape of a week.
func (b *builder) traffic(e *entry) models.Shape {
	var s models.Shape
	b.use(e)
	if e.bad || !e.here() {
		return s
	}
	if len(e.children) == 0 {
		return shapeNamed(e.word)
	}
	n, total := len(e.children), 0.0
	if n != 24 && n != 168 {
		b.fault(e, problemf("24 for the hours of a day, 168 for those of a week", "there are %d numbers", n))
		return s
	}
	for h := range s {
		s[h] = e.children[h%n].number
		total += s[h]
	}
	if total == 0 {
		b.fault(e, problemf("", "there is no traffic at any hour"))
	}
	return s
}

// day is the traffic of the hours of a day for a service that people use at
// home: least at 04:00, most at 20:00. An assumption, without a source.
var day = [24]float64{6, 4, 3, 2.2, 2, 2.2, 3, 4.5, 6, 7, 7.6, 8, 8.4, 8.2, 8, 8, 8.4, 9, 10, 11.4, 12, 11.6, 10, 8}

// shapeNamed is the traffic of a week by its name.
func shapeNamed(name string) models.Shape {
	var s models.Shape
	for h := range s {
		switch weekday := h / 24; {
		case name == "office" && (weekday > 4 || h%24 < 8 || h%24 >= 18):
			s[h] = 1
		case name == "office":
			s[h] = 20
		case name == "weekly" && weekday == 5:
			s[h] = float64(day[h%24] * 0.8)
		case name == "weekly" && weekday == 6:
			s[h] = float64(day[h%24] * 0.7)
		case name == "weekly" || name == "diurnal":
			s[h] = day[h%24]
		}
	}
	return s
}

// excluded says in sentences what a case leaves out.
func excluded(c *models.Case) []string {
	all := []string{
		"Users are alike: each makes requests at the same mean rate, and failures of one user are independent. Retries are not modelled.",
		"There is one service; defects that spread to others are not followed.",
		"Harm to reputation, deliberate attacks and the value of features are not priced.",
		"A repair never brings a new defect, and tests that once missed a defect miss it again.",
	}
	all = append(all, neverGoesWrong(c)...)
	k := &c.Service.Cost
	unpriced := []string{}
	for _, p := range []struct {
		name string
		q    models.Quantity
	}{
		{"failed requests", k.PerFailedReq}, {"affected users", k.PerAffectedUser}, {"user-hours", k.PerUserHour},
		{"incidents", k.PerIncident}, {"irreversible harm", k.PerIrreversible}, {"delay", k.PerChangeDay},
	} {
		if p.q.Value == 0 {
			unpriced = append(unpriced, p.name)
		}
	}
	if len(unpriced) > 0 {
		all = append(all, "Not priced in this scenario: "+strings.Join(unpriced, ", ")+".")
	}
	if c.Service.SLO == 0 {
		all = append(all, "There is no objective, so no error budget is reckoned.")
	}
	return all
}
