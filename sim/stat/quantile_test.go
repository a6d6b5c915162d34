package stat

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"pgregory.net/rapid"
)

// TestRankOf: the smallest k with k/n >= p, for products that round to either side.
func TestRankOf(t *testing.T) {
	for _, c := range []struct {
		p    float64
		n, k int
	}{
		{0.1, 30, 3}, {0.7, 10, 7}, {0.29, 100, 29}, {0.57, 100, 57}, {0.95, 20, 19}, {0.95, 19, 19},
		{0.5, 1, 1}, {0.5, 2, 1}, {0.5, 3, 2}, {1e-9, 10, 1}, {1 - 1e-16, 10, 10}, {0, 5, 1},
	} {
		if got := rankOf(c.p, c.n); got != c.k {
			t.Errorf("rankOf(%v, %d) = %d, want %d", c.p, c.n, got, c.k)
		}
	}
	for n := 1; n < 300; n++ {
		for k := 1; k <= n; k++ {
			if got := rankOf(float64(k)/float64(n), n); got != k {
				t.Fatalf("rankOf(%d/%d) = %d", k, n, got)
			}
		}
	}
}

// TestQuantileRanksAreNarrowest: each tail misses at most half of what is left, and
// the next rank inside would miss more.
func TestQuantileRanksAreNarrowest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "n")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		level := rapid.SampledFrom([]float64{0.5, 0.8, 0.9, 0.95, 0.999}).Draw(t, "level")
		low, high := QuantileRanks(n, p, level)
		miss := (1 - level) / 2
		if low < 0 || high > n+1 || low > n || high < 1 || low > high {
			t.Fatalf("ranks %d and %d", low, high)
		}
		if low > 0 && BinomialCDF(low-1, n, p) > miss || low < n && BinomialCDF(low, n, p) <= miss {
			t.Fatalf("low rank %d", low)
		}
		if high <= n && BinomialTail(high-1, n, p) > miss || high > 1 && BinomialTail(high-2, n, p) <= miss {
			t.Fatalf("high rank %d", high)
		}
	})
}

// TestQuantileCoverage: for independent rows the interval covers with the binomial
// probability of its ranks, for any continuous distribution.
func TestQuantileCoverage(t *testing.T) {
	const n, p = 200, 0.9
	low, high := QuantileRanks(n, p, 0.9)
	exact := BinomialCDF(high-1, n, p) - BinomialCDF(low-1, n, p)
	s, truth := draws(51), -portable.Log(1-p)
	var c coverage
	var scratch Scratch
	xs := make([]float64, n)
	for range repeats(8000) {
		for i := range xs {
			xs[i] = s.Exponential()
		}
		q := NewSample(Column{xs, Independent(n)}, &scratch).Quantile(p, 0.9)
		if q.EffectiveRows != n {
			t.Fatalf("independent rows are worth %v", q.EffectiveRows)
		}
		c.see(q.Low, q.High, truth)
	}
	c.between(t, "quantile", exact, exact, 0)
}

// TestQuantileCoverageInClusters: rows that depend on each other. The interval is
// conservative, since ranks are whole. Kills: rows taken as independent (the mutant
// is computed alongside), the design effect upside down, n/R rows for n.
func TestQuantileCoverageInClusters(t *testing.T) {
	for _, p := range []float64{0.5, 0.95} {
		s, truth := draws(52), portable.NormalQuantile(p)
		var right, mutant coverage
		var scratch Scratch
		for range repeats(700) {
			sample := NewSample(clustered(s, 60, 20, 0.6), &scratch)
			q := sample.Quantile(p, 0.9)
			right.see(q.Low, q.High, truth)
			iid := QuantileOf(sample.Sorted(), p, 0.9, float64(len(sample.Rows)))
			mutant.see(iid.Low, iid.High, truth)
		}
		right.between(t, "quantile in clusters", 0.88, 0.97, 0)
		if right.share() < mutant.share()+0.15 {
			t.Errorf("p=%v: covers %v, independent rows %v", p, right.share(), mutant.share())
		}
	}
}

// TestDesignEffect: the share below the median of a normal column whose rows are
// correlated rho is correlated 2/pi asin(rho) (Sheppard 1899).
func TestDesignEffect(t *testing.T) {
	const replications, size, rho = 100, 10, 0.5
	s := draws(53)
	var m meanOf
	for range repeats(600) {
		c := clustered(s, replications, size, rho)
		p := ProportionOf(Indicator{c, func(x float64) bool { return x <= 0 }}, 0.9)
		m.add(float64(p.StandardError * p.StandardError))
	}
	want := 0.25 / (replications * size) * (1 + (size-1)*2/math.Pi*math.Asin(rho))
	m.is(t, "variance of the share", want, 0.25/(replications*size))
}

