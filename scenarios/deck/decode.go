package deck

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios"
)

// Open finds the scenario of a deck: a name of the library, or a file beside the deck.
type Open func(name string) (*scenarios.Scenario, []scenarios.Fault)

// Limits of what is read, so that every page of a session stays a page.
const (
	maxText    = 600 // characters of a paragraph
	maxLine    = 80  // characters of a title or a label
	maxChanges = 200_000
	maxPoints  = 10_000
)

var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// Decode reads a deck and tells all faults at once, each with its place.
func Decode(file string, data []byte, open Open) (*Deck, []scenarios.Fault) {
	root, faults := scenarios.Tree(file, data)
	if root == nil {
		return nil, faults
	}
	r := &reader{file: file, open: open}
	d := &Deck{File: file, Text: string(data)}
	r.deck(value{r, root, ""}, d)
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b scenarios.Fault) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, r.faults
	}
	return d, nil
}

// deck reads the whole file.
func (r *reader) deck(v value, d *Deck) {
	keys := v.object("deck", "name", "title", "intro", "scenario", "with", "seed", "changes", "story", "vote", "questions", "budget", "hidden", "map")
	if keys == nil {
		return
	}
	if got := keys.need("deck").whole(1, 1_000_000); got > 1 {
		keys["deck"].fault("this program reads version 1", "version %d", got)
	}
	d.Name = keys.need("name").text(40)
	if n, ok := keys["name"]; ok && d.Name != "" && !namePattern.MatchString(d.Name) {
		n.fault("small letters, digits, - and _, at most 40", "%s is no name", show(d.Name))
	}
	d.Title, d.Intro = keys.need("title").text(maxLine), keys.need("intro").text(maxText)
	d.Seed = uint64(keys.need("seed").whole(0, 1<<53))
	d.Changes = keys.need("changes").whole(100, maxChanges)
	d.Story = keys.need("story").word("median", "bad-luck", "other-wins")
	r.scenario(keys.need("scenario"), d)
	if d.Scenario != nil {
		r.names = d.Scenario.Alternatives()
	}
	if with, ok := keys["with"]; ok {
		d.With = with.settings(d)
		r.with(with, d)
	}
	vote := keys.need("vote").object("ask", "reveal")
	d.Vote = Vote{Ask: vote.need("ask").text(maxText), Reveal: vote.need("reveal").text(maxText)}
	for _, q := range keys.need("questions").list(1, 8) {
		d.Questions = append(d.Questions, q.question())
	}
	r.budget(keys.need("budget"), d)
	hidden := keys.need("hidden").object("seed", "changes", "cards")
	d.Hidden = Hidden{Seed: uint64(hidden.need("seed").whole(0, 1<<53)), Changes: hidden.need("changes").whole(100, maxChanges), Cards: hidden.need("cards").whole(2, 24)}
	if n, ok := hidden["seed"]; ok && d.Hidden.Seed == d.Seed {
		n.fault("take another one", "the hidden deck has the seed of the study that the room has seen")
	}
	r.chart(keys.need("map"), d)
}

// scenario opens what the deck is about.
func (r *reader) scenario(v value, d *Deck) {
	name := v.text(200)
	if name == "" {
		return
	}
	s, faults := r.open(name)
	if len(faults) > 0 {
		v.fault(faults[0].Hint, "the scenario %s cannot be read: %s", show(name), faults[0].Message)
		return
	}
	d.Scenario = s
	if len(s.Alternatives()) < 2 {
		v.fault("a room compares two or more", "the scenario %s has one alternative", show(name))
	}
}

// with puts the deck's own values into the scenario.
func (r *reader) with(v value, d *Deck) {
	d.With = v.settings(d)
	if d.Scenario == nil || len(r.faults) > 0 {
		return
	}
	s, faults := apply(d.Scenario, d.With)
	if len(faults) > 0 {
		v.fault(faults[0].Hint, "together: %s", faults[0].Message)
		return
	}
	d.Scenario = s
}

func (v value) question() Question {
	keys := v.object("ask", "hint", "reveal", "alternative", "metric")
	q := Question{Ask: keys.need("ask").text(maxText), Reveal: keys.need("reveal").text(maxText), Alternative: keys.need("alternative").alternative(),
		Metric: keys.need("metric").word("users_affected", "cost_period")}
	if h, ok := keys["hint"]; ok {
		q.Hint = h.text(maxText)
	}
	return q
}

