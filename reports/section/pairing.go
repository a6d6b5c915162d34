package section

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// pairing says how much surer the differences are because all alternatives meet the same
// changes and defects: the factor of variance that it saves. Nothing where it is not known.
func (v view) pairing() []reports.Block {
	k, ok := v.metric("cost")
	if !ok {
		return nil
	}
	var each []reports.Text
	for i := range v.Comparisons {
		c := &v.Comparisons[i]
		x := float64(c.Differences[k].VarianceReduction)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		factor := value{c.Differences[k].VarianceReduction, stat.Number(x / 20), number.Plain, fmt.Sprintf("comparisons[%d].differences[%d].variance_reduction", i, k)}
		each = append(each, reports.Say("{} with {}", factor.say(), v.name(c.Alternative)))
	}
	if len(each) == 0 {
		return nil
	}
	return []reports.Block{paragraph(reports.Note, reports.Say(
		"All alternatives meet the same changes and defects. Independent ones would take so many times as many changes to make the difference in mean cost as sure: {}.",
		reports.Join(each, ", ", " and ")))}
}
