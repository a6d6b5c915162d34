package scenarios_test

import (
	"fmt"

	"github.com/rollrisk/rollrisk/scenarios"
)

func ExampleDecode() {
	_, faults := scenarios.Decode("mine.yaml", []byte(`rollrisk: 1
title: Mine
service: {users: 1M}
changes: {rate: 40/w}
alternatives:
  rings:
    title: two rings
    stages:
      - {ring: 1%, bkae: 30}
      - {ring: 1}
`))
	for _, f := range faults {
		fmt.Println(f)
	}
	// Output:
	// mine.yaml:9:9: alternatives.rings.stages[0]: `bake` is missing (for example `bake: 1d`)
	// mine.yaml:9:20: alternatives.rings.stages[0]: unknown key bkae (did you mean bake?)
	// mine.yaml:10:16: alternatives.rings.stages[1].ring: 1 could be 1% or all (write 1% or 100%)
}

func ExampleScenario_Set() {
	text, _ := scenarios.Builtin("checkout")
	s, _ := scenarios.Decode("checkout", text)
	was, _ := s.Get("alternatives.rings.stages[2].bake")
	changed, _ := s.Set("alternatives.rings.stages[2].bake", "1d")
	now, _ := changed.Get("alternatives.rings.stages[2].bake")
	fmt.Println(was, now)
	// Output: 1h 1d
}
