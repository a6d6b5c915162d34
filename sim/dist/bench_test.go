package dist

import (
	"fmt"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

var (
	sinkFloat float64
	sinkCount int64
)

// BenchmarkQuantile includes the uniform, about 5 ns.
func BenchmarkQuantile(b *testing.B) {
	for _, e := range examples() {
		var d Dist
		for _, f := range All() {
			if f.Name == e.family {
				d, _ = f.New(e.parameters)
			}
		}
		b.Run(fmt.Sprint(e.family, e.parameters), func(b *testing.B) {
			b.ReportAllocs()
			s, sum := rng.NewKey(1, "bench").Stream(0, 0, 0), 0.0
			for range b.N {
				sum += d.Quantile(s.Uniform())
			}
			sinkFloat = sum
		})
	}
}

// BenchmarkCount includes the uniform, about 5 ns.
func BenchmarkCount(b *testing.B) {
	for _, c := range counts() {
		b.Run(fmt.Sprintf("%s/mean=%.4g", c.name, c.mean), func(b *testing.B) {
			b.ReportAllocs()
			s, sum := rng.NewKey(1, "bench").Stream(0, 0, 0), int64(0)
			for range b.N {
				sum += c.quantile(s.Uniform())
			}
			sinkCount = sum
		})
	}
}
