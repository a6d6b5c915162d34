package study

import (
	"errors"
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/detector"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Twin is the analytic twin of pipeline k of a plan: what no ring plan changes, with n
// defects drawn as the simulator draws them (at least 1), and the ring plan that the
// pipeline has. What is left to expectation given the defects is the alarm, which is
// conditional Monte Carlo (Asmussen and Glynn, "Stochastic Simulation", 2007, V.4).
//
// The error names everything in the question that has no closed form here; the twin is
// then of no use, and the simulator has to be asked. Defects are taken one by one: where
// a release carries several, the users whom two of them hit are counted twice, and the
// alarm for one does not end the other.
func (p *Plan) Twin(k, n int) (analytic.RingCase, analytic.RingPlan, error) {
	pipe := &p.Case.Pipelines[k]
	if faults := p.twinless(pipe); len(faults) > 0 {
		return analytic.RingCase{}, analytic.RingPlan{}, fmt.Errorf("%s has no analytic twin: %w", pipe.Name, errors.Join(faults...))
	}
	var plan analytic.RingPlan
	for i := range pipe.Stages {
		plan.Shares = append(plan.Shares, pipe.Stages[i].Ring.Share.Value)
		plan.Bakes = append(plan.Bakes, pipe.Stages[i].Ring.Bake.Hours.Value)
	}
	plan.Bakes[len(plan.Bakes)-1] = pipe.WatchHours
	c, err := p.twin(pipe, n)
	return c, plan, err
}

// twinless are the reasons why a pipeline has no twin, in the order of the question.
func (p *Plan) twinless(pipe *models.Pipeline) (why []error) {
	c, cost := &p.Case, &p.Case.Service.Cost
	rule := func(broken bool, text string) {
		if broken {
			why = append(why, errors.New(text))
		}
	}
	doubted := false
	for _, q := range []models.Quantity{c.Service.Users, c.Service.RequestsPerHr, c.Changes.Defects, cost.PerFailedReq,
		cost.PerAffectedUser, cost.PerUserHour, cost.PerIncident, cost.PerChangeDay} {
		doubted = doubted || q.Slot != 0
	}
	rule(doubted, "users, requests, defects or prices are in doubt")
	rule(c.Service.Shape != (models.Shape{}), "traffic moves through the week")
	rule(cost.PerIrreversible != (models.Quantity{}), "what no rollback heals has a price")
	rule(c.Service.Outages.PerWeek != (models.Quantity{}), "there are outages of others")
	rule(c.Pace != (models.Pace{}), "a calibration sets the pace")
	rule(pipe.Batching.Every != 1, "changes go out together")
	rule(pipe.RampSlots != 0, "releases wait for a place on the ramp")
	rule(!pipe.Sticky, "each request is routed afresh")
	rule(len(pipe.Freezes) > 0 || pipe.SkipsRamp != (models.Quantity{}), "freezes hold the ramp, or a rollout can skip it")
	rule(!pipe.Response.Automatic || pipe.Response.Action == models.RollForward, "people answer alarms while the ramp goes on")
	rule(pipe.Response.Fails != (models.Quantity{}) || pipe.Response.Act.Hours.Slot != 0, "a response can fail, or its time is in doubt")
	return append(why, twinlessStages(pipe)...)
}

// twinlessStages are the reasons that lie in the stages.
func twinlessStages(pipe *models.Pipeline) (why []error) {
	for i := range pipe.Stages {
		s := &pipe.Stages[i]
		switch r := &s.Ring; {
		case s.Kind != models.InRing:
			why = append(why, fmt.Errorf("releases pass the environment %s first", s.Name))
		case r.Share.Slot != 0 || r.Bake.Hours.Slot != 0 || r.Bake.Varies != nil || !r.Approval.IsZero():
			why = append(why, fmt.Errorf("share or bake of %s are in doubt or vary, or it waits for an approval", s.Name))
		case fmt.Sprint(r.Watch) != fmt.Sprint(pipe.Stages[len(pipe.Stages)-1].Ring.Watch):
			why = append(why, fmt.Errorf("%s is watched by others than the last ring", s.Name))
		}
	}
	for _, d := range pipe.Stages[len(pipe.Stages)-1].Ring.Watch {
		if h, ok := pipe.Detectors[d].(detector.Hazardous); ok {
			if _, _, ok = h.Hazard(&models.Signal{}, 1); ok {
				continue
			}
		}
		why = append(why, fmt.Errorf("the alarm of %s depends on more than the present share", pipe.Watcher(d)))
	}
	return why
}

// twin draws the defects, each from a world of its own.
func (p *Plan) twin(pipe *models.Pipeline, n int) (analytic.RingCase, error) {
	c, cost := &p.Case, &p.Case.Service.Cost
	users, requests := c.Service.Users.Value, c.Service.RequestsPerHr.Value
	t := analytic.RingCase{Users: users, Prices: analytic.RingPrices{Request: cost.PerFailedReq.Value,
		User: cost.PerAffectedUser.Value, UserHour: cost.PerUserHour.Value, Incident: cost.PerIncident.Value,
		Hour: cost.PerChangeDay.Value / 24}}
	w, key := models.NewWorld(c, p.Seed), rng.NewKey(p.Seed, "twin/act")
	for rep := 0; len(t.Defects) < n; rep++ {
		w.Reset(uint64(rep))
		if rep == 1000 && len(t.Defects) == 0 {
			return t, errors.New("changes carry hardly any defect")
		}
		for i := 0; i < c.Changes.PerPeriod && len(t.Defects) < n; i++ {
			w.Change(i)
		}
		for _, d := range w.Defects()[:min(len(w.Defects()), n-len(t.Defects))] {
			if d.Onset > 0 || d.OnsetDose > 0 || d.LoadShare > 0 || d.Absent || d.Calendar > 0 || d.Irreversible {
				return t, fmt.Errorf("%s has no analytic twin: defects of class %s show late, under load, not to everybody, or are not healed by a rollback",
					pipe.Name, c.Classes[d.Class].Name)
			}
			r := analytic.RingDefect{Weight: c.Changes.Defects.Value / float64(n), Reach: d.Reach, Failing: float64(requests * d.Strength),
				Respond: act(pipe.Response.Act, key.Uniform(uint64(len(t.Defects)), 0, 0))}
			s := models.Signal{Errors: float64(d.Reach * d.Strength), Reach: d.Reach, Strength: d.Strength, Visible: d.Visible, Reported: d.Reported}
			for _, k := range pipe.Stages[0].Ring.Watch {
				hour, dose, _ := pipe.Detectors[k].(detector.Hazardous).Hazard(&s, float64(requests*users))
				r.PerHour, r.PerDose = r.PerHour+hour, r.PerDose+dose
			}
			t.Defects = append(t.Defects, r)
		}
	}
	return t, nil
}

// act is a time to act, in hours, from one uniform.
func act(s models.Span, u float64) float64 {
	if s.Varies == nil {
		return s.Hours.Value
	}
	return math.Max(0, s.Varies.Quantile(u))
}
