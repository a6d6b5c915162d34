package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var inputs = Section{
	Name:   "inputs",
	Title:  "What it rests on",
	Medium: reports.PageOnly,
	Doc:    "Every input with its value, how well it is known, and where it comes from.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		if len(s.Inputs) == 0 {
			return nil
		}
		blocks := []reports.Block{paragraph(reports.Body, v.provenance())}
		if t := v.ranges(); len(t) > 0 {
			blocks = append(blocks, paragraph(reports.Body, t))
		}
		return append(blocks, reports.Details{Summary: reports.Words("Every input with its source"), Blocks: []reports.Block{v.inputTable()}})
	},
}

// mostRanges is how many ranges are told in one paragraph; the table has all.
const mostRanges = 12

// ranges names the inputs that nobody knows, which is where asking around pays.
func (v view) ranges() reports.Text {
	var all []reports.Text
	for _, in := range v.Inputs {
		if in.Doubt == "unknown" {
			all = append(all, reports.Say("{} {}", reports.Name(labelOf(in)), reports.Name(in.Value)))
		}
	}
	switch n := len(all); {
	case n == 0:
		return nil
	case n > mostRanges:
		return reports.Say("Known only as ranges, among others: {}.", reports.Join(all[:mostRanges], "; ", "; "))
	}
	return reports.Say("Known only as ranges: {}.", reports.Join(all, "; ", "; "))
}

// labelOf is what an input is called.
func labelOf(in study.Input) string {
	if in.Label == "" {
		return in.Path
	}
	return in.Label
}

func (v view) inputTable() reports.Table {
	t := reports.Table{
		Caption: reports.Words("Inputs in the order of the scenario. A range is a 90 % interval: nobody knows the value. Default marks a value of the tool where the scenario is silent."),
		Columns: []reports.Column{{Title: reports.Words("input")}, {Title: reports.Words("value")}, {Title: reports.Words("known?")}, {Title: reports.Words("where it comes from")}},
	}
	for _, in := range v.Inputs {
		t.Rows = append(t.Rows, reports.Row{Cells: []reports.Text{
			{reports.Name(labelOf(in))}, {reports.Name(in.Value)}, reports.Words(doubt(in.Doubt)), source(in),
		}})
	}
	return t
}

// doubt is the column of how well an input is known.
func doubt(kind string) string {
	switch kind {
	case "known":
		return "taken as known"
	case "unknown":
		return "a range: not known"
	case "varies":
		return "differs each time"
	}
	return kind
}

// source says where an input comes from.
func source(in study.Input) reports.Text {
	t := reports.Text{reports.Hard(string(in.Provenance))}
	if in.Default {
		t = append(t, reports.Say(", default")...)
	}
	if in.Source != "" {
		t = append(t, reports.Say(": {}", reports.Name(in.Source))...)
	}
	return t
}
