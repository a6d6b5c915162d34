package html

import (
	"strconv"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/markup"
)

// page writes elements of HTML. Only what this package, package chart or
// package assets wrote goes through Raw.
type page struct {
	markup.Writer

	prefix string // of every id: tells the reports of one page apart
	of     string // " of study 2": tells landmarks apart
	depth  int    // headings above those of a report: 0 when it is alone
	still  bool   // charts are drawn, and no script makes them live
}

// id is the name of an element on the page.
func (p *page) id(name string) string { return p.prefix + name }

// rank is what a heading of a report stands above.
type rank int

// The ranks of headings.
const (
	answer  rank = iota + 1 // the sentence that everything else is about
	title                   // of a part or a figure
	caption                 // of a chart
)

// class is how a heading looks, which does not depend on its level.
func (r rank) class() string {
	return [...]string{answer: "answer", title: "title", caption: "caption"}[r]
}

func (p *page) heading(r rank, t reports.Text, attributes ...string) {
	p.say("h"+strconv.Itoa(int(r)+p.depth), t, append(attributes, "class", r.class())...)
}

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
