package html

import (
	"bufio"
	"html"
	"strings"
	"unicode"
)

// page writes elements. Every attribute and every text passes through escape;
// raw is for the parts of the page that this package or package assets wrote.
// Errors of the writer stay with the bufio.Writer until Flush.
type page struct{ w *bufio.Writer }

func (p *page) raw(s string) { p.w.WriteString(s) }

// open starts an element; attributes come as name, value pairs.
func (p *page) open(name string, attributes ...string) {
	p.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		p.raw(" " + attributes[i] + `="` + html.EscapeString(attributes[i+1]) + `"`)
	}
	p.raw(">")
}

// leaf is an element without content.
func (p *page) leaf(name string, attributes ...string) {
	p.open(name, attributes...)
	p.raw("\n")
}

func (p *page) close(name string) {
	p.raw("</" + name + ">")
	if endsLine(name) {
		p.raw("\n")
	}
}

// endsLine says after which elements the source starts a new line: there a
// space is never seen.
func endsLine(name string) bool {
	switch name {
	case "a", "b", "bdi", "code", "data", "span", "strong":
		return false
	}
	return true
}

func (p *page) text(s string) { p.raw(html.EscapeString(clean(s))) }

// element is an element with plain text in it.
func (p *page) element(name, text string, attributes ...string) {
	p.open(name, attributes...)
	p.text(text)
	p.close(name)
}

// clean drops what HTML forbids in text: control characters besides line ends
// and tabs, and bytes that are not UTF-8.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
