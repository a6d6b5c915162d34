package analytic

import (
	"errors"
	"math"
	"testing"
)

func closeTo(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !near(got, want, tolerance) {
		t.Errorf("%s is %v, want %v (relative error %.2g)", what, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

// Two derivations that have nothing in common: a random walk and the roots of a
// generating function.
func TestConstantServiceTwoWays(t *testing.T) {
	for _, c := range []struct {
		servers int
		use     float64
	}{{1, 0.5}, {2, 0.3}, {2, 0.9}, {3, 0.8}, {4, 0.95}, {7, 0.7}, {40, 0.9}, {101, 0.97}, {1000, 0.98}} {
		q := Queue{Arrivals: c.use * float64(c.servers) / 3, Service: 3, Servers: c.servers}
		probability, wait := q.constantByRoots()
		probability2, wait2 := q.constantBySeries()
		closeTo(t, "wait", wait, wait2, 1e-9)
		closeTo(t, "wait probability", probability, probability2, 1e-9)
	}
	idle := Queue{Arrivals: 30, Service: 1, Servers: 100}
	if probability, wait := idle.constantService(); !(probability > 0 && probability < 1e-20 && wait > 0 && wait < 1e-20) {
		t.Errorf("with 70 of 100 servers idle: %v, %v", probability, wait)
	}
}

func TestQueuesMeetEachOther(t *testing.T) {
	one := Queue{Arrivals: 0.7, Service: 1, Servers: 1}
	probability, wait := one.constantByRoots()
	closeTo(t, "M/D/1 by roots", wait, one.pollaczekKhinchine(), 1e-12)
	closeTo(t, "P(wait) of M/D/1", probability, 0.7, 1e-12)
	one.SCV = 1
	closeTo(t, "M/M/1 by Erlang C", one.exponentialWait(), one.pollaczekKhinchine(), 1e-12)
	for _, scv := range []float64{0, 0.25, 1, 3} {
		q := Queue{Arrivals: 2.4, Service: 1, SCV: scv, Servers: 3}
		a, err := q.Solve()
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "Little's law", a.QueueMean, q.Arrivals*a.WaitMean, 1e-15)
		if exact := scv == 0 || scv == 1; a.IsExact() != exact {
			t.Errorf("scv %v by %s", scv, a.Method)
		}
	}
	// Heavy traffic: waits of M/D/c come near to half of those of M/M/c.
	heavy := Queue{Arrivals: 2.9999, Service: 1, Servers: 3}
	_, constant := heavy.constantService()
	closeTo(t, "heavy traffic", constant/heavy.exponentialWait(), 0.5, 1e-3)
	full := FiniteQueue{Arrivals: 1, Service: 1, Room: 4}
	closeTo(t, "blocking at load 1", full.Blocked(), 0.2, 1e-12)
	over := FiniteQueue{Arrivals: 3, Service: 1, Room: 900}
	closeTo(t, "blocking at load 3", over.Blocked(), 2.0/3, 1e-12)
}

func TestUnstableQueues(t *testing.T) {
	ask := map[string]func() error{
		"M/M/c": func() error { _, err := (Queue{Arrivals: 3, Service: 1, SCV: 1, Servers: 3}).Solve(); return err },
		"quantile": func() error {
			_, err := (Queue{Arrivals: 3, Service: 1, SCV: 1, Servers: 2}).WaitQuantile(0.5)
			return err
		},
		"priority": func() error { _, err := (PriorityQueue{{1, 1, 1}, {1, 1, 2}}).Waits(); return err },
		"in order": func() error { _, err := (PriorityQueue{{1, 1, 1}}).WaitInOrder(); return err },
		"bulk":     func() error { _, err := (BulkQueue{Groups: 1, Mean: 2, Square: 4, Service: 1}).Solve(); return err },
		"tandem":   func() error { _, err := (Tandem{Arrivals: 2, Rates: []float64{3, 2}}).Quantile(0.5); return err },
		"rework":   func() error { _, err := (Rework{Arrivals: 1, First: 3, Check: 1.1, Back: 0.2}).Solve(); return err },
	}
	for name, f := range ask {
		var u *Unstable
		if err := f(); !errors.As(err, &u) || !(u.Utilisation >= 1) {
			t.Errorf("%s: %v is no Unstable error", name, err)
		}
	}
}

// Equal paces make the hypoexponential law an Erlang one.
func TestTandemOfEqualServers(t *testing.T) {
	tandem := Tandem{Arrivals: 1, Rates: []float64{3, 3, 3}}
	got, err := tandem.Quantile(0.9)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "P90", got, Complaints{Rate: 2, Reports: 3}.Quantile(0.9), 1e-12)
}

// Many phases come near to a fixed response, and one phase to the closed form.
func TestPhasesOfTheResponse(t *testing.T) {
	w := Watch{Ramp: fourRings, Hazard: 0.5, Background: 0.02}
	fixed := End{Watch: w, Response: Response{Hours: 6}}
	last := math.Inf(1)
	for _, phases := range []int{1, 4, 16, 64} {
		e := End{Watch: w, Response: Response{Hours: 6, Phases: phases}}
		off := math.Abs(e.MeanExposure() - fixed.MeanExposure())
		if off > last/2 {
			t.Errorf("%d phases are off by %v, fewer by %v", phases, off, last)
		}
		last = off
	}
	// One ring: mean exposure is share times (mean alarm + mean response).
	one := End{Watch: Watch{Ramp: Ramp{Starts: []float64{0}, Shares: []float64{0.2}}, Hazard: 0.5}, Response: Response{Hours: 6, Phases: 3}}
	closeTo(t, "one ring", one.MeanExposure(), 0.2*(1/(0.5*0.2)+6), 1e-12)
	none := End{Watch: w, Response: Response{Phases: 2}}
	closeTo(t, "no response", none.MeanExposure(), w.MeanExposure(), 1e-12)
}

// Integrals by brute force.
func TestRampAgainstQuadrature(t *testing.T) {
	w := Watch{Ramp: fourRings, Hazard: 0.5, Background: 0.02}
	e := End{Watch: w, Response: Response{Hours: 6}}
	phased := End{Watch: w, Response: Response{Hours: 6, Phases: 2}}
	g := GammaWatch{Ramp: fourRings, Shape: 2.5, Rate: 4}
	const step = 0.01
	var time, exposure, late, latePhased, lomax float64
	for i := range 60_000 {
		at := (float64(i) + 0.5) * step
		share := fourRings.Shares[ring(fourRings, at)]
		time += step * w.Survival(at)
		exposure += step * share * w.Survival(at)
		late += step * share * e.Survival(at)
		if i%20 == 10 {
			latePhased += 20 * step * share * phased.Survival(at)
		}
		lomax += step * g.Survival(at)
	}
	lomax += 600 * g.Survival(600) // about what is missing
	closeTo(t, "mean time", w.MeanTime(), time, 1e-6)
	closeTo(t, "exposure", w.MeanExposure(), exposure, 1e-6)
	closeTo(t, "exposure with response", e.MeanExposure(), late, 1e-6)
	closeTo(t, "exposure with phases", phased.MeanExposure(), latePhased, 1e-3)
	closeTo(t, "random hazard", g.MeanTime(), lomax, 0.02)
	if got := (GammaWatch{Ramp: fourRings, Shape: 1, Rate: 4}).MeanTime(); !math.IsInf(got, 1) {
		t.Errorf("shape 1: mean time %v", got)
	}
	if got := (GammaWatch{Ramp: fourRings, Shape: 0.5, Rate: 4}).MeanExposure(); !math.IsInf(got, 1) {
		t.Errorf("shape 1/2: mean exposure %v", got)
	}
	near1 := GammaWatch{Ramp: fourRings, Shape: 1 + 1e-12, Rate: 4}.exposures()[0]
	closeTo(t, "shape near 1", near1, GammaWatch{Ramp: fourRings, Shape: 1, Rate: 4}.exposures()[0], 1e-9)
}

func TestThresholdsAreStrict(t *testing.T) {
	for _, c := range []struct {
		n         int
		threshold float64
		want      int
	}{{500, 0.02, 10}, {499, 0.02, 9}, {3, 1.0 / 3, 1}, {10, 0.3, 3}, {10, 0, 0}, {10, 1, 10}, {0, 0.5, 0}, {1000, 0.029, 29}, {700, 0.07, 49}} {
		w := Window{Threshold: c.threshold}
		if got := w.Allowed(c.n); got != c.want {
			t.Errorf("%d requests at %v: %d errors are allowed, want %d", c.n, c.threshold, got, c.want)
		}
		for x := 1; x <= 40; x++ {
			n := w.most(x)
			if n < math.MaxInt32 && (n >= x && float64(x)/float64(n) <= c.threshold || float64(x)/float64(n+1) > c.threshold) {
				t.Errorf("%d errors fail in up to %d requests at %v", x, n, c.threshold)
			}
		}
	}
}

// Poisson traffic by the other mixture: over the number of requests.
func TestPoissonTrafficTheOtherWay(t *testing.T) {
	for _, w := range []Window{{30, 0.1, 0.08}, {3, 0.5, 0.3}, {200, 0.02, 0.001}, {50, 0, 0.01}, {40, 0.5, 1}, {5, 1, 0.3}} {
		sum := 0.0
		from, weights := Poisson(w.Requests).weights()
		for i, p := range weights {
			fixed := w
			fixed.Requests = float64(from + i)
			sum += p * fixed.FailFixed()
		}
		closeTo(t, "P(fail)", w.FailPoisson(), sum, 1e-9)
	}
	if got := (Window{Requests: 0, Threshold: 0.1, Rate: 0.5}).FailPoisson(); got != 0 {
		t.Errorf("no traffic fails with probability %v", got)
	}
}

// Windows of one interval are looks apart, and so are windows too rare to overlap.
func TestSlidingWindowsThatDoNotOverlap(t *testing.T) {
	s := SlidingChecks{Window: Window{Requests: 100, Threshold: 0.02, Rate: 0.02}, Intervals: 1, Failures: 3}
	c := Checks{Fail: s.Full().FailFixed(), Failures: 3}
	a := solve(t, s)
	closeTo(t, "mean", a.Mean, c.Mean(), 1e-12)
	closeTo(t, "sd", a.SD, c.SD(), 1e-12)
	within, err := s.Within(7)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "within 7", within, c.Within(7), 1e-12)
	silent, err := s.Silent(0.01)
	if err != nil || 1-c.Within(silent) > 0.01 || 1-c.Within(silent-1) <= 0.01 {
		t.Errorf("silent after %d looks, %v", silent, err)
	}
	never := s
	never.Intervals, never.Window.Rate = 3, 0
	if a := solve(t, never); !math.IsInf(a.Mean, 1) || !math.IsInf(a.SD, 1) {
		t.Errorf("without errors: %v", a)
	}
}

