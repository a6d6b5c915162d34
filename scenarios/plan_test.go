package scenarios

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
)

const planText = `rollrisk: 1
title: A plan
question: What comes of it?
currency: EUR
study: {changes: 500, level: 80%}
service:
  users: 1M to 4M
  requests_per_user: 24/d
  baseline_errors: 0.5%
  slo: 99%
  traffic: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]
  costs: {per_incident: EUR2k}
workweek: {hours: "8:30-17", days: 6}
changes: {rate: 50/w, defects: 20%, dispersion: 2, period: 4w, warm_up: 7 changes}
environments:
  test: {run: 2h, slots: unlimited}
  staging: {setup: 30m, run: varies 1h to 4h, approval: 3h, fidelity: 0.5 to 2, coverage: 90%, flaky: 2%, max_reruns: 5, reproduces: {timing: 30%}}
detectors:
  ratio: {kind: threshold-window, interval: 5m, threshold: 2%}
  calls: {kind: complaints, report_probability: 1%, reports: 3}
response: {acknowledge: 10m, decide: varies 5m to 1h, act: 15m, working_hours: yes, false_retries: 4}
fix: {effort: 8h, late_multiplier: 2, hotfix: no}
watch: 1w
alternatives:
  staging:
    title: through staging
    about: About it.
    batching: train every 2w on Wed 14:30
    stages:
      - environment: test
      - environment: staging
        slots: 3
        fidelity: 1
        reproduces: {logic: 10% to 40%}
      - ring: 100%
    watched_by: [calls]
    response: {action: roll-forward, act: 1h}
    watch: 3d
  rings:
    title: in rings
    batching: every 4 changes
    stages:
      - environment: staging
      - {ring: 2% to 8%, bake: varies 1h to 3h, watched_by: [late]}
      - {ring: 50%, bake: 1d, approval: 1h, name: half}
      - ring: 100%
    detectors:
      ratio: {kind: kth-error, errors: 7}
      late: {kind: wall-clock-hazard, rate: 1/w}
    ramp_slots: unlimited
    routing: per-request
    response: {automatic: yes}
    fix: {hotfix: yes, rerun: no}
`

func plan(t *testing.T, text string) study.Plan {
	t.Helper()
	s, faults := Decode("plan.yaml", []byte(text))
	for _, f := range faults {
		t.Fatal(f)
	}
	p, faults := s.Plan(Options{Seed: 7, Version: "v", Command: "c"})
	if faults != nil {
		t.Fatal(faults)
	}
	return p
}

func TestPlan(t *testing.T) {
	p := plan(t, planText)
	eq := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	eq("about", p.About, study.About{Name: "plan", Title: "A plan", Question: "What comes of it?", File: "plan.yaml", Text: planText})
	eq("size", []any{p.Seed, p.Changes, p.Level, p.Version, p.Command}, []any{7, 500, 0.8, "v", "c"})
	c := p.Case
	eq("work", c.Work, models.Workweek{Start: 8.5, End: 17, Days: 6})
	eq("users", c.Service.Users.Slot > 0 && math.Abs(c.Service.Users.Value-2e6) < 1e-3, true)
	eq("requests", []any{c.Service.RequestsPerHr, c.Service.BaselineErrors, c.Service.SLO, c.Service.Shape[11], c.Service.Shape[12], c.Service.Shape[167]},
		[]any{models.Known(1), models.Known(0.005), 0.99, 1, 3, 3})
	eq("cost", c.Service.Cost, models.Cost{Currency: "EUR", PerIncident: models.Known(2000)})
	eq("changes", c.Changes, models.Changes{PerWeek: models.Known(50), Defects: models.Known(0.2), Variance: 2, Warmup: 7, PerPeriod: 200})
	if len(c.Pipelines) != 2 {
		t.Fatal(len(c.Pipelines))
	}
	one, two := c.Pipelines[0], c.Pipelines[1]
	eq("names", []string{one.Name, one.Title, one.Doc, two.Name, two.Doc}, []string{"staging", "through staging", "About it.", "rings", ""})
	eq("train", one.Batching, models.Batching{Cadence: 336, Offset: 2*24 + 14.5})
	eq("batches", two.Batching, models.Batching{Every: 4})
	eq("response", one.Response, models.Response{Action: models.RollForward, Acknowledge: models.Hours(10.0 / 60), Decide: one.Response.Decide, WorkHours: true, Act: models.Hours(1)})
	eq("decide", math.Abs(one.Response.Decide.Varies.Quantile(0.05)-5.0/60) < 1e-12, true)
	eq("automatic", two.Response, models.Response{Automatic: true, Act: models.Hours(0.25), FalseRetries: 4})
	eq("fix", one.Fix, models.Fix{Effort: models.Hours(8), LateMultiplier: models.Known(2), Rerun: true})
	eq("own fix", two.Fix, models.Fix{Effort: models.Hours(8), LateMultiplier: models.Known(2), Hotfix: true})
	eq("watch", []any{one.WatchHours, two.WatchHours, one.RampSlots, two.RampSlots, one.Sticky, two.Sticky}, []any{72, 168, 0, 0, true, false})
	eq("detectors", []int{len(one.Detectors), len(two.Detectors)}, []int{1, 3})
	stages(t, c)
}

