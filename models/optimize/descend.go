package optimize

import (
	"slices"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// Descend improves a plan on its twin until no change of a share or a bake by a
// ten-thousandth lowers the cost: compass search (Kolda, Lewis and Torczon, "Optimization by
// direct search", 2003, algorithm 3.1) in the logarithms, so that shares keep their order
// and bakes stay above 0. Plans of more than most hours are passed over; 0 for no limit. It
// returns also how many plans it looked at.
func Descend(c *analytic.RingCase, start analytic.RingPlan, most float64) (best analytic.RingPlan, cost float64, looked int) {
	best, cost = clone(start), c.Law(start).Cost
	for step := 0.7; step > 1e-4; {
		moved := false
		for k := range 2 * (len(best.Shares) - 1) {
			for _, by := range [...]float64{step, -step} {
				p := turned(best, k, portable.Exp(by))
				if p.Shares == nil || most > 0 && p.Hours() > most {
					continue
				}
				looked++
				if x := c.Law(p).Cost; x < cost {
					best, cost, moved = p, x, true
				}
			}
		}
		if !moved {
			step /= 2
		}
	}
	return best, cost, looked
}

func clone(p analytic.RingPlan) analytic.RingPlan {
	return analytic.RingPlan{Shares: slices.Clone(p.Shares), Bakes: slices.Clone(p.Bakes)}
}

// turned is a plan with its k-th number multiplied: the odds of a share, or a bake. No
// plan where the shares lose their order.
func turned(p analytic.RingPlan, k int, by float64) analytic.RingPlan {
	q := clone(p)
	if n := len(q.Shares) - 1; k >= n {
		q.Bakes[k-n] = float64(max(q.Bakes[k-n], 1e-3) * by)
		return q
	}
	odds := float64(q.Shares[k] / (1 - q.Shares[k]) * by)
	q.Shares[k] = odds / (1 + odds)
	if k > 0 && q.Shares[k] <= q.Shares[k-1] || q.Shares[k] >= q.Shares[k+1] || q.Shares[k] < 1e-5 {
		return analytic.RingPlan{}
	}
	return q
}
