package ci

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// csvForm is a row a gate, numbers in full.
var csvForm = Format{
	Name: "csv",
	Doc:  "a row a gate, numbers in full",
	Write: func(w io.Writer, r Result) error {
		c := csv.NewWriter(w)
		rows := [][]string{{"scenario", "gate", "alternative", "metric", "statistic", "p", "above", "direction", "bound", "state", "value", "standard_error", "margin", "chance", "changes", "enough", "file", "line"}}
		for _, x := range r.items() {
			g, direction := x.gate, "at most"
			if g.Least {
				direction = "at least"
			}
			full := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
			rows = append(rows, []string{cell(x.study.About.Name), cell(g.Name), cell(x.study.Alternatives[g.Alternative].Name), cell(g.Metric),
				string(g.Statistic), full(g.P), full(g.Above), direction, full(g.Bound), string(g.State), digits(g.Value), digits(g.StandardError),
				digits(g.Margin), digits(g.Chance), strconv.Itoa(x.study.Size.Changes), strconv.Itoa(g.Enough), cell(file(x.study)), strconv.Itoa(g.Line)})
		}
		return c.WriteAll(rows)
	},
}

// cell keeps a spreadsheet from taking a name for a formula.
func cell(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
