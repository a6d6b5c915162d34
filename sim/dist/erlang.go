package dist

import "math"

func erlangFamily() Family {
	return two(Family{
		Name:       "erlang",
		Doc:        "The sum of so many exponential stages, all of the same mean, with this mean together.",
		Parameters: []string{"stages", "mean"},
	}, NewErlang)
}

// NewErlang returns the gamma distribution of a sum of stages exponential waits whose
// mean together is mean (its variance is mean²/stages): stages is a whole number from
// 1 on, mean is above 0.
func NewErlang(stages, mean float64) (Gamma, error) {
	const name = "erlang"
	err := firstOf(positive(name, "stages", stages), positive(name, "mean", mean))
	if err == nil && stages != math.Floor(stages) {
		err = &ParameterError{name, "stages", stages, "be a whole number"}
	}
	if err == nil {
		err = positive(name, "mean/stages", mean/stages) // it could underflow
	}
	if err != nil {
		return Gamma{}, err
	}
	return Gamma{shape: stages, scale: mean / stages}, nil
}
