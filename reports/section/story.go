package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Story makes a report of what happened to one change: a part for each alternative,
// on one clock.
func Story(s *study.Story) reports.Report {
	n := narrator{Story: s}
	r := reports.Report{Title: fmt.Sprintf("%s: change %d", s.Scenario, s.Change), Summary: n.change().Plain()}
	r.Parts = append(r.Parts, reports.Part{Name: "change", Blocks: n.opening()})
	for i := range s.Tales {
		r.Parts = append(r.Parts, reports.Part{Name: fmt.Sprintf("tale-%d", i+1), Title: "With " + s.Tales[i].Title, Blocks: n.tale(i)})
	}
	return r
}

// narrator tells a story.
type narrator struct {
	*study.Story
	from string // where it stands in the study, e.g. "stories[0]."; "" where it stands alone
}

// opening says which change it is and what is wrong with it.
func (n narrator) opening() []reports.Block {
	blocks := []reports.Block{
		paragraph(reports.Strip, reports.Say("{} · change {} of {} · replication {} · seed {}", n.Scenario,
			whole(n.Change, n.from+"change"), whole(n.Of, n.from+"of"), whole(n.Replication, n.from+"replication"), fmt.Sprint(n.Seed))),
		paragraph(reports.Lead, n.change()),
	}
	var items []reports.Text
	for i := range n.Defects {
		items = append(items, n.defect(i))
	}
	if len(items) > 0 {
		blocks = append(blocks, reports.List{Items: items})
	}
	return blocks
}

func (n narrator) change() reports.Text {
	count := reports.Words("no defect")
	if len(n.Defects) > 0 {
		count = counted(len(n.Defects), "defect", "len("+n.from+"defects)")
	}
	return reports.Say("This change, {}, is ready on {} and carries {}.", n.Pick, clock(n.Arrives), count)
}

// defect says who can meet it, how it hurts, and who sees it.
func (n narrator) defect(i int) reports.Text {
	d := n.Defects[i]
	at := func(field string, x float64) value {
		return value{stat.Number(x), 0, number.Share, fmt.Sprintf("%sdefects[%d].%s", n.from, i, field)}
	}
	seen := "telemetry does not show it"
	if d.Visible {
		seen = "telemetry shows it"
	}
	if d.Reported {
		seen += ", and users complain about it"
	}
	if d.Irreversible {
		seen += "; no rollback heals it"
	}
	return reports.Say("{}: {} of the users can meet it, and {} of their requests fail; {}.", d.Class, at("reach", d.Reach).say(), at("strength", d.Strength).say(), seen)
}

// StoryLine is the sentence of one event of a tale.
type StoryLine struct {
	Event int // index
	Text  reports.Text
}

// StoryLines tells tale i, a sentence for each event but those that say nothing by
// themselves: that tests begin, before they pass.
func StoryLines(s *study.Story, i int) []StoryLine { return narrator{Story: s}.lines(i) }

func (n narrator) lines(i int) []StoryLine {
	var all []StoryLine
	told := 0.0 // requests that have failed, as last said
	for k, e := range n.Tales[i].Events {
		if e.What == "environment" {
			continue // that it is passed says enough
		}
		all = append(all, StoryLine{k, n.event(i, k, told)})
		if e.What == "ring" || e.What == "alarm" || e.What == "ended" {
			told = e.Failed
		}
	}
	return all
}

// tale is the list of what happened, and its end.
func (n narrator) tale(i int) []reports.Block {
	var items []reports.Text
	for _, l := range n.lines(i) {
		items = append(items, append(reports.Say("{}  ", clock(n.Tales[i].Events[l.Event].At)), l.Text...))
	}
	return []reports.Block{reports.List{Items: items}, paragraph(reports.Body, n.end(i))}
}

// event is one line of a tale; told is how many failed requests the reader knows of.
func (n narrator) event(i, k int, told float64) reports.Text {
	e := n.Tales[i].Events[k]
	from := fmt.Sprintf("%stales[%d].events[%d]", n.from, i, k)
	failed := value{stat.Number(e.Failed), 0, number.Count, from + ".failed"}
	switch e.What {
	case "arrived":
		return reports.Words("The change is ready.")
	case "formed":
		return n.formed(i, k, from)
	case "caught":
		return reports.Say("{} catches the {} defect; the change goes back.", e.Stage, e.Class)
	case "passed":
		return reports.Say("{} lets it pass.", e.Stage)
	case "ring":
		share := value{stat.Number(e.Share), 0, number.Share, from + ".share"}
		return append(reports.Say("{} of the traffic meets it{}{}.", share.say(), n.waited(i, k), n.soFar(e, failed, told)), gauged(e, from+".gauge.")...)
	case "alarm":
		return n.alarm(e, failed)
	case "ended":
		return n.ended(i, k, failed, told)
	}
	return reports.Words(e.What)
}

// formed says with how many others the change leaves, and whether it was mended before.
func (n narrator) formed(i, k int, from string) reports.Text {
	leaves := "It leaves"
	for _, e := range n.Tales[i].Events[:k] {
		switch {
		case e.What == "caught" || e.What == "ended" && n.cause(i, k) == "own":
			leaves = "Repaired, it leaves again"
		case e.What == "ended":
			leaves = "It leaves again"
		}
	}
	e := n.Tales[i].Events[k]
	if e.Changes == 1 {
		return reports.Say("{}, alone.", leaves)
	}
	return reports.Say("{} in a release of {} changes.", leaves, whole(e.Changes, from+".changes"))
}

