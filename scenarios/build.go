package scenarios

import (
	"math"
	"strconv"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
)

// builder turns decoded entries into a models.Case. What it reads becomes an
// input of the study; what it does not read has no effect and is not listed.
// It skips what a fault has been told about already.
type builder struct {
	faults *faultList
	root   *entry
	used   map[*entry]bool
	built  []*entry // the entry of each of world.Pipelines
	slots  map[*entry]int
	world  models.Case
}

// build fills the Scenario and tells what cannot be simulated.
func (s *Scenario) build(faults *faultList) {
	b := &builder{faults: faults, root: s.root, used: map[*entry]bool{}, slots: map[*entry]int{}}
	text := func(key string) string { return s.root.get(key).word }
	s.Name, s.Title, s.Question, s.Currency = text("name"), text("title"), text("question"), text("currency")
	if s.Name == "" {
		s.Name = nameOf(s.File)
	}
	if c := s.root.get("currency"); !c.bad {
		b.fault(c, badCurrency(s.Currency))
	}
	b.service()
	b.workweek()
	b.classes()
	b.changes()
	b.alternatives()
	s.targets = b.targets(s.root.get("calibrate"))
	st := s.root.get("study")
	s.changes, s.level = int(b.number(st.get("changes"))), b.number(st.get("level"))
	b.correlated(s)
	s.gates, s.confidence = b.gates(s.root.get("gates")), st.get("confidence").number
	if len(s.gates) > 0 {
		b.use(st.get("confidence"))
	}
	if len(faults.all) == 0 {
		for _, p := range b.world.Check() {
			faults.add(place{1, 1}, p.Path, problemf("", "%s", p.Message))
		}
	}
	if len(faults.all) == 0 {
		b.extent()
	}
	s.world = b.world
	s.inputs = b.inputs(nil, s.root)
}

// badCurrency refuses what could be taken for a part of a number.
func badCurrency(c string) *problem {
	for _, r := range c {
		if r >= '0' && r <= '9' || r == '.' || r == '+' || r == '-' || r == ' ' || r == '%' {
			return problemf("a sign or a short code, such as $ or EUR", "%s is no currency", show(c))
		}
	}
	return nil
}

// inputs lists the entries that were used, in the order of the format.
func (b *builder) inputs(all []study.Input, e *entry) []study.Input {
	if b.used[e] {
		all = append(all, e.asInput())
	}
	for _, c := range e.children {
		all = b.inputs(all, c)
	}
	return all
}

// fault tells a fault about an entry.
func (b *builder) fault(e *entry, p *problem) {
	if p != nil {
		e.bad = true
		b.faults.add(e.at, e.path, p)
	}
}

// use notes that the simulation depends on an entry.
func (b *builder) use(e *entry) *entry {
	if e.isInput && e.here() {
		b.used[e] = true
	}
	return e
}

// number is a value that is known.
func (b *builder) number(e *entry) float64 { return b.use(e).number }

// quantity is a value that may be in doubt; an entry that several alternatives
// share is one belief.
func (b *builder) quantity(e *entry) models.Quantity {
	b.use(e)
	if e.doubt != unknown || e.bad {
		return models.Known(e.number)
	}
	slot := b.slots[e]
	if slot == 0 {
		b.world.Beliefs = append(b.world.Beliefs, models.Belief{Path: e.path, Dist: e.dist})
		slot = len(b.world.Beliefs)
		b.slots[e] = slot
	}
	return models.Quantity{Value: e.number, Slot: slot}
}

// stated is a quantity of what most scenarios do without: where it is not
// written it is 0 and no input; the page says that it is left out.
func (b *builder) stated(e *entry) models.Quantity {
	if !e.written {
		return models.Quantity{}
	}
	return b.quantity(e)
}

func (b *builder) span(e *entry) models.Span {
	if e.doubt == varies && !e.bad {
		b.use(e)
		return models.Span{Varies: e.dist}
	}
	return models.Span{Hours: b.quantity(e)}
}

func (b *builder) amount(e *entry) models.Amount {
	if e.doubt == varies && !e.bad {
		b.use(e)
		return models.Amount{Varies: e.dist}
	}
	return models.Amount{Value: b.quantity(e)}
}

func (b *builder) word(e *entry) string { return b.use(e).word }

func (b *builder) yes(e *entry) bool { return b.use(e).yes() }

func (b *builder) service() {
	e, s := b.root.get("service"), &b.world.Service
	s.Users = b.quantity(e.get("users"))
	s.RequestsPerHr = b.quantity(e.get("requests_per_user"))
	s.BaselineErrors = b.quantity(e.get("baseline_errors"))
	s.SLO = b.number(e.get("slo"))
	s.Shape = b.traffic(e.get("traffic"))
	s.Outages = b.outages(e.get("outages"))
	s.Swings = b.swings(e.get("swings"))
	c := e.get("costs")
	s.Cost = models.Cost{
		Currency:        b.root.get("currency").word,
		PerFailedReq:    b.quantity(c.get("per_failed_request")),
		PerAffectedUser: b.quantity(c.get("per_affected_user")),
		PerUserHour:     b.quantity(c.get("per_user_hour")),
		PerIncident:     b.quantity(c.get("per_incident")),
		PerIrreversible: b.quantity(c.get("per_irreversible_user")),
		PerChangeDay:    b.quantity(c.get("per_change_day")),
	}
}

func (b *builder) workweek() {
	e := b.root.get("workweek")
	hours := b.use(e.get("hours"))
	b.world.Work = models.Workweek{Start: 9, End: 17, Days: max(1, int(b.number(e.get("days"))))}
	if hours.bad || len(hours.parts) < 5 {
		return
	}
	clock := func(at int) float64 {
		h, m := atoi(hours.parts[at]), atoi(hours.parts[at+1])
		if m > 59 {
			return math.NaN()
		}
		return float64(h) + float64(m)/60
	}
	start, end := clock(1), clock(3)
	if !(start < end && end <= 24) {
		b.fault(hours, problemf("for example 9-17, or 0-24 for around the clock", "%s are no working hours of a day", show(hours.text)))
		return
	}
	b.world.Work.Start, b.world.Work.End = start, end
}

// atoi reads a short run of digits; 0 for none.
func atoi(s string) int {
	n, _ := strconv.Atoi(s) // a pattern has let only digits through
	return n
}
