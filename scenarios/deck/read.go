package deck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollrisk/rollrisk/scenarios"
	"go.yaml.in/yaml/v4"
)

// maxFaults is how many faults are told at once; more would not be read.
const maxFaults = 100

// reader gathers faults on the way through a file.
type reader struct {
	file   string
	open   Open
	names  []string // alternatives of the scenario; nil when it cannot be read
	faults []scenarios.Fault
}

// value is a node with its address. The zero value is one that is missing: a fault has
// been told, and whatever is read from it is nothing.
type value struct {
	r    *reader
	node *yaml.Node
	path string
}

// object are the keys of a mapping that are written.
type object map[string]value

// member is a key of a mapping whose keys are free.
type member struct {
	name string
	of   value
}

func (v value) fault(hint, format string, args ...any) {
	if v.node == nil || len(v.r.faults) >= maxFaults {
		return
	}
	v.r.faults = append(v.r.faults, scenarios.Fault{File: v.r.file, Line: v.node.Line, Column: v.node.Column, Path: v.path,
		Message: fmt.Sprintf(format, args...), Hint: hint})
}

// pairs are the members of a mapping; none, and a fault, where it is something else.
func (v value) pairs() []member {
	if v.node == nil {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.fault("", "%s stands where keys with values are expected", kind(v.node))
		return nil
	}
	var all []member
	seen := map[string]bool{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k := v.node.Content[i]
		c := value{v.r, v.node.Content[i+1], strings.TrimPrefix(v.path+"."+k.Value, ".")}
		if seen[k.Value] {
			value{v.r, k, v.path}.fault("keep one of them", "%s stands twice", show(k.Value))
			continue
		}
		seen[k.Value] = true
		all = append(all, member{k.Value, c})
	}
	return all
}

// object reads a mapping of known keys; what is missing is told by need.
func (v value) object(known ...string) object {
	members := v.pairs()
	if v.node == nil || v.node.Kind != yaml.MappingNode {
		return nil
	}
	keys := object{"": v}
	for _, m := range members {
		if !slices.Contains(known, m.name) {
			hint := "the keys here are " + strings.Join(known, ", ")
			if near := scenarios.Nearest(m.name, known); near != "" {
				hint = "did you mean " + near + "?"
			}
			m.of.fault(hint, "unknown key %s", show(m.name))
			continue
		}
		keys[m.name] = m.of
	}
	return keys
}

// need is the value of a key that must be there.
func (o object) need(name string) value {
	if o == nil {
		return value{}
	}
	v, ok := o[name]
	if !ok {
		o[""].fault("", "`%s` is missing", name)
	}
	return v
}

// list reads a list of least to most values.
func (v value) list(least, most int) []value {
	if v.node == nil {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.fault("", "%s stands where a list is expected", kind(v.node))
		return nil
	}
	if n := len(v.node.Content); n < least || n > most {
		v.fault(fmt.Sprintf("between %d and %d", least, most), "the list has %d values", n)
		return nil
	}
	var all []value
	for i, n := range v.node.Content {
		all = append(all, value{v.r, n, v.path + "[" + strconv.Itoa(i) + "]"})
	}
	return all
}

// text reads a text on one line, of 1 to most characters.
func (v value) text(most int) string {
	if v.node == nil {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode {
		v.fault("", "%s stands where a text is expected", kind(v.node))
		return ""
	}
	s := strings.Join(strings.Fields(v.node.Value), " ")
	bad := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		v.fault("", "there is no text")
	case n > most:
		v.fault(fmt.Sprintf("at most %d", most), "the text has %d characters", n)
	case bad >= 0:
		v.fault("", "the text holds a character that cannot be printed")
	default:
		return s
	}
	return ""
}

// whole reads a whole number from least to most.
func (v value) whole(least, most int) int {
	if v.node == nil {
		return 0
	}
	n, err := strconv.Atoi(v.node.Value)
	if v.node.Kind != yaml.ScalarNode || err != nil {
		v.fault("", "%s stands where a whole number is expected", kind(v.node))
		return 0
	}
	if n < least || n > most {
		v.fault(fmt.Sprintf("between %d and %d", least, most), "%d is out of range", n)
		return 0
	}
	return n
}

// word reads one of several words.
func (v value) word(known ...string) string {
	s := v.text(maxLine)
	if s != "" && !slices.Contains(known, s) {
		hint := "one of " + strings.Join(known, ", ")
		if near := scenarios.Nearest(s, known); near != "" {
			hint = "did you mean " + near + "? " + hint
		}
		v.fault(hint, "unknown word %s", show(s))
		return ""
	}
	return s
}

// alternative reads the name of one; its index.
func (v value) alternative() int {
	if v.node == nil || len(v.r.names) == 0 {
		return 0
	}
	return max(0, index(v.r.names, v.word(v.r.names...)))
}

// kind names what a node is, for faults.
func kind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Value == "":
		return "nothing"
	}
	return show(n.Value)
}
