package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestCompareIdentical: no difference, no error, nothing visible, no reduction to
// speak of.
func TestCompareIdentical(t *testing.T) {
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	c := clustered(draws(81), 300, 4, 0.5)
	d := Compare(c, c, o)
	if d.Difference != 0 || d.StandardError != 0 || d.Visible || d.Low != 0 || d.High != 0 || !math.IsInf(float64(d.VarianceReduction), 1) {
		t.Errorf("%+v", d)
	}
	s := NewSample(c, new(Scratch))
	if q := CompareQuantiles(s, s, 0.9, o); q.Difference != 0 || q.Visible {
		t.Errorf("%+v", q)
	}
	// The same numbers with other roundings are the same.
	other := Column{make([]float64, len(c.Rows)), c.Clusters}
	for i, x := range c.Rows {
		c.Rows[i] = x + 3
		other.Rows[i] = (x+3)/3*3 + 1e-15
	}
	if d := Compare(c, other, o); d.Visible {
		t.Errorf("a rounding error is visible: %+v", d)
	}
	constant := Column{make([]float64, len(c.Rows)), c.Clusters}
	for i := range constant.Rows {
		constant.Rows[i] = c.Rows[i] + 0.5
	}
	if d := Compare(c, constant, o); !d.Visible {
		t.Errorf("a constant difference is not visible: %+v", d)
	}
}

// TestCompareCoverage: pairs of clusters that share most of their chance. Kills: the
// variances of both sides added up (the pairing ignored), rows taken as independent.
func TestCompareCoverage(t *testing.T) {
	s := draws(82)
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	var right, rows coverage
	var squares meanOf
	const replications, size = 40, 10
	for range repeats(1500) {
		a := clustered(s, replications, size, 0.5)
		b := clustered(s, replications, size, 0.5)
		for i, x := range a.Rows {
			b.Rows[i] = x + 0.5*b.Rows[i] + 2
		}
		c := Compare(a, b, o)
		right.see(c.Low, c.High, 2)
		squares.add(float64(c.StandardError * c.StandardError))
		free := Independent(len(a.Rows))
		iid := Compare(Column{a.Rows, free}, Column{b.Rows, free}, o)
		rows.see(iid.Low, iid.High, 2)
	}
	right.between(t, "difference", 0.9, 0.9, 0)
	design := (1 + (size-1)*0.5) / (replications * size)
	squares.is(t, "variance", 0.25*design, 0.25/(replications*size), (1+1.25)*design)
	if rows.share() > 0.7 {
		t.Errorf("the mutant of independent rows covers %v and would not be seen", rows.share())
	}
}

// TestBonferroniCoverage: m intervals hold together at least as often as they say.
// Kills: each at the level of all.
func TestBonferroniCoverage(t *testing.T) {
	s := draws(83)
	var together, mutant coverage
	const m, n = 5, 30
	baseline := Column{make([]float64, n), Independent(n)}
	for range repeats(1500) {
		var all, each [m]Comparison
		for k := range m {
			c := Column{make([]float64, n), Independent(n)}
			for i := range n {
				c.Rows[i] = normal(s)
			}
			all[k] = Compare(baseline, c, CompareOptions{Level: 0.9, Comparisons: m})
			each[k] = Compare(baseline, c, CompareOptions{Level: 0.9, Comparisons: 1})
		}
		together.see(worst(all[:]))
		mutant.see(worst(each[:]))
	}
	together.between(t, "all intervals", 0.9, math.Pow(0.98, 5), 0)
	if mutant.share() > 0.7 {
		t.Errorf("the mutant covers %v and would not be seen", mutant.share())
	}
}

// worst is an interval that covers 0 just if all do.
func worst(all []Comparison) (low, high Number, truth float64) {
	low, high = -1, 1
	for _, c := range all {
		if c.Low > 0 || c.High < 0 {
			low = 2
		}
	}
	return low, high, 0
}