// stages holds the stops of the two alternatives of planText.
func stages(t *testing.T, c models.Case) {
	t.Helper()
	one, two := c.Pipelines[0].Stages, c.Pipelines[1].Stages
	if len(one) != 3 || len(two) != 4 {
		t.Fatal(len(one), len(two))
	}
	names := []string{one[0].Name, one[1].Name, one[2].Name, two[0].Name, two[1].Name, two[2].Name, two[3].Name}
	if want := []string{"test", "staging", "ring 100%", "staging", "ring 2% to 8%", "half", "ring 100%"}; !slices.Equal(names, want) {
		t.Errorf("stages %q", names)
	}
	changed, shared := one[1].Environment, two[0].Environment
	if changed.Slots != 3 || shared.Slots != 1 || one[0].Environment.Slots != 0 {
		t.Error("slots", changed.Slots, shared.Slots, one[0].Environment.Slots)
	}
	if changed.Fidelity != models.Known(1) || shared.Fidelity.Slot == 0 || math.Abs(shared.Fidelity.Value-1) > 1e-12 {
		t.Error("fidelity", changed.Fidelity, shared.Fidelity)
	}
	if changed.Approval != models.Hours(3) || changed.Coverage != models.Known(0.9) || changed.MaxReruns != 5 || changed.Flaky != models.Known(0.02) {
		t.Errorf("%+v", changed)
	}
	at := func(name string) int {
		return slices.IndexFunc(c.Classes, func(c models.Class) bool { return c.Name == name })
	}
	if len(changed.ByClass) != 9 || changed.ByClass[at("timing")] != models.Known(0.3) || changed.ByClass[at("logic")].Slot == 0 || changed.ByClass[at("configuration")].Value != -1 {
		t.Error("by class", changed.ByClass)
	}
	if shared.ByClass[at("logic")] != models.Known(-1) || one[0].Environment.ByClass != nil {
		t.Error("by class", shared.ByClass, one[0].Environment.ByClass)
	}
	if w := two[1].Ring.Watch; !slices.Equal(w, []int{2}) || !slices.Equal(two[3].Ring.Watch, []int{0, 1, 2}) || !slices.Equal(one[2].Ring.Watch, []int{0}) {
		t.Error("watch", w, two[3].Ring.Watch, one[2].Ring.Watch)
	}
	if two[1].Ring.Share.Slot == 0 || two[2].Ring.Share != models.Known(0.5) || two[2].Ring.Bake != models.Hours(24) || two[2].Ring.Approval != models.Hours(1) || two[1].Ring.Bake.Varies == nil {
		t.Errorf("%+v", two)
	}
	for i, b := range c.Beliefs {
		if b.Path == "" || b.Dist == nil || slices.IndexFunc(c.Beliefs[:i], func(x models.Belief) bool { return x.Path == b.Path }) >= 0 {
			t.Errorf("belief %d: %+v", i, b)
		}
	}
}

// Alternatives that share an environment share what is not known of it.
func TestSharedDoubtIsOneBelief(t *testing.T) {
	s := builtin(t, "checkout")
	var slots []int
	for _, p := range s.world.Pipelines {
		for _, st := range p.Stages {
			if st.Name == "staging" {
				slots = append(slots, st.Environment.Fidelity.Slot)
			}
		}
	}
	if len(slots) != 2 || slots[0] == 0 || slots[0] != slots[1] {
		t.Errorf("the fidelity of staging is belief %v", slots)
	}
}

