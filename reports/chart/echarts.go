package chart

import (
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
	"github.com/rollrisk/rollrisk/reports/number"
)

// axis adds to the typed axis what go-echarts cannot say yet: ticks at chosen
// values. The outer fields hide those of the embedded ones of the same name.
type axis struct {
	opts.XAxis
	AxisTick  axisTick       `json:"axisTick"`
	AxisLabel axisLabel      `json:"axisLabel"`
	SplitLine opts.SplitLine `json:"splitLine"`
	NameStyle textStyle      `json:"nameTextStyle"`
}

type textStyle struct {
	Color  string `json:"color"`
	Align  string `json:"align,omitempty"`
	Weight string `json:"fontWeight,omitempty"`
}

type axisTick struct {
	opts.AxisTick
	CustomValues []float64 `json:"customValues"`
}

type axisLabel struct {
	opts.AxisLabel
	CustomValues []float64 `json:"customValues"`
}

func (a Axis) option(formatter string) axis {
	kind := "value"
	if a.Log {
		kind = "log"
	}
	at := make([]float64, len(a.Ticks))
	for i, t := range a.Ticks {
		at[i] = t.At
	}
	rule := &opts.LineStyle{Color: "@grid"}
	return axis{
		XAxis: opts.XAxis{
			Type: kind, Name: a.Name, NameLocation: "middle", NameGap: 30, Min: a.Min, Max: a.Max,
			AxisLine: &opts.AxisLine{Show: opts.Bool(true), LineStyle: rule},
		},
		AxisTick:  axisTick{opts.AxisTick{Show: opts.Bool(true), LineStyle: rule}, at},
		AxisLabel: axisLabel{opts.AxisLabel{Formatter: types.FuncStr(formatter), Color: "@muted", HideOverlap: opts.Bool(true)}, at},
		NameStyle: textStyle{Color: "@muted"},
		SplitLine: opts.SplitLine{Show: opts.Bool(false), LineStyle: rule},
	}
}

// global is common to all charts. The ChartID keeps go-echarts from drawing a
// random one, which would change the bytes of a page from run to run.
func global(name, trigger, formatter string) []charts.GlobalOpts {
	return []charts.GlobalOpts{
		charts.WithInitializationOpts(opts.Initialization{ChartID: name}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{
			Show: opts.Bool(true), Trigger: trigger, Formatter: types.FuncStr(formatter),
			BackgroundColor: "@paper", BorderColor: "@grid",
			AxisPointer: &opts.AxisPointer{Type: "line"},
		}),
		charts.WithAnimation(false),
	}
}

func (c Curves) live(name string) live {
	line := charts.NewLine()
	line.SetGlobalOptions(global(name, "axis", "@curves")...)
	f := c.frame()
	var words []liveSeries
	for _, l := range c.Lines {
		if len(l.Points) == 0 {
			continue
		}
		line.AddSeries(l.Name, c.data(l), l.style()...)
		words = append(words, l.words(c))
	}
	for _, l := range c.Lines {
		if len(l.Band) > 0 {
			line.Overlap(l.band(c.X))
		}
	}
	for _, r := range c.reads() {
		line.Overlap(r.live(c)...)
	}
	for _, a := range c.anchors(f) {
		line.Overlap(a.live(c, f))
	}
	line.Validate()
	options := line.JSON()
	options["xAxis"] = c.X.option("@x")
	y := c.Y.option("@y")
	y.SplitLine.Show, y.AxisLine, y.Name = opts.Bool(true), &opts.AxisLine{Show: opts.Bool(false)}, ""
	y.AxisTick.Show = opts.Bool(false)
	options["yAxis"] = y
	options["grid"] = f.grid(c)
	return live{Options: options, X: c.X.Ticks, Y: c.Y.Ticks, Series: words, Reads: c.Reads, Stays: c.Stays}
}

// grid gives the live plot the margins of the static one.
func (f frame) grid(b Body) opts.Grid {
	w, h := b.size()
	pixels := func(v float64) string { return fmt.Sprintf("%.0f", math.Round(v)) }
	return opts.Grid{
		Left: pixels(f.left), Top: pixels(f.top),
		Right: pixels(float64(w) - f.right), Bottom: pixels(float64(h) - f.bottom),
	}
}

