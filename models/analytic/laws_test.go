package analytic

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawRamp draws a ramp of up to 5 rings.
func drawRamp(t *rapid.T) Ramp {
	n := rapid.IntRange(1, 5).Draw(t, "rings")
	r := Ramp{Starts: []float64{0}, Shares: []float64{rapid.Float64Range(0.001, 0.1).Draw(t, "first share")}}
	for i := 1; i < n; i++ {
		r.Starts = append(r.Starts, r.Starts[i-1]+rapid.Float64Range(0.1, 100).Draw(t, "bake"))
		r.Shares = append(r.Shares, r.Shares[i-1]+(1-r.Shares[i-1])*rapid.Float64Range(0, 1).Draw(t, "step"))
	}
	return r
}

func drawWatch(t *rapid.T) Watch {
	return Watch{Ramp: drawRamp(t), Hazard: rapid.Float64Range(0.01, 5).Draw(t, "hazard"),
		Background: rapid.Float64Range(0, 0.5).Draw(t, "background")}
}

func sameTo(t *rapid.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !near(got, want, tolerance) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The exposure-clock theorem: without a background, the exposure at the alarm is
// exponential on every ramp.
func TestExposureClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWatch(t)
		w.Background = 0
		sameTo(t, "mean exposure", w.MeanExposure(), 1/w.Hazard, 1e-12)
		x := rapid.Float64Range(0, 10).Draw(t, "x")
		now := End{Watch: w}
		if got, want := now.ExposureAbove(x), math.Exp(-w.Hazard*x); math.Abs(got-want) > 1e-12 {
			t.Errorf("P(exposure > %v) = %v, want %v", x, got, want)
		}
		g := GammaWatch{Ramp: w.Ramp, Shape: rapid.Float64Range(1.01, 9).Draw(t, "shape"), Rate: 2}
		sum := 0.0
		for _, x := range g.exposures() {
			sum += x
		}
		sameTo(t, "mean exposure of a random hazard", sum, g.MeanExposure(), 1e-9)
	})
}

func TestLawsOfRamps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWatch(t)
		end := End{Watch: w, Response: Response{Hours: rapid.Float64Range(0, 50).Draw(t, "response")}}
		p := rapid.Float64Range(0, 0.999).Draw(t, "p")
		sameTo(t, "survival of the quantile", w.Survival(w.Quantile(p)), 1-p, 1e-9)
		sum := 0.0
		for _, p := range w.RingProbabilities() {
			sum += p
		}
		sameTo(t, "rings", sum, 1, 1e-12)
		sameTo(t, "time of the exposure", w.Ramp.Time(w.Ramp.Exposure(77)), 77, 1e-12)
		if end.MeanExposure() < w.MeanExposure()*(1-1e-12) || end.MeanShare() < w.MeanShare()*(1-1e-12) {
			t.Error("a response makes it better")
		}
		longer := end
		longer.Response.Hours *= 2
		if longer.MeanExposure() < end.MeanExposure()*(1-1e-12) {
			t.Error("a longer response makes it better")
		}
	})
}

// Time in other units: everything scales.
func TestTimeScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Float64Range(0.1, 10).Draw(t, "unit")
		w := drawWatch(t)
		slow := Watch{Ramp: Ramp{Shares: w.Ramp.Shares}, Hazard: w.Hazard / c, Background: w.Background / c}
		for _, start := range w.Ramp.Starts {
			slow.Ramp.Starts = append(slow.Ramp.Starts, start*c)
		}
		late, slowLate := End{w, Response{6, 0}}, End{slow, Response{6 * c, 0}}
		phased, slowPhased := End{w, Response{6, 2}}, End{slow, Response{6 * c, 2}}
		sameTo(t, "mean time", slow.MeanTime(), c*w.MeanTime(), 1e-9)
		sameTo(t, "exposure", slowLate.MeanExposure(), c*late.MeanExposure(), 1e-9)
		sameTo(t, "users", slowLate.MeanShare(), late.MeanShare(), 1e-9)
		sameTo(t, "exposure, phases", slowPhased.MeanExposure(), c*phased.MeanExposure(), 1e-9)
		q := Queue{Arrivals: 2, Service: 1, SCV: rapid.SampledFrom([]float64{0, 0.5, 1, 2}).Draw(t, "scv"), Servers: 3}
		slowQ := q
		slowQ.Arrivals, slowQ.Service = q.Arrivals/c, q.Service*c
		a, err := q.Solve()
		b, err2 := slowQ.Solve()
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		sameTo(t, "wait", b.WaitMean, c*a.WaitMean, 1e-9)
		sameTo(t, "wait probability", b.WaitProbability, a.WaitProbability, 1e-9)
	})
}

