package analytic

import (
	"math"
	"math/bits"
	"testing"
)

// enumerate goes through every sequence of so many requests, one by one, and says
// how the test of each ends: the law that Run works out by a recursion.
func enumerate(c CountTest, p float64, most int) Verdict {
	var v Verdict
	ends := make([]float64, most+1)
	for path := range uint(1) << most {
		weight := math.Pow(p, float64(bits.OnesCount(path))) * math.Pow(1-p, float64(most-bits.OnesCount(path)))
		end, into := most, &v.Open
		for n := c.Batch; n <= most; n += c.Batch {
			x := bits.OnesCount(path & (1<<n - 1))
			if c.Rejects(n, x) {
				end, into = n, &v.Reject
				break
			}
			if c.Accepts != nil && c.Accepts(n, x) {
				end, into = n, &v.Accept
				break
			}
		}
		*into += weight
		ends[end] += weight
	}
	for n, weight := range ends {
		v.Mean += weight * float64(n)
	}
	variance := 0.0
	for n, weight := range ends {
		variance += weight * (float64(n) - v.Mean) * (float64(n) - v.Mean)
	}
	v.SD = math.Sqrt(variance)
	return v
}

// TestCountTestWithin: what a test has decided within a few requests, as by the end
// of a ring, against all sequences of so many.
func TestCountTestWithin(t *testing.T) {
	for _, batch := range []int{1, 4, 5} {
		sprt := SPRT{Healthy: 0.2, Broken: 0.5, Alpha: 0.1, Beta: 0.2, Batch: batch}
		above, below, slope := sprt.Lines()
		decides := CountTest{Batch: batch,
			Rejects: func(n, x int) bool { return float64(x) >= above+slope*float64(n) },
			Accepts: func(n, x int) bool { return float64(x) <= slope*float64(n)-below }}
		e := EProcess{Healthy: 0.2, A: 2, B: 8, Alpha: 0.1, Batch: batch}
		rings := CountTest{Batch: batch, Rejects: func(n, x int) bool {
			return float64(x) > 0.2*float64(n) && e.Log(float64(n), float64(x)) >= math.Log(10)
		}}
		for _, p := range []float64{0.2, 0.35, 0.6} {
			sameVerdict(t, sprt.Run(p, 15), enumerate(decides, p, 15))
			sameVerdict(t, e.Run(p, 15), enumerate(rings, p, 15))
		}
	}
}

func sameVerdict(t *testing.T, got, want Verdict) {
	t.Helper()
	for what, pair := range map[string][2]float64{"alarm": {got.Reject, want.Reject}, "pass": {got.Accept, want.Accept},
		"open": {got.Open, want.Open}, "mean": {got.Mean, want.Mean}, "deviation": {got.SD, want.SD}} {
		if math.Abs(pair[0]-pair[1]) > 1e-12*(1+pair[1]) {
			t.Errorf("%s %v, want %v", what, pair[0], pair[1])
		}
	}
}

// TestCountTestCertain: where the end is certain nothing scatters, and digits that
// cancel would show as a deviation.
func TestCountTestCertain(t *testing.T) {
	s := SPRT{Healthy: 0.01, Broken: 0.03, Alpha: 0.05, Beta: 0.05, Batch: 10000}
	for p, want := range map[float64]Verdict{
		1:   {Reject: 1, Mean: 10000, Median: 10000},
		0.9: {Reject: 1, Mean: 10000, Median: 10000},
		0:   {Accept: 1, Mean: 10000, Median: 10000},
	} {
		got := s.Run(p, 1e6)
		sameVerdict(t, got, want)
		if got.Median != want.Median {
			t.Errorf("share %v: median %v", p, got.Median)
		}
	}
}

// TestCountTestNoLook: a batch that is never complete decides nothing.
func TestCountTestNoLook(t *testing.T) {
	got := EProcess{Healthy: 0.01, A: 1, B: 99, Alpha: 0.05, Batch: 100}.Run(0.5, 50)
	sameVerdict(t, got, Verdict{Open: 1, Mean: 50})
	if !math.IsInf(got.Median, 1) {
		t.Errorf("median %v", got.Median)
	}
}
