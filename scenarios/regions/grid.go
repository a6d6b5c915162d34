package regions

import (
	"math"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// draw simulates the nodes of the coarse grid, and then again and again those around which
// the winner is not the same.
func (a *atlas) draw() error {
	var first []int
	for j := 0; j < side; j += coarse {
		for i := 0; i < side; i += coarse {
			first = append(first, j*side+i)
		}
	}
	if err := a.simulate(first); err != nil {
		return err
	}
	for step := coarse; step > 1; step /= 2 {
		next := a.split(step)
		if err := a.simulate(next); err != nil {
			return err
		}
	}
	return nil
}

// split looks at every square of a grid: where its corners agree, what lies in it is
// guessed; where they do not, the nodes halfway are to be simulated.
func (a *atlas) split(step int) []int {
	wanted := make([]bool, side*side)
	for j := 0; j+step < side; j += step {
		for i := 0; i+step < side; i += step {
			a.square(j*side+i, step, wanted)
		}
	}
	var all []int
	for at, is := range wanted {
		if is && !a.known[at] {
			all = append(all, at)
		}
	}
	return all
}

// square looks at one square, given by its least node and its side.
func (a *atlas) square(from, step int, wanted []bool) {
	winner := a.nodes[from].Winner
	clear := winner != "level"
	for _, corner := range [...]int{from + step, from + step*side, from + step*side + step} {
		clear = clear && a.nodes[corner].Winner == winner
	}
	for dj := 0; dj <= step; dj += step / 2 {
		for di := 0; di <= step; di += step / 2 {
			at := from + dj*side + di
			switch {
			case !clear:
				wanted[at] = true
			case a.nodes[at].Winner == "":
				a.nodes[at] = study.RegionNode{Saving: none(), Low: none(), High: none(), Winner: winner, Guessed: true}
			}
		}
	}
}

func none() stat.Number { return stat.Number(math.NaN()) }

// simulate finds out the nodes.
func (a *atlas) simulate(nodes []int) error {
	err := a.each(len(nodes), func(k int) (err error) {
		a.nodes[nodes[k]], err = a.at(nodes[k])
		return err
	})
	for _, n := range nodes {
		a.known[n] = true
	}
	a.points += len(nodes)
	return err
}

// step is that of a node along an axis.
func (a *atlas) step(i int) float64 {
	reach := portable.Log(a.q.Factor)
	return float64(reach * (2*float64(i)/(side-1) - 1))
}

// at simulates one node, and again with four times as many changes where that does not
// decide.
func (a *atlas) at(node int) (study.RegionNode, error) {
	settings := append(a.x.Settings(a.step(node%side)), a.y.Settings(a.step(node/side))...)
	n, err := a.simulated(settings, a.q.Changes)
	if err == nil && n.Winner == "level" {
		return a.simulated(settings, 4*a.q.Changes)
	}
	return n, err
}

// simulated is one point of so many changes.
func (a *atlas) simulated(settings []scenarios.Setting, changes int) (study.RegionNode, error) {
	stuck := study.RegionNode{Saving: none(), Low: none(), High: none(), Winner: "stuck"}
	s, faults := a.q.Scenario.SetAll(settings)
	if len(faults) > 0 {
		return stuck, nil
	}
	p, faults := s.Plan(scenarios.Options{Seed: a.q.Seed, Changes: changes})
	if len(faults) > 0 {
		return stuck, nil
	}
	p.Targets = study.Targets{}
	d, err := study.RunDuel(a.ctx, &p, study.Pair{First: a.best, Second: a.rival, Changes: max(changes, 12*p.Case.Changes.PerPeriod)}, study.Options{Workers: 1})
	if err != nil || d.Stuck {
		return stuck, err
	}
	e := d.Lead
	if a.q.Of == "cost" {
		e = d.Saving
	}
	n := study.RegionNode{Saving: e.Mean, Low: e.Low, High: e.High, Winner: "level"}
	switch {
	case e.Low > 0:
		n.Winner = "best"
	case e.High < 0:
		n.Winner = "rival"
	}
	return n, nil
}
