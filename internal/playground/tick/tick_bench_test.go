package tick

import (
	"strconv"
	"testing"

	"github.com/rollrisk/rollrisk/scenarios"
)

// BenchmarkTick is one move of a slider.
func BenchmarkTick(b *testing.B) {
	for _, name := range []string{"bigbang", "checkout"} {
		for _, changes := range []int{2000, 10_000} {
			b.Run(name+"/"+strconv.Itoa(changes), func(b *testing.B) {
				text, _ := scenarios.Builtin(name)
				q := Request{File: name + ".yaml", Scenario: string(text), Seed: "1", Changes: changes, Turns: map[string]int{}}
				var d Desk
				for i := 0; b.Loop(); i++ {
					q.Turns["service.users"] = i % 20
					if a := d.Tick(&q); len(a.Faults) > 0 {
						b.Fatal(a.Faults)
					}
				}
			})
		}
	}
}
