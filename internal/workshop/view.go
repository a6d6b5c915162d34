package workshop

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/scenarios/deck"
)

// view is what a page of the session shows: the same for the facilitator and for a seat, which
// has Me besides.
type view struct {
	Key       string // changes when the page is to be drawn anew
	Deck      *deck.Deck
	Step      step
	Steps     []step
	Number    int // of the step, from 1
	Shown     int
	Closed    bool
	People    int
	Answered  int
	Of        int // people or teams who could answer
	Until     int // minutes planned until the end of this step
	Since     int64
	Code      string
	Home      string
	QR        template.HTML
	Options   []option
	Question  *deck.Question
	Picture   template.HTML
	Lines     []string // of a story, or of the answer key
	Tales     []tale
	Standings []standing
	Scores    []scored
	Cards     []card
	Teams     []string
	Me        *me
}

// option is one pipeline to vote for.
type option struct {
	Title, About  string
	Before, After int
	Index         int
}

// tale is one pipeline's part of a story.
type tale struct {
	Title string
	Lines []string
}

// scored is how somebody's ranges did.
type scored struct {
	Name, Team string
	Held, Of   int     // outcomes that lay in the ranges, of how many
	Interval   float64 // mean over all questions; what was not answered counts as the widest range
	Answered   int
}

// me is whoever looks at a seat.
type me struct {
	Name, Team string
	Vote       int
	Guess      *Range
	Levels     []int
	By         string
	Cost       int
	Score      *Score
	Best       Score
	Total      scored
}

// view is drawn under the lock; who is -1 for the facilitator.
func (v *Server) view(who int) view {
	s := v.s
	now := s.steps[s.step]
	x := view{Deck: v.lesson.Deck, Step: now, Steps: s.steps, Number: s.step + 1, Shown: s.shown, Closed: s.closed[s.step],
		People: s.seated(), Answered: s.answered(), Since: s.since.UnixMilli(), Code: v.secret.Code, Home: strings.TrimPrefix(v.home, "http://")}
	x.Of = x.People
	if now.Kind == "build" {
		x.Of = len(s.teams)
	}
	for _, st := range s.steps[:s.step+1] {
		x.Until += st.Minutes
	}
	for i := range s.teams {
		x.Teams = append(x.Teams, s.teams[i].Name)
	}
	if who >= 0 {
		x.Me = v.me(who)
	} else {
		v.screen(&x)
	}
	v.fill(&x)
	mine, _ := json.Marshal(x.Me)
	x.Key = digest(fmt.Sprint(s.step, ".", s.shown, ".", s.closed[s.step]), string(mine))[:16]
	if who < 0 {
		x.Key = digest(x.Key, fmt.Sprint(x.People, x.Answered, len(x.Teams), x.Standings))[:16]
	}
	return x
}

// screen adds what the big screen alone shows.
func (v *Server) screen(x *view) {
	switch x.Step.Kind {
	case "welcome":
		x.QR, _ = code(v.Join())
	case "predict":
		var outcomes []float64
		if x.Shown > 1 {
			outcomes = v.lesson.Answers[x.Step.Index]
		}
		if x.Shown > 0 {
			x.Picture = distribution(outcomes, v.s.ranges(x.Step.Index), v.unit(x.Step.Index))
		}
	case "story":
		x.Lines, x.Tales = v.lesson.told(x.Shown)
	case "seeds":
		x.Picture = fates(v.lesson.Fates, v.lesson.titles(), x.Shown*seeds/x.Step.Parts)
	case "cards":
		x.Cards = v.lesson.cards()
	case "map":
		x.Picture = v.mapped(x.Shown > 0)
	}
}

// fill adds what both show.
func (v *Server) fill(x *view) {
	s := v.s
	switch x.Step.Kind {
	case "vote":
		x.Options = v.options()
	case "predict":
		x.Question = &v.lesson.Deck.Questions[x.Step.Index]
	case "board":
		if x.Shown > 0 {
			x.Standings = v.standings()
		}
	case "scores":
		if x.Shown > 0 {
			x.Scores = s.scores(v.lesson.Answers)
		}
	}
}

// unit is what a question counts.
func (v *Server) unit(question int) number.Unit {
	if v.lesson.Deck.Questions[question].Metric == "users_affected" {
		return number.Count
	}
	return number.Money(v.lesson.Study.Currency)
}

// ranges are what the room has said to a question.
func (s *session) ranges(question int) []Range {
	var all []Range
	for i := range s.people {
		if g := s.people[i].Guesses[question]; g != nil {
			all = append(all, *g)
		}
	}
	slices.SortFunc(all, func(a, b Range) int { return cmp.Or(cmp.Compare(a.Low, b.Low), cmp.Compare(a.High, b.High)) })
	return all
}

