package analytic

import "testing"

// BenchmarkMillionPoints is a map of a thousand by a thousand points: how fast a defect is
// noticed against how long the response takes, the law of a ramp of four rings at each.
func BenchmarkMillionPoints(b *testing.B) {
	plan := RingPlan{Shares: []float64{0.01, 0.1, 0.5, 1}, Bakes: []float64{24, 24, 24, 336}}
	c := RingCase{Users: 1e6, Defects: []RingDefect{{Weight: 1, Reach: 0.5, Failing: 0.1}}}
	for b.Loop() {
		for i := range 1000 {
			for j := range 1000 {
				c.Defects[0].PerDose, c.Defects[0].Respond = 0.001*float64(1+i), 0.01*float64(j)
				c.Law(plan)
			}
		}
	}
}