// longWait is how long, in hours, a release waits for its users before a story tells of it.
const longWait = 1.0

// waited says how long a release that had passed its environments stood still until
// event k, its first ring: the ramp was taken, or closed.
func (n narrator) waited(i, k int) reports.Text {
	events := n.Tales[i].Events
	if k == 0 || events[k-1].What != "passed" && events[k-1].What != "formed" || events[k].At-events[k-1].At < longWait {
		return nil
	}
	at := fmt.Sprintf("%stales[%d].events[%d].at", n.from, i, k)
	before := fmt.Sprintf("%stales[%d].events[%d].at", n.from, i, k-1)
	wait := value{stat.Number(events[k].At - events[k-1].At), 0, number.Hours, at + " - " + before}
	return reports.Say(", after {} of waiting for a free ramp", wait.say())
}

// ended says what the end of a response means for this change: that it is taken back,
// or that another one was, or nothing.
func (n narrator) ended(i, k int, failed value, told float64) reports.Text {
	e := n.Tales[i].Events[k]
	switch cause := n.cause(i, k); {
	case !n.goesOn(i, k):
		return reports.Say("The exposure ends{}.", n.soFar(e, failed, told))
	case cause == "other":
		return reports.Say("The other change is taken out; this one goes on{}.", n.soFar(e, failed, told))
	}
	return reports.Say("Nothing is found; the release goes on{}.", n.soFar(e, failed, told))
}

// cause is that of the alarm before event k.
func (n narrator) cause(i, k int) string {
	for ; k >= 0; k-- {
		if e := n.Tales[i].Events[k]; e.What == "alarm" {
			return e.Cause
		}
	}
	return ""
}

// goesOn says whether the change with its defect stays with its users at the end of a
// response.
func (n narrator) goesOn(i, k int) bool { return n.cause(i, k) != "own" && n.stays(i, k) }

// stays says whether the change, mended or not, stays with its users at the end of a
// response.
func (n narrator) stays(i, k int) bool {
	events := n.Tales[i].Events
	if k+1 == len(events) {
		return !math.IsInf(float64(n.Tales[i].LeadTime), 1)
	}
	return events[k+1].What != "formed" && events[k+1].What != "arrived"
}

// gauged says how far the ring is from an alarm, where its detector compares failing
// requests with a bound.
func gauged(e study.StoryEvent, from string) reports.Text {
	g := e.Gauge
	if g == nil {
		return nil
	}
	at := func(field string, x float64, u number.Unit) reports.Span {
		return value{stat.Number(x), 0, u, from + field}.say()
	}
	often := at("interval", g.Interval, number.Hours)
	if g.Requests < g.Least {
		return reports.Say(" In {} about {} requests do; {} says nothing of fewer than {}.", often,
			at("requests", g.Requests, number.Count), e.Detector, at("least", g.Least, number.Count))
	}
	when, sees := "In {}", reports.Text(nil)
	if g.Later {
		when = "Once it all shows, in {}"
	}
	if g.Seen < 0.99*g.Fail {
		sees = reports.Say(", of which telemetry sees {}", at("seen", g.Seen, number.Count))
	}
	return reports.Say(" "+when+" about {} of {} requests fail{}; {} rings above {}.", often,
		at("fail", g.Fail, number.Count), at("requests", g.Requests, number.Count), sees, e.Detector, at("allows", g.Allows, number.Count))
}

// soFar is how many requests have failed, where there is news of that.
func (n narrator) soFar(e study.StoryEvent, failed value, told float64) reports.Text {
	if e.Failed < 0.05 || e.Failed-told < 0.005*e.Failed {
		return reports.Words("")
	}
	return reports.Say("; {} requests have failed so far", failed.say())
}

func (n narrator) alarm(e study.StoryEvent, failed value) reports.Text {
	switch e.Cause {
	case "own":
		return reports.Say("{} rings for the {} defect; {} requests have failed so far.", e.Detector, e.Class, failed.say())
	case "other":
		return reports.Say("{} rings for a defect of another change in the release.", e.Detector)
	}
	return reports.Say("{} rings, and nothing is wrong.", e.Detector)
}

// end sums a tale up.
func (n narrator) end(i int) reports.Text {
	t := n.Tales[i]
	delivered := reports.Words("It never reaches everyone for good.")
	if !math.IsInf(float64(t.LeadTime), 1) {
		has := "Everyone has it for good {} after it was ready."
		if t.Events[len(t.Events)-1].Live > 0 {
			has = "Everyone has it, with what is wrong in it, {} after it was ready."
		}
		delivered = reports.Say(has, n.at(i, "lead_time", t.LeadTime, number.Hours))
	}
	if t.FailedRequests == 0 {
		return reports.Say("Nobody is hurt. {}", delivered)
	}
	if last := t.Events[len(t.Events)-1]; float64(t.FailedRequests) > 1.005*last.Failed {
		delivered = append(reports.Words("What fails after the last line is noticed by nobody while the release is watched. "), delivered...)
	}
	return reports.Say("In all, {} users are hurt and {} requests fail. {}", n.at(i, "users_affected", t.UsersAffected, number.Count),
		n.at(i, "failed_requests", t.FailedRequests, number.Count), delivered)
}

// clock is a time of the replication as people say it. Weeks are counted from the
// first one, which is warm-up.
func clock(hours float64) string {
	days := [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	minutes := int(math.Floor(hours * 60))
	day := minutes / (24 * 60)
	return fmt.Sprintf("week %d %s %02d:%02d", day/7+1, days[day%7], minutes/60%24, minutes%60)
}
