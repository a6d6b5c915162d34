package metric

import (
	"math"
	"regexp"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

var (
	never = math.Inf(1)
	none  = math.NaN()
)

// A row is what one value is read from; the fields that a metric must not look at are
// set to what it would be found out by.
var (
	hurt = models.Outcome{UsersExposed: 500, UsersAffected: 30, FailedRequests: 720, UserMinutes: 90, Cost: 12, LeadTime: 7,
		Defects: 2, Escapes: 1, Detected: 1, Withdrawals: 1}
	bystander = models.Outcome{LeadTime: never, Innocent: 2, FalseAlarms: 1}

	noticed  = models.DefectOutcome{Detect: 3, FromMerge: 20, Restore: 4, Stop: 2, Escaped: true}
	caught   = models.DefectOutcome{Detect: none, FromMerge: 5, Restore: none, Stop: 0, Channel: -1}
	unseen   = models.DefectOutcome{Detect: never, FromMerge: never, Restore: none, Stop: models.StopNever, Escaped: true, Channel: -1}
	harmless = models.DefectOutcome{Detect: none, FromMerge: never, Restore: none, Stop: models.StopHarmless, Escaped: true, Channel: -1}
	pending  = models.DefectOutcome{Detect: none, FromMerge: none, Restore: none, Stop: models.StopPending, Channel: -1}

	fortnight = models.Period{Hours: 336, Releases: 10, Passed: 8, PassedHurting: 2, PassedChanges: 40, PassedChangesHurting: 2, Busy: 0.7, Queue: 1.5, Cost: 900, Escapes: 3}
	quiet     = models.Period{Hours: 168, Busy: none, Queue: none}
)

// scale allows 1,440 failed requests in 30 days.
var scale = Scale{MonthlyBudget: 1440}

// want is every metric on the rows above, in their order: changes, defects, periods.
var want = map[string][]float64{
	"users_affected":         {30, 0},
	"users_exposed":          {500, 0},
	"failed_requests":        {720, 0},
	"user_minutes":           {90, 0},
	"error_budget":           {0.5, 0},
	"cost":                   {12, 0},
	"lead_time":              {7, never},
	"change_failure_rate":    {1, 0},
	"stopped_by_false_alarm": {0, 1},
	"held_up_by_others":      {0, 1},

	"time_to_detect":            {3, none, never, none, none},
	"never_detected":            {0, none, 1, none, none},
	"time_to_detect_from_merge": {20, 5, never, none, none},
	"time_to_restore":           {4, none, none, none, none},
	"caught_before_release":     {0, 1, 0, 0, none},

	"cost_period":             {900, 0},
	"escapes":                 {3, 0},
	"deployment_frequency":    {5, 0},
	"false_confidence":        {0.25, none},
	"staging_busy":            {0.7, none},
	"staging_queue":           {1.5, none},
	"false_confidence_change": {0.05, none},
}

// values reads a metric from the rows that it belongs to.
func values(m *Metric) []float64 {
	var xs []float64
	switch {
	case m.OfChange != nil:
		xs = append(xs, m.OfChange(&hurt, scale), m.OfChange(&bystander, scale))
	case m.OfDefect != nil:
		for _, d := range []models.DefectOutcome{noticed, caught, unseen, harmless, pending} {
			xs = append(xs, m.OfDefect(&d))
		}
	case m.OfPeriod != nil:
		xs = append(xs, m.OfPeriod(&fortnight), m.OfPeriod(&quiet))
	case m.OfRatio != nil:
		for _, p := range []models.Period{fortnight, quiet} {
			a, b := m.OfRatio(&p)
			xs = append(xs, a/b)
		}
	}
	return xs
}

func TestEveryMetric(t *testing.T) {
	tried := map[string]bool{}
	for _, m := range All() {
		tried[m.Name] = true
		got := values(&m)
		if len(got) != len(want[m.Name]) {
			t.Errorf("%s: %d values, want %d", m.Name, len(got), len(want[m.Name]))
			continue
		}
		for i, w := range want[m.Name] {
			if g := got[i]; g != w && !(math.IsNaN(g) && math.IsNaN(w)) {
				t.Errorf("%s of row %d is %v, want %v", m.Name, i, g, w)
			}
		}
	}
	for name := range want {
		if !tried[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}

// TestForms holds each metric to what it says of itself: one function, the one that
// fits Per and Form; a key; a definition.
func TestForms(t *testing.T) {
	key := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{}
	for _, m := range All() {
		if seen[m.Name] || !key.MatchString(m.Name) || m.Title == "" || m.Unit == "" || m.Doc == "" {
			t.Errorf("%+q is not described, or twice there", m.Name)
		}
		seen[m.Name] = true
		if got, fits := functions(&m), rightFunction(&m); len(got) != 1 || got[0] != fits {
			t.Errorf("%s has the functions %v; %s and %s want %s", m.Name, got, m.Per, m.Form, fits)
		}
		if n, ok := Named(m.Name); !ok || n.Title != m.Title {
			t.Errorf("%s is not found by its name", m.Name)
		}
	}
	if _, ok := Named("users"); ok {
		t.Error("a metric that is not there is found")
	}
}

// functions names those that a metric has.
func functions(m *Metric) []string {
	var names []string
	for _, f := range []struct {
		name string
		set  bool
	}{{"OfChange", m.OfChange != nil}, {"OfDefect", m.OfDefect != nil}, {"OfPeriod", m.OfPeriod != nil}, {"OfRatio", m.OfRatio != nil}} {
		if f.set {
			names = append(names, f.name)
		}
	}
	return names
}

// rightFunction names the one that a metric should have.
func rightFunction(m *Metric) string {
	switch {
	case m.Form == Ratio:
		return "OfRatio"
	case m.Per == Defect:
		return "OfDefect"
	case m.Per == Period:
		return "OfPeriod"
	}
	return "OfChange"
}

func TestScale(t *testing.T) {
	s := models.Service{Users: models.Known(1000), RequestsPerHr: models.Known(2), SLO: 0.999}
	if got, want := NewScale(&s).MonthlyBudget, 1000.0*2*720*0.001; math.Abs(got-want) > 1e-9*want {
		t.Errorf("the monthly budget is %v, want %v", got, want)
	}
	s.SLO = 0
	budget, _ := Named("error_budget")
	if x := budget.OfChange(&hurt, NewScale(&s)); !math.IsNaN(x) {
		t.Errorf("without an objective the budget burned is %v", x)
	}
}
