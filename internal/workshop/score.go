package workshop

import "math"

// Range is what somebody says: nine times in ten, the outcome lies between these.
type Range struct {
	Low  float64 `json:"low"`  // 0 or more
	High float64 `json:"high"` // Low or more, at most a billion
}

// The widest range that can be said, and the chance that it misses.
const (
	widest = 1e9
	misses = 0.1
)

// Score says how good a range was.
type Score struct {
	Held     int     // of the outcomes, how many lay in it; 45 of 50 is what was asked for
	Interval float64 // lower is better; 0 would be a range of no width around an outcome that never varies
}

// scale is where scores are measured: on a logarithm, since users hurt go over many powers of
// ten, and from 1, since nobody hurt is an outcome.
func scale(x float64) float64 { return math.Log10(1 + x) }

// ScoreOf is the interval score of Gneiting and Raftery (JASA 2007, eq. 43) on the scale
// log10(1+x), averaged over all outcomes of the distribution, each as likely as any other:
// the width, and for each outcome outside 2/0.1 times its distance. Its expectation is least
// for the 5 % and 95 % quantiles, so it rewards who knows what they know; and since it is
// averaged over the whole distribution, luck has no part in it. Without outcomes it is NaN.
func ScoreOf(r Range, outcomes []float64) Score {
	s := Score{Interval: math.NaN()}
	low, high, penalty := scale(r.Low), scale(r.High), 0.0
	for _, x := range outcomes {
		y := scale(x)
		switch {
		case y < low:
			penalty += low - y
		case y > high:
			penalty += y - high
		default:
			s.Held++
		}
	}
	if n := float64(len(outcomes)); n > 0 {
		s.Interval = high - low + 2/misses*penalty/n
	}
	return s
}

// best is the score that nobody can beat: that of the 5 % and 95 % quantiles.
func best(outcomes []float64) Score {
	n := len(outcomes)
	if n == 0 {
		return ScoreOf(Range{}, nil)
	}
	return ScoreOf(Range{outcomes[int(misses/2*float64(n))], outcomes[n-1-int(misses/2*float64(n))]}, outcomes)
}
