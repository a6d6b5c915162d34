package dist

import (
	"math"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// count is one distribution on whole numbers under test, with its probabilities from
// elsewhere.
type count struct {
	name           string
	quantile       func(u float64) int64
	weight         func(k float64) float64 // P(X = k)
	from           int64                   // its smallest value
	mean, variance float64
}

func poissonCount(mean float64) count {
	return count{
		"poisson", func(u float64) int64 { return PoissonQuantile(u, mean) },
		distuv.Poisson{Lambda: mean}.Prob, 0, mean, mean,
	}
}

func binomialCount(n int64, p float64) count {
	return count{
		"binomial", func(u float64) int64 { return BinomialQuantile(u, n, p) },
		distuv.Binomial{N: float64(n), P: p}.Prob, 0, float64(n) * p, float64(n) * p * (1 - p),
	}
}

// hits returns P(k misses before the r-th hit) for odds of a miss of so many to one,
// each from the one before.
func hits(r, odds float64) func(k float64) float64 {
	known := []float64{math.Exp(-r * math.Log1p(odds))}
	return func(k float64) float64 {
		for float64(len(known)) <= k {
			n := float64(len(known))
			known = append(known, known[len(known)-1]*(r+n-1)/n*(odds/(1+odds)))
		}
		return known[int(k)]
	}
}

func negativeCount(mean, dispersion float64) count {
	return count{
		"negative binomial", func(u float64) int64 { return NegativeBinomialQuantile(u, mean, dispersion) },
		hits(mean/(dispersion-1), dispersion-1), 0, mean, mean * dispersion,
	}
}

func trialsCount(k int64, p float64) count {
	weight := hits(float64(k), (1-p)/p)
	return count{
		"trials", func(u float64) int64 { return NegativeBinomialTrials(u, k, p) },
		func(n float64) float64 { return weight(n - float64(k)) }, k, float64(k) / p, float64(k) * (1 - p) / (p * p),
	}
}

func geometricCount(p float64) count {
	return count{
		"geometric", func(u float64) int64 { return GeometricQuantile(u, p) },
		func(n float64) float64 { return p * math.Pow(1-p, n-1) }, 1, 1 / p, (1 - p) / (p * p),
	}
}

// counts takes every method of every distribution: added up and expanded, few and
// many, skewed to both sides.
func counts() []count {
	return []count{
		poissonCount(0.02), poissonCount(1.7), poissonCount(9.99), poissonCount(10.01), poissonCount(137.5), poissonCount(2e4),
		binomialCount(1, 0.3), binomialCount(12, 0.4), binomialCount(12, 0.95), binomialCount(300, 0.01),
		binomialCount(60, 0.5), binomialCount(300, 0.9), binomialCount(20_000, 0.003), binomialCount(100_000, 0.25),
		negativeCount(0.3, 1.5), negativeCount(8, 40), negativeCount(12, 1.01), negativeCount(200, 3), negativeCount(50, 30), negativeCount(500, 1e-6+1),
		trialsCount(1, 0.2), trialsCount(3, 0.9), trialsCount(4, 0.02), trialsCount(4, 0.3), trialsCount(40, 0.1), trialsCount(100, 0.95),
		geometricCount(0.9), geometricCount(0.03),
	}
}

// TestCountsAtEveryStep puts the uniform just below and just above P(X <= k), for all
// k that matter: the quantile must be k and k+1.
func TestCountsAtEveryStep(t *testing.T) {
	for _, c := range counts() {
		sum := 0.0
		reach := c.mean + 12*math.Sqrt(c.variance) + 20
		step := int64(1)
		if reach > 5000 {
			step = int64(reach / 5000)
		}
		for k := c.from; float64(k) < reach && sum < 1-1e-6; k++ {
			sum += c.weight(float64(k))
			if sum < 1e-9 || k%step != 0 {
				continue
			}
			// Both sides add up many numbers: 1e-9 of the sum, or 1e-14 of the whole.
			if got := c.quantile(sum*(1-1e-9) - 1e-14); got != k {
				t.Errorf("%s of mean %v: %d just below P(X <= %d) = %v", c.name, c.mean, got, k, sum)
			}
			if up := sum*(1+1e-9) + 1e-14; up < 1-1e-7 && c.weight(float64(k+1)) > 1e-8 {
				if got := c.quantile(up); got != k+1 {
					t.Errorf("%s of mean %v: %d just above P(X <= %d) = %v", c.name, c.mean, got, k, sum)
				}
			}
		}
		if sum < 0.999 {
			t.Errorf("%s of mean %v: only %v was looked at", c.name, c.mean, sum)
		}
	}
}

// TestCountsByChiSquare draws and compares frequencies and the first two moments.
func TestCountsByChiSquare(t *testing.T) {
	const n = 100_000
	for i, c := range counts() {
		s := rng.NewKey(2, "chi-square").Stream(uint64(i), 0, 0)
		seen := map[int64]float64{}
		var sum, squares, fourth float64
		for range n {
			k := c.quantile(s.Uniform())
			seen[k]++
			x := float64(k) - c.mean
			sum += x
			squares += x * x
			fourth += x * x * x * x
		}
		if se := math.Sqrt(c.variance / n); math.Abs(sum/n) > 5*se {
			t.Errorf("%s of mean %v: off by %v, standard error %v", c.name, c.mean, sum/n, se)
		}
		v := squares / n
		if se := math.Sqrt((fourth/n - v*v) / n); math.Abs(v-c.variance) > 5*se {
			t.Errorf("%s of mean %v: variance %v, want %v, standard error %v", c.name, c.mean, v, c.variance, se)
		}
		chi, cells := chiSquare(c, seen, n)
		// Chi-square has mean cells-1 and about twice that as variance.
		if free := cells - 1; chi > free+5*math.Sqrt(2*free)+10 {
			t.Errorf("%s of mean %v: chi-square %v with %v cells", c.name, c.mean, chi, cells)
		}
	}
}

// chiSquare joins neighbouring values until 20 are expected in each cell.
func chiSquare(c count, seen map[int64]float64, n float64) (chi, cells float64) {
	expected, got, left, leftSeen := 0.0, 0.0, n, n
	for k := c.from; left > 40; k++ {
		expected += n * c.weight(float64(k))
		got += seen[k]
		if expected < 20 {
			continue
		}
		chi += (got - expected) * (got - expected) / expected
		cells++
		left -= expected
		leftSeen -= got
		expected, got = 0, 0
	}
	return chi + (leftSeen-left)*(leftSeen-left)/math.Max(left, 1), cells + 1
}

func TestCountsNeverFall(t *testing.T) {
	for _, c := range counts() {
		rapid.Check(t, func(t *rapid.T) {
			u, v := drawU(t, "u"), drawU(t, "v")
			if rapid.Bool().Draw(t, "next") {
				v = math.Min(math.Nextafter(u, 1), 1-0x1p-53)
			}
			if u > v {
				u, v = v, u
			}
			if a, b := c.quantile(u), c.quantile(v); a > b || a < c.from {
				t.Fatalf("%s of mean %v: %d at %v, %d at %v", c.name, c.mean, a, u, b, v)
			}
		})
	}
}

func TestPoissonNeverFallsInItsMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := drawU(t, "u")
		a := rapid.Float64Range(0, 30).Draw(t, "mean")
		b := a + rapid.Float64Range(0, 5).Draw(t, "more")
		if x, y := PoissonQuantile(u, a), PoissonQuantile(u, b); x > y {
			t.Fatalf("%d at mean %v, %d at mean %v", x, a, y, b)
		}
	})
}

