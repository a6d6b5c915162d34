package models

// Pace scales what a Case says, so that an organisation's own figures come out: the
// zero value, and 0 in any field, leaves it as it is.
type Pace struct {
	Changes      float64 `json:"changes,omitzero"`      // factor on how many changes arrive; not on a list of times
	Defects      float64 `json:"defects,omitzero"`      // factor on the mean number of defects of a change
	Environments float64 `json:"environments,omitzero"` // factor on set-up, run and approval of every environment
	Response     float64 `json:"response,omitzero"`     // factor on the times to acknowledge, to decide and to act
}

// times is x scaled by a factor that may be left out.
func times(factor, x float64) float64 {
	if factor == 0 {
		return x
	}
	return float64(factor * x)
}