// TestCompareDifferentRows: sides with other rows in the same replications (the
// defects that reached users) are compared by their own means.
func TestCompareDifferentRows(t *testing.T) {
	a := Column{[]float64{1, 3, 5, 7}, Offsets([]int{0, 2, 3, 4, 4})}
	b := Column{[]float64{2, 2, 2, 8, 1}, Offsets([]int{0, 1, 1, 4, 5})}
	c := Compare(a, b, CompareOptions{Level: 0.9, Comparisons: 1})
	near(t, "difference", float64(c.Difference), 3-4, 1e-15)
	// Residuals over the grand weights: a (-4, 1, 3, 0)/4, b (-1, 0, 3, -2)/5.
	sum := 0.0
	for i, ea := range []float64{-1, 0.25, 0.75, 0} {
		d := []float64{-0.2, 0, 0.6, -0.4}[i] - ea
		sum += d * d
	}
	near(t, "standard error", float64(c.StandardError), math.Sqrt(sum*4/3), 1e-14)
	if c.Replications != 4 {
		t.Errorf("%d replications", c.Replications)
	}
}

// TestCompareIsAntisymmetric, and agrees with the means.
func TestCompareIsAntisymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draws(rapid.Uint64().Draw(t, "seed"))
		r, size := rapid.IntRange(2, 60).Draw(t, "replications"), rapid.IntRange(1, 5).Draw(t, "size")
		a, b := clustered(s, r, size, 0.3), clustered(s, r, size, 0.3)
		o := CompareOptions{Level: 0.9, Comparisons: rapid.IntRange(1, 6).Draw(t, "comparisons")}
		x, y := Compare(a, b, o), Compare(b, a, o)
		if x.Difference != -y.Difference || x.StandardError != y.StandardError || x.Low != -y.High || x.Visible != y.Visible {
			t.Fatalf("%+v\n%+v", x, y)
		}
		if x.VarianceReduction != y.VarianceReduction || x.Visible != (x.Low > 0 || x.High < 0) {
			t.Fatalf("%+v\n%+v", x, y)
		}
		if d := EstimateOf(b, 0.9).Mean - EstimateOf(a, 0.9).Mean; d != x.Difference {
			t.Fatalf("difference %v, of the means %v", x.Difference, d)
		}
	})
}

// TestCompareQuantilesCovers at least at its level, whatever the pairing.
func TestCompareQuantilesCovers(t *testing.T) {
	s := draws(84)
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	var apart, paired coverage
	var one, two Scratch
	for range repeats(400) {
		a, b := clustered(s, 50, 10, 0.5), clustered(s, 50, 10, 0.5)
		c := CompareQuantiles(NewSample(a, &one), NewSample(b, &two), 0.75, o)
		apart.see(c.Low, c.High, 0)
		for i, x := range a.Rows {
			b.Rows[i] = 1 - x
		}
		c = CompareQuantiles(NewSample(a, &one), NewSample(b, &two), 0.5, o)
		paired.see(c.Low, c.High, 1)
	}
	apart.between(t, "independent", 0.9, 1, 0)
	paired.between(t, "opposite", 0.9, 1, 0)
}

func TestCompareEdges(t *testing.T) {
	o := CompareOptions{Level: 0.9, Comparisons: 1}
	inf := math.Inf(1)
	column := func(xs ...float64) Column { return Column{xs, Independent(len(xs))} }
	wantCodes(t, "nothing", Compare(column(), column(), o).Warnings, WarnNoRows)
	one := Compare(column(0), column(2), o)
	wantCodes(t, "one", one.Warnings, WarnOneReplication, WarnZeroBaseline)
	if one.Visible || one.Difference != 2 || one.Relative == one.Relative {
		t.Errorf("one: %+v", one)
	}
	never := Compare(column(1, inf), column(1, inf), o)
	wantCodes(t, "never", never.Warnings, WarnFewReplications, WarnInfinite)
	if never.Visible || never.Difference == never.Difference || never.VarianceReduction == never.VarianceReduction {
		t.Errorf("never: %+v", never)
	}
	zero := Compare(column(0, 0), column(0, 0), o)
	if zero.Difference != 0 || zero.Relative == zero.Relative || zero.VarianceReduction == zero.VarianceReduction {
		t.Errorf("zero: %+v", zero)
	}
	panics(t, "replications", func() { Compare(column(1), column(1, 2), o) })
	panics(t, "comparisons", func() { Compare(column(1), column(1), CompareOptions{Level: 0.9}) })
}