// lattice is a distribution for which inverted may trust its expansion.
type lattice struct {
	d tailed
	m moments
}

func lattices() []lattice {
	var all []lattice
	for _, mean := range []float64{10, 12, 15, 20, 25, 30, 35, 45, 60, 100, 1e3, 1e5} {
		all = append(all, lattice{poisson{mean}, moments{mean, math.Sqrt(mean), 1, 1}})
	}
	for _, n := range []float64{20, 30, 50, 100, 300, 1e3, 1e5} {
		for _, p := range []float64{0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.8, 0.9, 0.95, 0.99} {
			if q := 1 - p; n*math.Min(p, q) >= summedMean {
				all = append(all, lattice{binomial{n, p}, moments{n * p, math.Sqrt(n * p * q), q - p, 1 - 6*p*q}})
			}
		}
	}
	for _, r := range []float64{30, 50, 100, 200, 500, 1e3, 1e5} {
		for _, p := range []float64{1e-4, 0.01, 0.1, 0.3, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99} {
			q := 1 - p
			if mean := r * q / p; mean >= summedMean {
				all = append(all, lattice{negativeBinomial{r, p, q}, moments{mean, math.Sqrt(mean / p), (1 + q) / p, 1 + 6*q/p/p}})
			}
		}
	}
	return all
}

// TestExpansionIsWithinDoubt looks at all steps of the distribution function down to
// 2^-53 on both sides: the expansion must give k+1 there, within its stated doubt, and
// keep a fifth of it in hand.
func TestExpansionIsWithinDoubt(t *testing.T) {
	for _, l := range lattices() {
		reach := l.m.mean + 12*l.m.sd + 30
		step := math.Max(1, math.Floor(reach/4000))
		for k := 0.0; k < reach; k += step {
			lower, upper := l.d.tails(k)
			z := portable.NormalQuantile(lower)
			if lower > 0.5 {
				z = -portable.NormalQuantile(upper)
			}
			if math.Min(lower, upper) < 0x1p-53 {
				continue
			}
			if x, doubt := l.m.expanded(z); math.Abs(x-(k+1)) > 0.8*doubt {
				t.Errorf("%+v: at %v the expansion is off by %v, doubt %v", l, k, x-(k+1), doubt)
			}
		}
	}
}

// TestShortcutsChangeNothing compares the ways of inversion with a plain search.
func TestShortcutsChangeNothing(t *testing.T) {
	for i, l := range lattices() {
		s := rng.NewKey(3, "shortcuts").Stream(uint64(i), 0, 0)
		for range 200 {
			u := s.Uniform()
			if got, want := inverted(l.d, u, l.m), searched(l.d, u, 0); got != want {
				t.Errorf("%+v: %d at %v, searched %d", l, got, u, want)
			}
		}
	}
	s := rng.NewKey(3, "sums").Stream(0, 0, 0)
	for range 20_000 {
		u, mean := s.Uniform(), 10*s.Uniform()
		if got, want := PoissonQuantile(u, mean), searched(poisson{mean}, u, mean); got != want {
			t.Errorf("Poisson of mean %v: %d at %v, searched %d", mean, got, u, want)
		}
		p := s.Uniform()
		if got, want := BinomialQuantile(u, 15, p), searched(binomial{15, p}, u, 7); got != want {
			t.Errorf("binomial 15 of %v: %d at %v, searched %d", p, got, u, want)
		}
		d := negativeBinomial{3 * s.Uniform(), 0.2 + 0.8*p, 1 - (0.2 + 0.8*p)}
		if got, want := d.quantile(u), searched(d, u, 0); got != want {
			t.Errorf("negative binomial %+v: %d at %v, searched %d", d, got, u, want)
		}
	}
}

// TestGeometricByMultiplying counts trials one by one.
func TestGeometricByMultiplying(t *testing.T) {
	s := rng.NewKey(4, "geometric").Stream(0, 0, 0)
	for range 20_000 {
		u, p := s.Uniform(), 0.02+0.98*s.Uniform()
		want, left := int64(1), 1-p
		for left > 1-u {
			left *= 1 - p
			want++
		}
		if got := GeometricQuantile(u, p); got != want {
			t.Errorf("p = %v: %d at %v, counted %d", p, got, u, want)
		}
		if got := 1 + (negativeBinomial{1, p, 1 - p}).quantile(u); got != want {
			t.Errorf("p = %v: %d at %v as a negative binomial, counted %d", p, got, u, want)
		}
	}
	for _, c := range []struct {
		u, p float64
		want int64
	}{
		{0.5, 0.5, 1}, {0.75, 0.5, 2}, {0.875, 0.5, 3}, {0.8750001, 0.5, 4}, {0x1p-53, 0.5, 1},
		{0.5, 1, 1}, {0.5, 0, Never}, {0, 0, 1}, {1, 0.5, Never}, {-1, 0.5, 1},
		{0.5, 1e-300, Never}, {0.5, 5e-324, Never}, {1 - 0x1p-53, 1e-18, Never}, {0.5, 1e-9, 693147181},
	} {
		if got := GeometricQuantile(c.u, c.p); got != c.want {
			t.Errorf("GeometricQuantile(%v, %v) = %d, want %d", c.u, c.p, got, c.want)
		}
	}
}

