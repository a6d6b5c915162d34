package analytic

// falling returns the x between low and high at which a falling function passes
// through 0, to the last digit or two, given that it is positive at low and not at
// high. It halves, since what is asked here has kinks and costs little.
func falling(f func(x float64) float64, low, high float64) float64 {
	for high-low > 4e-16*high {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if f(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
