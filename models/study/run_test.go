package study

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
)

// soon runs a plan with a precision, which must end long before MaxChanges.
func soon(t *testing.T, p *Plan) *Study {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	st, err := Run(ctx, p, Options{Progress: func(_, total int) {
		if total > 1_000_000 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatalf("it goes on and on: %v", err)
	}
	return st
}

// Where nothing has a price, the precision is of the users affected: the plan
// stops when that is known, not when there is no room any more.
func TestPrecisionWithoutPrices(t *testing.T) {
	p := twoRamps(3)
	if p.Aim() != "cost" {
		t.Errorf("with a price the aim is %s", p.Aim())
	}
	p.Case.Service.Cost.PerFailedReq = known(0)
	p.Precision = 0.02
	if p.Aim() != "users_affected" {
		t.Errorf("without prices the aim is %s", p.Aim())
	}
	st := soon(t, p)
	k := st.index(t, p.Aim())
	for _, a := range st.Alternatives {
		if s := a.Summaries[k]; !(float64(s.High-s.Low)/2 <= 0.02*float64(s.Mean)) || s.Mean == 0 {
			t.Errorf("%s: %v to %v", a.Name, s.Low, s.High)
		}
	}
	if len(st.Warnings) > 0 {
		t.Error(st.Warnings)
	}
}

// A price in doubt is a price.
func TestAimDoubted(t *testing.T) {
	p := twoRamps(3)
	p.Case.Service.Cost = models.Cost{PerChangeDay: models.Quantity{Slot: 1}}
	if p.Aim() != "cost" {
		t.Errorf("the aim is %s", p.Aim())
	}
}

// A mean that is nothing but zeros is known, and where there is no value at all
// there is nothing to wait for.
func TestPrecisionOfNothing(t *testing.T) {
	for name, change := range map[string]func(c *models.Case){
		"a price that is never paid": func(c *models.Case) {
			c.Service.Cost = models.Cost{PerIrreversible: known(1)}
		},
		"no prices, and nobody is hurt": func(c *models.Case) {
			c.Service.Cost = models.Cost{}
			c.Classes[0].Strength.Value, c.Classes[1].Strength.Value = known(0), known(0)
		},
		"no prices, no defects": func(c *models.Case) {
			c.Service.Cost, c.Changes.Defects = models.Cost{}, known(0)
		},
	} {
		p := twoRamps(3)
		p.Precision = 0.01
		change(&p.Case)
		if st := soon(t, p); st.Size.Changes > 10_000 || len(st.Warnings) > 0 {
			t.Errorf("%s: %d changes, %v", name, st.Size.Changes, st.Warnings)
		}
	}
}

// The warning says what the precision was of.
func TestImprecise(t *testing.T) {
	p := twoRamps(3)
	p.Precision = 0.01
	if w := p.imprecise(0.2); w.Code != WarnImprecise || !strings.Contains(w.Text, "cost per change") || !strings.Contains(w.Text, "0.2") {
		t.Errorf("%+v", w)
	}
}

// A pipeline that never delivers anything has no cost that could be known; the
// precision is that of the others.
func TestPrecisionBesideOverload(t *testing.T) {
	p := twoRamps(3)
	p.Precision = 0.05
	p.Case.Changes.Warmup = 60 // more than are tested before the simulation gives up
	stuck := &p.Case.Pipelines[1]
	stuck.WatchHours = 24
	stuck.Stages = append([]models.Stage{{Name: "staging", Environment: models.Environment{Slots: 1, Run: models.Hours(400)}}}, stuck.Stages...)
	st := soon(t, p)
	k := st.index(t, "cost")
	if s := st.Alternatives[0].Summaries[k]; st.Alternatives[1].Summaries[k].N != 0 || !(float64(s.High-s.Low)/2 <= 0.05*float64(s.Mean)) {
		t.Errorf("%+v beside %d values", s.Estimate, st.Alternatives[1].Summaries[k].N)
	}
	for _, w := range st.Warnings {
		if w.Code == WarnImprecise {
			t.Error(w)
		}
	}
}
