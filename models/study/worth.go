package study

import (
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/experiment"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Worth says what it is worth to know better what the scenario states as a range, before
// an alternative is chosen by its mean cost. Every replication is a world: it draws its
// own value of everything that nobody knows. Money is for one change.
type Worth struct {
	Worlds  int          `json:"worlds"`
	PerYear float64      `json:"changes_per_year"` // that arrive, above 0
	Best    int          `json:"best"`             // index of the alternative that costs least on average
	Spread  stat.Number  `json:"spread"`           // share of the spread of the cost of a period with Best (the variance of the normal scores of its ranks) that the ranges account for, 0..1; null where there are too few worlds
	Perfect Knowing      `json:"perfect"`          // everything exactly
	Inputs  []WorthInput `json:"inputs"`           // those stated as a range, in the order of the scenario
}

// Knowing is what it is worth to know something, in the scenario's currency for a change.
type Knowing struct {
	Value         stat.Number `json:"value"`          // null where there are too few worlds to tell
	StandardError stat.Number `json:"standard_error"` // by the number of worlds
}

// WorthInput is one input that is stated as a range.
type WorthInput struct {
	Path    string        `json:"path"`    // address in the scenario
	Label   string        `json:"label"`   // for people
	Stated  string        `json:"stated"`  // as the scenario says it
	Perfect Knowing       `json:"perfect"` // it exactly
	Samples []WorthSample `json:"samples"` // what measuring it tells
}

// WorthSample is what some measurements are worth.
type WorthSample struct {
	N int `json:"n"` // measurements
	Knowing
}

// sampleSizes are the numbers of measurements that are valued: an assumption, about what a
// team can look at in a month and in a half-year.
var sampleSizes = [...]int{20, 100}

// drawn are the worlds of the study: what each replication drew of what nobody knows.
func (r *reduction) drawn() experiment.Worlds {
	w := experiment.Worlds{Inputs: make([][]float64, len(r.p.Case.Beliefs))}
	for k := range r.all.Count {
		for i, u := range r.p.Case.Draws(r.p.Seed, uint64(r.all.First+k)) {
			w.Inputs[i] = append(w.Inputs[i], u)
		}
	}
	return w
}

// doubt fills where the curves of what a period costs lie in most worlds.
func (r *reduction) doubt(w experiment.Worlds) {
	if len(w.Inputs) == 0 {
		return
	}
	k := slices.Index(exceeded[:], "cost_period")
	for i := range r.all.Rows {
		costs := make([]float64, r.all.Count)
		for n := range costs {
			costs[n] = r.all.Rows[i].Periods[n].Cost
		}
		curve := &r.study.Alternatives[i].Exceed[k]
		if slices.ContainsFunc(costs, math.IsNaN) {
			continue
		}
		rests, ok := w.Explained(costs)
		if !ok {
			continue
		}
		for _, p := range curve.Curve.Points {
			low, high := rests.Band(p.P)
			curve.Doubt = append(curve.Doubt, DoubtBand{X: p.X, Low: low, High: high})
		}
	}
}

// worth values the ranges; nil where there is none, one alternative, no price, or a
// pipeline that does not keep up.
func (r *reduction) worth(w experiment.Worlds) *Worth {
	if len(w.Inputs) == 0 || len(r.all.Rows) < 2 || r.p.Aim() != aimCost {
		return nil
	}
	for i := range r.all.Rows {
		costs := make([]float64, r.all.Count)
		for k := range costs {
			costs[k] = r.all.Rows[i].Periods[k].Cost / float64(r.p.Case.Changes.PerPeriod)
			if math.IsNaN(costs[k]) {
				return nil
			}
		}
		w.Costs = append(w.Costs, costs)
	}
	return r.valued(w)
}

func (r *reduction) valued(w experiment.Worlds) *Worth {
	perWeek := float64(r.p.Case.Changes.PerWeek.Value)
	if pace := r.p.Case.Pace.Changes; pace > 0 {
		perWeek = float64(perWeek * pace)
	}
	v := &Worth{Worlds: r.all.Count, PerYear: float64(perWeek * 365.25 / 7), Best: cheapest(w.Costs), Spread: stat.Number(math.NaN())}
	if rests, ok := w.Explained(w.Costs[v.Best]); ok {
		v.Spread = stat.Number(rests.Share)
	}
	every := make([]int, len(w.Inputs))
	for i := range every {
		every[i] = i
	}
	v.Perfect = knowing(w.Perfect(every, rng.NewKey(r.p.Seed, "worth/all")))
	for i, b := range r.p.Case.Beliefs {
		in := WorthInput{Path: b.Path, Label: b.Path, Perfect: knowing(w.Perfect(every[i:i+1], rng.NewKey(r.p.Seed, "worth/"+b.Path)))}
		for k := range r.p.Inputs {
			if r.p.Inputs[k].Path == b.Path {
				in.Label, in.Stated = r.p.Inputs[k].Label, r.p.Inputs[k].Value
			}
		}
		for _, n := range sampleSizes {
			key := rng.NewKey(r.p.Seed, "worth/sample/"+b.Path)
			told := measured(b.Dist, w.Inputs[i], n, key)
			in.Samples = append(in.Samples, WorthSample{n, knowing(w.Sample(told, rng.NewKey(r.p.Seed, "worth/told/"+b.Path)))})
		}
		v.Inputs = append(v.Inputs, in)
	}
	return v
}

func knowing(v experiment.Value, ok bool) Knowing {
	if !ok {
		return Knowing{stat.Number(math.NaN()), stat.Number(math.NaN())}
	}
	return Knowing{stat.Number(v.Value), stat.Number(v.Error)}
}

// cheapest is the alternative with the least mean cost.
func cheapest(costs [][]float64) int {
	best, least := 0, math.Inf(1)
	for i := range costs {
		sum := 0.0
		for _, c := range costs[i] {
			sum += c
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}

// measured is what n measurements of an input would have found in each world: of a share
// how many of n, of anything else their geometric mean, where one measurement is off by a
// factor of e or less in two of three (an assumption).
func measured(d dist.Dist, u []float64, n int, key rng.Key) []float64 {
	told := make([]float64, len(u))
	_, share := d.(dist.LogitNormal)
	for k := range u {
		x, luck := d.Quantile(u[k]), key.Uniform(0, uint64(k), uint64(n))
		if share {
			told[k] = float64(dist.BinomialQuantile(luck, int64(n), x))
			continue
		}
		told[k] = portable.Log(math.Max(x, math.SmallestNonzeroFloat64)) + portable.NormalQuantile(luck)/math.Sqrt(float64(n))
	}
	return told
}
