package scenarios

import (
	"bytes"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
)

// Explicit is the scenario with every default written out, each with where it
// comes from: what the simulation really depends on. Decoding it gives the same
// case. It has no comments but those that mark defaults.
func (s *Scenario) Explicit() []byte {
	r := &renderer{}
	r.group(Format(), s.root, 0)
	return r.b.Bytes()
}

type renderer struct{ b bytes.Buffer }

// line writes a line of the given depth.
func (r *renderer) line(depth int, text string) {
	r.b.WriteString(strings.Repeat("  ", depth) + text + "\n")
}

// group writes the keys of a mapping.
func (r *renderer) group(m Mapping, e *entry, depth int) {
	for i := range m.Keys {
		k := &m.Keys[i]
		if c := e.get(k.Name); c.says() {
			r.key(k.Name, k.Type, c, depth)
		}
	}
}

// says reports whether there is anything to write: a value, or a thing inside
// that has one.
func (e *entry) says() bool {
	if e.written || e.text != "" {
		return true
	}
	for _, c := range e.children {
		if c.says() {
			return true
		}
	}
	return false
}

// key writes a key with what stands under it.
func (r *renderer) key(name string, t Type, e *entry, depth int) {
	switch t := t.(type) {
	case Mapping:
		r.line(depth, name+":"+braces(e))
		r.group(t, e, depth+1)
	case Named:
		r.line(depth, name+":"+braces(e))
		for _, c := range e.children {
			r.key(c.name, t.of(c.name), c, depth+1)
		}
	case Variants:
		r.line(depth, name+":")
		r.variant(t, e, depth+1)
	case List:
		r.list(name, t, e, depth)
	default:
		r.line(depth, name+": "+e.scalar())
	}
}

// braces is an empty mapping, for a group in which nothing is said.
func braces(e *entry) string {
	for _, c := range e.children {
		if c.says() {
			return ""
		}
	}
	return " {}"
}

// of is the type of a thing of that name.
func (t Named) of(name string) Type {
	for _, k := range t.Known {
		if k.Name == name {
			return k.Type
		}
	}
	return t.Of
}

// variant writes the keys of a thing of one kind.
func (r *renderer) variant(t Variants, e *entry, depth int) {
	if t.Key != "" {
		r.line(depth, t.Key+": "+e.variant)
	}
	for _, v := range t.Of {
		if v.Name == e.variant {
			r.group(Mapping{Keys: v.Keys}, e, depth)
		}
	}
}

// list writes a list: things each on lines of their own, values in brackets.
func (r *renderer) list(name string, t List, e *entry, depth int) {
	v, things := t.Of.(Variants)
	if !things {
		r.line(depth, name+": "+e.items())
		return
	}
	r.line(depth, name+":")
	for _, c := range e.children {
		item := &renderer{}
		item.variant(v, c, depth+2)
		text := item.b.String()
		mark := strings.Repeat("  ", depth+1) + "- "
		r.b.WriteString(mark + text[len(mark):])
	}
}

// items are the values of a list in brackets.
func (e *entry) items() string {
	var all []string
	for _, c := range e.children {
		all = append(all, c.scalar())
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// scalar is a value, with where it comes from when that is known.
func (e *entry) scalar() string {
	text := quoted(e.text)
	if len(e.children) > 0 {
		text = e.items()
	}
	if !e.isInput || e.input == (Basis{}) {
		return text
	}
	var b strings.Builder
	b.WriteString("{value: " + text)
	if e.input.Provenance != "" && (e.input.Source != "" || !needsSource(e.input.Provenance)) {
		b.WriteString(", provenance: " + string(e.input.Provenance))
	}
	if e.input.Source != "" {
		b.WriteString(", source: " + quoted(e.input.Source))
	}
	b.WriteString("}")
	if !e.written {
		b.WriteString("   # default")
	}
	return b.String()
}

func needsSource(p study.Provenance) bool { return p == study.Measured || p == study.Cited }