// TestDesignEffectIsNeverBelowOne: replications that are more alike than chance would
// have them (each has the same share) are worth no more than their rows.
func TestDesignEffectIsNeverBelowOne(t *testing.T) {
	c := Column{make([]float64, 1000), Even(1000, 10)}
	for i := range c.Rows {
		c.Rows[i] = float64(i % 10)
	}
	q := NewSample(c, new(Scratch)).Quantile(0.5, 0.9)
	if n := float64(q.EffectiveRows); !(n > 950 && n <= 1000) {
		t.Errorf("1000 rows are worth %v", n)
	}
	if p := ProportionOf(Indicator{c, func(x float64) bool { return x < 3 }}, 0.9); p.DesignEffect != 1 {
		t.Errorf("%+v", p)
	}
}

// TestQuantileAtAnAtom: half of the rows equal the median. Which rows are below it is
// decided by replication, which are above it by row. Kills: only the rows up to the
// quantile looked at, only those below.
func TestQuantileAtAnAtom(t *testing.T) {
	const size = 10
	c := Column{make([]float64, 2000), Even(2000, size)}
	mirror := Column{make([]float64, 2000), c.Clusters}
	for i := range c.Rows {
		switch {
		case i/size%4 == 0:
			c.Rows[i] = -1
		case i*7%10 < 3:
			c.Rows[i] = 1
		}
		mirror.Rows[i] = -c.Rows[i]
	}
	for _, column := range []Column{c, mirror} {
		q := NewSample(column, new(Scratch)).Quantile(0.5, 0.9)
		if n := float64(q.EffectiveRows); q.Value != 0 || !(n > 150 && n < 250) {
			t.Errorf("2000 rows, of which 200 are independent, are worth %v at %v", n, q.Value)
		}
	}
}

func TestQuantileEdges(t *testing.T) {
	inf := math.Inf(1)
	q := QuantileOf(nil, 0.5, 0.9, 0)
	wantCodes(t, "nothing", q.Warnings, WarnNoRows)
	if q.Value == q.Value {
		t.Errorf("a quantile of nothing: %v", q.Value)
	}

	one := NewSample(Column{[]float64{3, 1, 2}, Even(3, 3)}, new(Scratch)).Quantile(0.5, 0.9)
	wantCodes(t, "one replication", one.Warnings, WarnOneReplication)
	if one.Value != 2 || one.Low == one.Low || one.High == one.High {
		t.Errorf("one replication: %+v", one)
	}

	few := NewSample(Column{[]float64{3, 1, 2}, Independent(3)}, new(Scratch)).Quantile(0.5, 0.9)
	wantCodes(t, "few", few.Warnings, WarnQuantileUnbound)
	if few.Low == few.Low || few.High == few.High || few.StandardError == few.StandardError {
		t.Errorf("few: %+v", few)
	}

	half := make([]float64, 500)
	for i := range half {
		half[i] = float64(i)
		if i >= 300 {
			half[i] = inf
		}
	}
	never := QuantileOf(half, 0.9, 0.9, 500)
	if v := float64(never.Value); v != inf || never.Low != Number(inf) || never.StandardError == never.StandardError {
		t.Errorf("never: %+v", never)
	}
	edge := QuantileOf(half, 0.6, 0.9, 500)
	if edge.Value != 299 || edge.High != Number(inf) || !finite(float64(edge.Low)) {
		t.Errorf("at the edge of never: %+v", edge)
	}
	panics(t, "p", func() { QuantileOf(half, 1, 0.9, 500) })
	panics(t, "level", func() { QuantileOf(half, 0.5, 0, 500) })
}

// TestQuantileLaws: it is a value that occurred, it does not fall as p rises, it
// scales, fewer effective rows give a wider interval around it.
func TestQuantileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 400).Draw(t, "xs")
		slices.Sort(xs)
		n := float64(len(xs))
		p := rapid.Float64Range(0.01, 0.98).Draw(t, "p")
		q, more := QuantileOf(xs, p, 0.9, n), QuantileOf(xs, p+0.01, 0.9, n)
		if _, found := slices.BinarySearch(xs, float64(q.Value)); !found || more.Value < q.Value {
			t.Fatalf("%v, then %v of %v", q.Value, more.Value, xs)
		}
		if q.Low > q.Value || q.High < q.Value {
			t.Fatalf("%+v", q)
		}
		less := QuantileOf(xs, p, 0.9, n*rapid.Float64Range(0.02, 0.5).Draw(t, "worth"))
		if less.Low > q.Low || less.High < q.High {
			t.Fatalf("fewer effective rows: %+v became %+v", q, less)
		}
		for i := range xs {
			xs[i] *= 4
		}
		if big := QuantileOf(xs, p, 0.9, n); big.Value != 4*q.Value {
			t.Fatalf("scaled by 4: %v became %v", q.Value, big.Value)
		}
	})
}
