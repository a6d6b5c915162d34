package detector

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// betaBinomialTail is P(X > c) of n requests that fail together: the share is
// drawn from a Beta distribution first (Skellam, 1948).
func betaBinomialTail(n, c int, p, rho float64) float64 {
	weight := 1/rho - 1
	a, b := p*weight, (1-p)*weight
	sum := 0.0
	for k := c + 1; k <= n; k++ {
		x, y := float64(k), float64(n-k)
		ways := portable.Lgamma(float64(n)+1) - portable.Lgamma(x+1) - portable.Lgamma(y+1)
		sum += math.Exp(ways + logBeta(a+x, b+y) - logBeta(a, b))
	}
	return sum
}

// TestSwings: errors of one stretch are beta-binomial, and a threshold that is
// calm with independent requests rings falsely where they fail together.
func TestSwings(t *testing.T) {
	const n, p, rho, threshold = 500, 0.01, 0.01, 0.02
	share := betaBinomialTail(n, threshold*n, p, rho)
	alone := binomialTail(n, p, threshold*n)
	d := window(t, threshold, 1, nil, nil)
	tr := checksOf(n, p, 1)
	rate := func(swings models.Swings) *sample {
		s, m := &sample{}, d.Monitor(1)
		tr.window.Swings = swings
		for rep := range 20000 {
			tr.window.Luck.Release = uint64(rep)
			s.add(is(tr.ride(m, uint64(rep)).rang))
		}
		return s
	}
	with := rate(models.Swings{Correlation: rho, Every: 0.1})
	with.within(t, "one stretch", share, spread(nil, share))
	with.outside(t, "independent requests", alone, spread(nil, share))
	rate(models.Swings{}).within(t, "no swings", alone, spread(nil, alone))
	// Ten stretches in one check fail less together.
	short := rate(models.Swings{Correlation: rho, Every: 0.01}).mean()
	if !(short < with.mean() && short > alone) {
		t.Errorf("short stretches: %v, long %v, none %v", short, with.mean(), alone)
	}
}

// TestSwingsAreShared: two monitors of other kinds and labels see the same world,
// and both versions swing together: a comparison of both is not fooled.
func TestSwingsAreShared(t *testing.T) {
	swings := models.Swings{Correlation: 0.02, Every: 1}
	tr := halves(20000, 0.02, 0, 50)
	tr.window.Swings = swings
	a, b := build(t, "cusum", numbers{"interval": 0.1, "reference": 0.03, "limit": 300}, nil), build(t, "burn-rate", numbers{"slo": 0.9, "burn": 0.4, "window": 1, "interval": 0.1}, nil)
	z := build(t, "two-arm", numbers{"alpha": 0.01}, nil)
	const n = 1000
	both, first, second, fooled := 0.0, 0.0, 0.0, 0
	m, w, o := a.Monitor(1), b.Monitor(1), z.Monitor(1)
	for rep := range n {
		x, y := tr.ride(m, uint64(rep)).rang, tr.ride(w, uint64(rep)).rang
		both += is(x && y)
		first += is(x)
		second += is(y)
		fooled += int(is(tr.ride(o, uint64(rep)).rang))
	}
	// Each rings in so many worlds; worlds of their own would have them meet by chance.
	if chance := first * second / n; both < chance+5*math.Sqrt(n)/2 {
		t.Errorf("%v and %v of %d rang, both %v; by chance %v", first, second, n, both, chance)
	}
	if fooled > 26 { // 10 are expected at most; 26 is five standard deviations more
		t.Errorf("the comparison rang %d times of %d", fooled, n)
	}
}
