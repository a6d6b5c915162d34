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

// SVG draws the map as a file of its own, with the colours of the light page.
func (r Regions) SVG() string {
	const left, top, size = 110.0, 64.0, 480.0
	colours := Light()
	var b strings.Builder
	esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 660" width="660" height="660" role="img" aria-labelledby="t d" font-family="sans-serif" font-size="13">`+"\n")
	fmt.Fprintf(&b, `<title id="t">%s</title><desc id="d">%s</desc>`+"\n", esc(r.Title), esc(r.About))
	best, rival := colours.Marks[look(r.BestAt)], colours.Marks[look(r.RivalAt)]
	fmt.Fprintf(&b, `<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="%s"/><rect width="2" height="6" fill="%s"/></pattern>`+
		`<pattern id="r" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="%s" fill-opacity=".35"/><circle cx="4" cy="4" r="1.4" fill="%s"/></pattern></defs>`+"\n", colours.Paper, colours.Muted, rival, rival)
	fmt.Fprintf(&b, `<rect width="660" height="660" fill="%s"/>`+"\n", colours.Paper)
	n := int(math.Sqrt(float64(len(r.Winner))))
	cell := size / float64(n)
	fill := map[string]string{"best": best + `" fill-opacity=".55`, "rival": "url(#r)", "level": "url(#h)", "stuck": colours.Grid}
	for j := range n {
		for i := 0; i < n; { // one rectangle for a run of the same
			from := i
			for i < n && r.Winner[j*n+i] == r.Winner[j*n+from] {
				i++
			}
			fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", px(left+float64(float64(from)*cell)), px(top+size-float64(float64(j+1)*cell)), px(float64(float64(i-from)*cell)+0.3), px(cell+0.3), fill[r.Winner[j*n+from]])
		}
	}
	place := func(x, y float64) (float64, float64) { return left + float64(x*size), top + size - float64(y*size) }
	r.cloud(&b, place, colours)
	x, y := place(0.5, 0.5)
	fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="5" fill="%s" stroke="%s" stroke-width="2"/><text x="%s" y="%s" fill="%s">as stated</text>`+"\n", px(x), px(y), colours.Ink, colours.Paper, px(x+9), px(y-8), colours.Ink)
	fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s"/>`+"\n", px(left), px(top), px(size), px(size), colours.Muted)
	for _, t := range r.X.Ticks {
		at, _ := place(t.At, 0)
		fmt.Fprintf(&b, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(at), px(top+size+18), colours.Muted, esc(t.Text))
	}
	for _, t := range r.Y.Ticks {
		_, at := place(0, t.At)
		fmt.Fprintf(&b, `<text x="%s" y="%s" text-anchor="end" fill="%s">%s</text>`+"\n", px(left-8), px(at+4), colours.Muted, esc(t.Text))
	}
	fmt.Fprintf(&b, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(left+size/2), px(top+size+42), colours.Ink, esc(short(r.X.Name, 60)))
	fmt.Fprintf(&b, `<text x="16" y="%s" transform="rotate(-90 16 %s)" text-anchor="middle" fill="%s">%s</text>`+"\n", px(top+size/2), px(top+size/2), colours.Ink, esc(short(r.Y.Name, 60)))
	for k, key := range [...][2]string{{fill["best"], r.Best}, {fill["rival"], r.Rival}, {fill["level"], "inside the simulation error"}} {
		at := top + size + 62 + float64(16*k)
		fmt.Fprintf(&b, `<rect x="%s" y="%s" width="18" height="11" fill="%s" stroke="%s" stroke-width=".5"/><text x="%s" y="%s" fill="%s">%s</text>`+"\n", px(left), px(at-10), key[0], colours.Muted, px(left+26), px(at), colours.Ink, esc(short(key[1], 70)))
	}
	for k, line := range lines(r.Title, 84, 2) {
		fmt.Fprintf(&b, `<text x="24" y="%s" font-weight="600" fill="%s">%s</text>`+"\n", px(24+float64(18*k)), colours.Ink, esc(line))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// cloud are two ellipses: where half and where nine in ten of what is stated lie.
func (r Regions) cloud(b *strings.Builder, place func(x, y float64) (float64, float64), c Colours) {
	for _, e := range [...][2][2]float64{{r.X.Half, r.Y.Half}, {r.X.Range, r.Y.Range}} {
		if e[0][0] == e[0][1] && e[1][0] == e[1][1] {
			continue
		}
		x1, y1 := place(e[0][0], e[1][0])
		x2, y2 := place(e[0][1], e[1][1])
		fmt.Fprintf(b, `<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="none" stroke="%s" stroke-width="1.5" stroke-dasharray="5 3"/>`+"\n",
			px((x1+x2)/2), px((y1+y2)/2), px(math.Max(2, math.Abs(x2-x1)/2)), px(math.Max(2, math.Abs(y2-y1)/2)), c.Ink)
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
