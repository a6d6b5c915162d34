package study

import (
	"context"
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// staged is the plan of two ramps with a review before both, that takes five hours.
func staged() *Plan {
	p := twoRamps(4)
	for i := range p.Case.Pipelines {
		review := models.Stage{Name: "review", Kind: models.InEnvironment, Environment: models.Environment{Slots: 3, Run: models.Hours(5),
			Fidelity: known(1), Coverage: known(1)}}
		p.Case.Pipelines[i].Stages = append([]models.Stage{review}, p.Case.Pipelines[i].Stages...)
		p.Case.Pipelines[i].Response = models.Response{Acknowledge: models.Hours(1), Decide: models.Hours(2), Act: models.Hours(1)}
	}
	return p
}

// figures are the four measures of the first alternative.
func figures(t *testing.T, p *Plan) Targets {
	t.Helper()
	s := run(t, p)
	at := func(name string) float64 { return float64(s.Alternatives[0].Summaries[s.index(t, name)].Estimate.Mean) }
	median := func(name string) float64 {
		q, ok := s.Alternatives[0].Summaries[s.index(t, name)].Quantile(0.5)
		if !ok {
			t.Fatal(name)
		}
		return float64(q.Value)
	}
	return Targets{DeploymentFrequency: at("deployment_frequency"), LeadTime: median("lead_time"),
		ChangeFailureRate: at("change_failure_rate"), TimeToRestore: median("time_to_restore")}
}

// TestCalibratedFindsThePace: the figures of an organisation whose inputs are scaled
// by known factors give those factors back, all four at once.
func TestCalibratedFindsThePace(t *testing.T) {
	truth := models.Pace{Changes: 1.7, Environments: 0.6, Defects: 0.4, Response: 2.5}
	theirs := staged()
	theirs.Changes, theirs.Case.Pace, theirs.Seed = 40_000, truth, 7
	ours := staged()
	ours.Targets = figures(t, theirs)
	solved, fits, err := ours.Calibrated(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := solved.Case.Pace
	for what, pair := range map[string][2]float64{"changes": {got.Changes, truth.Changes}, "environments": {got.Environments, truth.Environments},
		"defects": {got.Defects, truth.Defects}, "response": {got.Response, truth.Response}} {
		// Targets are met to 2 %, of measures that 4,000 changes tell to some 5 %.
		if math.Abs(math.Log(pair[0]/pair[1])) > 0.15 {
			t.Errorf("%s: factor %v, want %v", what, pair[0], pair[1])
		}
	}
	for _, f := range fits {
		if !f.Met || math.Abs(float64(f.Reached)-f.Stated) > calibrationMet*f.Stated {
			t.Errorf("%+v", f)
		}
	}
	if solved.Targets != (Targets{}) || ours.Case.Pace != (models.Pace{}) {
		t.Error("the plan was changed, or would be calibrated twice")
	}
}

// TestCalibratedSaysNo: figures that no input gives are told as such, their input is
// left as it was, and the study carries a warning.
func TestCalibratedSaysNo(t *testing.T) {
	p := staged()
	p.Targets = Targets{ChangeFailureRate: 0.3, TimeToRestore: 0.01}
	s := run(t, p)
	if s.Calibration == nil || len(s.Calibration.Fits) != 2 {
		t.Fatalf("%+v", s.Calibration)
	}
	failing, restore := s.Calibration.Fits[0], s.Calibration.Fits[1]
	if !failing.Met || failing.Metric != "change_failure_rate" {
		t.Errorf("%+v", failing)
	}
	if restore.Met || restore.Factor != 1 || !(restore.Nearest > 0.01) || !s.warns(WarnCalibration) {
		t.Errorf("%+v", restore)
	}
	if plain := run(t, staged()); plain.Calibration != nil || plain.warns(WarnCalibration) {
		t.Error("a plan without targets is calibrated")
	}
}

// TestCalibratedKeepsUp: a frequency that the pipeline cannot deliver is not reached
// by a standstill.
func TestCalibratedKeepsUp(t *testing.T) {
	for frequency, met := range map[float64]bool{28: true, 33.5: true, 80: false} { // 33.6 reviews of five hours fit into a week
		p := staged()
		p.Case.Pipelines[0].Stages[0].Environment.Slots = 1
		p.Targets = Targets{DeploymentFrequency: frequency}
		s := run(t, p)
		if f := s.Calibration.Fits[0]; f.Met != met || !met && (f.Factor != 1 || f.Nearest > 34 || f.Nearest < 28) {
			t.Errorf("%v a week: %+v", frequency, f)
		}
		if s.Alternatives[0].Behind > 0 || s.Alternatives[0].GivenUp > 0 {
			t.Errorf("%v a week: calibrated into a standstill", frequency)
		}
	}
}
