package experiment

import (
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/sim/points"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Decomposition is a design for the shares of the variance that inputs account for (I. M.
// Sobol 1993; A. Saltelli and others, Variance based sensitivity analysis of model output,
// Computer Physics Communications 181, 2010, 259-270): two sets of points A and B, and for
// each input the points of A with that coordinate from B. It takes base*(dims+2)
// evaluations.
type Decomposition struct {
	Points [][]float64 // A, B, then for each input A with that coordinate of B; base points each
	base   int
	dims   int
}

// NewDecomposition makes a design of base points, best a power of two, from a scrambled
// Sobol sequence of 2*dims coordinates.
func NewDecomposition(dims, base int, key rng.Key) *Decomposition {
	d := &Decomposition{base: base, dims: dims}
	s := points.NewSobol(2*dims, key)
	both := make([][]float64, base)
	for i := range both {
		both[i] = make([]float64, 2*dims)
		s.At(uint32(i), both[i])
	}
	for _, from := range [...]int{0, dims} {
		for i := range both {
			d.Points = append(d.Points, both[i][from:from+dims:from+dims])
		}
	}
	for k := range dims {
		for i := range both {
			x := slices.Clone(both[i][:dims])
			x[k] = both[i][dims+k]
			d.Points = append(d.Points, x)
		}
	}
	return d
}

// Index is the share of the variance that one input accounts for, with a 90 % interval of
// the design's error.
type Index struct {
	First     float64 `json:"first"`      // alone, 0..1 but for the error
	FirstLow  float64 `json:"first_low"`  // share of the variance
	FirstHigh float64 `json:"first_high"` // share of the variance
	Total     float64 `json:"total"`      // with all its interactions, 0..1 but for the error
	TotalLow  float64 `json:"total_low"`  // share of the variance
	TotalHigh float64 `json:"total_high"` // share of the variance
}

// resamples is how often the rows are drawn again for an interval: the ends of a 90 %
// interval are the 10th smallest and largest of 200.
const resamples = 200

// Indices reads the results of the design's points: first-order indices by the estimator of
// Saltelli and others (2010, table 2 b), total ones by that of Jansen (1999), intervals
// from the basic bootstrap over the base points. variance is that of the result. Where it
// is 0 every index is NaN. A base point of which a result is NaN, since it could not be
// evaluated, is left out.
func (d *Decomposition) Indices(y []float64, key rng.Key) (all []Index, variance float64) {
	whole := d.whole(y)
	rows := slices.Clone(whole)
	variance = d.variance(y, rows)
	all = make([]Index, d.dims)
	for k := range all {
		all[k].First, all[k].Total = d.index(y, rows, k, variance)
	}
	first, total := make([][]float64, d.dims), make([][]float64, d.dims)
	for b := range uint64(resamples) {
		s := key.Stream(b, 0, 0)
		for i := range rows {
			rows[i] = whole[int(s.Uniform()*float64(len(whole)))]
		}
		v := d.variance(y, rows)
		for k := range all {
			f, t := d.index(y, rows, k, v)
			first[k], total[k] = append(first[k], f), append(total[k], t)
		}
	}
	for k := range all {
		x := &all[k]
		x.FirstLow, x.FirstHigh = basic(x.First, first[k])
		x.TotalLow, x.TotalHigh = basic(x.Total, total[k])
	}
	return all, variance
}

// whole are the base points of which every result is known.
func (d *Decomposition) whole(y []float64) (rows []int) {
	for i := range d.base {
		known := true
		for at := i; at < len(y); at += d.base {
			known = known && !math.IsNaN(y[at])
		}
		if known {
			rows = append(rows, i)
		}
	}
	return rows
}

// basic is the basic bootstrap interval: what resampling does to the estimate, taken the
// other way round.
func basic(at float64, again []float64) (low, high float64) {
	slices.Sort(again)
	n := len(again)
	return 2*at - again[n-n/20], 2*at - again[n/20-1]
}

// variance is that of A and B together.
func (d *Decomposition) variance(y []float64, rows []int) float64 {
	n, mean, square := float64(2*len(rows)), 0.0, 0.0
	for _, i := range rows {
		mean += y[i] + y[d.base+i]
	}
	mean /= n
	for _, i := range rows {
		a, b := y[i]-mean, y[d.base+i]-mean
		square += float64(a*a) + float64(b*b)
	}
	return square / (n - 1)
}

func (d *Decomposition) index(y []float64, rows []int, k int, variance float64) (first, total float64) {
	at := (2 + k) * d.base
	for _, i := range rows {
		a, b, mixed := y[i], y[d.base+i], y[at+i]
		first += float64(b * (mixed - a))
		total += float64((a - mixed) * (a - mixed))
	}
	n := float64(len(rows))
	if variance == 0 {
		return math.NaN(), math.NaN()
	}
	return first / n / variance, total / (2 * n) / variance
}
