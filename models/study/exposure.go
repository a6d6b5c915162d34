package study

import (
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// An Exposure is made of the first defective changes of a study: at most fanned of them,
// among the first sought counted changes or, where that is more, the first replication.
const (
	fanned = 1000
	sought = 20_000
)

// recorded is the number of replications, from the first on, whose audiences are
// recorded: enough for an Exposure, whatever the size of the plan.
func (p *Plan) recorded() int {
	w, ch := models.NewWorld(&p.Case, p.Seed), &p.Case.Changes
	replications, harmed := 0, 0
	for harmed < fanned && replications*ch.PerPeriod < sought {
		w.Reset(uint64(replications))
		n, _ := w.Carried(ch.Warmup, ch.PerPeriod)
		harmed += n
		replications++
	}
	return replications
}

// path is the audience of one change, in the order of time; empty when nobody met it
// with a live defect.
type path []models.AudienceStep

// exposures fills in the Exposure of every alternative, all over the same hours.
func (r *reduction) exposures() {
	paths, end := make([][]path, len(r.all.Rows)), 0.0
	for i := range r.all.Rows {
		paths[i] = r.paths(&r.all.Rows[i])
		end = max(end, rest(paths[i]))
	}
	grid := gridTo(end)
	for i := range paths {
		r.study.Alternatives[i].Exposure = exposureOf(paths[i], grid)
	}
}

// paths are those of the first defective changes. One that was given up on its way is
// left out, as in every measure of harm.
func (r *reduction) paths(rows *Rows) []path {
	per, seen, all := r.p.Case.Changes.PerPeriod, 0, []path{}
	for rep, steps := range rows.Audiences {
		for k := range per {
			n := 0
			for n < len(steps) && int(steps[n].Change) == k {
				n++
			}
			l := &rows.Lean[rep*per+k]
			if l.Defects > 0 && seen < fanned {
				seen++
				if !math.IsInf(l.LeadTime, 1) {
					all = append(all, path(steps[:n]))
				}
			}
			steps = steps[n:]
		}
	}
	return all
}

// rest is the time in hours since a change was ready after which 99 % of the paths take
// no step any more: they are over for good, or nobody will notice while it is watched.
func rest(paths []path) float64 {
	if len(paths) == 0 {
		return 0
	}
	last := make([]float64, len(paths))
	for i, p := range paths {
		if len(p) > 0 {
			last[i] = p[len(p)-1].At
		}
	}
	slices.Sort(last)
	return quantileOf(last, 0.99)
}

// quantileOf is the smallest of the sorted values that a share p does not exceed.
func quantileOf(sorted []float64, p float64) float64 {
	return float64(stat.QuantileOf(sorted, p, 0.5, math.NaN()).Value) // the level is for an interval that nobody asks for
}

// stretches are the times that people name, in hours, and into how many equal ratios the
// grid cuts the way to the next one: steps of about 16 %.
var stretches = [...]struct {
	from float64
	cuts int
}{{1.0 / 6, 12}, {1, 12}, {6, 5}, {12, 5}, {24, 7}, {72, 6}, {168, 10}, {730, 7}, {2190, 9}, {8766, 0}}

// gridTo are the hours of an Exposure: from 10 minutes until end is reached, a day at
// least and a year at most. The times that people name are among them.
func gridTo(end float64) []float64 {
	var grid []float64
	for i, s := range stretches {
		ratio := 0.0
		if s.cuts > 0 {
			ratio = portable.Log(stretches[i+1].from/s.from) / float64(s.cuts)
		}
		for k := range max(1, s.cuts) {
			t := float64(s.from * portable.Exp(float64(ratio*float64(k))))
			if grid = append(grid, t); t >= max(24, end) {
				return grid
			}
		}
	}
	return grid
}

// exposureOf takes mean and quantiles over the paths at each time of the grid.
func exposureOf(paths []path, grid []float64) Exposure {
	e := Exposure{Changes: len(paths), Points: []ExposurePoint{}}
	if len(paths) == 0 {
		return e
	}
	n := float64(len(paths))
	begun, shares := make([]int, len(paths)), make([]float64, len(paths)) // steps taken; share at the time
	for _, t := range grid {
		sum, met, left := 0.0, 0, 0
		for i, p := range paths {
			for begun[i] < len(p) && p[begun[i]].At <= t {
				begun[i]++
			}
			shares[i] = 0
			if begun[i] > 0 {
				shares[i] = p[begun[i]-1].Share
			}
			sum += shares[i]
			met += min(begun[i], 1)
			if shares[i] > 0 {
				left++
			}
		}
		slices.Sort(shares)
		q := func(p float64) float64 { return quantileOf(shares, p) }
		e.Points = append(e.Points, ExposurePoint{Hours: t, Mean: sum / n, P5: q(0.05), P25: q(0.25), P50: q(0.5), P75: q(0.75), P95: q(0.95)})
		e.Reached, e.Left = float64(met)/n, float64(left)/n
	}
	return e
}
