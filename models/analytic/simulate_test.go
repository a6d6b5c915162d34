package analytic

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/sim/rng"
)

// A trial is an answer of this package and a small direct simulation of the same
// question: the answer must be within 5 standard errors of the simulation, and what
// each named mutant would answer must miss by 20, or the trial would not notice it.
type trial struct {
	name    string
	n       int
	draw    func(s *rng.Stream) float64
	want    float64
	mutants map[string]float64
}

func runTrials(t *testing.T, trials []trial) {
	t.Helper()
	for _, c := range trials {
		t.Run(c.name, func(t *testing.T) {
			mean, se := simulate(c.name, c.n, c.draw)
			if !(math.Abs(mean-c.want) <= 5*se) {
				t.Errorf("simulated %v, want %v within 5 standard errors of %v", mean, c.want, se)
			}
			for mutant, wrong := range c.mutants {
				if !(math.Abs(mean-wrong) >= 20*se) {
					t.Errorf("the mutant %q says %v, only %.1f standard errors from %v", mutant, wrong, math.Abs(mean-wrong)/se, mean)
				}
			}
		})
	}
}

// simulate returns the mean of n draws and its standard error. Each draw has a stream
// of its own.
func simulate(name string, n int, draw func(s *rng.Stream) float64) (mean, se float64) {
	key := rng.NewKey(1, "analytic/"+name)
	sum, squares := 0.0, 0.0
	for i := range n {
		s := key.Stream(uint64(i), 0, 0)
		x := draw(&s)
		sum += x
		squares += x * x
	}
	mean = sum / float64(n)
	return mean, math.Sqrt((squares/float64(n) - mean*mean) / float64(n-1))
}

// is makes a probability out of an event.
func is(event bool) float64 {
	if event {
		return 1
	}
	return 0
}

// binomial counts the successes in n trials by the gaps between them.
func binomial(s *rng.Stream, n int, p float64) int {
	count := 0
	for at := -1.0; ; count++ {
		if at += 1 + math.Floor(s.Exponential()/-math.Log1p(-p)); at >= float64(n) {
			return count
		}
	}
}

// poisson counts arrivals of rate 1 in a time.
func poisson(s *rng.Stream, mean float64) int {
	count := 0
	for at := s.Exponential(); at <= mean; at += s.Exponential() {
		count++
	}
	return count
}

func erlang(s *rng.Stream, k int) float64 {
	sum := 0.0
	for range k {
		sum += s.Exponential()
	}
	return sum
}

func gaussian(s *rng.Stream) float64 {
	return math.Sqrt(2*s.Exponential()) * math.Cos(2*math.Pi*s.Uniform())
}

// alarm rings on a ramp: ring by ring, each channel has a fresh exponential clock,
// which is right since both have no memory.
func alarm(s *rng.Stream, w Watch) float64 {
	for i, start := range w.Ramp.Starts {
		end := math.Inf(1)
		if i+1 < len(w.Ramp.Starts) {
			end = w.Ramp.Starts[i+1]
		}
		at := start + s.Exponential()/(w.Hazard*w.Ramp.Shares[i])
		if w.Background > 0 {
			at = math.Min(at, start+s.Exponential()/w.Background)
		}
		if at < end {
			return at
		}
	}
	panic("the last ring has no end")
}

// given is the exposure up to a time, added up ring by ring.
func given(r Ramp, t float64) float64 {
	sum := 0.0
	for i, start := range r.Starts {
		end := t
		if i+1 < len(r.Starts) {
			end = math.Min(t, r.Starts[i+1])
		}
		if end > start {
			sum += r.Shares[i] * (end - start)
		}
	}
	return sum
}

// ring is the number of the ring that is open at a time.
func ring(r Ramp, t float64) int {
	return len(r.Starts) - 1 - slices.IndexFunc(reversed(r.Starts), func(start float64) bool { return start <= t })
}

func reversed(xs []float64) []float64 {
	ys := slices.Clone(xs)
	slices.Reverse(ys)
	return ys
}

// fourRings is the ramp of the known cases.
var fourRings = Ramp{Starts: []float64{0, 24, 48, 96}, Shares: []float64{0.01, 0.1, 0.5, 1}}

