package chart

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// Regions is a map of two inputs as a picture of its own: coloured fields, hatched where
// nothing can be told, dotted for the second alternative, so that colour is not needed.
type Regions struct {
	Title, About string // for those who cannot see it
	X, Y         RegionAxis
	Best, Rival  string   // names of the alternatives
	Winner       []string // of each node, row by row from the least y: "best", "rival", "level", "stuck"
	BestAt       int      // look of the alternatives, as everywhere
	RivalAt      int
}

// RegionAxis is one axis; places run from 0 to 1.
type RegionAxis struct {
	Name  string
	Ticks []Tick     // At is a place, 0..1
	Half  [2]float64 // ends of the middle half of what is stated as a range, 0..1; equal where it is none
	Range [2]float64 // ends of its 90 % interval, 0..1
}

// A regionDrawing is a map being written as SVG.
type regionDrawing struct {
	Regions
	b         strings.Builder
	c         Colours
	left, top float64 // of the field, in pixels
	size      float64 // of the field, in pixels
}

// SVG draws the map as a file of its own, with the colours of the light page.
func (r Regions) SVG() string { return r.drawn(Light()) }

// Inline draws the map for a page, in the colours that its style sheet names.
func (r Regions) Inline() string {
	named := Colours{Paper: "var(--paper)", Ink: "var(--ink)", Muted: "var(--muted)", Grid: "var(--grid)"}
	for i := range named.Marks {
		named.Marks[i] = "var(--mark" + strconv.Itoa(i) + ")"
	}
	return r.drawn(named)
}

