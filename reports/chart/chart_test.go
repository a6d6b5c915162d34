package chart

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/reports/number"
	"pgregory.net/rapid"
)

// hostile are names that break out of pages that trust them.
func hostile() []string {
	return []string{
		`</script><script>alert(1)</script>`, `__f__alert(1)__f__`, `"'>&<!--`, "@name", "@mark0",
		"line\u2028separator\u2029", "\u202eright to left\u202c", "שלום", "👩‍🔬🏳️‍🌈", "", " ",
		"constructor", "__proto__", strings.Repeat("long", 2500), "nul\x00esc\x1b[31m", "bad\xff",
	}
}

func examples(a, b string) []Chart {
	first, second := Choice{a, 0}, Choice{b, 1}
	lines := []Line{
		{Choice: first, Points: []Point{{0.5, 0.9}, {20, 0.5}, {4000, 0.1}}, Band: []Band{{0.5, .8, 1}, {4000, .05, .2}}, End: b},
		{Choice: second, Points: []Point{{1, 0.7}, {3, 0.2}, {90, 0}}},
		{Choice: Choice{a, 2}},
	}
	values := []float64{0.5, 4000}
	flow := Flow{Choice: first,
		Nodes: []Node{{a, "1000", 1000, 0, Source}, {b, "400", 400, 1, Stopped}, {a, "600", 600, 1, Passing}, {b, "600", 600, 2, Missed}, {a, "0", 0, 2, Noticed}},
		Links: []Link{{0, 1, 400, a}, {0, 2, 600, b}, {2, 3, 600, a}, {2, 4, 0, b}}}
	dots := Dots{X: LogAxis(a, number.Count, values), None: b, Rows: []Row{{first, []float64{0, 0.5, 3, 3, 4000}, a}, {second, nil, b}}}
	return []Chart{
		{"middle", a, Curves{X: LogAxis(a, number.Count, values), Y: ShareAxis(b), Lines: lines, Reads: a}},
		{"end", a, Curves{X: LogAxis(a, number.Hours, values), Y: ShareAxis(b), Lines: lines, Label: LabelEnd, Stays: true, Reads: a,
			Read: []Read{{Y: 0.5, At: []float64{2, 3, math.NaN()}}, {Y: 0.05, At: []float64{math.Inf(1), 1e9, 0}}}}},
		{"flow", a, flow},
		{"dots", a, dots},
		{"fans", a, fans(a, b)},
	}
}

// fans are two alternatives that jump, and one of which nothing is known.
func fans(a, b string) Fans {
	spread := func(x, low, quarter, middle, mean, threeQuarters, high float64) FanPoint {
		return FanPoint{X: x, Outer: Band{Low: low, High: high}, Inner: Band{Low: quarter, High: threeQuarters}, Middle: middle, Mean: mean, Text: a, Rest: b}
	}
	return Fans{X: LogAxis(a, number.Hours, []float64{1, 24}), Y: ShareAxis(b), Reads: a, Fans: []Fan{
		{Choice: Choice{a, 0}, Points: []FanPoint{spread(1, 0, 0, 0, 0, 0, 0), spread(6, 0, 0, 0, 0.25, 0.5, 1), spread(24, 0, 0.25, 0.5, 0.5, 1, 1)}},
		{Choice: Choice{b, 1}, Points: []FanPoint{spread(1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), spread(6, 0, 0, 1, 0.75, 1, 1), spread(24, 0, 0, 0, 0, 0, 0)}},
		{Choice: Choice{a, 2}},
	}}
}

// The static drawing is well-formed, and no name becomes an element or ends an
// attribute.
func TestDrawingEscapesNames(t *testing.T) {
	plain := map[string]int{}
	for _, c := range examples("a", "b") {
		plain[c.Name] = elements(t, SVG(c))
	}
	for _, name := range hostile() {
		for _, c := range examples(name, name) {
			if got := elements(t, SVG(c)); got != plain[c.Name] {
				t.Errorf("%s with the name %.40q has %d elements, with a plain name %d", c.Name, name, got, plain[c.Name])
			}
		}
	}
}

// elements counts them, and fails when the drawing is not well-formed or holds
// a coordinate that is none.
func elements(t *testing.T, svg string) int {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	n := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Fatalf("not well-formed: %v in %.300s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			n++
			for _, a := range e.Attr {
				if a.Name.Local != "aria-label" && (strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf")) {
					t.Errorf("<%s %s=%q>", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

// The live data can stand in a script element whatever the names are, and it
// reads back.
func TestLiveEscapesNames(t *testing.T) {
	for _, name := range hostile() {
		for _, c := range examples(name, name) {
			data, err := Live(c)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if i := bytes.IndexAny(data, "<>&\u2028\u2029"); i >= 0 {
				t.Errorf("%s with the name %.40q: %q is not escaped", c.Name, name, data[i])
			}
			var back map[string]any
			if err := json.Unmarshal(data, &back); err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
	}
}

// A name that looks like a reference to a function or a colour never stands
// under a key where the script looks for one.
func TestNamesAreNeverReferences(t *testing.T) {
	for _, c := range examples("@hostile", "@hostile") {
		data, err := Live(c)
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Options any }
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		walk(back.Options, "", func(key, value string) {
			switch key {
			case "color", "borderColor", "backgroundColor", "formatter", "renderItem", "type":
				if value == "@hostile" {
					t.Errorf("%s: a name under %q", c.Name, key)
				}
			}
		})
	}
}

func walk(node any, key string, visit func(key, value string)) {
	switch n := node.(type) {
	case map[string]any:
		for k, v := range n {
			walk(v, k, visit)
		}
	case []any:
		for _, v := range n {
			walk(v, key, visit)
		}
	case string:
		visit(key, n)
	}
}

func TestLiveIsStable(t *testing.T) {
	for _, c := range examples("a", "b") {
		first, _ := Live(c)
		for range 20 {
			if again, _ := Live(c); !bytes.Equal(first, again) {
				t.Fatalf("%s: two forms of one chart", c.Name)
			}
		}
		if first, again := SVG(c), SVG(c); first != again {
			t.Errorf("%s: two drawings of one chart", c.Name)
		}
	}
}

// A value that cannot be drawn is an error and not a broken page.
func TestLiveRefusesNaN(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		for _, c := range []Chart{
			{Name: "curves", Body: Curves{X: ShareAxis(""), Y: ShareAxis(""), Lines: []Line{{Points: []Point{{0, bad}}}}}},
			{Name: "fans mean", Body: Fans{X: ShareAxis(""), Y: ShareAxis(""), Fans: []Fan{{Points: []FanPoint{{Mean: bad}}}}}},
			{Name: "fans band", Body: Fans{X: ShareAxis(""), Y: ShareAxis(""), Fans: []Fan{{Points: []FanPoint{{Inner: Band{High: bad}}}}}}},
			{Name: "flow", Body: Flow{Nodes: []Node{{Value: 1}, {Value: bad, Depth: 1}}, Links: []Link{{0, 1, bad, ""}}}},
		} {
			if _, err := Live(c); err == nil {
				t.Errorf("%s drew %v", c.Name, bad)
			}
			elements(t, SVG(c))
		}
	}
}

// Marks stand out from the paper by 3:1 and text by 4.5:1 (WCAG 2.2, 1.4.11 and
// 1.4.3), by day and by night.
func TestContrast(t *testing.T) {
	for mode, c := range map[string]Colours{"light": Light(), "dark": Dark()} {
		check := func(what, colour string, least float64) {
			if got := contrast(t, colour, c.Paper); got < least {
				t.Errorf("%s: %s %s has a contrast of %.2f, want %.1f", mode, what, colour, got, least)
			}
		}
		check("ink", c.Ink, 4.5)
		check("muted", c.Muted, 4.5)
		for i := range c.Marks {
			check("mark", c.Marks[i], 3)
			check("label", c.Labels[i], 4.5)
		}
		// The name of a node stands on a link of its own colour at 0.32.
		for i := range c.Marks {
			if got := contrast(t, c.Ink, mix(t, c.Marks[i], c.Paper, 0.32)); got < 4.5 {
				t.Errorf("%s: ink on link %d has a contrast of %.2f", mode, i, got)
			}
		}
	}
}

func mix(t *testing.T, over, under string, share float64) string {
	a, b := channels(t, over), channels(t, under)
	s := "#"
	for i := range a {
		s += strconv.FormatInt(0x100+int64(math.Round(255*(a[i]*share+b[i]*(1-share)))), 16)[1:]
	}
	return s
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	l := 0.
	for i, v := range channels(t, colour) {
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += v * [3]float64{0.2126, 0.7152, 0.0722}[i]
	}
	return l
}

func channels(t *testing.T, colour string) (rgb [3]float64) {
	if len(colour) != 7 || colour[0] != '#' {
		t.Fatalf("%q is no #rrggbb", colour)
	}
	for i := range rgb {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		rgb[i] = float64(v) / 255
	}
	return rgb
}

func TestLogAxis(t *testing.T) {
	check := func(unit number.Unit, values []float64, low, high float64, ticks ...string) {
		t.Helper()
		a := LogAxis("", unit, values)
		var got []string
		for _, tick := range a.Ticks {
			got = append(got, strings.ReplaceAll(tick.Text, number.NoBreak, " "))
		}
		if a.Min != low || a.Max != high || strings.Join(got, "|") != strings.Join(ticks, "|") {
			t.Errorf("%v: %v..%v %v, want %v..%v %v", values, a.Min, a.Max, got, low, high, ticks)
		}
	}
	check(number.Count, []float64{3, 4000}, 1, 1e4, "1", "10", "100", "1 k", "10 k")
	check(number.Count, []float64{10, 1000}, 10, 1000, "10", "100", "1 k")
	check(number.Count, []float64{10}, 1, 10, "1", "10")
	check(number.Count, nil, 1, 10, "1", "10")
	check(number.Count, []float64{0, math.Inf(1), math.NaN(), -1}, 1, 10, "1", "10")
	check(number.Count, []float64{0.002, 60}, 1, 100, "1", "10", "100")
	check(number.Count, []float64{1e-9, 0.02}, 1e-8, 0.1, "0.00000001", "0.0000001", "0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1")
	check(number.Share, []float64{0.02, 1.2}, 0.01, 10, "1 %", "10 %", "100 %", "1000 %")
	check(number.Hours, []float64{0.5, 30}, 1./6, 168, "10 min", "1 h", "6 h", "1 d", "1 wk")
	check(number.Hours, []float64{1}, 1, 6, "1 h", "6 h")
	check(number.Hours, []float64{2, 3}, 1, 6, "1 h", "6 h")
}

// Every axis has a beginning before its end, holds its ticks, and value undoes
// fraction.
func TestAxisLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64Range(0, 1e12)).Draw(t, "values")
		unit := rapid.SampledFrom([]number.Unit{number.Count, number.Hours}).Draw(t, "unit")
		a := LogAxis("", unit, values)
		if !(a.Min > 0 && a.Min < a.Max) || len(a.Ticks) < 2 {
			t.Fatalf("axis %+v", a)
		}
		for i, tick := range a.Ticks {
			if tick.At < a.Min || tick.At > a.Max || i > 0 && tick.At <= a.Ticks[i-1].At {
				t.Fatalf("tick %v of %+v", tick, a)
			}
		}
		for _, v := range values {
			if v > a.Max {
				t.Fatalf("%v is beyond the axis %+v", v, a)
			}
			if f := a.fraction(v); f > 0 && f < 1 && math.Abs(a.value(f)/v-1) > 1e-9 {
				t.Fatalf("%v is at %v, which is %v", v, f, a.value(f))
			}
		}
	})
}

