package dist

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Empirical is what was observed: each of n values with probability 1/n. The zero
// value is not a distribution.
type Empirical struct {
	values []float64 // sorted, at least one; never written to
	mean   float64
}

// Interpolated is what was observed, with a straight line between neighbouring values:
// quantile definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages"
// (1996). It never goes beyond the smallest and the largest value. The zero value is
// not a distribution.
type Interpolated struct {
	values []float64 // sorted, at least one; never written to
	mean   float64
}

func empiricalFamily() Family {
	f := Family{
		Name:       "empirical",
		Doc:        "One of the observed values, all equally likely.",
		Parameters: []string{"value..."},
	}
	f.New = func(p []float64) (Dist, error) { return orNil(NewEmpirical(p)) }
	return f
}

func interpolatedFamily() Family {
	f := Family{
		Name:       "interpolated",
		Doc:        "Between the observed values, with the same probability between any two neighbours.",
		Parameters: []string{"value..."},
	}
	f.New = func(p []float64) (Dist, error) { return orNil(NewInterpolated(p)) }
	return f
}

// NewEmpirical returns the distribution of one value drawn from these, in any order;
// there must be at least one and all must be finite. The slice is copied.
func NewEmpirical(values []float64) (Empirical, error) {
	sorted, err := sortedFinite("empirical", values)
	if err != nil {
		return Empirical{}, err
	}
	mean := 0.0
	for _, v := range sorted {
		mean += v / float64(len(sorted))
	}
	return Empirical{sorted, mean}, nil
}

// NewInterpolated returns the distribution that goes in straight lines through these
// values, in any order; there must be at least one (one is a constant) and all must be
// finite, their range too. The slice is copied.
func NewInterpolated(values []float64) (Interpolated, error) {
	sorted, err := sortedFinite("interpolated", values)
	if err == nil {
		err = finite("interpolated", "range of the values", sorted[len(sorted)-1]-sorted[0])
	}
	if err != nil {
		return Interpolated{}, err
	}
	mean := sorted[0]
	if gaps := len(sorted) - 1; gaps > 0 {
		mean = 0
		for i := range gaps {
			mean += (float64(sorted[i]/2) + float64(sorted[i+1]/2)) / float64(gaps)
		}
	}
	return Interpolated{sorted, mean}, nil
}

// sortedFinite returns a sorted copy of the values.
func sortedFinite(family string, values []float64) ([]float64, error) {
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: no values given, it takes at least one", family)
	}
	for i, v := range values {
		if err := finite(family, fmt.Sprintf("value %d", i+1), v); err != nil {
			return nil, err
		}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted, nil
}

// Quantile returns the k-th smallest value, k = n u rounded up: definition 1 of
// Hyndman and Fan (1996).
func (d Empirical) Quantile(u float64) float64 {
	n := len(d.values)
	k := int(math.Ceil(float64(float64(n) * u)))
	return d.values[max(1, min(k, n))-1]
}

// Mean returns the mean of the values.
func (d Empirical) Mean() float64 { return d.mean }

// CDF returns the share of the values that are at most x.
func (d Empirical) CDF(x float64) float64 {
	return float64(countAtMost(d.values, x)) / float64(len(d.values))
}

// Survival returns the share of the values that are above x.
func (d Empirical) Survival(x float64) float64 {
	n := len(d.values)
	return float64(n-countAtMost(d.values, x)) / float64(n)
}

// countAtMost returns how many of the sorted values are at most x.
func countAtMost(sorted []float64, x float64) int {
	return sort.Search(len(sorted), func(i int) bool { return sorted[i] > x })
}

// Quantile returns the value at the place (n-1) u, counted from 0.
func (d Interpolated) Quantile(u float64) float64 {
	last := len(d.values) - 1
	place := float64(float64(last) * u)
	i := max(0, min(int(place), last-1))
	if last == 0 {
		return d.values[0]
	}
	part := place - float64(i)
	low, high := d.values[i], d.values[i+1]
	return math.Min(high, low+float64(part*(high-low)))
}

// Mean returns the mean of the distribution, in which the smallest and the largest
// value count half.
func (d Interpolated) Mean() float64 { return d.mean }

// CDF returns P(X <= x).
func (d Interpolated) CDF(x float64) float64 {
	n := countAtMost(d.values, x)
	switch {
	case n == 0:
		return 0
	case n == len(d.values):
		return 1
	}
	low, high := d.values[n-1], d.values[n]
	return (float64(n-1) + (x-low)/(high-low)) / float64(len(d.values)-1)
}

// Survival returns P(X > x).
func (d Interpolated) Survival(x float64) float64 { return 1 - d.CDF(x) }
