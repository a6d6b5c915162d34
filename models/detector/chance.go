package detector

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// chance is what can happen at one check: it fails, it has too little data and
// is passed over, or it passes.
type chance struct {
	fail   float64 // probability that it fails
	skip   float64 // probability that it counts neither way
	hazard float64 // -log(1 - fail): checks without a failure multiply to exp(-sum of hazards)
}

func newChance(fail, skip float64) chance {
	fail = math.Min(1, math.Max(0, fail))
	return chance{fail: fail, skip: skip, hazard: -portable.Log1p(-fail)}
}

// chances remembers what was worked out before: a table with two places for
// each hash, where the two newest stay. It changes the time a run takes and never
// its result.
type chances [256]struct {
	mean, p float64 // mean 0: empty
	c       chance
}

// of is the chance of a check over requests of the given mean, of which each
// fails with probability p.
func (t *chances) of(d *threshold, mean, p float64) chance {
	if !d.Poisson {
		mean = math.Floor(mean + 0.5)
	}
	if mean == 0 {
		return d.noData()
	}
	hash := (math.Float64bits(mean) ^ math.Float64bits(p)>>3) * 0x9e3779b97f4a7c15
	pair := hash >> 56 &^ 1
	first, second := &t[pair], &t[pair+1]
	switch {
	case first.mean == mean && first.p == p:
		return first.c
	case second.mean == mean && second.p == p:
		return second.c
	}
	*second = *first
	first.mean, first.p, first.c = mean, p, d.chance(mean, p)
	return first.c
}

// noData is what a check makes of too few requests.
func (d *threshold) noData() chance {
	switch d.NoData {
	case noDataFails:
		return newChance(1, 0)
	case noDataSkips:
		return newChance(0, 1)
	}
	return newChance(0, 0)
}

// chance works out one check; mean > 0, and whole when traffic is fixed.
func (d *threshold) chance(mean, p float64) chance {
	if !d.Poisson {
		if mean < d.MinRequests {
			return d.noData()
		}
		return newChance(binomialTail(mean, p, d.allowed(mean)), 0)
	}
	fail := d.poissonTail(mean, p)
	none, failingFew := d.few(mean, p)
	fail -= failingFew
	switch d.NoData {
	case noDataFails:
		return newChance(fail+none, 0)
	case noDataSkips:
		return newChance(fail, none)
	}
	return newChance(fail, 0)
}

// allowed is the largest number of errors among n >= 1 requests that passes:
// errors/n > threshold fails, divided as the tools divide.
func (d *threshold) allowed(n float64) float64 {
	c := math.Floor(d.Threshold * n)
	for c < n && (c+1)/n <= d.Threshold {
		c++
	}
	for c > 0 && c/n > d.Threshold {
		c--
	}
	return c
}

// poissonTail is P(X/N > threshold) when N is Poisson of the given mean and
// each request fails with probability p; N = 0 passes. Absolute error below
// 1e-14.
func (d *threshold) poissonTail(mean, p float64) float64 {
	if p <= 0 || d.Threshold >= 1 {
		return 0
	}
	if fail, sure := d.sure(mean, p); sure {
		return fail
	}
	return d.mixture(mean, p)
}

// mixture is poissonTail by its sum. The errors X and the good requests G are
// independent Poisson variables (Kingman, Poisson Processes, 1993, section
// 1.2), and a check fails when G is at most what X allows: the sum over X of
// P(X) P(G <= allowed), cut where bounds put what is left out below 3e-18.
func (d *threshold) mixture(mean, p float64) float64 {
	errors, good := newCounter(float64(mean*p)), newCounter(float64(mean*(1-p)))
	total := 0.0
	for !errors.done() {
		within := good.upTo(d.mostGood(errors.next))
		total += float64(errors.pmf * within)
		errors.advance()
	}
	return total
}

// sure reports a check with Poisson traffic whose outcome is certain to 4e-18,
// by Chernoff's bound.
func (d *threshold) sure(mean, p float64) (fail float64, sure bool) {
	if p >= 1 || mean*d.away(p) < certain {
		return 0, false
	}
	if p > d.Threshold {
		return 1, true
	}
	return 0, true
}

// mostGood is the largest number of good requests with which x errors still
// fail the check; -1 when there is none.
func (d *threshold) mostGood(x float64) float64 {
	if x == 0 {
		return -1
	}
	if d.Threshold == 0 {
		return math.Inf(1)
	}
	g := math.Floor(x * (1 - d.Threshold) / d.Threshold)
	for x/(x+g+1) > d.Threshold {
		g++
	}
	for g >= 0 && x/(x+g) <= d.Threshold {
		g--
	}
	return g
}

// few is P(N < min_requests) and, of that, the part in which the ratio is
// above the threshold.
func (d *threshold) few(mean, p float64) (none, failing float64) {
	n := newCounter(mean)
	for !n.done() && n.next < d.MinRequests {
		none += n.pmf
		if n.next > 0 {
			failing += float64(n.pmf * binomialTail(n.next, p, d.allowed(n.next)))
		}
		n.advance()
	}
	return none, failing
}

// counter walks up the values of a Poisson variable, from nine standard
// deviations below the mean, under which less than 3e-18 lies (P(X <= m - z
// sqrt(m)) <= exp(-z^2/2)), to where less than that is left.
type counter struct {
	mean float64
	next float64 // the value it stands on
	pmf  float64 // of that value
	cdf  float64 // of all values before
}

func newCounter(mean float64) counter {
	c := counter{mean: mean, next: math.Max(0, math.Floor(mean-float64(9*math.Sqrt(mean))))}
	c.pmf = 1
	if mean > 0 {
		c.pmf = portable.PoissonWeight(c.next, mean)
	}
	return c
}

func (c *counter) advance() {
	c.cdf += c.pmf
	c.next++
	c.pmf = float64(c.pmf * (c.mean / c.next))
}

// done: what is left is less than twice the next value, which is nothing.
func (c *counter) done() bool { return c.next > float64(2*c.mean) && c.pmf < 1e-18 || c.farAbove() }

// farAbove: with m the mean, P(X >= m + t) <= exp(-t^2 / (2 (m + t/3))).
func (c *counter) farAbove() bool {
	t := c.next - c.mean
	return t > 0 && float64(t*t) > float64(2*certain)*(c.mean+t/3)
}

// upTo is P(X <= x); x must not fall from call to call.
func (c *counter) upTo(x float64) float64 {
	for c.next <= x && !c.done() {
		c.advance()
	}
	return c.cdf
}

// bound is at least the probability that a check over requests of the given
// mean, or more, fails when each request fails with probability p below the
// threshold.
func (d *threshold) bound(mean, p float64) float64 {
	if p <= 0 {
		return 0
	}
	return portable.Exp(-float64(mean * d.away(p)))
}

// away is the exponent of Chernoff's bound for one request, with 0 < p < 1: the
// divergence D of the threshold from p (Hoeffding, 1963, theorem 1). The mean of
// exp(-n D) over a Poisson n is exp(-mean (1 - exp(-D))).
func (d *threshold) away(p float64) float64 {
	exponent := divergence(1, p, d.Threshold)
	if d.Poisson {
		exponent = -portable.Expm1(-exponent)
	}
	return exponent
}
