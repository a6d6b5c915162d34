package study

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Pick says which change a Story is about.
type Pick struct {
	Change int    // number of a counted change, from 1; 0: By decides
	By     string // PickMedian, PickBadLuck or PickOtherWins
}

// The picks.
const (
	PickMedian    = "median"     // the change of the middle harm with the baseline, of those that carry a defect
	PickBadLuck   = "bad-luck"   // the change of the 95th percentile of harm with the alternative that does best
	PickOtherWins = "other-wins" // the middle one of those with which the alternative that does worse does better
)

// Story is what happened to one change and its defects in every alternative, in the
// replication that the study counts.
type Story struct {
	Schema      string        `json:"schema"`
	Scenario    string        `json:"scenario"`
	Seed        uint64        `json:"seed"`
	Pick        string        `json:"pick"`        // why this change, in words
	Change      int           `json:"change"`      // number of the counted change, from 1
	Of          int           `json:"of"`          // counted changes in all
	Replication int           `json:"replication"` // from 0
	Arrives     float64       `json:"arrives"`     // hours since Monday 00:00 of the first week of the replication
	Defects     []StoryDefect `json:"defects"`
	Tales       []Tale        `json:"tales"` // one an alternative, in order
}

// StoryDefect is one defect of the change.
type StoryDefect struct {
	Class        string  `json:"class"`
	Reach        float64 `json:"reach"`    // share of users who can meet it, 0..1
	Strength     float64 `json:"strength"` // probability that a request of such a user fails, 0..1
	Visible      bool    `json:"visible"`  // telemetry shows it
	Reported     bool    `json:"reported"` // users who meet it may complain
	Irreversible bool    `json:"irreversible"`
}

// Tale is what happened in one alternative.
type Tale struct {
	Name           string       `json:"name"`
	Title          string       `json:"title"`
	Events         []StoryEvent `json:"events"`
	UsersAffected  stat.Number  `json:"users_affected"`  // people, expected
	FailedRequests stat.Number  `json:"failed_requests"` // expected
	LeadTime       stat.Number  `json:"lead_time"`       // hours; "inf" when it was never delivered
	Cost           stat.Number  `json:"cost"`
}

// StoryEvent is one line of a Tale.
type StoryEvent struct {
	At       float64     `json:"at"`                 // hours since Monday 00:00 of the first week of the replication
	What     string      `json:"what"`               // "arrived", "formed", "environment", "caught", "passed", "ring", "alarm" or "ended"
	Stage    string      `json:"stage,omitempty"`    // name
	Share    float64     `json:"share,omitempty"`    // of a ring, 0..1
	Detector string      `json:"detector,omitempty"` // of an alarm or a gauge: name
	Cause    string      `json:"cause,omitempty"`    // of an alarm: "own", "other" (a defect of another change) or "nothing"
	Class    string      `json:"class,omitempty"`    // of the defect that was caught or noticed
	Changes  int         `json:"changes"`            // in the release
	Live     int         `json:"live"`               // defects of the change that are not repaired
	Failed   float64     `json:"failed"`             // requests that the change has made fail so far, expected
	Gauge    *StoryGauge `json:"gauge,omitempty"`    // of a ring: what the detector compares
}

// StoryGauge is what a detector that compares failing requests with a bound meets in an
// average interval of a ring.
type StoryGauge struct {
	Interval float64 `json:"interval"` // hours
	Requests float64 `json:"requests"` // that meet the release in it
	Fail     float64 `json:"fail"`     // of those, once every defect of the release shows that does so in this ring
	Seen     float64 `json:"seen"`     // of those that fail, what telemetry sees
	Later    bool    `json:"later"`    // some of the defects begin to show only after the first interval
	Allows   float64 `json:"allows"`   // failing ones that are no cause for alarm
	Least    float64 `json:"least"`    // requests below which the detector says nothing
}

var happenings = [...]string{models.ChangeArrived: "arrived", models.ReleaseFormed: "formed", models.EnvironmentStarted: "environment",
	models.DefectCaught: "caught", models.EnvironmentPassed: "passed", models.RingStarted: "ring", models.AlarmRang: "alarm", models.ExposureEnded: "ended"}

