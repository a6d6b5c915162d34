package scenarios

import (
	"strings"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Axis is a number of a scenario that is taken from one value to another.
type Axis struct {
	Path string
	low  float64
	high float64
	log  bool
	form func(x float64) string
	all  bool // only whole values
}

// Axis makes an axis of the number at an address, between two values as a scenario would
// write them; in equal ratios where log is set, else in equal steps. It fails where there
// is no number, and where the values are none of it.
func (s *Scenario) Axis(path string, ends [2]string, spacing Spacing) (Axis, *Fault) {
	e, f := s.find(path)
	if f != nil {
		return Axis{}, f
	}
	if e.format == nil {
		return Axis{}, s.noSuch(e, path, problemf("list its values instead, separated by commas", "this is no number"))
	}
	a := Axis{Path: path, form: e.format, all: e.whole, log: spacing == Ratios}
	for i, to := range [...]*float64{&a.low, &a.high} {
		x, err := e.unit.parse(strings.TrimSpace(ends[i]), "")
		if err != nil {
			return Axis{}, s.noSuch(e, path, err)
		}
		*to = x
	}
	if a.log && !(a.low > 0 && a.high > 0) {
		return Axis{}, s.noSuch(e, path, problemf("leave out :log", "ratios need two ends above 0"))
	}
	return a, nil
}

// Spacing says how values follow each other on an Axis.
type Spacing int

// The spacings.
const (
	Steps  Spacing = iota // equally far from each other
	Ratios                // in the same ratio
)

// At is the value at a place between 0 (the first end) and 1 (the second), as the scenario
// would write it, to three digits.
func (a Axis) At(place float64) string {
	x := a.low + float64(place*(a.high-a.low))
	if a.log {
		x = float64(a.low * portable.Exp(float64(place*portable.Log(a.high/a.low))))
	}
	if x > 0 && place > 0 && place < 1 {
		x = digits3(x)
	}
	if a.all {
		x = float64(int(x + 0.5))
	}
	return a.form(x)
}
