// Package metric defines what is measured: each metric is one value that knows
// its name, its unit, which way is better, and how to read it from the
// outcomes of a replication. all.go lists them in the order of the tables.
//
// It refuses to know how many replications there are and what is done with the
// numbers: means, quantiles and intervals are made elsewhere.
package metric

import "github.com/rollrisk/rollrisk/models"

// Per says what one value of a metric belongs to.
type Per string

// The rows a metric can belong to.
const (
	Change    Per = "change"           // every counted change
	Defective Per = "defective_change" // every counted change that carries a defect
	Defect    Per = "defect"           // every defect of the counted changes
	Period    Per = "period"           // every replication
)

// Better says which way is better.
type Better string

// The directions.
const (
	Lower   Better = "lower"
	Higher  Better = "higher"
	Neither Better = "neither"
)

// Form says what the values of a metric are, and so what may be said of them.
type Form string

// The forms.
const (
	Amount Form = "amount" // any number: mean, quantiles, tail
	Event  Form = "event"  // 0 or 1: the mean is a share
	Ratio  Form = "ratio"  // a ratio of two sums over replications: only the ratio
)

// Metric is one thing that is measured. Exactly one of the Of functions is
// set, the one that fits Per and Form. NaN means that the row has no such value (no time
// to detect where nothing escaped); +Inf means never.
type Metric struct {
	Name   string // stable key, lower case with underscores
	Title  string // for people
	Unit   string // "users", "requests", "minutes", "hours", "share", "money", "per_week", "releases"
	Better Better
	Per    Per
	Form   Form
	Doc    string // the definition

	OfChange func(o *models.Outcome, s Scale) float64
	OfDefect func(d *models.DefectOutcome) float64
	OfPeriod func(p *models.Period) float64
	OfRatio  func(p *models.Period) (numerator, denominator float64)
}

// Scale is what a metric must know of the service.
type Scale struct {
	// MonthlyBudget is the number of requests that may fail in 30 days under
	// the objective: requests x (1 - SLO). 0 when there is no objective.
	MonthlyBudget float64
}

// NewScale works out the Scale of a service, with doubted inputs at the middle
// of their intervals.
func NewScale(s *models.Service) Scale {
	if s.SLO == 0 {
		return Scale{}
	}
	requests := float64(float64(s.Users.Value*s.RequestsPerHr.Value) * (24 * 30))
	return Scale{MonthlyBudget: float64(requests * (1 - s.SLO))}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