// Explain runs the study of a plan and tells the story of one of its changes. The error
// is that of ctx, or says why there is no such change.
func Explain(ctx context.Context, p *Plan, pick Pick, o Options) (*Story, error) {
	p, _, err := p.Calibrated(ctx, o)
	if err != nil {
		return nil, err
	}
	shard, err := RunShard(ctx, p, 0, p.Replications(), o)
	if err != nil {
		return nil, err
	}
	change, why, err := pick.choose(p, shard)
	if err != nil {
		return nil, err
	}
	per := p.Case.Changes.PerPeriod
	return p.tell(change, why, change/per), nil
}

// choose is the index of the counted change, and why it is the one.
func (k Pick) choose(p *Plan, s *Shard) (change int, why string, err error) {
	lean := s.Rows[0].Lean
	if k.Change > 0 {
		if k.Change > len(lean) {
			return 0, "", fmt.Errorf("there is no change %d; the study counts %d", k.Change, len(lean))
		}
		return k.Change - 1, "as asked for", nil
	}
	carriers := carriersOf(lean)
	if len(carriers) == 0 {
		return 0, "", fmt.Errorf("no change of the study carries a defect")
	}
	row, why, err := k.rank(p, s)
	if err != nil {
		return 0, "", err
	}
	return carriers[row], why, nil
}

// rank is the row of the change that is picked, of those that carry a defect. There are
// no extremes among the picks: the largest of many says how many there were.
func (k Pick) rank(p *Plan, s *Shard) (row int, why string, err error) {
	best, rival := contenders(s)
	base, mild, hard := s.Rows[0].Harm, s.Rows[best].Harm, s.Rows[rival].Harm
	order := make([]int, len(base))
	for i := range order {
		order[i] = i
	}
	by := func(harm func(i int) float64) {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(harm(a), harm(b)) })
	}
	winner, loser := p.called(best), p.called(rival)
	switch k.By {
	case PickMedian:
		by(func(i int) float64 { return base[i].UsersAffected })
		return order[len(order)/2], "the middle case with " + p.called(0), nil
	case PickBadLuck:
		by(func(i int) float64 { return mild[i].UsersAffected })
		return order[int(math.Ceil(0.95*float64(len(order))))-1], "bad luck with " + winner + ": 1 in 20 of such changes hurts more users", nil
	case PickOtherWins:
		rule := &contested[0].rule
		order = slices.DeleteFunc(order, func(i int) bool {
			return rule.Judge(mild[i].UsersAffected, hard[i].UsersAffected) != stat.Win
		})
		if len(order) == 0 || best == rival {
			return 0, "", fmt.Errorf("in no change of the study does another alternative hurt fewer users than the one that does best")
		}
		by(func(i int) float64 { return mild[i].UsersAffected - hard[i].UsersAffected })
		return order[len(order)/2], "the middle one of those with which " + loser + " does better than " + winner, nil
	}
	panic("study: no story is picked by " + k.By)
}

// called is what people call an alternative.
func (p *Plan) called(i int) string {
	return cmp.Or(p.Case.Pipelines[i].Title, p.Case.Pipelines[i].Name)
}

// carriersOf are the counted changes with a defect.
func carriersOf(lean []Lean) []int {
	var carriers []int
	for i := range lean {
		if lean[i].Defects > 0 {
			carriers = append(carriers, i)
		}
	}
	return carriers
}

// contenders are the alternative with the largest lead over the baseline in the contest
// about users, and its rival: the baseline, or, where the baseline itself does best, the
// best of the others.
func contenders(s *Shard) (best, rival int) {
	lead := make([]int, len(s.Rows))
	for i := 1; i < len(s.Rows); i++ {
		for k := range s.Rows[i].Harm {
			switch contested[0].rule.Judge(s.Rows[0].Rival[k].UsersAffected, s.Rows[i].Harm[k].UsersAffected) {
			case stat.Win:
				lead[i]++
			case stat.Loss:
				lead[i]--
			}
		}
		if lead[i] > lead[best] {
			best = i
		}
	}
	if best > 0 {
		return best, 0
	}
	for i := 1; i < len(s.Rows); i++ {
		if rival == 0 || lead[i] > lead[rival] {
			rival = i
		}
	}
	return best, rival
}

