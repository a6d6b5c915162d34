package study

import "github.com/rollrisk/rollrisk/models"

// Rows are the outcomes of one pipeline, in the order of the replications: one
// Lean a counted change, one Harm a change that carries a defect, one
// DefectOutcome a defect, one Period a replication. Most changes carry none,
// and a million changes through three pipelines have to fit beside each other.
type Rows struct {
	Lean    []Lean
	Harm    []Harm
	Defects []models.DefectOutcome
	Periods []models.Period
	// The baseline once more with luck of its own, for contests; one a change
	// that carries a defect. Empty for the others.
	Rival []Rival
	// Who was on which defective change, by change; one a replication, for the first
	// ones of the plan.
	Audiences [][]models.AudienceStep
}

// Lean is what is known of every change; see models.Outcome.
type Lean struct {
	LeadTime                                                       float64 // hours
	Cost                                                           float64 // in the scenario's currency
	Defects, Escapes, Detected, Withdrawals, Innocent, FalseAlarms uint16
}

// Harm is what the defects of a change do; see models.Outcome.
type Harm struct{ UsersExposed, UsersAffected, FailedRequests, UserMinutes float64 }

// Rival is what a contest compares.
type Rival struct{ Cost, UsersAffected float64 }

func lean(o *models.Outcome) Lean {
	return Lean{LeadTime: o.LeadTime, Cost: o.Cost, Defects: o.Defects, Escapes: o.Escapes, Detected: o.Detected,
		Withdrawals: o.Withdrawals, Innocent: o.Innocent, FalseAlarms: o.FalseAlarms}
}

func harm(o *models.Outcome) Harm {
	return Harm{UsersExposed: o.UsersExposed, UsersAffected: o.UsersAffected,
		FailedRequests: o.FailedRequests, UserMinutes: o.UserMinutes}
}

// outcome puts a change together again; h is the zero Harm for one without
// defects.
func (l *Lean) outcome(h Harm) models.Outcome {
	return models.Outcome{UsersExposed: h.UsersExposed, UsersAffected: h.UsersAffected, FailedRequests: h.FailedRequests,
		UserMinutes: h.UserMinutes, Cost: l.Cost, LeadTime: l.LeadTime, Defects: l.Defects, Escapes: l.Escapes,
		Detected: l.Detected, Withdrawals: l.Withdrawals, Innocent: l.Innocent, FalseAlarms: l.FalseAlarms}
}

// extend appends the rows that follow.
func (r *Rows) extend(next *Rows) {
	r.Lean = append(r.Lean, next.Lean...)
	r.Harm = append(r.Harm, next.Harm...)
	r.Defects = append(r.Defects, next.Defects...)
	r.Periods = append(r.Periods, next.Periods...)
	r.Rival = append(r.Rival, next.Rival...)
	r.Audiences = append(r.Audiences, next.Audiences...)
}