// titles are what people call the alternatives.
func (l *Lesson) titles() []string {
	var all []string
	for i := range l.Study.Alternatives {
		all = append(all, cmp.Or(l.Study.Alternatives[i].Title, l.Study.Alternatives[i].Name))
	}
	return all
}

func (v *Server) options() []option {
	before, now := v.s.tally(0), v.s.tally(1)
	var all []option
	for i := range v.lesson.Study.Alternatives {
		a := &v.lesson.Study.Alternatives[i]
		all = append(all, option{Title: cmp.Or(a.Title, a.Name), About: a.Doc, Before: before[i], After: now[i], Index: i})
	}
	return all
}

// told are the sentences of the story: what is wrong with the change, and the first shown of
// the pipelines.
func (l *Lesson) told(shown int) (opening []string, tales []tale) {
	r := section.Story(l.Story)
	opening = sentences(r.Parts[0].Blocks)
	for i := 1; i < len(r.Parts) && i <= shown; i++ {
		tales = append(tales, tale{r.Parts[i].Title, sentences(r.Parts[i].Blocks)})
	}
	return opening[min(1, len(opening)):], tales
}

// sentences are the texts of paragraphs and lists.
func sentences(blocks []reports.Block) []string {
	var all []string
	for _, b := range blocks {
		switch b := b.(type) {
		case reports.Paragraph:
			all = append(all, b.Text.Plain())
		case reports.List:
			for _, t := range b.Items {
				all = append(all, t.Plain())
			}
		}
	}
	return all
}

// mapped is the map, with the teams where asked for.
func (v *Server) mapped(teams bool) template.HTML {
	l := v.lesson
	var all []placed
	for i := range v.s.teams {
		if x, y, ok := l.Place(v.choice(i)); ok && teams {
			all = append(all, placed{v.s.teams[i].Name, x, y})
		}
	}
	titles := l.titles()
	return l.Map.drawn([2]string{l.Deck.Map.X.Title, l.Deck.Map.Y.Title}, [2]string{titles[l.Deck.Map.First], titles[l.Deck.Map.Second]}, all)
}

// standings are the teams by what they have lost.
func (v *Server) standings() []standing {
	var all []standing
	for i := range v.s.teams {
		levels := v.choice(i)
		if r, ok := v.results[fmt.Sprint(levels)]; ok {
			cost, _ := v.lesson.Deck.Budget.Cost(levels)
			all = append(all, standing{Team: v.s.teams[i].Name, Points: cost, Result: r})
		}
	}
	return ranked(all)
}

// scores are everybody's, best first.
func (s *session) scores(answers [][]float64) []scored {
	var all []scored
	for i := range s.people {
		if p := &s.people[i]; p.token != "" {
			x := p.scored(answers)
			x.Team = s.teams[p.Team].Name
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(a.Interval, b.Interval) })
	return all
}

func (p *person) scored(answers [][]float64) scored {
	x := scored{Name: p.Name}
	for q, outcomes := range answers {
		r := Range{0, widest}
		if g := p.Guesses[q]; g != nil {
			r = *g
			x.Answered++
			x.Held += ScoreOf(r, outcomes).Held
			x.Of += len(outcomes)
		}
		x.Interval += ScoreOf(r, outcomes).Interval / float64(len(answers))
	}
	return x
}

// me is what a seat shows of its own.
func (v *Server) me(who int) *me {
	s, p := v.s, &v.s.people[who]
	now := s.steps[s.step]
	m := &me{Name: p.Name, Team: s.teams[p.Team].Name, Vote: -1, Levels: v.choice(p.Team), By: s.teams[p.Team].By}
	m.Cost, _ = v.lesson.Deck.Budget.Cost(m.Levels)
	switch now.Kind {
	case "vote":
		m.Vote = p.Votes[now.Index]
	case "predict":
		m.Guess = p.Guesses[now.Index]
		if outcomes := v.lesson.Answers[now.Index]; s.shown > 1 && m.Guess != nil {
			score := ScoreOf(*m.Guess, outcomes)
			m.Score, m.Best = &score, best(outcomes)
		}
	case "scores", "close":
		m.Total = p.scored(v.lesson.Answers)
	}
	return m
}

// show writes a template.
func (v *Server) show(w http.ResponseWriter, name string, data any) {
	var b bytes.Buffer
	if err := v.pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "this page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

// state answers the polling of a page: its key, and its inside when the key is new.
func (v *Server) state(w http.ResponseWriter, r *http.Request, name string, x view) {
	out := map[string]any{"key": x.Key, "step": x.Number - 1, "shown": x.Shown}
	if r.URL.Query().Get("key") != x.Key {
		var b bytes.Buffer
		if err := v.pages.ExecuteTemplate(&b, name, x); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		out["html"] = b.String()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(out)
}
