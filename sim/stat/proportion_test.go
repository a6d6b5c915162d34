package stat

import (
	"math"
	"testing"
)

// ones is a column of n rows of which the first k are 1.
func ones(k, n int) Indicator {
	c := Column{make([]float64, n), Independent(n)}
	for i := range k {
		c.Rows[i] = 1
	}
	return Indicator{c, func(x float64) bool { return x == 1 }}
}

// TestWilsonExamples are those of Newcombe (1998, "Two-sided confidence intervals for
// the single proportion", table I), to the digits printed. Kills: Wald's interval,
// Wilson's with a continuity correction, a one-sided level.
func TestWilsonExamples(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		p := ProportionOf(ones(c.k, c.n), 0.95)
		if math.Abs(float64(p.Low)-c.low) > 5.01e-5 || math.Abs(float64(p.High)-c.high) > 5.01e-5 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", c.k, c.n, p.Low, p.High, c.low, c.high)
		}
		if p.Count != c.k || p.N != c.n || p.DesignEffect != 1 {
			t.Errorf("%d of %d: %+v", c.k, c.n, p)
		}
		mirror := ProportionOf(ones(c.n-c.k, c.n), 0.95)
		near(t, "mirrored", float64(1-mirror.Low), float64(p.High), 1e-12)
	}
}

// TestProportionCoverageInClusters: between the coverage of the level and a bit more,
// for shares of rows that depend on each other. Kills: rows taken as independent.
func TestProportionCoverageInClusters(t *testing.T) {
	s := draws(71)
	var right, mutant coverage
	for range repeats(1500) {
		c := clustered(s, 80, 15, 0.6)
		in := Indicator{c, func(x float64) bool { return x > 1.2815515655446004 }}
		p := ProportionOf(in, 0.9)
		right.see(p.Low, p.High, 0.1)
		in.Clusters = Independent(len(c.Rows))
		iid := ProportionOf(in, 0.9)
		mutant.see(iid.Low, iid.High, 0.1)
	}
	right.between(t, "share", 0.88, 0.92, 0)
	if mutant.share() > 0.75 {
		t.Errorf("the mutant of independent rows covers %v and would not be seen", mutant.share())
	}
}

// TestProportionOfCounts: rows and counts by replication are the same.
func TestProportionOfCounts(t *testing.T) {
	c := Column{[]float64{1, 0, 0, 1, 1, 1, 0}, Even(7, 3)}
	rows := ProportionOf(Indicator{c, func(x float64) bool { return x == 1 }}, 0.9)
	counts := ProportionOf(Ratio{[]float64{1, 3, 0}, []float64{3, 3, 1}}, 0.9)
	rows.Warnings, counts.Warnings = nil, nil
	if rows.N != 7 || rows.Share != counts.Share || rows.Low != counts.Low || rows.High != counts.High || rows.DesignEffect != counts.DesignEffect {
		t.Errorf("rows %+v, counts %+v", rows, counts)
	}
}

func TestProportionEdges(t *testing.T) {
	wantCodes(t, "nothing", ProportionOf(ones(0, 0), 0.9).Warnings, WarnNoRows)
	wantCodes(t, "none", ProportionOf(ones(0, 50), 0.9).Warnings, WarnNoEvents)
	wantCodes(t, "all", ProportionOf(ones(50, 50), 0.9).Warnings, WarnNoEvents)
	wantCodes(t, "some", ProportionOf(ones(3, 50), 0.9).Warnings)
	one := ones(2, 5)
	one.Clusters = Even(5, 5)
	p := ProportionOf(one, 0.9)
	wantCodes(t, "one replication", p.Warnings, WarnOneReplication)
	if p.Low == p.Low || p.High == p.High || p.DesignEffect == p.DesignEffect {
		t.Errorf("one replication: %+v", p)
	}
	never := ProportionOf(Never(Column{[]float64{1, math.Inf(1), math.Inf(-1)}, Independent(3)}), 0.9)
	if never.Count != 1 {
		t.Errorf("never: %+v", never)
	}
	panics(t, "no share", func() { ProportionOf(Ratio{[]float64{2}, []float64{1}}, 0.9) })
}
