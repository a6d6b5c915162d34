package section

import (
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

var noticed = Section{
	Name:   "noticed",
	Title:  "Who noticed first",
	Medium: reports.ScreenOnly,
	Doc:    "For which share of the defects that showed to users each detector was the first to ring.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		channels := v.channels()
		if len(channels) == 0 || s.Size.Defects == 0 {
			return nil
		}
		return []reports.Block{v.notices(channels), paragraph(reports.Note, reports.Words("All that watch a release compete, and the first alarm wins. Where two would have noticed, only the quicker one is counted: a small share does not say that a detector is of no use."))}
	},
}

// channels are the names of all detectors, in the order in which alternatives
// name them.
func (v view) channels() []string {
	var names []string
	for _, a := range v.Alternatives {
		for _, name := range a.Detectors {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// notices is the table: a row for each detector, and one for nobody.
func (v view) notices(channels []string) reports.Table {
	t := reports.Table{
		Caption: reports.Words("Of the defects that showed to users, the share for which each detector was the first to ring."),
		Columns: v.columns("detector"),
	}
	for _, name := range channels {
		cells := []reports.Text{{reports.Hard(name)}}
		for i := range v.Alternatives {
			cells = append(cells, v.noticedBy(i, name))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	cells := []reports.Text{reports.Words("nobody, while the simulation watched")}
	for i := range v.Alternatives {
		cells = append(cells, reports.Text{v.missed(i).say()})
	}
	t.Rows = append(t.Rows, reports.Row{Cells: cells})
	return t
}

// noticedBy is one cell; a detector that an alternative does not have is a dash.
// The error is that of a share of so many defects, which bounds the digits.
func (v view) noticedBy(i int, name string) reports.Text {
	k := slices.IndexFunc(v.Alternatives[i].Noticed, func(n study.Notice) bool { return n.By == name })
	if k < 0 {
		return reports.Words("–")
	}
	share := v.Alternatives[i].Noticed[k].Share
	err := math.Sqrt(float64(share*(1-share)) / float64(max(1, v.Size.Defects)))
	return reports.Text{value{stat.Number(share), stat.Number(max(err, 0.0005)), number.Share, fmt.Sprintf("alternatives[%d].noticed[%d].share", i, k)}.say()}
}
