package analytic

import "math"

// slidingChain is the Markov chain of the counts of the last intervals, checked
// after each interval: the check fails when they and the newest count add up to
// more than allowed.
type slidingChain struct {
	states  *simplex
	allowed int
	weight  []float64 // P(count = y), as many as above
	above   []float64 // P(count > y), y = 0 ... the larger of cap and allowed
	lump    bool      // a count that does not fit into cap is cut down to fit; else such a check fails and is the last
	enough  float64   // share of a sum that may be lost
	prefix  []float64 // scratch of step
	now     []float64 // scratch of sojourn
	next    []float64
}

// countLaw gives the law of the count of one interval: P(count = y) and
// P(count > y).
type countLaw func(y int) (weight, above float64)

// newSlidingChain makes the chain with the states that have not failed, of which
// none is cut down: cap is allowed.
func newSlidingChain(memory, allowed int, law countLaw) *slidingChain {
	return newLumpedChain(newSimplex(memory, allowed), allowed, false, law)
}

func newLumpedChain(states *simplex, allowed int, lump bool, law countLaw) *slidingChain {
	n := max(states.cap, allowed) + 1
	c := &slidingChain{states: states, allowed: allowed, lump: lump, enough: 1e-10,
		weight: make([]float64, n), above: make([]float64, n), prefix: make([]float64, n)}
	c.now, c.next = c.vector(), c.vector()
	for y := range n {
		c.weight[y], c.above[y] = law(y)
	}
	return c
}

// start is the cold start: no counts before time 0.
func (c *slidingChain) start() []float64 {
	v := c.vector()
	v[0] = 1
	return v
}

func (c *slidingChain) vector() []float64 { return make([]float64, c.states.states()) }

// step moves the probabilities v by one interval, to pass where the check passes
// and to fail where it fails, and returns the sum of pass. Each state has one fibre
// before it, so it is set and not added to. fail may be nil.
func (c *slidingChain) step(v, pass, fail []float64) (passing float64) {
	k := 0
	for _, sum := range c.states.sums {
		n := c.states.cap - sum + 1
		total := cumulate(c.prefix[:n], v[k:k+n])
		for y, to := range c.states.shift[k : k+n] {
			w := c.weightAt(y, n)
			ok := 0.0
			if most := c.allowed - sum - y; most >= 0 {
				ok = c.prefix[min(most, n-1)]
			}
			pass[to] = w * ok
			passing += w * ok
			if fail != nil {
				fail[to] = w * (total - ok)
			}
		}
		k += n
	}
	return passing
}

// weightAt is the probability of a newest count of y, of n that fit.
func (c *slidingChain) weightAt(y, n int) float64 {
	if c.lump && y == n-1 {
		return c.weight[y] + c.above[y]
	}
	return c.weight[y]
}

// cumulate sets sums to the partial sums of v and returns the last.
func cumulate(sums, v []float64) float64 {
	total := 0.0
	for i, x := range v {
		total += x
		sums[i] = total
	}
	return total
}

// failing is the probability that the next check fails, without the cancellation
// of 1 less passing.
func (c *slidingChain) failing(v []float64) float64 {
	k, failing := 0, 0.0
	for _, sum := range c.states.sums {
		n := c.states.cap - sum + 1
		for x, p := range v[k : k+n] {
			if left := c.allowed - sum - x; left >= 0 {
				p *= c.above[left]
			}
			failing += p
		}
		k += n
	}
	return failing
}

// sojourn sets sum to that of v and all that comes of it while checks pass: v (1 -
// P)^-1 with P the passing part of the chain. What is left becomes a geometric
// series. It is added up as one as soon as its shape stands still and, since
// failing states may be a tiny part of the shape, its factor too.
func (c *slidingChain) sojourn(sum, v []float64) {
	const look = 4 // steps from one look at the shape to the next
	now, next, mass, all, before := c.now, c.next, total(v), 0.0, 0.0
	copy(now, v)
	clear(sum)
	for i := 1; ; i++ {
		all += mass
		add(sum, now, 1)
		left := c.step(now, next, nil)
		if left == 0 {
			return
		}
		if i%look == 0 {
			times := left / c.failing(next) // 1 + q + q² ..., as if the shape stood still
			weight := times * left / (all + times*left)
			if weight*math.Abs(times-before) < c.enough*times && weight*moved(now, next, mass/left) < c.enough*mass {
				add(sum, next, times)
				return
			}
			before = times
		}
		now, next, mass = next, now, left
	}
}

// moved is the sum of the absolute differences of now and scale times next.
func moved(now, next []float64, scale float64) float64 {
	sum := 0.0
	for i, x := range now {
		sum += math.Abs(x - scale*next[i])
	}
	return sum
}

func total(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum
}

func add(sum, v []float64, times float64) {
	for i, x := range v {
		sum[i] += times * x
	}
}
