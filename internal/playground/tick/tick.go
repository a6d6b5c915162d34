// Package tick answers one move in the playground: the scenario with what was turned,
// simulated by the engine that every command uses, and its report as a piece of a page.
//
// It refuses to know browsers: the same request gives the same answer in one and anywhere
// else.
package tick

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// Reach is how many notches a slider has to either side; the last is a tenth of what is
// stated, or ten times it.
const Reach = 40

// MaxChanges is the most that a move may simulate: what a browser does in a few seconds.
const MaxChanges = 200_000

// Request is one move.
type Request struct {
	File     string            `json:"file"`     // name of the scenario
	Scenario string            `json:"scenario"` // its text
	Turns    map[string]int    `json:"turns"`    // notches from what is stated, by the path of a lever, -Reach..Reach
	Values   map[string]string `json:"values"`   // by address, as a scenario would write it; they come after turns
	Seed     string            `json:"seed"`     // 0 to 2^64-1
	Changes  int               `json:"changes"`  // to simulate, 1..MaxChanges
	Version  string            `json:"version"`  // of the program
	Whole    bool              `json:"whole"`    // the study is wanted too
}

// Answer is what a move shows.
type Answer struct {
	Faults   []string `json:"faults"`   // why there is nothing new to show; empty when there is
	HTML     string   `json:"html"`     // of the report
	Says     string   `json:"says"`     // the headline, for those who listen
	Scenario string   `json:"scenario"` // the text with what was turned
	Levers   []Lever  `json:"levers"`   // of the scenario as it was stated
	Stories  []Story  `json:"stories"`  // single changes
	Study    string   `json:"study"`    // as rollrisk run -o json writes it, when it was wanted
}

// Lever is something that can be turned.
type Lever struct {
	Path   string `json:"path"`
	Label  string `json:"label"`
	Stated string `json:"stated"`
	Text   string `json:"text"`   // its value now, as a scenario would write it; "" of a group
	Factor string `json:"factor"` // by which it was turned, printed
	Single bool   `json:"single"` // Text may be written
	Main   bool   `json:"main"`   // belongs among the few that a room looks at first
}

// Desk remembers the scenario of the last move.
type Desk struct {
	text   string
	stated *scenarios.Scenario
	levers []scenarios.Lever
	faults []scenarios.Fault
}

func (d *Desk) open(q *Request) {
	if d.stated != nil && d.text == q.Scenario {
		return
	}
	d.text = q.Scenario
	d.stated, d.faults = scenarios.Decode(q.File, []byte(q.Scenario))
	if len(d.faults) == 0 {
		d.levers = d.stated.Levers()
	}
}

// Tick answers a move.
func (d *Desk) Tick(q *Request) Answer {
	d.open(q)
	if len(d.faults) > 0 {
		return Answer{Faults: lines(d.faults)}
	}
	a := Answer{Levers: d.shown(q)}
	seed, err := strconv.ParseUint(q.Seed, 10, 64)
	if err != nil {
		a.Faults = append(a.Faults, "the seed "+strconv.Quote(q.Seed)+" is no whole number from 0 to 2^64-1")
	}
	if q.Changes < 1 || q.Changes > MaxChanges {
		a.Faults = append(a.Faults, strconv.Itoa(q.Changes)+" changes: between 1 and "+strconv.Itoa(MaxChanges))
	}
	if len(a.Faults) > 0 {
		return a
	}
	s, faults := d.stated.SetAll(d.settings(q))
	if len(faults) > 0 {
		a.Faults = lines(faults)
		return a
	}
	a.Scenario = string(s.Source())
	plan, faults := s.Plan(scenarios.Options{Seed: seed, Changes: q.Changes, Version: q.Version})
	if len(faults) > 0 {
		a.Faults = lines(faults)
		return a
	}
	a.simulate(&plan, q.Whole)
	return a
}

func lines(faults []scenarios.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.String())
	}
	return all
}

// settings are what was turned, in the order of the levers, and what was written, in the
// order of addresses.
func (d *Desk) settings(q *Request) []scenarios.Setting {
	var all []scenarios.Setting
	for _, l := range d.levers {
		if _, written := q.Values[l.Path]; !written && q.Turns[l.Path] != 0 {
			all = append(all, l.Settings(step(q.Turns[l.Path]))...)
		}
	}
	var paths []string
	for path := range q.Values {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		all = append(all, scenarios.Setting{Path: path, Value: q.Values[path]})
	}
	return all
}

func step(notches int) float64 {
	n := max(-Reach, min(Reach, notches))
	return float64(portable.Log(10) * float64(n) / Reach)
}

// shown are the levers with their values.
func (d *Desk) shown(q *Request) []Lever {
	var all []Lever
	for _, l := range d.levers {
		at := step(q.Turns[l.Path])
		settings := l.Settings(at)
		v := Lever{Path: l.Path, Label: l.Label, Stated: l.Stated, Main: leading(l.Path),
			Single: len(settings) == 1 && settings[0].Path == l.Path}
		written, is := q.Values[l.Path]
		switch {
		case is:
			v.Text = written
		case at == 0:
			v.Text = l.Stated
		case v.Single:
			v.Text = settings[0].Value
		}
		if at != 0 && !is {
			v.Factor = "× " + strconv.FormatFloat(math.Round(portable.Exp(at)*100)/100, 'g', 3, 64)
		}
		if !v.Single {
			v.Text = ""
		}
		all = append(all, v)
	}
	return all
}

// leading says that a lever is one of the few that a room should look at first: how true an
// environment is, the rings and how long they bake, thresholds, traffic, how fast it goes
// back, whom a defect reaches.
func leading(path string) bool {
	parts := strings.Split(path, ".")
	last := parts[len(parts)-1]
	switch parts[0] {
	case "environments":
		return last == "fidelity"
	case "alternatives":
		return last == "bake" || last == "ring" || last == "act"
	case "detectors":
		return last == "threshold"
	case "service":
		return last == "users" || last == "requests_per_user"
	case "defects":
		return last == "reach" || last == "reproducible"
	case "changes":
		return last == "defects"
	case "response":
		return last == "decide"
	}
	return false
}

// parts are the sections of the report that a move shows.
var parts = []string{"answer", "figures", "summary", "warnings", "spread", "exceedance", "detection", "stops"}

func (a *Answer) simulate(plan *study.Plan, whole bool) {
	st, err := study.Run(context.Background(), plan, study.Options{Workers: 1})
	if err != nil {
		a.Faults = []string{err.Error()}
		return
	}
	report := section.Build(st)
	var kept []reports.Part
	for _, part := range report.Parts {
		if slices.Contains(parts, part.Name) {
			kept = append(kept, part)
		}
	}
	a.HTML, a.Says = html.Fragment(kept), report.Summary
	a.Stories = told(st)
	if whole {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(st); err != nil {
			a.Faults = []string{err.Error()}
		}
		a.Study = b.String()
	}
}
