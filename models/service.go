package models

// Service is what the changes are made to and whom a defect can hurt.
type Service struct {
	Users          Quantity `json:"users"`             // people (or devices) in the audience; > 0
	RequestsPerHr  Quantity `json:"requests_per_hour"` // requests of one user in an average hour; >= 0
	BaselineErrors Quantity `json:"baseline_errors"`   // share of requests that fail without any defect; 0..1
	SLO            float64  `json:"slo"`               // share of requests that should succeed, e.g. 0.999; 0 when there is none
	Shape          Shape    `json:"shape"`             // how traffic moves through the week
	Cost           Cost     `json:"cost"`              // what harm costs
	Outages        Outages  `json:"outages"`           // faults of others that look like a bad release
	Swings         Swings   `json:"swings"`            // how the baseline errors wander
}

// Swings are how the baseline share of failing requests wanders although nothing is
// wrong: at every full multiple of Every it is drawn anew from a Beta distribution
// around the baseline, so that requests of one such stretch fail together and errors
// are beta-binomial (Skellam, 1948). The same at any time for all releases.
type Swings struct {
	Correlation float64 `json:"correlation"` // of two requests of one stretch, 0 (none) to below 1: 1/(a+b+1) of the Beta distribution
	Every       float64 `json:"every"`       // hours, > 0 where there is a correlation
}

// Cost prices harm, in the scenario's currency. All are >= 0.
type Cost struct {
	Currency        string   `json:"currency"`           // printed before amounts, e.g. "$"
	PerFailedReq    Quantity `json:"per_failed_request"` // a failed request
	PerAffectedUser Quantity `json:"per_affected_user"`  // a distinct user who met a failure
	PerUserHour     Quantity `json:"per_user_hour"`      // an hour of one user who can meet the defect, while it is live
	PerIncident     Quantity `json:"per_incident"`       // each alarm that people answer, right or false
	PerIrreversible Quantity `json:"per_irreversible"`   // in addition, each user affected by a defect that no rollback heals
	PerChangeDay    Quantity `json:"per_change_day"`     // a day of lead time of one change
}

// Workweek is the working calendar: who answers and approves, and when
// changes are made. The engine's time zero is a Monday, 00:00.
type Workweek struct {
	Start float64 `json:"start"` // first working hour of a day, 0..24
	End   float64 `json:"end"`   // end of the working day, > Start, <= 24
	Days  int     `json:"days"`  // working days from Monday on, 1..7
}
