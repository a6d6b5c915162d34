package stat

import "math"

// Sample is a column beside its values in rising order.
type Sample struct {
	Column
	sorted []float64
}

// NewSample sorts a column. The Sample uses the memory of the scratch and is valid
// until that is used again. It panics if a row is NaN, or if the numbers of rows do
// not agree.
func NewSample(c Column, scratch *Scratch) Sample {
	c.check()
	return Sample{Column: c, sorted: scratch.Sort(c.Rows)}
}

// Sorted returns the values in rising order, +Inf last. It must not be changed.
func (s Sample) Sorted() []float64 { return s.sorted }

// Summary is what may be said about one column.
type Summary struct {
	N int `json:"n"` // rows
	Estimate
	StandardDeviation Number     `json:"standard_deviation"` // of the rows; NaN below two rows
	Quantiles         []Quantile `json:"quantiles,omitempty"`
	Tails             []Tail     `json:"tails,omitempty"`
}

// SummaryOptions says what a Summary is to hold.
type SummaryOptions struct {
	Level     float64   // of every interval, between 0 and 1
	Quantiles []float64 // between 0 and 1
	Tails     []float64 // levels of tail means, from 0 to below 1
}

// Summarise summarises a column. The warnings of all its parts are gathered in
// Summary.Warnings. The standard deviation is that of the rows taken as they come
// (divisor n-1): it describes the spread of outcomes and is no measure of the
// precision of the mean. With n = 0 every number is NaN; with one replication there
// is no standard error and no interval.
func Summarise(s Sample, o SummaryOptions) Summary {
	y := Summary{N: len(s.sorted), Estimate: EstimateOf(s.Column, o.Level)}
	y.StandardDeviation = Number(deviation(s.Rows, float64(y.Mean)))
	if y.N == 0 {
		return y
	}
	for _, p := range o.Quantiles {
		q := s.Quantile(p, o.Level)
		y.Warnings = addWarnings(y.Warnings, q.Warnings...)
		q.Warnings = nil
		y.Quantiles = append(y.Quantiles, q)
	}
	for _, p := range o.Tails {
		t := s.TailMean(p, o.Level)
		y.Warnings = addWarnings(y.Warnings, t.Warnings...)
		t.Warnings = nil
		y.Tails = append(y.Tails, t)
	}
	return y
}

// Quantile returns the entry of y for the p-quantile; false if it was not asked for.
func (y Summary) Quantile(p float64) (Quantile, bool) {
	for _, q := range y.Quantiles {
		if q.P == p {
			return q, true
		}
	}
	return Quantile{}, false
}

// Tail returns the entry of y for the tail mean at p; false if it was not asked for.
func (y Summary) Tail(p float64) (Tail, bool) {
	for _, t := range y.Tails {
		if t.P == p {
			return t, true
		}
	}
	return Tail{}, false
}

// deviation is the standard deviation of rows around their mean.
func deviation(rows []float64, mean float64) float64 {
	if len(rows) < 2 || !finite(mean) {
		return math.NaN()
	}
	var squares blockwise
	for _, x := range rows {
		squares.add(float64((x - mean) * (x - mean)))
	}
	return math.Sqrt(squares.value() / float64(len(rows)-1))
}