// live is the same drawing as readOff, as lines of two points without a tooltip.
func (r readAt) live(c Curves) []charts.Overlaper {
	rule := func(colour string, a, b []float64) charts.Overlaper {
		return charts.NewLine().AddSeries("", []opts.LineData{{Value: a}, {Value: b}},
			charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false)}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: colour, Width: 1, Type: "@read"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}))
	}
	all := []charts.Overlaper{rule("@muted", []float64{c.X.Min, r.y}, []float64{r.last, r.y})}
	for _, p := range r.points {
		all = append(all, rule(fmt.Sprintf("@mark%d", look(p.index)), []float64{p.x, r.y}, []float64{p.x, c.Y.Min}))
	}
	return all
}

func (c Curves) data(l Line) []opts.LineData {
	var all []opts.LineData
	for _, p := range l.Points {
		all = append(all, opts.LineData{Value: []float64{max(p.X, c.X.Min), p.Y}})
	}
	if c.Stays {
		last := l.Points[len(l.Points)-1]
		all = append(all, opts.LineData{Value: []float64{max(c.X.Max, last.X), last.Y}})
	}
	return all
}

// style paints a line. Its colour and dash are names that the script resolves
// for the light or the dark page.
func (l Line) style() []charts.SeriesOpts {
	mark := fmt.Sprintf("@mark%d", look(l.Index))
	return []charts.SeriesOpts{
		charts.WithLineChartOpts(opts.LineChart{Step: "end", ShowSymbol: opts.Bool(false)}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: mark, Width: 2.5, Type: fmt.Sprintf("@dash%d", look(l.Index))}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: mark}),
	}
}

// band is a band of a curve, none of it left of the axis.
func (l Line) band(x Axis) *charts.Custom {
	var rows []Band
	for _, b := range l.Band {
		rows = append(rows, Band{max(b.X, x.Min), b.Low, b.High})
	}
	return l.shade(rows, "@band")
}

// shade is a band that the script draws as one polygon from all rows at once; by names the
// function that does.
func (c Choice) shade(band []Band, by string, more ...charts.SeriesOpts) *charts.Custom {
	var rows []opts.CustomData
	for _, b := range band {
		rows = append(rows, opts.CustomData{Value: []float64{b.X, b.Low, b.High}})
	}
	return charts.NewCustom().AddSeries(c.Name, rows, append([]charts.SeriesOpts{
		charts.WithSeriesOpts(func(s *charts.SingleSeries) { s.RenderItem = types.FuncStr(by) }),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: fmt.Sprintf("@mark%d", look(c.Index)), Opacity: opts.Float(0.16)}),
	}, more...)...)
}

// live is the name of a curve: a point without a body that carries a label.
func (a anchor) live(c Curves, f frame) *charts.Scatter {
	x := c.X.value((a.x - f.left) / (f.right - f.left))
	y := c.Y.value((f.bottom - a.y) / (f.bottom - f.top))
	side := "right"
	if a.end == "end" {
		side = "left"
	}
	return charts.NewScatter().AddSeries(a.line.Name,
		[]opts.ScatterData{{Value: []float64{min(x, c.X.Max), y}, SymbolSize: 1}},
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "@paper", Opacity: opts.Float(1)}),
		charts.WithLabelOpts(opts.Label{
			Show: opts.Bool(true), Position: side, Formatter: "@name",
			Color: fmt.Sprintf("@label%d", look(a.line.Index)), FontWeight: "600",
		}),
	)
}

// sankey adds to the typed series that the runtime must not move the nodes: the
// order of a Flow carries meaning.
type sankey struct {
	charts.SingleSeries
	Data             []node  `json:"data"`
	Links            []link  `json:"links"`
	NodeGap          float64 `json:"nodeGap"`
	LayoutIterations int     `json:"layoutIterations"`
}

// node adds the place of a node, as a share of the height of the plot.
type node struct {
	opts.SankeyNode
	LocalY float64 `json:"localY"`
}

// link adds how heavy a link is drawn.
type link struct {
	opts.SankeyLink
	LineStyle opts.LineStyle `json:"lineStyle"`
}

