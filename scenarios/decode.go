package scenarios

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"go.yaml.in/yaml/v4"
)

// decoder reads a tree of YAML nodes against the format.
type decoder struct {
	faults   *faultList
	currency string // as the scenario says, for amounts of money
}

// pair is one key of a mapping with its value.
type pair struct {
	name       string
	key, value *yaml.Node
}

func at(n *yaml.Node) place { return place{n.Line, n.Column} }

// fault tells a fault about e and marks it.
func (d *decoder) fault(e *entry, where place, p *problem) {
	if p != nil {
		e.bad = true
		d.faults.add(where, e.path, p)
	}
}

// child is a new entry under e. Its label is for people: groups have none, so
// that only the names of things and of values are read.
func child(e *entry, name, label string, where place) *entry {
	c := &entry{name: name, at: where, path: name, label: e.label, group: e.group}
	switch {
	case e.path == "":
	case name[0] == '[':
		c.path = e.path + name
	default:
		c.path = e.path + "." + name
	}
	c.addLabel(label)
	e.children = append(e.children, c)
	return c
}

func (e *entry) addLabel(label string) {
	switch {
	case label == "":
	case e.label == "":
		e.label = label
	default:
		e.label += ": " + label
	}
}

// kindOf names what a node is, for faults.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	}
	return show(n.Value)
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 &&
		(n.Value == "" || n.Value == "~" || n.Value == "null")
}

// pairs lists the keys of a mapping, or tells why it is none. Of a key that
// stands twice, the first counts.
func (d *decoder) pairs(n *yaml.Node, e *entry, wants string) []pair {
	if n.Kind != yaml.MappingNode {
		d.fault(e, at(n), problemf("", "%s stands where %s is expected", kindOf(n), wants))
		return nil
	}
	var all []pair
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || isNull(k) {
			d.faults.add(at(k), e.path, problemf("", "%s is no key; a key is a plain word", kindOf(k)))
			continue
		}
		if first, twice := lines[k.Value]; twice {
			d.faults.add(at(k), e.path, problemf("keep one of them", "%s stands twice, first on line %d", show(k.Value), first))
			continue
		}
		lines[k.Value] = k.Line
		all = append(all, pair{k.Value, k, v})
	}
	return all
}

func find(pairs []pair, name string) (pair, bool) {
	for _, p := range pairs {
		if p.name == name {
			return p, true
		}
	}
	return pair{}, false
}

// decode reads the known keys in the order of the format and tells of the
// others.
func (m Mapping) decode(d *decoder, n *yaml.Node, e *entry) {
	pairs := d.pairs(n, e, "a mapping with the keys "+list(keyNames(m.Keys)))
	if e.bad {
		return
	}
	m.read(d, pairs, e)
}

func (m Mapping) read(d *decoder, pairs []pair, e *entry) {
	if m.Sourced {
		if b := d.basis(pairs, e); b != (Basis{}) {
			e.group = b
		}
		pairs = without(without(pairs, "provenance"), "source")
	}
	for i := range m.Keys {
		k := &m.Keys[i]
		p, written := find(pairs, k.Name)
		if !written {
			d.missing(k, e)
			continue
		}
		c := child(e, k.Name, k.label(), at(p.value))
		c.stated = k.Stated
		d.value(k, p, c)
	}
	d.unknownKeys(pairs, keyNames(m.Keys), e)
}

// value reads the value of a key that is written.
func (d *decoder) value(k *Key, p pair, c *entry) {
	c.written, c.key = true, at(p.key)
	if isNull(p.value) {
		c.at = at(p.key)
		d.fault(c, c.at, problemf(k.hint(), "there is no value"))
		return
	}
	k.Type.decode(d, p.value, c)
}

// label is what the key is called in the table of inputs; groups have none.
func (k *Key) label() string {
	switch k.Type.(type) {
	case Mapping, Named, List, Variants:
		return k.Label
	}
	if k.Label != "" {
		return k.Label
	}
	return strings.ReplaceAll(k.Name, "_", " ")
}

// missing fills in what silence means for a key.
func (d *decoder) missing(k *Key, e *entry) {
	c := child(e, k.Name, k.label(), e.at)
	if k.Required {
		c.bad = true
		d.faults.add(e.at, e.path, problemf(k.hint(), "`%s` is missing", k.Name))
		return
	}
	c.input = k.Basis
	if k.Default == "" {
		k.Type.absent(d, c)
		return
	}
	k.Type.decode(d, &yaml.Node{Kind: yaml.ScalarNode, Value: k.Default, Line: e.at.line, Column: e.at.column}, c)
}

