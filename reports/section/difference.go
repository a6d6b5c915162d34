package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// same marks a difference that the simulation cannot tell from none.
const same = "~"

// difference prints the difference of means of metric k in a comparison with
// its simulation error, or the mark of no visible difference; nothing when
// there is none.
func (v view) difference(comparison, k int) reports.Text {
	d := v.Comparisons[comparison].Differences[k]
	at := fmt.Sprintf("comparisons[%d].differences[%d]", comparison, k)
	switch {
	case math.IsNaN(float64(d.Difference)) || math.IsInf(float64(d.Difference), 0):
		return nil
	case !d.Visible:
		return reports.Words(same)
	}
	x := value{d.Difference, d.StandardError, v.unit(k), at + ".difference"}
	if math.IsNaN(float64(d.StandardError)) {
		return reports.Text{x.signed()}
	}
	// One digit of the error is enough: it says which digit of the difference is the last.
	e := value{d.StandardError, d.StandardError, v.unit(k), at + ".standard_error"}
	return reports.Say("{}"+number.NoBreak+"±"+number.NoBreak+"{}", x.signed(), e.say())
}

// apart prints the difference of the p-quantiles of metric k of alternative i
// and the baseline, or the mark of no visible difference where their intervals
// overlap, which is the stricter test.
func (v view) apart(i, k int, p float64) reports.Text {
	a, aLow, aHigh := v.quantile(i, k, p)
	b, bLow, bHigh := v.quantile(0, k, p)
	d := a.v - b.v
	switch {
	case !a.has() || !b.has() || math.IsNaN(float64(d)) || math.IsInf(float64(d), 0):
		return nil
	case !(aLow.v > bHigh.v || aHigh.v < bLow.v):
		return reports.Words(same)
	}
	e := stat.Number(math.Sqrt(float64(a.err*a.err) + float64(b.err*b.err)))
	return reports.Text{value{d, e, v.unit(k), a.from + " - " + b.from}.signed()}
}
