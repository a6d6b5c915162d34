package sim_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// A successive sojourn is far from independent of the one before. All standard
// errors here therefore come from independent replications: a measure is the
// ratio of two sums over replications, and its error that of a ratio (Cochran,
// "Sampling Techniques", 3rd ed. 1977, eq. 6.13). The warm-up of each model is many
// relaxation times long, 1/(sqrt(mu) - sqrt(lambda))^2 for M/M/1 (Cohen, "The Single
// Server Queue", 1969, II.2.1), so that its bias is far below the error.
const (
	agreement = 5.0  // standard errors from theory, at most
	distance  = 20.0 // standard errors from theory that a mutant must have
)

// replications scales the number of replications: more of them on demand, fewer
// in a short run, as under the race detector.
func replications(n int) int {
	switch {
	case os.Getenv("ROLLRISK_DEEP") == "1":
		return 20 * n
	case testing.Short():
		return n / 4
	}
	return n
}

// replicator is what the models of this package have in common.
type replicator interface{ replicate(index int) findings }

// run makes n replications on two workers.
func run[W replicator](t testing.TB, n int, build func() W) []findings {
	t.Helper()
	results := make([]findings, n)
	err := sim.Replicate(t.Context(), sim.Replications[W]{
		Count: n, Workers: 2,
		New: func(int) W { return build() },
		Do:  func(w W, index int) { results[index] = w.replicate(index) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// ratio estimates a measure and its standard error over the replications.
func ratio(t testing.TB, results []findings, name string) (mean, deviation float64) {
	t.Helper()
	sum, count := 0.0, 0.0
	for _, f := range results {
		if f[name] != nil {
			sum, count = sum+f[name].sum, count+f[name].count
		}
	}
	if count == 0 {
		t.Fatalf("nothing was found about %s", name)
	}
	mean = sum / count
	squares, n := 0.0, float64(len(results))
	for _, f := range results {
		if f[name] != nil {
			rest := f[name].sum - mean*f[name].count
			squares += rest * rest
		}
	}
	return mean, math.Sqrt(squares*n/(n-1)) / count
}

// theory is what a model must find, and which measure each mutant must miss.
type theory[W replicator] struct {
	n     int // replications
	build func(mutant) W
	want  map[string]float64
	kills map[mutant]string
}

// test compares the model with the theory, and proves by the mutants, except in
// a short run, that the comparison has teeth.
func (x theory[W]) test(t *testing.T) {
	t.Helper()
	results := run(t, replications(x.n), func() W { return x.build(none) })
	for name, want := range x.want {
		mean, deviation := ratio(t, results, name)
		miss := (mean - want) / deviation
		t.Logf("%s: %.6g, theory %.6g, %+.1f standard errors of %.2g", name, mean, want, miss, deviation)
		if !(math.Abs(miss) <= agreement) {
			t.Errorf("%s: %v differs from theory, %v, by %.1f standard errors", name, mean, want, miss)
		}
	}
	if testing.Short() {
		return
	}
	for fault, name := range x.kills {
		if _, ok := x.want[name]; !ok {
			t.Fatalf("mutant %q is to miss %s, which theory does not tell", fault, name)
		}
		results := run(t, x.n, func() W { return x.build(fault) })
		mean, deviation := ratio(t, results, name)
		miss := (mean - x.want[name]) / deviation
		t.Logf("mutant %q: %s misses by %+.0f standard errors", fault, name, miss)
		if !(math.Abs(miss) >= distance) {
			t.Errorf("mutant %q: %s misses by only %.1f standard errors", fault, name, miss)
		}
	}
}

// oracle is one case of testdata/queues.json: numbers from theory that were
// computed elsewhere.
type oracle struct {
	ID      string
	Outputs map[string]float64
}

func theoryOf(t *testing.T, id string) map[string]float64 {
	t.Helper()
	text, err := os.ReadFile("testdata/queues.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []oracle
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cases, func(c oracle) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no case %s", id)
	}
	return cases[i].Outputs
}

func exponential(mean float64) func(int, *rng.Stream) float64 {
	return func(_ int, s *rng.Stream) float64 { return mean * s.Exponential() }
}

// TestMM1: the sojourn is exponential with rate mu - lambda, so that a share 0.9
// of the customers is below its quantile W_q90.
func TestMM1(t *testing.T) {
	o := theoryOf(t, "MM1")
	theory[*station]{
		n: 200,
		build: func(m mutant) *station {
			return &station{name: t.Name(), rate: 0.8, batch: 1, servers: 1, service: exponential(1), mutant: m,
				marks:  []mark{{"W_q50", math.Ln2 * o["W"]}, {"W_q90", o["W_q90"]}, {"W_q99", o["W_q99"]}},
				warmUp: 1000, horizon: 16000}
		},
		want: map[string]float64{
			"busy": o["rho"], "L": o["L"], "Lq": o["Lq"], "W": o["W"], "Wq": o["Wq"], "P_wait": o["P_wait"],
			"W^2": o["varW"] + o["W"]*o["W"], "W_q50": 0.5, "W_q90": 0.9, "W_q99": 0.99,
		},
		kills: map[mutant]string{
			lastFirst: "W_q99", secondFirst: "W_q50", serviceTwice: "W", extraServer: "P_wait",
		},
	}.test(t)
}

func TestMMc(t *testing.T) {
	for _, c := range []struct {
		id      string
		servers int
		rate    float64
	}{{"MMc_c2_lam1.5", 2, 1.5}, {"MMc_c5_lam4", 5, 4}, {"MMc_c10_lam9", 10, 9}} {
		t.Run(c.id, func(t *testing.T) {
			o := theoryOf(t, c.id)
			theory[*station]{
				n: 60,
				build: func(m mutant) *station {
					return &station{name: t.Name(), rate: c.rate, batch: 1, servers: c.servers, service: exponential(1), mutant: m,
						waits:  []mark{{"Wq_q95", o["Wq_q95"]}},
						warmUp: 500, horizon: 500 + 18000/c.rate}
				},
				want: map[string]float64{
					"busy": c.rate, "P_wait": o["ErlangC"], "Wq": o["Wq"], "W": o["W"], "Lq": o["Lq"], "Wq_q95": 0.95,
				},
				kills: map[mutant]string{extraServer: "P_wait", serviceTwice: "W"},
			}.test(t)
		})
	}
}

// TestErlangLoss: with no room to wait, the blocked share is Erlang's B.
func TestErlangLoss(t *testing.T) {
	o := theoryOf(t, "MMc_c5_lam4")
	theory[*station]{
		n: 40,
		build: func(m mutant) *station {
			return &station{name: t.Name(), rate: 4, batch: 1, servers: 5, room: 5, service: exponential(1), mutant: m,
				warmUp: 100, horizon: 3100}
		},
		want:  map[string]float64{"P_block": o["ErlangB"], "busy": 4 * (1 - o["ErlangB"])},
		kills: map[mutant]string{roomForMore: "P_block"},
	}.test(t)
}

func TestMM1K(t *testing.T) {
	o := theoryOf(t, "MM1K")
	theory[*station]{
		n: 40,
		build: func(m mutant) *station {
			return &station{name: t.Name(), rate: 0.9, batch: 1, servers: 1, room: 5, service: exponential(1), mutant: m,
				warmUp: 200, horizon: 15200}
		},
		want:  map[string]float64{"P_block": o["P_block"], "L": o["L"], "W": o["W_accepted"]},
		kills: map[mutant]string{roomForMore: "P_block", extraServer: "L"},
	}.test(t)
}

// TestMG1 compares with Pollaczek (1930) and Khinchine (1932):
// Wq = lambda E[S^2] / (2 (1 - rho)), for service times of mean 1 from constant to
// four times as variable as the exponential.
func TestMG1(t *testing.T) {
	// A mixture of two exponentials: a fast one of mean 1/2 with probability p, a
	// slow one that makes the mean 1 and the second moment 5.
	p := 6.0 / 7
	fast := 0.5
	slow := (1 - p*fast) / (1 - p)
	for _, c := range []struct {
		name    string
		second  float64 // E[S^2]
		service func(int, *rng.Stream) float64
	}{
		{"M/D/1", 1, func(int, *rng.Stream) float64 { return 1 }},
		{"M/E2/1", 1.5, func(_ int, s *rng.Stream) float64 { return (s.Exponential() + s.Exponential()) / 2 }},
		{"M/U/1", 4.0 / 3, func(_ int, s *rng.Stream) float64 { return 2 * s.Uniform() }},
		{"M/H2/1", 2*p*fast*fast + 2*(1-p)*slow*slow, func(_ int, s *rng.Stream) float64 {
			if s.Uniform() < p {
				return fast * s.Exponential()
			}
			return slow * s.Exponential()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const rate = 0.5
			wait := rate * c.second / (2 * (1 - rate))
			theory[*station]{
				n: 40,
				build: func(m mutant) *station {
					return &station{name: t.Name(), rate: rate, batch: 1, servers: 1, service: c.service, mutant: m,
						warmUp: 1000, horizon: 16000}
				},
				want: map[string]float64{
					"busy": rate, "Wq": wait, "W": wait + 1, "Lq": rate * wait, "P_wait": rate,
				},
				kills: map[mutant]string{serviceTwice: "W", extraServer: "P_wait"},
			}.test(t)
		})
	}
}

// TestPriority: two classes, no interruption (Cobham, "Priority assignment in
// waiting line problems", 1954). Class 0 is the hotfixes.
func TestPriority(t *testing.T) {
	o := theoryOf(t, "MG1_prio_nonpreempt")
	build := func(m mutant) *station {
		return &station{name: t.Name(), rate: 0.7, urgent: 0.1 / 0.7, batch: 1, servers: 1, mutant: m,
			service: func(class int, s *rng.Stream) float64 { return []float64{0.5, 1}[class] * s.Exponential() },
			warmUp:  1000, horizon: 21000}
	}
	t.Run("hotfix first", func(t *testing.T) {
		theory[*station]{
			n: 60, build: build,
			want:  map[string]float64{"busy": 0.65, "Wq0": o["Wq0"], "Wq1": o["Wq1"]},
			kills: map[mutant]string{noPriority: "Wq0", lastFirst: "Wq0"},
		}.test(t)
	})
	t.Run("first come, first served", func(t *testing.T) {
		theory[*station]{
			n: 60, build: func(mutant) *station { return build(noPriority) },
			want: map[string]float64{"Wq": o["Wq_fifo"], "Wq0": o["Wq_fifo"], "Wq1": o["Wq_fifo"]},
		}.test(t)
	})
}

// TestBatchArrivals: M^X/M/1 with three at a time. Within a batch each waits one
// mean service longer than the one before, since simultaneous events keep their
// order.
func TestBatchArrivals(t *testing.T) {
	o := theoryOf(t, "MX_M1")
	theory[*station]{
		n: 60,
		build: func(m mutant) *station {
			return &station{name: t.Name(), rate: 0.2, batch: 3, servers: 1, service: exponential(1), mutant: m,
				warmUp: 1000, horizon: 31000}
		},
		want: map[string]float64{
			"busy": o["rho"], "L": o["L"], "Wq": o["Wq"], "W": o["Wq"] + 1,
			"Wq first": o["Wq"] - 1, "Wq second": o["Wq"], "Wq third": o["Wq"] + 1,
		},
		kills: map[mutant]string{tiesReversed: "Wq first", serviceTwice: "W", lastFirst: "Wq first"},
	}.test(t)
}

func TestTrain(t *testing.T) {
	o := theoryOf(t, "TRAIN_periodic")
	build := func(m mutant) *train {
		return &train{rate: 2, period: 24, test: 4, trains: 50, mark: o["lead_q90"], mutant: m}
	}
	theory[*train]{
		n: 400, build: build,
		want: map[string]float64{
			"mean_wait_h": o["mean_wait_h"], "mean_lead_h": o["mean_lead_h"], "lead_q90": 0.9,
			"batch_mean": o["batch_mean"], "batch^2": o["batch_var"] + o["batch_mean"]*o["batch_mean"],
			"batch_size_seen_by_change": o["batch_size_seen_by_change"],
		},
		kills: map[mutant]string{oneRidesLess: "mean_wait_h"},
	}.test(t)
	for _, f := range run(t, 10, func() *train { return build(none) }) {
		// 500 trains at P_empty_train = 1.4e-21: none will ever be seen.
		if f["P_empty_train"].sum > 0 || o["P_empty_train"] > 1e-20 {
			t.Errorf("%v empty trains", f["P_empty_train"].sum)
		}
	}
}

func TestGreedyBatch(t *testing.T) {
	o := theoryOf(t, "GREEDY_BATCH_lam2.0_D1.0")
	theory[*greedy]{
		n:     60,
		build: func(m mutant) *greedy { return &greedy{rate: 2, duration: 1, warmUp: 100, horizon: 5100, mutant: m} },
		want:  o,
		kills: map[mutant]string{oneRidesLess: "mean_Wq"},
	}.test(t)
}

// TestTandem: by Burke (1956) and Reich (1963) the sojourns at the three stations
// are independent exponentials, so that their sum is hypoexponential.
func TestTandem(t *testing.T) {
	o := theoryOf(t, "TANDEM_MM1x3")
	theory[*network]{
		n: 60,
		build: func(m mutant) *network {
			return &network{rate: 1, serviceRates: []float64{1.5, 2, 4}, mutant: m,
				marks:  []mark{{"q50", o["q50"]}, {"q90", o["q90"]}, {"q99", o["q99"]}},
				warmUp: 500, horizon: 10500}
		},
		want: map[string]float64{
			"W": o["mean"], "W^2": o["sd"]*o["sd"] + o["mean"]*o["mean"], "L_total": o["L_total"],
			"q50": 0.5, "q90": 0.9, "q99": 0.99,
		},
		kills: map[mutant]string{extraServer: "L_total"},
	}.test(t)
}

func TestJacksonRework(t *testing.T) {
	o := theoryOf(t, "JACKSON_rework")
	theory[*network]{
		n: 60,
		build: func(m mutant) *network {
			return &network{rate: 1, serviceRates: []float64{2, 1.8}, failBack: 0.2, mutant: m,
				warmUp: 1000, horizon: 11000}
		},
		want: map[string]float64{
			"eff_rate": o["eff_rate"], "L1": o["L1"], "L2": o["L2"], "W": o["W"],
		},
		kills: map[mutant]string{noRework: "eff_rate"},
	}.test(t)
}

// TestRollouts: the number in flight is Poisson, whatever the distribution of the
// duration.
func TestRollouts(t *testing.T) {
	o := theoryOf(t, "MGinf_inflight_rollouts")
	const mean = 2.5
	for name, duration := range map[string]func(*rng.Stream) float64{
		"constant":    func(*rng.Stream) float64 { return mean },
		"exponential": func(s *rng.Stream) float64 { return mean * s.Exponential() },
		"two-point": func(s *rng.Stream) float64 {
			if s.Uniform() < 0.8 {
				return 0.5
			}
			return (mean - 0.8*0.5) / 0.2
		},
	} {
		t.Run(name, func(t *testing.T) {
			theory[*rollouts]{
				n: 60,
				build: func(m mutant) *rollouts {
					return &rollouts{perDay: 3, duration: duration, warmUp: 60, days: 2000, mutant: m}
				},
				want:  o,
				kills: map[mutant]string{twelveIsMore: "P_gt_12"},
			}.test(t)
		})
	}
}

// TestForkJoin: the longest of n exponentials has the mean 1 + 1/2 + ... + 1/n.
func TestForkJoin(t *testing.T) {
	o := theoryOf(t, "FORKJOIN_max_exp")
	theory[*fork]{
		n:     40000,
		build: func(m mutant) *fork { return &fork{tasks: 5, mutant: m} },
		want:  map[string]float64{"E_max": o["E_max"], "E_max^2": o["sd"]*o["sd"] + o["E_max"]*o["E_max"]},
		kills: map[mutant]string{lastIgnored: "E_max"},
	}.test(t)
}

// TestLittle: L = lambda W is an identity on every path that begins and ends empty
// (Little, 1961): the integral of the queue is the sum of the waits, that of the
// busy servers the sum of the services. The only tolerance is that of adding
// floating-point numbers.
func TestLittle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &station{
			name:    "little",
			rate:    rapid.Float64Range(0.1, 3).Draw(t, "rate"),
			batch:   rapid.IntRange(1, 3).Draw(t, "batch"),
			servers: rapid.IntRange(1, 4).Draw(t, "servers"),
			room:    rapid.SampledFrom([]int{0, 6}).Draw(t, "room"),
			urgent:  rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "urgent"),
			service: exponential(rapid.Float64Range(0.1, 2).Draw(t, "mean service")),
			horizon: 1e6,
		}
		s.open(rapid.IntRange(0, 1000).Draw(t, "replication"))
		s.k.Run(seconds(60))
		s.closed = true
		s.k.Run(sim.Forever)
		end := s.k.Now()
		same := func(what string, mean, sum float64) {
			t.Helper()
			integral := mean * end.Seconds()
			if math.Abs(integral-sum) > (s.wait.count+4)*0x1p-52*sum {
				t.Fatalf("%s: integral %v, sum over the customers %v", what, integral, sum)
			}
		}
		same("queue", s.server.WaitingMean(end), s.wait.sum)
		same("servers", s.server.BusyMean(end), s.sojourn.sum-s.wait.sum)
	})
}
