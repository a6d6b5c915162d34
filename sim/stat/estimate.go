package stat

import "math"

// Estimate is a mean over replications with its uncertainty.
type Estimate struct {
	Replications  int       `json:"replications"`   // independent ones, with a weight above 0
	Mean          Number    `json:"mean"`           // NaN if there is no weight
	StandardError Number    `json:"standard_error"` // of Mean; NaN below two replications
	Low           Number    `json:"low"`            // of the interval; NaN below two replications
	High          Number    `json:"high"`           // of the interval
	Level         float64   `json:"level"`          // at which Low to High covers the true mean
	Warnings      []Warning `json:"warnings,omitempty"`
}

// EstimateOf returns the mean of t, the ratio of its grand sum and weight, with the
// standard error of a ratio estimator (Cochran 1977, Sampling Techniques, equation
// 6.13): R/(R-1) times the sum over the R replications of the squares of
// sum - Mean*weight, divided by the square of the grand weight. For replications of
// one weight that is the standard error of the mean of their means. The interval is
// Student's with R-1 degrees of freedom.
//
// Replications without weight say nothing and are not counted. With no weight at
// all everything is NaN; with one replication only Mean is given; if Mean is
// infinite nothing else is. It panics unless 0 < level < 1, and at a negative weight.
func EstimateOf(t Totals, level float64) Estimate {
	s := spreadOf(t)
	e := Estimate{Replications: s.replications, Mean: Number(s.mean), Level: level}
	e.StandardError = Number(s.se)
	e.Low, e.High = s.interval(level)
	e.Warnings = replicationWarnings(s.replications)
	if math.IsInf(s.mean, 0) {
		e.Warnings = addWarnings(e.Warnings, infiniteWarning("mean"))
	}
	return e
}

// A spread is a value with a standard error from so many replications.
type spread struct {
	mean, se     float64
	sum, weight  float64 // of which mean is the ratio
	replications int
}

// spreadOf is the ratio estimator.
func spreadOf(t Totals) spread {
	sum, weight := t.Grand()
	s := spread{mean: sum / weight, sum: sum, weight: weight}
	var squares blockwise
	for r := range t.Replications() {
		sum, weight := t.Total(r)
		if !counts(weight) {
			continue
		}
		s.replications++
		e := sum - float64(s.mean*weight)
		squares.add(float64(e * e))
	}
	s.se = math.NaN()
	if finite(s.mean) {
		s.se = math.Sqrt(varianceOf(squares.value(), s.replications)) / s.weight
	}
	return s
}

// counts reports whether a replication has any weight.
func counts(weight float64) bool {
	if !(weight >= 0) {
		panic("stat: a weight that is negative or NaN")
	}
	return weight > 0
}

// varianceOf is R/(R-1) times a sum of squared residuals over R replications.
func varianceOf(squares float64, replications int) float64 {
	r := float64(replications)
	if r < 2 {
		return math.NaN()
	}
	return float64(squares * (r / (r - 1)))
}

// interval is Student's at the level.
func (s spread) interval(level float64) (low, high Number) {
	checkShare("level", level)
	if s.replications < 2 || !finite(s.mean) {
		return absent(), absent()
	}
	half := s.halfWidth(level)
	return Number(s.mean - half), Number(s.mean + half)
}

// halfWidth is that of the interval, for at least two replications.
func (s spread) halfWidth(level float64) float64 {
	return float64(StudentQuantile((1+level)/2, float64(s.replications-1)) * s.se)
}
