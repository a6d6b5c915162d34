package html

import (
	"strconv"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/chart"
)

// say writes an element with running text in it.
func (p *page) say(name string, t reports.Text, attributes ...string) {
	p.Open(name, attributes...)
	p.inline(t)
	p.close(name)
}

func (p *page) inline(t reports.Text) {
	for _, s := range t {
		p.span(s)
	}
}

// span writes one piece. A number carries its value and the place it was read
// from; a name is kept from turning the direction of the text around it.
func (p *page) span(s reports.Span) {
	switch s.Style {
	case reports.Strong:
		p.element("strong", s.Text)
	case reports.Quiet:
		p.element("span", s.Text, "class", "soft")
	case reports.Code:
		p.element("code", s.Text)
	case reports.Named:
		p.named(s)
	case reports.Number:
		p.element("data", s.Text, "value", strconv.FormatFloat(s.Value, 'g', -1, 64), "data-from", s.From)
	default:
		p.Text(s.Text)
	}
}

// named writes a name; that of an alternative in its colour.
func (p *page) named(s reports.Span) {
	if s.Choice == 0 {
		p.element("bdi", s.Text)
		return
	}
	p.element("bdi", s.Text, "class", "who "+chart.Class(s.Choice-1))
}
