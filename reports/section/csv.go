package section

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// CSV is every measure of a study in full precision, as the page offers it for
// download: one row for each metric, alternative and statistic.
func CSV(s *study.Study) string { return view{s}.csv() }

// CSVOf is the same of several studies, with the name of the scenario before each row.
func CSVOf(all ...*study.Study) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(append([]string{"scenario"}, csvColumns()...))
	for _, s := range all {
		view{s}.eachRow(func(r []string) { _ = w.Write(append([]string{cell(s.About.Name)}, r...)) })
	}
	w.Flush()
	return b.String()
}

func csvColumns() []string {
	return []string{"metric", "unit", "per", "alternative", "statistic", "value", "standard_error", "low", "high"}
}

// eachRow hands out the rows of all measures in their order.
func (v view) eachRow(of func(row []string)) {
	for k := range v.Metrics {
		for i := range v.Alternatives {
			for _, r := range v.csvRows(i, k) {
				of(append(v.csvHead(i, k), r...))
			}
		}
	}
}

// csv is every measure in full precision: one row for each metric, alternative
// and statistic. A value that does not exist is an empty cell.
func (v view) csv() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder never fails, so the errors of the writer say nothing.
	_ = w.Write(csvColumns())
	v.eachRow(func(r []string) { _ = w.Write(r) })
	w.Flush()
	return b.String()
}

func (v view) csvHead(i, k int) []string {
	m := v.Metrics[k]
	return []string{cell(m.Name), cell(m.Unit), cell(m.Per), cell(v.Alternatives[i].Name)}
}

func (v view) csvRows(i, k int) [][]string {
	s := v.Alternatives[i].Summaries[k]
	row := func(name string, value, err, low, high stat.Number) []string {
		return []string{name, full(value), full(err), full(low), full(high)}
	}
	rows := [][]string{row("mean", s.Mean, s.StandardError, s.Low, s.High)}
	for _, q := range s.Quantiles {
		rows = append(rows, row("quantile "+full(stat.Number(q.P)), q.Value, q.StandardError, q.Low, q.High))
	}
	for _, t := range s.Tails {
		rows = append(rows, row("tail mean "+full(stat.Number(t.P)), t.Value, t.StandardError, t.Low, t.High))
	}
	return rows
}

// full prints a number so that it reads back to the same bits.
func full(x stat.Number) string {
	if math.IsNaN(float64(x)) {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

// cell keeps a spreadsheet from taking a name for a formula.
func cell(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
