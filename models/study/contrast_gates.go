package study

import "slices"

// turnedGates lists the gates of both studies, by name.
func turnedGates(old, now *Gates) []GateTurn {
	list := []GateTurn{}
	for _, g := range old.results() {
		t := GateTurn{Name: g.Name, Old: g.State}
		if i := now.named(g.Name); i >= 0 {
			t.New, t.Line, t.Column = now.Results[i].State, now.Results[i].Line, now.Results[i].Column
		}
		t.Flipped = t.Old == GatePass && t.New == GateFail || t.Old == GateFail && t.New == GatePass
		list = append(list, t)
	}
	for _, g := range now.results() {
		if old.named(g.Name) < 0 {
			list = append(list, GateTurn{Name: g.Name, New: g.State, Line: g.Line, Column: g.Column})
		}
	}
	return list
}

// results are those of the gates; none of a study without gates.
func (g *Gates) results() []GateResult {
	if g == nil {
		return nil
	}
	return g.Results
}

// named is the index of the gate of that name; -1 where there is none.
func (g *Gates) named(name string) int {
	return slices.IndexFunc(g.results(), func(r GateResult) bool { return r.Name == name })
}
