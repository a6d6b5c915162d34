package section

import (
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var figures = Section{
	Name:   "numbers",
	Medium: reports.PageOnly,
	Doc:    "The three numbers to remember, each alternative against the others.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		if len(v.stuck()) > 0 {
			return nil // see noAnswer
		}
		var all []reports.Figure
		if k, ok := v.metric(harm); ok && s.Size.Defective > 0 {
			all = append(all, v.figure("Users affected", "by one change that carries a defect, middle case",
				func(i int) value { return v.point(i, k, 0.5) }, v.above(k)))
		}
		if k, ok := v.metric("time_to_detect"); ok && s.Size.Defective > 0 {
			all = append(all, v.figure("Time to detect", "of one defect that showed to users, middle case",
				func(i int) value { return v.point(i, k, 0.5) }, v.never()))
		}
		if k, ok := v.metric("cost"); ok {
			all = append(all, v.figure("Cost", "of one change, with a defect or without, mean",
				func(i int) value { return v.mean(i, k) }, v.costNote(k)))
		}
		if len(all) == 0 {
			return nil
		}
		return []reports.Block{reports.Figures{Figures: all}}
	},
}

func (v view) figure(label, unit string, of func(i int) value, note reports.Text) reports.Figure {
	f := reports.Figure{Label: label, Unit: unit, Note: note}
	for i := range v.Alternatives {
		f.Sides = append(f.Sides, reports.Side{Choice: v.choice(i), Value: reports.Text{of(i).say()}})
	}
	return f
}

// above says what 1 in 20 exceeds.
func (v view) above(k int) reports.Text {
	return reports.Say("1 in 20 is above{} {}.", v.order(), v.each(func(i int) reports.Text { return reports.Text{v.point(i, k, 0.95).say()} }))
}

// never says how much is never detected: the middle case is silent about it.
func (v view) never() reports.Text {
	k, ok := v.metric("never_detected")
	if !ok {
		return nil
	}
	return reports.Say("Never detected{} {}.", strings.TrimSuffix(v.order(), ",")+":", v.each(func(i int) reports.Text { return reports.Text{v.mean(i, k).say()} }))
}

// order says whose is which, where there are too many numbers to see it.
func (v view) order() string {
	if len(v.Alternatives) > 2 {
		return ", in this order,"
	}
	return ""
}

// costNote gives the difference where there are two to compare.
func (v view) costNote(k int) reports.Text {
	if len(v.Comparisons) != 1 {
		return nil
	}
	if t := v.difference(0, k); len(t) > 0 {
		return reports.Say("Difference {}.", t)
	}
	return nil
}
