package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestStudentsSleep is the example of Student (1908): hours of sleep gained by ten
// patients with the second drug rather than the first.
func TestStudentsSleep(t *testing.T) {
	first := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	second := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	c := Compare(Column{first, Independent(10)}, Column{second, Independent(10)}, CompareOptions{Level: 0.95, Comparisons: 1})
	near(t, "difference", float64(c.Difference), 1.58, 1e-14)
	near(t, "t", float64(c.Difference/c.StandardError), 4.062127683382037, 1e-12)
	near(t, "low", float64(c.Low), 0.7001142369238529, 1e-9)
	near(t, "high", float64(c.High), 2.4598857630761473, 1e-9)
	near(t, "relative", float64(c.Relative), 1.58/0.75, 1e-14)
	if !c.Visible || c.Replications != 10 {
		t.Errorf("%+v", c)
	}
}

// TestRatioEstimator is worked by hand: totals 6, 2, 10 over weights 2, 1, 3 have the
// ratio 3 and residuals 0, -1, 1, so that the variance is 3/2 * 2/36. Kills: the mean
// of the ratios for the ratio of the sums, R for R-1, the residuals' weight left out.
func TestRatioEstimator(t *testing.T) {
	e := EstimateOf(Ratio{[]float64{6, 2, 10}, []float64{2, 1, 3}}, 0.9)
	near(t, "mean", float64(e.Mean), 3, 0)
	near(t, "standard error", float64(e.StandardError), math.Sqrt(1.5*2/36), 1e-15)
	near(t, "half width", float64(e.High-e.Mean), 2.9199855803537242*math.Sqrt(1.5*2/36), 1e-13)
	rows := EstimateOf(Column{[]float64{1, 5, 2, 3, 3, 4}, Offsets([]int{0, 2, 2, 3, 3, 6})}, 0.9)
	if rows.Mean != e.Mean || rows.StandardError != e.StandardError || rows.Replications != 3 {
		t.Errorf("rows give %+v, totals %+v", rows, e)
	}
}

func TestEstimateEdges(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		what  string
		t     Totals
		mean  float64
		codes []string
	}{
		{"nothing", Column{nil, Independent(0)}, math.NaN(), []string{WarnNoRows}},
		{"no weight", Ratio{[]float64{0, 0}, []float64{0, 0}}, math.NaN(), []string{WarnNoRows}},
		{"one replication", Column{[]float64{1, 3}, Even(2, 2)}, 2, []string{WarnOneReplication}},
		{"never", Column{[]float64{1, inf, 2}, Independent(3)}, inf, []string{WarnFewReplications, WarnInfinite}},
	} {
		e := EstimateOf(c.t, 0.9)
		if m := float64(e.Mean); m != c.mean && !(m != m && c.mean != c.mean) {
			t.Errorf("%s: mean %v, want %v", c.what, m, c.mean)
		}
		if e.Low == e.Low || e.High == e.High || e.StandardError == e.StandardError {
			t.Errorf("%s: an interval from nothing: %+v", c.what, e)
		}
		wantCodes(t, c.what, e.Warnings, c.codes...)
	}
	enough := Column{make([]float64, EnoughReplications), Independent(EnoughReplications)}
	wantCodes(t, "enough", EstimateOf(enough, 0.9).Warnings)
	panics(t, "level", func() { EstimateOf(enough, 90) })
}

// wantCodes fails unless the warnings have just these codes.
func wantCodes(t testing.TB, what string, got []Warning, codes ...string) {
	t.Helper()
	var have []string
	for _, w := range got {
		have = append(have, w.Code)
		if w.Text == "" {
			t.Errorf("%s: warning %s without text", what, w.Code)
		}
	}
	if len(have) != len(codes) {
		t.Errorf("%s: warnings %v, want %v", what, have, codes)
		return
	}
	for i, c := range codes {
		if have[i] != c {
			t.Errorf("%s: warnings %v, want %v", what, have, codes)
		}
	}
}

// TestClusteredError: with a correlation rho inside replications of size m, the
// variance of the mean is (1 + (m-1) rho)/n (Kish 1965, equation 5.4.1). Kills: rows
// taken as independent (here a variance 10.5 times too small), the variance of one
// replication for that of the mean, R for R-1.
func TestClusteredError(t *testing.T) {
	const replications, size, rho = 50, 20, 0.5
	truth := (1 + (size-1)*rho) / (replications * size)
	s := draws(41)
	var m meanOf
	var right, mutant coverage
	for range repeats(2000) {
		c := clustered(s, replications, size, rho)
		e := EstimateOf(c, 0.9)
		m.add(float64(e.StandardError * e.StandardError))
		right.see(e.Low, e.High, 0)
		iid := EstimateOf(Column{c.Rows, Independent(len(c.Rows))}, 0.9)
		mutant.see(iid.Low, iid.High, 0)
	}
	m.is(t, "squared standard error", truth, 1./(replications*size), truth*replications)
	right.between(t, "interval", 0.9, 0.9, 0) // exact: the data are normal
	if mutant.share() > 0.5 {
		t.Errorf("the mutant of independent rows covers %v and would not be seen", mutant.share())
	}
}

// TestEstimateLaws: shifting and scaling the rows does so to the mean, only the size
// to its error; powers of two exactly. The order of the replications does not matter:
// up to 2^-50 of the largest row for the mean and its standard error.
func TestEstimateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draws(rapid.Uint64().Draw(t, "seed"))
		size := rapid.IntRange(1, 7).Draw(t, "size")
		c := clustered(s, rapid.IntRange(2, 400).Draw(t, "replications"), size, 0.3)
		e := EstimateOf(c, 0.9)

		scaled := Column{make([]float64, len(c.Rows)), c.Clusters}
		shuffled := Column{make([]float64, len(c.Rows)), c.Clusters}
		largest := 0.0
		turn := rapid.IntRange(1, c.Replications()).Draw(t, "turn") * size
		for i, x := range c.Rows {
			scaled.Rows[i] = -8 * x
			shuffled.Rows[(i+turn)%len(c.Rows)] = x
			largest = max(largest, math.Abs(x))
		}
		if f := EstimateOf(scaled, 0.9); f.Mean != -8*e.Mean || f.StandardError != 8*e.StandardError || f.Low != -8*e.High {
			t.Fatalf("scaled by -8: %+v became %+v", e, f)
		}
		f := EstimateOf(shuffled, 0.9)
		if off := math.Max(math.Abs(float64(f.Mean-e.Mean)), math.Abs(float64(f.StandardError-e.StandardError))); off > 0x1p-50*largest {
			t.Fatalf("in another order: %+v became %+v", e, f)
		}
		if e.Low > e.Mean || e.Mean > e.High {
			t.Fatalf("%+v", e)
		}
	})
}
