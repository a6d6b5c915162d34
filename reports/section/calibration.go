package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var calibration = Section{
	Name:  "calibration",
	Title: "Calibrated to your own figures",
	Doc:   "The figures that the scenario states for its present pipeline, the inputs that were solved so that the simulation reproduces them, and how well it does.",
	Build: func(s *study.Study) []reports.Block {
		if s.Calibration == nil || len(s.Calibration.Fits) == 0 {
			return nil
		}
		v := view{s}
		blocks := []reports.Block{v.fits()}
		for i, f := range s.Calibration.Fits {
			if !f.Met {
				blocks = append(blocks, paragraph(reports.Body, v.unmet(i, f)))
			}
		}
		return append(blocks, paragraph(reports.Note, reports.Words("Each factor is what the scenario says, times so much, in all alternatives. That the figures of today come out does not make the other alternatives right; it rules out inputs under which today would be wrong.")))
	},
}

// fits is the table of what was stated, reached and solved.
func (v view) fits() reports.Table {
	c := v.Calibration
	right := func(title string) reports.Column {
		return reports.Column{Title: reports.Words(title), Align: reports.Right}
	}
	t := reports.Table{
		Caption: reports.Say("The present pipeline is {}.", v.name(c.Alternative)),
		Columns: []reports.Column{{Title: reports.Words("figure")}, right("stated"), right("simulated"), {Title: reports.Words("solved")}, right("factor")},
	}
	for i, f := range c.Fits {
		k, _ := v.metric(f.Metric)
		at := func(field string, x, err float64) value {
			return value{stat.Number(x), stat.Number(err), v.unit(k), fmt.Sprintf("calibration.fits[%d].%s", i, field)}
		}
		factor := value{stat.Number(f.Factor), stat.Number(0.005 * f.Factor), number.Plain, fmt.Sprintf("calibration.fits[%d].factor", i)}
		t.Rows = append(t.Rows, reports.Row{Cells: []reports.Text{
			{reports.Hard(v.Metrics[k].Title)}, {at("stated", f.Stated, 0.001*f.Stated).say()}, {at("reached", float64(f.Reached), 0.005*float64(f.Reached)).say()},
			{reports.Hard(f.Input)}, {factor.say()}}})
	}
	return t
}

// unmet says plainly that no input makes a figure true.
func (v view) unmet(i int, f study.Fit) reports.Text {
	k, _ := v.metric(f.Metric)
	stated := value{stat.Number(f.Stated), stat.Number(0.001 * f.Stated), v.unit(k), fmt.Sprintf("calibration.fits[%d].stated", i)}
	if f.Nearest == 0 {
		return reports.Say("No factor on the {} makes the {} {} together with the other figures: the model or a figure is wrong.", f.Input, v.Metrics[k].Title, stated.say())
	}
	near := value{f.Nearest, stat.Number(0.005 * float64(f.Nearest)), v.unit(k), fmt.Sprintf("calibration.fits[%d].nearest", i)}
	return reports.Say("No factor on the {} makes the {} {}: the nearest that any reaches is {}. The scenario leaves out, or states wrongly, what decides it.", f.Input, v.Metrics[k].Title, stated.say(), near.say())
}
