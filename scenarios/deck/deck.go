// Package deck reads the decks of the workshop: which scenario a room plays, under which
// seeds, what it is asked, and what a team may buy for its points.
//
// It refuses to know who plays, how a page looks and what a simulation says.
package deck

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// Deck is one session, before anybody has come.
type Deck struct {
	File      string              // as given to Decode
	Text      string              // as it was read
	Name      string              // key, e.g. "web"
	Title     string              // one line
	Intro     string              // what the room is told first
	Scenario  *scenarios.Scenario // that the room predicts, with the deck's own values in it
	With      []scenarios.Setting // those values
	Seed      uint64              // of the study that is revealed
	Changes   int                 // of that study
	Story     string              // which change is told: "median", "bad-luck" or "other-wins"
	Vote      Vote
	Questions []Question // 1 to 8
	Budget    Budget
	Hidden    Hidden
	Map       Map
}

// Vote is what the room votes on, before and after: one of the alternatives.
type Vote struct {
	Ask    string
	Reveal string // said after the second vote
}

// Question asks for a 90 % range.
type Question struct {
	Ask         string
	Hint        string
	Reveal      string // said when the distribution is shown
	Alternative int    // index into the scenario's
	Metric      string // "users_affected" (of a change with a defect) or "cost_period"
}

// Budget is what a team spends.
type Budget struct {
	Points int
	Knobs  []Knob // 1 to 8
}

// Knob is something a team can buy more of.
type Knob struct {
	Name   string
	Title  string
	Hint   string
	Levels []Level // 2 to 6; the first is what a team has that buys nothing
}

// Level is one step of a knob.
type Level struct {
	Label string
	Price int                 // points
	Use   string              // alternative of the scenario that the team plays; "" where the knob does not choose one
	Set   []scenarios.Setting // of the scenario; a path may hold * for any step
}

// Hidden is the deck of defects that all teams meet.
type Hidden struct {
	Seed    uint64
	Changes int
	Cards   int // printed, 2 to 24
}

// Map is drawn over two numbers of the scenario, each taken to several multiples.
type Map struct {
	First, Second int     // alternatives that are held against each other
	X, Y          Axis    // what is turned
	Steps         int     // on each axis, 3 to 9; odd, so that the middle is what is stated
	Factor        float64 // each axis goes from a Factor-th of what is stated to Factor times it; of a share the odds
	Changes       int     // simulated at each point
}

// Axis is one number of the scenario.
type Axis struct {
	Path  string // of a lever of the scenario
	Title string
}

//go:embed library/*.yaml schema.json
var library embed.FS

// Library lists the names of the built-in decks in alphabetical order.
func Library() []string {
	files, err := fs.Glob(library, "library/*.yaml")
	if err != nil {
		panic("deck: " + err.Error())
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(f, "library/"), ".yaml")
	}
	return names
}

// Builtin is a built-in deck as it was written; false when there is none of that name.
func Builtin(name string) ([]byte, bool) {
	data, err := library.ReadFile("library/" + name + ".yaml")
	return data, err == nil
}

// Schema is the form of a deck as a JSON Schema (draft 2020-12), for editors. Decode also
// holds what no schema can say: that alternatives, levers and settings exist.
func Schema() []byte {
	data, err := library.ReadFile("schema.json")
	if err != nil {
		panic("deck: " + err.Error())
	}
	return data
}

// Cost is what a choice of levels costs, in points; false where it is no choice of this
// deck: one index for each knob.
func (b *Budget) Cost(levels []int) (int, bool) {
	if len(levels) != len(b.Knobs) {
		return 0, false
	}
	total := 0
	for i, l := range levels {
		if l < 0 || l >= len(b.Knobs[i].Levels) {
			return 0, false
		}
		total += b.Knobs[i].Levels[l].Price
	}
	return total, true
}

// Build is the scenario that a choice of levels makes, and the index of the alternative
// that is played: the last that a level uses, else the first. The choice must be one
// of this deck; see Budget.Cost.
func (d *Deck) Build(levels []int) (*scenarios.Scenario, int, []scenarios.Fault) {
	s, play := d.Scenario, 0
	for i, l := range levels {
		level := &d.Budget.Knobs[i].Levels[l]
		if level.Use != "" {
			play = index(s.Alternatives(), level.Use)
		}
		next, faults := apply(s, level.Set)
		if len(faults) > 0 {
			return nil, 0, faults
		}
		s = next
	}
	return s, play, nil
}

// apply sets every value that the paths name.
func apply(s *scenarios.Scenario, set []scenarios.Setting) (*scenarios.Scenario, []scenarios.Fault) {
	var all []scenarios.Setting
	for _, x := range set {
		paths := s.Expand(x.Path)
		if len(paths) == 0 {
			return nil, []scenarios.Fault{{File: s.File, Line: 1, Column: 1, Path: x.Path, Message: "names no value of the scenario"}}
		}
		for _, p := range paths {
			all = append(all, scenarios.Setting{Path: p, Value: x.Value})
		}
	}
	if len(all) == 0 {
		return s, nil
	}
	return s.SetAll(all)
}

func index(words []string, w string) int {
	for i, x := range words {
		if x == w {
			return i
		}
	}
	return -1
}

// Step is how far a lever is turned at point i of an axis; 0 in the middle. See
// scenarios.Lever.Turn.
func (m *Map) Step(i int) float64 {
	half := float64(m.Steps / 2)
	return portable.Log(m.Factor) * (float64(i) - half) / half
}