func (f Flow) live(name string) live {
	words := liveSeries{Name: f.Name, Index: look(f.Index)}
	mark := fmt.Sprintf("@mark%d", look(f.Index))
	_, h := f.size()
	tall := float64(h) - flowTop - 8
	var nodes []node
	for i, p := range f.layout() {
		n := f.Nodes[i]
		nodes = append(nodes, node{opts.SankeyNode{
			Name: fmt.Sprint("n", i), Depth: opts.Int(n.Depth),
			ItemStyle: &opts.ItemStyle{Color: mark, Opacity: opts.Float(n.Kind.opacity())},
		}, (p.y - flowTop) / tall})
		words.X, words.Y = append(words.X, n.Name), append(words.Y, n.Text)
	}
	var links []link
	for _, l := range f.Links {
		if l.Value > 0 {
			links = append(links, link{
				opts.SankeyLink{Source: fmt.Sprint("n", l.From), Target: fmt.Sprint("n", l.To), Value: float32(l.Value)},
				opts.LineStyle{Color: mark, Curveness: 0.5, Opacity: opts.Float(f.Nodes[l.To].Kind.faint())},
			})
			words.Labels = append(words.Labels, l.Text)
		}
	}
	s := charts.NewSankey()
	s.SetGlobalOptions(global(name, "item", "@flow")...)
	s.AddSeries(f.Name, nil, nil,
		charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: "right", Formatter: "@node", Color: "@ink"}),
		charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.NodeWidth, s.NodeAlign, s.Draggable = opts.Int(flowNode), "left", opts.Bool(false)
			s.Left, s.Top, s.Right, s.Bottom = "2", "8", fmt.Sprintf("%.0f", f.room()), "8"
		}))
	s.Validate()
	options := s.JSON()
	options["series"] = []sankey{{SingleSeries: s.MultiSeries[0], Data: nodes, Links: links, NodeGap: f.gap(tall)}}
	return live{Options: options, Series: []liveSeries{words}}
}

// opacity makes what is bad heavy and what is harmless light; the style sheet
// says the same for the static drawing.
func (k Kind) opacity() float32 {
	return [...]float32{Source: 0.75, Passing: 0.75, Stopped: 0.45, Noticed: 0.75, Missed: 1}[k]
}

// faint is the opacity of what flows into a node.
func (k Kind) faint() float32 {
	return [...]float32{Source: 0.32, Passing: 0.32, Stopped: 0.2, Noticed: 0.32, Missed: 0.6}[k]
}

func (d Dots) live(name string) live {
	s := charts.NewScatter()
	s.SetGlobalOptions(global(name, "item", "@dots")...)
	f := d.frame()
	var words []liveSeries
	base := 0.
	for _, r := range d.Rows {
		base += d.tallest(r) + rowGap
		w := liveSeries{Name: r.Name, Index: look(r.Index), End: r.Text}
		for _, v := range r.Values {
			w.X = append(w.X, number.Text(v, 0, d.X.Unit))
		}
		s.AddSeries(r.Name, d.data(r, d.height()-base), charts.WithItemStyleOpts(
			opts.ItemStyle{Color: fmt.Sprintf("@mark%d", look(r.Index)), Opacity: opts.Float(1)}))
		words = append(words, w)
	}
	d.names(s)
	s.Validate()
	options := s.JSON()
	// The columns of none stand left of the axis proper, which is widened for them.
	x := d.X
	x.Min = d.beside(noneGap + noneRoom)
	x.Ticks = append([]Tick{{At: d.beside(noneGap), Text: d.None}}, x.Ticks...)
	f.left -= noneGap + noneRoom
	options["xAxis"] = x.option("@x")
	options["yAxis"] = opts.YAxis{Type: "value", Show: opts.Bool(false), Min: 0, Max: d.height()}
	options["grid"] = f.grid(d)
	return live{Options: options, X: x.Ticks, Series: words, Dots: true}
}

