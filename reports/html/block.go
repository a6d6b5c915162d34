package html

import (
	"encoding/base64"
	"fmt"

	"github.com/rollrisk/rollrisk/reports"
)

func (p *page) blocks(blocks []reports.Block) {
	for _, b := range blocks {
		p.block(b)
	}
}

func (p *page) block(block reports.Block) {
	switch b := block.(type) {
	case reports.Paragraph:
		p.paragraph(b)
	case reports.List:
		p.list(b)
	case reports.Warning:
		p.warning(b)
	case reports.Figures:
		p.figures(b)
	case reports.Table:
		p.table(b)
	case reports.Chart:
		p.chart(b)
	case reports.Atlas:
		p.Open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", b.Picture.Title)
		p.Raw(b.Picture.Inline())
		p.close("div")
	case reports.Details:
		p.details(b)
	case reports.Source:
		p.source(b)
	case reports.Download:
		p.download(b)
	default:
		panic(fmt.Sprintf("html: no way to write a %T", block))
	}
}

func (p *page) paragraph(b reports.Paragraph) {
	switch b.Role {
	case reports.Headline:
		p.heading(answer, b.Text)
	case reports.Lead:
		p.say("p", b.Text, "class", "lead")
	case reports.Note:
		p.say("p", b.Text, "class", "note")
	case reports.Strip:
		p.items(b.Text)
	default:
		p.say("p", b.Text)
	}
}

// items writes a strip: its pieces stay whole when the line wraps.
func (p *page) items(t reports.Text) {
	p.Open("p", "class", "strip")
	for i, item := range reports.Split(t, " · ") {
		if i > 0 {
			p.Raw(" ")
		}
		p.say("span", item, "class", "item")
	}
	p.close("p")
}

func (p *page) list(b reports.List) {
	p.Open("ul", "class", "plain")
	for _, item := range b.Items {
		p.say("li", item)
	}
	p.close("ul")
}

func (p *page) warning(b reports.Warning) {
	p.Open("p", "class", "warning", "role", "note")
	p.element("b", "Take care.")
	p.Raw(" ")
	p.inline(b.Text)
	p.close("p")
}

func (p *page) figures(b reports.Figures) {
	p.Open("div", "class", "figures")
	for _, f := range b.Figures {
		p.Open("div", "class", "figure")
		p.heading(title, reports.Words(f.Label))
		p.element("p", f.Unit, "class", "unit")
		p.Open("dl")
		for _, side := range f.Sides {
			p.Open("dt")
			p.swatch(side.Choice.Index)
			p.element("bdi", side.Choice.Name)
			p.close("dt")
			p.say("dd", side.Value)
		}
		p.close("dl")
		p.say("p", f.Note, "class", "note")
		p.close("div")
	}
	p.close("div")
}

func (p *page) details(b reports.Details) {
	p.Open("details")
	p.say("summary", b.Summary)
	p.blocks(b.Blocks)
	p.close("details")
}

func (p *page) source(b reports.Source) {
	p.element("p", b.Label, "class", "note")
	p.Open("pre", "tabindex", "0")
	p.element("code", b.Text)
	p.close("pre")
}

// download carries the file in its own address, so that nothing is fetched.
func (p *page) download(b reports.Download) {
	p.Open("p", "class", "download")
	p.element("a", b.Label, "download", b.Name,
		"href", "data:"+b.Type+";base64,"+base64.StdEncoding.EncodeToString([]byte(b.Data)))
	p.close("p")
}
