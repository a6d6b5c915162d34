package experiment

// Tornado is a design that moves one input at a time from the middle to both its ends.
func Tornado(dims int, low, high float64) [][]float64 {
	middle := func() []float64 {
		x := make([]float64, dims)
		for d := range x {
			x[d] = 0.5
		}
		return x
	}
	all := [][]float64{middle()}
	for d := range dims {
		for _, at := range [...]float64{low, high} {
			x := middle()
			x[d] = at
			all = append(all, x)
		}
	}
	return all
}

// Bar is what one input does alone.
type Bar struct {
	Low  float64 `json:"low"`  // the result at the low end of the input
	High float64 `json:"high"` // and at the high end
}

// Bars reads the results of a Tornado: the one in the middle, and a bar for each input.
func Bars(y []float64) (middle float64, bars []Bar) {
	for d := 1; d+1 < len(y); d += 2 {
		bars = append(bars, Bar{y[d], y[d+1]})
	}
	return y[0], bars
}
