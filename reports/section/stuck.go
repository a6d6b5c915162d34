package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// stuck lists the alternatives that do not keep up with their changes. What does
// not deliver hurts nobody, so no answer can be given as long as there is one.
func (v view) stuck() []int {
	var all []int
	for i := range v.Alternatives {
		if v.Alternatives[i].GivenUp > 0 || v.Alternatives[i].Behind > 0 {
			all = append(all, i)
		}
	}
	return all
}

// noAnswer stands where the answer would.
func (v view) noAnswer(stuck []int) []reports.Block {
	var names, why []reports.Text
	for _, i := range stuck {
		names = append(names, reports.Text{v.name(i)})
		why = append(why, v.standstill(i))
	}
	keep := "do not keep up with their changes"
	if len(stuck) == 1 {
		keep = "does not keep up with its changes"
	}
	return []reports.Block{
		paragraph(reports.Headline, reports.Say("There is no answer yet: {} {}.", reports.Join(names, ", ", " and "), keep)),
		paragraph(reports.Lead, reports.Say("{}. What is never delivered hurts nobody, so to compare would praise a standstill.", reports.Join(why, "; ", "; "))),
		paragraph(reports.Lead, reports.Words("Give it more slots, shorter tests or approvals, fewer changes in a release, or a response that takes back the change at fault alone (kill-switch); then ask again.")),
	}
}

// standstill says how alternative i fails to keep up.
func (v view) standstill(i int) reports.Text {
	a := &v.Alternatives[i]
	share := func(x float64, field string) reports.Span {
		return value{stat.Number(x), 0.01, number.Share, fmt.Sprintf("alternatives[%d].%s", i, field)}.say()
	}
	if a.GivenUp > 0 {
		return reports.Say("With {}, {} of the replications were given up with changes still on their way", v.name(i), share(a.GivenUp, "given_up"))
	}
	return reports.Say("With {}, {} of the changes that arrive are added to those on their way", v.name(i), share(a.Behind, "behind"))
}