// names writes the name and the middle value of each row above its right end, as
// the static drawing does.
func (d Dots) names(s *charts.Scatter) {
	base := 0.
	for _, r := range d.Rows {
		base += d.tallest(r) + rowGap
		y := d.height() - base + d.tallest(r) + rowName + 4
		s.AddSeries(r.Name, []opts.ScatterData{{Value: []float64{d.X.Max, y}, SymbolSize: 1}},
			charts.WithItemStyleOpts(opts.ItemStyle{Color: "@paper", Opacity: opts.Float(1)}),
			charts.WithLabelOpts(opts.Label{
				Show: opts.Bool(true), Position: "left", Formatter: "@row",
				Color: fmt.Sprintf("@label%d", look(r.Index)), FontWeight: "600",
			}))
	}
}

// beside is the value that stands so many units left of the axis.
func (d Dots) beside(offset float64) float64 {
	f := d.frame()
	return d.X.value(-offset / (f.right - f.left))
}

// data are the dots of a row that stands on the height base.
func (d Dots) data(r Row, base float64) []opts.ScatterData {
	var all []opts.ScatterData
	step := d.step(r)
	for _, p := range d.stack(r) {
		at := p.X
		if p.None > 0 {
			at = d.beside(p.offset())
		}
		y := base + dot/2 + 1 + float64(float64(p.Level)*step)
		all = append(all, opts.ScatterData{Value: []float64{at, y}, Symbol: symbol(r.Index), SymbolSize: int(dot) - 2})
	}
	return all
}

// live draws a grid a panel; all have the axis of the last one.
func (f Fans) live(name string) live {
	line := charts.NewLine()
	line.SetGlobalOptions(global(name, "axis", "@fans")...)
	var grids []opts.Grid
	var xs, ys []axis
	var words []liveSeries
	for i, p := range f.Fans {
		grids = append(grids, f.panel(i).grid(f))
		x, y := f.X.option("@x"), f.Y.option("@y")
		x.GridIndex, y.GridIndex = i, i
		x.SplitLine.Show, y.SplitLine.Show = opts.Bool(true), opts.Bool(true)
		if i < len(f.Fans)-1 {
			x.Name, x.AxisLabel.Show, x.AxisTick.Show = "", opts.Bool(false), opts.Bool(false)
		}
		y.AxisLine, y.AxisTick.Show = &opts.AxisLine{Show: opts.Bool(false)}, opts.Bool(false)
		y.Name, y.NameLocation, y.NameGap = short(p.Name, 30), "end", 10 // a phone has no room for more
		y.NameStyle = textStyle{fmt.Sprintf("@label%d", look(p.Index)), "left", "600"}
		xs, ys = append(xs, x), append(ys, y)
		p.series(line, i)
		words = append(words, p.words(f))
	}
	line.Validate()
	options := line.JSON()
	options["xAxis"], options["yAxis"], options["grid"] = xs, ys, grids
	options["axisPointer"] = map[string]any{"link": []map[string]any{{"xAxisIndex": "all"}}}
	return live{Options: options, X: f.X.Ticks, Y: f.Y.Ticks, Series: words, Reads: f.Reads}
}

// series adds the bands and lines of a fan to panel i.
func (p Fan) series(line *charts.Line, i int) {
	mark := fmt.Sprintf("@mark%d", look(p.Index))
	panel := charts.WithSeriesOpts(func(s *charts.SingleSeries) { s.XAxisIndex, s.YAxisIndex = i, i })
	line.Overlap(p.shade(p.outer(), "@outer", panel))
	line.Overlap(p.shade(p.inner(), "@inner", panel))
	for _, l := range []struct {
		points []Point
		style  opts.LineStyle
	}{{p.middle(), opts.LineStyle{Color: mark, Width: 2.5}}, {p.mean(), opts.LineStyle{Color: "@ink", Width: 1.75, Type: "@mean"}}} {
		var data []opts.LineData
		for _, x := range l.points {
			data = append(data, opts.LineData{Value: []float64{x.X, x.Y}})
		}
		line.AddSeries(p.Name, data, charts.WithLineChartOpts(opts.LineChart{Step: "end", ShowSymbol: opts.Bool(false)}),
			charts.WithLineStyleOpts(l.style), charts.WithItemStyleOpts(opts.ItemStyle{Color: mark}), panel)
	}
}
