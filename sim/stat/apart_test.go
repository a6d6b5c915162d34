package stat

import (
	"math"
	"testing"
)

// paired are two columns of replications that share chance: normal rows, the second with a
// shift and luck of its own. Quantiles differ by the shift where own is 0.
func paired(seed uint64, replications int, shift, own float64) (b, a Column) {
	s := draws(seed)
	b = clustered(s, replications, 5, 0.3)
	other := clustered(s, replications, 5, 0.3)
	a = Column{Rows: make([]float64, len(b.Rows)), Clusters: b.Clusters}
	scale := math.Sqrt(1 - own*own)
	for i := range a.Rows {
		a.Rows[i] = float64(scale*b.Rows[i]) + float64(own*other.Rows[i]) + shift
	}
	return b, a
}

// Intervals of paired quantiles hold the difference as often as they say, at levels as
// high as those of many comparisons, and are shorter than without pairing.
func TestComparePairedQuantiles(t *testing.T) {
	for _, p := range []float64{0.5, 0.95} {
		for _, level := range []float64{0.9, 0.99} {
			o := CompareOptions{Level: level, Comparisons: 1}
			var held coverage
			shorter := 0
			for i := range repeats(200) {
				b, a := paired(uint64(1000+i), 250, 0.5, 0.3)
				x, y := NewSample(b, new(Scratch)), NewSample(a, new(Scratch))
				c, apart := ComparePairedQuantiles(x, y, p, o), CompareQuantiles(x, y, p, o)
				held.see(c.Low, c.High, 0.5)
				if c.High-c.Low < apart.High-apart.Low {
					shorter++
				}
				if c.Difference != apart.Difference {
					t.Fatalf("difference %v and %v", c.Difference, apart.Difference)
				}
			}
			se := math.Sqrt(level * (1 - level) / float64(held.n))
			t.Logf("P%v at %v: %d of %d hold, %d shorter", 100*p, level, held.hits, held.n, shorter)
			if held.share() < level-5*se {
				t.Errorf("P%v at %v: only %d of %d hold", 100*p, level, held.hits, held.n)
			}
			if shorter < held.n*9/10 {
				t.Errorf("P%v: only %d of %d are shorter than unpaired ones", 100*p, shorter, held.n)
			}
		}
	}
}

// The same rows have no difference; those that are never leave it to CompareQuantiles.
func TestComparePairedQuantilesEnds(t *testing.T) {
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	b, _ := paired(1, 50, 0, 0)
	s := NewSample(b, new(Scratch))
	if c := ComparePairedQuantiles(s, s, 0.5, o); c.Difference != 0 || c.StandardError != 0 || c.Visible {
		t.Errorf("%+v", c)
	}
	never := Column{Rows: append([]float64(nil), b.Rows...), Clusters: b.Clusters}
	for i := range never.Rows {
		if i%3 > 0 {
			never.Rows[i] = math.Inf(1)
		}
	}
	c, want := ComparePairedQuantiles(s, NewSample(never, new(Scratch)), 0.5, o), CompareQuantiles(s, NewSample(never, new(Scratch)), 0.5, o)
	if c.Visible != want.Visible || c.Low != want.Low && c.Low == c.Low {
		t.Errorf("%+v, want %+v", c, want)
	}
	one := Column{Rows: []float64{1, 2}, Clusters: Even(2, 2)}
	if c := ComparePairedQuantiles(NewSample(one, new(Scratch)), NewSample(one, new(Scratch)), 0.5, o); c.Visible || c.Low == c.Low {
		t.Errorf("of one replication: %+v", c)
	}
}

// Estimates made apart: exact values of Welch's formula, and any dependence is wider.
func TestCompareEstimates(t *testing.T) {
	o := CompareOptions{Level: 0.95, Comparisons: 1}
	b := Estimate{Replications: 10, Mean: 20, StandardError: 1}
	a := Estimate{Replications: 20, Mean: 24, StandardError: 2}
	c := CompareEstimates(b, a, ShareNothing, o)
	// 25 / (1/9 + 16/19) = 26.2270 degrees of freedom.
	half := math.Sqrt(5) * StudentQuantile(0.975, 25/(1./9+16./19))
	if c.Difference != 4 || math.Abs(float64(c.High)-4-half) > 1e-12 || math.Abs(float64(c.Low)-4+half) > 1e-12 || c.Visible {
		t.Errorf("%+v, want 4 ± %v", c, half)
	}
	wide := CompareEstimates(b, a, MayShare, o)
	if wide.StandardError != 3 || wide.Low >= c.Low || wide.High <= c.High {
		t.Errorf("%+v", wide)
	}
	if same := CompareEstimates(b, b, ShareNothing, o); same.Difference != 0 || same.Visible {
		t.Errorf("%+v", same)
	}
	never := Estimate{Replications: 10, Mean: Number(math.Inf(1)), StandardError: absent()}
	if x := CompareEstimates(never, never, ShareNothing, o); x.Difference != 0 || x.Visible {
		t.Errorf("never and never: %+v", x)
	}
	if x := CompareEstimates(b, never, ShareNothing, o); x.Visible || x.Difference == x.Difference && !math.IsInf(float64(x.Difference), 1) {
		t.Errorf("a number and never: %+v", x)
	}
	alone := Estimate{Replications: 1, Mean: 3, StandardError: absent()}
	if x := CompareEstimates(b, alone, MayShare, o); x.Visible || x.Low == x.Low {
		t.Errorf("of one replication: %+v", x)
	}
}

// Independent estimates differ visibly as seldom as the level says.
func TestCompareEstimatesLevel(t *testing.T) {
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	seen, n := 0, repeats(1000)
	for i := range n {
		s := draws(uint64(5000 + i))
		c := CompareEstimates(EstimateOf(clustered(s, 30, 3, 0.5), 0.9), EstimateOf(clustered(s, 12, 3, 0.5), 0.9), ShareNothing, o)
		if c.Visible {
			seen++
		}
	}
	if se := math.Sqrt(0.1 * 0.9 * float64(n)); math.Abs(float64(seen)-0.1*float64(n)) > 5*se {
		t.Errorf("%d of %d are visible, want %v ± %v", seen, n, 0.1*float64(n), 5*se)
	}
}