// TestCountsAtTheEdges tries what is certain, never, or larger than any count.
func TestCountsAtTheEdges(t *testing.T) {
	const large = 1e300
	cases := []struct {
		name      string
		got, want int64
	}{
		{"poisson mean 0", PoissonQuantile(0.9, 0), 0},
		{"poisson u 0", PoissonQuantile(0, 5), 0},
		{"poisson u 1", PoissonQuantile(1, 5), Never},
		{"poisson NaN u", PoissonQuantile(math.NaN(), 5), 0},
		{"poisson large", PoissonQuantile(0.5, large), Never},
		{"poisson tiny", PoissonQuantile(1-0x1p-53, 1e-300), 0},
		{"binomial n 0", BinomialQuantile(0.9, 0, 0.5), 0},
		{"binomial p 0", BinomialQuantile(0.9, 9, 0), 0},
		{"binomial p 1", BinomialQuantile(0.1, 9, 1), 9},
		{"binomial u 0", BinomialQuantile(0, 9, 1), 0},
		{"binomial u 1", BinomialQuantile(1, 9, 0.1), 9},
		{"binomial top", BinomialQuantile(1-0x1p-53, 9, 0.999), 9},
		{"binomial all", BinomialQuantile(1-0x1p-53, 40, 0.5), 40},
		{"binomial half of all", BinomialQuantile(0.5, math.MaxInt64, 0.5), 1 << 62},
		{"binomial nearly all of all", BinomialQuantile(0.5, math.MaxInt64, 1-0x1p-53), math.MaxInt64 - 1023},
		{"negative binomial mean 0", NegativeBinomialQuantile(0.9, 0, 3), 0},
		{"negative binomial u 0", NegativeBinomialQuantile(0, 4, 3), 0},
		{"negative binomial u 1", NegativeBinomialQuantile(1, 4, 3), Never},
		{"negative binomial large", NegativeBinomialQuantile(0.5, large, 3), Never},
		{"negative binomial tiny", NegativeBinomialQuantile(0.5, 1e-9, 1e9), 0},
		{"trials p 0", NegativeBinomialTrials(0.5, 3, 0), Never},
		{"trials p 1", NegativeBinomialTrials(0.5, 3, 1), 3},
		{"trials u 0", NegativeBinomialTrials(0, 3, 0.5), 3},
		{"trials u 1", NegativeBinomialTrials(1, 3, 0.5), Never},
		{"trials tiny p", NegativeBinomialTrials(0.5, 3, 1e-300), Never},
		{"trials subnormal p", NegativeBinomialTrials(0.5, 300, 5e-324), Never},
		{"trials many", NegativeBinomialTrials(0.5, math.MaxInt64, 0.5), Never},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
	if got := NegativeBinomialQuantile(0.3, 7, 1); got != PoissonQuantile(0.3, 7) {
		t.Errorf("dispersion 1: %d", got)
	}
	// The k-th failure of tiny probability comes as a gamma variable, k/p on average.
	for _, p := range []float64{1e-9, 1e-13, 1e-16} {
		want := portable.InverseIncompleteGamma(3, 0.7) / p
		if got := float64(NegativeBinomialTrials(0.7, 3, p)); math.Abs(got-want) > 2+1e-9*want {
			t.Errorf("trials of %v: %v, gamma %v", p, got, want)
		}
	}
}

func TestCountsPanicOnNonsense(t *testing.T) {
	for name, call := range map[string]func(){
		"poisson negative":            func() { PoissonQuantile(0.5, -1) },
		"poisson NaN":                 func() { PoissonQuantile(0.5, math.NaN()) },
		"poisson infinite":            func() { PoissonQuantile(0.5, math.Inf(1)) },
		"binomial negative":           func() { BinomialQuantile(0.5, -1, 0.5) },
		"binomial share":              func() { BinomialQuantile(0.5, 1, 1.5) },
		"negative binomial mean":      func() { NegativeBinomialQuantile(0.5, -1, 2) },
		"negative binomial dispersed": func() { NegativeBinomialQuantile(0.5, 1, 0.9) },
		"trials none":                 func() { NegativeBinomialTrials(0.5, 0, 0.5) },
		"trials share":                func() { NegativeBinomialTrials(0.5, 1, math.NaN()) },
		"geometric share":             func() { GeometricQuantile(0.5, -0.1) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || len(text) < 6 || text[:6] != "dist: " {
					t.Errorf("%s: no panic of the package", name)
				}
			}()
			call()
		}()
	}
}
