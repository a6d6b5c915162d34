package stat

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"pgregory.net/rapid"
)

// mixture is rows as a simulation has them: zeros, positive ones over decades, never.
func mixture(seed uint64, n int) []float64 {
	s, xs := draws(seed), make([]float64, n)
	for i := range xs {
		switch u := s.Uniform(); {
		case u < 0.3:
		case u > 0.95:
			xs[i] = math.Inf(1)
		default:
			xs[i] = portable.Exp(4 * normal(s))
		}
	}
	return xs
}

// TestExceedanceLaws: x rises, P never does and is the exact share of rows above x,
// the interval holds it, and both ways of reading agree. Kills: >= for >, a share of
// the finite rows only, ranks off by one.
func TestExceedanceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 600).Draw(t, "n")
		xs := mixture(rapid.Uint64().Draw(t, "seed"), n)
		kind := rapid.IntRange(0, 3).Draw(t, "kind")
		for i := range xs {
			switch {
			case kind == 1:
				xs[i] = math.Floor(xs[i])
			case kind == 2 && i%2 == 0:
				xs[i] = -xs[i] * 0.5
			case kind == 3:
				xs[i] = math.Min(xs[i], 1)
			}
			if math.IsInf(xs[i], -1) {
				xs[i] = -1
			}
		}
		o := CurveOptions{Level: 0.9, Points: rapid.IntRange(2, 40).Draw(t, "points"), Tail: rapid.Float64Range(0, 0.2).Draw(t, "tail")}
		if rapid.Bool().Draw(t, "given") {
			o.At = rapid.SliceOfN(rapid.Float64Range(-5, 50), 1, 20).Draw(t, "at")
		}
		c := Exceedance(NewSample(Column{xs, Even(n, rapid.IntRange(1, 12).Draw(t, "size"))}, new(Scratch)), o)
		if len(c.Points) == 0 || len(o.At) == 0 && len(c.Points) > o.Points {
			t.Fatalf("%d points of at most %d", len(c.Points), o.Points)
		}
		for k, p := range c.Points {
			if k > 0 && (p.X <= c.Points[k-1].X || p.P > c.Points[k-1].P) {
				t.Fatalf("point %d: %+v after %+v", k, p, c.Points[k-1])
			}
			above := 0
			for _, x := range xs {
				if x > p.X {
					above++
				}
			}
			if want := float64(above) / float64(n); p.P != want {
				t.Fatalf("P(X > %v) = %v, want %v", p.X, p.P, want)
			}
			if float64(p.Low) > p.P || float64(p.High) < p.P || p.Low < 0 || p.High > 1 {
				t.Fatalf("%+v", p)
			}
			if c.Above(p.X) != p.P || c.ExceededBy(p.P) > p.X {
				t.Fatalf("%+v: above %v, exceeded by %v", p, c.Above(p.X), c.ExceededBy(p.P))
			}
		}
		x, share := rapid.Float64Range(-1, 60).Draw(t, "x"), rapid.Float64Range(0, 1).Draw(t, "share")
		if a, e := c.Above(x), c.ExceededBy(share); a == a && e == e && (x >= e) != (a <= share) {
			t.Fatalf("Above(%v) = %v, ExceededBy(%v) = %v", x, a, share, e)
		}
	})
}

// TestExceedanceDesign: the interval at each point is that of the share above it.
func TestExceedanceDesign(t *testing.T) {
	c := clustered(draws(101), 70, 9, 0.5)
	curve := Exceedance(NewSample(c, new(Scratch)), CurveOptions{Level: 0.9, At: []float64{-9, -1, 0, 0.3, 2, 9}})
	for _, p := range curve.Points {
		want := ProportionOf(Indicator{c, func(x float64) bool { return x > p.X }}, 0.9)
		near(t, "low", float64(p.Low), float64(want.Low), 1e-9)
		near(t, "high", float64(p.High), float64(want.High), 1e-9)
	}
	if curve.Replications != 70 || curve.N != 630 {
		t.Errorf("%d rows in %d replications", curve.N, curve.Replications)
	}
}

