package analytic

import (
	"fmt"
	"math"
)

// mustBePositive panics unless x is positive and finite.
func mustBePositive(what string, x float64) {
	if !(x > 0) || math.IsInf(x, 0) {
		panic(fmt.Sprintf("analytic: %s is %v; it must be positive", what, x))
	}
}

// mustNotBeNegative panics unless x is finite and at least 0.
func mustNotBeNegative(what string, x float64) {
	if !(x >= 0) || math.IsInf(x, 0) {
		panic(fmt.Sprintf("analytic: %s is %v; it must be 0 or more", what, x))
	}
}

// mustBeShare panics unless x is from 0 to 1.
func mustBeShare(what string, x float64) {
	if !(x >= 0 && x <= 1) {
		panic(fmt.Sprintf("analytic: %s is %v; it must be from 0 to 1", what, x))
	}
}

// mustCount panics unless n is at least 1.
func mustCount(what string, n int) {
	if n < 1 {
		panic(fmt.Sprintf("analytic: %s is %d; it must be 1 or more", what, n))
	}
}