// What the simulation depends on is an input, once, with its label and where it
// comes from; what has no effect is none.
func TestInputsAreWhatMatters(t *testing.T) {
	p := plan(t, planText)
	paths := map[string]study.Input{}
	for _, in := range p.Inputs {
		if _, twice := paths[in.Path]; twice {
			t.Errorf("%s stands twice", in.Path)
		}
		paths[in.Path] = in
	}
	for path, want := range map[string]study.Input{
		"service.users":                             {Label: "users", Value: "1M to 4M", Doubt: "unknown", Provenance: study.Assumption, Source: "stated without a source"},
		"environments.staging.run":                  {Label: "staging: one pass of the tests", Value: "varies 1h to 4h", Doubt: "varies", Provenance: study.Assumption, Source: "stated without a source"},
		"alternatives.rings.stages[2].bake":         {Label: "rings: ring 50%: bake time", Value: "1d", Doubt: "known", Provenance: study.Assumption, Source: "a choice of this alternative"},
		"changes.evenly":                            {Label: "defects without chance", Value: "no", Doubt: "known", Provenance: study.Assumption, Source: "chance decides", Default: true},
		"defects.classes.timing.telemetry":          {Label: "timing: visible to telemetry (v)", Value: "53%", Doubt: "known", Provenance: study.Cited, Source: "v: TaxDC ASPLOS'16 (47 % silent)", Default: true},
		"environments.staging.fidelity":             {Label: "staging: fidelity", Value: "0.5 to 2", Doubt: "unknown", Provenance: study.Assumption, Source: "stated without a source"},
		"alternatives.staging.stages[1].fidelity":   {Label: "staging: environment staging: fidelity", Value: "1", Doubt: "known", Provenance: study.Assumption, Source: "a choice of this alternative"},
		"alternatives.rings.detectors.ratio.errors": {Label: "rings: ratio: errors", Value: "7", Doubt: "known", Provenance: study.Assumption, Source: "stated without a source"},
		"environments.staging.reproduces.timing":    {Label: "staging: timing", Value: "30%", Doubt: "known", Provenance: study.Assumption, Source: "stated without a source"},
	} {
		want.Path = path
		if got := paths[path]; got != want {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	}
	for _, unused := range []string{"detectors.ratio.threshold", "alternatives.staging.ramp_slots", "defects.classes.logic.load_share", "defects.classes.timing.onset"} {
		if _, ok := paths[unused]; ok {
			t.Errorf("%s is no input: nothing depends on it", unused)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	s := builtin(t, "checkout")
	for _, n := range []int{-1, maxChanges + 1} {
		if _, faults := s.Plan(Options{Changes: n}); len(faults) != 1 || !strings.Contains(faults[0].String(), "between 1 and 20M") {
			t.Errorf("%d changes: %v", n, faults)
		}
	}
	if p, faults := s.Plan(Options{Changes: 12}); p.Changes != 12 || faults != nil {
		t.Error(p.Changes, faults)
	}
}

// Time and rates of change become numbers of changes.
func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		changes         string
		period, warm_up int
	}{
		{"{rate: 40/w, period: 2w, warm_up: 1w}", 80, 40},
		{"{rate: 10/d, period: 1d, warm_up: 0}", 10, 0},
		{"{rate: 10/w to 40/w, period: 1w, warm_up: 0 changes}", 20, 0}, // by the middle of the interval
		{"{every: 6h, period: 1w, warm_up: 2d}", 28, 8},
		{"{at: [1h, 5h, 9h], cycle: 1d, period: 2d, warm_up: 1h}", 6, 0},
		{"{rate: 1/w, period: 1h, warm_up: 1h}", 0, 0},
		{"{rate: 40/w, period: 2k changes, warm_up: 1 change}", 2000, 1},
	} {
		s, faults := Decode("p.yaml", []byte("rollrisk: 1\ntitle: T\nservice: {users: 1}\nchanges: "+c.changes+"\nalternatives: {one: {title: one, stages: [ring: 100%]}}\n"))
		if c.period == 0 {
			if s != nil {
				t.Errorf("%s is accepted: a period without a change", c.changes)
			}
			continue
		}
		if s == nil {
			t.Errorf("%s: %v", c.changes, faults)
			continue
		}
		if got := s.world.Changes; got.PerPeriod != c.period || got.Warmup != c.warm_up {
			t.Errorf("%s: period %d, warm-up %d; want %d, %d", c.changes, got.PerPeriod, got.Warmup, c.period, c.warm_up)
		}
	}
}

// The cost of downtime of the State of DevOps Report 2016, page 47, to the
// printed digits: deployments x change failure rate x time to restore x cost of
// an hour. Nothing in these scenarios is left to chance.
func TestDORA2016(t *testing.T) {
	for name, want := range map[string]struct{ deploy, year string }{
		"dora-2016-high": {"$37.5K", "$54.75M"}, "dora-2016-medium": {"$4.56M", "$145.92M"}, "dora-2016-low": {"$2.82M", "$19.74M"},
	} {
		p, _ := builtin(t, name).Plan(Options{Seed: 1})
		st, err := study.Run(context.Background(), &p, study.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		mean := func(metric string) float64 {
			i := slices.IndexFunc(st.Metrics, func(m study.Metric) bool { return m.Name == metric })
			return float64(st.Alternatives[0].Summaries[i].Mean)
		}
		deploy, year := fmt.Sprintf("$%.2fM", mean("cost")/1e6), fmt.Sprintf("$%.2fM", mean("cost_period")/1e6)
		if mean("cost") < 1e6 {
			deploy = fmt.Sprintf("$%.1fK", mean("cost")/1e3)
		}
		if deploy != want.deploy || year != want.year {
			t.Errorf("%s: %s a deployment, %s a year; the report says %s and %s", name, deploy, year, want.deploy, want.year)
		}
		if st.Size.Replications < 2 || st.Size.Defects == 0 {
			t.Errorf("%s: %+v", name, st.Size)
		}
	}
}

// The library runs: every alternative delivers, and staging is busy but not
// overloaded where there is one.
func TestLibraryRuns(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		p, _ := s.Plan(Options{Seed: 1, Changes: 2000})
		st, err := study.Run(context.Background(), &p, study.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range st.Alternatives {
			for i, m := range st.Metrics {
				x := float64(a.Summaries[i].Mean)
				switch m.Name {
				case "staging_busy":
					if x > 0.9 {
						t.Errorf("%s: the last environment is busy %.0f %% of the time", a.Name, 100*x)
					}
				case "lead_time":
					if !(x >= 0 && x < 12*168) {
						t.Errorf("%s: lead time %v h", a.Name, x)
					}
				case "users_affected":
					if !(x > 0) {
						t.Errorf("%s: users affected %v", a.Name, x)
					}
				}
			}
		}
	})
}

// What goes wrong now and then is read where it is stated, and is no input where
// it is not.
func TestRareThings(t *testing.T) {
	s, faults := Decode("rare.yaml", []byte(`rollrisk: 1
title: rare
service: {users: 1k, outages: {rate: 2/w, lasts: 30m, errors: 5% to 10%}}
changes: {rate: 10/w}
freezes: [Fri 15:30 for 2d, week 51 for 2w every 52w]
response: {fails: 4%, responders: 3}
defects:
  classes:
    logic: {absent_from_first_ring: 20%, calendar: 30d}
alternatives:
  one:
    title: one
    skips_ramp: 1%
    stages: [{ring: 10%, bake: 1h}, {ring: 100%}]
  two:
    title: two
    freezes: [Mon 0:00 for 1h]
    response: {automatic: yes}
    stages: [{ring: 100%}]
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	p, _ := s.Plan(Options{})
	o := p.Case.Service.Outages
	if o.PerWeek != models.Known(2) || o.Lasts.Mean() != 0.5 || o.Errors.Value.Slot == 0 {
		t.Errorf("outages: %+v", o)
	}
	one, two := p.Case.Pipelines[0], p.Case.Pipelines[1]
	if want := []models.Freeze{{From: 4*24 + 15.5, Hours: 48, Every: 168}, {From: 50 * 168, Hours: 336, Every: 52 * 168}}; !slices.Equal(one.Freezes, want) {
		t.Errorf("freezes: %v", one.Freezes)
	}
	if want := []models.Freeze{{From: 0, Hours: 1, Every: 168}}; !slices.Equal(two.Freezes, want) {
		t.Errorf("own freezes: %v", two.Freezes)
	}
	if one.Response.Fails != models.Known(0.04) || one.Response.Responders != 3 || one.SkipsRamp != models.Known(0.01) {
		t.Errorf("%+v", one)
	}
	if two.Response.Responders != 0 || two.SkipsRamp != (models.Quantity{}) {
		t.Errorf("a machine needs no responder, and one ring is no ramp: %+v", two)
	}
	if c := p.Case.Classes[0]; c.Name != "logic" || c.Absent != models.Known(0.2) || c.Calendar != models.Known(720) {
		t.Errorf("%+v", c)
	}
	plain, _ := Decode("plain.yaml", []byte("rollrisk: 1\ntitle: t\nservice: {users: 1k}\nchanges: {rate: 10/w}\nalternatives: {a: {title: a, stages: [{ring: 100%}]}}\n"))
	q, _ := plain.Plan(Options{})
	for _, in := range q.Inputs {
		for _, rare := range []string{"outages", "freezes", "fails", "responders", "skips_ramp", "absent", "calendar"} {
			if strings.Contains(in.Path, rare) {
				t.Errorf("%s is an input of a scenario that does not state it", in.Path)
			}
		}
	}
}
