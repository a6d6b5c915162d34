package stat

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNumberRoundTrip: every float64 comes back with its bits, NaN as NaN.
func TestNumberRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Number(math.Float64frombits(rapid.Uint64().Draw(t, "bits")))
		data, err := json.Marshal(struct{ X Number }{want})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ X Number }
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if math.Float64bits(float64(got.X)) != math.Float64bits(float64(want)) && !(want != want && got.X != got.X) {
			t.Fatalf("%v became %s and then %v", want, data, got.X)
		}
	})
}

func TestNumberText(t *testing.T) {
	for want, x := range map[string]float64{
		"null": math.NaN(), `"inf"`: math.Inf(1), `"-inf"`: math.Inf(-1), "0.1": 0.1, "-0": math.Copysign(0, -1),
		"100": 100, "1e+21": 1e21, "5e-324": 5e-324, "0.30000000000000004": 0.30000000000000004,
	} {
		if got, err := json.Marshal(Number(x)); err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v, want %s", x, got, err, want)
		}
	}
	for _, bad := range []string{`"Inf"`, `"NaN"`, `true`, `[1]`, `1e999`, `"1"`} {
		var x Number
		if err := json.Unmarshal([]byte(bad), &x); err == nil || !strings.HasPrefix(err.Error(), "stat: "+bad) {
			t.Errorf("%s was read as %v, %v", bad, x, err)
		}
	}
}

// TestEveryResultIsJSON: no result, however degenerate, fails to be written, and all
// come back as they were.
func TestEveryResultIsJSON(t *testing.T) {
	inf := math.Inf(1)
	for _, xs := range [][]float64{nil, {1}, {inf}, {0, 0}, {1, inf}, {inf, inf}, {1, 2, 3, 4}, {-1, 0, 5}} {
		for _, c := range []Clusters{Independent(len(xs)), Even(len(xs), 3), Even(len(xs), 100)} {
			all := everything(Column{xs, c})
			data, err := json.Marshal(all)
			if err != nil {
				t.Fatalf("%v: %v", xs, err)
			}
			var back results
			if err := json.Unmarshal(data, &back); err != nil {
				t.Fatalf("%v: %v", xs, err)
			}
			again, err := json.Marshal(back)
			if err != nil || string(again) != string(data) {
				t.Errorf("%v: %v\n%s\n%s", xs, err, data, again)
			}
			if text := string(data); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
				t.Errorf("%v: %s", xs, text)
			}
		}
	}
}

// results is one of everything.
type results struct {
	Summary    Summary    `json:"summary"`
	Share      Proportion `json:"share"`
	Difference Comparison `json:"difference"`
	Shift      Comparison `json:"shift"`
	Contest    Contest    `json:"contest"`
	Curve      Curve      `json:"curve"`
	Survival   Survival   `json:"survival"`
	Decision   Decision   `json:"decision"`
}

// everything computes all there is from one column, and its double.
func everything(c Column) results {
	double := Column{make([]float64, len(c.Rows)), c.Clusters}
	for i, x := range c.Rows {
		double.Rows[i] = 2 * x
	}
	var one, two Scratch
	s, d := NewSample(c, &one), NewSample(double, &two)
	options := CompareOptions{Level: 0.9, Comparisons: 3}
	y := Summarise(s, SummaryOptions{Level: 0.9, Quantiles: []float64{0.05, 0.5, 0.95}, Tails: []float64{0, 0.95}})
	return results{
		Summary:    y,
		Share:      ProportionOf(Indicator{c, func(x float64) bool { return x > 1 }}, 0.9),
		Difference: Compare(c, double, options),
		Shift:      CompareQuantiles(s, d, 0.5, options),
		Contest:    Compete(c, double, Rule{Relative: 0.1}, 0.9),
		Curve:      Exceedance(s, CurveOptions{Level: 0.9, Points: 12}),
		Survival:   SurvivalOf(s, CurveOptions{Level: 0.9, At: []float64{0.5, 0, 2}}),
		Decision:   Stopper{Target: 0.02, Level: 0.9, Block: 1000, Maximum: 1e6}.Next(len(c.Rows)+1, y.Estimate),
	}
}