// TestChosenPoints: they begin at 0 where rows are 0, are in equal ratios, and leave
// rows beyond, so that the curve does not end in the largest value.
func TestChosenPoints(t *testing.T) {
	xs := mixture(7, 20_000)
	s := NewSample(Column{xs, Independent(len(xs))}, new(Scratch))
	c := Exceedance(s, CurveOptions{Level: 0.9})
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	never := float64(ProportionOf(Never(s.Column), 0.9).Share)
	if first.X != 0 || len(c.Points) != defaultPoints {
		t.Errorf("%d points from %v", len(c.Points), first.X)
	}
	if want := never + 0.001*(1-never); math.Abs(last.P-want) > 1.01/float64(len(xs)) {
		t.Errorf("ends with %v above, want %v", last.P, want)
	}
	ratio := c.Points[2].X / c.Points[1].X
	for k := 2; k < len(c.Points); k++ {
		near(t, "ratio", c.Points[k].X/c.Points[k-1].X, ratio, 2e-5)
	}
	few := Exceedance(NewSample(Column{xs[:40], Independent(40)}, new(Scratch)), CurveOptions{Level: 0.9})
	if end := few.Points[len(few.Points)-1]; end.P*40 < fewestAbove {
		t.Errorf("40 rows: the last point has %v above", end.P*40)
	}
}

func TestExceedanceEdges(t *testing.T) {
	inf := math.Inf(1)
	o := CurveOptions{Level: 0.9}
	curve := func(c Clusters, xs ...float64) Curve { return Exceedance(NewSample(Column{xs, c}, new(Scratch)), o) }
	none := curve(Independent(0))
	wantCodes(t, "nothing", none.Warnings, WarnNoRows)
	if a, e := none.Above(1), none.ExceededBy(0.5); a == a || e == e {
		t.Errorf("nothing: %v %v", a, e)
	}
	never := curve(Independent(2), inf, inf)
	if len(never.Points) != 1 || never.Points[0].P != 1 || never.ExceededBy(0.5) == never.ExceededBy(0.5) {
		t.Errorf("never: %+v", never)
	}
	one := curve(Even(4, 4), 1, 2, 3, 4)
	wantCodes(t, "one replication", one.Warnings, WarnOneReplication)
	if p := one.Points[0]; p.Low == p.Low || p.High == p.High {
		t.Errorf("one replication: %+v", p)
	}
	if zero := curve(Independent(30), make([]float64, 30)...); len(zero.Points) != 1 || zero.Points[0].X != 0 || zero.Points[0].P != 0 {
		t.Errorf("zeros: %+v", zero.Points)
	}
	wide := curve(Independent(3), 5e-324, 1, math.MaxFloat64)
	for _, p := range wide.Points {
		if !finite(p.X) {
			t.Errorf("wide: %+v", p)
		}
	}
	s := NewSample(Column{[]float64{1}, Independent(1)}, new(Scratch))
	panics(t, "point", func() { Exceedance(s, CurveOptions{Level: 0.9, At: []float64{inf}}) })
	panics(t, "points", func() { Exceedance(s, CurveOptions{Level: 0.9, Points: 1}) })
	panics(t, "tail", func() { Exceedance(s, CurveOptions{Level: 0.9, Tail: 1}) })
	panics(t, "level", func() { Exceedance(s, CurveOptions{}) })
}

// TestSurvival: the share not yet detected at each time, and what is never detected.
// Kills: never left out of the rows, never as the last point.
func TestSurvival(t *testing.T) {
	inf := math.Inf(1)
	times := []float64{1, 2, 2, 4, inf, inf, 0, 8, 16, inf}
	given := slices.Clone(times)
	v := SurvivalOf(NewSample(Column{times, Independent(10)}, new(Scratch)), CurveOptions{Level: 0.9, At: []float64{0, 1, 2, 4, 100}})
	if !slices.Equal(times, given) {
		t.Error("the rows were changed")
	}
	for k, want := range []float64{0.9, 0.8, 0.6, 0.5, 0.3} {
		if v.Points[k].P != want {
			t.Errorf("at %v: %v, want %v", v.Points[k].X, v.Points[k].P, want)
		}
	}
	if v.Never.Count != 3 || v.Never.N != 10 || v.Never.Share != 0.3 {
		t.Errorf("never: %+v", v.Never)
	}
}