// budget reads what can be bought, and tries every level by itself.
func (r *reader) budget(v value, d *Deck) {
	keys := v.object("points", "knobs")
	d.Budget.Points = keys.need("points").whole(1, maxPoints)
	seen := map[string]bool{}
	for _, k := range keys.need("knobs").list(1, 8) {
		knob, all := k.knob(d)
		if seen[knob.Name] {
			all["name"].fault("keep one of them", "%s stands twice", show(knob.Name))
		}
		seen[knob.Name] = true
		d.Budget.Knobs = append(d.Budget.Knobs, knob)
	}
}

func (v value) knob(d *Deck) (Knob, object) {
	keys := v.object("name", "title", "hint", "levels")
	k := Knob{Name: keys.need("name").text(40), Title: keys.need("title").text(maxLine), Hint: keys.need("hint").text(maxText)}
	for i, l := range keys.need("levels").list(2, 6) {
		level, price := l.level(d)
		if i == 0 && level.Price != 0 {
			price.fault("a team that buys nothing has the first level", "the first level costs %d points", level.Price)
		}
		if level.Price > d.Budget.Points && d.Budget.Points > 0 {
			price.fault("", "%d points are more than the budget of %d", level.Price, d.Budget.Points)
		}
		k.Levels = append(k.Levels, level)
	}
	return k, keys
}

// level reads one level and sets it in the scenario, to know that it can be.
func (v value) level(d *Deck) (Level, value) {
	keys := v.object("label", "price", "use", "set")
	price := keys.need("price")
	l := Level{Label: keys.need("label").text(maxLine), Price: price.whole(0, maxPoints)}
	if u, ok := keys["use"]; ok {
		if i := u.alternative(); len(v.r.names) > 0 {
			l.Use = v.r.names[i]
		}
	}
	if set, ok := keys["set"]; ok {
		l.Set = set.settings(d)
	}
	return l, price
}

// settings reads addresses with values, and tries each of them in the scenario.
func (v value) settings(d *Deck) []scenarios.Setting {
	var all []scenarios.Setting
	for _, p := range v.pairs() {
		x := scenarios.Setting{Path: p.name, Value: p.of.text(maxLine)}
		if d.Scenario == nil || x.Value == "" {
			continue
		}
		if _, faults := apply(d.Scenario, []scenarios.Setting{x}); len(faults) > 0 {
			p.of.fault(faults[0].Hint, "%s: %s", show(x.Value), faults[0].Message)
			continue
		}
		all = append(all, x)
	}
	return all
}

// chart reads the map.
func (r *reader) chart(v value, d *Deck) {
	keys := v.object("first", "second", "x", "y", "steps", "factor", "changes")
	d.Map = Map{First: keys.need("first").alternative(), Second: keys.need("second").alternative(),
		Steps: keys.need("steps").whole(3, 9), Factor: float64(keys.need("factor").whole(2, 100)), Changes: keys.need("changes").whole(100, 20_000)}
	if n, ok := keys["steps"]; ok && d.Map.Steps > 0 && d.Map.Steps%2 == 0 {
		n.fault("an odd number has what is stated in the middle", "%d steps", d.Map.Steps)
	}
	if n, ok := keys["second"]; ok && d.Scenario != nil && d.Map.First == d.Map.Second {
		n.fault("", "an alternative cannot be held against itself")
	}
	d.Map.X, d.Map.Y = keys.need("x").axis(d), keys.need("y").axis(d)
}

func (v value) axis(d *Deck) Axis {
	keys := v.object("path", "title")
	path := keys.need("path")
	a := Axis{Path: path.text(200), Title: keys.need("title").text(maxLine)}
	if d.Scenario == nil || a.Path == "" {
		return a
	}
	var known []string
	for _, l := range d.Scenario.Levers() {
		known = append(known, l.Path)
		if l.Path == a.Path && d.Map.Factor > 0 && d.Map.Steps > 1 {
			path.ends(l, d)
		}
	}
	if !slices.Contains(known, a.Path) {
		hint := "a number of the scenario that the simulation depends on"
		if near := scenarios.Nearest(a.Path, known); near != "" {
			hint = "did you mean " + near + "?"
		}
		path.fault(hint, "%s cannot be turned", show(a.Path))
	}
	return a
}

// ends tries the two ends of an axis.
func (v value) ends(l scenarios.Lever, d *Deck) {
	for _, i := range []int{0, d.Map.Steps - 1} {
		if _, _, faults := l.Turn(d.Scenario, d.Map.Step(i)); len(faults) > 0 {
			v.fault("take a smaller factor", "the map goes too far: %s", faults[0].Message)
			return
		}
	}
}

// show is a text as a message quotes it.
func show(s string) string {
	runes := []rune(s)
	if len(runes) > 40 {
		s = string(runes[:40]) + "…"
	}
	return `"` + strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return '·'
		}
		return c
	}, s) + `"`
}
