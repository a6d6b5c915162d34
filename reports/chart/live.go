package chart

import (
	"encoding/json"
	"fmt"

	"github.com/rollrisk/rollrisk/reports/number"
)

// live is what the page's boot script needs to draw one chart: options, and
// beside them every text that a tooltip or a label shows. Colours and functions
// are names that begin with "@"; the script looks them up in its own tables and
// only under the keys where an option may hold one, so no name from a scenario
// can become code.
type live struct {
	Options map[string]any `json:"options"`
	X       []Tick         `json:"x,omitempty"`
	Y       []Tick         `json:"y,omitempty"`
	Series  []liveSeries   `json:"series"`
	Reads   string         `json:"reads,omitempty"`
	Stays   bool           `json:"stays,omitempty"`
	Dots    bool           `json:"dots,omitempty"`
}

// liveSeries is the words of one alternative in a chart. X and Y say the
// coordinates of its points, in the same order; Values holds the Y themselves.
type liveSeries struct {
	Name   string    `json:"name"`
	Index  int       `json:"index"`
	End    string    `json:"end,omitempty"`
	At     []float64 `json:"at,omitempty"`
	X      []string  `json:"x,omitempty"`
	Y      []string  `json:"y,omitempty"`
	Labels []string  `json:"labels,omitempty"`
}

// Live gives the chart as JSON for a <script type="application/json"> element:
// no "<", ">", "&" or line separator in it is unescaped. It fails when a value
// is NaN or infinite, because a picture of nothing would be a lie; the caller
// then shows the table alone.
func Live(c Chart) ([]byte, error) {
	if !c.Body.finite() {
		return nil, fmt.Errorf("chart %s: a value is NaN or infinite", c.Name)
	}
	var l live
	switch b := c.Body.(type) {
	case Curves:
		l = b.live(c.Name)
	case Flow:
		l = b.live(c.Name)
	case Dots:
		l = b.live(c.Name)
	case Fans:
		l = b.live(c.Name)
	default:
		panic(fmt.Sprintf("chart: no live form of %T", c.Body))
	}
	// Boxes that the page has in HTML, or that the runtime was built without.
	delete(l.Options, "title")
	delete(l.Options, "toolbox")
	l.Options["animation"] = false
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.Name, err)
	}
	return text, nil
}

// words are the texts of a line. A point that the axis moved to its left edge
// keeps its own text.
func (l Line) words(c Curves) liveSeries {
	w := liveSeries{Name: l.Name, Index: look(l.Index), End: l.End}
	for _, p := range l.Points {
		w.At = append(w.At, max(p.X, c.X.Min))
		w.X = append(w.X, number.Text(p.X, 0, c.X.Unit))
		w.Y = append(w.Y, number.Text(p.Y, 0, c.Y.Unit))
	}
	return w
}

// gap is the distance between nodes at which the runtime, which scales nodes to
// fill the tallest column, comes to the scale of the static drawing.
func (f Flow) gap(tall float64) float64 {
	count, sum := make([]int, f.deepest()+1), make([]float64, f.deepest()+1)
	for _, n := range f.Nodes {
		count[n.Depth]++
		sum[n.Depth] += n.Value
	}
	gap := tall
	for d, n := range count {
		if n > 1 {
			gap = min(gap, (tall-float64(sum[d]*f.scale()))/float64(n-1))
		}
	}
	return max(gap, 0)
}

// words are the texts of a fan.
func (p Fan) words(f Fans) liveSeries {
	w := liveSeries{Name: p.Name, Index: look(p.Index)}
	for _, x := range p.Points {
		w.At = append(w.At, x.X)
		w.X = append(w.X, number.Text(x.X, 0, f.X.Unit))
		w.Y = append(w.Y, x.Text)
		w.Labels = append(w.Labels, x.Rest)
	}
	return w
}
