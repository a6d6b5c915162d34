package scenarios

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits of a file, so that reading one takes less than a second and 200 MB
// whatever it holds (BenchmarkHostile). A scenario of the library has 10 kB.
const (
	maxBytes = 128 << 10
	maxDepth = 24     // of nesting
	maxNodes = 20_000 // keys, values and groups
)

// parse reads a file into a tree of nodes. It is nil when there are faults.
func parse(data []byte, faults *faultList) *yaml.Node {
	if p, at := unreadable(data); p != nil {
		faults.add(at, "", p)
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys(false),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	var doc, next yaml.Node
	if err := loader.Load(&doc); err != nil {
		faults.syntax(err, data)
		return nil
	}
	switch err := loader.Load(&next); {
	case err == nil:
		faults.add(at(&next), "", problemf("keep one; a scenario is one document", "a second document begins here"))
		return nil
	case !errors.Is(err, io.EOF):
		faults.syntax(err, data)
		return nil
	}
	root := doc.Content[0]
	if isNull(root) {
		faults.add(place{1, 1}, "", empty())
		return nil
	}
	if !faults.plain(root) {
		return nil
	}
	return root
}

func empty() *problem {
	return problemf("`rollrisk scenario init` writes one to begin with", "the file is empty")
}

// unreadable finds what makes a file no text at all.
func unreadable(data []byte) (*problem, place) {
	start := place{1, 1}
	switch {
	case len(data) > maxBytes:
		return problemf("a scenario is written by hand and has a few kilobytes", "the file has %d bytes; at most %d are read", len(data), maxBytes), start
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return problemf("save it as UTF-8", "the file is UTF-16"), start
	}
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return problemf("save the file as UTF-8", "the byte %#x is no UTF-8", data[i]), place{line, column}
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return problemf("", "the control character %#x stands here", data[i]), place{line, column}
		case r == '\n' || r == '\r' && !bytes.HasPrefix(data[i+1:], []byte("\n")):
			line, column = line+1, 0
		}
		column++
		i += size
	}
	return nil, start
}

// plain refuses what YAML allows and a scenario does without: anchors, aliases
// and merge keys, which can make a small file endless, and explicit tags. It
// also bounds the number of nodes.
func (l *faultList) plain(root *yaml.Node) bool {
	nodes, before := 0, len(l.all)
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if nodes++; nodes > maxNodes || l.full() {
			return
		}
		switch {
		case n.Kind == yaml.AliasNode:
			l.add(at(n), "", problemf("write the value out; what alternatives share stands at the top level", "*%s: aliases are not read", show(n.Value)))
			return
		case n.Anchor != "":
			l.add(at(n), "", problemf("leave it out; what alternatives share stands at the top level", "&%s: anchors are not read", show(n.Anchor)))
		case n.Tag == "!!merge":
			l.add(at(n), "", problemf("write the keys out; what alternatives share stands at the top level", "<<: merge keys are not read"))
		case n.Style&yaml.TaggedStyle != 0:
			l.add(at(n), "", problemf("leave it out", "%s: tags are not read", show(n.Tag)))
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(root)
	if nodes > maxNodes {
		l.add(at(root), "", problemf("", "the file holds more than %d keys and values", maxNodes))
	}
	return len(l.all) == before
}

// syntax tells an error of the YAML reader, in the words of this house.
func (l *faultList) syntax(err error, data []byte) {
	if errors.Is(err, io.EOF) {
		l.add(place{1, 1}, "", empty())
		return
	}
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		l.add(place{1, 1}, "", problemf("", "this is no YAML: %s", show(err.Error())))
		return
	}
	where, p := explain(e, data)
	l.add(where, "", p)
}

// explain finds the place and the words for the usual mistakes.
func explain(e *yaml.LoadError, data []byte) (place, *problem) {
	here := place{e.Mark.Line, e.Mark.Column}
	opened := place{e.ContextMark.Line, e.ContextMark.Column}
	text := lineOf(data, here.line)
	indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
	has := func(s string) bool { return strings.Contains(e.Message, s) }
	switch {
	case strings.Contains(indent, "\t"):
		return here, problemf("YAML is indented with spaces", "a tab stands in the indentation")
	case has("max depth"):
		return here, problemf("", "nested deeper than %d levels", maxDepth)
	case has("unknown anchor"):
		return here, problemf("put a text that begins with * into quotes", "aliases are not read")
	case has("mapping values are not allowed"):
		return here, problemf("put a text with a colon into quotes, or check the indentation", "a second colon stands on this line, or the line is indented too far")
	case has("cannot start any token"):
		return here, problemf("put the text into quotes", "a text cannot begin with this character")
	case has("end of stream") && strings.Contains(e.ContextMsg, "quoted"):
		return opened, problemf("", "a quotation mark is opened here and never closed")
	case has("did not find expected ',' or"):
		return opened, problemf("", "a bracket is opened here and not closed, or a comma is missing before line %d", here.line)
	case has("did not find expected key"), has("'-' indicator"):
		return here, problemf("compare its indentation with the lines above", "this line belongs to nothing")
	case has("could not find expected ':'"):
		return here, problemf("a key is followed by a colon and a space", "a colon is missing here or on the line above")
	}
	return here, problemf("", "this is no YAML: %s", show(e.Message))
}

// lineOf is a line of the file without its end; empty when there is none.
func lineOf(data []byte, line int) string {
	for ; line > 1 && len(data) > 0; line-- {
		at := bytes.IndexAny(data, "\r\n")
		if at < 0 {
			return ""
		}
		if bytes.HasPrefix(data[at:], []byte("\r\n")) {
			at++
		}
		data = data[at+1:]
	}
	if at := bytes.IndexAny(data, "\r\n"); at >= 0 {
		data = data[:at]
	}
	return string(data)
}
