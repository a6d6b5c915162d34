package analytic

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// TestSharedGates: detectability as an attribute of the defect, Beta(0.4, 0.6) over
// three gates: 41.6 % escape, not 0.6^3 = 21.6 %; and what each gate catches.
func TestSharedGates(t *testing.T) {
	g := SharedGates{Defects: Count{Mean: 12, Dispersion: 2}, Detectability: BetaShare{0.4, 0.6}, Gates: 3}
	if got := g.Escape(); math.Abs(got-0.416) > 1e-15 {
		t.Errorf("%v escape, want 41.6 %%", got)
	}
	if got := g.Alone(); math.Abs(got-0.216) > 1e-15 {
		t.Errorf("%v would escape of independent gates, want 21.6 %%", got)
	}
	if e := g.Escapes(); math.Abs(e.Mean-12*0.416) > 1e-12 || math.Abs(e.Dispersion-1.416) > 1e-12 {
		t.Errorf("%+v escape of 12", e)
	}
	// E[d], E[d (1-d)] = AB / ((A+B)(A+B+1)), and what is left of 1.
	for i, want := range []float64{0.4, 0.12, 0.064} {
		if got := g.Caught()[i]; math.Abs(got-12*want) > 1e-12 {
			t.Errorf("gate %d catches %v, want %v", i+1, got, 12*want)
		}
	}
	for n := range 6 {
		g.Gates = n
		if got, want := g.Escape(), g.Detectability.Hits(0, n); !near(got, want, 1e-12) {
			t.Errorf("%d gates: %v escape, as misses of a Beta share %v", n, got, want)
		}
		if e := g.Escape(); n > 1 && e <= g.Alone() {
			t.Errorf("%d gates that miss the same defects miss no more: %v", n, e)
		}
	}
	// Defects that are all alike are caught independently.
	alike := SharedGates{Defects: Poisson(1), Detectability: BetaShare{4e9, 6e9}, Gates: 3}
	if got := alike.Escape(); math.Abs(got-0.216) > 1e-9 {
		t.Errorf("%v of defects that are alike escape, want 21.6 %%", got)
	}
}

func TestSharedGatesSimulated(t *testing.T) {
	share, err := dist.NewBeta(0.4, 0.6)
	if err != nil {
		t.Fatal(err)
	}
	g := SharedGates{Defects: Poisson(1), Detectability: BetaShare{0.4, 0.6}, Gates: 3}
	runTrials(t, []trial{{"shared gates", 100_000, func(s *rng.Stream) float64 {
		d, escapes := share.Quantile(s.Uniform()), true
		for range g.Gates {
			escapes = s.Uniform() > d && escapes
		}
		return is(escapes)
	}, g.Escape(), map[string]float64{"independent": g.Alone()}}})
}
