package experiment

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// KimNelson finds the best of several systems by fully sequential sampling (S.-H. Kim and
// B. L. Nelson, A fully sequential procedure for indifference-zone selection in
// simulation, ACM TOMACS 11, 2001, 251-273, with c = 1): with the stated confidence the
// one with the largest mean is chosen, if it is ahead by Indifference or more.
type KimNelson struct {
	Confidence   float64 // of the choice, between 1/k and 1
	Indifference float64 // what does not matter, above 0, in the unit of the results
	First        int     // observations of each before the first look, 2 or more
	Most         int     // observations of each after which the largest mean is taken
}

// Constants are eta and h^2 for k systems.
func (p KimNelson) Constants(k int) (eta, h2 float64) {
	n := float64(p.First - 1)
	eta = (portable.Pow(2*(1-p.Confidence)/float64(k-1), -2/n) - 1) / 2
	return eta, float64(2 * eta * n)
}

// Choice is what a selection came to.
type Choice struct {
	Best     int     // index of the system
	Sampled  []int   // observations of each
	Decided  bool    // with the confidence that was asked for; false where Most was reached
	Mean     float64 // of the best
	Survived []int   // those that were left at the end
}

// Select samples: next is one more observation of every system that is still in, with
// common random numbers or not. It gives the result for each index of in.
func (p KimNelson) Select(k int, next func(in []int) []float64) Choice {
	all := make([][]float64, k)
	in := make([]int, k)
	for i := range in {
		in[i] = i
	}
	draw := func() {
		for j, y := range next(in) {
			all[in[j]] = append(all[in[j]], y)
		}
	}
	for range p.First {
		draw()
	}
	square := make([][]float64, k)
	for i := range square {
		square[i] = make([]float64, k)
		for j := range square[i] {
			square[i][j] = differenceVariance(all[i], all[j])
		}
	}
	r := p.First
	for len(in) > 1 && r < p.Most {
		if in = p.survivors(in, all, square); len(in) == 1 {
			break
		}
		draw()
		r++
	}
	return chosen(in, all)
}

// chosen is the largest mean of those that are left.
func chosen(in []int, all [][]float64) Choice {
	c := Choice{Best: in[0], Decided: len(in) == 1, Survived: in}
	for _, i := range in {
		if total(all[i])/float64(len(all[i])) > total(all[c.Best])/float64(len(all[c.Best])) {
			c.Best = i
		}
	}
	for i := range all {
		c.Sampled = append(c.Sampled, len(all[i]))
	}
	c.Mean = total(all[c.Best]) / float64(len(all[c.Best]))
	return c
}

// survivors are those that no other is ahead of by more than is left of the triangle.
func (p KimNelson) survivors(in []int, all, square [][]float64) []int {
	var left []int
	_, h2 := p.Constants(len(all))
	r := len(all[in[0]])
	for _, i := range in {
		stays := true
		for _, j := range in {
			w := math.Max(0, p.Indifference/(2*float64(r))*(float64(h2*square[i][j])/float64(p.Indifference*p.Indifference)-float64(r)))
			if j != i && total(all[i])/float64(r) < total(all[j])/float64(r)-w {
				stays = false
			}
		}
		if stays {
			left = append(left, i)
		}
	}
	return left
}

func differenceVariance(a, b []float64) float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	_, s := spread(d)
	return float64(s * s)
}

func total(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// Allocation is how a budget of observations is best shared between systems of which the
// one with the smallest mean is looked for (C.-H. Chen, J. Lin, E. Yücesan and S. E. Chick,
// Simulation budget allocation for further enhancing the efficiency of ordinal
// optimization, 2000): shares that add up to 1. Means that are equal to the best get as
// much as one that is tiny away from it.
func Allocation(means, deviations []float64) []float64 {
	best, reference := 0, -1
	for i := range means {
		if means[i] < means[best] {
			best = i
		}
	}
	weights := make([]float64, len(means))
	least := float64(1e-9*math.Abs(means[best])) + 1e-9
	for i := range means {
		if i == best {
			continue
		}
		if reference < 0 {
			reference = i
		}
		ratio := deviations[i] / math.Max(means[i]-means[best], least)
		weights[i] = float64(ratio * ratio)
	}
	if reference < 0 {
		return []float64{1}
	}
	square := 0.0
	for i := range weights {
		if i != best && deviations[i] > 0 {
			x := weights[i] / deviations[i]
			square += float64(x * x)
		}
	}
	weights[best] = float64(deviations[best] * math.Sqrt(square))
	sum := total(weights)
	for i := range weights {
		weights[i] /= sum
	}
	return weights
}