func TestSimulatedRamps(t *testing.T) {
	w := Watch{Ramp: fourRings, Hazard: 0.5, Background: 0.02}
	late := End{Watch: w, Response: Response{Hours: 6}}
	random := End{Watch: Watch{Ramp: fourRings, Hazard: 0.5}, Response: Response{Hours: 2, Phases: 1}}
	three := End{Watch: w, Response: Response{Hours: 9, Phases: 3}}
	gamma := GammaWatch{Ramp: fourRings, Shape: 2, Rate: 4}
	linear := LinearRamp{Hours: 10, Hazard: 0.5}
	mixed := func(s *rng.Stream) float64 { return alarm(s, Watch{Ramp: fourRings, Hazard: erlang(s, 2) / 4}) }
	rayleigh := func(s *rng.Stream) float64 {
		x := s.Exponential() / linear.Hazard // exposure
		return math.Min(math.Sqrt(2*linear.Hours*x), x+linear.Hours/2)
	}
	runTrials(t, []trial{
		{"mean time", 100_000, func(s *rng.Stream) float64 { return alarm(s, w) }, w.MeanTime(),
			map[string]float64{"background ignored": Watch{Ramp: fourRings, Hazard: 0.5}.MeanTime()}},
		{"second ring", 100_000, func(s *rng.Stream) float64 { return is(ring(fourRings, alarm(s, w)) == 1) }, w.RingProbabilities()[1],
			map[string]float64{"ring off by one": w.RingProbabilities()[2],
				"hazards added to probabilities": 24 * (0.5*0.1 + 0.02)}},
		{"exposure at the alarm", 100_000, func(s *rng.Stream) float64 { return given(fourRings, alarm(s, w)) }, w.MeanExposure(),
			map[string]float64{"background ignored": 2}},
		{"exposure with response", 400_000, func(s *rng.Stream) float64 { return given(fourRings, alarm(s, w)+6) }, late.MeanExposure(),
			map[string]float64{"latency ignored": w.MeanExposure(), "ramp stops at the alarm": w.MeanExposure() + 6*w.MeanShare(),
				"latency at full exposure": w.MeanExposure() + 6}},
		{"users with response", 100_000, func(s *rng.Stream) float64 { return fourRings.Shares[ring(fourRings, alarm(s, w)+6)] }, late.MeanShare(),
			map[string]float64{"latency ignored": w.MeanShare()}},
		{"exposure above 3", 100_000, func(s *rng.Stream) float64 { return is(given(fourRings, alarm(s, w)+6) > 3) }, late.ExposureAbove(3),
			map[string]float64{"latency ignored": w.Survival(fourRings.Time(3))}},
		{"exponential response", 100_000, func(s *rng.Stream) float64 { return given(fourRings, alarm(s, random.Watch)+2*s.Exponential()) },
			random.MeanExposure(), map[string]float64{"latency ignored": 2}},
		{"response of three phases", 200_000, func(s *rng.Stream) float64 { return given(fourRings, alarm(s, w)+3*erlang(s, 3)) }, three.MeanExposure(),
			map[string]float64{"latency ignored": w.MeanExposure()}},
		{"random hazard", 100_000, mixed, gamma.MeanTime(),
			map[string]float64{"mean hazard for all": Watch{Ramp: fourRings, Hazard: 0.5}.MeanTime()}},
		{"random hazard, last ring", 200_000, func(s *rng.Stream) float64 { return is(mixed(s) >= 96) }, gamma.RingProbabilities()[3],
			map[string]float64{"mean hazard for all": Watch{Ramp: fourRings, Hazard: 0.5}.RingProbabilities()[3]}},
		{"linear ramp", 100_000, rayleigh, linear.MeanTime(), map[string]float64{"growth ignored": 2}},
	})
}

func TestSimulatedLosses(t *testing.T) {
	gates := Gates{Defects: Poisson(12), Catch: []float64{0.3, 0.5, 0.2, 0.4}}
	clustered := Gates{Defects: Count{Mean: 12, Dispersion: 3}, Catch: gates.Catch}
	escapes := func(s *rng.Stream, defects int) (n int) {
		for range defects {
			n += int(is(s.Uniform() > 0.3 && s.Uniform() > 0.5 && s.Uniform() > 0.2 && s.Uniform() > 0.4))
		}
		return n
	}
	one := func(s *rng.Stream) int { return escapes(s, poisson(s, 12)) }
	many := func(s *rng.Stream) int { return escapes(s, poisson(s, 2*erlang(s, 6))) } // gamma mixture: mean 12, variance 36
	l := Loss{Escapes: clustered.Escapes(), Hazard: 0.5, Respond: 1}
	loss := func(s *rng.Stream) float64 { n := many(s); return 2*erlang(s, n) + float64(n) }
	q := l.Quantile(0.9)
	at := clustered.Escapes().None()
	runTrials(t, []trial{
		{"escapes", 100_000, func(s *rng.Stream) float64 { return float64(one(s)) }, gates.Escapes().Mean,
			map[string]float64{"catches added up": 12 * math.Max(0, 1-1.4), "last gate forgotten": 12 * 0.7 * 0.5 * 0.8}},
		{"no escape", 100_000, func(s *rng.Stream) float64 { return is(one(s) == 0) }, gates.Escapes().None(),
			map[string]float64{"dispersed": at}},
		{"no escape of clustered defects", 100_000, func(s *rng.Stream) float64 { return is(many(s) == 0) }, at,
			map[string]float64{"Poisson": gates.Escapes().None(),
				"dispersion not thinned": Count{Mean: l.Escapes.Mean, Dispersion: 3}.None()}},
		{"5 escapes or more", 200_000, func(s *rng.Stream) float64 { return is(many(s) >= 5) }, clustered.Escapes().Above(4),
			map[string]float64{"Poisson": gates.Escapes().Above(4), "> for >=": clustered.Escapes().Above(5)}},
		{"squared loss", 100_000, func(s *rng.Stream) float64 { x := loss(s) - l.Mean(); return x * x }, l.Variance(),
			map[string]float64{"Poisson": Loss{Escapes: gates.Escapes(), Hazard: 0.5, Respond: 1}.Variance(),
				"response ignored": Loss{Escapes: clustered.Escapes(), Hazard: 0.5}.Variance()}},
		{"loss above 8", 100_000, func(s *rng.Stream) float64 { return is(loss(s) > 8) }, l.Above(8),
			map[string]float64{"response ignored": Loss{Escapes: clustered.Escapes(), Hazard: 0.5}.Above(8)}},
		{"worst tenth", 200_000, func(s *rng.Stream) float64 { return q + math.Max(0, loss(s)-q)/0.1 }, l.TailMean(0.9),
			map[string]float64{"the quantile itself": q, "response ignored": Loss{Escapes: clustered.Escapes(), Hazard: 0.5}.TailMean(0.9)}},
	})
}