// A ring that is split into two equal ones is the same ring.
func TestSplitRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWatch(t)
		split := w
		i := rapid.IntRange(0, len(w.Ramp.Starts)-1).Draw(t, "ring")
		middle := w.Ramp.Starts[i] + 5
		if i+1 < len(w.Ramp.Starts) {
			middle = (w.Ramp.Starts[i] + w.Ramp.Starts[i+1]) / 2
		}
		split.Ramp.Starts = slices.Insert(slices.Clone(w.Ramp.Starts), i+1, middle)
		split.Ramp.Shares = slices.Insert(slices.Clone(w.Ramp.Shares), i, w.Ramp.Shares[i])
		late, splitLate := End{w, Response{6, 0}}, End{split, Response{6, 0}}
		sameTo(t, "mean time", split.MeanTime(), w.MeanTime(), 1e-11)
		sameTo(t, "exposure", splitLate.MeanExposure(), late.MeanExposure(), 1e-11)
		sameTo(t, "users", splitLate.MeanShare(), late.MeanShare(), 1e-11)
		parts := split.RingProbabilities()
		sameTo(t, "ring", parts[i]+parts[i+1], w.RingProbabilities()[i], 1e-11)
	})
}

// Gates may be permuted, one that catches nothing does nothing, and twice the
// defects are twice the escapes.
func TestLawsOfGates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Gates{Defects: Count{Mean: rapid.Float64Range(0, 50).Draw(t, "defects"), Dispersion: rapid.Float64Range(1, 5).Draw(t, "dispersion")},
			Catch: rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 5).Draw(t, "catch")}
		e := g.Escapes()
		other := Gates{Defects: g.Defects, Catch: append(reversed(g.Catch), 0)}.Escapes()
		sameTo(t, "mean of permuted gates", other.Mean, e.Mean, 1e-12)
		sameTo(t, "variance of permuted gates", other.Variance(), e.Variance(), 1e-12)
		sum := e.Mean
		for _, caught := range g.Caught() {
			sum += caught
		}
		sameTo(t, "caught and escaped", sum, g.Defects.Mean, 1e-12)
		twice := g
		twice.Defects.Mean *= 2
		sameTo(t, "twice the defects", twice.Escapes().Mean, 2*e.Mean, 1e-12)
		sameTo(t, "no escape of twice the defects", twice.Escapes().None(), e.None()*e.None(), 1e-9)
	})
}

// The weights of a count have its mean, variance, chance of none and tail.
func TestWeightsOfCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Count{Mean: rapid.Float64Range(1e-6, 2000).Draw(t, "mean"),
			Dispersion: 1 + rapid.SampledFrom([]float64{0, 1e-12, 1e-3, 1, 30}).Draw(t, "excess")}
		from, weights := c.weights()
		mean, square, tail := 0.0, 0.0, 0.0
		k := int(c.Mean) + rapid.IntRange(-3, 20).Draw(t, "beside the mean")
		for i, w := range weights {
			n := float64(from + i)
			mean += n * w
			square += n * n * w
			if from+i > k {
				tail += w
			}
		}
		sameTo(t, "mean", mean, c.Mean, 1e-10)
		if got := square - mean*mean; math.Abs(got-c.Variance()) > 1e-9*square {
			t.Errorf("variance %v, want %v", got, c.Variance())
		}
		if math.Abs(tail-c.Above(k)) > 1e-9 {
			t.Errorf("P(N > %d) = %v, by weights %v", k, c.Above(k), tail)
		}
		if from == 0 && !near(weights[0], c.None(), 1e-9) {
			t.Errorf("P(N = 0) = %v, by weights %v", c.None(), weights[0])
		}
	})
}