func (r Regions) drawn(c Colours) string {
	d := &regionDrawing{Regions: r, c: c, left: 110, top: 84, size: 480}
	fmt.Fprintf(&d.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 700" width="660" height="700" role="img" aria-labelledby="t d" font-family="sans-serif" font-size="13">`+"\n")
	fmt.Fprintf(&d.b, `<title id="t">%s</title><desc id="d">%s</desc>`+"\n", escaped(r.Title), escaped(r.About))
	rival := d.c.Marks[look(r.RivalAt)]
	fmt.Fprintf(&d.b, `<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="%s"/><rect width="2" height="6" fill="%s"/></pattern>`+
		`<pattern id="r" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="%s" fill-opacity=".35"/><circle cx="4" cy="4" r="1.4" fill="%s"/></pattern></defs>`+"\n", d.c.Paper, d.c.Muted, rival, rival)
	fmt.Fprintf(&d.b, `<rect width="660" height="700" fill="%s"/>`+"\n", d.c.Paper)
	d.field()
	d.cloud()
	d.axes()
	d.words()
	d.b.WriteString("</svg>\n")
	return d.b.String()
}

// escaped is a text between tags.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

// fill is the colour or the pattern of a winner, as the value of an attribute.
func (d *regionDrawing) fill(winner string) string {
	switch winner {
	case "best":
		return d.c.Marks[look(d.BestAt)] + `" fill-opacity=".55`
	case "rival":
		return "url(#r)"
	case "level":
		return "url(#h)"
	}
	return d.c.Grid
}

// field are the nodes, with one rectangle for those of a row that are alike.
func (d *regionDrawing) field() {
	n := int(math.Sqrt(float64(len(d.Winner))))
	cell := d.size / float64(n)
	for j := range n {
		for i := 0; i < n; {
			from := i
			for i < n && d.Winner[j*n+i] == d.Winner[j*n+from] {
				i++
			}
			fmt.Fprintf(&d.b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" shape-rendering="crispEdges"/>`+"\n", px(d.left+float64(float64(from)*cell)), px(d.top+d.size-float64(float64(j+1)*cell)),
				px(float64(float64(i-from)*cell)), px(cell), d.fill(d.Winner[j*n+from]))
		}
	}
}

// at is a place of the map in pixels; x and y run from 0 to 1.
func (d *regionDrawing) at(x, y float64) (float64, float64) {
	return d.left + float64(x*d.size), d.top + d.size - float64(y*d.size)
}

// axes are the frame, the marks along it, and where what is stated lies.
func (d *regionDrawing) axes() {
	x, y := d.at(0.5, 0.5)
	fmt.Fprintf(&d.b, `<circle cx="%s" cy="%s" r="5" fill="%s" stroke="%s" stroke-width="2"/><text x="%s" y="%s" fill="%s">as stated</text>`+"\n", px(x), px(y), d.c.Ink, d.c.Paper, px(x+9), px(y-8), d.c.Ink)
	fmt.Fprintf(&d.b, `<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s"/>`+"\n", px(d.left), px(d.top), px(d.size), px(d.size), d.c.Muted)
	for _, t := range d.X.Ticks {
		at, _ := d.at(t.At, 0)
		fmt.Fprintf(&d.b, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(at), px(d.top+d.size+18), d.c.Muted, escaped(t.Text))
	}
	for _, t := range d.Y.Ticks {
		_, at := d.at(0, t.At)
		fmt.Fprintf(&d.b, `<text x="%s" y="%s" text-anchor="end" fill="%s">%s</text>`+"\n", px(d.left-8), px(at+4), d.c.Muted, escaped(t.Text))
	}
	middle := d.top + d.size/2
	fmt.Fprintf(&d.b, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(d.left+d.size/2), px(d.top+d.size+42), d.c.Ink, escaped(short(d.X.Name, 60)))
	fmt.Fprintf(&d.b, `<text x="16" y="%s" transform="rotate(-90 16 %s)" text-anchor="middle" fill="%s">%s</text>`+"\n", px(middle), px(middle), d.c.Ink, escaped(short(d.Y.Name, 60)))
}

// words are the title and the legend.
func (d *regionDrawing) words() {
	for k, key := range [...][2]string{{"best", d.Best}, {"rival", d.Rival}, {"level", "inside the simulation error"}, {"stuck", "a pipeline does not keep up with its changes"}} {
		at := d.top + d.size + 62 + float64(16*k)
		fmt.Fprintf(&d.b, `<rect x="%s" y="%s" width="18" height="11" fill="%s" stroke="%s" stroke-width=".5"/><text x="%s" y="%s" fill="%s">%s</text>`+"\n",
			px(d.left), px(at-10), d.fill(key[0]), d.c.Muted, px(d.left+26), px(at), d.c.Ink, escaped(short(key[1], 70)))
	}
	for k, line := range lines(d.Title, 84, 3) {
		fmt.Fprintf(&d.b, `<text x="24" y="%s" font-weight="600" fill="%s">%s</text>`+"\n", px(24+float64(18*k)), d.c.Ink, escaped(line))
	}
}

// cloud are two ellipses: where half and where nine in ten of what is stated lie.
func (d *regionDrawing) cloud() {
	for _, e := range [...][2][2]float64{{d.X.Half, d.Y.Half}, {d.X.Range, d.Y.Range}} {
		if e[0][0] == e[0][1] && e[1][0] == e[1][1] {
			continue
		}
		x1, y1 := d.at(e[0][0], e[1][0])
		x2, y2 := d.at(e[0][1], e[1][1])
		fmt.Fprintf(&d.b, `<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="none" stroke="%s" stroke-width="1.5" stroke-dasharray="5 3"/>`+"\n",
			px((x1+x2)/2), px((y1+y2)/2), px(math.Max(2, math.Abs(x2-x1)/2)), px(math.Max(2, math.Abs(y2-y1)/2)), d.c.Ink)
	}
}

// lines breaks a text at spaces into so many lines of so many characters; the last one is
// cut.
func lines(text string, width, most int) []string {
	var all []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width && len(all) < most-1 {
			all, line = append(all, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(all, short(line, width))
}

// Image draws the fields of the map as pixels, without words: an axis is 561 pixels, hatched
// and dotted as in the drawing.
func (r Regions) Image() image.Image {
	const side = 561
	colours := Light()
	n := int(math.Sqrt(float64(len(r.Winner))))
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	paper, muted, grid := rgb(colours.Paper), rgb(colours.Muted), rgb(colours.Grid)
	best, rival := rgb(colours.Marks[look(r.BestAt)]), rgb(colours.Marks[look(r.RivalAt)])
	for y := range side {
		for x := range side {
			c := grid
			switch r.Winner[(side-1-y)*n/side*n+x*n/side] {
			case "best":
				c = between(paper, best, 0.55)
			case "rival":
				c = between(paper, rival, 0.35)
				if dx, dy := x%8-4, y%8-4; dx*dx+dy*dy <= 2 {
					c = rival
				}
			case "level":
				c = paper
				if (x+y)%6 < 2 {
					c = muted
				}
			}
			if dx, dy := x-side/2, y-side/2; dx*dx+dy*dy <= 36 {
				c = rgb(colours.Ink)
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// rgb reads "#rrggbb".
func rgb(s string) color.RGBA {
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil {
		panic("chart: " + s + " is no colour")
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func between(a, b color.RGBA, share float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(float64(x) + float64(share*(float64(y)-float64(x)))) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
