// Package markup is the one place where text becomes HTML or SVG. Everything
// that passes through it is escaped, but for Raw.
//
// It refuses to know which elements there are and what they mean.
package markup

import (
	"html"
	"strings"
	"unicode"
)

// Writer collects elements. The zero value is ready to use.
type Writer struct{ b strings.Builder }

// String is everything written so far.
func (w *Writer) String() string { return w.b.String() }

// Raw writes s as it is. It is for code and styles of the tool itself, never for
// anything that came from a scenario.
func (w *Writer) Raw(s string) { w.b.WriteString(s) }

// Open starts an element. Attributes come as name, value pairs.
func (w *Writer) Open(name string, attributes ...string) { w.tag(name, ">", attributes) }

// Leaf writes an element that is empty in XML too.
func (w *Writer) Leaf(name string, attributes ...string) { w.tag(name, "/>", attributes) }

// Close ends an element.
func (w *Writer) Close(name string) { w.b.WriteString("</" + name + ">") }

// Text writes s as text.
func (w *Writer) Text(s string) { w.b.WriteString(html.EscapeString(Clean(s))) }

// Element writes an element with nothing but text in it.
func (w *Writer) Element(name, text string, attributes ...string) {
	w.Open(name, attributes...)
	w.Text(text)
	w.Close(name)
}

func (w *Writer) tag(name, end string, attributes []string) {
	if len(attributes)%2 != 0 {
		panic("markup: an attribute of <" + name + "> without a value")
	}
	w.b.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		w.b.WriteString(" " + attributes[i] + `="` + html.EscapeString(Clean(attributes[i+1])) + `"`)
	}
	w.b.WriteString(end)
}

// Clean drops what neither HTML nor XML allows in text: control characters
// other than line ends and tabs, characters that are none, and bytes that are
// not UTF-8.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == '\ufffe' || r == '\uffff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
