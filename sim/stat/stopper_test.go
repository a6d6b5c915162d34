package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestStopperKeepsToBlocks: whatever it is told, each total is an end of a block or
// Maximum, more than before, at most doubled and rounded up, and it comes to an end.
func TestStopperKeepsToBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Stopper{
			Target:  rapid.Float64Range(0, 0.9).Draw(t, "target"),
			Level:   0.9,
			Block:   rapid.IntRange(1, 5000).Draw(t, "block"),
			Minimum: rapid.IntRange(0, 20_000).Draw(t, "minimum"),
			Maximum: rapid.IntRange(1, 1_000_000).Draw(t, "maximum"),
		}
		total := s.First()
		for steps := 0; ; steps++ {
			if total%s.Block != 0 && total != s.Maximum || total > s.Maximum || total < min(s.Minimum, s.Maximum) {
				t.Fatalf("%+v: total %d", s, total)
			}
			e := Estimate{
				Replications:  rapid.IntRange(0, 500).Draw(t, "replications"),
				Mean:          Number(rapid.Float64Range(-1, 1).Draw(t, "mean")),
				StandardError: Number(rapid.SampledFrom([]float64{0, 1e-9, 0.01, 3, math.NaN(), math.Inf(1)}).Draw(t, "error")),
			}
			d := s.Next(total, e)
			if d.Stop {
				if !d.Reached && total != s.Maximum || d.Total != total {
					t.Fatalf("%+v after %d: %+v", s, total, d)
				}
				return
			}
			if d.Total <= total || d.Total > 2*total+s.Block {
				t.Fatalf("%+v after %d: %+v", s, total, d)
			}
			total = d.Total
			if steps > 1_000_000 {
				t.Fatal("no end")
			}
		}
	})
}

// TestStopperRule is worked by hand. Kills: the target for target/(1+target), no
// enlargement, z for t, the growth without its square.
func TestStopperRule(t *testing.T) {
	s := Stopper{Target: 0.1, Level: 0.9, Block: 100, Maximum: 10_000}
	e := Estimate{Replications: 30, Mean: -50, StandardError: 3}
	half := 1.6991270265334972 * math.Sqrt(0.06*0.06+1./900) // t with 29 degrees of freedom
	d := s.Next(1000, e)
	near(t, "relative", float64(d.Relative), half, 1e-12)
	growth := half / (0.1 / 1.1)
	if want := int(math.Ceil(10*growth*growth)) * 100; d.Stop || d.Total != want {
		t.Errorf("%+v, want to go on to %d", d, want)
	}
	// With an error that makes the half width just small enough it stops, and not just above.
	goal := 0.1 / 1.1 / 1.6991270265334972
	e.StandardError = Number(50 * math.Sqrt(goal*goal-1./900) * (1 - 1e-9))
	if d := s.Next(1000, e); !d.Stop || !d.Reached || d.Total != 1000 {
		t.Errorf("small enough: %+v", d)
	}
	e.StandardError *= 1 + 2e-9
	if d := s.Next(1000, e); d.Stop || d.Total != 1100 {
		t.Errorf("not small enough: %+v", d)
	}
	// A few equal values do not stop it.
	if d := s.Next(100, Estimate{Replications: 3, Mean: 5}); d.Stop || d.Total != 200 {
		t.Errorf("equal values: %+v", d)
	}
	none := Estimate{Replications: 300, Mean: Number(math.NaN()), StandardError: Number(math.NaN())}
	if d := s.Next(9950, none); d.Stop || d.Total != 10_000 || d.Relative == d.Relative {
		t.Errorf("no mean: %+v", d)
	}
	if d := s.Next(10_000, none); !d.Stop || d.Reached {
		t.Errorf("maximum: %+v", d)
	}
}

// TestStopperZero: a mean of nothing but zeros is treated like one of nothing but
// fives, so that it comes to an end; a mean that is 0 by chance is not.
func TestStopperZero(t *testing.T) {
	s := Stopper{Target: 0.01, Level: 0.9, Block: 100, Maximum: 1_000_000}
	for r := 2; r < 500; r++ {
		zeros, fives := s.Next(100*r, Estimate{Replications: r}), s.Next(100*r, Estimate{Replications: r, Mean: 5})
		if zeros != fives {
			t.Fatalf("%d replications: %+v of zeros, %+v of fives", r, zeros, fives)
		}
	}
	// By hand: t = 1.654 with 166 or 167 degrees of freedom, 101 t = 167.1.
	for r, want := range map[int]bool{167: false, 168: true} {
		if d := s.Next(100*r, Estimate{Replications: r}); d.Reached != want || d.Stop != want {
			t.Errorf("%d replications of zeros: %+v", r, d)
		}
	}
	if d := s.Next(100, Estimate{Replications: 1}); d.Stop || d.Total != 200 {
		t.Errorf("one replication: %+v", d)
	}
	if d := s.Next(500_000, Estimate{Replications: 5000, StandardError: 1e-9}); d.Stop || d.Total != 1_000_000 || !math.IsInf(float64(d.Relative), 1) {
		t.Errorf("0 by chance: %+v", d)
	}
}

// TestStopperCovers: where it stops, the mean is within the target of the truth about
// as often as the level says: the rule is exact only as the target falls to 0.
func TestStopperCovers(t *testing.T) {
	s := draws(111)
	rule := Stopper{Target: 0.05, Level: 0.9, Block: 100, Minimum: 200, Maximum: 1_000_000}
	var c coverage
	for range repeats(400) {
		var xs []float64
		var e Estimate
		for total := rule.First(); ; {
			for len(xs) < total {
				xs = append(xs, s.Exponential())
			}
			e = EstimateOf(Column{xs, Independent(total)}, rule.Level)
			d := rule.Next(total, e)
			if total = d.Total; d.Stop {
				break
			}
		}
		c.see(Number(1-rule.Target), Number(1+rule.Target), float64(e.Mean))
	}
	c.between(t, "stopped means", 0.87, 1, 0)
}

func TestStopperEdges(t *testing.T) {
	good := Stopper{Target: 0.1, Level: 0.9, Block: 10, Maximum: 25}
	if good.First() != 10 {
		t.Errorf("first %d", good.First())
	}
	good.Minimum = 11
	if good.First() != 20 {
		t.Errorf("first %d", good.First())
	}
	good.Minimum = 1000
	if good.First() != 25 {
		t.Errorf("first %d", good.First())
	}
	panics(t, "nothing done", func() { good.Next(0, Estimate{}) })
	for what, bad := range map[string]Stopper{
		"target": {Target: 1, Level: 0.9, Block: 1, Maximum: 1}, "level": {Level: 1, Block: 1, Maximum: 1},
		"block": {Level: 0.9, Maximum: 1}, "maximum": {Level: 0.9, Block: 1}, "minimum": {Level: 0.9, Block: 1, Maximum: 1, Minimum: -1},
	} {
		panics(t, what, func() { bad.First() })
	}
}
