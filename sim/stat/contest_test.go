package stat

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestJudge(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		rule                  Rule
		baseline, alternative float64
		want                  Result
	}{
		{Rule{}, 2, 1, Win}, {Rule{}, 1, 2, Loss}, {Rule{}, 1, 1, Tie},
		{Rule{Better: HigherIsBetter}, 2, 1, Loss}, {Rule{Better: HigherIsBetter}, 1, 2, Win},
		{Rule{}, inf, inf, Tie}, {Rule{}, inf, 5, Win}, {Rule{}, 5, inf, Loss}, {Rule{}, nan, 1, Undefined}, {Rule{}, 1, nan, Undefined},
		{Rule{Absolute: 1}, 2, 1, Tie}, {Rule{Absolute: 1}, 2, 0.99, Win}, {Rule{Absolute: 1}, inf, 1, Win},
		{Rule{Relative: 0.5}, 2, 1, Tie}, {Rule{Relative: 0.5}, 1, 2, Tie}, {Rule{Relative: 0.5}, 2, 0.99, Win},
		{Rule{Relative: 0.1}, inf, 5, Win}, {Rule{Relative: 0.1}, -100, -95, Tie}, {Rule{Relative: 0.1}, 0, 0.001, Loss},
	} {
		if got := c.rule.Judge(c.baseline, c.alternative); got != c.want {
			t.Errorf("%+v of %v against %v: %v, want %v", c.rule, c.alternative, c.baseline, got, c.want)
		}
	}
}

// TestContestLaws: wins, losses and ties are all pairs and 100 per 100; the lead is
// wins less losses; turning the sides around, or what is better, swaps wins and losses.
func TestContestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "n")
		s, grain := draws(rapid.Uint64().Draw(t, "seed")), rapid.Float64Range(0.5, 20).Draw(t, "grain")
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = math.Floor(grain*s.Uniform()), math.Floor(grain*s.Exponential())
			if b[i] > 2*grain {
				b[i] = math.NaN()
			}
		}
		c := Even(n, rapid.IntRange(1, 9).Draw(t, "size"))
		u := Rule{Absolute: rapid.Float64Range(0, 2).Draw(t, "absolute"), Relative: rapid.Float64Range(0, 0.5).Draw(t, "relative")}
		x, y := Compete(Column{a, c}, Column{b, c}, u, 0.9), Compete(Column{b, c}, Column{a, c}, u, 0.9)
		if x.Pairs+x.Undefined != n || x.Wins.Count+x.Losses.Count+x.Ties.Count != x.Pairs {
			t.Fatalf("%+v", x)
		}
		if sum := x.Per100.Wins + x.Per100.Losses + x.Per100.Ties; sum != 100 && x.Pairs > 0 {
			t.Fatalf("%+v adds up to %d", x.Per100, sum)
		}
		if x.Wins.Count != y.Losses.Count || x.Ties.Count != y.Ties.Count || x.Lead.Mean != -y.Lead.Mean && x.Pairs > 0 {
			t.Fatalf("%+v\nturned around %+v", x, y)
		}
		u.Better = HigherIsBetter
		if z := Compete(Column{a, c}, Column{b, c}, u, 0.9); z.Losses.Count != x.Wins.Count || z.Ties.Count != x.Ties.Count {
			t.Fatalf("%+v\nhigher is better %+v", x, z)
		}
		if lead := float64(x.Wins.Count-x.Losses.Count) / float64(x.Pairs); x.Pairs > 0 && float64(x.Lead.Mean) != lead {
			t.Fatalf("lead %v, want %v", x.Lead.Mean, lead)
		}
	})
}

// TestContestErrorInClusters: whole replications that win or lose together. Kills:
// rows taken as independent.
func TestContestErrorInClusters(t *testing.T) {
	const replications, size = 50, 8
	s := draws(91)
	var errors meanOf
	for range repeats(500) {
		c := clustered(s, replications, size, 1)
		r := Compete(Column{make([]float64, len(c.Rows)), c.Clusters}, c, Rule{}, 0.9)
		errors.add(float64(r.Wins.StandardError * r.Wins.StandardError))
	}
	errors.is(t, "variance", 0.25/replications, 0.25/(replications*size))
}

func TestContestEdges(t *testing.T) {
	column := func(xs ...float64) Column { return Column{xs, Independent(len(xs))} }
	none := Compete(column(), column(), Rule{}, 0.9)
	wantCodes(t, "nothing", none.Warnings, WarnNoRows)
	if none.Per100 != (PerHundred{}) {
		t.Errorf("nothing: %+v", none.Per100)
	}
	half := Compete(column(1, math.NaN()), column(0, 1), Rule{}, 0.9)
	wantCodes(t, "undefined", half.Warnings, WarnOneReplication, WarnUndefinedPairs)
	if half.Per100 != (PerHundred{Wins: 100}) || half.Undefined != 1 {
		t.Errorf("undefined: %+v", half)
	}
	third := Compete(column(1, 1, 1), column(0, 1, 2), Rule{}, 0.9)
	if third.Per100 != (PerHundred{33, 33, 34}) {
		t.Errorf("the last of equal claims goes to %+v, want the ties", third.Per100)
	}
	panics(t, "rows", func() { Compete(column(1), column(1, 2), Rule{}, 0.9) })
	panics(t, "tolerance", func() { Compete(column(1), column(1), Rule{Absolute: math.NaN()}, 0.9) })
}

// TestApportionLaws: it adds up, nobody is a whole one away from the exact share, more
// counts never get less, and equal shares are exact.
func TestApportionLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 1_000_000), 1, 8).Draw(t, "counts")
		total := rapid.IntRange(0, 1000).Draw(t, "total")
		parts := Apportion(counts, total)
		all, sum := 0, 0
		for i := range counts {
			all, sum = all+counts[i], sum+parts[i]
		}
		if all == 0 {
			if sum != 0 {
				t.Fatalf("%v of nothing", parts)
			}
			return
		}
		if sum != total {
			t.Fatalf("%v of %v adds up to %d, want %d", parts, counts, sum, total)
		}
		for i, c := range counts {
			if gap := parts[i]*all - c*total; gap <= -all || gap >= all {
				t.Fatalf("%v of %v: entry %d is a whole one off", parts, counts, i)
			}
			for j, d := range counts {
				if c > d && parts[i] < parts[j] {
					t.Fatalf("%v of %v: entry %d has less than entry %d", parts, counts, i, j)
				}
			}
		}
	})
}

func TestApportionExamples(t *testing.T) {
	for _, c := range []struct {
		counts []int
		total  int
		want   []int
	}{
		{[]int{83, 11, 6}, 100, []int{83, 11, 6}}, {[]int{1, 1, 1}, 100, []int{33, 33, 34}}, {[]int{2, 1}, 100, []int{67, 33}},
		{[]int{1, 999}, 100, []int{0, 100}}, {[]int{5, 995}, 100, []int{0, 100}}, {[]int{6, 994}, 100, []int{1, 99}},
		{[]int{1, 1, 1, 1, 1, 1}, 3, []int{0, 0, 0, 1, 1, 1}}, {nil, 100, []int{}},
	} {
		if got := Apportion(c.counts, c.total); !slices.Equal(got, c.want) {
			t.Errorf("Apportion(%v, %d) = %v, want %v", c.counts, c.total, got, c.want)
		}
	}
	panics(t, "negative", func() { Apportion([]int{-1}, 100) })
	panics(t, "overflow", func() { Apportion([]int{maxInt}, 100) })
}