// The mean and the spread are those of the law of the looks, summed up.
func TestSlidingMomentsAreThoseOfTheLaw(t *testing.T) {
	for _, s := range []SlidingChecks{
		{Window{20, 0.1, 0.09}, 2, 1}, {Window{20, 0.1, 0.09}, 4, 1}, {Window{20, 0.1, 0.09}, 3, 3}, {Window{50, 0.3, 0.2}, 2, 2},
	} {
		a, mean, second := solve(t, s), 0.0, 0.0
		if err := s.walk(func(made int, silent, _ float64) bool {
			mean += silent
			second += float64(2*made+1) * silent
			return silent > 1e-13
		}); err != nil {
			t.Fatal(err)
		}
		closeTo(t, "mean", a.Mean, mean, 1e-9)
		closeTo(t, "sd", a.SD, math.Sqrt(second-mean*mean), 1e-9)
	}
}

func TestTooManyStates(t *testing.T) {
	var large *TooLarge
	if _, err := (SlidingChecks{Window{5000, 0.02, 0.02}, 5, 2}).Solve(); !errors.As(err, &large) {
		t.Errorf("%v is no TooLarge error", err)
	}
}

// Three reports by the closed form, its series and the chains agree.
func TestReportClusters(t *testing.T) {
	for _, w := range []float64{0.001, 0.009, 0.0101, 0.5, 2, 2 * math.Ln2, 2*math.Ln2 + 1e-9, 10, 25} {
		r := ReportCluster{Rate: 1, Reports: 3, Within: w}
		limit, err := r.limit()
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "three", r.three(), limit, 1e-6)
	}
	series := ReportCluster{Rate: 1, Reports: 3, Within: math.Nextafter(0.01, 0)}
	closed := ReportCluster{Rate: 1, Reports: 3, Within: 0.01}
	closeTo(t, "the seam", series.three(), closed.three(), 1e-11)
	often := ReportCluster{Rate: 50, Reports: 4, Within: 24}
	if mean, err := often.MeanTime(); err != nil || !near(mean, 4.0/50, 1e-12) {
		t.Errorf("many reports: %v, %v", mean, err)
	}
}

