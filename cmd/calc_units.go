package cmd

import (
	"fmt"

	"github.com/rollrisk/rollrisk/scenarios"
)

// calcUnit is a way to write an amount in a flag: that of scenario files, where a
// share may be a fraction too.
type calcUnit struct {
	example string // of one amount
	list    string // of several
	unit    scenarios.Unit
}

// The units of the flags of calc. Times are read in hours, rates per hour.
var (
	calcTime   = calcUnit{"30m", "0h,24h,48h", scenarios.Duration}
	calcRate   = calcUnit{"0.5/h", "0.5/h,1/h", scenarios.Rate}
	calcShare  = calcUnit{"2%", "1%,10%,100%", scenarios.Share}
	calcCount  = calcUnit{"500", "1,2,3", scenarios.Count}
	calcNumber = calcUnit{"1.5", "1,2.5", scenarios.Count}
)

// parse reads one amount, or says what is wrong with it: a text that begins with
// the amount.
func (u calcUnit) parse(text string) (x float64, problem string) {
	x, err := u.unit.Read(text)
	if u.unit.Name == scenarios.Share.Name {
		x, err = shareOr(text, x, err)
	}
	switch {
	case err != nil:
		return 0, err.Error()
	case x != 0 && (x < leastAmount || x > mostAmount):
		return 0, quoted(text) + " is out of range"
	}
	return x, ""
}

// Amounts but 0 are kept between a fraction of a nanosecond and a hundred thousand
// years, where nothing overflows, and rates and shares to the same numbers.
const (
	leastAmount = 1e-12
	mostAmount  = 1e9
)

// shareOr takes a fraction where there is no percentage: 0.01 is 1%, and 1 is all.
func shareOr(text string, x float64, err error) (float64, error) {
	if err != nil {
		if f, bad := scenarios.Factor.Read(text); bad == nil && f <= 1 {
			return f, nil
		}
	}
	if err == nil && x > 1 {
		return 0, fmt.Errorf("%s is above 100%%", quoted(text))
	}
	return x, err
}
