package experiment

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// oracles are the cases of testdata/selection.json by their names.
func oracles(t *testing.T) map[string]map[string]json.RawMessage {
	t.Helper()
	data, err := os.ReadFile("testdata/selection.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s is %.16g, want %.16g", what, got, want)
	}
}

func TestKNConstants(t *testing.T) {
	for name, k := range map[string][2]int{"k2_n010": {2, 10}, "k2_n020": {2, 20}, "k2_n050": {2, 50}, "k3_n010": {3, 10},
		"k3_n020": {3, 20}, "k3_n050": {3, 50}, "k5_n010": {5, 10}, "k5_n020": {5, 20}, "k5_n050": {5, 50},
		"k10_n010": {10, 10}, "k10_n020": {10, 20}, "k10_n050": {10, 50}} {
		var want struct{ Eta, H2 float64 }
		if err := json.Unmarshal(oracles(t)["RS_KN_constants"][name], &want); err != nil {
			t.Fatal(err)
		}
		eta, h2 := KNConstants(k[0], k[1], 0.05)
		near(t, name+" eta", eta, want.Eta, 1e-13)
		near(t, name+" h2", h2, want.H2, 1e-13)
	}
}

func TestOCBA(t *testing.T) {
	var want []float64
	if err := json.Unmarshal(oracles(t)["OCBA"]["fractions"], &want); err != nil {
		t.Fatal(err)
	}
	for i, got := range OCBA([]float64{1, 2, 3, 4, 5}, []float64{10, 10, 10, 10, 10}) {
		near(t, "share", got, want[i], 1e-14)
	}
}

// With two systems and one degree of freedom the constant is the quantile of the sum of
// two Cauchy variables, 2 tan(pi (1/2 - alpha)); with many degrees it nears that for known
// variances, sqrt(2) z at (1-alpha)^(1/(k-1)), from above.
func TestRinottConstant(t *testing.T) {
	near(t, "Cauchy", RinottConstant(2, 2, 0.05), 2*math.Tan(math.Pi*0.45), 1e-3)
	for _, k := range []int{2, 3, 5, 10} {
		known := math.Sqrt2 * portable.NormalQuantile(math.Pow(0.95, 1/float64(k-1)))
		if h := RinottConstant(k, 4000, 0.05); !(h >= known && h < known*1.001) {
			t.Errorf("k=%d: %v is not just above %v", k, h, known)
		}
	}
	if few, more := RinottConstant(5, 10, 0.05), RinottConstant(5, 20, 0.05); !(few > more) {
		t.Errorf("%v from 10 observations, %v from 20", few, more)
	}
}

// On the slippage configuration, where all others are worse by exactly the zone, KN keeps
// its promise. The tolerance is five standard errors of the share of right selections.
func TestKNKeepsItsPromise(t *testing.T) {
	runs := 400
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		runs = 20_000
	}
	key := rng.NewKey(1, "test/kn")
	for _, k := range []int{2, 5, 10} {
		right, spent := 0, 0
		for run := range runs {
			got, err := KN{Zone: 0.5, Alpha: 0.1, First: 10, Most: 100_000}.Select(k, func(i int, play []int, values []float64) error {
				for _, j := range play {
					z := key.Stream(uint64(run), uint64(i), uint64(j))
					values[j] = math.Sqrt(-2*math.Log(z.Uniform())) * math.Cos(2*math.Pi*z.Uniform())
					if j != 1 {
						values[j] += 0.5
					}
				}
				return nil
			})
			if err != nil || !got.Proven {
				t.Fatal(got, err)
			}
			for _, n := range got.Spent {
				spent += n
			}
			if got.Best == 1 {
				right++
			}
		}
		share, least := float64(right)/float64(runs), 0.9-5*math.Sqrt(0.9*0.1/float64(runs))
		t.Logf("k=%d: right in %.4f, %d observations a run", k, share, spent/runs)
		if share < least {
			t.Errorf("k=%d: right in %v of the runs, promised 0.9", k, share)
		}
	}
}

// The tilted estimate of a probability of four in a million is that of the closed form,
// and is worth ten thousand plain draws at least.
func TestRareSum(t *testing.T) {
	var want float64
	if err := json.Unmarshal(oracles(t)["RARE_CP_exp"]["p"], &want); err != nil {
		t.Fatal(err)
	}
	got := RareSum{Number: 2, Loss: 1, Bound: 20}.Estimate(rng.NewKey(1, "test/rare"), 100_000)
	t.Logf("%+v", got)
	if math.Abs(got.Probability-want) > 5*got.StandardError || got.StandardError > 0.02*want {
		t.Errorf("%v +- %v, want %v", got.Probability, got.StandardError, want)
	}
	near(t, "tilt", got.Tilt, 0.683772233983162, 1e-14)
	if got.Factor < 1e4 {
		t.Errorf("one draw is worth %v", got.Factor)
	}
}
