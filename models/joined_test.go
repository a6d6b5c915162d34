package models

import (
	"testing"

	"github.com/rollrisk/rollrisk/sim/dist"
)

// TestJoined: what a world draws of joined beliefs is what Draws says of it, and
// correlations that contradict one another are refused.
func TestJoined(t *testing.T) {
	uniform, err := dist.NewUniform(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := &Case{Beliefs: []Belief{{"a", uniform}, {"b", uniform}, {"c", uniform}}, Joined: []Joined{{0, 2, 0.7}}}
	w := NewWorld(c, 5)
	moved := 0
	for rep := range uint64(100) {
		w.Reset(rep)
		u := c.Draws(5, rep)
		for i := range u {
			if w.beliefs[i] != uniform.Quantile(u[i]) {
				t.Fatalf("world %d: %v, want %v", rep, w.beliefs, u)
			}
		}
		alone := (&Case{Beliefs: c.Beliefs}).Draws(5, rep)
		if u[0] != alone[0] || u[1] != alone[1] {
			t.Fatal("what hangs on nothing before it was moved")
		}
		if u[2] != alone[2] {
			moved++
		}
	}
	if moved < 100 {
		t.Errorf("%d of 100 were moved", moved)
	}
	for _, wrong := range [][]Joined{{{0, 0, 0.5}}, {{2, 1, 0.5}}, {{0, 3, 0.5}}, {{0, 1, 1}}, {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}}} {
		c.Joined = wrong
		k := &checker{c: c}
		if k.joined(); len(k.problems) == 0 {
			t.Errorf("%v was taken", wrong)
		}
	}
}
