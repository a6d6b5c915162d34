package html

import (
	"strconv"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
)

// chart writes the picture twice, as a drawing that needs no script and as the
// data of a live chart that takes its place, and the table that says the same.
// A chart whose values cannot be drawn is replaced by its table.
func (p *page) chart(b reports.Chart) {
	c := b.Picture
	if p.still {
		p.stillChart(b)
		return
	}
	live, err := chart.Live(c)
	attributes := []string{"id", p.id(c.Name)}
	if err == nil {
		attributes = append(attributes, "data-live", "")
	}
	p.Open("figure", attributes...)
	p.Open("figcaption")
	p.heading(caption, b.Title)
	p.say("p", b.Subtitle, "class", "sub")
	p.key(b)
	p.close("figcaption")
	if err != nil {
		p.element("p", "This picture cannot be drawn, because some of its values do not exist. The table has those that do.", "class", "note")
		p.table(b.Table)
		p.close("figure")
		return
	}
	p.picture(b, live)
	p.details(reports.Details{Summary: reports.Words("The numbers behind this picture"), Blocks: []reports.Block{b.Table}})
	p.close("figure")
}

// stillChart writes the drawing and the table alone.
func (p *page) stillChart(b reports.Chart) {
	p.Open("figure", "id", p.id(b.Picture.Name))
	p.Open("figcaption")
	p.heading(caption, b.Title)
	p.say("p", b.Subtitle, "class", "sub")
	p.key(b)
	p.close("figcaption")
	p.Open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", b.Title.Plain())
	p.Raw(chart.SVG(b.Picture))
	p.close("div")
	p.details(reports.Details{Summary: reports.Words("The numbers behind this picture"), Blocks: []reports.Block{b.Table}})
	p.close("figure")
}

func (p *page) picture(b reports.Chart, live []byte) {
	c := b.Picture
	class := "scroll"
	if _, ok := c.Body.(chart.Flow); ok {
		class = "scroll wide"
	}
	// A picture wider than the screen can be moved with the keyboard.
	p.Open("div", "class", class, "tabindex", "0", "role", "group", "aria-label", b.Title.Plain())
	p.Open("div", "class", "static")
	p.Raw(chart.SVG(c))
	p.close("div")
	p.Open("div", "class", "live", "data-height", strconv.Itoa(chart.Height(c)), "role", "img", "aria-label", c.Alt)
	p.close("div")
	p.close("div")
	p.Open("script", "type", "application/json")
	p.Raw(string(live))
	p.close("script")
}

// key names who is drawn. Every fact of a label inside the picture is here too.
func (p *page) key(b reports.Chart) {
	p.Open("ul", "class", "key")
	for i, choice := range b.Picture.Key() {
		p.Open("li")
		p.swatch(choice.Index)
		p.element("bdi", choice.Name)
		if i < len(b.Key) && len(b.Key[i]) > 0 {
			p.Raw(" ")
			p.inline(b.Key[i])
		}
		p.close("li")
	}
	p.close("ul")
}

// swatch shows colour, dash and shape of an alternative.
func (p *page) swatch(index int) { p.Raw(chart.Swatch(index)) }
