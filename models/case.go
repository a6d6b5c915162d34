package models

// Case is everything that one study simulates: one world and the pipelines
// under comparison. It is a plain value: it can be printed, compared and
// shared by any number of workers, which never write to it.
type Case struct {
	Service   Service    `json:"service"`
	Work      Workweek   `json:"workweek"`
	Changes   Changes    `json:"changes"`
	Classes   []Class    `json:"classes"`
	Pipelines []Pipeline `json:"pipelines"`        // the first is the baseline
	Beliefs   []Belief   `json:"beliefs"`          // what nobody knows exactly
	Joined    []Joined   `json:"joined,omitempty"` // which of Beliefs depend on one another; others do not
	Pace      Pace       `json:"pace,omitzero"`
}

// Limits of a Case: more is refused by Check, so that a run's memory is
// bounded whatever the scenario says.
const (
	MaxPipelines = 12
	MaxStages    = 24
	MaxRings     = 12 // rings of one pipeline
	MaxClasses   = 64
	MaxDetectors = 16 // of one pipeline
	MaxDefects   = 32 // of one change; a draw above is cut there
)
