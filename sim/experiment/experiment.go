// Package experiment designs experiments on a black box, and reads them: which inputs
// matter (screening, then indices of variance), what it is worth to know one better, how to
// draw what is rare, and which of several systems is best. A point is one value in [0, 1]
// for each input; what a value means is for the one who evaluates it.
//
// It refuses to know what is simulated. A design is a plain list of points, so that they
// can be evaluated in any order, anywhere.
package experiment

import (
	"context"
	"fmt"

	"github.com/rollrisk/rollrisk/sim"
)

// Evaluation is what is done with a design.
type Evaluation struct {
	Workers  int                   // goroutines; 0 for one a processor. Never changes a result
	Progress func(done, total int) // told how many points are done; nil for nobody
	At       func(x []float64) (y []float64, err error)
}

// Evaluate evaluates every point. The error is that of ctx, or of the first point, in their
// order, that cannot be evaluated.
func Evaluate(ctx context.Context, design [][]float64, e Evaluation) ([][]float64, error) {
	all, failed := make([][]float64, len(design)), make([]error, len(design))
	r := sim.Replications[struct{}]{
		Count: len(design), Workers: e.Workers,
		New: func(int) struct{} { return struct{}{} },
		Do: func(_ struct{}, i int) {
			if ctx.Err() == nil {
				all[i], failed[i] = e.At(design[i])
			}
		},
	}
	if e.Progress != nil {
		r.Progress = func(done int) { e.Progress(done, len(design)) }
	}
	if err := sim.Replicate(ctx, r); err != nil {
		return nil, err
	}
	for i, err := range failed {
		if err != nil {
			return nil, fmt.Errorf("point %d: %w", i, err)
		}
	}
	return all, nil
}

// Column is number k of each result.
func Column(results [][]float64, k int) []float64 {
	all := make([]float64, len(results))
	for i := range results {
		all[i] = results[i][k]
	}
	return all
}