// The staircase of a flow keeps proportions, and nodes of a column apart.
func TestFlowLayout(t *testing.T) {
	f := examples("a", "b")[2].Body.(Flow)
	places := f.layout()
	for i, n := range f.Nodes {
		if want := n.Value / 1000 * flowTall; math.Abs(places[i].h-want) > 1e-9 {
			t.Errorf("node %d is %v tall, want %v", i, places[i].h, want)
		}
		for j := range i {
			if f.Nodes[j].Depth == n.Depth && places[i].y < places[j].y+max(places[j].h, flowLine) {
				t.Errorf("nodes %d and %d overlap", j, i)
			}
		}
	}
	// A node that leaves the way stands above the ones that go on.
	if places[1].y != places[0].y || places[2].y <= places[1].y || places[3].y != places[2].y {
		t.Errorf("no staircase: %v", places)
	}
}

// Fifty values give fifty dots, each in a column that holds its value.
func TestDotsKeepEveryValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e7), 50, 50).Draw(t, "values")
		d := Dots{X: LogAxis("", number.Count, values), Rows: []Row{{Values: values}}}
		stacked := d.stack(d.Rows[0])
		if len(stacked) != len(values) {
			t.Fatalf("%d dots for %d values", len(stacked), len(values))
		}
		f := d.frame()
		columns := math.Floor((f.right - f.left) / dot)
		for i, s := range stacked {
			if s.Level < 0 || s.Level >= 50 || s.None > 5 {
				t.Fatalf("a dot off the plot: %+v", s)
			}
			if (s.None > 0) != (values[i] <= d.X.Min) {
				t.Fatalf("%v: in the column of none: %v", values[i], s.None)
			}
			if s.None == 0 && math.Abs(d.X.fraction(s.X)-d.X.fraction(values[i])) > 0.5/columns+1e-9 {
				t.Fatalf("%v is drawn at %v", values[i], s.X)
			}
		}
	})
}

