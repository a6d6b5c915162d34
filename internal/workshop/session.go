package workshop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rollrisk/rollrisk/scenarios/deck"
)

// Limits of a session. A room of a hundred fits three times.
const (
	maxPeople = 300
	maxTeams  = 30
	maxName   = 32 // characters
	maxEvents = 200_000
)

// event is one thing that happened. The session is the fold of its events, and nothing else
// is kept.
type event struct {
	Kind     string    `json:"kind"` // "joined", "voted", "guessed", "designed" or "moved"
	At       time.Time `json:"at"`
	Person   int       `json:"person"` // index; of a "joined" the new one
	Name     string    `json:"name,omitempty"`
	Team     string    `json:"team,omitempty"`
	Token    string    `json:"token,omitempty"` // SHA-256 of the seat's secret, in hex
	Round    int       `json:"round,omitempty"`
	Choice   int       `json:"choice,omitempty"`
	Question int       `json:"question,omitempty"`
	Low      float64   `json:"low,omitempty"`
	High     float64   `json:"high,omitempty"`
	Levels   []int     `json:"levels,omitempty"`
	Step     int       `json:"step,omitempty"`
	Shown    int       `json:"shown,omitempty"`
}

// person is somebody in the room.
type person struct {
	Name    string
	Team    int
	token   string
	Votes   [2]int   // alternative; -1 for none
	Guesses []*Range // one a question; nil for none
}

// team is people who spend one budget.
type team struct {
	Name   string
	Levels []int // nil until somebody has chosen
	By     string
}

// step is one part of the session.
type step struct {
	Kind    string // "welcome", "vote", "predict", "story", "seeds", "build", "board", "cards", "map", "scores" or "close"
	Title   string
	Index   int // round of a vote, number of a prediction
	Parts   int // that space reveals one after the other
	Minutes int // planned
}

// steps are those of a deck: 75 minutes. The minutes are assumptions, from what such a session
// has to hold; the predictions share eighteen.
func steps(d *deck.Deck) []step {
	all := []step{
		{Kind: "welcome", Title: "Welcome", Minutes: 5},
		{Kind: "vote", Title: "First vote", Parts: 1, Minutes: 3},
	}
	left := 18
	for i := range d.Questions {
		minutes := left / (len(d.Questions) - i)
		left -= minutes
		all = append(all, step{Kind: "predict", Title: fmt.Sprintf("Prediction %d of %d", i+1, len(d.Questions)), Index: i, Parts: 2, Minutes: minutes})
	}
	return append(all,
		step{Kind: "story", Title: "One change, every pipeline", Parts: len(d.Scenario.Alternatives()), Minutes: 7},
		step{Kind: "seeds", Title: "Fifty other worlds", Parts: 5, Minutes: 4},
		step{Kind: "build", Title: "Spend your budget", Minutes: 15},
		step{Kind: "board", Title: "The same hidden deck", Parts: 1, Minutes: 5},
		step{Kind: "cards", Title: "Twelve of its defects", Parts: 1, Minutes: 5},
		step{Kind: "map", Title: "When does the other one win?", Parts: 1, Minutes: 5},
		step{Kind: "vote", Title: "Second vote", Index: 1, Parts: 1, Minutes: 3},
		step{Kind: "scores", Title: "Who knew what they knew?", Parts: 1, Minutes: 3},
		step{Kind: "close", Title: "Take it home", Minutes: 2})
}

// session is the state of the room.
type session struct {
	deck   *deck.Deck
	steps  []step
	people []person
	teams  []team
	step   int
	shown  int
	closed []bool // steps whose answers are revealed, or that have been left: nothing is changed any more
	since  time.Time
	events int
	last   time.Time // of the last event
}

func newSession(d *deck.Deck) *session {
	s := &session{deck: d, steps: steps(d)}
	s.closed = make([]bool, len(s.steps))
	return s
}

// refusal is a fault of who asked, told as it is.
type refusal struct{ text string }

func (r refusal) Error() string { return r.text }

func refusef(format string, args ...any) error { return refusal{fmt.Sprintf(format, args...)} }

// check says why an event cannot happen now; nil when it can.
func (s *session) check(e *event) error {
	now := s.steps[s.step]
	open := !s.closed[s.step]
	switch e.Kind {
	case "joined":
		return s.checkJoin(e)
	case "moved":
		if e.Step < 0 || e.Step >= len(s.steps) || e.Shown < 0 || e.Shown > s.steps[e.Step].Parts {
			return refusef("there is no such step")
		}
		return nil
	case "voted":
		if now.Kind != "vote" || now.Index != e.Round || !open {
			return refusef("this vote is closed")
		}
		if e.Choice < 0 || e.Choice >= len(s.deck.Scenario.Alternatives()) {
			return refusef("choose one of the pipelines")
		}
	case "guessed":
		if now.Kind != "predict" || now.Index != e.Question || !open {
			return refusef("this prediction is closed")
		}
		if !(e.Low >= 0 && e.Low <= e.High && e.High <= widest) {
			return refusef("write two numbers, the smaller one first, from 0 to a billion")
		}
	case "designed":
		if now.Kind != "build" || !open {
			return refusef("the budgets are closed")
		}
		if cost, ok := s.deck.Budget.Cost(e.Levels); !ok || cost > s.deck.Budget.Points {
			return refusef("that costs more than the budget of %d points", s.deck.Budget.Points)
		}
	default:
		return errors.New("workshop: an event of kind " + e.Kind)
	}
	return s.checkSender(e)
}

