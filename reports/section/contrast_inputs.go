package section

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// inputs lists what was changed in the question, and what each change does alone.
func (v versus) inputs() []reports.Block {
	var items []reports.Text
	for i := range v.Inputs {
		if i == mostInputs {
			items = append(items, reports.Say("and {} more; -o json has them", fmt.Sprint(len(v.Inputs)-i)))
			break
		}
		items = append(items, v.input(i))
	}
	blocks := []reports.Block{reports.List{Items: items}}
	if v.Tried > 1 {
		blocks = append(blocks, paragraph(reports.Note, reports.Words("Effects are of one change alone, all else as before; they need not add up.")))
	}
	if v.Untried > 0 {
		blocks = append(blocks, paragraph(reports.Note, reports.Say("{} changed inputs were not tried alone; --effects raises the number.", fmt.Sprint(v.Untried))))
	}
	return blocks
}

// input is one change.
func (v versus) input(i int) reports.Text {
	in := &v.Inputs[i]
	t := reports.Say("{}: {} to {}", reports.Name(in.Label), reports.Name(in.Old), reports.Name(in.New))
	switch in.State {
	case "added":
		t = reports.Say("{}: {}, which was not there before", reports.Name(in.Label), reports.Name(in.New))
	case "removed":
		t = reports.Say("{}: was {}, and is not there any more", reports.Name(in.Label), reports.Name(in.Old))
	}
	if len(in.Effects) == 0 {
		return t
	}
	var seen []reports.Text
	for n, e := range in.Effects {
		if e.Visible {
			seen = append(seen, reports.Say("{} {} with {}", e.Title, v.gap(e.Comparison, v.unit(e.Unit), fmt.Sprintf("inputs[%d].effects[%d]", i, n)), v.of(e.Alternative)))
		}
	}
	if len(seen) == 0 {
		return append(t, reports.Words(". Alone: "+same)...)
	}
	return append(t, reports.Say(". Alone: {}", reports.Join(seen, "; ", "; "))...)
}

// ContrastCSV is every number of a contrast in full precision: one row a number that was
// compared, and one for each effect of an input alone, whose address is in the first
// column. A value that does not exist is an empty cell.
func ContrastCSV(c *study.Contrast) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder never fails, so the errors of the writer say nothing.
	_ = w.Write([]string{"input", "alternative", "metric", "unit", "statistic", "old", "new", "difference", "standard_error", "low", "high", "visible", "verdict"})
	for _, m := range c.Moves {
		statistic := m.Statistic
		if m.P > 0 {
			statistic += fmt.Sprintf(" %v", m.P)
		}
		_ = w.Write([]string{"", cell(c.Alternatives[m.Alternative].Name), m.Metric, m.Unit, statistic, full(m.Old), full(m.New),
			full(m.Difference), full(m.StandardError), full(m.Low), full(m.High), fmt.Sprint(m.Visible), m.Verdict})
	}
	for _, in := range c.Inputs {
		for _, e := range in.Effects {
			_ = w.Write([]string{cell(in.Path), cell(c.Alternatives[e.Alternative].Name), e.Metric, e.Unit, "mean", "", "",
				full(e.Difference), full(e.StandardError), full(e.Low), full(e.High), fmt.Sprint(e.Visible), ""})
		}
	}
	w.Flush()
	return b.String()
}