// A panel of a fan stands under the one before, is as wide as the common axis, and the
// drawing is as tall as all.
func TestFansLayout(t *testing.T) {
	for n := 1; n <= 6; n++ {
		f := Fans{Fans: make([]Fan, n)}
		_, h := f.size()
		for i := range n {
			p := f.panel(i)
			if p.bottom-p.top < 90 || i > 0 && p.top < f.panel(i-1).bottom+20 || p.left != f.panel(0).left || p.right != f.panel(0).right {
				t.Errorf("panel %d of %d: %+v", i, n, p)
			}
		}
		if left := float64(h) - f.panel(n-1).bottom; left < 45 || left > 60 {
			t.Errorf("%d panels leave %v units for the axis", n, left)
		}
	}
}

// Lines and bands keep their value until the next point, and the last one up to the edge.
func TestFansAreStairs(t *testing.T) {
	f := fans("a", "b")
	a := frame{left: 0, top: 0, right: 100, bottom: 100}
	x := px(a.x(f.X, 6)) // the axis runs from 1 h to 1 d
	if got, want := f.path(a, f.Fans[0].mean()), "M0 100H"+x+"V75H100V50H100"; got != want {
		t.Errorf("the mean is drawn as %s, want %s", got, want)
	}
	if got, want := f.band(a, f.Fans[0].inner()), "M0 100H"+x+"V50H100V0H100V75H100V100H0Z"; got != want {
		t.Errorf("the band is drawn as %s, want %s", got, want)
	}
	drawn := SVG(Chart{Name: "fans", Body: f})
	for what, n := range map[string]int{`class="mean"`: 2, `class="line c`: 2, `class="band c`: 2, `class="band inner c`: 2, `stroke-dasharray="` + meanDash: 2} {
		if got := strings.Count(drawn, what); got != n {
			t.Errorf("%d times %s, want %d", got, what, n)
		}
	}
}

// What the script draws is the same: two bands, a line and a dashed line on the axes of
// the panel.
func TestLiveFans(t *testing.T) {
	data, err := Live(Chart{Name: "fans", Body: fans("a", "b")})
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Options struct {
			Grid, XAxis, YAxis []map[string]any
			Series             []struct {
				XAxisIndex, YAxisIndex int
				RenderItem             string
				LineStyle              struct{ Type string }
			}
		}
	}
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	o := back.Options
	if len(o.Grid) != 3 || len(o.XAxis) != 3 || len(o.YAxis) != 3 || len(o.Series) != 12 {
		t.Fatalf("%d grids, %d and %d axes, %d series", len(o.Grid), len(o.XAxis), len(o.YAxis), len(o.Series))
	}
	seen := map[string]int{}
	for _, s := range o.Series {
		seen[s.RenderItem+s.LineStyle.Type]++
		if s.XAxisIndex != s.YAxisIndex {
			t.Errorf("a series on the axes %d and %d", s.XAxisIndex, s.YAxisIndex)
		}
	}
	for _, what := range []string{"@outer", "@inner", "", "@mean"} {
		if seen[what] != 3 {
			t.Errorf("%d series of %q", seen[what], what)
		}
	}
	for i, y := range o.YAxis {
		if want := short([]string{"a", "b", "a"}[i], 40); y["name"] != want {
			t.Errorf("panel %d is called %q", i, y["name"])
		}
	}
}

// What is read off ends at the farthest curve and drops to the axis under each; a value
// that lies off the axis, or is not known, is not drawn.
func TestReadOff(t *testing.T) {
	values := []float64{1, 100}
	c := Curves{X: LogAxis("x", number.Count, values), Y: ShareAxis("y"), Lines: []Line{{Choice: Choice{"a", 0}}, {Choice: Choice{"b", 3}}, {Choice: Choice{"c", 1}}},
		Read: []Read{{Y: 0.5, At: []float64{10, 2, math.NaN()}}, {Y: 0.05, At: []float64{math.Inf(1), 1e9, 0.001}}}}
	reads := c.reads()
	if len(reads) != 1 || reads[0].last != 10 || len(reads[0].points) != 2 || reads[0].points[1].index != 3 {
		t.Fatalf("%+v", reads)
	}
	drawing := SVG(Chart{Name: "x", Body: c})
	f := c.frame()
	if want := "M52 170H" + px(f.x(c.X, 10)); !strings.Contains(drawing, want) {
		t.Errorf("no line %s", want)
	}
	if n := strings.Count(drawing, `class="drop `); n != 2 {
		t.Errorf("%d lines down", n)
	}
}
