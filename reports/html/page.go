package html

import (
	"github.com/rollrisk/rollrisk/reports/markup"
)

// page writes elements of HTML. Only what this package, package chart or
// package assets wrote goes through Raw.
type page struct{ markup.Writer }

// close ends an element, and the line after those where a space is never seen.
func (p *page) close(name string) {
	p.Close(name)
	switch name {
	case "a", "b", "bdi", "code", "data", "span", "strong":
	default:
		p.Raw("\n")
	}
}

// leaf is an element without content.
func (p *page) leaf(name string, attributes ...string) {
	p.Open(name, attributes...)
	p.Raw("\n")
}

// element is an element with nothing but text in it.
func (p *page) element(name, text string, attributes ...string) {
	p.Open(name, attributes...)
	p.Text(text)
	p.close(name)
}