// hint is an example of the key.
func (k *Key) hint() string {
	example := k.Example
	if example == "" {
		example = exampleOf(k.Type)
	}
	if example == "" || strings.Contains(example, "\n") {
		return ""
	}
	return "for example `" + k.Name + ": " + example + "`"
}

// exampleOf is an example of a type; empty for groups and texts.
func exampleOf(t Type) string {
	switch t := t.(type) {
	case Number:
		return t.Unit.Examples[0]
	case Choice:
		return t.Words[0].Name
	case Phrase:
		return t.Forms[0].Example
	case Flag:
		return "yes"
	case Either:
		return exampleOf(t.Word)
	}
	return ""
}

// unknownKeys tells of every key that is none of the known.
func (d *decoder) unknownKeys(pairs []pair, known []string, e *entry) {
	for _, p := range pairs {
		if contains(known, p.name) {
			continue
		}
		if d.faults.full() {
			d.faults.more++
			continue
		}
		hint := didYouMean(p.name, known)
		if hint == "" {
			hint = "the keys here are " + list(known)
		}
		d.faults.add(at(p.key), e.path, problemf(hint, "unknown key %s", show(p.name)))
	}
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}

// list is "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func (m Mapping) absent(d *decoder, e *entry) {
	for i := range m.Keys {
		if k := m.Keys[i]; !k.Required {
			d.missing(&k, e)
		}
	}
}

// leaf takes the value out of {value: ..., provenance: ..., source: ...} and
// keeps what is said about it. It is false when there is no value to read.
func (d *decoder) leaf(n *yaml.Node, e *entry) (*yaml.Node, bool) {
	e.isInput = true
	if e.written {
		e.input = e.group
	}
	if n.Kind != yaml.MappingNode {
		return n, true
	}
	pairs := d.pairs(n, e, "a value")
	d.unknownKeys(pairs, []string{"value", "provenance", "source"}, e)
	if b := d.basis(pairs, e); b != (Basis{}) {
		e.input = b
	}
	p, ok := find(pairs, "value")
	if !ok || isNull(p.value) {
		d.fault(e, at(n), problemf("", "`value` is missing"))
		return nil, false
	}
	if p.value.Kind == yaml.MappingNode {
		d.fault(e, at(p.value), problemf("", "a mapping stands where a value is expected"))
		return nil, false
	}
	return p.value, true
}

// basis reads where a value, or the values of a group, come from. A measured or
// cited one must say from where.
func (d *decoder) basis(pairs []pair, e *entry) Basis {
	source, at := d.remark(pairs, "source", e)
	if p := printable(source, maxText); p != nil {
		d.fault(e, at, p)
	}
	word, at := d.remark(pairs, "provenance", e)
	switch study.Provenance(word) {
	case "", study.Elicited, study.Assumption:
	case study.Measured, study.Cited:
		if source == "" {
			d.fault(e, at, problemf("say where it comes from: `source: ...`", "%s without a source", word))
		}
	default:
		words := []string{string(study.Measured), string(study.Elicited), string(study.Cited), string(study.Assumption)}
		d.fault(e, at, problemf(orElse(didYouMean(word, words), "one of "+list(words)), "unknown provenance %s", show(word)))
	}
	return Basis{Provenance: study.Provenance(word), Source: source}
}

// remark is the text under a key that says something about a value, and where
// it stands.
func (d *decoder) remark(pairs []pair, name string, e *entry) (string, place) {
	p, ok := find(pairs, name)
	switch {
	case !ok:
		return "", e.at
	case p.value.Kind != yaml.ScalarNode || isNull(p.value):
		d.fault(e, at(p.key), problemf("", "%s is no %s", kindOf(p.value), name))
		return "", at(p.key)
	}
	return strings.Join(strings.Fields(p.value.Value), " "), at(p.value)
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// scalar is the text of a node that must be a scalar.
func (d *decoder) scalar(n *yaml.Node, e *entry, wants string) (string, bool) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		d.fault(e, at(n), problemf("", "%s stands where %s is expected", kindOf(n), wants))
		return "", false
	}
	if e.text = strings.Join(strings.Fields(n.Value), " "); e.text == "" {
		d.fault(e, at(n), problemf("", `"" stands where %s is expected`, wants))
		return "", false
	}
	return e.text, true
}

var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

const nameRule = "a name has small letters, digits, - and _, and at most 40 of them"

// index is the name of item i of a list.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }
