package scenarios

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// step is one step of an address: a key, or an index in brackets.
type step string

var stepPattern = regexp.MustCompile(`^([^.\[\]]+|\[\d{1,6}\])`)

// steps takes an address such as "alternatives.rings.stages[1].bake" apart;
// false when it is none.
func steps(path string) ([]step, bool) {
	var all []step
	for rest := path; ; {
		s := stepPattern.FindString(rest)
		if s == "" || len(all) > maxDepth {
			return nil, false
		}
		all = append(all, step(s))
		rest = rest[len(s):]
		switch {
		case rest == "":
			return all, true
		case rest[0] == '.' && !strings.HasPrefix(rest, ".["):
			rest = rest[1:]
		case rest[0] != '[':
			return nil, false
		}
	}
}

// Get is the value at an address, as written or, where the scenario is silent,
// the default; "" where silence means absence. It fails where there is no such
// value.
func (s *Scenario) Get(path string) (string, *Fault) {
	e, f := s.find(path)
	if f != nil {
		return "", f
	}
	return e.text, nil
}

// find walks to the value at an address.
func (s *Scenario) find(path string) (*entry, *Fault) {
	e := s.root
	all, ok := steps(path)
	if !ok {
		return nil, s.noSuch(e, path, problemf("for example alternatives.rings.stages[1].bake", "%s is no address", show(path)))
	}
	for _, st := range all {
		next := e.get(string(st))
		if !isChild(e, next) {
			return nil, s.noSuch(e, path, unknownStep(e, string(st)))
		}
		e = next
	}
	if len(e.children) > 0 && e.text == "" {
		return nil, s.noSuch(e, path, problemf("add one of "+list(childNames(e)), "this is a group of values"))
	}
	return e, nil
}

// Place is where the value at an address stands in the file, from 1; 0 and 0 where it is
// not stated, or there is no such place.
func (s *Scenario) Place(path string) (line, column int) {
	e, fault := s.find(path)
	if fault != nil || !e.written {
		return 0, 0
	}
	return e.at.line, e.at.column
}

func isChild(e, c *entry) bool {
	for _, x := range e.children {
		if x == c {
			return true
		}
	}
	return false
}

func childNames(e *entry) []string {
	var names []string
	for _, c := range e.children {
		names = append(names, c.name)
	}
	return names
}

func unknownStep(e *entry, name string) *problem {
	names := childNames(e)
	hint := didYouMean(name, names)
	if hint == "" && len(names) > 0 {
		hint = "here are " + list(names)
	}
	return problemf(hint, "there is no %s here", show(name))
}

func (s *Scenario) noSuch(e *entry, path string, p *problem) *Fault {
	return &Fault{File: s.File, Line: max(1, e.at.line), Column: max(1, e.at.column), Path: path, Message: p.message, Hint: p.hint}
}

// Set is the scenario with another value at an address; everything else of its
// text stays as it is, comments included. What is not stated yet is added. It
// fails where there is no such place, and where the new scenario has faults.
func (s *Scenario) Set(path, value string) (*Scenario, []Fault) {
	all, ok := steps(path)
	if !ok {
		_, f := s.find(path)
		return nil, []Fault{*f}
	}
	text := strings.Join(strings.Fields(value), " ")
	source, p := splice(s.source, all, quoted(text))
	if p != nil {
		return nil, []Fault{*s.noSuch(s.root, path, p)}
	}
	changed, faults := Decode(s.File, source)
	if len(faults) > 0 {
		return nil, faults
	}
	if got, f := changed.Get(path); f != nil {
		return nil, []Fault{*f}
	} else if got != text {
		return nil, []Fault{*s.noSuch(s.root, path, problemf("change it by hand", "the text around this value is too unusual to change"))}
	}
	return changed, nil
}

// splice changes the text of a scenario at an address.
func splice(source []byte, path []step, value string) ([]byte, *problem) {
	if rest, ok := bytes.CutPrefix(source, []byte("\ufeff")); ok {
		changed, p := splice(rest, path, value) // a byte order mark counts in no column
		return append([]byte("\ufeff"), changed...), p
	}
	n := parse(source, &faultList{lines: widths(source)})
	if n == nil {
		return nil, problemf("", "the scenario cannot be read")
	}
	for i, st := range path {
		next, p := descend(n, st)
		switch {
		case p != nil:
			return nil, p
		case next == nil:
			return insert(source, n, path[i:], value)
		}
		n = next
	}
	if n.Kind == yaml.MappingNode {
		inner, _ := descend(n, "value")
		if inner == nil {
			return nil, problemf("name one of the values in it", "this is a group of values")
		}
		n = inner
	}
	return replace(source, n, value)
}

// descend takes one step; nil where the scenario says nothing.
func descend(n *yaml.Node, st step) (*yaml.Node, *problem) {
	if st[0] == '[' {
		i, err := strconv.Atoi(string(st[1 : len(st)-1]))
		if n.Kind == yaml.SequenceNode && err == nil && i < len(n.Content) {
			return n.Content[i], nil
		}
		return nil, problemf("", "there is no %s here", st)
	}
	if n.Kind != yaml.MappingNode {
		return nil, problemf("", "there is no %s here", show(string(st)))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == string(st) {
			return n.Content[i+1], nil
		}
	}
	return nil, nil
}

// replace writes a value over a scalar.
func replace(source []byte, n *yaml.Node, value string) ([]byte, *problem) {
	if n.Kind != yaml.ScalarNode {
		return nil, problemf("", "this is a list of values")
	}
	from := offset(source, place{n.Line, n.Column})
	size := extent(source[from:], n)
	if size < 0 {
		return nil, problemf("change it by hand", "this value is written over several lines")
	}
	return join(source[:from], value, source[from+size:]), nil
}

func join(before []byte, text string, after []byte) []byte {
	return append(append(append(make([]byte, 0, len(before)+len(text)+len(after)), before...), text...), after...)
}

// extent is the length of a scalar in the text; -1 when it goes over a line.
func extent(source []byte, n *yaml.Node) int {
	line := source
	for i, c := range source {
		if c == '\n' || c == '\r' {
			line = source[:i]
			break
		}
	}
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(line); i++ {
			if line[i] != '\'' {
				continue
			}
			if i+1 == len(line) || line[i+1] != '\'' {
				return i + 1
			}
			i++
		}
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(line); i++ {
			switch line[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.HasPrefix(string(line), n.Value):
		return len(n.Value)
	}
	return -1
}

// insert adds what the scenario does not say yet to the group n.
func insert(source []byte, n *yaml.Node, path []step, value string) ([]byte, *problem) {
	text := value
	for i := len(path) - 1; i >= 0; i-- {
		if path[i][0] == '[' {
			return nil, problemf("", "there is no %s here", path[i])
		}
		if text = string(path[i]) + ": " + text; i > 0 {
			text = "{" + text + "}"
		}
	}
	at := offset(source, place{n.Line, n.Column})
	if n.Style&yaml.FlowStyle != 0 {
		if len(n.Content) > 0 {
			text += ", "
		}
		return join(source[:at+1], text, source[at+1:]), nil
	}
	first, value1 := n.Content[0], n.Content[1]
	at = offset(source, place{first.Line, first.Column})
	indent := "\n" + strings.Repeat(" ", first.Column-1)
	if value1.Kind != yaml.ScalarNode || value1.Line != first.Line || extent(source[offset(source, place{value1.Line, value1.Column}):], value1) < 0 {
		return join(source[:at], text+indent, source[at:]), nil
	}
	for at < len(source) && source[at] != '\n' && source[at] != '\r' {
		at++
	}
	return join(source[:at], indent+text, source[at:]), nil
}

// offset is the byte at a place.
func offset(source []byte, at place) int {
	text := lineOf(source, at.line)
	start := len(source)
	if at.line <= len(widths(source)) {
		start = lineStart(source, at.line)
	}
	column := 1
	for i := range text {
		if column == at.column {
			return start + i
		}
		column++
	}
	return min(len(source), start+len(text))
}

// lineStart is the first byte of a line.
func lineStart(source []byte, line int) int {
	at := 0
	for ; line > 1 && at < len(source); at++ {
		if source[at] == '\n' || source[at] == '\r' && (at+1 == len(source) || source[at+1] != '\n') {
			line--
		}
	}
	return at
}

var plainText = regexp.MustCompile(`^[A-Za-z0-9$.]([A-Za-z0-9 ._%/+$()-]|[0-9]:[0-9])*$`)

// quoted is a text as a YAML scalar that is read back as it is, in a block and
// in braces.
func quoted(text string) string {
	if plainText.MatchString(text) && text != "null" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
