package cmd

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/scenarios/sweep"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// sweepTable is what a sweep found: a row for each point and alternative.
type sweepTable struct {
	paths   []string
	points  []sweep.Point
	results []sweep.Result
}

// columns are the names of all columns: what was set as text, then numbers.
func (t sweepTable) columns() (texts, numbers []string) {
	texts = append(append([]string{}, t.paths...), "alternative", "fault")
	numbers = []string{"given_up"}
	for _, m := range metric.All() {
		numbers = append(numbers, m.Name, m.Name+"_error")
		if m.Form == metric.Amount {
			numbers = append(numbers, m.Name+"_p50", m.Name+"_p95")
		}
	}
	return texts, numbers
}

// each calls do for every row: the number of its point, its texts and its numbers, in the
// order of columns.
func (t sweepTable) each(do func(point int, texts []string, numbers []float64) error) error {
	all := metric.All()
	_, names := t.columns()
	for i, r := range t.results {
		var set []string
		for _, x := range t.points[i] {
			set = append(set, x.Value)
		}
		rows := r.Rows
		if r.Fault != "" {
			rows = []sweep.Row{{GivenUp: math.NaN()}}
		}
		for _, row := range rows {
			numbers := []float64{row.GivenUp}
			for k := range row.Numbers {
				n := row.Numbers[k]
				numbers = append(numbers, float64(n.Mean), float64(n.Error))
				if all[k].Form == metric.Amount {
					numbers = append(numbers, float64(n.P50), float64(n.P95))
				}
			}
			for len(numbers) < len(names) {
				numbers = append(numbers, math.NaN())
			}
			if err := do(i, append(append([]string{}, set...), row.Alternative, r.Fault), numbers); err != nil {
				return err
			}
		}
	}
	return nil
}

// csv writes numbers in full; what does not exist is an empty cell.
func (t sweepTable) csv(w io.Writer) error {
	texts, numbers := t.columns()
	c := csv.NewWriter(w)
	if err := c.Write(append(append([]string{"point"}, texts...), numbers...)); err != nil {
		return err
	}
	err := t.each(func(point int, texts []string, numbers []float64) error {
		row := []string{strconv.Itoa(point)}
		for _, text := range texts {
			row = append(row, plainCell(text))
		}
		for _, x := range numbers {
			row = append(row, digitsOf(x))
		}
		return c.Write(row)
	})
	c.Flush()
	if err != nil {
		return err
	}
	return c.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '@' || s[0] == '\t') {
		return "'" + s
	}
	return s
}

func digitsOf(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// jsonl writes an object a line; numbers as study.json has them.
func (t sweepTable) jsonl(w io.Writer) error {
	names, numbered := t.columns()
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return t.each(func(point int, texts []string, numbers []float64) error {
		row := map[string]any{"point": point}
		for k, name := range names {
			row[name] = texts[k]
		}
		for k, name := range numbered {
			row[name] = stat.Number(numbers[k])
		}
		return e.Encode(row)
	})
}

// parquet writes what was set as text and numbers as doubles; what does not exist is NaN.
func (t sweepTable) parquet(w io.Writer) error {
	names, numbered := t.columns()
	group := parquet.Group{"point": parquet.Leaf(parquet.Int64Type)}
	for _, name := range names {
		group[name] = parquet.String()
	}
	for _, name := range numbered {
		group[name] = parquet.Leaf(parquet.DoubleType)
	}
	schema := parquet.NewSchema("sweep", group)
	place := map[string]int{}
	for i, column := range schema.Columns() {
		place[column[0]] = i
	}
	p := parquet.NewGenericWriter[any](w, schema, parquet.Compression(&parquet.Snappy))
	err := t.each(func(point int, texts []string, numbers []float64) error {
		row := make(parquet.Row, len(place))
		set := func(name string, v parquet.Value) { row[place[name]] = v.Level(0, 0, place[name]) }
		set("point", parquet.Int64Value(int64(point)))
		for k, name := range names {
			set(name, parquet.ByteArrayValue([]byte(texts[k])))
		}
		for k, name := range numbered {
			set(name, parquet.DoubleValue(numbers[k]))
		}
		_, err := p.WriteRows([]parquet.Row{row})
		return err
	})
	if err != nil {
		return err
	}
	return p.Close()
}