func TestReportClustersBetweenBounds(t *testing.T) {
	largest := 5
	if deep() {
		largest = 6
	}
	for reports := 4; reports <= largest; reports++ {
		before := math.Inf(1)
		for _, w := range []float64{1e-4, 0.03, 0.3, 1, 2, 4, 8, 16, 32} {
			r := ReportCluster{Rate: 2, Reports: reports, Within: w / 2}
			mean, err := r.MeanTime()
			if err != nil {
				t.Fatalf("%d reports, %v: %v", reports, w, err)
			}
			base := float64(reports) / 2
			if mean < base || mean > base/(1-r.tooSlow())*(1+1e-6) || mean > before {
				t.Errorf("%d reports, %v: %v is not between %v and %v, or rises from %v", reports, w, mean, base, base/(1-r.tooSlow()), before)
			}
			before = mean
		}
		// Rare reports: of any r in a row, all are within w with probability about
		// w^(r-1) / (r-1)!.
		r := ReportCluster{Rate: 1, Reports: reports, Within: 1e-4}
		mean, _ := r.MeanTime()
		closeTo(t, "rare reports", mean*math.Pow(1e-4, float64(reports-1))/math.Gamma(float64(reports)), 1, 1e-3)
	}
	if _, err := (ReportCluster{Rate: 1, Reports: 9, Within: 6}).MeanTime(); err == nil {
		t.Error("9 reports at a middling rate have an answer")
	}
}

