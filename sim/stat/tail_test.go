package stat

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestFractionalAtom: of ten rows at 0.85, the worst is in the tail and half of the
// next: (10 + 9/2)/1.5. Kills: the tail without the fractional atom, in both forms.
func TestFractionalAtom(t *testing.T) {
	xs := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	got, _ := TailMeanOf(xs, 0.85)
	near(t, "tail", got, (10+9./2)/1.5, 1e-14)
	beyond, from := 10.0, (9.0+10.0)/2 // the mutants: mean above the quantile, mean from it on
	if math.Abs(got-beyond) < 0.1 || math.Abs(got-from) < 0.1 {
		t.Errorf("got %v, a mutant would give %v or %v", got, beyond, from)
	}
	// Ninety-five rows of 0 and five of 1: the worst tenth is half zeros. The mutants
	// give 1, or 0.05, the mean of all that are not below the quantile.
	losses := make([]float64, 100)
	for i := 95; i < 100; i++ {
		losses[i] = 1
	}
	half, _ := TailMeanOf(losses, 0.9)
	near(t, "atom at the quantile", half, 0.5, 1e-14)
}

// byWeights is the definition: each row weighs 1/n, the worst 1-p are taken, the last
// in part. It returns the mean and the variance in the tail.
func byWeights(sorted []float64, p float64) (mean, variance float64) {
	n, left := float64(len(sorted)), 1-p
	var sum, squares float64
	for i := len(sorted) - 1; i >= 0 && left > 0; i-- {
		w := math.Min(1/n, left)
		left -= w
		sum += w * sorted[i]
		squares += w * sorted[i] * sorted[i]
	}
	mean = sum / (1 - p)
	return mean, squares/(1-p) - mean*mean
}

// TestTailIsItsDefinition, and its standard error is the formula of Manistre and
// Hancock for the tail with its fractional atom. Kills: the variance of the rows
// beyond the quantile only, (1-p) for p at the square.
func TestTailIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(0, 10), 2, 60).Draw(t, "xs")
		if rapid.Bool().Draw(t, "ties") {
			for i := range xs {
				xs[i] = math.Floor(xs[i] / 3)
			}
		}
		slices.Sort(xs)
		p := rapid.Float64Range(0, 0.99).Draw(t, "p")
		n := float64(len(xs))
		value, se := TailMeanOf(xs, p)
		mean, variance := byWeights(xs, p)
		q := xs[slices.IndexFunc(xs, func(x float64) bool { return shareAbove(xs, x) <= 1-p })]
		if math.Abs(value-mean) > 1e-9 {
			t.Fatalf("p=%v of %v: got %v, want %v", p, xs, value, mean)
		}
		want := (variance + p*(mean-q)*(mean-q)) / (n * (1 - p)) * n / (n - 1)
		if math.Abs(se*se-want) > 1e-9*(1+want) {
			t.Fatalf("p=%v of %v: variance %v, want %v", p, xs, se*se, want)
		}
	})
}

// TestTailLaws: at least the quantile and at most the worst row, rising with p, the
// mean at 0, scaling with the rows.
func TestTailLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draws(rapid.Uint64().Draw(t, "seed"))
		c := clustered(s, rapid.IntRange(2, 80).Draw(t, "replications"), rapid.IntRange(1, 6).Draw(t, "size"), 0.4)
		sample := NewSample(c, new(Scratch))
		p := rapid.Float64Range(0.001, 0.98).Draw(t, "p")
		a, b := sample.TailMean(p, 0.9), sample.TailMean(p+0.01, 0.9)
		q := sample.Quantile(p, 0.9).Value
		worst := Number(sample.Sorted()[len(c.Rows)-1])
		const tiny = 1e-12
		if a.Value < q-tiny || b.Value < a.Value-tiny || b.Value > worst+tiny {
			t.Fatalf("quantile %v, tail %v, then %v, worst %v", q, a.Value, b.Value, worst)
		}
		mean := EstimateOf(c, 0.9)
		whole := sample.TailMean(0, 0.9)
		if math.Abs(float64(whole.Value-mean.Mean)) > tiny || math.Abs(float64(whole.StandardError-mean.StandardError)) > tiny {
			t.Fatalf("the tail of all is %+v, the mean %+v", whole, mean)
		}
		double := Column{make([]float64, len(c.Rows)), c.Clusters}
		for i, x := range c.Rows {
			double.Rows[i] = 2 * x
		}
		if d := NewSample(double, new(Scratch)).TailMean(p, 0.9); d.Value != 2*a.Value || d.StandardError != 2*a.StandardError {
			t.Fatalf("%+v, doubled %+v", a, d)
		}
	})
}

// TestTailErrorInClusters: the mean of the squared standard errors is the variance of
// the estimates. Kills: rows taken as independent.
func TestTailErrorInClusters(t *testing.T) {
	s := draws(61)
	var values, errors, iid meanOf
	var scratch Scratch
	for range repeats(500) {
		sample := NewSample(clustered(s, 300, 10, 0.8), &scratch)
		tail := sample.TailMean(0.9, 0.9)
		values.add(float64(tail.Value))
		errors.add(float64(tail.StandardError * tail.StandardError))
		_, se := TailMeanOf(sample.Sorted(), 0.9)
		iid.add(se * se)
	}
	n := float64(len(values.xs))
	variance := math.Pow(deviation(values.xs, Mean(values.xs)), 2)
	got, se := errors.estimate()
	tolerance := 5 * math.Hypot(se, variance*math.Sqrt(2/(n-1))) // the variance is that of near-normal values
	if math.Abs(got-variance) > tolerance+0.02*variance {
		t.Errorf("variance %v, estimated %v", variance, got)
	}
	if mutant, _ := iid.estimate(); math.Abs(mutant-variance) < tolerance {
		t.Errorf("the mutant of independent rows has %v beside %v and would not be seen", mutant, variance)
	}
}

func TestTailEdges(t *testing.T) {
	inf := math.Inf(1)
	sample := func(c Clusters, xs ...float64) Sample { return NewSample(Column{xs, c}, new(Scratch)) }
	wantCodes(t, "nothing", sample(Independent(0)).TailMean(0.9, 0.9).Warnings, WarnNoRows)
	one := sample(Even(3, 3), 1, 2, 3).TailMean(0.5, 0.9)
	wantCodes(t, "one replication", one.Warnings, WarnOneReplication, WarnFewTailRows)
	if one.Low == one.Low || one.StandardError == one.StandardError || !finite(float64(one.Value)) {
		t.Errorf("one replication: %+v", one)
	}
	never := sample(Independent(3), 1, 2, inf).TailMean(0.1, 0.9)
	wantCodes(t, "never", never.Warnings, WarnInfinite)
	if never.Value != Number(inf) || never.StandardError == never.StandardError {
		t.Errorf("never: %+v", never)
	}
	enough := sample(Independent(400), make([]float64, 400)...).TailMean(0.5, 0.9)
	wantCodes(t, "enough", enough.Warnings)
	panics(t, "p", func() { TailMeanOf([]float64{1}, 1) })
	panics(t, "negative", func() { TailMeanOf([]float64{1}, -0.1) })
}