// checkSender refuses whoever has no seat, and a session without end.
func (s *session) checkSender(e *event) error {
	switch {
	case e.Person < 0 || e.Person >= len(s.people) || s.people[e.Person].token == "":
		return refusef("nobody sits there")
	case s.events >= maxEvents:
		return refusef("the session is full")
	}
	return nil
}

func (s *session) checkJoin(e *event) error {
	switch {
	case len(s.people) >= maxPeople:
		return refusef("the room is full: %d people", maxPeople)
	case e.Name == "" || e.Team == "":
		return refusef("write a name and a team, at most %d characters each", maxName)
	case s.teamOf(e.Team) < 0 && len(s.teams) >= maxTeams:
		return refusef("there are %d teams; join one of them", maxTeams)
	}
	return nil
}

// teamOf is the team of that name, whatever its capitals; -1 for none.
func (s *session) teamOf(name string) int {
	return slices.IndexFunc(s.teams, func(t team) bool { return strings.EqualFold(t.Name, name) })
}

// apply makes an event happen that check has let pass. It never fails: what was kept once must
// be read for ever.
func (s *session) apply(e *event) {
	s.events++
	s.last = e.At
	switch e.Kind {
	case "joined":
		at := s.teamOf(e.Team)
		if at < 0 {
			at = len(s.teams)
			s.teams = append(s.teams, team{Name: e.Team})
		}
		for len(s.people) <= e.Person { // a gap is somebody whose joining was never acknowledged
			s.people = append(s.people, person{Team: -1, Votes: [2]int{-1, -1}, Guesses: make([]*Range, len(s.deck.Questions))})
		}
		p := &s.people[e.Person]
		p.Name, p.Team, p.token = e.Name, at, e.Token
	case "voted":
		s.people[e.Person].Votes[e.Round] = e.Choice
	case "guessed":
		s.people[e.Person].Guesses[e.Question] = &Range{e.Low, e.High}
	case "designed":
		p := &s.people[e.Person]
		s.teams[p.Team].Levels, s.teams[p.Team].By = e.Levels, p.Name
	case "moved":
		if e.Step != s.step {
			s.since = e.At
		}
		if e.Step > s.step {
			s.closed[s.step] = s.steps[s.step].Kind != "welcome"
		}
		s.step, s.shown = e.Step, e.Shown
		if e.Shown > 0 {
			s.closed[e.Step] = true
		}
	}
}

// move is where a key leads: "next", "back" or "reveal". It is where the session is already
// when there is nothing more.
func (s *session) move(do string) (step, shown int) {
	switch {
	case do == "reveal" && s.shown < s.steps[s.step].Parts:
		return s.step, s.shown + 1
	case do == "next" && s.step < len(s.steps)-1:
		return s.step + 1, 0
	case do == "back" && s.shown > 1:
		return s.step, s.shown - 1
	case do == "back" && s.step > 0:
		return s.step - 1, s.steps[s.step-1].Parts
	}
	return s.step, s.shown
}

// seated counts the people in the room.
func (s *session) seated() int {
	n := 0
	for i := range s.people {
		if s.people[i].token != "" {
			n++
		}
	}
	return n
}

// cleaned is a name as it is kept: one line, printed characters only, no marks that turn the
// direction of text; "" where nothing is left or too much.
func cleaned(name string) string {
	if !utf8.ValidString(name) {
		return ""
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxName {
		return ""
	}
	return name
}

// answered counts who has answered what is open.
func (s *session) answered() int {
	n, now := 0, s.steps[s.step]
	for i := range s.people {
		p := &s.people[i]
		if now.Kind == "vote" && p.Votes[now.Index] >= 0 || now.Kind == "predict" && p.Guesses[now.Index] != nil {
			n++
		}
	}
	if now.Kind == "build" {
		for _, t := range s.teams {
			if t.Levels != nil {
				n++
			}
		}
	}
	return n
}

// tally counts a vote; shape: one an alternative.
func (s *session) tally(round int) []int {
	counts := make([]int, len(s.deck.Scenario.Alternatives()))
	for i := range s.people {
		if v := s.people[i].Votes[round]; v >= 0 {
			counts[v]++
		}
	}
	return counts
}
