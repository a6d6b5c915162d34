package study

import (
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// ContrastVersion names the form of a Contrast in JSON. It changes when a reader of the
// old form would misread the new one.
const ContrastVersion = "rollrisk.contrast/1"

// Contrast sets two studies against each other: what was asked before and what is asked
// now. It is a plain value.
type Contrast struct {
	Schema       string        `json:"schema"`
	Version      string        `json:"version"`          // of the program that compared
	Changed      bool          `json:"changed"`          // something worth saying: an alternative or a gate came or went, a gate flipped, a number moved visibly, or one keeps up no more or again
	Same         bool          `json:"same"`             // nothing at all differs in the numbers: the same question
	Pairing      Pairing       `json:"pairing"`          // "paired", "overlapping" or "independent"
	Why          string        `json:"why"`              // why the two are paired or not, in a sentence
	Confidence   float64       `json:"confidence"`       // with which no number is called moved that is not, all numbers together; 0..1
	Old          Party         `json:"old"`              // what was asked before
	New          Party         `json:"new"`              // what is asked now
	Turned       bool          `json:"turned"`           // both headlines name an alternative, another one each, and a number moved visibly
	Alternatives []Matched     `json:"alternatives"`     // those of the old study in order, then the added ones
	Moves        []Move        `json:"moves"`            // every number that was compared
	Gates        []GateTurn    `json:"gates"`            // those of both, by name, in the order of the old study, then the added ones
	Inputs       []InputChange `json:"inputs"`           // those that differ, but for those of alternatives that came or went
	Tried        int           `json:"inputs_tried"`     // changed alone, one at a time, to see what it does
	Untried      int           `json:"inputs_not_tried"` // left out because there were too many
	Effects      float64       `json:"effects_level"`    // at which all intervals of effects hold together, 0..1; 0 where none was tried
}

// Pairing says what two studies have in common.
type Pairing string

// The pairings.
const (
	Paired      Pairing = "paired"      // replication by replication, on the same chance
	Overlapping Pairing = "overlapping" // saved studies that share chance, but hold no replications to pair
	Unpaired    Pairing = "independent" // saved studies of different seeds: they share no chance
)

// Party is one of two studies that are set against each other.
type Party struct {
	Name     string   `json:"name"`           // of the scenario
	Title    string   `json:"title"`          // for people
	File     string   `json:"file,omitempty"` // that it was read from
	Seed     uint64   `json:"seed"`
	Size     Size     `json:"size"`
	Version  string   `json:"version"`  // of the program that simulated it
	Currency string   `json:"currency"` // printed before amounts
	Decision Decision `json:"decision"`
	Winner   string   `json:"winner,omitempty"` // title of the alternative that Decision names
}

// Matched is an alternative of either study. They are matched by name.
type Matched struct {
	Name  string `json:"name"`
	Title string `json:"title"` // in the new study where it is in that, else in the old one
	State string `json:"state"` // "kept", "added" or "removed"
}

// Move is one number before and now.
type Move struct {
	Alternative int         `json:"alternative"` // index into Alternatives
	Metric      string      `json:"metric"`      // name of a Metric
	Title       string      `json:"title"`       // of the metric, for people
	Unit        string      `json:"unit"`        // of the metric; "lead" for wins less losses, -1..1
	Statistic   string      `json:"statistic"`   // "mean", "quantile" or "lead" over the baseline in a contest
	P           float64     `json:"p,omitempty"` // of a quantile, between 0 and 1
	Old         stat.Number `json:"old"`
	New         stat.Number `json:"new"`
	OldError    stat.Number `json:"old_error"` // simulation error of Old
	NewError    stat.Number `json:"new_error"` // simulation error of New
	Verdict     string      `json:"verdict"`   // "same", "~" (no difference is visible), "better", "worse", "moved", or "unknown"
	stat.Comparison
}

// GateTurn is one gate before and now.
type GateTurn struct {
	Name    string    `json:"name"`
	Old     GateState `json:"old,omitempty"` // empty where the old scenario has no such gate
	New     GateState `json:"new,omitempty"` // empty where the new scenario has no such gate
	Flipped bool      `json:"flipped"`       // it passed and fails now, or the other way round; what is undecided flips nothing
	Line    int       `json:"line"`          // of the new scenario, from 1; 0 where that has no such gate
	Column  int       `json:"column"`        // from 1; 0 where the new scenario has no such gate
}

// InputChange is one input that differs.
type InputChange struct {
	Path    string   `json:"path"`              // address in the scenario
	Label   string   `json:"label"`             // for people
	State   string   `json:"state"`             // "changed", "added" (the old scenario has no such place) or "removed"
	Old     string   `json:"old,omitempty"`     // as written
	New     string   `json:"new,omitempty"`     // as written
	Effects []Effect `json:"effects,omitempty"` // of this change alone, all else as in the old scenario
	Untried string   `json:"untried,omitempty"` // why there are none, in words
	Line    int      `json:"line"`              // of the new scenario, from 1; 0 where it is not stated there, or not known
	Column  int      `json:"column"`            // from 1; 0 where Line is
}

// Effect is what changing one input alone does to one number.
type Effect struct {
	Alternative int    `json:"alternative"` // index into Contrast.Alternatives
	Metric      string `json:"metric"`      // name of a Metric, of which it is the mean
	Title       string `json:"title"`       // of the metric, for people
	Unit        string `json:"unit"`        // of the metric
	stat.Comparison
}

// The verdicts of a Move.
const (
	MoveSame    = "same"
	MoveUnseen  = "~"
	MoveBetter  = "better"
	MoveWorse   = "worse"
	MoveMoved   = "moved"
	MoveUnknown = "unknown"
)

// measure is one number of an alternative that is compared: the rows that a terminal
// shows, and the mean of what the headline is about.
type measure struct {
	metric string
	p      float64 // of a quantile; 0 for the mean
}

// measures leaves out the cost of two currencies.
func (c *Contrast) measures() []measure {
	all := []measure{{"users_affected", 0}, {"users_affected", 0.5}, {"users_affected", 0.95},
		{"time_to_detect", 0.5}, {"time_to_detect", 0.95}, {"never_detected", 0}, {"cost", 0},
		{"lead_time", 0.5}, {"change_failure_rate", 0}}
	if c.Old.Currency != c.New.Currency {
		return slices.DeleteFunc(all, func(m measure) bool { return m.metric == "cost" })
	}
	return all
}

// party introduces a study.
func (s *Study) party() Party {
	p := Party{Name: s.About.Name, Title: s.About.Title, File: s.About.File, Seed: s.Seed, Size: s.Size,
		Version: s.Version, Currency: s.Currency, Decision: s.Decision()}
	for i := range s.Alternatives {
		if a := &s.Alternatives[i]; a.Name == p.Decision.Ahead {
			p.Winner = a.Title
			if p.Winner == "" {
				p.Winner = a.Name
			}
		}
	}
	return p
}

// newContrast is a Contrast without the numbers.
func newContrast(old, now *Study, confidence float64) *Contrast {
	c := &Contrast{Schema: ContrastVersion, Version: now.Version, Confidence: confidence,
		Old: old.party(), New: now.party(), Alternatives: match(old, now), Gates: turnedGates(old.Gates, now.Gates), Inputs: changedInputs(old, now)}
	return c
}

// match lists the alternatives of both, by name.
func match(old, now *Study) []Matched {
	var all []Matched
	for i := range old.Alternatives {
		m := Matched{Name: old.Alternatives[i].Name, Title: old.Alternatives[i].Title, State: "removed"}
		if j := now.alternative(m.Name); j >= 0 {
			m.State, m.Title = "kept", now.Alternatives[j].Title
		}
		all = append(all, m)
	}
	for j := range now.Alternatives {
		if a := &now.Alternatives[j]; old.alternative(a.Name) < 0 {
			all = append(all, Matched{Name: a.Name, Title: a.Title, State: "added"})
		}
	}
	return all
}

// alternative is the index of the alternative of that name; -1 where there is none.
func (s *Study) alternative(name string) int {
	return slices.IndexFunc(s.Alternatives, func(a Alternative) bool { return a.Name == name })
}

// changedInputs lists the inputs that differ, in the order of the old study, then those
// that only the new one has. What belongs to an alternative that came or went is left
// out: that is told already.
func changedInputs(old, now *Study) []InputChange {
	before, after := map[string]*Input{}, map[string]*Input{}
	for i := range old.Inputs {
		before[old.Inputs[i].Path] = &old.Inputs[i]
	}
	for i := range now.Inputs {
		after[now.Inputs[i].Path] = &now.Inputs[i]
	}
	list := []InputChange{}
	for i := range old.Inputs {
		in := &old.Inputs[i]
		switch b := after[in.Path]; {
		case b == nil && !foreign(in.Path, old, now):
			list = append(list, InputChange{Path: in.Path, Label: in.Label, State: "removed", Old: in.Value})
		case b != nil && (b.Value != in.Value || b.Doubt != in.Doubt):
			list = append(list, InputChange{Path: in.Path, Label: in.Label, State: "changed", Old: in.Value, New: b.Value})
		}
	}
	for i := range now.Inputs {
		if in := &now.Inputs[i]; before[in.Path] == nil && !foreign(in.Path, now, old) {
			list = append(list, InputChange{Path: in.Path, Label: in.Label, State: "added", New: in.Value})
		}
	}
	return list
}

// foreign says that a path is of an alternative that the other study does not have.
func foreign(path string, of, other *Study) bool {
	for i := range of.Alternatives {
		prefix := "alternatives." + of.Alternatives[i].Name + "."
		if len(path) > len(prefix) && path[:len(prefix)] == prefix {
			return other.alternative(of.Alternatives[i].Name) < 0
		}
	}
	return false
}

// compared is what a Contrast compares: alternatives of both studies, and the contests
// where both have the same baseline.
type compared struct{ at, old, now int } // indices into Alternatives of the contrast and of the studies

func (c *Contrast) pairs(old, now *Study) (kept []compared, contests bool) {
	for k, m := range c.Alternatives {
		if m.State == "kept" {
			kept = append(kept, compared{k, old.alternative(m.Name), now.alternative(m.Name)})
		}
	}
	return kept, old.Alternatives[0].Name == now.Alternatives[0].Name
}

// options allows for all numbers that are compared at once.
func (c *Contrast) options(kept []compared, contests bool) stat.CompareOptions {
	n := len(kept) * len(c.measures())
	for _, k := range kept {
		if contests && k.old > 0 && k.now > 0 {
			n += len(contested)
		}
	}
	return stat.CompareOptions{Level: c.Confidence, Comparisons: max(1, n)}
}

// finish draws the conclusions from the moves.
func (c *Contrast) finish() {
	c.Same = len(c.Inputs) == 0
	for _, m := range c.Alternatives {
		c.Changed = c.Changed || m.State != "kept"
	}
	for _, g := range c.Gates {
		c.Changed = c.Changed || g.Flipped || g.Old == "" || g.New == ""
		c.Same = c.Same && g.Old == g.New
	}
	moved := false
	for i := range c.Moves {
		m := &c.Moves[i]
		m.judge()
		moved = moved || m.Visible
		c.Same = c.Same && m.Verdict == MoveSame
	}
	old, now := c.Old.Decision, c.New.Decision
	stuck := (old.State == DecisionStuck) != (now.State == DecisionStuck)
	c.Turned = moved && old.State == DecisionAhead && now.State == DecisionAhead && old.Ahead != now.Ahead
	c.Changed = c.Changed || moved || stuck
	c.Same = c.Same && !c.Changed
}

// judge says in a word what became of a number.
func (m *Move) judge() {
	old, now := float64(m.Old), float64(m.New)
	better := metric.Lower
	if found, ok := metric.Named(m.Metric); ok {
		better = found.Better
	}
	if m.Statistic == "lead" {
		better = metric.Higher
	}
	up := now > old
	switch {
	case old == now || math.IsNaN(old) && math.IsNaN(now):
		m.Verdict = MoveSame
	case m.Visible && better == metric.Neither:
		m.Verdict = MoveMoved
	case m.Visible && up == (better == metric.Higher):
		m.Verdict = MoveBetter
	case m.Visible:
		m.Verdict = MoveWorse
	case math.IsNaN(float64(m.Low)) || math.IsNaN(float64(m.High)):
		m.Verdict = MoveUnknown
	default:
		m.Verdict = MoveUnseen
	}
}