func TestSimulatedSums(t *testing.T) {
	severity := []float64{0, 0.5, 0.3, 0.1, 0.05, 0.05}
	sum := func(s *rng.Stream) float64 {
		total := 0.0
		for range poisson(s, 2) {
			u, value := s.Uniform(), 0
			for u > 0 {
				u -= severity[value]
				if u > 0 {
					value++
				}
			}
			total += float64(value)
		}
		return total
	}
	p := Panjer(Poisson(2), severity, 200)
	q := p.Quantile(0.9)
	tail := p.Above(q)
	above := (p.TailMean(0.9)*0.1 - q*(0.1-tail)) / tail // E[S | S > q]
	amount := LogNormal{SigmaLog: 1}
	g := NewGrid(Poisson(3), amount, 0.01, 1<<15)
	amounts := func(s *rng.Stream) (all, largest float64) {
		for range poisson(s, 3) {
			x := math.Exp(gaussian(s))
			all, largest = all+x, math.Max(largest, x)
		}
		return all, largest
	}
	runTrials(t, []trial{
		{"sum at most 10", 100_000, func(s *rng.Stream) float64 { return is(sum(s) <= 10) }, p.AtMost(10),
			map[string]float64{"< for <=": p.AtMost(9)}},
		{"worst tenth of sums", 200_000, func(s *rng.Stream) float64 { return q + math.Max(0, sum(s)-q)/0.1 }, p.TailMean(0.9),
			map[string]float64{"no part of the atom": above}},
		{"amounts above 10", 100_000, func(s *rng.Stream) float64 { a, _ := amounts(s); return is(a > 10) }, g.Above(10),
			map[string]float64{"largest for sum": 1 - Largest{Events: 3, Amount: amount}.AtMost(10)}},
		{"largest at most 5", 100_000, func(s *rng.Stream) float64 { _, x := amounts(s); return is(x <= 5) },
			Largest{Events: 3, Amount: amount}.AtMost(5), map[string]float64{"sum for largest": 1 - g.Above(5)}},
	})
}

func TestSimulatedRaces(t *testing.T) {
	e := Exponentials{0.05, 0.02, 0.01}
	first := func(s *rng.Stream) (at float64, who int) {
		at = math.Inf(1)
		for i, rate := range e {
			if x := s.Exponential() / rate; x < at {
				at, who = x, i
			}
		}
		return at, who
	}
	r := Race{Shape: 2, Scale: 20, Rate: 0.03, Deadline: 30}
	a := r.Solve()
	race := func(s *rng.Stream) (at float64, weibull bool) {
		x, y := 20*math.Sqrt(s.Exponential()), s.Exponential()/0.03
		return math.Min(30, math.Min(x, y)), x < math.Min(30, y)
	}
	runTrials(t, []trial{
		{"first of three", 100_000, func(s *rng.Stream) float64 { at, _ := first(s); return at }, e.Mean(),
			map[string]float64{"fastest alone": 20}},
		{"second wins", 100_000, func(s *rng.Stream) float64 { _, who := first(s); return is(who == 1) }, e.Wins()[1],
			map[string]float64{"equal chances": 1.0 / 3}},
		{"by 10 hours", 100_000, func(s *rng.Stream) float64 { at, _ := first(s); return is(at <= 10) }, 1 - math.Exp(-10*e.Rate()),
			map[string]float64{"hazards added to probabilities": 10 * e.Rate(),
				"probabilities added": (1 - math.Exp(-0.5)) + (1 - math.Exp(-0.2)) + (1 - math.Exp(-0.1))}},
		{"race", 600_000, func(s *rng.Stream) float64 { at, _ := race(s); return at }, a.Mean,
			map[string]float64{"deadline ignored": Race{Shape: 2, Scale: 20, Rate: 0.03, Deadline: 300}.Solve().Mean}},
		{"Weibull wins", 100_000, func(s *rng.Stream) float64 { _, w := race(s); return is(w) }, a.Weibull,
			map[string]float64{"exponential wins": a.Exponential}},
		{"zero failures", 100_000, func(s *rng.Stream) float64 { return is(binomial(s, 1000, ZeroFailures(1000, 0.95)) == 0) }, 0.05, nil},
	})
}
