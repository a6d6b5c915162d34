// Package sweep simulates a scenario at many values of its inputs, with the same changes,
// defects and luck at every point.
//
// It refuses to know how a case is simulated, which it leaves to package study, and to say
// what the numbers mean.
package sweep

import (
	"context"
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// MaxPoints is how many points a sweep may have: a day or so of the library's scenarios.
const MaxPoints = 100_000

// Point is one setting of inputs, as a scenario would write them.
type Point []scenarios.Setting

// Question is what is simulated.
type Question struct {
	Scenario *scenarios.Scenario
	Points   []Point
	Seed     uint64
	Changes  int    // at each point; 0 for what the scenario says
	Version  string // of the program
}

// Options says how the work is done. It never changes what is found.
type Options struct {
	Workers  int                       // points at a time; 0 for one a processor
	Progress func(done, total int)     // told how many points are done; nil for nobody
	Kept     func(point int) *Result   // what is known of a point from before; nil for nothing
	Keep     func(point int, r Result) // takes up what was found; nil for nobody
}

// Result is what one point came to.
type Result struct {
	Fault string `json:"fault,omitempty"` // why there are no rows: the scenario has faults there, or cannot be simulated
	Rows  []Row  `json:"rows"`            // one an alternative
}

// Row is one alternative at one point.
type Row struct {
	Alternative string   `json:"alternative"` // its name
	GivenUp     float64  `json:"given_up"`    // share of the replications in which it did not keep up; 0..1
	Numbers     []Number `json:"numbers"`     // in the order of Columns
}

// Number is a metric of an alternative at a point, in the metric's unit.
type Number struct {
	Mean  stat.Number `json:"mean"`
	Error stat.Number `json:"standard_error"`
	P50   stat.Number `json:"p50"` // null where the metric has no quantiles
	P95   stat.Number `json:"p95"`
}

// Run simulates every point. The error is that of ctx.
func Run(ctx context.Context, q Question, o Options) ([]Result, error) {
	all := make([]Result, len(q.Points))
	r := sim.Replications[struct{}]{
		Count: len(q.Points), Workers: o.Workers,
		New: func(int) struct{} { return struct{}{} },
		Do: func(_ struct{}, i int) {
			if o.Kept != nil {
				if before := o.Kept(i); before != nil {
					all[i] = *before
					return
				}
			}
			if all[i] = q.at(ctx, i); o.Keep != nil && ctx.Err() == nil {
				o.Keep(i, all[i])
			}
		},
	}
	if o.Progress != nil {
		r.Progress = func(done int) { o.Progress(done, len(q.Points)) }
	}
	return all, sim.Replicate(ctx, r)
}

// at is one point.
func (q Question) at(ctx context.Context, i int) Result {
	s, faults := q.Scenario.SetAll(q.Points[i])
	if len(faults) > 0 {
		return Result{Fault: faults[0].String()}
	}
	plan, faults := s.Plan(scenarios.Options{Seed: q.Seed, Changes: q.Changes, Version: q.Version})
	if len(faults) > 0 {
		return Result{Fault: faults[0].String()}
	}
	plan.Gates = nil
	st, err := study.Run(ctx, &plan, study.Options{Workers: 1})
	if err != nil {
		return Result{Fault: err.Error()}
	}
	var r Result
	for k := range st.Alternatives {
		r.Rows = append(r.Rows, row(&st.Alternatives[k]))
	}
	return r
}

func row(a *study.Alternative) Row {
	r := Row{Alternative: a.Name, GivenUp: a.GivenUp}
	for _, s := range a.Summaries {
		n := Number{Mean: s.Mean, Error: s.StandardError, P50: stat.Number(math.NaN()), P95: stat.Number(math.NaN())}
		for _, quantile := range s.Quantiles {
			switch quantile.P {
			case 0.5:
				n.P50 = quantile.Value
			case 0.95:
				n.P95 = quantile.Value
			}
		}
		r.Numbers = append(r.Numbers, n)
	}
	return r
}

// Check is what is wrong with a question before anything is simulated: the fault of the
// first point, if every one has it, and one that has no place. It is nil where there is
// nothing.
func (q Question) Check() error {
	switch {
	case len(q.Points) == 0:
		return fmt.Errorf("there is no point: say what is to be set")
	case len(q.Points) > MaxPoints:
		return fmt.Errorf("%d points; %d are the most", len(q.Points), MaxPoints)
	}
	for _, x := range q.Points[0] {
		if _, f := q.Scenario.Get(x.Path); f != nil {
			return fmt.Errorf("%s", f.String())
		}
	}
	return nil
}
