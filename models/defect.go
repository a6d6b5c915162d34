package models

import "github.com/rollrisk/rollrisk/sim/dist"

// Class is a kind of defect: where it can be reproduced, who meets it, and who
// notices. The defaults are scenarios/library/defect-classes.csv, each number
// with its source.
type Class struct {
	Name         string   `json:"name"`
	Share        float64  `json:"share"`        // share of the injected mix; the engine normalises by the sum
	Reproducible Quantity `json:"reproducible"` // r: probability that an environment of fidelity 1 can show it at all
	Exercised    Quantity `json:"exercised"`    // c: probability that tests of coverage 1 exercise it, given that it can show
	Together     Quantity `json:"together"`     // correlation of being exercised in two environments, 0 to 0.99: 1/(a+b+1) of the Beta distribution of c over the defects of the class
	Visible      Quantity `json:"visible"`      // v: probability that telemetry shows it
	Reported     Quantity `json:"reported"`     // probability that users who meet it complain at all
	Global       Quantity `json:"global"`       // probability that every user can meet it
	Reach        Amount   `json:"reach"`        // share of users who can meet it when it is not global; 0..1
	Strength     Amount   `json:"strength"`     // probability that a request of such a user fails; 0..1
	Onset        Span     `json:"onset"`        // wall-clock time from first exposure until it shows
	OnsetDose    Span     `json:"onset_dose"`   // exposure, in hours at full audience, until it shows; the later of the two onsets counts
	LoadBound    Quantity `json:"load_bound"`   // probability that it shows only above a share of full traffic
	LoadShare    Amount   `json:"load_share"`   // that share, for a load-bound defect; 0..1
	Irreversible Quantity `json:"irreversible"` // probability that a rollback does not heal it
	Absent       Quantity `json:"absent"`       // probability that nobody in a first ring can meet it, where there is a second
	Calendar     Quantity `json:"calendar"`     // hours of the cycle (a month) at whose end alone it begins to show; 0 when at any time
}

// Amount is a number without a unit of time that is known, not known, or
// different for each defect.
type Amount struct {
	Value  Quantity  `json:"value"`            // ignored when Varies is set
	Varies dist.Dist `json:"varies,omitempty"` // drawn afresh for each defect
}

// Changes is where changes come from and what they carry.
type Changes struct {
	PerWeek   Quantity  `json:"per_week"`   // mean number of changes in a week, made in working hours; > 0
	Every     Span      `json:"every"`      // fixed distance between changes instead; zero when changes arrive by chance
	At        []float64 `json:"at"`         // hours of a listed pattern of arrivals instead, repeated every AtCycle hours; empty when unused
	AtCycle   float64   `json:"at_cycle"`   // hours; >= the last of At
	Defects   Quantity  `json:"defects"`    // mean number of defects a change carries; >= 0
	Variance  float64   `json:"variance"`   // variance / mean of that number: 1 Poisson, > 1 negative binomial
	Evenly    bool      `json:"evenly"`     // spread the defects evenly, without chance: change g carries one when g*Defects passes a whole number
	Warmup    int       `json:"warmup"`     // changes at the start of a replication that are simulated and not counted
	PerPeriod int       `json:"per_period"` // counted changes of one replication; >= 1
}
