package experiment

import (
	"cmp"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Worlds are drawings of what nobody knows, with what each decision came to in them: its
// mean over what is luck there, or one sight of it.
type Worlds struct {
	Inputs [][]float64 // [input][world]: the probability below the value that was drawn, between 0 and 1
	Costs  [][]float64 // [decision][world]: what it costs there, in the unit of the answer; two decisions or more
}

// Value is what it is worth to know something before deciding: the mean cost of the
// decision that is best without knowing it, less that of deciding each time knowing it.
type Value struct {
	Value float64 `json:"value"` // in the unit of the costs, 0 or more
	Error float64 `json:"error"` // standard error, of so many worlds
}

// draws is how often the coefficients are drawn again to see what their error does.
const draws = 200

// Perfect is the value of knowing some inputs exactly (expected value of partial perfect
// information), or of all inputs at once: the costs are regressed on them (M. Strong, J. E.
// Oakley and A. Brennan, Estimating multiparameter partial expected value of perfect
// information from a probabilistic sensitivity analysis sample, Medical Decision Making
// 34, 2014, 311-326), on polynomials of degree 3 in their normal scores, added up. What
// the error of the regression adds on average, found by drawing the coefficients again, is
// taken off. ok is false where there are too few worlds: below twice the terms.
func (w Worlds) Perfect(inputs []int, key rng.Key) (v Value, ok bool) {
	var u [][]float64
	for _, i := range inputs {
		u = append(u, w.Inputs[i])
	}
	return w.known(u, key)
}

// Sample is the value of what a study would tell of an input: told[r] is a number that it
// would have found in world r (M. Strong, J. E. Oakley, A. Brennan and P. Breeze,
// Estimating the expected value of sample information using the probabilistic sensitivity
// analysis sample, Medical Decision Making 35, 2015, 570-583).
func (w Worlds) Sample(told []float64, key rng.Key) (Value, bool) {
	return w.known([][]float64{ranked(told)}, key)
}

// ranked replaces values by the middle of their rank, as a share; equal ones by the middle
// of theirs.
func ranked(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	u := make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			u[i] = float64(from+to) / 2 / float64(len(x))
		}
		from = to
	}
	return u
}

// known is the value of knowing the columns u.
func (w Worlds) known(u [][]float64, key rng.Key) (Value, bool) {
	f, ok := regress(basis(u...), w.saved())
	if !ok {
		return Value{}, false
	}
	at := gain(f.fitted)
	again := make([]float64, draws)
	half, ok := dist.Cholesky(f.residual)
	if !ok { // no error at all, or two decisions that always differ by the same
		return Value{Value: at}, true
	}
	for b := range again {
		again[b] = gain(f.drawn(half, key.Stream(uint64(b), 0, 0)))
	}
	mean, deviation := spread(again)
	return Value{Value: math.Max(0, at-math.Max(0, mean-at)), Error: deviation}, true
}

// saved is what each decision but the first saves against it, in each world.
func (w Worlds) saved() [][]float64 {
	var all [][]float64
	for _, costs := range w.Costs[1:] {
		column := make([]float64, len(costs))
		for r := range costs {
			column[r] = w.Costs[0][r] - costs[r]
		}
		all = append(all, column)
	}
	return all
}

// gain is how much more is saved by deciding in each world than once for all.
func gain(saved [][]float64) float64 {
	best, each := 0.0, 0.0
	n := float64(len(saved[0]))
	for _, column := range saved {
		best = math.Max(best, total(column)/n)
	}
	for r := range saved[0] {
		most := 0.0
		for _, column := range saved {
			most = math.Max(most, column[r])
		}
		each += most
	}
	return each/n - best
}

// drawn are fitted values with coefficients drawn from their error: normal, of the
// covariance of the residuals by the inverse of X'X.
func (f fit) drawn(half [][]float64, s rng.Stream) [][]float64 {
	p, k := len(f.basis), len(f.fitted)
	noise := make([][]float64, k) // of the coefficients of each result, before they are correlated
	for a := range noise {
		z := make([]float64, p)
		for i := range z {
			z[i] = portable.NormalQuantile(s.Uniform())
		}
		noise[a] = make([]float64, p)
		for i := range p {
			noise[a][i] = dot(f.root[i], z)
		}
	}
	all := make([][]float64, k)
	for a := range all {
		weights := make([]float64, p)
		for b := range a + 1 {
			for i := range weights {
				weights[i] += float64(half[a][b] * noise[b][i])
			}
		}
		all[a] = combine(f.basis, weights)
		for r := range all[a] {
			all[a][r] += f.fitted[a][r]
		}
	}
	return all
}

// Rests is how much of a result rests on the inputs, and how much on luck. The result of a
// world is taken through the normal scores of its ranks, so that one disaster among the
// worlds does not make up most of it: score = what the inputs say + luck, the inputs added
// up, each by a polynomial of degree 3.
type Rests struct {
	Share     float64 // of the variance of the scores that the inputs account for, corrected for the number of terms (adjusted R^2), 0..1
	Low, High float64 // 5 % and 95 % quantiles of what the inputs say, brought to that variance: normal scores
}

// Explained says how much of a result rests on the inputs; what inputs do only together
// counts as luck. ok is false where there are fewer worlds than four times the terms.
func (w Worlds) Explained(result []float64) (rests Rests, ok bool) {
	if len(result) < 4*(degree*len(w.Inputs)+1) {
		return Rests{}, false
	}
	y := make([]float64, len(result))
	for r, u := range ranked(result) {
		y[r] = portable.NormalQuantile(u)
	}
	f, ok := regress(basis(w.Inputs...), [][]float64{y})
	if !ok {
		return Rests{}, false
	}
	_, deviation := spread(y)
	if deviation == 0 {
		return Rests{}, false
	}
	rests.Share = math.Min(1, math.Max(0, 1-f.residual[0][0]/float64(deviation*deviation)))
	said := slices.Clone(f.fitted[0])
	mean, wide := spread(said)
	if wide > 0 {
		slices.Sort(said)
		shrink := math.Sqrt(rests.Share) * deviation / wide
		at := func(p float64) float64 { return mean + float64(shrink*(said[int(p*float64(len(said)-1))]-mean)) }
		rests.Low, rests.High = at(0.05), at(0.95)
	}
	return rests, true
}

// Band is where the chance of exceeding something lies in the middle nine of ten worlds, if
// over all worlds it is p, between 0 and 1: the luck that is left is normal in the scores.
func (r Rests) Band(p float64) (low, high float64) {
	if !(p > 0 && p < 1) {
		return p, p
	}
	luck := math.Sqrt(math.Max(1e-9, 1-r.Share))
	bound := portable.NormalQuantile(1 - p)
	return 1 - portable.NormalCDF((bound-r.Low)/luck), 1 - portable.NormalCDF((bound-r.High)/luck)
}
