package stat

import (
	"math"
	"os"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// draws is a random sequence for tests.
func draws(seed uint64) *rng.Stream {
	s := rng.NewKey(seed, "stat/test").Stream(0, 0, 0)
	return &s
}

// deep reports whether the long versions of the tests are asked for.
func deep() bool { return os.Getenv("ROLLRISK_DEEP") == "1" }

// repeats is how often a test is repeated, five times as often when deep.
func repeats(n int) int {
	if deep() {
		return 5 * n
	}
	return n
}

func normal(s *rng.Stream) float64 { return portable.NormalQuantile(s.Uniform()) }

// clustered is a column of replications whose rows share a normal effect: the
// correlation of two rows of one replication is rho, the variance 1, the mean 0.
func clustered(s *rng.Stream, replications, size int, rho float64) Column {
	c := Column{Rows: make([]float64, replications*size), Clusters: Even(replications*size, size)}
	for r := range replications {
		shared := float64(math.Sqrt(rho) * normal(s))
		for i := range size {
			c.Rows[r*size+i] = shared + float64(math.Sqrt(1-rho)*normal(s))
		}
	}
	return c
}

// A count of coverage is compared with what it should be, within 5 standard errors.
type coverage struct{ hits, n int }

func (c *coverage) see(low, high Number, truth float64) {
	c.n++
	if float64(low) <= truth && truth <= float64(high) {
		c.hits++
	}
}

func (c coverage) share() float64 { return float64(c.hits) / float64(c.n) }

// between fails unless the coverage is in the range, within 5 standard errors and
// an error of the range itself.
func (c coverage) between(t testing.TB, what string, low, high, uncertain float64) {
	t.Helper()
	slack := func(p float64) float64 { return 5 * math.Sqrt(p*(1-p)/float64(c.n)+uncertain*uncertain) }
	if c.share() < low-slack(low) || c.share() > high+slack(high) {
		t.Errorf("%s: covers %.4f of %d times, want %.4f to %.4f within %.4f", what, c.share(), c.n, low, high, slack(low))
	}
}

// meanOf is a sample mean of test results beside its standard error.
type meanOf struct{ xs []float64 }

func (m *meanOf) add(x float64) { m.xs = append(m.xs, x) }

func (m meanOf) estimate() (mean, se float64) {
	e := EstimateOf(Column{m.xs, Independent(len(m.xs))}, 0.9)
	return float64(e.Mean), float64(e.StandardError)
}

// is fails unless the mean is want within 5 standard errors, and unless each mutant
// is more than 20 away, so that the test is known to see it.
func (m meanOf) is(t testing.TB, what string, want float64, mutants ...float64) {
	t.Helper()
	mean, se := m.estimate()
	if !(math.Abs(mean-want) <= 5*se) {
		t.Errorf("%s: got %v, want %v, %.1f standard errors off", what, mean, want, (mean-want)/se)
	}
	for _, x := range mutants {
		if !(math.Abs(x-want) > 20*se) {
			t.Errorf("%s: a mutant of %v would be only %.1f standard errors off", what, x, (x-want)/se)
		}
	}
}
