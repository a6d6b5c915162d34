package stat

import (
	"fmt"
	"math"
)

// StudentCDF returns the probability that a Student t variable of df > 0 degrees of
// freedom is at most t (NIST Digital Library of Mathematical Functions, 8.17). It
// panics at other df and at NaN.
func StudentCDF(t, df float64) float64 {
	tail, _ := studentTail(math.Abs(t), df)
	if t < 0 {
		return tail
	}
	return 1 - tail
}

// StudentQuantile returns the t that a Student t variable of df > 0 degrees of
// freedom stays below with probability p: -Inf at 0, +Inf at 1. It panics at other
// p or df.
//
// It inverts the tail by Newton's method inside a shrinking bracket, to about 1e-14
// of t.
func StudentQuantile(p, df float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		panic(fmt.Sprintf("stat: Student quantile at %v", p))
	case p > 0.5:
		return studentUpper(1-p, df)
	case p == 0.5:
		return 0
	}
	return -studentUpper(p, df)
}

// studentUpper returns the t > 0 with the probability tail < 1/2 above it.
func studentUpper(tail, df float64) float64 {
	if tail == 0 {
		return math.Inf(1)
	}
	low, high := 0.0, 1.0
	for at, _ := studentTail(high, df); at > tail; at, _ = studentTail(high, df) {
		low, high = high, 2*high
	}
	t := (low + high) / 2
	for range 200 {
		at, density := studentTail(t, df)
		if at > tail {
			low = t
		} else {
			high = t
		}
		next := t + (at-tail)/density
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-t) <= 0x1p-50*t {
			return next
		}
		t = next
	}
	return t
}

// studentTail returns the probability above t >= 0 and the density there.
func studentTail(t, df float64) (tail, density float64) {
	if !(df > 0) || math.IsInf(df, 1) || math.IsNaN(t) {
		panic(fmt.Sprintf("stat: Student t of %v degrees of freedom at %v", df, t))
	}
	square := float64(t * t)
	if math.IsInf(square, 1) {
		return 0, 0
	}
	at := beta{x: df / (df + square), y: square / (df + square), a: df / 2, b: 0.5}
	lower, _ := at.tails()
	return lower / 2, at.power() / t
}