// The grid against the closed law of exponential losses cannot be had for log-normal
// ones; Panjer's recursion on the same rounded masses can.
func TestGridAgainstPanjer(t *testing.T) {
	count, amount := Count{Mean: 3, Dispersion: 1.5}, LogNormal{SigmaLog: 0.6}
	const step, points = 0.05, 2048
	mass := make([]float64, points)
	last := 1.0
	for i := range mass {
		above := amount.Above((float64(i) + 0.5) * step)
		mass[i], last = last-above, above
	}
	p := Panjer(count, mass, points)
	for i, m := range compoundFFT(count, mass) {
		if math.Abs(m-p.Mass[i]) > 1e-15*math.Exp(20*float64(i)/points) { // tilting multiplies rounding errors
			t.Fatalf("point %d: %v, by the recursion %v", i, m, p.Mass[i])
		}
	}
	g := NewGrid(count, amount, 0.005, 1<<15)
	closeTo(t, "mean of all", g.TailMean(0), count.Mean*amount.Mean(), 1e-9)
	if q := g.Quantile(g.none / 2); q != 0 {
		t.Errorf("quantile within the atom is %v", q)
	}
}

func TestRaceOfExponentials(t *testing.T) {
	a := Race{Shape: 1, Scale: 4, Rate: 0.25, Deadline: 200}.Solve()
	closeTo(t, "mean", a.Mean, 2, 1e-12)
	closeTo(t, "Weibull", a.Weibull, 0.5, 1e-12)
	closeTo(t, "all", a.Weibull+a.Exponential+a.Deadline, 1, 1e-12)
}

func TestSmallNumbers(t *testing.T) {
	if got := (Runs{Fail: 1, Failures: 4}).Mean(); got != 4 {
		t.Errorf("4 certain failures take %v looks", got)
	}
	if got := (Runs{Failures: 2}).Mean(); !math.IsInf(got, 1) {
		t.Errorf("without failures %v looks", got)
	}
	if c := (Checks{Failures: 2}); !math.IsInf(c.Mean(), 1) || !math.IsInf(c.SD(), 1) || c.Within(9) != 0 || c.MeanWithin(9) != 9 {
		t.Errorf("looks that never fail: %v %v %v %v", c.Mean(), c.SD(), c.Within(9), c.MeanWithin(9))
	}
	l := Loss{Escapes: Poisson(0), Hazard: 1}
	if l.Mean() != 0 || l.Quantile(0.99) != 0 || l.TailMean(0.99) != 0 || l.Above(0) != 0 {
		t.Errorf("no escapes: %v %v %v %v", l.Mean(), l.Quantile(0.99), l.TailMean(0.99), l.Above(0))
	}
	if got := (Pool{Defective: 0.5}).Best(50); got != 1 {
		t.Errorf("half of all defective: groups of %d", got)
	}
	if got := (Recapture{First: 3, Second: 4}).LincolnPetersen(); !math.IsInf(got, 1) {
		t.Errorf("nothing found twice: %v", got)
	}
	if got := (TwoSamples{Canary: 3, Baseline: 3, Level: 0.01}).leastExact(6); got != 4 {
		t.Errorf("all failing: %d is the least that rejects", got)
	}
	if got := (Largest{Events: 0.5, Amount: LogNormal{SigmaLog: 1}}).Quantile(0.1); got != 0 {
		t.Errorf("no event is likely, but the largest is %v", got)
	}
}
