package scenarios

import (
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models"
)

// correlated reads which beliefs hang together. It comes last, when it is known which
// inputs the simulation draws.
func (b *builder) correlated(s *Scenario) {
	group := b.root.get("correlated")
	stated := map[[2]int]bool{}
	for _, e := range group.children {
		if !e.clean() {
			continue
		}
		by, slots := b.use(e.get("by")), b.drawn(s, e.get("inputs"))
		r, _ := strconv.ParseFloat(strings.TrimSuffix(by.parts[1], "%"), 64) // the pattern lets only numbers through
		if strings.HasSuffix(by.parts[1], "%") {
			r /= 100
		}
		for i := range slots {
			for j := range i {
				pair := [2]int{min(slots[i], slots[j]), max(slots[i], slots[j])}
				if pair[0] == pair[1] || stated[pair] {
					b.fault(e.get("inputs"), problemf("state each pair once", "%s and %s are joined twice", b.world.Beliefs[pair[0]].Path, b.world.Beliefs[pair[1]].Path))
					return
				}
				stated[pair] = true
				b.world.Joined = append(b.world.Joined, models.Joined{First: pair[0], Second: pair[1], Correlation: r})
			}
		}
	}
	if _, ok := b.world.Copula(); !ok && group.clean() {
		b.fault(group, problemf("weaken one of them: if a goes with b and b with c, then a goes with c", "these correlations cannot all be true at once (their matrix is not positive definite)"))
	}
}

// drawn are the indices of the beliefs at some addresses. A number that is stated exactly
// is left out, so that one input of a scenario can be set without touching the list.
func (b *builder) drawn(s *Scenario, list *entry) []int {
	var all []int
	for _, item := range list.children {
		e, f := s.find(item.word)
		switch {
		case f != nil:
			b.fault(item, problemf(f.Hint, "%s", f.Message))
		case b.slots[e] > 0:
			all = append(all, b.slots[e]-1)
		case e.doubt == varies:
			b.fault(item, problemf("an interval without varies is what nobody knows", "%s differs at each use; only what nobody knows can be correlated", item.word))
		case e.format == nil:
			b.fault(item, problemf("for example changes.defects", "%s is no number", item.word))
		}
	}
	return all
}
