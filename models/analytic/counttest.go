package analytic

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// CountTest is a test of a failing share that decides on the number of requests
// and of errors so far, whenever a batch of requests is complete.
type CountTest struct {
	Batch int // requests between two looks, 1 or more
	// Rejects says whether n requests with x errors ring the alarm; with more errors
	// it must ring too.
	Rejects func(n, x int) bool
	// Accepts says whether they end the test without an alarm; with fewer errors they
	// must too. nil never does.
	Accepts func(n, x int) bool
}

// Verdict is how a CountTest ends.
type Verdict struct {
	Reject float64 // probability of an alarm
	Accept float64 // probability of an end without one
	Open   float64 // probability of neither within the requests allowed
	Mean   float64 // requests up to the end, or those allowed
	SD     float64 // standard deviation of that
	Median float64 // requests by which half of the tests have ended; +Inf when fewer do
}

// Run is the verdict when every request fails with probability p, after at most so
// many requests: a recursion over the distribution of the errors so far, exact but
// for paths of probability 1e-20 (Wetherill and Glazebrook, "Sequential methods in
// statistics", 1986, section 2.7). most is 1 or more; the recursion ends when all
// tests but 1e-16 have.
func (c CountTest) Run(p float64, most int) Verdict {
	mustBeShare("the failing share", p)
	mustCount("requests in a batch", c.Batch)
	mustCount("requests", most)
	w := newBand(p, c.Batch)
	v := Verdict{Open: 1, Median: math.Inf(1)}
	var ends squares
	last := float64(most)
	for n := c.Batch; n <= most; n += c.Batch {
		w.step()
		rejected := w.dropAbove(func(x int) bool { return c.Rejects(n, x) })
		accepted := 0.0
		if c.Accepts != nil {
			accepted = w.dropBelow(func(x int) bool { return c.Accepts(n, x) })
		}
		v.Reject += rejected
		v.Accept += accepted
		ended := rejected + accepted
		v.Mean += float64(float64(n) * ended)
		ends.add(float64(n), ended)
		if v.Reject+v.Accept >= 0.5 && math.IsInf(v.Median, 1) {
			v.Median = float64(n)
		}
		if v.Open = w.total(); v.Open < 1e-16 {
			last = float64(n)
			break
		}
	}
	v.Mean += float64(last * v.Open)
	ends.add(last, v.Open)
	v.SD = math.Sqrt(ends.sum / ends.weight)
	return v
}

// squares are summed around the mean so far, so that nothing cancels where the
// spread is small beside the mean (West, "Updating mean and variance estimates",
// 1979).
type squares struct{ weight, mean, sum float64 }

func (s *squares) add(x, weight float64) {
	if weight == 0 {
		return
	}
	s.weight += weight
	away := x - s.mean
	s.mean += float64(away * (weight / s.weight))
	s.sum += float64(float64(weight*away) * (x - s.mean))
}

// band is the distribution of the errors of the tests that go on.
type band struct {
	low    int
	p      []float64 // of low, low+1, ...
	next   []float64
	least  int       // errors in one batch
	weight []float64 // of least, least+1, ... errors in one batch
}

func newBand(p float64, batch int) *band {
	w := &band{p: []float64{1}}
	for k := 0; k <= batch; k++ {
		w.weight = append(w.weight, portable.BinomialWeight(float64(k), float64(batch), p))
	}
	for len(w.weight) > 1 && w.weight[len(w.weight)-1] < negligible {
		w.weight = w.weight[:len(w.weight)-1]
	}
	for len(w.weight) > 1 && w.weight[0] < negligible {
		w.weight, w.least = w.weight[1:], w.least+1
	}
	return w
}

// step adds the errors of one batch and drops paths that are as good as impossible.
func (w *band) step() {
	w.next = append(w.next[:0], make([]float64, len(w.p)+len(w.weight)-1)...)
	for i, p := range w.p {
		for k, q := range w.weight {
			w.next[i+k] += float64(p * q)
		}
	}
	w.p, w.next, w.low = w.next, w.p, w.low+w.least
	for len(w.p) > 0 && w.p[len(w.p)-1] < negligible {
		w.p = w.p[:len(w.p)-1]
	}
	for len(w.p) > 0 && w.p[0] < negligible {
		w.p, w.low = w.p[1:], w.low+1
	}
}

// dropAbove takes the paths of so many errors out, from the top, and adds them up.
func (w *band) dropAbove(drops func(x int) bool) (sum float64) {
	for len(w.p) > 0 && drops(w.low+len(w.p)-1) {
		sum += w.p[len(w.p)-1]
		w.p = w.p[:len(w.p)-1]
	}
	return sum
}

// dropBelow takes them out from the bottom.
func (w *band) dropBelow(drops func(x int) bool) (sum float64) {
	for len(w.p) > 0 && drops(w.low) {
		sum += w.p[0]
		w.p, w.low = w.p[1:], w.low+1
	}
	return sum
}

func (w *band) total() float64 { return total(w.p) }