// The tail mean is the mean of the quantiles above the level, atoms and all.
func TestTailMeansAreMeansOfQuantiles(t *testing.T) {
	l := Loss{Escapes: Count{Mean: 0.7, Dispersion: 2}, Hazard: 0.5, Respond: 3}
	s := Panjer(Poisson(2), []float64{0, 0.5, 0.3, 0.1, 0.05, 0.05}, 200)
	g := NewGrid(Poisson(1), LogNormal{SigmaLog: 0.7}, 0.005, 1<<14)
	for name, c := range map[string]struct{ quantile, tail func(p float64) float64 }{
		"loss": {l.Quantile, l.TailMean}, "lattice": {s.Quantile, s.TailMean}, "grid": {g.Quantile, g.TailMean},
	} {
		for _, p := range []float64{0, 0.2, 0.6, 0.9, 0.99} {
			const n = 1000
			// Midpoints, finer towards 1: with u = 1 - (1-p) (1-v)³ the density is 3 (1-v)².
			mean := 0.0
			for i := range n {
				v := (float64(i) + 0.5) / n
				mean += 3 * (1 - v) * (1 - v) / n * c.quantile(1-(1-p)*math.Pow(1-v, 3))
			}
			if got := c.tail(p); math.Abs(got-mean) > 2e-3*(1+mean) {
				t.Errorf("%s: tail mean above %v is %v, the mean of quantiles %v", name, p, got, mean)
			}
		}
	}
}

// An exceedance curve never rises, and passes its own quantiles.
func TestLawsOfLosses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Loss{Escapes: Count{Mean: rapid.Float64Range(0.01, 30).Draw(t, "escapes"), Dispersion: rapid.Float64Range(1, 4).Draw(t, "dispersion")},
			Hazard: rapid.Float64Range(0.05, 5).Draw(t, "hazard"), Respond: rapid.SampledFrom([]float64{0, 0.3, 4}).Draw(t, "respond")}
		x := rapid.Float64Range(0, 100).Draw(t, "x")
		y := x + rapid.Float64Range(0, 50).Draw(t, "more")
		if l.Above(y) > l.Above(x)+1e-15 {
			t.Errorf("P(L > %v) = %v, P(L > %v) = %v", x, l.Above(x), y, l.Above(y))
		}
		p := rapid.Float64Range(0, 0.999).Draw(t, "p")
		q := l.Quantile(p)
		if l.Above(q) > 1-p+1e-9 || q > 0 && l.Above(q*(1-1e-9)) < 1-p-1e-9 {
			t.Errorf("P(L > quantile) = %v, want %v", l.Above(q), 1-p)
		}
		if l.TailMean(p) < q {
			t.Errorf("the tail mean %v is below the quantile %v", l.TailMean(p), q)
		}
		sameTo(t, "the mean of all", l.TailMean(0), l.Mean(), 1e-9)
	})
}

// A shorter response, fewer defects or better gates are never worse.
func TestNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		catch := rapid.Float64Range(0, 0.9).Draw(t, "catch")
		loss := func(catch, respond float64) Loss {
			return Loss{Escapes: Gates{Defects: Poisson(5), Catch: []float64{catch}}.Escapes(), Hazard: 0.5, Respond: respond}
		}
		x, respond := rapid.Float64Range(0, 40).Draw(t, "x"), rapid.Float64Range(0, 5).Draw(t, "respond")
		now := loss(catch, respond).Above(x)
		if loss(catch+0.05, respond).Above(x) > now+1e-15 || loss(catch, respond/2).Above(x) > now+1e-15 {
			t.Errorf("P(L > %v) rises", x)
		}
	})
}
