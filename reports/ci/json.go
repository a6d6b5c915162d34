package ci

import (
	"io"

	"github.com/rollrisk/rollrisk/models/study"
)

// Schema names the form of the JSON of a check. It changes when a reader of the old form
// would misread the new one.
const Schema = "rollrisk.check/1"

// jsonForm is everything that is known of the gates; docs/reference/check.schema.json
// describes it.
var jsonForm = Format{
	Name: "json",
	Doc:  "all that is known of the gates, with a published schema",
	Write: func(w io.Writer, r Result) error {
		c := checked{Schema: Schema, State: r.State(), Scenarios: []checkedScenario{}}
		for _, s := range r.Studies {
			x := checkedScenario{Name: s.About.Name, Title: s.About.Title, File: file(s), Seed: s.Seed, Changes: s.Size.Changes,
				Command: s.Command, Version: s.Version, State: Result{[]*study.Study{s}, r.Undecided}.State(), Gates: []checkedGate{}}
			if s.Gates != nil {
				x.Confidence, x.Look, x.Error = s.Gates.Confidence, s.Gates.Look, s.Gates.Error
			}
			for _, i := range itemsOf(s) {
				x.Gates = append(x.Gates, checkedGate{*i.gate, s.Alternatives[i.gate.Alternative].Name, i.demand, i.finding})
			}
			c.Scenarios = append(c.Scenarios, x)
		}
		return encode(w, c)
	},
}

type checked struct {
	Schema    string            `json:"schema"`
	State     study.GateState   `json:"state"` // of all, with what undecided counts as
	Scenarios []checkedScenario `json:"scenarios"`
}

type checkedScenario struct {
	Name       string          `json:"name"`
	Title      string          `json:"title"`
	File       string          `json:"file"`
	Seed       uint64          `json:"seed"`
	Changes    int             `json:"changes"`
	Command    string          `json:"command"` // that repeats the study
	Version    string          `json:"version"`
	State      study.GateState `json:"state"`
	Confidence float64         `json:"confidence"`
	Look       int             `json:"look"`
	Error      float64         `json:"error"`
	Gates      []checkedGate   `json:"gates"`
}

type checkedGate struct {
	study.GateResult
	AlternativeName string `json:"alternative_name"`
	Demand          string `json:"demand"`  // in words
	Finding         string `json:"finding"` // in words
}
