package metric

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

// What the defects of one change do to users: the blast radius, always named.
var usersAffected = Metric{
	Name: "users_affected", Title: "users affected", Unit: "users", Better: Lower, Per: Defective, Form: Amount,
	Doc:      "Distinct users who met at least one failed request of the change's defects, expected given the exposure.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.UsersAffected },
}

var usersExposed = Metric{
	Name: "users_exposed", Title: "users exposed", Unit: "users", Better: Lower, Per: Defective, Form: Amount,
	Doc:      "Distinct users who were given the change while it carried a defect, hurt or not. With sticky rings at most the share of the furthest ring; with per-request routing soon nearly everyone.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.UsersExposed },
}

var failedRequests = Metric{
	Name: "failed_requests", Title: "failed requests", Unit: "requests", Better: Lower, Per: Defective, Form: Amount,
	Doc:      "Requests that failed because of the change's defects, expected given the exposure.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.FailedRequests },
}

var userMinutes = Metric{
	Name: "user_minutes", Title: "user-minutes", Unit: "minutes", Better: Lower, Per: Defective, Form: Amount,
	Doc:      "Minutes that users who can meet a defect spent with it while it showed, summed over users and defects.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.UserMinutes },
}

var errorBudget = Metric{
	Name: "error_budget", Title: "error budget burned", Unit: "share", Better: Lower, Per: Defective, Form: Amount,
	Doc: "Failed requests as a share of those that the objective allows in 30 days; 1 is the whole month's budget.",
	OfChange: func(o *models.Outcome, s Scale) float64 {
		if s.MonthlyBudget == 0 {
			return math.NaN()
		}
		return o.FailedRequests / s.MonthlyBudget
	},
}

var cost = Metric{
	Name: "cost", Title: "cost per change", Unit: "money", Better: Lower, Per: Change, Form: Amount,
	Doc:      "Harm to users, incidents (false alarms too) and delay, priced as the scenario says, over all changes, with defects or without.",
	OfChange: func(o *models.Outcome, _ Scale) float64 { return o.Cost },
}

var costPeriod = Metric{
	Name: "cost_period", Title: "cost per period", Unit: "money", Better: Lower, Per: Period, Form: Amount,
	Doc:      "The same cost, summed over the changes of one period.",
	OfPeriod: func(p *models.Period) float64 { return p.Cost },
}
