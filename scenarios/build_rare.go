package scenarios

import "github.com/rollrisk/rollrisk/models"

// outages reads the faults of others; without a rate there are none.
func (b *builder) outages(e *entry) models.Outages {
	rate := e.get("rate")
	often := b.stated(rate)
	if (often == models.Quantity{}) {
		return models.Outages{}
	}
	return models.Outages{PerWeek: often, Lasts: b.span(e.get("lasts")), Errors: b.amount(e.get("errors"))}
}

// swings reads how the baseline errors wander; without a correlation they do not.
func (b *builder) swings(e *entry) models.Swings {
	at := e.get("correlation")
	if !at.written || at.bad || at.number == 0 {
		return models.Swings{}
	}
	return models.Swings{Correlation: b.number(at), Every: b.number(e.get("every"))}
}

// The forms of a freeze, in the order of freezesKey.
const (
	everyWeek = iota
	everyCycle
)

// freezes reads the times in which nothing new goes out.
func (a *alternative) freezes() []models.Freeze {
	var all []models.Freeze
	list := a.shared("freezes")
	a.b.use(list)
	for _, e := range list.children {
		if e.bad || e.parts == nil {
			continue
		}
		f, p := freeze(e)
		if p == nil && !(f.Hours > 0 && f.Hours < f.Every && f.Every <= longest) {
			p = problemf("", "%s: a freeze is longer than nothing and shorter than its cycle, which is at most 10 years", show(e.text))
		}
		if p == nil && f.From >= f.Every {
			p = problemf("", "%s: the cycle ends before that week", show(e.text))
		}
		a.b.fault(e, p)
		all = append(all, f)
	}
	return all
}

func freeze(e *entry) (models.Freeze, *problem) {
	if e.form == everyWeek {
		hour, minute := atoi(e.parts[2]), atoi(e.parts[3])
		if hour > 23 || minute > 59 {
			return models.Freeze{}, problemf("", "%s:%s is no time of day", e.parts[2], e.parts[3])
		}
		long, p := parseDuration(e.parts[4], "")
		return models.Freeze{From: float64(24*weekday(e.parts[1])+hour) + float64(minute)/60, Hours: long, Every: 24 * 7}, p
	}
	week := atoi(e.parts[1])
	if week < 1 {
		return models.Freeze{}, problemf("", "weeks are counted from 1")
	}
	long, p := parseDuration(e.parts[2], "")
	if p != nil {
		return models.Freeze{}, p
	}
	every, p := parseDuration(e.parts[3], "")
	return models.Freeze{From: float64(24 * 7 * (week - 1)), Hours: long, Every: every}, p
}

// neverGoesWrong says what of the rare things a case leaves out.
func neverGoesWrong(c *models.Case) []string {
	none := models.Quantity{}
	fails, absent, all := false, false, []string{}
	for i := range c.Pipelines {
		p := &c.Pipelines[i]
		fails = fails || p.Response.Fails != none || p.SkipsRamp != none
	}
	for i := range c.Classes {
		absent = absent || c.Classes[i].Absent != none
	}
	if !fails {
		all = append(all, "Rollouts and rollbacks themselves always work.")
	}
	if !absent {
		all = append(all, "Rings are drawn from all users: the first one sees what the others would see, but for its size.")
	}
	if c.Service.Swings.Correlation == 0 {
		all = append(all, "Requests fail independently of each other: the baseline errors do not wander.")
	}
	if c.Service.Outages.PerWeek == none {
		all = append(all, "Nothing else fails: no outage of somebody else is taken for a bad release.")
	}
	return all
}
