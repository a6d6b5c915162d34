package analytic

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

func TestKnownLooks(t *testing.T) {
	knownFile(t, "looks.json", map[string]func(question) answer{
		"ARMITAGE_repeated": answerPeeking,
		"GROUPSEQ_":         answerGroupSequential,
		"mSPRT_vec_":        answerMixture,
		"mSPRT_gauss_":      answerMixtureLooks,
		"MW_vector":         answerMannWhitney,
	})
}

func answerPeeking(q question) answer {
	l := Looks{TwoSided: true}
	for range 200 {
		l.Bounds = append(l.Bounds, q.number("bound"))
	}
	values, sum := map[string]float64{}, 0.0
	for i, c := range l.Crossings(0) {
		sum += c
		switch k := i + 1; k {
		case 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 50, 100, 200:
			values[fmt.Sprintf("K%d", k)] = sum
		}
	}
	return answer{values: values}
}

func answerGroupSequential(q question) answer {
	k := q.count("K")
	drift := q.number("drift_total") / math.Sqrt(float64(k))
	values := map[string]float64{}
	for shape, name := range map[string]string{Pocock: "Pocock", OBrienFleming: "OBF"} {
		plan := GroupSequential{Looks: k, Alpha: q.number("alpha"), Shape: shape, TwoSided: true}.Plan()
		values["C_"+name] = plan.Bounds[k-1]
		values[name+"_power_at_fixed90"], values[name+"_E_looks"] = plan.Reject(drift)
		if shape == OBrienFleming {
			list(values, "OBF_bounds", plan.Bounds)
		}
	}
	return answer{values: values, tolerance: 2e-8, why: "the drift is given to eight digits"}
}

func answerMixture(q question) answer {
	m := MixtureSPRT{Variance: q.number("V_sum_of_variances"), Prior: q.number("tau2")}
	n := q.number("n_per_arm")
	ratio := portable.Exp(m.Log(n, q.number("diff")))
	return answer{values: map[string]float64{"Lambda": ratio, "p": 1 / ratio, "cs_halfwidth_a05": m.HalfWidth(n, 0.05)}}
}

func answerMixtureLooks(q question) answer {
	l := MixtureSPRT{Variance: 1, Prior: q.number("tau2")}.Looks(q.count("looks"), q.number("alpha"))
	values := map[string]float64{}
	for _, mu := range []float64{0, 0.2, 0.5} {
		name := fmt.Sprintf("mu%v", mu)
		values["P_cross_"+name], values["E_min_T_K_"+name] = l.Reject(mu)
	}
	return answer{values: values}
}

func answerMannWhitney(q question) answer {
	r := Ranks{Canary: q.numbers("x"), Baseline: q.numbers("y")}
	values := map[string]float64{"W": r.Statistic(), "p": r.P(), "HL": r.Shift(), "exact_p": r.ExactP()}
	for key, level := range map[string]float64{"CI95": 0.95, "CI98": 0.98} {
		low, high := r.Interval(level)
		list(values, key, []float64{low, high})
	}
	low, high := r.ExactInterval(0.98)
	list(values, "exact_CI98", []float64{low, high})
	return answer{values: values, tolerance: 3e-4, why: "R searches limits and shift to 1e-4"}
}

// TestRanksClosely: what R does not search for is its own to all printed digits.
func TestRanksClosely(t *testing.T) {
	r := Ranks{Canary: []float64{1.2, 1.5, 1.3, 1.9, 2.1, 1.7, 1.6, 2.4, 1.8, 2.0}, Baseline: []float64{1.0, 1.1, 0.9, 1.4, 1.25, 1.35, 1.05, 1.55, 1.15, 1.45}}
	for what, pair := range map[string][2]float64{"p": {r.P(), 0.002827272091}, "exact p": {r.ExactP(), 0.001504687263}, "W": {r.Statistic(), 90}} {
		if math.Abs(pair[0]-pair[1]) > 5e-13 {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
}

// TestSpending: the published bounds for five looks at 5 % on both sides (computed
// with the program of Reboussin, DeMets, Kim and Lan, 2000), to their digits.
func TestSpending(t *testing.T) {
	for shape, want := range map[string][]float64{
		SpendLikeOBF:    {4.877, 3.357, 2.680, 2.290, 2.031},
		SpendLikePocock: {2.438, 2.427, 2.410, 2.397, 2.386},
	} {
		plan := GroupSequential{Looks: 5, Alpha: 0.05, Shape: shape, TwoSided: true}.Plan()
		for i, b := range plan.Bounds {
			if math.Abs(b-want[i]) > 0.0006 {
				t.Errorf("%s, look %d: %v, want %v", shape, i+1, b, want[i])
			}
		}
		if p, _ := plan.Reject(0); math.Abs(p-0.05) > 1e-10 {
			t.Errorf("%s: level %v", shape, p)
		}
	}
}

// TestJudgement: the judge's own small cases, and those with thirty points.
func TestJudgement(t *testing.T) {
	small := Ranks{Canary: []float64{20, 22, 21, 25, 30}, Baseline: []float64{1, 2.2, 1.1, 2.5, 3}}
	own := Judge{Confidence: 0.95, Tolerance: 0.1, Increase: 0.2, Decrease: 0.2}
	ten, twenty := around(10), around(20)
	for _, c := range []struct {
		name  string
		judge Judge
		ranks Ranks
		want  string
	}{
		{"small", own, small, High},
		{"small, turned", own, Ranks{small.Baseline, small.Canary}, Low},
		{"alike", own, Ranks{ten, around(10.01)}, Pass},
		{"twice", own, Ranks{twenty, ten}, High},
		{"half", own, Ranks{ten, twenty}, Low},
		{"half, but only a rise counts", Judge{Confidence: 0.95, Tolerance: 0.1, Direction: Rises}, Ranks{ten, twenty}, Pass},
		{"twice, but only a fall counts", Judge{Confidence: 0.95, Tolerance: 0.1, Direction: Falls}, Ranks{twenty, ten}, Pass},
		{"identical", own, Ranks{ten, ten}, Pass},
		{"nothing", own, Ranks{nil, ten}, NoData},
		{"a rise smaller than allowed", Judge{Confidence: 0.98, Tolerance: 0.25, Increase: 2}, Ranks{twenty, ten}, Pass},
	} {
		if got := c.judge.Verdict(c.ranks); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if low, high := (Ranks{ten, ten}).Interval(0.98); low > 0 || high < 0 {
		t.Errorf("identical samples: %v to %v", low, high)
	}
	if s := strings.Join([]string{High, Low, Pass, NoData}, " "); s != "High Low Pass Nodata" {
		t.Errorf("the words of the judge are %s", s)
	}
}

// around are thirty points that scatter by a tenth, in a fixed order.
func around(mean float64) []float64 {
	var xs []float64
	for i := range 30 {
		xs = append(xs, mean*(1+0.1*portable.NormalQuantile((float64(i*7%30)+0.5)/30)))
	}
	return xs
}