// stories are those that every study tells, in the order of the picks: the ones that
// there are.
func (p *Plan) stories(s *Shard) []Story {
	var all []Story
	for _, by := range [...]string{PickMedian, PickBadLuck, PickOtherWins} {
		if change, why, err := (Pick{By: by}).choose(p, s); err == nil {
			all = append(all, *p.tell(change, why, change/p.Case.Changes.PerPeriod))
		}
	}
	return all
}

// tell runs the replication once more and writes down what happens to the change.
func (p *Plan) tell(change int, why string, replication int) *Story {
	per := p.Case.Changes.PerPeriod
	w := models.NewWorld(&p.Case, p.Seed)
	w.Reset(uint64(replication))
	number := p.Case.Changes.Warmup + change%per
	s := &Story{Schema: StorySchema, Scenario: p.About.Name, Seed: p.Seed, Pick: why, Change: change + 1, Of: p.Replications() * per, Replication: replication}
	_, carried := w.Carried(p.Case.Changes.Warmup, per)
	ch := w.Change(number)
	s.Arrives = ch.Arrives.Hours()
	for k := range ch.Count {
		d := w.Defects()[ch.First+k]
		s.Defects = append(s.Defects, StoryDefect{Class: p.Case.Classes[d.Class].Name, Reach: d.Reach, Strength: d.Strength,
			Visible: d.Visible, Reported: d.Reported, Irreversible: d.Irreversible})
	}
	for i := range p.Case.Pipelines {
		trace := &models.Trace{Follow: int32(number)}
		run := models.NewRun(&p.Case, i, p.Seed)
		run.SetTrace(trace)
		outcomes := make([]models.Outcome, per)
		run.Replicate(w, 0, models.Sample{Outcomes: outcomes, Defects: make([]models.DefectOutcome, carried), Period: &models.Period{}})
		s.Tales = append(s.Tales, p.tale(i, w, trace, &outcomes[change%per]))
	}
	return s
}

// StorySchema names the form of a Story.
const StorySchema = "rollrisk/story/1"

// tale puts what was traced into words that a report can use.
func (p *Plan) tale(i int, w *models.World, trace *models.Trace, o *models.Outcome) Tale {
	pl := &p.Case.Pipelines[i]
	t := Tale{Name: pl.Name, Title: pl.Title, UsersAffected: stat.Number(o.UsersAffected), FailedRequests: stat.Number(o.FailedRequests),
		LeadTime: stat.Number(o.LeadTime), Cost: stat.Number(o.Cost)}
	for _, e := range trace.Events {
		line := StoryEvent{At: e.At.Hours(), What: happenings[e.What], Changes: e.Changes, Live: e.Live, Failed: e.Failed}
		if e.Stage >= 0 {
			st := &pl.Stages[e.Stage]
			line.Stage = st.Name
			if st.Kind == models.InRing {
				line.Share = st.Ring.Share.Value
			}
		}
		if g := &e.Gauge; e.What == models.RingStarted && e.Detector >= 0 {
			line.Detector = pl.Watcher(int(e.Detector))
			line.Gauge = &StoryGauge{Interval: g.Interval.Hours(), Requests: g.Requests, Fail: g.Fail, Seen: g.Seen, Later: g.Later, Allows: g.Allows, Least: g.Least}
		}
		if e.Defect >= 0 {
			line.Class = p.Case.Classes[w.Defects()[e.Defect].Class].Name
		}
		if e.What == models.AlarmRang {
			line.Detector, line.Cause = pl.Watcher(int(e.Detector)), "nothing"
			switch {
			case e.Defect >= 0 && w.Defects()[e.Defect].Change == trace.Follow:
				line.Cause = "own"
			case e.Defect >= 0:
				line.Cause = "other"
			}
		}
		t.Events = append(t.Events, line)
	}
	return t
}
