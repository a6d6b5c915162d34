package section

import (
	"encoding/csv"
	"fmt"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Sensitivity says which inputs matter: a sentence, a table with what each does, and how
// that was found.
func Sensitivity(s *study.Sensitivity) reports.Report { return sensitive{s, false}.report() }

// SensitivityDrawn is the same with a picture in characters, for terminals.
func SensitivityDrawn(s *study.Sensitivity) reports.Report { return sensitive{s, true}.report() }

func (v sensitive) report() reports.Report {
	s := v.Sensitivity
	r := reports.Report{Title: s.About.Title, Summary: v.headline().Plain()}
	r.Parts = []reports.Part{
		{Name: "answer", Blocks: []reports.Block{paragraph(reports.Headline, v.headline()), paragraph(reports.Strip, v.strip()), paragraph(reports.Lead, v.saving())}},
		{Name: "inputs", Title: "What each input does", Blocks: []reports.Block{v.table(), paragraph(reports.Note, v.how())}},
	}
	return r
}

type sensitive struct {
	*study.Sensitivity
	drawn bool
}

func (v sensitive) strip() reports.Text {
	return reports.Say("{} · {} points of {} changes · seed {}", reports.Hard(v.About.Name), fmt.Sprint(v.Points), fmt.Sprint(v.Changes), fmt.Sprint(v.Seed))
}

func (v sensitive) best() reports.Span  { return reports.NameOf(v.Best, v.BestAt) }
func (v sensitive) rival() reports.Span { return reports.NameOf(v.Rival, v.RivalAt) }

func (v sensitive) money(x, err float64) string {
	return number.Text(x, err, number.Money(v.Currency))
}

// headline names what matters most.
func (v sensitive) headline() reports.Text {
	var named []reports.Text
	for i := range v.Inputs {
		in := &v.Inputs[i]
		if in.Index != nil && in.Index.Total >= 0.1 && len(named) < 3 {
			named = append(named, reports.Say("{} ({})", reports.Name(in.Label), percent(in.Index.Total)))
		}
	}
	if len(named) == 0 {
		return reports.Say("No single input accounts for a tenth of what the saving of {} against {} could be.", v.best(), v.rival())
	}
	return reports.Say("What {} saves against {} hangs most on {}.", v.best(), v.rival(), reports.Join(named, ", ", " and "))
}

func percent(x float64) string { return number.Text(math.Max(0, x), 0.01, number.Share) }

// saving is what is saved, how far that moves, and whether it turns.
func (v sensitive) saving() reports.Text {
	t := reports.Say("With every input in the middle {} saves {} a change; over what the inputs can be, the standard deviation is {}.",
		v.best(), v.money(float64(v.Saving), float64(v.Deviation)/10), v.money(float64(v.Deviation), float64(v.Deviation)/10))
	if v.Turns == 0 {
		return append(t, reports.Say(" Nowhere among these points does {} cost less.", v.rival())...)
	}
	return append(t, reports.Say(" In {} of these points {} costs less.", percent(float64(v.Turns)), v.rival())...)
}

// bars is how many characters a bar has.
const bars = 24

func (v sensitive) table() reports.Table {
	right := func(title string) reports.Column {
		return reports.Column{Title: reports.Words(title), Align: reports.Right}
	}
	t := reports.Table{Caption: reports.Say("What {} saves against {}, for a change.", v.best(), v.rival()),
		Columns: []reports.Column{{Title: reports.Words("input")}, {Title: reports.Words("stated"), Narrow: reports.Droppable}, right("low end"), right("high end"), right("alone"), right("in all")}}
	if v.drawn {
		t.Columns = append(t.Columns, reports.Column{Title: reports.Words("from low to high"), Narrow: reports.Droppable})
	}
	for i := range v.Inputs {
		in := &v.Inputs[i]
		round := math.Abs(in.Bar.High-in.Bar.Low) / 10
		label := reports.Say("{}", reports.Name(in.Label))
		if in.Assumed {
			label = reports.Say("{} *", reports.Name(in.Label))
		}
		cells := []reports.Text{label, {reports.Name(in.Stated)}, reports.Words(v.money(in.Bar.Low, round)), reports.Words(v.money(in.Bar.High, round)), v.share(in, false), v.share(in, true)}
		if v.drawn {
			cells = append(cells, reports.Words(v.bar(in.Bar.Low, in.Bar.High)))
		}
		t.Rows = append(t.Rows, reports.Row{Cells: cells})
	}
	return t
}

// share is an index in per cent.
func (v sensitive) share(in *study.SensitiveInput, total bool) reports.Text {
	switch {
	case in.Index == nil:
		return reports.Words("")
	case total:
		return reports.Words(percent(in.Index.Total))
	}
	return reports.Words(percent(in.Index.First))
}

// ends are the least and the largest saving of all bars.
func (v sensitive) ends() (low, high float64) {
	low, high = float64(v.Saving), float64(v.Saving)
	for _, in := range v.Inputs {
		for _, x := range [...]float64{in.Bar.Low, in.Bar.High} {
			if !math.IsNaN(x) {
				low, high = math.Min(low, x), math.Max(high, x)
			}
		}
	}
	return low, high
}

// bar draws from one end to the other on the scale of all of them, with the middle marked.
func (v sensitive) bar(from, to float64) string {
	low, high := v.ends()
	place := func(x float64) int {
		if !(high > low) || math.IsNaN(x) {
			return bars / 2
		}
		return min(bars-1, int(float64(bars)*(x-low)/(high-low)))
	}
	a, b, m := place(from), place(to), place(float64(v.Saving))
	if a > b {
		a, b = b, a
	}
	var s strings.Builder
	for i := range bars {
		switch {
		case i == m:
			s.WriteRune('│')
		case i >= a && i <= b:
			s.WriteRune('█')
		default:
			s.WriteRune('·')
		}
	}
	return s.String()
}

// how says what was done.
func (v sensitive) how() reports.Text {
	t := reports.Words("Low and high end: one input at a time at the ends of its 90 % interval, all others in the middle. Alone and in all: shares of the variance of the saving when the inputs that matter most move together within their intervals (Sobol indices), alone and with all interactions.")
	if v.Factor > 1 {
		t = append(t, reports.Say(" An input with a star is stated without a range: that it may be off by a factor of {} either way, a share by its odds, is an assumption of this command (--factor).", number.Text(v.Factor, math.NaN(), number.Count))...)
	}
	if v.Left > 0 {
		t = append(t, reports.Say(" {} of {} points are left out, since a pipeline does not keep up there, or the scenario has faults.", fmt.Sprint(v.Left), fmt.Sprint(v.Points))...)
	}
	return t
}

// SensitivityCSV is a row an input, numbers in full; what does not exist is an empty cell.
func SensitivityCSV(s *study.Sensitivity) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder never fails, so the errors of the writer say nothing.
	_ = w.Write([]string{"input", "label", "stated", "assumed", "low", "high", "morris_mean", "morris_size", "morris_error", "morris_sigma", "first", "first_low", "first_high", "total", "total_low", "total_high"})
	for _, in := range s.Inputs {
		row := []string{cell(in.Path), cell(in.Label), cell(in.Stated), fmt.Sprint(in.Assumed)}
		all := []float64{in.Bar.Low, in.Bar.High, in.Effect.Mean, in.Effect.Size, in.Effect.Error, in.Effect.Sigma}
		if x := in.Index; x != nil {
			all = append(all, x.First, x.FirstLow, x.FirstHigh, x.Total, x.TotalLow, x.TotalHigh)
		}
		for _, x := range all {
			row = append(row, full(stat.Number(x)))
		}
		for len(row) < 16 {
			row = append(row, "")
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.String()
}
